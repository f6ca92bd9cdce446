//! Balanced accuracy: the mean of the classes' recalls.

use super::judged::Judged;
use super::measure::{Measure, NoTerms, Subject};

/// [`Metric::BalancedAccuracy`](super::Metric::BalancedAccuracy).
pub struct BalancedAccuracy;

impl Measure for BalancedAccuracy {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = NoTerms;

    fn of(judged: &Judged<'_>) -> f64 {
        let confusions = judged.confusions();
        judged.mean(confusions.iter().map(|confusion| {
            let classes = 0..confusion.classes();
            let with_samples = classes.filter(|&class| confusion.actual(class) > 0);
            let (mut sum, mut count) = (0.0, 0);
            for class in with_samples {
                sum += confusion.recall(class);
                count += 1;
            }
            sum / f64::from(count)
        }))
    }
}
