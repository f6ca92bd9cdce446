//! The training of a whole batch at once: the forward and the backward pass of
//! [`network`](crate::reference::network) as matrix products, with the same bits.
//!
//! The numbers of a batch stand in matrices with a row per node and a column per sample, (nodes,
//! samples), so that the lanes of a vector lie across samples. The sums u = W x + b are one
//! product, in which each chain starts from a bias and ascends over the inputs, as in
//! [`layer::sums`](crate::reference::layer::sums). The error of the layer before is Wᵀ δ, ascending
//! over the nodes, as in [`layer::errors_before`](crate::reference::layer::errors_before). The
//! gradient δ xᵀ ascends over the samples, as in
//! [`layer::accumulate`](crate::reference::layer::accumulate). Its lanes lie across the inputs, so
//! the inputs are also kept transposed, (samples, inputs).
//!
//! Threads divide the rows of each step. The thread that has a row in its cache also does what the
//! row needs next: see [`steps`].

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

/// The columns of a matrix are padded to a multiple of this: whole vectors of every instruction
/// set.
const PADDING: usize = 16;

/// Rows whose distance in bytes is a multiple of this share few sets of a cache.
const BAD_STRIDE: usize = 1024;

/// The least samples of a batch for which this way pays: a smaller batch leaves too many lanes
/// idle.
const WORTH_SAMPLES: usize = 6;

/// The least weights of a network for which this way pays: a smaller one is too little work for a
/// product.
const WORTH_WEIGHTS: usize = 32;

/// The distance from one row to the next, for rows of `columns` numbers.
fn stride<T>(columns: usize) -> usize {
    let stride = columns.next_multiple_of(PADDING);
    if (stride * size_of::<T>()).is_multiple_of(BAD_STRIDE) {
        stride + PADDING
    } else {
        stride
    }
}

/// Whether a network learns faster in batches of so many samples than a sample at a time.
pub(super) fn worth_it(architecture: &Architecture, samples: usize) -> bool {
    samples >= WORTH_SAMPLES && architecture.weights() >= WORTH_WEIGHTS
}

/// Whether idle threads can divide the steps of a batch of so many samples among them.
pub(super) fn is_divided(architecture: &Architecture, samples: usize) -> bool {
    worth_it(architecture, samples) && numbers::is_shared(architecture.largest_layer() * samples)
}

/// What a batch leaves in each layer; there is room for `samples` samples.
#[derive(Debug, Clone)]
pub(super) struct Batch<T> {
    isa: Isa,
    /// Threads that may share the work.
    threads: usize,
    /// The most samples that a batch can have.
    samples: usize,
    /// The distance from one node's row to the next.
    stride: usize,
    /// The inputs of the first layer and the outputs of every layer, (nodes, samples).
    outputs: Vec<Vec<T>>,
    /// The inputs of each layer, transposed: (samples, inputs).
    transposed: Vec<Vec<T>>,
    /// The sums u of each layer, (nodes, samples).
    sums: Vec<Vec<T>>,
    /// ∂L/∂z, and then δ, of each layer, (nodes, samples).
    deltas: Vec<Vec<T>>,
    /// The factors of dropout for the outputs of each hidden layer, (nodes, samples); empty where
    /// nothing is dropped.
    masks: Vec<Vec<T>>,
    /// The outputs of each hidden layer after dropout.
    dropped: Vec<Vec<T>>,
}

/// Which outputs a layer hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outputs {
    /// All outputs are used.
    Whole,
    /// The outputs of hidden layers are multiplied by the masks of dropout.
    Masked,
}

/// The way of a whole batch: all its samples at once.
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

    /// The predictions of a network for all of `data`, (samples, outputs), row by row. As many
    /// samples are computed at a time as there is room for.
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

    /// Calls `each` with all samples in their order, as many at a time as there is room for, until
    /// `each` breaks off.
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

    /// How many columns are computed for a batch of so many samples: whole vectors.
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

    /// Adds the losses of the batch's samples in their order, each times the weight of its class if
    /// classes have weights, and keeps their errors. Returns the sum of these weights.
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

    /// The forward pass of a training batch, its losses and its errors.
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

    /// Computes the summed gradients of a batch's samples and stores them in the session.
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

    /// The backward pass and the update. A layer is updated as soon as its gradients and the error
    /// of the layer before are known; where the norm of the gradients is bounded, all layers are
    /// updated at the end.
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

    /// Backward: δ = error ⊙ f'(u), dW = δ xᵀ, db = δ, error of the layer before = Wᵀ δ. The
    /// gradients are summed over the batch's `samples` samples. If there is an `update`, the
    /// parameters of a layer are updated as soon as the backward pass has read them.
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
