//! The confusion counts, from which the metrics of classes are computed.

use alloc::vec;
use alloc::vec::Vec;

/// How often samples of each class are predicted to be of each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// The counts (actual, predicted), row by row.
    counts: Vec<u64>,
}

impl Confusion {
    /// The counts of `classes` classes, before any sample.
    pub fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Counts a sample.
    pub fn add(&mut self, actual: usize, predicted: usize) {
        self.counts[actual * self.classes + predicted] += 1;
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The number of samples of a class that are predicted to be of it.
    pub fn right(&self, class: usize) -> u64 {
        self.counts[class * self.classes + class]
    }

    /// The number of samples of a class.
    pub fn actual(&self, class: usize) -> u64 {
        self.counts[class * self.classes..][..self.classes]
            .iter()
            .sum()
    }

    /// The number of samples that are predicted to be of a class.
    pub fn predicted(&self, class: usize) -> u64 {
        self.counts[class..].iter().step_by(self.classes).sum()
    }

    /// The share of correct ones among the samples predicted to be of a class; 0 if there are none.
    pub fn precision(&self, class: usize) -> f64 {
        share(self.right(class), self.predicted(class))
    }

    /// The share of a class's samples that are predicted to be of it; 0 if there are none.
    pub fn recall(&self, class: usize) -> f64 {
        share(self.right(class), self.actual(class))
    }

    /// The harmonic mean of precision and recall, 2 right / (actual + predicted); 0 if there are no
    /// samples.
    pub fn f1(&self, class: usize) -> f64 {
        let all = self.actual(class) + self.predicted(class);
        share(2 * self.right(class), all)
    }
}

/// The quotient of a part and the whole; 0 if the whole is 0.
fn share(part: u64, all: u64) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}
