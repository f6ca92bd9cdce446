//! The learning of one run.

use std::ops::ControlFlow;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::init::Init;
use super::loss::Loss;
use super::network::{Architecture, Network, Parameters, Pass, rows};
use super::real::Real;
use super::settings::{Precision, Settings};
use crate::rng::{Stream, stream};

/// Inputs (samples, features) and targets (samples, outputs) to learn from, and to be tried on.
#[derive(Debug, Clone)]
pub struct Examples<T> {
    /// Inputs, (samples, features).
    pub x: Array2<T>,
    /// Targets, (samples, outputs).
    pub y: Array2<T>,
}

impl<T: Real> Examples<T> {
    /// The same examples in this number format, each value rounded to the nearest.
    pub fn from_f64(x: &Array2<f64>, y: &Array2<f64>) -> Self {
        let convert = |matrix: &Array2<f64>| {
            let standard = matrix.as_standard_layout();
            standard.map(|&value| T::from_f64(value))
        };
        Self {
            x: convert(x),
            y: convert(y),
        }
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
    /// Early stopping ended it after this epoch.
    Stopped {
        /// Counted from 1.
        epoch: u64,
    },
    /// The observer asked to stop.
    Interrupted,
}

/// A trained network, and how its training ended.
#[derive(Debug, Clone)]
pub struct Trained<T> {
    /// The parameters after the last update, or those of the best epoch if early stopping restores
    /// them.
    pub parameters: Parameters<T>,
    /// How it ended.
    pub ending: Ending,
}

/// Trains one network from `parameters` on: for each epoch, for each batch: forward, loss,
/// backward, average, update.
///
/// The order of the samples comes from the `Shuffle` stream of `seed`; each epoch shuffles the order
/// of the one before. `observer` is told of every epoch in which all stayed finite.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit: the plan promises that they do.
pub fn train<T: Real>(
    architecture: &Architecture,
    parameters: Parameters<T>,
    train_data: &Examples<T>,
    valid_data: Option<&Examples<T>>,
    settings: &Settings,
    seed: u64,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<T> {
    super::dispatch::train(
        architecture,
        parameters,
        train_data,
        valid_data,
        settings,
        seed,
        observer,
    )
}

/// The text of [`train`], compiled once for each set of instructions.
#[inline(always)]
pub(super) fn learn<T: Real>(
    architecture: &Architecture,
    parameters: Parameters<T>,
    train_data: &Examples<T>,
    valid_data: Option<&Examples<T>>,
    settings: &Settings,
    seed: u64,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<T> {
    let loss = settings.loss;
    let count = train_data.x.nrows();
    let outputs = train_data.y.ncols();
    let batch_size = settings.batch_size.samples(count);
    let learning_rate = T::from_f64(settings.learning_rate);

    let mut network = Network {
        architecture: architecture.clone(),
        parameters,
    };
    let mut pass = Pass::new(&architecture.layers);
    let mut gradients = Parameters::zeros(&architecture.layers);
    let mut order: Vec<usize> = (0..count).collect();
    let mut random = stream(seed, Stream::Shuffle);
    let mut updates = 0;
    let mut ending = Ending::Finished;

    for epoch in 1..=settings.epochs {
        if settings.shuffle {
            random.shuffle(&mut order);
        }
        let mut loss_sum = 0.0;
        for batch in order.chunks(batch_size) {
            gradients
                .slices_mut()
                .for_each(|values| values.fill(T::ZERO));
            for &sample in batch {
                let (x, target) = (row(&train_data.x, sample), row(&train_data.y, sample));
                network.forward(x, &mut pass);
                loss_sum += loss.value(pass.predictions(), target).to_f64();
                network.backward(x, target, loss, &mut pass, &mut gradients);
            }
            average(&mut gradients, loss.terms(batch.len(), outputs));
            settings
                .optimizer
                .update(&mut network.parameters, &gradients, learning_rate);
            updates += 1;
        }
        let train_loss = loss_sum / count as f64;
        let valid_loss = valid_data.map(|data| mean_loss(&network, data, loss, &mut pass));

        let finite = train_loss.is_finite()
            && valid_loss.is_none_or(f64::is_finite)
            && network.parameters.are_finite();
        if !finite {
            ending = Ending::Diverged { epoch, updates };
            break;
        }
        let epoch_row = EpochRow {
            epoch,
            updates,
            samples: epoch * count as u64,
            learning_rate: settings.learning_rate,
            train_loss,
            valid_loss,
            train_metrics: [f64::NAN; MAX_METRICS],
            valid_metrics: [f64::NAN; MAX_METRICS],
        };
        if observer(&epoch_row).is_break() {
            ending = Ending::Interrupted;
            break;
        }
    }
    Trained {
        parameters: network.parameters,
        ending,
    }
}

/// Divides summed gradients by the number of their terms: multiplies by its reciprocal.
#[inline(always)]
fn average<T: Real>(gradients: &mut Parameters<T>, terms: usize) {
    let share = T::ONE / T::from_count(terms);
    for values in gradients.slices_mut() {
        for value in values {
            *value = *value * share;
        }
    }
}

/// The mean loss over `data`, summed in f64 from the first sample to the last.
#[inline(always)]
fn mean_loss<T: Real>(
    network: &Network<T>,
    data: &Examples<T>,
    loss: Loss,
    pass: &mut Pass<T>,
) -> f64 {
    let mut sum = 0.0;
    for (x, target) in rows(&data.x).zip(rows(&data.y)) {
        network.forward(x, pass);
        sum += loss.value(pass.predictions(), target).to_f64();
    }
    sum / data.x.nrows() as f64
}

/// One row of a matrix as a slice.
#[inline(always)]
fn row<T>(matrix: &Array2<T>, index: usize) -> &[T] {
    let columns = matrix.ncols();
    let flat = matrix.as_slice().expect("matrices are stored row by row");
    &flat[index * columns..(index + 1) * columns]
}

/// Draws the initial weights and trains in the precision of the settings; the trained parameters
/// come back as f64, which holds every f32 exactly.
pub fn train_from_init(
    architecture: &Architecture,
    init: &Init,
    examples: (&Array2<f64>, &Array2<f64>),
    valid: Option<(&Array2<f64>, &Array2<f64>)>,
    settings: &Settings,
    seed: u64,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    fn run<T: Real>(
        architecture: &Architecture,
        start: &Parameters,
        examples: (&Array2<f64>, &Array2<f64>),
        valid: Option<(&Array2<f64>, &Array2<f64>)>,
        settings: &Settings,
        seed: u64,
        observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
    ) -> Trained<f64> {
        let train_data = Examples::<T>::from_f64(examples.0, examples.1);
        let valid_data = valid.map(|(x, y)| Examples::<T>::from_f64(x, y));
        let trained = train(
            architecture,
            start.convert(),
            &train_data,
            valid_data.as_ref(),
            settings,
            seed,
            observer,
        );
        Trained {
            parameters: trained.parameters.convert(),
            ending: trained.ending,
        }
    }
    let start = init.parameters(&architecture.layers, seed);
    let run = match settings.precision {
        Precision::F32 => run::<f32>,
        Precision::F64 => run::<f64>,
    };
    run(
        architecture,
        &start,
        examples,
        valid,
        settings,
        seed,
        observer,
    )
}
