//! The shape of a network, and what follows from it alone.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::words::activation::Activation;

/// The shape of a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Architecture {
    /// Nodes of each layer, the input first; at least two layers of at least one node.
    pub layers: Vec<usize>,
    /// One for each layer after the input.
    pub activations: Vec<Activation>,
}

impl Architecture {
    /// Weights of each layer after the input: nodes × nodes of the layer before.
    fn weights_by_layer(&self) -> impl Iterator<Item = usize> {
        self.layers.windows(2).map(|pair| pair[0] * pair[1])
    }

    /// All weights.
    pub fn weights(&self) -> usize {
        self.weights_by_layer().sum()
    }

    /// All weights and biases.
    pub fn parameters(&self) -> usize {
        self.weights() + self.layers[1..].iter().sum::<usize>()
    }

    /// The weights of the largest layer.
    pub fn largest_layer(&self) -> usize {
        self.weights_by_layer().max().unwrap_or(0)
    }

    /// The multiply-adds of one sample: of the forward pass a weight each, and of the backward pass
    /// as many for the gradients, and for the error of each layer but the input.
    pub fn multiply_adds(&self) -> MultiplyAdds {
        let forward = self.weights();
        let first = self.weights_by_layer().next().unwrap_or(0);
        MultiplyAdds {
            forward,
            backward: 2 * forward - first,
        }
    }
}

/// The multiply-adds that one sample takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MultiplyAdds {
    /// Of the forward pass.
    pub forward: usize,
    /// Of the backward pass.
    pub backward: usize,
}
