//! What a network has learnt: its weights and biases.

use alloc::vec::Vec;
use ndarray::{Array1, Array2};

use numbers::real::{Mask, Real, Scalar};

/// Weights (nodes, nodes of the layer before) and biases (nodes) of each layer after the input.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters<T = f64> {
    /// The weights: one matrix per layer.
    pub weights: Vec<Array2<T>>,
    /// The biases: one vector per layer.
    pub biases: Vec<Array1<T>>,
}

impl<T: Real> Parameters<T> {
    /// Parameters of 0, for layers of these sizes.
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

    /// The numbers of [`Parameters::slices`], to write into.
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

    /// The numbers of [`Parameters::layer`], to write into.
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
    /// The parameters in another number format, each rounded to the nearest.
    pub fn convert<U: Scalar>(&self) -> Parameters<U> {
        let number = |&value: &T| U::nearest(value.to_f64());
        Parameters {
            weights: self.weights.iter().map(|w| w.map(number)).collect(),
            biases: self.biases.iter().map(|b| b.map(number)).collect(),
        }
    }
}
