//! What a metric is made of: its direction, its figure, and the terms that it can be summed from.

use super::judged::Judged;
use crate::words::loss::Loss;
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

/// What a metric that is made of terms knows of all samples beside the sum.
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

/// What a metric speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Which class is predicted.
    Classes,
    /// How far numbers are from their targets.
    Numbers,
}

/// What a [`Metric`](super::Metric) means: a type for each variant.
pub trait Measure {
    /// Whether more is better.
    const RISES: bool;
    /// The least and the greatest value that it can have.
    const RANGE: [f64; 2];
    /// What it speaks of.
    const SUBJECT: Subject;
    /// The terms that it can be summed from.
    type Terms: Terms;

    /// The figure of all samples; NaN where it is undefined.
    fn of(judged: &Judged<'_>) -> f64;
}

/// The terms of a metric that can be summed sample by sample.
pub trait Terms {
    /// Whether they suffice for networks of so many outputs.
    fn suffice(outputs: usize) -> bool;

    /// A sample's term.
    fn term<T: Real>(sample: Sample<'_, T>) -> T;

    /// The figure, from the sum of the terms of all samples.
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
