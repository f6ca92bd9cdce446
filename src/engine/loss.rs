//! Losses: each value beside its gradient.

use serde::{Deserialize, Serialize};

use super::real::Real;

/// How far a prediction p is from its target t.
///
/// A sample's loss is the mean over its outputs; a reported loss is the mean over samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// (p − t)² / 2.
    HalfMse,
    /// (p − t)².
    Mse,
}

impl Loss {
    /// The loss of one sample, from its predictions and targets, both (outputs).
    #[inline(always)]
    pub fn value<T: Real>(self, predictions: &[T], targets: &[T]) -> T {
        let mut sum = T::ZERO;
        for (&p, &t) in predictions.iter().zip(targets) {
            let error = p - t;
            sum = error.mul_add(error, sum);
        }
        let outputs = T::from_count(predictions.len());
        match self {
            Loss::HalfMse => sum / (outputs + outputs),
            Loss::Mse => sum / outputs,
        }
    }

    /// The error of one sample: the derivative of its summed loss by each prediction, (outputs).
    /// The mean over outputs is taken with the mean over the batch, see [`Loss::terms`].
    #[inline(always)]
    pub fn error<T: Real>(self, predictions: &[T], targets: &[T], error: &mut [T]) {
        for ((error, &p), &t) in error.iter_mut().zip(predictions).zip(targets) {
            let difference = p - t;
            *error = match self {
                Loss::HalfMse => difference,
                Loss::Mse => difference + difference,
            };
        }
    }

    /// How many terms a batch's gradient is averaged over.
    #[inline(always)]
    pub fn terms(self, samples: usize, outputs: usize) -> usize {
        match self {
            Loss::HalfMse | Loss::Mse => samples * outputs,
        }
    }
}
