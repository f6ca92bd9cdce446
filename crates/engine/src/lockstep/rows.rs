//! Samples as the lanes gather them.

use crate::run::sums::Totals;
use crate::run::task::Samples;
use alloc::vec::Vec;
use numbers::real::Scalar;

/// The inputs and then the targets of each sample side by side, in the number format of the runs,
/// every value rounded to the nearest: a copy, made once for all runs in lockstep, since the few
/// numbers of a sample are gathered fastest from one place.
#[derive(Debug, Clone)]
pub(super) struct SampleRows<T> {
    /// (samples, features + targets), row by row.
    numbers: Vec<T>,
    features: usize,
    width: usize,
    totals: Totals,
}

impl<T: Scalar> SampleRows<T> {
    /// These samples.
    pub fn new(samples: Samples<'_>) -> Self {
        let (x, y) = (samples.x, samples.y);
        let mut numbers = Vec::with_capacity(x.len() + y.len());
        for sample in 0..x.nrows() {
            numbers.extend(x.row(sample).chain(y.row(sample)).map(T::nearest));
        }
        let targets: Vec<T> = y.iter().map(T::nearest).collect();
        Self {
            numbers,
            features: x.ncols(),
            width: x.ncols() + y.ncols(),
            totals: Totals::of(&targets, y.ncols()),
        }
    }

    /// How many samples there are.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.totals.samples
    }

    /// Features and targets of a sample.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.width
    }

    /// What the figures need to know of the targets.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The inputs and then the targets of one sample.
    #[inline(always)]
    pub fn row(&self, sample: usize) -> &[T] {
        &self.numbers[sample * self.width..][..self.width]
    }

    /// The inputs of one sample.
    #[inline(always)]
    pub fn inputs(&self, sample: usize) -> &[T] {
        &self.row(sample)[..self.features]
    }
}
