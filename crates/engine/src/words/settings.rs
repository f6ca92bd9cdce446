//! The settings of one run: all that [`train`](crate::train::train) needs beside network and data.

use alloc::vec::Vec;
use choices::choices;
use serde::{Deserialize, Serialize};

use crate::words::class_weights::ClassWeights;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::monitor::Monitor;
use crate::words::optimizer::{Optimizer, Sgd};
use crate::words::schedule::Schedule;

/// The settings of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The loss of a sample.
    pub loss: Loss,
    /// The number of samples per update.
    pub batch_size: BatchSize,
    /// The number of passes over the training data; at least 1.
    pub epochs: u64,
    /// The step size η; above 0 and finite.
    pub learning_rate: f64,
    /// How the learning rate changes from epoch to epoch.
    pub schedule: Schedule,
    /// The rule of the update.
    pub optimizer: Optimizer,
    /// The factor of the sum of the absolute weights, which is added to the loss; at least 0.
    pub l1: f64,
    /// The factor of half the sum of the squared weights, which is added to the loss; at least 0.
    pub l2: f64,
    /// The greatest Euclidean norm of all gradients together; longer gradients are scaled down to
    /// it.
    pub clip_norm: Option<f64>,
    /// The greatest absolute value of a gradient. A run has either this limit or `clip_norm`.
    pub clip_value: Option<f64>,
    /// The condition for a stop before the last epoch.
    pub early_stopping: Option<EarlyStopping>,
    /// Whether the samples' order is drawn anew for each epoch.
    pub shuffle: bool,
    /// The number format of weights, activations and gradients.
    pub precision: Precision,
    /// The metrics that are measured beside the loss.
    pub metrics: Vec<Metric>,
    /// The positive class, 0 or 1: of two classes the one to which precision, recall and f1 refer.
    #[serde(default = "second", skip_serializing_if = "is_second")]
    pub positive: usize,
    /// The weight in the loss of a sample of each class.
    #[serde(default, skip_serializing_if = "ClassWeights::are_equal")]
    pub class_weights: ClassWeights,
    /// The share of each hidden layer's outputs that is dropped in training, from 0 to below 1, one
    /// number per hidden layer; empty if nothing is dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropout: Vec<f64>,
}

impl Settings {
    /// The settings of plain gradient descent in f64, with shuffled samples: there is no schedule,
    /// momentum, penalty, clipping, early stopping, metric, class weight or dropout.
    pub fn plain(loss: Loss, batch_size: BatchSize, epochs: u64, learning_rate: f64) -> Self {
        Self {
            loss,
            batch_size,
            epochs,
            learning_rate,
            schedule: Schedule::Constant,
            optimizer: Optimizer::Sgd(Sgd::PLAIN),
            l1: 0.0,
            l2: 0.0,
            clip_norm: None,
            clip_value: None,
            early_stopping: None,
            shuffle: true,
            precision: Precision::F64,
            metrics: Vec::new(),
            positive: second(),
            class_weights: ClassWeights::Equal,
            dropout: Vec::new(),
        }
    }
}

/// The default positive class: the second of two.
fn second() -> usize {
    1
}

fn is_second(class: &usize) -> bool {
    *class == second()
}

/// The end of a run that no longer improves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// The number of epochs without an improvement after which the run stops; at least 1.
    pub patience: u64,
    /// The least size of an improvement; at least 0.
    pub min_delta: f64,
    /// The column that must improve.
    pub metric: Monitor,
    /// Whether the parameters of the best epoch are restored at the end.
    pub restore_best: bool,
}

/// The number of samples whose gradients are averaged for one update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchSize {
    /// A number of samples, at least 1; the last batch of an epoch has the rest.
    Samples(usize),
    /// All training samples.
    Full,
}

impl BatchSize {
    /// The samples per batch for a training set of `samples`.
    pub fn samples(self, samples: usize) -> usize {
        match self {
            BatchSize::Samples(size) => size.min(samples),
            BatchSize::Full => samples,
        }
    }
}

choices! {
    /// The number format that a run is computed in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub serde enum Precision {
        /// 64 bits
        F64 = "f64",
        /// 32 bits
        F32 = "f32",
    }
}
