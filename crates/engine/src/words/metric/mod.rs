//! Metrics: the figures that a person reads beside the loss.
//!
//! Each metric is a [`Measure`] in a file of its own, with scikit-learn's definition: a figure of
//! all samples together, see [`Judged`]. If a figure can be computed from a sum of a term per
//! sample ([`Terms`]), in f64 from the first sample to the last, no prediction has to be kept. The
//! metrics of the training samples come from the predictions of the training loss, without a second
//! pass. A metric that is not asked for costs nothing.

mod accuracy;
mod auc;
mod balanced_accuracy;
mod confusion;
mod f1;
mod judged;
mod mae;
mod measure;
mod precision;
mod r2;
mod recall;
mod rmse;

use alloc::vec;
use alloc::vec::Vec;

use choices::{Choice, Word, choices, joined, line};

use crate::words::loss::Loss;
use numbers::real::Real;

pub use judged::Judged;
pub use measure::{Measure, NoTerms, Sample, Seen, Subject, Terms};

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
            /// The columns of each metric: for the training data and for the validation data.
            pub(super) const COLUMNS: &'static [(Metric, [Word; 2])] = &[$(
                (Metric::$metric, [
                    Word {
                        word: concat!("train_", $word),
                        doc: joined!(line($doc), " of the training data"),
                    },
                    Word {
                        word: concat!("valid_", $word),
                        doc: joined!(line($doc), " of the validation data"),
                    },
                ]),
            )*];

            /// Whether a greater value is better.
            pub fn rises(self) -> bool {
                match self { $(Metric::$metric => <$measure>::RISES),* }
            }

            /// The least and the greatest value of the metric.
            pub fn range(self) -> [f64; 2] {
                match self { $(Metric::$metric => <$measure>::RANGE),* }
            }

            /// The subject of the metric.
            pub fn subject(self) -> Subject {
                match self { $(Metric::$metric => <$measure>::SUBJECT),* }
            }

            /// The value of the metric for all samples together; NaN where it is undefined.
            pub fn of_all(self, judged: &Judged<'_>) -> f64 {
                match self { $(Metric::$metric => <$measure>::of(judged)),* }
            }

            /// Whether it is summed from terms in networks of `outputs` outputs; otherwise it is
            /// computed by [`Metric::of_all`].
            pub fn has_terms(self, outputs: usize) -> bool {
                match self { $(Metric::$metric => <$measure as Measure>::Terms::suffice(outputs)),* }
            }

            /// The term of a sample, from its predictions (outputs) and targets; 0 for a metric
            /// without terms.
            #[inline(always)]
            pub fn term<T: Real>(self, loss: Loss, predictions: &[T], targets: &[T]) -> T {
                let sample = Sample { loss, predictions, targets };
                match self {
                    $(Metric::$metric => <<$measure as Measure>::Terms as Terms>::term(sample)),*
                }
            }

            /// The value of the metric, from the sum of the terms of `samples` samples of `outputs`
            /// outputs. `total_squares` is Σ (t − mean of its column)² over all targets.
            pub fn figure(
                self,
                loss: Loss,
                sum: f64,
                samples: usize,
                outputs: usize,
                total_squares: f64,
            ) -> f64 {
                let seen = Seen { loss, samples, outputs, total_squares };
                match self {
                    $(Metric::$metric => <<$measure as Measure>::Terms as Terms>::figure(sum, seen)),*
                }
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
    /// The mean over the classes of the share of their samples whose class is predicted.
    ///
    /// Over the classes that have samples.
    BalancedAccuracy(balanced_accuracy::BalancedAccuracy) = "balanced_accuracy",
    /// The share of the samples predicted to be of a class that are of it.
    ///
    /// Of two classes: of the positive one. Of more: the mean over the classes that have samples or
    /// predictions. A class without predictions has 0.
    Precision(precision::Precision) = "precision",
    /// The share of a class's samples that are predicted to be of it.
    ///
    /// Of two classes: of the positive one. Of more: the mean over the classes that have samples or
    /// predictions. A class without samples has 0.
    Recall(recall::Recall) = "recall",
    /// The harmonic mean of precision and recall.
    ///
    /// Of two classes: of the positive one. Of more: the mean over the classes that have samples or
    /// predictions.
    F1(f1::F1) = "f1",
    /// The chance that a sample of a class scores higher than one of another class.
    ///
    /// The area under the ROC curve; equal scores count half. Of more than two classes: each against
    /// the rest by its probability, and the mean. NaN where a class has no samples or all of them.
    Auc(auc::Auc) = "auc",
    /// 1 − residual / total sum of squares.
    ///
    /// The total is from the mean of the targets; NaN where they do not vary. Of several outputs: the
    /// mean.
    R2(r2::R2) = "r2",
    /// The mean absolute error.
    ///
    /// The mean is over samples and outputs.
    Mae(mae::Mae) = "mae",
    /// The root of the mean squared error.
    ///
    /// Of several outputs: the mean.
    Rmse(rmse::Rmse) = "rmse",
}

impl Metric {
    /// All metrics that fit a loss. `two_class`: the only target is −1 or 1.
    pub fn that_fit(loss: Loss, two_class: bool) -> Vec<Metric> {
        let fits = |metric: &&Metric| match (loss, metric.subject()) {
            (Loss::Bce | Loss::CrossEntropy, subject) => subject == Subject::Classes,
            (_, Subject::Classes) => two_class,
            (_, Subject::Numbers) => true,
        };
        Metric::ALL.iter().filter(fits).copied().collect()
    }

    /// The default metrics for a loss: the accuracy if there are classes, else r2 and mae.
    /// `two_class`: the only target is −1 or 1.
    pub fn of(loss: Loss, two_class: bool) -> Vec<Metric> {
        match loss {
            Loss::Bce | Loss::CrossEntropy => vec![Metric::Accuracy],
            _ if two_class => vec![Metric::Accuracy],
            _ => vec![Metric::R2, Metric::Mae],
        }
    }
}
