//! The network: layers of nodes, the forward pass and the backward pass of one sample.
//!
//! The loops over a layer, and with them the order of every sum, are in [`layer`].

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use crate::reference::layer;
use crate::words::activation::Activation;
use crate::words::loss::Loss;
use numbers::real::{Mask, Real, Scalar};

/// The shape of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Architecture {
    /// Nodes of each layer, the input first; at least two layers of at least one node.
    pub layers: Vec<usize>,
    /// One for each layer after the input.
    pub activations: Vec<Activation>,
}

/// Weights (nodes, nodes of the layer before) and biases (nodes) of each layer after the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<T = f64> {
    /// One matrix per layer.
    pub weights: Vec<Array2<T>>,
    /// One vector per layer.
    pub biases: Vec<Array1<T>>,
}

impl<T: Real> Parameters<T> {
    /// All zero, for layers of these sizes.
    pub fn zeros(layers: &[usize]) -> Self {
        Self {
            weights: layers
                .windows(2)
                .map(|pair| Array2::from_elem((pair[1], pair[0]), T::zero()))
                .collect(),
            biases: layers[1..]
                .iter()
                .map(|&nodes| Array1::from_elem(nodes, T::zero()))
                .collect(),
        }
    }

    /// The numbers of each layer as flat slices, weights row by row, then biases.
    #[inline(always)]
    pub fn slices(&self) -> impl Iterator<Item = &[T]> {
        let flat = "parameters are stored row by row";
        self.weights
            .iter()
            .zip(&self.biases)
            .flat_map(move |(w, b)| [w.as_slice().expect(flat), b.as_slice().expect(flat)])
    }

    /// As [`Parameters::slices`], to write into.
    #[inline(always)]
    pub fn slices_mut(&mut self) -> impl Iterator<Item = &mut [T]> {
        let flat = "parameters are stored row by row";
        self.weights
            .iter_mut()
            .zip(&mut self.biases)
            .flat_map(move |(w, b)| [w.as_slice_mut().expect(flat), b.as_slice_mut().expect(flat)])
    }

    /// A layer's weights, row by row, and its biases.
    #[inline(always)]
    pub fn layer(&self, layer: usize) -> (&[T], &[T]) {
        let flat = "parameters are stored row by row";
        (
            self.weights[layer].as_slice().expect(flat),
            self.biases[layer].as_slice().expect(flat),
        )
    }

    /// As [`Parameters::layer`], to write into.
    #[inline(always)]
    pub fn layer_mut(&mut self, layer: usize) -> (&mut [T], &mut [T]) {
        let flat = "parameters are stored row by row";
        (
            self.weights[layer].as_slice_mut().expect(flat),
            self.biases[layer].as_slice_mut().expect(flat),
        )
    }

    /// How many numbers there are.
    pub fn count(&self) -> usize {
        self.slices().map(<[T]>::len).sum()
    }

    /// Whether every number is finite.
    #[inline(always)]
    pub fn are_finite(&self) -> T::Mask {
        let mut all = T::Mask::splat(true);
        for values in self.slices() {
            for value in values {
                all = all.and(value.is_finite());
            }
        }
        all
    }
}

impl<T: Scalar> Parameters<T> {
    /// The same numbers in another format, each rounded to the nearest.
    pub fn convert<U: Scalar>(&self) -> Parameters<U> {
        let number = |&value: &T| U::nearest(value.to_f64());
        Parameters {
            weights: self.weights.iter().map(|w| w.map(number)).collect(),
            biases: self.biases.iter().map(|b| b.map(number)).collect(),
        }
    }
}

/// What one sample leaves in each layer after the input: vectors (nodes).
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
}

impl<T: Real> Pass<T> {
    /// Room for a network of these layers.
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
    /// What it has learnt.
    pub parameters: Parameters<T>,
}

impl<T: Real> Network<T> {
    /// Forward: u = W x + b, z = f(u), layer by layer, for one sample x (features).
    #[inline(always)]
    pub fn forward(&self, x: &[T], pass: &mut Pass<T>) {
        for (layer, &activation) in self.architecture.activations.iter().enumerate() {
            let (before, after) = pass.outputs.split_at_mut(layer);
            let input = before.last().map_or(x, Vec::as_slice); // (nodes of the layer before)
            let u = &mut pass.sums[layer]; // (nodes)
            let (weights, biases) = self.parameters.layer(layer);
            layer::sums(weights, biases, input, u);
            layer::activate(activation, u, &mut after[0]);
        }
    }

    /// Backward: δ = error ⊙ f'(u), dW = δ xᵀ, db = δ, error of the layer before = Wᵀ δ; the
    /// gradients of one sample are added to those of the batch.
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
        for (layer, &activation) in self.architecture.activations.iter().enumerate().rev() {
            let (errors_before, errors) = pass.errors.split_at_mut(layer);
            let delta = &mut pass.deltas[layer]; // (nodes)
            let (u, z) = (&pass.sums[layer], &pass.outputs[layer]);
            layer::deltas(activation, &errors[0], u, z, delta);
            let input = match layer {
                0 => x,
                _ => pass.outputs[layer - 1].as_slice(),
            };
            let (d_weights, d_biases) = gradients.layer_mut(layer);
            layer::accumulate(delta, input, d_weights, d_biases);
            if let Some(error) = errors_before.last_mut() {
                layer::errors_before(self.parameters.layer(layer).0, delta, error);
            }
        }
    }
}
