//! R²: the share of the targets' variation that is predicted.

use super::judged::Judged;
use super::measure::{Measure, Sample, Seen, Subject, Terms};
use crate::words::loss::squares;
use numbers::real::Real;

/// [`Metric::R2`](super::Metric::R2).
pub struct R2;

impl Measure for R2 {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [f64::NEG_INFINITY, 1.0];
    const SUBJECT: Subject = Subject::Numbers;
    type Terms = Self;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.mean((0..judged.outputs).map(|output| {
            let pairs = || judged.column(output);
            let mean = pairs().map(|(_, t)| t).sum::<f64>() / judged.samples() as f64;
            let total: f64 = pairs().map(|(_, t)| (t - mean) * (t - mean)).sum();
            let residual: f64 = pairs().map(|(p, t)| (p - t) * (p - t)).sum();
            let varies = pairs().any(|(_, t)| t != judged.targets[output]);
            if varies && total > 0.0 {
                1.0 - residual / total
            } else {
                f64::NAN
            }
        }))
    }
}

impl Terms for R2 {
    fn suffice(outputs: usize) -> bool {
        outputs == 1
    }

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
