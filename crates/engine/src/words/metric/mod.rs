//! Metrics: what a person reads beside the loss.
//!
//! A metric is a sum of a term per sample, in f64 from the first sample to the last, made into a
//! figure at the end; so the training samples' metrics come from the predictions that the training
//! loss is made of, without a second pass. Each metric is a [`Measure`] in a file of its own.

mod accuracy;
mod mae;
mod r2;

use alloc::vec;
use alloc::vec::Vec;

use choices::{Word, choices, joined, line};

use crate::words::loss::Loss;
use crate::words::monitor::Monitor;
use numbers::real::Real;

/// One sample, as a metric sees it.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a, T> {
    /// The loss says what predictions and targets mean.
    pub loss: Loss,
    /// What the network said, (outputs).
    pub predictions: &'a [T],
    /// What was wanted, see [`Loss::targets`].
    pub targets: &'a [T],
}

/// All samples together, as a metric sees them.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// The loss says what predictions and targets mean.
    pub loss: Loss,
    /// How many samples there were.
    pub samples: usize,
    /// How many outputs each had.
    pub outputs: usize,
    /// Σ (t − mean of its column)² over all targets.
    pub total_squares: f64,
}

/// What a [`Metric`] means: a type for each variant.
pub trait Measure {
    /// Whether more is better.
    const RISES: bool;

    /// A sample's term.
    fn term<T: Real>(sample: Sample<'_, T>) -> T;

    /// The figure, from the sum of the terms of all samples.
    fn figure(sum: f64, seen: Seen) -> f64;
}

/// Declares [`Metric`], the choice of each metric's [`Measure`], and the metrics' columns.
macro_rules! metrics {
    ($(
        #[doc = $doc:literal] $(#[doc = $more:literal])*
        $metric:ident($measure:ty) = $word:literal
    ),* $(,)?) => {
        choices! {
            /// A figure of merit over a set of samples.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub serde enum Metric { $(
                #[doc = $doc] $(#[doc = $more])*
                $metric = $word
            ),* }
        }

        impl Metric {
            /// Its columns: of the training data and of the validation data.
            pub(super) const COLUMNS: &'static [(Monitor, Word)] = &[$(
                (Monitor::Train(Metric::$metric), Word {
                    word: concat!("train_", $word),
                    doc: joined!(line($doc), " of the training data"),
                }),
                (Monitor::Valid(Metric::$metric), Word {
                    word: concat!("valid_", $word),
                    doc: joined!(line($doc), " of the validation data"),
                }),
            )*];

            /// Whether more is better.
            pub fn rises(self) -> bool {
                match self { $(Metric::$metric => <$measure>::RISES),* }
            }

            /// A sample's term, from its predictions (outputs) and targets.
            #[inline(always)]
            pub fn term<T: Real>(self, loss: Loss, predictions: &[T], targets: &[T]) -> T {
                let sample = Sample { loss, predictions, targets };
                match self { $(Metric::$metric => <$measure>::term(sample)),* }
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
                let seen = Seen { loss, samples, outputs, total_squares };
                match self { $(Metric::$metric => <$measure>::figure(sum, seen)),* }
            }
        }
    };
}

metrics! {
    /// The share of right classes among the predictions.
    ///
    /// The class is that of the greatest logit for cross_entropy (the first of equal ones), else
    /// whether a number is above 0; with several such outputs, the share of samples and outputs.
    Accuracy(accuracy::Accuracy) = "accuracy",
    /// 1 − residual / total sum of squares.
    ///
    /// Both sums are over all samples and outputs, the total from each output's own mean; NaN where
    /// the targets do not vary.
    R2(r2::R2) = "r2",
    /// The mean absolute error.
    ///
    /// The mean is over samples and outputs.
    Mae(mae::Mae) = "mae",
}

impl Metric {
    /// What is measured beside a loss: the accuracy where there are classes, else r2 and mae.
    /// `two_class`: whether the only target is −1 or 1.
    pub fn of(loss: Loss, two_class: bool) -> Vec<Metric> {
        match loss {
            Loss::Bce | Loss::CrossEntropy => vec![Metric::Accuracy],
            _ if two_class => vec![Metric::Accuracy],
            _ => vec![Metric::R2, Metric::Mae],
        }
    }
}
