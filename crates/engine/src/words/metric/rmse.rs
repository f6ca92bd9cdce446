//! The root of the mean squared error.

use super::judged::Judged;
use super::measure::{Measure, Sample, Seen, Subject, Terms};
use crate::words::loss::squares;
use numbers::real::Real;

/// [`Metric::Rmse`](super::Metric::Rmse).
pub struct Rmse;

impl Measure for Rmse {
    const RISES: bool = false;
    const RANGE: [f64; 2] = [0.0, f64::INFINITY];
    const SUBJECT: Subject = Subject::Numbers;
    type Terms = Self;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.mean((0..judged.outputs).map(|output| {
            let squares = judged.column(output).map(|(p, t)| (p - t) * (p - t));
            (squares.sum::<f64>() / judged.samples() as f64).sqrt()
        }))
    }
}

impl Terms for Rmse {
    fn suffice(outputs: usize) -> bool {
        outputs == 1
    }

    #[inline(always)]
    fn term<T: Real>(sample: Sample<'_, T>) -> T {
        squares(sample.predictions, sample.targets)
    }

    fn figure(sum: f64, seen: Seen) -> f64 {
        (sum / seen.samples as f64).sqrt()
    }
}
