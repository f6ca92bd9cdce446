//! The task of a run: the data that it learns from, and all else that its numbers depend on.

use alloc::vec::Vec;

use crate::words::architecture::Architecture;
use crate::words::init::Init;
use crate::words::settings::Settings;
use numbers::matrix::DataMatrix;

/// Inputs (samples, features) and targets (samples, see
/// [`Loss::targets`](crate::words::loss::Loss::targets)), at least one sample.
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
    /// The validation data, if there is any; it is evaluated after each epoch.
    pub valid: Option<Samples<'a>>,
    /// The settings of the training.
    pub settings: &'a Settings,
    /// The seed of the initial weights.
    pub init_seed: u64,
    /// The seed of the order of the samples, and of the outputs that dropout drops.
    pub shuffle_seed: u64,
    /// The offset and the divisor of each target column: a prediction in the target's own units is
    /// `prediction · divisor + offset`. Empty if the targets have their own units. The loss is
    /// computed before this step, the metrics after it.
    pub target_units: &'a [[f64; 2]],
    /// Whether the parameters after epochs 1, 2, 4, 8, … are returned too. It changes no number.
    pub snapshots: bool,
}

impl Task<'_> {
    /// The weight of each class in the loss; empty if all samples have the same weight.
    pub fn class_weights(&self) -> Vec<f64> {
        let outputs = self.architecture.layers.last();
        let outputs = *outputs.expect("a network has an output layer");
        let weights = &self.settings.class_weights;
        weights.resolve(self.train.y.iter(), outputs)
    }
}
