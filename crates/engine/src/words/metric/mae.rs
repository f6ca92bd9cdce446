//! The mean absolute error.

use super::{Measure, Sample, Seen};
use numbers::real::Real;

/// [`Metric::Mae`](super::Metric::Mae).
pub struct Mae;

impl Measure for Mae {
    const RISES: bool = false;

    #[inline(always)]
    fn term<T: Real>(sample: Sample<'_, T>) -> T {
        let mut sum = T::zero();
        for (&p, &t) in sample.predictions.iter().zip(sample.targets) {
            sum += (p - t).abs();
        }
        sum
    }

    fn figure(sum: f64, seen: Seen) -> f64 {
        sum / (seen.samples * seen.outputs) as f64
    }
}
