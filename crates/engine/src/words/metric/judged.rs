//! All samples together: the network's predictions and the targets.

use alloc::vec;
use alloc::vec::Vec;

use super::confusion::Confusion;
use crate::words::loss::Loss;

/// All samples together, in the targets' own units, as a metric receives them.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The loss, which determines the meaning of predictions and targets.
    pub loss: Loss,
    /// The number of the network's outputs.
    pub outputs: usize,
    /// The predictions, (samples, outputs), row by row.
    pub predictions: &'a [f64],
    /// The targets, (samples, see [`Loss::targets`]), row by row.
    pub targets: &'a [f64],
    /// The positive class, 0 or 1: of two classes the one to which precision, recall and f1 refer.
    pub positive: usize,
}

impl Judged<'_> {
    /// The number of samples.
    pub fn samples(&self) -> usize {
        self.predictions.len() / self.outputs
    }

    /// The prediction and the target of each sample for one output.
    pub fn column(&self, output: usize) -> impl Iterator<Item = (f64, f64)> + Clone {
        let predictions = self.predictions[output..].iter().step_by(self.outputs);
        let targets = self.targets[output..].iter().step_by(self.outputs);
        predictions.zip(targets).map(|(&p, &t)| (p, t))
    }

    /// The mean of some figures; NaN if one of them is NaN.
    pub fn mean(&self, figures: impl ExactSizeIterator<Item = f64>) -> f64 {
        let count = figures.len() as f64;
        figures.sum::<f64>() / count
    }

    /// The confusion counts: one for cross_entropy; for other losses one per output, whose two
    /// classes are numbers up to 0 and numbers above 0.
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

    /// A figure of classes: for two classes that of the positive one; for more classes the mean
    /// over those that have samples or predictions; for several outputs the mean over the outputs.
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

/// The index of the greatest value, the first of equal ones.
fn first_of_greatest(values: &[f64]) -> usize {
    let mut place = 0;
    for (index, &value) in values.iter().enumerate() {
        if value > values[place] {
            place = index;
        }
    }
    place
}
