//! The outcome of a run: a row per epoch, and at the end the network and how the run ended.

use alloc::vec::Vec;

use choices::Choice;
use serde::{Deserialize, Serialize};

use crate::parameters::Parameters;
use crate::words::metric::Metric;
use numbers::real::Scalar;

/// The most metrics that a run can have.
pub const MAX_METRICS: usize = <Metric as Choice>::ALL.len();

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
    /// The mean loss of the epoch's training samples, each before its update.
    pub train_loss: f64,
    /// The mean loss of the validation data after the epoch.
    pub valid_loss: Option<f64>,
    /// The metrics of the settings, in their order, from the predictions of `train_loss`; NaN where
    /// a metric is undefined.
    pub train_metrics: [f64; MAX_METRICS],
    /// The metrics of the settings for the validation data after the epoch; NaN where a metric is
    /// undefined.
    pub valid_metrics: [f64; MAX_METRICS],
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All epochs were trained.
    Finished,
    /// The loss or a parameter stopped being finite in this epoch.
    Diverged {
        /// The epoch, counted from 1.
        epoch: u64,
        /// Updates up to and including that epoch.
        updates: u64,
    },
    /// Early stopping ended it after this epoch, before the last one.
    Stopped {
        /// The epoch, counted from 1.
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
    /// How the training ended.
    pub ending: Ending,
    /// The epoch of the lowest validation loss, or of the lowest training loss where there is no
    /// validation data; the first of equal ones. `None` if no epoch stayed finite.
    pub best: Option<EpochRow>,
    /// The epoch that `parameters` belong to. `None` if no epoch stayed finite.
    pub kept: Option<EpochRow>,
    /// The parameters during training, where the task asks for them: after each epoch that is a
    /// power of two and in which all numbers stayed finite.
    pub snapshots: Vec<Snapshot<T>>,
}

/// The parameters at one moment of a training.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T = f64> {
    /// The epoch after which the parameters were these.
    pub epoch: u64,
    /// The parameters after that epoch.
    pub parameters: Parameters<T>,
}

impl<T: Scalar> Snapshot<T> {
    /// The snapshot in f64.
    pub(crate) fn convert(self) -> Snapshot {
        Snapshot {
            epoch: self.epoch,
            parameters: self.parameters.convert(),
        }
    }
}
