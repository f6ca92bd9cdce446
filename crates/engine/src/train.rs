//! The learning of one run.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::batch::{self, Batch};
use crate::lockstep;
use crate::reference::network::{Architecture, Parameters};
use crate::reference::session::Session;
use crate::run::examples::Examples;
use crate::run::stopping::Watch;
use crate::words::init::Init;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::settings::{Precision, Settings};
use numbers::Product;
use numbers::dispatch::{Format, Kernel, dispatch};
use numbers::matrix::DataMatrix;
use numbers::random::{Random, Stream, stream};
use numbers::real::{Real, Scalar};

/// Inputs (samples, features) and targets (samples, see [`Loss::targets`]), at least one sample.
#[derive(Debug, Clone, Copy)]
pub struct Samples<'a> {
    /// Inputs, (samples, features).
    pub x: &'a DataMatrix,
    /// Targets: (samples, outputs), or (samples, 1) class indices for cross_entropy.
    pub y: &'a DataMatrix,
}

/// All that the numbers of one run depend on.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Nodes and activations.
    pub architecture: &'a Architecture,
    /// The initial weights.
    pub init: &'a Init,
    /// What it learns from.
    pub train: Samples<'a>,
    /// What it is tried on after each epoch.
    pub valid: Option<Samples<'a>>,
    /// How it learns.
    pub settings: &'a Settings,
    /// What the initial weights are drawn from.
    pub init_seed: u64,
    /// What the order of the samples is drawn from.
    pub shuffle_seed: u64,
}

/// The order in which the samples are seen.
#[derive(Debug, Clone)]
pub struct Order {
    samples: Vec<u32>,
    random: Option<Random>,
}

impl Order {
    /// The samples' own order, shuffled for each epoch if `shuffle` says so: each epoch shuffles the
    /// order of the one before, by the `Shuffle` stream of `seed`.
    ///
    /// # Panics
    /// If there are more than 2³² − 1 samples.
    pub fn new(count: usize, shuffle: bool, seed: u64) -> Self {
        let count = u32::try_from(count).expect("no more than 2^32 - 1 samples");
        Self {
            samples: (0..count).collect(),
            random: shuffle.then(|| stream(seed, Stream::Shuffle)),
        }
    }

    /// The order of this epoch.
    #[inline(always)]
    pub fn samples(&self) -> &[u32] {
        &self.samples
    }

    /// The order of the next epoch.
    pub fn next_epoch(&mut self) -> &[u32] {
        if let Some(random) = &mut self.random {
            random.shuffle(&mut self.samples);
        }
        &self.samples
    }
}

/// How many metrics a run can have.
pub const MAX_METRICS: usize = 2;

/// A row of history: the state after an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochRow {
    /// Epochs so far, this one included.
    pub epoch: u64,
    /// Updates so far.
    pub updates: u64,
    /// Samples seen so far.
    pub samples: u64,
    /// The learning rate of this epoch.
    pub learning_rate: f64,
    /// The mean over the epoch's samples of the loss seen while training, each before its update.
    pub train_loss: f64,
    /// The mean loss of the validation data after the epoch.
    pub valid_loss: Option<f64>,
    /// The metrics of the settings, in their order, from the predictions that `train_loss` is made
    /// of; NaN where there is none.
    pub train_metrics: [f64; MAX_METRICS],
    /// The metrics of the settings for the validation data after the epoch; NaN where there is none.
    pub valid_metrics: [f64; MAX_METRICS],
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All epochs were trained.
    Finished,
    /// In this epoch the loss or a weight stopped being finite.
    Diverged {
        /// Counted from 1.
        epoch: u64,
        /// Updates up to and including that epoch.
        updates: u64,
    },
    /// Early stopping ended it after this epoch, before the last one.
    Stopped {
        /// Counted from 1.
        epoch: u64,
    },
    /// The observer asked to stop.
    Interrupted,
}

/// A trained network, and how its training ended.
#[derive(Debug, Clone)]
pub struct Trained<T = f64> {
    /// The parameters after the last update, or those of the best epoch if early stopping restores
    /// them.
    pub parameters: Parameters<T>,
    /// How it ended.
    pub ending: Ending,
    /// The epoch of the lowest validation loss, or training loss where there is no validation
    /// data; the first of equal ones. `None` if no epoch stayed finite.
    pub best: Option<EpochRow>,
    /// The epoch whose parameters these are. `None` if no epoch stayed finite.
    pub kept: Option<EpochRow>,
}

/// Draws the initial weights and trains in the precision of the settings, with the fastest
/// instructions of this CPU; the trained parameters come back as f64, which holds every f32 exactly.
///
/// `observer` is told of every epoch in which all stayed finite.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit: the plan promises that they do.
pub fn train(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    match lockstep::train_known(task, observer) {
        Some(trained) => trained,
        None => train_as(task, Walk::Fastest, observer),
    }
}

/// Whether idle threads of the pool can help with this run's training.
pub fn can_be_helped(task: &Task<'_>) -> bool {
    let samples = task.settings.batch_size.samples(task.train.x.nrows());
    batch::is_shared(&task.architecture.layers, samples)
}

/// As [`train`], always a sample at a time: the definition of every bit.
///
/// # Panics
/// As [`train`].
pub fn train_reference(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    train_as(task, Walk::Reference, observer)
}

/// How a batch's samples are walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// All at once where that is faster.
    Fastest,
    /// One after the other.
    Reference,
}

fn train_as(
    task: &Task<'_>,
    walk: Walk,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    match task.settings.precision {
        Precision::F32 => train_in::<f32>(task, walk, observer),
        Precision::F64 => train_in::<f64>(task, walk, observer),
    }
}

/// As [`train`], in this number format: for each epoch, for each batch forward, loss, backward,
/// average, update.
fn train_in<T: Product + Format>(
    task: &Task<'_>,
    walk: Walk,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    let settings = task.settings;
    let layers = &task.architecture.layers;
    let start = task.init.parameters(layers, task.init_seed).convert::<T>();
    let mut train = Examples::<T>::new(task.train);
    let mut valid = task.valid.map(Examples::<T>::new);
    let count = train.count();
    let batch_size = settings.batch_size.samples(count);
    let mut session = Session::new(task.architecture, start, settings);
    let mut order = Order::new(count, settings.shuffle, task.shuffle_seed);
    let mut watch = Watch::new(settings);
    let whole = walk == Walk::Fastest && batch::worth_it(layers, batch_size);
    let mut whole = whole.then(|| Batch::new(layers, batch_size));
    let mut restored = None;
    let mut updates = 0;
    let mut ending = Ending::Finished;

    for epoch in 1..=settings.epochs {
        let learning_rate = settings
            .schedule
            .learning_rate(settings.learning_rate, epoch);
        let order = order.next_epoch();
        let mut sums = Sums::new(settings);
        match &mut whole {
            Some(whole) => order.chunks(batch_size).for_each(|batch| {
                whole.step(&mut session, &train, batch, learning_rate, &mut sums)
            }),
            None => dispatch(Epoch {
                session: &mut session,
                data: &mut train,
                order,
                batch_size,
                learning_rate,
                sums: &mut sums,
            }),
        }
        updates += count.div_ceil(batch_size) as u64;
        let outputs = session.pass.predictions().len();
        let (train_loss, train_metrics) = sums.figures(&train, outputs);
        let valid = valid.as_mut().map(|data| {
            let mut sums = Sums::new(settings);
            match &mut whole {
                Some(whole) => whole.evaluate(&session.network, settings.loss, data, &mut sums),
                None => dispatch(Evaluate {
                    session: &mut session,
                    data,
                    sums: &mut sums,
                }),
            }
            sums.figures(data, outputs)
        });
        let valid_loss = valid.map(|(loss, _)| loss);
        let finite = train_loss.is_finite()
            && valid_loss.is_none_or(f64::is_finite)
            && session.network.parameters.are_finite();
        if !finite {
            ending = Ending::Diverged { epoch, updates };
            break;
        }
        let row = EpochRow {
            epoch,
            updates,
            samples: epoch * count as u64,
            learning_rate,
            train_loss,
            valid_loss,
            train_metrics,
            valid_metrics: valid.map_or([f64::NAN; MAX_METRICS], |(_, metrics)| metrics),
        };
        let verdict = watch.observe(&row);
        if verdict.improved && watch.restores() {
            restored = Some(session.network.parameters.clone());
        }
        if observer(&row).is_break() {
            ending = Ending::Interrupted;
            break;
        }
        if verdict.stop && epoch < settings.epochs {
            ending = Ending::Stopped { epoch };
            break;
        }
    }
    Trained {
        parameters: restored.unwrap_or(session.network.parameters).convert(),
        ending,
        best: watch.best(),
        kept: watch.kept(),
    }
}

/// One epoch, a sample at a time: the reference, which any faster engine equals bit for bit.
struct Epoch<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    order: &'a [u32],
    batch_size: usize,
    learning_rate: f64,
    sums: &'a mut Sums<'s>,
}

impl<T: Scalar> Kernel for Epoch<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let sums = self.sums;
        for batch in self.order.chunks(self.batch_size) {
            let seen = |loss, predictions: &[T], targets: &[T]| {
                sums.add(loss, predictions, targets, 1);
            };
            self.session
                .step(self.data, batch, self.learning_rate, seen);
        }
    }
}

/// The losses and metrics of a network on `data`, a sample at a time.
struct Evaluate<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    sums: &'a mut Sums<'s>,
}

impl<T: Scalar> Kernel for Evaluate<'_, '_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Session {
            network,
            pass,
            loss,
            ..
        } = self.session;
        for sample in 0..self.data.count() {
            let (x, targets) = self.data.sample(sample);
            network.forward(x, pass);
            let predictions = pass.predictions();
            let value = loss.value(predictions, targets);
            self.sums.add(value, predictions, targets, 1);
        }
    }
}

/// Adds the first `count` lanes to a sum, from first to last.
#[inline(always)]
pub(super) fn add_lanes<V: Real>(sum: &mut f64, terms: V, count: usize) {
    for lane in 0..count {
        *sum += terms.lane(lane).to_f64();
    }
}

/// The loss and the metrics of samples, summed in f64 from the first sample to the last.
pub(super) struct Sums<'a> {
    loss: Loss,
    metrics: &'a [Metric],
    loss_sum: f64,
    metric_sums: [f64; MAX_METRICS],
}

impl<'a> Sums<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self {
            loss: settings.loss,
            metrics: &settings.metrics,
            loss_sum: 0.0,
            metric_sums: [0.0; MAX_METRICS],
        }
    }

    /// Adds the samples in the first `count` lanes, in their order.
    #[inline(always)]
    pub fn add<V: Real>(&mut self, loss: V, predictions: &[V], targets: &[V], count: usize) {
        add_lanes(&mut self.loss_sum, loss, count);
        for (sum, metric) in self.metric_sums.iter_mut().zip(self.metrics) {
            add_lanes(sum, metric.term(self.loss, predictions, targets), count);
        }
    }

    /// The mean loss and the metrics of all of `data`.
    fn figures<T: Scalar>(
        &self,
        data: &Examples<'_, T>,
        outputs: usize,
    ) -> (f64, [f64; MAX_METRICS]) {
        (
            self.loss_sum / data.count() as f64,
            metric_figures(
                self.loss,
                self.metrics,
                self.metric_sums,
                data.count(),
                outputs,
                data.total_squares(),
            ),
        )
    }
}

/// The metrics of so many samples of so many outputs, from the sums of their terms; NaN where there is
/// none. `total_squares`: see [`total_squares`](crate::words::metric::total_squares).
pub(super) fn metric_figures(
    loss: Loss,
    metrics: &[Metric],
    sums: [f64; MAX_METRICS],
    samples: usize,
    outputs: usize,
    total_squares: f64,
) -> [f64; MAX_METRICS] {
    let mut figures = [f64::NAN; MAX_METRICS];
    for ((figure, sum), metric) in figures.iter_mut().zip(sums).zip(metrics) {
        *figure = metric.figure(loss, sum, samples, outputs, total_squares);
    }
    figures
}
