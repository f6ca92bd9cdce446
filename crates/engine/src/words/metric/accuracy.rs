//! Accuracy: the share of correctly predicted classes.

use super::judged::Judged;
use super::measure::{Measure, Sample, Seen, Subject, Terms};
use crate::words::loss::{Loss, greatest};
use numbers::real::{Mask, Real};

/// [`Metric::Accuracy`](super::Metric::Accuracy).
pub struct Accuracy;

impl Measure for Accuracy {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = Self;

    fn of(judged: &Judged<'_>) -> f64 {
        let confusions = judged.confusions();
        judged.mean(confusions.iter().map(|confusion| {
            let right: u64 = (0..confusion.classes())
                .map(|class| confusion.right(class))
                .sum();
            right as f64 / judged.samples() as f64
        }))
    }
}

impl Terms for Accuracy {
    fn suffice(_: usize) -> bool {
        true
    }

    #[inline(always)]
    fn term<T: Real>(sample: Sample<'_, T>) -> T {
        let (zero, one) = (T::zero(), T::one());
        if let Loss::CrossEntropy = sample.loss {
            let (_, class) = greatest(sample.predictions);
            return T::select(class.equal(sample.targets[0]), one, zero);
        }
        let mut sum = zero;
        for (&p, &t) in sample.predictions.iter().zip(sample.targets) {
            let (p, t) = (zero.less(p), zero.less(t));
            let same = p.and(t).or(p.or(t).not());
            sum += T::select(same, one, zero);
        }
        sum
    }

    fn figure(sum: f64, seen: Seen) -> f64 {
        sum / seen.loss.terms(seen.samples, seen.outputs) as f64
    }
}
