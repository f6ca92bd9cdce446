//! A whole batch at once: the forward and the backward pass of [`network`](crate::reference::network) as
//! matrix products, every bit the same.
//!
//! A batch's numbers stand in matrices of a row per node and a column per sample, (nodes, samples),
//! so that a vector's lanes lie across samples: u = W x + b is one product with each chain starting
//! from a bias and ascending over the inputs, as [`layer::sums`](crate::reference::layer::sums); the error of
//! the layer before is Wᵀ δ, ascending over the nodes, as
//! [`layer::errors_before`](crate::reference::layer::errors_before). The gradient δ xᵀ ascends over the
//! samples, as [`layer::accumulate`](crate::reference::layer::accumulate); its lanes lie across the inputs, for
//! which the inputs are kept transposed as well, (samples, inputs).
//!
//! Threads divide the rows of each step, and what a row needs next is done by the thread that has
//! it in its cache: see [`steps`].

mod steps;

use crate::reference::network::Network;
use crate::reference::parts::{self, Part};
use crate::reference::session::Session;
use crate::reference::training::{Batches, Way};
use crate::run::examples::Examples;
use crate::run::requests::Listener;
use crate::run::sums::{Measures, Sums};
use crate::words::architecture::Architecture;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::ControlFlow;
use numbers::dispatch::{Format, dispatch};
use numbers::{self, Isa, Matrix, Multiplication, Product, Start, Strip, divide, threads};
use steps::{
    Deltas, Errors, Forward, Gather, Gradients, Losses, MAX_SLOTS, Shared, Transpose, Update,
};

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

/// Whether a network learns faster so than a sample at a time.
pub(super) fn worth_it(architecture: &Architecture, samples: usize) -> bool {
    samples >= WORTH_SAMPLES && architecture.weights() >= WORTH_WEIGHTS
}

/// Whether threads that would idle divide the steps of such a batch among them.
pub(super) fn is_divided(architecture: &Architecture, samples: usize) -> bool {
    worth_it(architecture, samples) && numbers::is_shared(architecture.largest_layer() * samples)
}

/// What a batch leaves in each layer, with room for as many samples as a batch has.
#[derive(Debug, Clone)]
pub(super) struct Batch<T> {
    isa: Isa,
    /// Threads that may share the work.
    threads: usize,
    /// How many samples there is room for.
    samples: usize,
    /// From one node to the next.
    stride: usize,
    /// The inputs of the first layer and the outputs of every layer, (nodes, samples).
    outputs: Vec<Vec<T>>,
    /// The inputs of each layer, transposed: (samples, inputs).
    transposed: Vec<Vec<T>>,
    /// The sums u of each layer, (nodes, samples).
    sums: Vec<Vec<T>>,
    /// ∂L/∂z, and then δ, of each layer, (nodes, samples).
    deltas: Vec<Vec<T>>,
    /// What dropout multiplies the outputs of each hidden layer by, (nodes, samples); none where nothing
    /// is dropped.
    masks: Vec<Vec<T>>,
    /// The outputs of each hidden layer after that.
    dropped: Vec<Vec<T>>,
}

/// Whether dropout drops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outputs {
    /// All outputs are used.
    Whole,
    /// The outputs of hidden layers are multiplied by the masks of dropout.
    Masked,
}

/// All samples of a batch at once.
impl<T: Product + Format> Way<T> for Batch<T> {
    fn train(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        batches: Batches<'_>,
        measures: Measures<'_>,
        sums: &mut Sums<f64>,
        listener: Listener<'_>,
    ) -> usize {
        self.make_room_for_masks(session);
        let mut trained = 0;
        for batch in batches.iter() {
            self.pass(session, data, batch, measures, sums);
            self.learn(session, batch.len(), batches.learning_rate);
            trained += batch.len();
            if listener.hears() {
                break;
            }
        }
        trained
    }

    fn evaluate(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        measures: Measures<'_>,
        listener: Listener<'_>,
    ) -> Option<Sums<f64>> {
        let mut sums = Sums::zero();
        let looked_at = self.in_turn(data, |batch, samples| {
            if listener.is_to_end() {
                return ControlFlow::Break(());
            }
            batch.forward(&session.network, data, samples, Outputs::Whole);
            batch.losses(measures, data, samples, &session.class_weights, &mut sums);
            ControlFlow::Continue(())
        });
        looked_at.is_continue().then_some(sums)
    }
}

impl<T: Product + Format> Batch<T> {
    /// Room for `samples` samples in a network of these layers. Idle threads of the current rayon
    /// pool share large steps.
    pub fn new(layers: &[usize], samples: usize) -> Self {
        let across = stride::<T>(samples);
        let matrices = |sizes: &[usize]| {
            sizes
                .iter()
                .map(|nodes| vec![T::ZERO; nodes * across])
                .collect()
        };
        Self {
            isa: Isa::detected(),
            threads: threads::count(),
            samples,
            stride: across,
            outputs: matrices(layers),
            transposed: layers[..layers.len() - 1]
                .iter()
                .map(|&inputs| vec![T::ZERO; samples * stride::<T>(inputs)])
                .collect(),
            sums: matrices(&layers[1..]),
            deltas: matrices(&layers[1..]),
            masks: Vec::new(),
            dropped: Vec::new(),
        }
    }

    fn make_room_for_masks(&mut self, session: &Session<T>) {
        if session.dropout.is_some() && self.masks.is_empty() {
            let hidden = &self.sums[..self.sums.len() - 1];
            (self.masks, self.dropped) = (hidden.to_vec(), hidden.to_vec());
        }
    }

    /// The predictions of a network for all of `data`, as many samples at a time as there is room for: (samples, outputs), row by row.
    pub fn predict(&mut self, network: &Network<T>, data: &Examples<'_, T>) -> Vec<T> {
        let mut predictions = Vec::new();
        let _ = self.in_turn(data, |batch, samples| {
            batch.forward(network, data, samples, Outputs::Whole);
            let outputs = batch.outputs.last().expect("a network has an output layer");
            for sample in 0..samples.len() {
                predictions.extend(outputs.iter().skip(sample).step_by(batch.stride));
            }
            ControlFlow::Continue(())
        });
        predictions
    }

    /// All samples in their order, as many at a time as there is room for, until `each` breaks off.
    fn in_turn(
        &mut self,
        data: &Examples<'_, T>,
        mut each: impl FnMut(&mut Self, &[u32]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let count = u32::try_from(data.count()).expect("no more than 2^32 - 1 samples");
        let mut samples = Vec::with_capacity(self.samples);
        let mut first = 0;
        while first < count {
            samples.clear();
            samples.extend((first..count).take(self.samples));
            first += samples.len() as u32;
            each(self, &samples)?;
        }
        ControlFlow::Continue(())
    }

    /// Columns that are computed for a batch of so many samples: whole vectors.
    fn columns(&self, samples: usize) -> usize {
        samples.next_multiple_of(PADDING).min(self.stride)
    }

    /// Forward: u = W x + b, z = f(u), layer by layer, for the samples of a batch.
    fn forward(
        &mut self,
        network: &Network<T>,
        data: &Examples<'_, T>,
        batch: &[u32],
        outputs: Outputs,
    ) {
        let inputs = data.features();
        divide(
            Gather {
                data,
                batch,
                rows: &mut self.transposed[0],
                stride: stride::<T>(inputs),
            },
            self.threads,
        );
        divide(
            Transpose {
                isa: self.isa,
                from: &self.transposed[0],
                from_stride: stride::<T>(inputs),
                first: 0,
                shape: [inputs, batch.len()],
                to: &mut self.outputs[0],
                to_stride: self.stride,
            },
            self.threads,
        );
        let columns = self.columns(batch.len());
        for (layer, &activation) in network.architecture.activations.iter().enumerate() {
            let (weights, biases) = network.parameters.layer(layer);
            let (before, after) = self.outputs.split_at_mut(layer + 1);
            let hidden = layer.min(self.dropped.len());
            let (dropped_before, dropped) = self.dropped.split_at_mut(hidden);
            let input = match (outputs, dropped_before.last()) {
                (Outputs::Masked, Some(dropped)) => dropped,
                _ => &before[layer],
            };
            let masked = match outputs {
                Outputs::Whole => None,
                Outputs::Masked => self.masks.get(layer).zip(dropped.first_mut()),
            };
            let inputs = weights.len() / biases.len();
            let sums = Multiplication::new(
                self.isa,
                [biases.len(), columns, inputs],
                Matrix::rows(weights, inputs),
                Matrix::rows(input, self.stride),
                Start::Rows(biases),
                &mut self.sums[layer],
                self.stride,
            );
            let work = Forward {
                sums,
                activation,
                outputs: &mut after[0],
                masked: masked.map(|(mask, dropped)| (&mask[..], &mut dropped[..])),
                stride: self.stride,
            };
            divide(work, self.threads);
        }
    }

    /// The losses of the batch's samples in their order, each times the weight of its class if classes
    /// have weights; their errors are kept. The sum of these weights.
    fn losses(
        &mut self,
        measures: Measures<'_>,
        data: &Examples<'_, T>,
        batch: &[u32],
        class_weights: &[T],
        sums: &mut Sums<f64>,
    ) -> T {
        let last = "a network has an output layer";
        let mut weight_sum = T::ZERO;
        T::across(Losses {
            measures,
            data,
            batch,
            outputs: self.outputs.last().expect(last),
            errors: self.deltas.last_mut().expect(last),
            stride: self.stride,
            class_weights,
            weight_sum: &mut weight_sum,
            sums,
        });
        weight_sum
    }

    /// The forward pass of a batch that is learnt from, and its losses and errors.
    fn pass(
        &mut self,
        session: &mut Session<T>,
        data: &Examples<'_, T>,
        batch: &[u32],
        measures: Measures<'_>,
        sums: &mut Sums<f64>,
    ) {
        let mut outputs = Outputs::Whole;
        if let Some(dropout) = &mut session.dropout {
            dropout.next_batch(batch.len(), &mut self.masks, self.stride);
            outputs = Outputs::Masked;
        }
        self.forward(&session.network, data, batch, outputs);
        session.weight_sum = self.losses(measures, data, batch, &session.class_weights, sums);
    }

    /// The gradients of a batch's samples, summed, as the session's.
    pub fn gradients(
        &mut self,
        session: &mut Session<T>,
        data: &Examples<'_, T>,
        batch: &[u32],
        measures: Measures<'_>,
    ) -> Sums<f64> {
        let mut sums = Sums::zero();
        self.make_room_for_masks(session);
        self.pass(session, data, batch, measures, &mut sums);
        self.backward(session, batch.len(), None);
        sums
    }

    /// The backward pass and the update: layer by layer, as soon as a layer's gradients and the error
    /// of the layer before are known; where the gradients' norm is bounded, when all are.
    fn learn(&mut self, session: &mut Session<T>, samples: usize, learning_rate: f64) {
        if session.shaping.form().clip_norm {
            self.backward(session, samples, None);
            parts::finish(session, &Part::all(samples, learning_rate));
            return;
        }
        let shared = Shared {
            factors: session.rule.advance(true, learning_rate),
            shaping: session.shaping,
            factor: session.mean_factor(samples),
        };
        self.backward(session, samples, Some(&shared));
    }

    /// Backward: δ = error ⊙ f'(u), dW = δ xᵀ, db = δ, error of the layer before = Wᵀ δ; the
    /// gradients are those of the batch's `samples` samples together. With what an `update` needs, the
    /// parameters of a layer are updated as soon as they have done their part.
    fn backward(&mut self, session: &mut Session<T>, samples: usize, update: Option<&Shared<T>>) {
        let layers = session.network.architecture.activations.len();
        let columns = self.columns(samples);
        {
            let (_, d_biases) = session.gradients.layer_mut(layers - 1);
            let last = layers - 1;
            let work = Deltas {
                activation: session.network.architecture.activations[last],
                sums: &self.sums[last],
                outputs: &self.outputs[layers],
                mask: None,
                deltas: &mut self.deltas[last],
                d_biases,
                samples,
                stride: self.stride,
            };
            divide(work, self.threads);
        }
        for layer in (0..layers).rev() {
            let (before, delta) = self.deltas.split_at_mut(layer);
            let delta = &delta[0];
            let network = &mut session.network;
            let (weights, biases) = network.parameters.layer_mut(layer);
            let (nodes, inputs) = (biases.len(), weights.len() / biases.len());
            if layer > 0 {
                let mask = self.masks.get(layer - 1).map(|mask| &mask[..]);
                let inputs_of_layer = match mask {
                    Some(_) => &self.dropped[layer - 1],
                    None => &self.outputs[layer],
                };
                let work = Transpose {
                    isa: self.isa,
                    from: inputs_of_layer,
                    from_stride: self.stride,
                    first: 0,
                    shape: [samples, inputs],
                    to: &mut self.transposed[layer],
                    to_stride: stride::<T>(inputs),
                };
                divide(work, self.threads);
                let errors = Multiplication::new(
                    self.isa,
                    [inputs, columns, nodes],
                    Matrix::rows(weights, inputs).transposed(),
                    Matrix::rows(delta, self.stride),
                    Start::Zero,
                    &mut before[layer - 1],
                    self.stride,
                );
                let (_, d_biases) = session.gradients.layer_mut(layer - 1);
                let work = Errors {
                    errors,
                    activation: network.architecture.activations[layer - 1],
                    sums: &self.sums[layer - 1],
                    outputs: &self.outputs[layer],
                    mask,
                    d_biases,
                    samples,
                    stride: self.stride,
                };
                divide(work, self.threads);
            }
            let (d_weights, d_biases) = session.gradients.layer_mut(layer);
            let gradients = Multiplication::new(
                self.isa,
                [nodes, inputs, samples],
                Matrix::rows(delta, self.stride),
                Matrix::rows(&self.transposed[layer], stride::<T>(inputs)),
                Start::Zero,
                d_weights,
                inputs,
            );
            let mut weight_slots = [const { None }; MAX_SLOTS];
            let mut bias_slots = [const { None }; MAX_SLOTS];
            for (i, slot) in session.slots.iter_mut().enumerate() {
                let (weights, biases) = slot.layer_mut(layer);
                (weight_slots[i], bias_slots[i]) = (Some(weights), Some(biases));
            }
            let work = Gradients {
                gradients,
                update: update.map(|shared| (shared, weights, weight_slots)),
                columns: inputs,
            };
            divide(work, self.threads);
            if let Some(shared) = update {
                dispatch(Update {
                    shared,
                    are_weights: false,
                    values: biases,
                    gradients: Strip::row(d_biases),
                    stride: nodes,
                    slots: bias_slots,
                });
            }
        }
    }
}
