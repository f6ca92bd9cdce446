//! F1: the harmonic mean of precision and recall (van Rijsbergen 1979).

use super::confusion::Confusion;
use super::judged::Judged;
use super::measure::{Measure, NoTerms, Subject};

/// [`Metric::F1`](super::Metric::F1).
pub struct F1;

impl Measure for F1 {
    const RISES: bool = true;
    const RANGE: [f64; 2] = [0.0, 1.0];
    const SUBJECT: Subject = Subject::Classes;
    type Terms = NoTerms;

    fn of(judged: &Judged<'_>) -> f64 {
        judged.of_classes(Confusion::f1)
    }
}
