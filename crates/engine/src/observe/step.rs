//! The observation of one step of a run, between its parts.

use super::replay::Replay;
use crate::parameters::Parameters;
use crate::reference::layer::errors_before;
use crate::reference::network::Pass;
use crate::reference::parts::{self, Part};
use crate::reference::session::Session;
use crate::reference::shaping::sum_of_squares;
use crate::run::task::Task;
use crate::words::settings::{Precision, Settings};
use alloc::vec;
use alloc::vec::Vec;
use numbers::Product;
use numbers::dispatch::Format;
use numbers::real::Scalar;

/// A step of a run, and a sample of its batch; all are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// The epoch.
    pub epoch: u64,
    /// The batch of that epoch.
    pub step: usize,
    /// The sample of that batch.
    pub sample: usize,
}

/// One observed step.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The epoch, step and sample of the run that these quantities belong to.
    pub at: At,
    /// Batches per epoch.
    pub steps: usize,
    /// The number of this update in the run, from 1.
    pub update: u64,
    /// η.
    pub learning_rate: f64,
    /// The rows of the training data in this batch, from 0, in their order.
    pub batch: Vec<usize>,
    /// The observed sample.
    pub sample: Sample,
    /// The loss of each sample of the batch, times the sample's weight if samples have weights.
    pub losses: Vec<f64>,
    /// The sum of the weights of the batch's samples, if samples have weights.
    pub weight_sum: Option<f64>,
    /// The gradients of each sample of the batch; empty if the samples are too many.
    pub gradients: Vec<Parameters>,
    /// The parameters before the update.
    pub before: Parameters,
    /// The parameters after the update.
    pub after: Parameters,
    /// The gradient of the batch at each stage of its shaping.
    pub stages: Stages,
    /// The optimizer's slots before the update.
    pub slots_before: Vec<Parameters>,
    /// The optimizer's slots after the update.
    pub slots_after: Vec<Parameters>,
    /// The parameters after an update by the summed gradient instead of the mean one.
    pub after_by_sum: Parameters,
}

/// The quantities of one sample in the forward and the backward pass.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its inputs.
    pub x: Vec<f64>,
    /// Its targets.
    pub targets: Vec<f64>,
    /// Sums, outputs, errors and deltas of each layer.
    pub pass: Pass<f64>,
    /// f′(u) of each layer.
    pub slopes: Vec<Vec<f64>>,
    /// ∂E/∂x: the error that [`errors_before`] gives for the input layer. Training does not compute
    /// it.
    pub input_errors: Vec<f64>,
    /// Its loss L, times its weight if it has one.
    pub loss: f64,
    /// The gradients of this sample alone, before any sum or mean.
    pub gradients: Parameters,
}

/// The gradient of the batch at each stage.
#[derive(Debug, Clone)]
pub struct Stages {
    /// Summed over the samples.
    pub summed: Parameters,
    /// Divided by the number of terms.
    pub averaged: Parameters,
    /// With the penalties' derivatives, if there are penalties.
    pub penalised: Option<Parameters>,
    /// Clipped, if there is a limit.
    pub clipped: Option<Parameters>,
    /// The norm of all gradients before clipping, where the norm is limited.
    pub norm: Option<f64>,
    /// What all gradients are multiplied by, where the norm is limited.
    pub scale: Option<f64>,
}

impl Stages {
    /// The gradient that the optimizer receives: the last stage.
    pub fn last(&self) -> &Parameters {
        let shaped = self.clipped.as_ref().or(self.penalised.as_ref());
        shaped.unwrap_or(&self.averaged)
    }
}

/// Up to this many samples in a batch, each sample's gradients are kept.
const KEPT: usize = 64;

/// Trains up to the step and observes it, in the precision of the run. `full`: the gradients of
/// each sample are kept, whatever their number.
///
/// # Panics
/// If the run has no such step or sample: the caller has checked it.
pub fn observe(task: &Task<'_>, at: At, full: bool) -> Observation {
    match task.settings.precision {
        Precision::F32 => observe_in::<f32>(task, at, full),
        Precision::F64 => observe_in::<f64>(task, at, full),
    }
}

fn observe_in<T: Product + Format>(task: &Task<'_>, at: At, full: bool) -> Observation {
    let mut replay = Replay::<T>::new(task);
    loop {
        let earlier = replay.updates();
        replay.next_epoch();
        let batches = replay.batches();
        if replay.epoch() == at.epoch {
            for batch in &batches[..at.step - 1] {
                replay.step(batch);
            }
            let batch = &batches[at.step - 1];
            let update = earlier + at.step as u64;
            return look(
                replay,
                task.settings,
                batch,
                at,
                full,
                (batches.len(), update),
            );
        }
        batches.iter().for_each(|batch| replay.step(batch));
    }
}

/// Observes one step; its parts are called as [`Session::step`] calls them.
fn look<T: Product + Format>(
    replay: Replay<'_, T>,
    settings: &Settings,
    batch: &[u32],
    at: At,
    full: bool,
    (steps, update): (usize, u64),
) -> Observation {
    let learning_rate = replay.learning_rate();
    let Replay {
        mut session,
        mut data,
        ..
    } = replay;
    let wide = |parameters: &[Parameters<T>]| parameters.iter().map(Parameters::convert).collect();
    let before = session.network.parameters.convert();
    let slots_before = wide(&session.slots);
    let kept = full || batch.len() <= KEPT;

    session.begin();
    let mut alone = session.clone();
    let (mut losses, mut gradients, mut shown) = (Vec::new(), Vec::new(), None);
    for (index, &row) in batch.iter().enumerate() {
        let dropout = session.dropout.clone();
        losses.extend(parts::accumulate(&mut session, &mut data, &[row]));
        let (is_kept, is_shown) = (kept && batch.len() > 1, index + 1 == at.sample);
        if !(is_kept || is_shown) {
            continue;
        }
        alone.begin();
        alone.dropout = dropout;
        let loss = parts::accumulate(&mut alone, &mut data, &[row])[0];
        let own: Parameters = alone.gradients.convert();
        if is_shown {
            let (x, targets) = data.sample(row as usize);
            shown = Some(sample(&alone, x, targets, loss, own.clone()));
        }
        if is_kept {
            gradients.push(own);
        }
    }
    let summed = session.gradients.convert();
    let is_weighted = !session.class_weights.is_empty();
    let update_alone = [Part::Update { learning_rate }];
    let mut by_sum = session.clone();
    parts::finish(&mut by_sum, &update_alone);

    let samples = batch.len();
    parts::finish(&mut session, &[Part::Average { samples }]);
    let averaged = session.gradients.convert();
    parts::finish(&mut session, &[Part::Penalize]);
    let is_penalised = settings.l1 != 0.0 || settings.l2 != 0.0;
    let penalised = is_penalised.then(|| session.gradients.convert());
    let squares = settings
        .clip_norm
        .map(|_| sum_of_squares(&session.gradients, &session.network.architecture.layers));
    parts::finish(&mut session, &[Part::Clip]);
    let is_clipped = settings.clip_value.is_some() || settings.clip_norm.is_some();
    let clipped = is_clipped.then(|| session.gradients.convert());
    let scale = squares.map(|squares| session.shaping.scale(squares).to_f64());
    let norm = squares.map(|squares| squares.sqrt().to_f64());
    parts::finish(&mut session, &update_alone);

    Observation {
        at,
        steps,
        update,
        learning_rate,
        batch: batch.iter().map(|&row| row as usize).collect(),
        sample: shown.expect("the caller promises that the batch has this sample"),
        losses,
        weight_sum: is_weighted.then(|| session.weight_sum.to_f64()),
        gradients,
        before,
        after: session.network.parameters.convert(),
        stages: Stages {
            summed,
            averaged,
            penalised,
            clipped,
            norm,
            scale,
        },
        slots_before,
        slots_after: wide(&session.slots),
        after_by_sum: by_sum.network.parameters.convert(),
    }
}

/// The quantities that a sample has just left in a session; `gradients` are those of this sample.
fn sample<T: Scalar>(
    session: &Session<T>,
    x: &[T],
    targets: &[T],
    loss: f64,
    gradients: Parameters,
) -> Sample {
    let numbers = |values: &[T]| {
        values
            .iter()
            .map(|value| value.to_f64())
            .collect::<Vec<f64>>()
    };
    let vectors = |layers: &[Vec<T>]| {
        layers
            .iter()
            .map(|layer| numbers(layer))
            .collect::<Vec<_>>()
    };
    let pass = &session.pass;
    let slopes = session
        .network
        .architecture
        .activations
        .iter()
        .zip(pass.sums.iter().zip(&pass.outputs))
        .map(|(activation, (u, z))| {
            let nodes = u.iter().zip(z);
            nodes
                .map(|(&u, &z)| activation.derivative(u, z).to_f64())
                .collect()
        })
        .collect();
    let mut input_errors = vec![T::zero(); x.len()];
    let (weights, _) = session.network.parameters.layer(0);
    errors_before(weights, &pass.deltas[0], &mut input_errors);
    Sample {
        x: numbers(x),
        targets: numbers(targets),
        pass: Pass {
            sums: vectors(&pass.sums),
            outputs: vectors(&pass.outputs),
            errors: vectors(&pass.errors),
            deltas: vectors(&pass.deltas),
            masks: vectors(&pass.masks),
            dropped: vectors(&pass.dropped),
            weight: pass.weight.map(T::to_f64),
        },
        slopes,
        input_errors: numbers(&input_errors),
        loss,
        gradients,
    }
}
