//! Metrics: what a person reads beside the loss.
//!
//! A metric is a sum of a term per sample, in f64 from the first sample to the last, made into a
//! figure at the end; so the training samples' metrics come from the predictions that the training
//! loss is made of, without a second pass.

use serde::{Deserialize, Serialize};

use crate::words::loss::{Loss, greatest, squares};
use numbers::real::{Mask, Real};

/// A figure of merit over a set of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The share of samples whose class is predicted. The class is that of the greatest logit for
    /// cross_entropy (the first of equal ones), else whether a number is above 0; with several such
    /// outputs, the share of samples and outputs.
    Accuracy,
    /// 1 − residual sum of squares / total sum of squares, both over all samples and outputs, the
    /// total from each output's own mean; NaN where the targets do not vary.
    R2,
    /// The mean absolute error over samples and outputs.
    Mae,
}

impl Metric {
    /// As in the columns `train_<name>` and `valid_<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::R2 => "r2",
            Metric::Mae => "mae",
        }
    }

    /// Whether more is better.
    pub fn rises(self) -> bool {
        match self {
            Metric::Accuracy | Metric::R2 => true,
            Metric::Mae => false,
        }
    }

    /// A sample's term, from its predictions (outputs) and targets.
    #[inline(always)]
    pub fn term<T: Real>(self, loss: Loss, predictions: &[T], targets: &[T]) -> T {
        let (zero, one) = (T::zero(), T::one());
        let mut sum = zero;
        match (self, loss) {
            (Metric::Accuracy, Loss::CrossEntropy) => {
                let (_, class) = greatest(predictions);
                sum = T::select(class.equal(targets[0]), one, zero);
            }
            (Metric::Accuracy, _) => {
                for (&p, &t) in predictions.iter().zip(targets) {
                    let (p, t) = (zero.less(p), zero.less(t));
                    let same = p.and(t).or(p.or(t).not());
                    sum += T::select(same, one, zero);
                }
            }
            (Metric::R2, _) => sum = squares(predictions, targets),
            (Metric::Mae, _) => {
                for (&p, &t) in predictions.iter().zip(targets) {
                    sum += (p - t).abs();
                }
            }
        }
        sum
    }

    /// The figure, from the sum of the terms of `samples` samples of `outputs` outputs.
    /// `total_squares`: Σ (t − mean of its column)² over all targets.
    pub fn figure(
        self,
        loss: Loss,
        sum: f64,
        samples: usize,
        outputs: usize,
        total_squares: f64,
    ) -> f64 {
        match (self, loss) {
            (Metric::Accuracy, Loss::CrossEntropy) => sum / samples as f64,
            (Metric::Accuracy | Metric::Mae, _) => sum / (samples * outputs) as f64,
            (Metric::R2, _) if total_squares > 0.0 => 1.0 - sum / total_squares,
            (Metric::R2, _) => f64::NAN,
        }
    }
}
