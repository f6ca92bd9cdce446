//! The network: layers of nodes, the forward pass and the backward pass of one sample.
//!
//! Every sum has one order: over a layer's inputs from first to last, over its nodes from first to
//! last, over a batch's samples in their order. These loops are the definition that any faster
//! engine equals bit for bit.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::activation::Activation;
use super::loss::Loss;
use super::real::Real;

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
                .map(|pair| Array2::from_elem((pair[1], pair[0]), T::ZERO))
                .collect(),
            biases: layers[1..]
                .iter()
                .map(|&nodes| Array1::from_elem(nodes, T::ZERO))
                .collect(),
        }
    }

    /// The same numbers in another format, each rounded to the nearest.
    pub fn convert<U: Real>(&self) -> Parameters<U> {
        let number = |&value: &T| U::from_f64(value.to_f64());
        Parameters {
            weights: self.weights.iter().map(|w| w.map(number)).collect(),
            biases: self.biases.iter().map(|b| b.map(number)).collect(),
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

    /// Whether every number is finite.
    pub fn are_finite(&self) -> bool {
        self.slices().flatten().all(|value| value.is_finite())
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
                .map(|&nodes| vec![T::ZERO; nodes])
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
            let (u, z) = (&mut pass.sums[layer], &mut after[0]); // (nodes)
            for (node, weights) in rows(&self.parameters.weights[layer]).enumerate() {
                let mut sum = self.parameters.biases[layer][node];
                for (&w, &x) in weights.iter().zip(input) {
                    sum = w.mul_add(x, sum);
                }
                u[node] = sum;
                z[node] = activation.apply(sum);
            }
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
            for (node, delta) in delta.iter_mut().enumerate() {
                let (u, z) = (pass.sums[layer][node], pass.outputs[layer][node]);
                *delta = errors[0][node] * activation.derivative(u, z);
            }
            let input = match layer {
                0 => x,
                _ => pass.outputs[layer - 1].as_slice(),
            };
            let d_biases = &mut gradients.biases[layer];
            for ((&delta, d_weights), d_bias) in delta
                .iter()
                .zip(rows_mut(&mut gradients.weights[layer]))
                .zip(d_biases)
            {
                for (d_weight, &x) in d_weights.iter_mut().zip(input) {
                    *d_weight = delta.mul_add(x, *d_weight);
                }
                *d_bias += delta;
            }
            if let Some(error) = errors_before.last_mut() {
                error.fill(T::ZERO);
                for (&delta, weights) in delta.iter().zip(rows(&self.parameters.weights[layer])) {
                    for (error, &w) in error.iter_mut().zip(weights) {
                        *error = w.mul_add(delta, *error);
                    }
                }
            }
        }
    }
}

/// A matrix's rows as slices.
#[inline(always)]
pub(super) fn rows<T>(matrix: &Array2<T>) -> std::slice::ChunksExact<'_, T> {
    let columns = matrix.ncols();
    matrix
        .as_slice()
        .expect("matrices are stored row by row")
        .chunks_exact(columns)
}

/// As [`rows`], to write into.
#[inline(always)]
fn rows_mut<T>(matrix: &mut Array2<T>) -> std::slice::ChunksExactMut<'_, T> {
    let columns = matrix.ncols();
    matrix
        .as_slice_mut()
        .expect("matrices are stored row by row")
        .chunks_exact_mut(columns)
}
