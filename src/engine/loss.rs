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
    /// |p − t|.
    Mae,
    /// (p − t)² / 2 up to |p − t| = 1, |p − t| − 1/2 beyond (Huber 1964, delta 1).
    Huber,
    /// −t ln σ(p) − (1 − t) ln(1 − σ(p)) of a logit p.
    Bce,
    /// −ln softmax(p)\[t\] of logits p and a class index t.
    CrossEntropy,
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
            _ => todo!(),
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
                _ => todo!(),
            };
        }
    }

    /// How many terms a batch's gradient is averaged over.
    #[inline(always)]
    pub fn terms(self, samples: usize, outputs: usize) -> usize {
        match self {
            Loss::CrossEntropy => samples,
            _ => samples * outputs,
        }
    }
}
