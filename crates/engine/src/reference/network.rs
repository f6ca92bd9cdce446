//! The network: layers of nodes, the forward pass and the backward pass of one sample.
//!
//! The loops over a layer, which fix the order of every sum, are in [`layer`].

use crate::parameters::Parameters;
use crate::reference::layer;
use crate::words::architecture::Architecture;
use crate::words::loss::Loss;
use alloc::vec;
use alloc::vec::Vec;
use numbers::real::Real;

/// The quantities that one sample leaves in each layer after the input: vectors (nodes).
#[derive(Debug, Clone)]
pub struct Pass<T> {
    /// Weighted sums u.
    pub sums: Vec<Vec<T>>,
    /// Outputs z = f(u).
    pub outputs: Vec<Vec<T>>,
    /// ∂L/∂z.
    pub errors: Vec<Vec<T>>,
    /// ∂L/∂u.
    pub deltas: Vec<Vec<T>>,
    /// The factors of dropout for the outputs of each hidden layer; empty where nothing is dropped.
    pub masks: Vec<Vec<T>>,
    /// The outputs of each hidden layer after dropout; empty where nothing is dropped.
    pub dropped: Vec<Vec<T>>,
    /// The weight of the sample in the loss, if samples have weights.
    pub weight: Option<T>,
}

impl<T: Real> Pass<T> {
    /// Room for the quantities of a network of these layers.
    pub fn new(layers: &[usize]) -> Self {
        let vectors = || -> Vec<Vec<T>> {
            layers[1..]
                .iter()
                .map(|&nodes| vec![T::zero(); nodes])
                .collect()
        };
        Self {
            sums: vectors(),
            outputs: vectors(),
            errors: vectors(),
            deltas: vectors(),
            masks: Vec::new(),
            dropped: Vec::new(),
            weight: None,
        }
    }

    /// A pass that also has room for the masks of dropout.
    pub fn with_masks(self) -> Self {
        let hidden = &self.outputs[..self.outputs.len() - 1];
        Self {
            masks: hidden.to_vec(),
            dropped: hidden.to_vec(),
            ..self
        }
    }

    /// The network's predictions, (outputs).
    #[inline(always)]
    pub fn predictions(&self) -> &[T] {
        self.outputs.last().expect("a network has an output layer")
    }
}

/// A fully connected network.
#[derive(Debug, Clone)]
pub struct Network<T> {
    /// Its shape.
    pub architecture: Architecture,
    /// Its weights and biases.
    pub parameters: Parameters<T>,
}

impl<T: Real> Network<T> {
    /// Forward: u = W x + b, z = f(u), layer by layer, for one sample x (features). Where there are
    /// masks, the next layer's input is mask ⊙ z.
    #[inline(always)]
    pub fn forward(&self, x: &[T], pass: &mut Pass<T>) {
        for (layer, &activation) in self.architecture.activations.iter().enumerate() {
            let (before, after) = pass.outputs.split_at_mut(layer);
            let input = match before.last() {
                None => x,
                Some(_) if !pass.masks.is_empty() => &pass.dropped[layer - 1],
                Some(outputs) => outputs,
            }; // (nodes of the layer before)
            let u = &mut pass.sums[layer]; // (nodes)
            let (weights, biases) = self.parameters.layer(layer);
            layer::sums(weights, biases, input, u);
            layer::activate(activation, u, &mut after[0]);
            if let Some(mask) = pass.masks.get(layer) {
                layer::products(mask, &after[0], &mut pass.dropped[layer]);
            }
        }
    }

    /// Backward: δ = error ⊙ f'(u), dW = δ xᵀ, db = δ, error of the layer before = Wᵀ δ. The
    /// gradients of one sample are added to those of the batch. The first error is that of the
    /// loss, times the sample's weight if it has one; each later error is multiplied by the mask if
    /// there is one.
    #[inline(always)]
    pub fn backward(
        &self,
        x: &[T],
        targets: &[T],
        loss: Loss,
        pass: &mut Pass<T>,
        gradients: &mut Parameters<T>,
    ) {
        let last = self.architecture.activations.len() - 1;
        loss.error(&pass.outputs[last], targets, &mut pass.errors[last]);
        if let Some(weight) = pass.weight {
            layer::scale(&mut pass.errors[last], weight);
        }
        for (layer, &activation) in self.architecture.activations.iter().enumerate().rev() {
            let (errors_before, errors) = pass.errors.split_at_mut(layer);
            let delta = &mut pass.deltas[layer]; // (nodes)
            let (u, z) = (&pass.sums[layer], &pass.outputs[layer]);
            layer::deltas(activation, &errors[0], u, z, delta);
            let input = match layer {
                0 => x,
                _ if !pass.masks.is_empty() => &pass.dropped[layer - 1],
                _ => pass.outputs[layer - 1].as_slice(),
            };
            let (d_weights, d_biases) = gradients.layer_mut(layer);
            layer::accumulate(delta, input, d_weights, d_biases);
            if let Some(error) = errors_before.last_mut() {
                layer::errors_before(self.parameters.layer(layer).0, delta, error);
                if let Some(mask) = layer
                    .checked_sub(1)
                    .and_then(|before| pass.masks.get(before))
                {
                    layer::multiply(error, mask);
                }
            }
        }
    }
}
