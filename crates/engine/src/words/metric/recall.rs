//! Recall: the share of a class's samples that are predicted to be of it.

use super::confusion::Confusion;
use super::judged::Judged;
use super::measure::{Measure, NoTerms, Subject};

/// [`Metric::Recall`](super::Metric::Recall).
pub struct Recall;

impl Measure for Recall {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = NoTerms;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.of_classes(Confusion::recall)
    }
}
