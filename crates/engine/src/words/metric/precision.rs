//! Precision: the share of correct ones among the samples predicted to be of a class.

use super::confusion::Confusion;
use super::judged::Judged;
use super::measure::{Measure, NoTerms, Subject};

/// [`Metric::Precision`](super::Metric::Precision).
pub struct Precision;

impl Measure for Precision {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = NoTerms;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.of_classes(Confusion::precision)
    }
}
