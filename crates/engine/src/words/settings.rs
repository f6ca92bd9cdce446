//! How one run learns: all that [`train`](crate::train::train) needs beside network and data.

use alloc::vec::Vec;
use choices::choices;
use serde::{Deserialize, Serialize};

use crate::words::class_weights::ClassWeights;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::monitor::Monitor;
use crate::words::optimizer::{Optimizer, Sgd};
use crate::words::schedule::Schedule;

/// How one run learns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The loss of a sample.
    pub loss: Loss,
    /// Samples per update.
    pub batch_size: BatchSize,
    /// Passes over the training data; at least 1.
    pub epochs: u64,
    /// The step size η; above 0 and finite.
    pub learning_rate: f64,
    /// How the learning rate changes from epoch to epoch.
    pub schedule: Schedule,
    /// The rule of the update.
    pub optimizer: Optimizer,
    /// Times the sum of the absolute weights: added to the loss; at least 0.
    pub l1: f64,
    /// Times half the sum of the squared weights: added to the loss; at least 0.
    pub l2: f64,
    /// The greatest Euclidean norm of all gradients together; longer ones are shortened to it.
    pub clip_norm: Option<f64>,
    /// The greatest absolute value of a gradient; applied before `clip_norm` would be, never with it.
    pub clip_value: Option<f64>,
    /// When to stop before the last epoch.
    pub early_stopping: Option<EarlyStopping>,
    /// Whether the samples' order is drawn anew for each epoch.
    pub shuffle: bool,
    /// The number format of weights, activations and gradients.
    pub precision: Precision,
    /// What is measured beside the loss.
    pub metrics: Vec<Metric>,
    /// Of two classes, the one that precision, recall and f1 speak of: 0 or 1.
    #[serde(default = "second", skip_serializing_if = "is_second")]
    pub positive: usize,
    /// What a sample of each class counts in the loss.
    #[serde(default, skip_serializing_if = "ClassWeights::are_equal")]
    pub class_weights: ClassWeights,
    /// The share of each hidden layer's outputs that is dropped while training, from 0 to below 1, one
    /// per hidden layer; empty where nothing is dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropout: Vec<f64>,
}

impl Settings {
    /// Plain gradient descent in f64, the samples shuffled: no schedule, momentum, penalty, clipping,
    /// early stopping, metric, class weight or dropout.
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

/// The second of two classes.
fn second() -> usize {
    1
}

fn is_second(class: &usize) -> bool {
    *class == second()
}

/// Stops a run that no longer gets better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// How many epochs without an improvement are borne; at least 1.
    pub patience: u64,
    /// What an improvement must exceed; at least 0.
    pub min_delta: f64,
    /// What must improve.
    pub metric: Monitor,
    /// Whether the parameters of the best epoch come back at the end.
    pub restore_best: bool,
}

/// How many samples' gradients are averaged for one update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchSize {
    /// A number of samples, at least 1; the last batch of an epoch has what is left.
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
