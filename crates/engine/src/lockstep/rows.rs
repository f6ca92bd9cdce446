//! Samples as the lanes gather them.

use crate::run::sums::Totals;
use crate::run::task::Samples;
use alloc::vec::Vec;
use numbers::real::Scalar;

/// The inputs and then the targets of each sample side by side, in the number format of the runs,
/// each value rounded to the nearest. It is a copy that is made once for all runs in lockstep,
/// since the few numbers of a sample are gathered fastest from one place.
#[derive(Debug, Clone)]
pub(super) struct SampleRows<T> {
    /// (samples, features + targets), row by row; where samples have weights in the loss, each row
    /// ends with its weight.
    numbers: Vec<T>,
    features: usize,
    width: usize,
    totals: Totals,
}

impl<T: Scalar> SampleRows<T> {
    /// The rows of these samples. `class_weights` is empty where all samples have the same weight.
    pub fn new(samples: Samples<'_>, class_weights: &[f64]) -> Self {
        let (x, y) = (samples.x, samples.y);
        let mut numbers = Vec::with_capacity(x.len() + y.len());
        let targets: Vec<T> = y.iter().map(T::nearest).collect();
        let mut totals = Totals::of(&targets, y.ncols());
        if !class_weights.is_empty() {
            totals.weight = 0.0;
        }
        for sample in 0..x.nrows() {
            numbers.extend(x.row(sample).chain(y.row(sample)).map(T::nearest));
            if !class_weights.is_empty() {
                let weight = T::nearest(class_weights[y.get(sample, 0) as usize]);
                totals.weight += weight.to_f64();
                numbers.push(weight);
            }
        }
        Self {
            numbers,
            features: x.ncols(),
            width: x.ncols() + y.ncols() + usize::from(!class_weights.is_empty()),
            totals,
        }
    }

    /// How many samples there are.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.totals.samples
    }

    /// How many numbers a sample has: features, targets, and a weight if there is one.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.width
    }

    /// What the figures need to know of the targets.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// The numbers of one sample.
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
