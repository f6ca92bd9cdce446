//! The engine's own step, looked at between its parts.
//!
//! The session runs exactly what training runs, up to the step that is asked for; that step's parts
//! are called in the same order, and the numbers are copied out between them. Nothing is computed
//! here but copies in f64, which holds every f32 exactly.

use engine::reference::layer::errors_before;
use engine::reference::network::Pass;
use engine::reference::session::Session;
use engine::reference::shaping::sum_of_squares;
use engine::run::examples::Examples;
use engine::run::order::Order;
use engine::types::{Parameters, Precision, Task};
use numbers::real::Scalar;

/// Which step, and which sample of its batch; all counted from 1.
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
    /// Where it was looked.
    pub at: At,
    /// Batches per epoch.
    pub steps: usize,
    /// The number of this update in the run, from 1.
    pub update: u64,
    /// η.
    pub learning_rate: f64,
    /// The rows of the training data in this batch, from 0, in their order.
    pub batch: Vec<usize>,
    /// The sample that is shown.
    pub sample: Sample,
    /// The loss of each sample of the batch.
    pub losses: Vec<f64>,
    /// The gradients of each sample of the batch, if they are few enough to be kept.
    pub gradients: Vec<Parameters>,
    /// The parameters before the update.
    pub before: Parameters,
    /// The parameters after the update.
    pub after: Parameters,
    /// What becomes of the batch's gradient.
    pub stages: Stages,
    /// What the optimizer remembers, before.
    pub slots_before: Vec<Parameters>,
    /// What the optimizer remembers, after.
    pub slots_after: Vec<Parameters>,
    /// The parameters that an update by the summed gradient, without the mean, would have given.
    pub after_by_sum: Parameters,
}

/// One sample on its way through the network.
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
    /// ∂E/∂x: what the engine's walk from a layer to the one before gives for the first layer.
    /// Training has no use for it.
    pub input_errors: Vec<f64>,
    /// Its loss L.
    pub loss: f64,
    /// Its own gradients, before any sum or mean.
    pub gradients: Parameters,
}

/// The gradient of the batch from stage to stage.
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
    /// What the optimizer gets.
    pub fn last(&self) -> &Parameters {
        let shaped = self.clipped.as_ref().or(self.penalised.as_ref());
        shaped.unwrap_or(&self.averaged)
    }
}

/// Batches of more samples than this do not keep each sample's gradients.
pub const KEPT: usize = 64;

/// Trains up to the step and observes it, in the precision of the run.
///
/// # Panics
/// If there is no such step or sample: the caller has checked it.
pub fn observe(task: &Task<'_>, at: At, full: bool) -> Observation {
    match task.settings.precision {
        Precision::F32 => observe_in::<f32>(task, at, full),
        Precision::F64 => observe_in::<f64>(task, at, full),
    }
}

fn observe_in<T: Scalar>(task: &Task<'_>, at: At, full: bool) -> Observation {
    let mut data = Examples::<T>::new(task.train);
    let mut walk = Walk::<T>::new(task, data.count());
    loop {
        let (epoch, learning_rate) = walk.next_epoch(task);
        let order = walk.order.clone();
        let batches = order.chunks(walk.batch_size);
        let steps = batches.len();
        for (index, batch) in batches.enumerate() {
            if epoch == at.epoch && index + 1 == at.step {
                let update = walk.updates + 1;
                return look(
                    walk.session,
                    task,
                    &mut data,
                    batch,
                    at,
                    full,
                    (steps, update, learning_rate),
                );
            }
            walk.session
                .step(&mut data, batch, learning_rate, |_, _, _| {});
            walk.updates += 1;
        }
        assert!(
            epoch < at.epoch,
            "the caller promises that the epoch has this step"
        );
    }
}

/// A session that goes from epoch to epoch as training does.
pub struct Walk<T: Scalar> {
    /// What learns.
    pub session: Session<T>,
    /// The order of the samples in this epoch.
    pub order: Vec<u32>,
    /// Samples per batch.
    pub batch_size: usize,
    /// Updates so far.
    pub updates: u64,
    orders: Order,
    epoch: u64,
}

impl<T: Scalar> Walk<T> {
    /// Before the first epoch.
    pub fn new(task: &Task<'_>, count: usize) -> Self {
        let start = task
            .init
            .parameters(&task.architecture.layers, task.init_seed);
        Self {
            session: Session::new(task.architecture, start.convert(), task.settings),
            order: Vec::new(),
            batch_size: task.settings.batch_size.samples(count),
            updates: 0,
            orders: Order::new(count, task.settings.shuffle, task.shuffle_seed),
            epoch: 0,
        }
    }

    /// Goes to the next epoch; its number and its learning rate.
    pub fn next_epoch(&mut self, task: &Task<'_>) -> (u64, f64) {
        self.epoch += 1;
        self.order = self.orders.next_epoch().to_vec();
        let settings = task.settings;
        let rate = settings
            .schedule
            .learning_rate(settings.learning_rate, self.epoch);
        (self.epoch, rate)
    }
}

/// One step, its parts called as [`Session::step`] calls them.
fn look<T: Scalar>(
    mut session: Session<T>,
    task: &Task<'_>,
    data: &mut Examples<'_, T>,
    batch: &[u32],
    at: At,
    full: bool,
    (steps, update, learning_rate): (usize, u64, f64),
) -> Observation {
    let wide = |parameters: &[Parameters<T>]| parameters.iter().map(Parameters::convert).collect();
    let before = session.network.parameters.convert();
    let slots_before = wide(&session.slots);
    let kept = full || batch.len() <= KEPT;

    session.begin();
    let (mut losses, mut gradients, mut shown) = (Vec::new(), Vec::new(), None);
    for (index, &row) in batch.iter().enumerate() {
        let (x, targets) = data.sample(row as usize);
        let loss = session.sample(x, targets);
        losses.push(loss.to_f64());
        if kept && batch.len() > 1 {
            gradients.push(own_gradients(&session, x, targets).convert());
        }
        if index + 1 == at.sample {
            shown = Some(sample(&session, x, targets, loss));
        }
    }
    let summed = session.gradients.convert();
    let mut by_sum = session.clone();

    session.average(batch.len());
    let averaged = session.gradients.convert();
    session.penalize();
    let settings = task.settings;
    let is_penalised = settings.l1 != 0.0 || settings.l2 != 0.0;
    let penalised = is_penalised.then(|| session.gradients.convert());
    let squares = settings
        .clip_norm
        .map(|_| sum_of_squares(&session.gradients, &task.architecture.layers));
    session.clip();
    let is_clipped = settings.clip_value.is_some() || settings.clip_norm.is_some();
    let clipped = is_clipped.then(|| session.gradients.convert());
    let scale = squares.map(|squares| session.shaping.scale(squares).to_f64());
    let norm = squares.map(|squares| squares.sqrt().to_f64());
    session.update(learning_rate);
    by_sum.update(learning_rate);

    Observation {
        at,
        steps,
        update,
        learning_rate,
        batch: batch.iter().map(|&row| row as usize).collect(),
        sample: shown.expect("the caller promises that the batch has this sample"),
        losses,
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

/// The gradients of one sample alone: the engine's backward pass into gradients of 0.
fn own_gradients<T: Scalar>(session: &Session<T>, x: &[T], targets: &[T]) -> Parameters<T> {
    let network = &session.network;
    let mut gradients = Parameters::zeros(&network.architecture.layers);
    let mut pass = session.pass.clone();
    network.backward(x, targets, session.loss, &mut pass, &mut gradients);
    gradients
}

/// What the sample that the session has just seen has left behind.
fn sample<T: Scalar>(session: &Session<T>, x: &[T], targets: &[T], loss: T) -> Sample {
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
        },
        slopes,
        input_errors: numbers(&input_errors),
        loss: loss.to_f64(),
        gradients: own_gradients(session, x, targets).convert(),
    }
}
