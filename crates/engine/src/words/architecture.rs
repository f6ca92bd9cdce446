//! The shape of a network, and the counts that follow from it.

use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::words::activation::Activation;

/// The shape of a network.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Architecture {
    /// Nodes of each layer, the input first; at least two layers of at least one node.
    pub layers: Vec<usize>,
    /// The activation of each layer after the input.
    pub activations: Vec<Activation>,
}

impl Architecture {
    /// The number of weights in each layer after the input: nodes × nodes of the layer before.
    fn weights_by_layer(&self) -> impl Iterator<Item = usize> {
        self.layers.windows(2).map(|pair| pair[0] * pair[1])
    }

    /// The number of all weights.
    pub fn weights(&self) -> usize {
        self.weights_by_layer().sum()
    }

    /// The number of all weights and biases.
    pub fn parameters(&self) -> usize {
        self.weights() + self.layers[1..].iter().sum::<usize>()
    }

    /// The number of weights in the largest layer.
    pub fn largest_layer(&self) -> usize {
        self.weights_by_layer().max().unwrap_or(0)
    }

    /// The multiply-adds of one sample: the forward pass has one per weight; the backward pass has
    /// one per weight for the gradients, and one per weight for the error of each layer but the
    /// input.
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
    /// The multiply-adds of the forward pass.
    pub forward: usize,
    /// The multiply-adds of the backward pass.
    pub backward: usize,
}
