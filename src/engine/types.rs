//! temporary: the engine's vocabulary while it is being built
#![allow(missing_docs)]
use serde::{Deserialize, Serialize};
use ndarray::{Array1, Array2};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation { Identity, Sigmoid, Tanh, Relu }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss { HalfMse, Mse }

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Optimizer { Sgd }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchSize { Samples(usize), Full }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision { F32, F64 }

/// Nodes of each layer, the input first; one activation per layer after the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture { pub layers: Vec<usize>, pub activations: Vec<Activation> }

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    Scheme(Scheme),
    /// Per layer: weights (nodes of this layer, nodes of the layer before), biases.
    Explicit { weights: Vec<Vec<Vec<f64>>>, biases: Vec<Vec<f64>> },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    Zeros,
    XavierUniform { gain: f64 }, XavierNormal { gain: f64 },
    HeUniform, HeNormal, LecunUniform, LecunNormal,
    Uniform { low: f64, high: f64 }, Normal { mean: f64, std: f64 },
}

/// How one run learns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    pub loss: Loss,
    pub batch_size: BatchSize,
    pub epochs: usize,
    pub learning_rate: f64,
    pub optimizer: Optimizer,
    pub shuffle: bool,
    pub precision: Precision,
}

/// Weights (nodes, nodes of the layer before) and biases (nodes) of each layer after the input, as f64.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters { pub weights: Vec<Array2<f64>>, pub biases: Vec<Array1<f64>> }

/// A row of history: after epoch `epoch` (from 1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EpochRow { pub epoch: u64, pub updates: u64, pub samples: u64, pub learning_rate: f64, pub train_loss: f64, pub valid_loss: Option<f64> }
