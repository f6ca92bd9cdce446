//! How one run learns: all that [`train`](super::train::train) needs beside network and data.

use serde::{Deserialize, Serialize};

use super::loss::Loss;
use super::metric::Metric;
use super::optimizer::Optimizer;

/// How one run learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What is minimised.
    pub loss: Loss,
    /// Samples per update.
    pub batch_size: BatchSize,
    /// Passes over the training data; at least 1.
    pub epochs: u64,
    /// The step size η; above 0 and finite.
    pub learning_rate: f64,
    /// The rule of the update.
    pub optimizer: Optimizer,
    /// Whether the samples' order is drawn anew for each epoch.
    pub shuffle: bool,
    /// The number format of weights, activations and gradients.
    pub precision: Precision,
    /// What is measured beside the loss.
    pub metrics: Vec<Metric>,
}

/// How many samples' gradients are averaged for one update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchSize {
    /// So many, at least 1; the last batch of an epoch has what is left.
    Samples(usize),
    /// All of the training data.
    Full,
}

impl BatchSize {
    /// Samples per batch for a training set of `samples`.
    pub fn samples(self, samples: usize) -> usize {
        match self {
            BatchSize::Samples(size) => size.min(samples),
            BatchSize::Full => samples,
        }
    }
}

/// The number format that a run is computed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// 32 bits.
    F32,
    /// 64 bits.
    F64,
}
