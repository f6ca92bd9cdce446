//! The parts of a metric: its direction, its figure, and the terms from which it can be summed.

use super::judged::Judged;
use crate::words::loss::Loss;
use numbers::real::Real;

/// One sample, as a metric receives it.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a, T> {
    /// The loss, which determines the meaning of predictions and targets.
    pub loss: Loss,
    /// The predictions, (outputs).
    pub predictions: &'a [T],
    /// The targets, see [`Loss::targets`].
    pub targets: &'a [T],
}

/// The facts about all samples that a metric needs beside the sum of its terms.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// The loss, which determines the meaning of predictions and targets.
    pub loss: Loss,
    /// The number of samples.
    pub samples: usize,
    /// The number of outputs of each sample.
    pub outputs: usize,
    /// Σ (t − mean of its column)² over all targets.
    pub total_squares: f64,
}

/// The subject of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The predicted class.
    Classes,
    /// The distance of numbers from their targets.
    Numbers,
}

/// The meaning of a [`Metric`](super::Metric): each variant has a type.
pub trait Measure {
    /// Whether a greater value is better.
    const RISES: bool;
    /// The least and the greatest value of the metric.
    const RANGE: [f64; 2];
    /// The subject of the metric.
    const SUBJECT: Subject;
    /// The terms from which the metric can be summed.
    type Terms: Terms;

    /// The value of the metric for all samples; NaN where it is undefined.
    fn of(judged: &Judged<'_>) -> f64;
}

/// The terms of a metric that can be summed sample by sample.
pub trait Terms {
    /// Whether the terms suffice for networks of `outputs` outputs.
    fn suffice(outputs: usize) -> bool;

    /// The term of a sample.
    fn term<T: Real>(sample: Sample<'_, T>) -> T;

    /// The value of the metric, from the sum of the terms of all samples.
    fn figure(sum: f64, seen: Seen) -> f64;
}

/// The terms of a metric that needs all samples together.
pub struct NoTerms;

impl Terms for NoTerms {
    fn suffice(_: usize) -> bool {
        false
    }

    #[inline(always)]
    fn term<T: Real>(_: Sample<'_, T>) -> T {
        T::zero()
    }

    fn figure(_: f64, _: Seen) -> f64 {
        f64::NAN
    }
}
