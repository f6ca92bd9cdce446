//! What a run learns from, and all else that its numbers depend on.

use alloc::vec::Vec;

use crate::words::architecture::Architecture;
use crate::words::init::Init;
use crate::words::settings::Settings;
use numbers::matrix::DataMatrix;

/// Inputs (samples, features) and targets (samples, see [`Loss::targets`](crate::words::loss::Loss::targets)), at least one sample.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// Inputs, (samples, features).
    pub x: &'a DataMatrix,
    /// Targets: (samples, outputs), or (samples, 1) class indices for cross_entropy.
    pub y: &'a DataMatrix,
}

/// All that the numbers of one run depend on.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Nodes and activations.
    pub architecture: &'a Architecture,
    /// The initial weights.
    pub init: &'a Init,
    /// What it learns from.
    pub train: Samples<'a>,
    /// What it is validated with after each epoch.
    pub valid: Option<Samples<'a>>,
    /// How it learns.
    pub settings: &'a Settings,
    /// What the initial weights are drawn from.
    pub init_seed: u64,
    /// What the order of the samples is drawn from, and which outputs dropout drops.
    pub shuffle_seed: u64,
    /// Offset and divisor of each target column: a prediction in the target's own units is
    /// `prediction · divisor + offset`. Empty where they are its own already. The loss does not see
    /// them, the metrics do.
    pub target_units: &'a [[f64; 2]],
    /// Whether the parameters after epochs 1, 2, 4, 8, … come back too. It changes no number.
    pub snapshots: bool,
}

impl Task<'_> {
    /// The weight of each class in the loss; empty where every sample counts alike.
    pub fn class_weights(&self) -> Vec<f64> {
        let outputs = self.architecture.layers.last();
        let outputs = *outputs.expect("a network has an output layer");
        let weights = &self.settings.class_weights;
        weights.resolve(self.train.y.iter(), outputs)
    }
}
