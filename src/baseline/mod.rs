//! Constant answers, which need no network: the commonest class, the class shares, the mean or the
//! median of the training part. They are evaluated on the validation part (or on the training part
//! where that is judged).
//!
//! Each column of results has its own constant: the one with the best value in that column, as far
//! as the training part shows. Where a column is a mean over samples, the terms of the samples are
//! known too, both of the constant and of a network, so that the two can be compared sample by
//! sample.

mod answer;

use ndarray::Array2;

use data::{Dataset, Samples, TargetKind};
use engine::predict::{evaluate, losses};
use engine::types::{Loss, Measures, Monitor, Precision};
use numbers::matrix::DataMatrix;
use statistics::description::{mean, median};

use crate::likeness::{Quantity, Side};
pub use answer::{Answer, Statistic};

/// A constant answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// The answer.
    pub said: Answer,
    /// For each output: the share of a class, or a number.
    values: Vec<f64>,
    /// The measure for which the constant is best.
    measure: Measure,
    /// The offset and the divisor of each target, see [`Dataset::target_units`].
    units: Vec<[f64; 2]>,
}

/// A mean over samples that is the column, or that determines it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Measure {
    /// The loss.
    Loss(Loss),
    /// The share of wrong answers, with the classes of the loss.
    Errors(Loss),
    /// The mean of the squared errors.
    Squares,
    /// The mean of the absolute errors.
    Sizes,
}

impl Constant {
    /// The constant of a column (`valid_loss`, `train_accuracy`, …) for runs with this loss; `None`
    /// for a column that does not measure predictions.
    pub fn of(column: &str, loss: Loss, dataset: &Dataset) -> Option<Self> {
        Side::of(column)?;
        let (_, name) = column
            .rsplit_once("valid_")
            .or_else(|| column.rsplit_once("train_"))?;
        let y = &dataset.train.y;
        let columns = (0..y.ncols()).map(|output| y.column(output).collect::<Vec<f64>>());
        let columns: Vec<Vec<f64>> = columns.collect();
        let of =
            |middle: fn(&[f64]) -> f64| columns.iter().map(|targets| middle(targets)).collect();
        let classes = dataset.preparation.kind != TargetKind::Numbers || dataset.is_two_class();
        let units = dataset.target_units().to_vec();
        let own = |value: f64| match units.first() {
            Some([offset, divisor]) => value * divisor + offset,
            None => value,
        };
        let number = |said: Statistic, values: Vec<f64>, measure| Constant {
            said: match values[..] {
                [only] => {
                    Answer::Statistic(said, Some(pictures::number::significant(own(only), 3)))
                }
                _ => Answer::Statistic(said, None),
            },
            values,
            measure,
            units: units.clone(),
        };
        let measure = match (Quantity::of(column), loss) {
            (Quantity::Loss, _) => Measure::Loss(loss),
            (Quantity::Score, _) if classes => Measure::Errors(loss),
            _ if name == "mae" => Measure::Sizes,
            _ => Measure::Squares,
        };
        Some(match measure {
            Measure::Loss(Loss::Bce | Loss::CrossEntropy) => Constant {
                said: Answer::Statistic(Statistic::ClassShares, None),
                values: shares(dataset, loss),
                measure,
                units,
            },
            Measure::Errors(_) => {
                let values = commonest(dataset, loss);
                Constant {
                    said: said(dataset, loss, &values),
                    values,
                    measure,
                    units,
                }
            }
            Measure::Sizes | Measure::Loss(Loss::Mae) => {
                number(Statistic::Median, of(median), measure)
            }
            Measure::Loss(Loss::Huber) => {
                let candidates = [
                    number(Statistic::Mean, of(mean), measure),
                    number(Statistic::Median, of(median), measure),
                ];
                let miss = |constant: &Constant| mean(&constant.terms(&dataset.train));
                let [of_mean, of_median] = candidates;
                if miss(&of_median) < miss(&of_mean) {
                    of_median
                } else {
                    of_mean
                }
            }
            Measure::Squares | Measure::Loss(_) => number(Statistic::Mean, of(mean), measure),
        })
    }

    /// The value of the column for these samples; `None` where it is undefined or not finite.
    pub fn value(&self, column: &str, loss: Loss, samples: &Samples) -> Option<f64> {
        let value = match Quantity::of(column) {
            Quantity::Loss => mean(&self.terms(samples)),
            _ => {
                let metric = Monitor::from_column(column)?.metric()?;
                let outputs = self.outputs(loss, samples.x.nrows());
                let metrics = [metric];
                let measures = Measures::new(loss, &metrics, outputs.ncols(), &self.units);
                evaluate(measures, &[], Precision::F64, &outputs, &samples.y).1[0]
            }
        };
        value.is_finite().then_some(value)
    }

    /// The constant's term of each sample; less is better.
    pub fn terms(&self, samples: &Samples) -> Vec<f64> {
        let mut targets = Targets::of(&samples.y);
        let rows = 0..samples.y.nrows();
        rows.map(|row| term(self.measure, &self.values, targets.row(row)))
            .collect()
    }

    /// A network's term of each sample, from its outputs (samples, outputs).
    pub fn terms_of(&self, outputs: &Array2<f64>, y: &DataMatrix) -> Vec<f64> {
        if let Measure::Loss(loss) = self.measure {
            return losses(loss, outputs, y);
        }
        let mut targets = Targets::of(y);
        let rows = outputs.rows().into_iter().enumerate();
        rows.map(|(row, said)| {
            let said = said
                .as_slice()
                .expect("the outputs of a sample lie together");
            term(self.measure, said, targets.row(row))
        })
        .collect()
    }

    /// The values of the constant answer as a network's outputs, the same for every sample.
    fn outputs(&self, loss: Loss, samples: usize) -> Array2<f64> {
        let outputs: Vec<f64> = match (self.measure, loss) {
            // A logit has the sign of its class, and numbers are −1 and +1 themselves.
            (Measure::Errors(_), Loss::Bce) => {
                self.values.iter().map(|class| class * 2.0 - 1.0).collect()
            }
            _ => self.values.clone(),
        };
        Array2::from_shape_fn((samples, outputs.len()), |(_, output)| outputs[output])
    }
}

/// The targets of one sample at a time.
struct Targets<'a> {
    y: &'a DataMatrix,
    row: Vec<f64>,
}

impl<'a> Targets<'a> {
    fn of(y: &'a DataMatrix) -> Self {
        let row = Vec::with_capacity(y.ncols());
        Self { y, row }
    }

    fn row(&mut self, row: usize) -> &[f64] {
        self.row.clear();
        self.row.extend(self.y.row(row));
        &self.row
    }
}

/// The term of one sample for this answer. The losses of classes are computed from probabilities.
fn term(measure: Measure, said: &[f64], targets: &[f64]) -> f64 {
    let over_outputs = |term: &dyn Fn(f64, f64) -> f64| {
        let pairs = said.iter().zip(targets);
        pairs.map(|(&p, &t)| term(p, t)).sum::<f64>() / said.len() as f64
    };
    match measure {
        Measure::Loss(Loss::CrossEntropy) => -libm::log(said[targets[0] as usize]),
        Measure::Loss(Loss::Bce) => over_outputs(&|p, t| {
            let of = |weight: f64, p: f64| {
                if weight == 0.0 {
                    0.0
                } else {
                    -weight * libm::log(p)
                }
            };
            of(t, p) + of(1.0 - t, 1.0 - p)
        }),
        Measure::Loss(loss) => loss.value(said, targets),
        Measure::Squares => over_outputs(&|p, t| (p - t) * (p - t)),
        Measure::Sizes => over_outputs(&|p, t| (p - t).abs()),
        Measure::Errors(Loss::CrossEntropy) => {
            f64::from(u8::from(greatest(said) != targets[0] as usize))
        }
        Measure::Errors(_) => over_outputs(&|p, t| f64::from(u8::from((p > 0.0) != (t > 0.0)))),
    }
}

/// The index of the greatest value, the first of equal ones.
fn greatest(values: &[f64]) -> usize {
    let better = |best: usize, i: usize| if values[i] > values[best] { i } else { best };
    (0..values.len()).reduce(better).unwrap_or(0)
}

/// The share of each class in the training part; for bce the share of ones in each output.
fn shares(dataset: &Dataset, loss: Loss) -> Vec<f64> {
    let y = &dataset.train.y;
    let of = |output: usize, is: &dyn Fn(f64) -> bool| {
        y.column(output).filter(|&target| is(target)).count() as f64 / y.nrows() as f64
    };
    match loss {
        Loss::CrossEntropy => {
            let classes = 0..dataset.outputs();
            classes
                .map(|class| of(0, &|target| target == class as f64))
                .collect()
        }
        _ => (0..y.ncols())
            .map(|output| of(output, &|target| target > 0.0))
            .collect(),
    }
}

/// The commonest class, the first of equal ones: for cross_entropy 1 at its place and 0 elsewhere,
/// for bce 0 or 1 for each output, for numbers −1 or +1.
fn commonest(dataset: &Dataset, loss: Loss) -> Vec<f64> {
    let shares = shares(dataset, loss);
    match loss {
        Loss::CrossEntropy => {
            let class = greatest(&shares);
            (0..shares.len())
                .map(|i| f64::from(u8::from(i == class)))
                .collect()
        }
        Loss::Bce => shares
            .iter()
            .map(|&share| f64::from(u8::from(share > 0.5)))
            .collect(),
        _ => shares
            .iter()
            .map(|&share| if share > 0.5 { 1.0 } else { -1.0 })
            .collect(),
    }
}

/// The name of the commonest class.
fn said(dataset: &Dataset, loss: Loss, values: &[f64]) -> Answer {
    let names = &dataset.preparation.classes;
    let named = |class: usize| names.get(class).map_or(class.to_string(), String::clone);
    match (loss, values) {
        (Loss::CrossEntropy, _) => Answer::Class(named(greatest(values))),
        (Loss::Bce, &[class]) => Answer::Class(named(class as usize)),
        (_, &[number]) => Answer::Class(number.to_string()),
        _ => Answer::Statistic(Statistic::Commonest, None),
    }
}
