//! The mean absolute error.

use super::judged::Judged;
use super::measure::{Measure, Sample, Seen, Subject, Terms};
use numbers::real::Real;

/// [`Metric::Mae`](super::Metric::Mae).
pub struct Mae;

impl Measure for Mae {
    const RISES: bool = false;
    const RANGE: [f64; 2] = [0.0, f64::INFINITY];
    const SUBJECT: Subject = Subject::Numbers;
    type Terms = Self;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.mean((0..judged.outputs).map(|output| {
            let errors = judged.column(output).map(|(p, t)| (p - t).abs());
            errors.sum::<f64>() / judged.samples() as f64
        }))
    }
}

impl Terms for Mae {
    fn suffice(_: usize) -> bool {
        true
    }

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
