//! Class weights: the weight in the loss of a sample of each class.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// The weight in the loss of a sample of each class. The loss of a batch is Σ w l / Σ w over its
/// samples, and so is the reported loss over an epoch. Metrics are unweighted.
///
/// Class weights need samples with one class each: cross_entropy, or bce with one output.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassWeights {
    /// Every sample has the same weight.
    #[default]
    Equal,
    /// n / (classes × count of the class), from the training samples: every class has the same part
    /// in the loss, and the mean weight is 1 (King and Zeng 2001; the name is scikit-learn's).
    Balanced,
    /// These weights, in the order of the classes' indices; above 0 and finite.
    Given(Vec<f64>),
}

impl ClassWeights {
    /// Whether every sample has the same weight.
    pub fn are_equal(&self) -> bool {
        *self == Self::Equal
    }

    /// The weight of each class, given the classes' indices of the training samples and the outputs
    /// of the network (a single output distinguishes two classes); empty if every sample has the
    /// same weight. A balanced class without training samples would have an infinite weight, which
    /// the plan refuses.
    pub fn resolve(&self, training: impl Iterator<Item = f64>, outputs: usize) -> Vec<f64> {
        match self {
            Self::Equal => Vec::new(),
            Self::Given(weights) => weights.clone(),
            Self::Balanced => {
                let classes = outputs.max(2);
                let mut counts = vec![0_usize; classes];
                training.for_each(|class| counts[class as usize] += 1);
                let samples = counts.iter().sum::<usize>() as f64;
                let weight = |count: &usize| samples / (classes as f64 * *count as f64);
                counts.iter().map(weight).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_weights_give_every_class_the_same_part() {
        let classes = [0.0, 2.0, 0.0, 0.0, 1.0, 0.0];
        let weights = ClassWeights::Balanced.resolve(classes.into_iter(), 3);
        assert_eq!(weights, [0.5, 2.0, 2.0]);
    }
}
