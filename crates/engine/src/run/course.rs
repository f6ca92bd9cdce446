//! The course of one run: its epochs one after the other, the figures of each, and the ending.
//!
//! The training loop asks [`Course::begin_epoch`] for the learning rate, trains the epoch, and
//! hands its figures to [`Course::end_epoch`], which makes the row of history, remembers the
//! parameters that early stopping may restore, and says whether the run is over.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::parameters::Parameters;
use crate::run::outcome::{Ending, EpochRow, MAX_METRICS, Snapshot, Trained};
use crate::run::state::{CourseState, SnapshotState};
use crate::run::stopping::Watch;
use crate::run::sums::Figures;
use crate::run::task::Task;
use crate::words::settings::Settings;
use numbers::real::Scalar;

/// A run on its way from the first epoch to its end.
#[derive(Debug, Clone)]
pub struct Course<'a, T> {
    settings: &'a Settings,
    /// Samples of an epoch.
    samples: usize,
    /// The current epoch, from 1.
    epoch: u64,
    /// The learning rate of the current epoch.
    learning_rate: f64,
    watch: Watch,
    restored: Option<Parameters<T>>,
    /// The snapshots so far; `None` where the task asks for none.
    snapshots: Option<Vec<Snapshot<T>>>,
}

/// The figures of one epoch.
#[derive(Debug, Clone, Copy)]
pub struct EpochResult {
    /// The figures of the training samples, each before its update.
    pub train: Figures,
    /// The figures of the validation data after the epoch, if there are any.
    pub valid: Option<Figures>,
    /// Whether every parameter is finite.
    pub finite: bool,
}

impl<'a, T: Scalar> Course<'a, T> {
    /// The course before the first epoch of a run with so many training samples.
    pub fn new(task: &Task<'a>, samples: usize) -> Self {
        let settings = task.settings;
        Self {
            settings,
            samples,
            epoch: 0,
            learning_rate: settings.learning_rate,
            watch: Watch::new(settings),
            restored: None,
            snapshots: task.snapshots.then(Vec::new),
        }
    }

    /// Goes on from a state of a run with these settings; `layers` are the layers of its network.
    pub(crate) fn resume(&mut self, state: &CourseState, layers: &[usize]) {
        self.epoch = state.epochs;
        self.watch.resume(state.memory);
        let parameters = |numbers: &Vec<f64>| {
            let mut parameters = Parameters::zeros(layers);
            parameters.set_numbers(numbers);
            parameters
        };
        self.restored = state.restored.as_ref().map(parameters);
        let snapshots = state.snapshots.iter().map(|snapshot| Snapshot {
            epoch: snapshot.epoch,
            parameters: parameters(&snapshot.numbers),
        });
        if let Some(own) = &mut self.snapshots {
            own.extend(snapshots);
        }
    }

    /// The state after `epochs` epochs, for [`Course::resume`].
    pub(crate) fn state(&self, epochs: u64) -> CourseState {
        let snapshot = |snapshot: &Snapshot<T>| SnapshotState {
            epoch: snapshot.epoch,
            numbers: snapshot.parameters.numbers(),
        };
        CourseState {
            epochs,
            memory: self.watch.memory(),
            restored: self.restored.as_ref().map(Parameters::numbers),
            snapshots: self.snapshots.iter().flatten().map(snapshot).collect(),
        }
    }

    /// Samples of a whole batch.
    pub fn batch_size(&self) -> usize {
        self.settings.batch_size.samples(self.samples)
    }

    /// The epoch that has begun, from 1; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Updates up to and including this epoch.
    pub fn updates(&self) -> u64 {
        self.epoch * self.samples.div_ceil(self.batch_size()) as u64
    }

    /// Begins the next epoch. Returns its learning rate.
    pub fn begin_epoch(&mut self) -> f64 {
        self.epoch += 1;
        let settings = self.settings;
        self.learning_rate = settings
            .schedule
            .learning_rate(settings.learning_rate, self.epoch);
        self.learning_rate
    }

    /// Ends an epoch with this result. Returns the result of the run if this was its last epoch;
    /// `parameters` gives the parameters after the epoch. `observer` receives the epoch's row if
    /// all numbers stayed finite, and may end the run.
    pub fn end_epoch(
        &mut self,
        result: EpochResult,
        parameters: impl Fn() -> Parameters<T>,
        observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
    ) -> Option<Trained<f64>> {
        let ending = self.ending(result, &parameters, observer)?;
        Some(self.trained(ending, parameters))
    }

    /// The result of a run that another thread ends in the middle of an epoch.
    pub fn interrupted(&self, parameters: impl Fn() -> Parameters<T>) -> Trained<f64> {
        self.trained(Ending::Interrupted, parameters)
    }

    fn trained(&self, ending: Ending, parameters: impl Fn() -> Parameters<T>) -> Trained<f64> {
        let parameters = match &self.restored {
            Some(restored) => restored.convert(),
            None => parameters().convert(),
        };
        Trained {
            parameters,
            ending,
            best: self.watch.best(),
            kept: self.watch.kept(),
            snapshots: self
                .snapshots
                .iter()
                .flatten()
                .cloned()
                .map(Snapshot::convert)
                .collect(),
        }
    }

    /// How the run ends with this epoch; `None` if it goes on.
    fn ending(
        &mut self,
        result: EpochResult,
        parameters: impl Fn() -> Parameters<T>,
        observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
    ) -> Option<Ending> {
        let EpochResult { train, valid, .. } = result;
        let (epoch, updates) = (self.epoch, self.updates());
        let losses_are_finite =
            train.loss.is_finite() && valid.is_none_or(|valid| valid.loss.is_finite());
        if !(losses_are_finite && result.finite) {
            return Some(Ending::Diverged { epoch, updates });
        }
        let row = EpochRow {
            epoch,
            updates,
            samples: epoch * self.samples as u64,
            learning_rate: self.learning_rate,
            train_loss: train.loss,
            valid_loss: valid.map(|valid| valid.loss),
            train_metrics: train.metrics,
            valid_metrics: valid.map_or([f64::NAN; MAX_METRICS], |valid| valid.metrics),
        };
        let verdict = self.watch.observe(&row);
        if verdict.improved && self.watch.restores() {
            self.restored = Some(parameters());
        }
        if let Some(snapshots) = &mut self.snapshots
            && epoch.is_power_of_two()
        {
            let parameters = parameters();
            snapshots.push(Snapshot { epoch, parameters });
        }
        let asked = observer(&row);
        if epoch == self.settings.epochs {
            Some(Ending::Finished)
        } else if verdict.stop {
            Some(Ending::Stopped { epoch })
        } else {
            asked.is_break().then_some(Ending::Interrupted)
        }
    }
}
