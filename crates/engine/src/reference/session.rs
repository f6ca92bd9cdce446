//! The learning of one network, one step at a time, every quantity in reach.
//!
//! [`Session::step`] is what training does for each batch. An observer calls its parts in the same
//! order and reads the fields between them: after [`Session::sample`] the sums, outputs, errors and
//! deltas of that sample are in [`Session::pass`] and the summed gradients in
//! [`Session::gradients`]; [`Session::average`], [`Session::penalize`] and [`Session::clip`] change
//! the gradients in place; [`Session::update`] changes the network and the optimizer's slots.

use crate::parameters::Parameters;
use crate::reference::network::{Network, Pass};
use crate::reference::shaping::{Shaping, mean_factor, sum_of_squares};
use crate::run::dropout::Dropout;
use crate::run::examples::Examples;
use crate::run::state::Learnt;
use crate::run::task::Task;
use crate::words::architecture::Architecture;
use crate::words::loss::Loss;
use crate::words::optimizer::{Factors, Formula, Rule, Visit};
use crate::words::settings::Settings;
use alloc::vec::Vec;
use numbers::real::{Mask, Real, Scalar};

/// A network that learns.
#[derive(Debug, Clone)]
pub struct Session<T: Scalar> {
    /// The network.
    pub network: Network<T>,
    /// The loss of a sample.
    pub loss: Loss,
    /// The quantities that the last sample left in each layer.
    pub pass: Pass<T>,
    /// The gradients of the batch: first summed, then averaged, penalized and clipped in place.
    pub gradients: Parameters<T>,
    /// The penalties and the clipping.
    pub shaping: Shaping<T>,
    /// The optimizer with its counts.
    pub rule: Rule<T>,
    /// The optimizer's slots: what it remembers of each parameter. Their names are given by
    /// [`Optimizer::slots`](crate::words::optimizer::Optimizer::slots).
    pub slots: Vec<Parameters<T>>,
    /// The weight of each class in the loss; empty where all samples have the same weight.
    pub class_weights: Vec<T>,
    /// The sum of the weights of the batch's samples, if samples have weights.
    pub weight_sum: T,
    /// The stream of dropout's masks, if outputs are dropped.
    pub dropout: Option<Dropout<T>>,
}

impl<T: Scalar> Session<T> {
    /// The session of a task before its first epoch: its initial weights, its class weights in the
    /// loss, and its dropout.
    pub fn of(task: &Task<'_>) -> Self {
        let layers = &task.architecture.layers;
        let start = task.init.parameters(layers, task.init_seed).convert();
        let mut session = Self::new(task.architecture, start, task.settings);
        let weights = task.class_weights().into_iter();
        session.class_weights = weights.map(T::nearest).collect();
        session.dropout = Dropout::of(task);
        if session.dropout.is_some() {
            session.pass = session.pass.with_masks();
        }
        session
    }

    /// A session that begins with these parameters: all samples have the same weight, and nothing
    /// is dropped.
    pub fn new(
        architecture: &Architecture,
        parameters: Parameters<T>,
        settings: &Settings,
    ) -> Self {
        let zeros = || Parameters::zeros(&architecture.layers);
        Self {
            network: Network {
                architecture: architecture.clone(),
                parameters,
            },
            loss: settings.loss,
            pass: Pass::new(&architecture.layers),
            gradients: zeros(),
            shaping: Shaping::new(settings),
            rule: Rule::new(settings.optimizer),
            slots: settings.optimizer.slots().iter().map(|_| zeros()).collect(),
            class_weights: Vec::new(),
            weight_sum: T::zero(),
            dropout: None,
        }
    }

    /// Goes on from what a session of the same task has learnt.
    pub(crate) fn resume(&mut self, learnt: &Learnt) {
        self.network.parameters.set_numbers(&learnt.parameters);
        for (slot, numbers) in self.slots.iter_mut().zip(&learnt.slots) {
            slot.set_numbers(numbers);
        }
        self.rule.resume_lane(0, learnt.counts);
    }

    /// What this session has learnt, for [`Session::resume`].
    pub(crate) fn learnt(&self) -> Learnt {
        Learnt {
            parameters: self.network.parameters.numbers(),
            slots: self.slots.iter().map(Parameters::numbers).collect(),
            counts: self.rule.counts(0),
        }
    }

    /// Goes to the first batch of an epoch (counted from 1).
    pub fn begin_epoch(&mut self, epoch: u64) {
        if let Some(dropout) = &mut self.dropout {
            dropout.begin_epoch(epoch);
        }
    }

    /// Skips the masks of so many samples of the epoch.
    pub(crate) fn skip(&mut self, samples: u64) {
        if let Some(dropout) = &mut self.dropout {
            let layers = &self.network.architecture.layers;
            let hidden = layers[1..layers.len() - 1].iter().sum();
            dropout.skip(samples, hidden);
        }
    }

    /// Sets the gradients to 0, for a new batch.
    #[inline(always)]
    pub fn begin(&mut self) {
        self.weight_sum = T::zero();
        for values in self.gradients.slices_mut() {
            values.fill(T::zero());
        }
    }

    /// The weight in the loss of a sample with these targets, if samples have weights.
    #[inline(always)]
    pub fn weight(&self, targets: &[T]) -> Option<T> {
        weight(&self.class_weights, targets)
    }

    /// One sample of the batch: forward and backward; its gradients are added. Returns its loss,
    /// times its weight if it has one.
    #[inline(always)]
    pub fn sample(&mut self, x: &[T], targets: &[T]) -> T {
        let (network, pass) = (&self.network, &mut self.pass);
        if let Some(dropout) = &mut self.dropout {
            dropout.next(&mut pass.masks);
        }
        network.forward(x, pass);
        let mut loss = self.loss.value(pass.predictions(), targets);
        pass.weight = weight(&self.class_weights, targets);
        if let Some(weight) = pass.weight {
            loss = loss * weight;
            self.weight_sum += weight;
        }
        network.backward(x, targets, self.loss, pass, &mut self.gradients);
        loss
    }

    /// The weight in the loss of a batch of so many samples: Σ w, or the number of samples if they
    /// have no weights.
    pub fn batch_weight(&self, samples: usize) -> f64 {
        if self.class_weights.is_empty() {
            samples as f64
        } else {
            self.weight_sum.to_f64()
        }
    }

    /// The factor that makes the summed gradients of a batch of so many samples their mean: 1 / the
    /// number of their terms, or 1 / Σ w if samples have weights.
    #[inline(always)]
    pub fn mean_factor(&self, samples: usize) -> T {
        if self.class_weights.is_empty() {
            let outputs = self.pass.predictions().len();
            mean_factor(self.loss.terms(samples, outputs))
        } else {
            T::one() / self.weight_sum
        }
    }

    /// Turns the summed gradients of a batch of so many samples into their mean (see
    /// [`Session::mean_factor`]).
    #[inline(always)]
    pub fn average(&mut self, samples: usize) {
        let factor = self.mean_factor(samples);
        for values in self.gradients.slices_mut() {
            for g in values {
                *g = *g * factor;
            }
        }
    }

    /// Adds the gradients of the penalties on the weights.
    #[inline(always)]
    pub fn penalize(&mut self) {
        for layer in 0..self.network.architecture.activations.len() {
            let (weights, _) = self.network.parameters.layer(layer);
            let (d_weights, _) = self.gradients.layer_mut(layer);
            for (g, &w) in d_weights.iter_mut().zip(weights) {
                *g = self.shaping.penalized(*g, w);
            }
        }
    }

    /// Bounds the gradients' values and their norm.
    #[inline(always)]
    pub fn clip(&mut self) {
        for g in self.gradients.slices_mut().flatten() {
            *g = self.shaping.clipped(*g);
        }
        if self.shaping.form().clip_norm {
            let squares = sum_of_squares(&self.gradients, &self.network.architecture.layers);
            let scale = self.shaping.scale(squares);
            for g in self.gradients.slices_mut().flatten() {
                *g = *g * scale;
            }
        }
    }

    /// One update by the gradients, with learning rate η. Returns the numbers of this update.
    #[inline(always)]
    pub fn update(&mut self, learning_rate: T::Wide) -> Factors<T> {
        let factors = self.rule.advance(T::Mask::splat(true), learning_rate);
        factors.update(All {
            parameters: &mut self.network.parameters,
            gradients: &self.gradients,
            slots: &mut self.slots,
        });
        factors
    }

    /// One step: the samples of a batch in their order, their mean gradient, penalties, clipping,
    /// update. `seen` receives each sample's loss and, in the session's `pass`, its predictions.
    #[inline(always)]
    pub fn step(
        &mut self,
        data: &mut Examples<'_, T>,
        batch: &[u32],
        learning_rate: f64,
        mut seen: impl FnMut(T, &[T], &[T]),
    ) {
        self.begin();
        for &sample in batch {
            let (x, targets) = data.sample(sample as usize);
            let loss = self.sample(x, targets);
            seen(loss, self.pass.predictions(), targets);
        }
        self.finish(batch.len(), learning_rate);
    }

    /// The end of a step, after the gradients of a batch of so many samples have been summed.
    #[inline(always)]
    pub fn finish(&mut self, samples: usize, learning_rate: f64) {
        self.average(samples);
        self.penalize();
        self.clip();
        self.update(learning_rate);
    }
}

/// The weight of the class in `targets`, if classes have weights.
#[inline(always)]
fn weight<T: Scalar>(class_weights: &[T], targets: &[T]) -> Option<T> {
    if class_weights.is_empty() {
        return None;
    }
    Some(class_weights[targets[0].to_f64() as usize])
}

/// A visit to all parameters, layer by layer.
struct All<'a, T> {
    parameters: &'a mut Parameters<T>,
    gradients: &'a Parameters<T>,
    slots: &'a mut [Parameters<T>],
}

impl<T: Real> Visit<T> for All<'_, T> {
    #[inline(always)]
    fn visit<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>) {
        let mut slots: Vec<_> = self.slots.iter_mut().map(Parameters::slices_mut).collect();
        let parts = self.parameters.slices_mut().zip(self.gradients.slices());
        for (values, gradients) in parts {
            let slots: [&mut [T]; SLOTS] = core::array::from_fn(|slot| {
                slots[slot]
                    .next()
                    .expect("slots have the parameters' shape")
            });
            visit_slices(values, gradients, slots, formula);
        }
    }
}

#[inline(always)]
fn visit_slices<T: Copy, const SLOTS: usize>(
    values: &mut [T],
    gradients: &[T],
    mut slots: [&mut [T]; SLOTS],
    formula: impl Formula<T, SLOTS>,
) {
    let count = values.len();
    let gradients = &gradients[..count];
    for slot in &mut slots {
        *slot = &mut core::mem::take(slot)[..count];
    }
    for (i, (value, &g)) in values.iter_mut().zip(gradients).enumerate() {
        let old = core::array::from_fn(|slot| slots[slot][i]);
        let (new, remembered) = formula.apply(*value, g, old);
        *value = new;
        for (slot, number) in slots.iter_mut().zip(remembered) {
            slot[i] = number;
        }
    }
}
