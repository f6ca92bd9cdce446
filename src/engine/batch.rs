//! A whole batch at once: the forward and the backward pass of [`network`](super::network) as
//! matrix products, every bit the same.
//!
//! A batch's numbers stand in matrices of a row per node and a column per sample, (nodes, samples),
//! so that a vector's lanes lie across samples: u = W x + b is one product with each chain starting
//! from a bias and ascending over the inputs, as [`layer::sums`]; the error of the layer before is
//! Wᵀ δ, ascending over the nodes, as [`layer::errors_before`]. The gradient δ xᵀ ascends over the
//! samples, as [`layer::accumulate`]; its lanes lie across the inputs, for which the inputs are kept
//! transposed as well, (samples, inputs).

use super::kernels::{Isa, Matrix, Product, Start, product};
use super::layer;
use super::loss::Loss;
use super::network::{Network, Parameters};
use super::real::Real;
use super::train::Examples;

/// Columns of a matrix are padded to so many: whole vectors of every instruction set.
const PADDING: usize = 16;

/// Rows that are this many bytes apart fall on few sets of a cache.
const BAD_STRIDE: usize = 1024;

/// A smaller batch leaves too many lanes idle.
const WORTH_SAMPLES: usize = 6;

/// A smaller network is too little work for a product.
const WORTH_WEIGHTS: usize = 32;

/// From one row of so many columns to the next.
fn stride<T>(columns: usize) -> usize {
    let stride = columns.next_multiple_of(PADDING);
    if (stride * size_of::<T>()).is_multiple_of(BAD_STRIDE) {
        stride + PADDING
    } else {
        stride
    }
}

/// What a batch leaves in each layer, with room for as many samples as a batch has.
#[derive(Debug, Clone)]
pub(super) struct Batch<V: Real> {
    isa: Isa,
    /// Threads that may share a product.
    threads: usize,
    /// How many samples there is room for.
    samples: usize,
    /// From one node to the next.
    stride: usize,
    /// The inputs of the first layer and the outputs of every layer, (nodes, samples).
    outputs: Vec<Vec<V::Scalar>>,
    /// The inputs of each layer, transposed: (samples, inputs).
    transposed: Vec<Vec<V::Scalar>>,
    /// The sums u of each layer, (nodes, samples).
    sums: Vec<Vec<V::Scalar>>,
    /// ∂L/∂z, and then δ, of each layer, (nodes, samples).
    deltas: Vec<Vec<V::Scalar>>,
    /// The predictions, targets and errors of a vector of samples, (outputs).
    predictions: Vec<V>,
    targets: Vec<V>,
    errors: Vec<V>,
}

/// Whether a network of these layers learns faster so than a sample at a time.
pub(super) fn worth_it(layers: &[usize], samples: usize) -> bool {
    let weights: usize = layers.windows(2).map(|pair| pair[0] * pair[1]).sum();
    samples >= WORTH_SAMPLES && weights >= WORTH_WEIGHTS
}

impl<T: Product, V: Real<Scalar = T>> Batch<V> {
    /// How many samples there is room for.
    pub fn capacity(&self) -> usize {
        self.samples
    }

    /// Room for `samples` samples in a network of these layers. Idle threads of the current rayon
    /// pool share large products.
    pub fn new(layers: &[usize], samples: usize) -> Self {
        let across = stride::<T>(samples);
        let matrices = |sizes: &[usize]| {
            sizes
                .iter()
                .map(|nodes| vec![T::ZERO; nodes * across])
                .collect()
        };
        let last = layers[layers.len() - 1];
        Self {
            isa: Isa::detected(),
            threads: rayon::current_num_threads(),
            samples,
            stride: across,
            outputs: matrices(layers),
            transposed: layers[..layers.len() - 1]
                .iter()
                .map(|&inputs| vec![T::ZERO; samples * stride::<T>(inputs)])
                .collect(),
            sums: matrices(&layers[1..]),
            deltas: matrices(&layers[1..]),
            predictions: vec![V::zero(); last],
            targets: Vec::with_capacity(last),
            errors: vec![V::zero(); last],
        }
    }

    /// Gathers the samples of a batch.
    #[inline(always)]
    fn gather(&mut self, data: &Examples<T>, batch: &[u32]) {
        let inputs = data.sample(0).0.len();
        let rows = self.transposed[0].chunks_exact_mut(stride::<T>(inputs));
        for (row, &sample) in rows.zip(batch) {
            row[..inputs].copy_from_slice(data.sample(sample as usize).0);
        }
        transpose(
            &self.transposed[0],
            stride::<T>(inputs),
            [batch.len(), inputs],
            &mut self.outputs[0],
            self.stride,
        );
    }

    /// Forward: u = W x + b, z = f(u), layer by layer, for the samples of a batch.
    #[inline(always)]
    pub fn forward(&mut self, network: &Network<T>, data: &Examples<T>, batch: &[u32]) {
        self.gather(data, batch);
        let samples = batch.len().next_multiple_of(PADDING).min(self.stride);
        for (layer, &activation) in network.architecture.activations.iter().enumerate() {
            let (weights, biases) = network.parameters.layer(layer);
            let (before, after) = self.outputs.split_at_mut(layer + 1);
            let inputs = weights.len() / biases.len();
            product(
                self.isa,
                [biases.len(), samples, inputs],
                Matrix::rows(weights, inputs),
                Matrix::rows(&before[layer], self.stride),
                Start::Rows(biases),
                &mut self.sums[layer],
                self.stride,
                self.threads,
            );
            layer::activate_vectors::<V>(activation, &self.sums[layer], &mut after[0]);
        }
    }

    /// The losses of the batch's samples, a vector of them at a time in their order; their errors
    /// are kept. `seen` is told the losses, the predictions and the targets of each vector, and how
    /// many of its lanes hold samples.
    #[inline(always)]
    pub fn losses(
        &mut self,
        loss: Loss,
        data: &Examples<T>,
        batch: &[u32],
        mut seen: impl FnMut(V, &[V], &[V], usize),
    ) {
        let outputs = self.outputs.last().expect("a network has an output layer");
        let errors = self
            .deltas
            .last_mut()
            .expect("a network has an output layer");
        let columns = data.sample(0).1.len();
        for (first, samples) in batch.chunks(V::LANES).enumerate() {
            let first = first * V::LANES;
            let rows = outputs.chunks_exact(self.stride);
            for (prediction, row) in self.predictions.iter_mut().zip(rows) {
                *prediction = V::load(&row[first..][..V::LANES]);
            }
            self.targets.clear();
            self.targets.extend((0..columns).map(|column| {
                V::from_lanes(|lane| {
                    // A lane without a sample computes the last one's once more.
                    let sample = samples[lane.min(samples.len() - 1)];
                    data.sample(sample as usize).1[column]
                })
            }));
            let losses = loss.value(&self.predictions, &self.targets);
            seen(losses, &self.predictions, &self.targets, samples.len());
            loss.error(&self.predictions, &self.targets, &mut self.errors);
            let rows = errors.chunks_exact_mut(self.stride);
            for (error, row) in self.errors.iter().zip(rows) {
                error.store(&mut row[first..][..V::LANES]);
            }
        }
    }

    /// Backward: δ = error ⊙ f'(u), dW = δ xᵀ, db = δ, error of the layer before = Wᵀ δ; the
    /// gradients are those of the batch's `samples` samples together.
    #[inline(always)]
    pub fn backward(
        &mut self,
        network: &Network<T>,
        samples: usize,
        gradients: &mut Parameters<T>,
    ) {
        let columns = samples.next_multiple_of(PADDING).min(self.stride);
        for (layer, &activation) in network.architecture.activations.iter().enumerate().rev() {
            let (weights, biases) = network.parameters.layer(layer);
            let (nodes, inputs) = (biases.len(), weights.len() / biases.len());
            let (before, delta) = self.deltas.split_at_mut(layer);
            layer::deltas_vectors::<V>(
                activation,
                &self.sums[layer],
                &self.outputs[layer + 1],
                &mut delta[0],
            );
            if layer > 0 {
                transpose(
                    &self.outputs[layer],
                    self.stride,
                    [inputs, samples],
                    &mut self.transposed[layer],
                    stride::<T>(inputs),
                );
            }
            let (d_weights, d_biases) = gradients.layer_mut(layer);
            product(
                self.isa,
                [nodes, inputs, samples],
                Matrix::rows(&delta[0], self.stride),
                Matrix::rows(&self.transposed[layer], stride::<T>(inputs)),
                Start::Zero,
                d_weights,
                inputs,
                self.threads,
            );
            row_sums(&delta[0], self.stride, samples, d_biases);
            if let Some(error) = before.last_mut() {
                product(
                    self.isa,
                    [inputs, columns, nodes],
                    Matrix::rows(weights, inputs).transposed(),
                    Matrix::rows(&delta[0], self.stride),
                    Start::Zero,
                    error,
                    self.stride,
                    self.threads,
                );
            }
        }
    }
}

/// Rows that are summed side by side, so that no sum waits for its last addition.
const SIDE_BY_SIDE: usize = 8;

/// The sum of the first `columns` numbers of each row, from first to last.
#[inline(always)]
fn row_sums<T: Product>(matrix: &[T], stride: usize, columns: usize, sums: &mut [T]) {
    for (rows, sums) in matrix
        .chunks(SIDE_BY_SIDE * stride)
        .zip(sums.chunks_mut(SIDE_BY_SIDE))
    {
        let mut partial = [T::ZERO; SIDE_BY_SIDE];
        for column in 0..columns {
            for (sum, row) in partial.iter_mut().zip(rows.chunks_exact(stride)) {
                *sum += row[column];
            }
        }
        sums.copy_from_slice(&partial[..sums.len()]);
    }
}

/// Elements of a block that is transposed at a time, in each direction.
const TRANSPOSED: usize = 16;

/// Writes a matrix (rows, columns) as (columns, rows).
#[inline(always)]
fn transpose<T: Copy>(
    from: &[T],
    from_stride: usize,
    [rows, columns]: [usize; 2],
    to: &mut [T],
    to_stride: usize,
) {
    for first_row in (0..rows).step_by(TRANSPOSED) {
        let last_row = rows.min(first_row + TRANSPOSED);
        for first_column in (0..columns).step_by(TRANSPOSED) {
            for column in first_column..columns.min(first_column + TRANSPOSED) {
                let target = &mut to[column * to_stride..][first_row..last_row];
                for (value, row) in target.iter_mut().zip(first_row..) {
                    *value = from[row * from_stride + column];
                }
            }
        }
    }
}
