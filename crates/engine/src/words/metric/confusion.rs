//! The counts that the metrics of classes are made of.

/// How often each class was taken for which.
use alloc::vec;
use alloc::vec::Vec;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// (actual, predicted), row by row.
    counts: Vec<u64>,
}

impl Confusion {
    /// No sample yet of so many classes.
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

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Samples of a class that are predicted to be of it.
    pub fn right(&self, class: usize) -> u64 {
        self.counts[class * self.classes + class]
    }

    /// Samples of a class.
    pub fn actual(&self, class: usize) -> u64 {
        self.counts[class * self.classes..][..self.classes]
            .iter()
            .sum()
    }

    /// Samples that are predicted to be of a class.
    pub fn predicted(&self, class: usize) -> u64 {
        self.counts[class..].iter().step_by(self.classes).sum()
    }

    /// The share of those predicted to be of a class that are of it; 0 of none.
    pub fn precision(&self, class: usize) -> f64 {
        share(self.right(class), self.predicted(class))
    }

    /// The share of a class that is predicted to be of it; 0 of none.
    pub fn recall(&self, class: usize) -> f64 {
        share(self.right(class), self.actual(class))
    }

    /// The harmonic mean of both, 2 right / (actual + predicted); 0 of none.
    pub fn f1(&self, class: usize) -> f64 {
        let all = self.actual(class) + self.predicted(class);
        share(2 * self.right(class), all)
    }
}

/// A part of all; 0 of nothing.
fn share(part: u64, all: u64) -> f64 {
    if all == 0 {
        0.0
    } else {
        part as f64 / all as f64
    }
}
