//! All samples together: what the network said of each and what was wanted.

use alloc::vec;
use alloc::vec::Vec;

use super::confusion::Confusion;
use crate::words::loss::Loss;

/// All samples together, as a metric sees them: in the targets' own units.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The loss says what predictions and targets mean.
    pub loss: Loss,
    /// Outputs of the network.
    pub outputs: usize,
    /// What the network said, (samples, outputs), row by row.
    pub predictions: &'a [f64],
    /// What was wanted, (samples, see [`Loss::targets`]), row by row.
    pub targets: &'a [f64],
    /// Of two classes, the one that precision, recall and f1 speak of: 0 or 1.
    pub positive: usize,
}

impl Judged<'_> {
    /// How many samples there are.
    pub fn samples(&self) -> usize {
        self.predictions.len() / self.outputs
    }

    /// The prediction and the target of each sample in one output.
    pub fn column(&self, output: usize) -> impl Iterator<Item = (f64, f64)> + Clone {
        let predictions = self.predictions[output..].iter().step_by(self.outputs);
        let targets = self.targets[output..].iter().step_by(self.outputs);
        predictions.zip(targets).map(|(&p, &t)| (p, t))
    }

    /// The mean of some figures; NaN if one of them is.
    pub fn mean(&self, figures: impl ExactSizeIterator<Item = f64>) -> f64 {
        let count = figures.len() as f64;
        figures.sum::<f64>() / count
    }

    /// The counts of classes: of cross_entropy one, of other losses one for each output, whose two
    /// classes are whether a number is above 0.
    pub fn confusions(&self) -> Vec<Confusion> {
        if self.loss == Loss::CrossEntropy {
            let mut confusion = Confusion::new(self.outputs);
            let rows = self.predictions.chunks_exact(self.outputs);
            for (predictions, &target) in rows.zip(self.targets) {
                confusion.add(target as usize, first_of_greatest(predictions));
            }
            return vec![confusion];
        }
        let two_classes = |output| {
            let mut confusion = Confusion::new(2);
            for (p, t) in self.column(output) {
                confusion.add(usize::from(t > 0.0), usize::from(p > 0.0));
            }
            confusion
        };
        (0..self.outputs).map(two_classes).collect()
    }

    /// A figure of a class: of two classes the positive one's, of more the mean over those that have
    /// samples or predictions; of several outputs the mean.
    pub fn of_classes(&self, figure: impl Fn(&Confusion, usize) -> f64) -> f64 {
        let confusions = self.confusions();
        self.mean(confusions.iter().map(|confusion| {
            if confusion.classes() == 2 {
                return figure(confusion, self.positive);
            }
            let is_met = |&class: &usize| confusion.actual(class) + confusion.predicted(class) > 0;
            let met: Vec<usize> = (0..confusion.classes()).filter(is_met).collect();
            self.mean(met.iter().map(|&class| figure(confusion, class)))
        }))
    }
}

/// The place of the greatest value, the first of equal ones.
fn first_of_greatest(values: &[f64]) -> usize {
    let mut place = 0;
    for (index, &value) in values.iter().enumerate() {
        if value > values[place] {
            place = index;
        }
    }
    place
}
