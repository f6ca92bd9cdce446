//! R²: how much of the targets' variation is predicted.

use super::{Measure, Sample, Seen};
use crate::words::loss::squares;
use numbers::real::Real;

/// [`Metric::R2`](super::Metric::R2).
pub struct R2;

impl Measure for R2 {
    const RISES: bool = true;

    #[inline(always)]
    fn term<T: Real>(sample: Sample<'_, T>) -> T {
        squares(sample.predictions, sample.targets)
    }

    fn figure(sum: f64, seen: Seen) -> f64 {
        if seen.total_squares > 0.0 {
            1.0 - sum / seen.total_squares
        } else {
            f64::NAN
        }
    }
}
