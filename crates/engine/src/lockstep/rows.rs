//! Samples as a pack gathers them.

use crate::train::Samples;
use crate::words::metric::total_squares;
use numbers::real::Scalar;

/// The inputs and then the targets of each sample side by side, in the number format of the pack,
/// every value rounded to the nearest: a copy, made once for all of a pack's runs, since the few
/// numbers of a sample are gathered fastest from one place.
#[derive(Debug, Clone)]
pub(super) struct SampleRows<T> {
    /// (samples, features + targets), row by row.
    numbers: Vec<T>,
    features: usize,
    width: usize,
    total_squares: f64,
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
            total_squares: total_squares(&targets, y.ncols()),
        }
    }

    /// How many samples there are.
    #[inline(always)]
    pub fn count(&self) -> usize {
        self.numbers.len() / self.width
    }

    /// Features and targets of a sample.
    #[inline(always)]
    pub fn width(&self) -> usize {
        self.width
    }

    /// See [`total_squares`].
    pub fn total_squares(&self) -> f64 {
        self.total_squares
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
