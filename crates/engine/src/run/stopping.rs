//! The best epoch so far, and whether it is time to stop.

use crate::run::outcome::EpochRow;
use crate::words::metric::Metric;
use crate::words::monitor::Monitor;
use crate::words::settings::{EarlyStopping, Settings};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The best epochs so far, and early stopping.
#[derive(Debug, Clone)]
pub struct Watch {
    memory: Memory,
    stopping: Option<EarlyStopping>,
    metrics: Vec<Metric>,
}

/// The best epochs so far.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    best: Option<EpochRow>,
    kept: Option<EpochRow>,
    patience: Patience,
}

/// How long early stopping has waited for an improvement.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Patience {
    best: Option<f64>,
    since: u64,
}

/// The meaning of an epoch for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the parameters after this epoch are the best that early stopping has seen.
    pub improved: bool,
    /// Whether the run should stop.
    pub stop: bool,
}

impl Watch {
    /// The watch of a run that has not begun.
    pub fn new(settings: &Settings) -> Self {
        Self {
            memory: Memory::default(),
            stopping: settings.early_stopping,
            metrics: settings.metrics.clone(),
        }
    }

    /// Goes on from the remembered epochs.
    pub(crate) fn resume(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// The remembered epochs.
    pub(crate) fn memory(&self) -> Memory {
        self.memory
    }

    /// The epoch of the lowest validation loss, or of the lowest training loss where there is no
    /// validation data; the first of equal ones.
    pub fn best(&self) -> Option<EpochRow> {
        self.memory.best
    }

    /// The epoch whose parameters the run has at its end: the one that early stopping restores, or
    /// else the last one.
    pub fn kept(&self) -> Option<EpochRow> {
        self.memory.kept
    }

    /// Whether the parameters of the best epoch are restored at the end.
    pub fn restores(&self) -> bool {
        self.stopping.is_some_and(|stopping| stopping.restore_best)
    }

    /// Records an epoch in which all numbers stayed finite.
    pub fn observe(&mut self, row: &EpochRow) -> Verdict {
        let loss = |row: &EpochRow| row.valid_loss.unwrap_or(row.train_loss);
        let restores = self.restores();
        let Memory {
            best,
            kept,
            patience,
        } = &mut self.memory;
        if best.is_none_or(|best| loss(row) < loss(&best)) {
            *best = Some(*row);
        }
        let Some(stopping) = &self.stopping else {
            *kept = Some(*row);
            return Verdict {
                improved: false,
                stop: false,
            };
        };
        let metric = |metric: Metric, values: &[f64]| {
            let place = self.metrics.iter().position(|&other| other == metric);
            place.map_or(f64::NAN, |place| values[place])
        };
        let value = match stopping.metric {
            Monitor::TrainLoss => row.train_loss,
            Monitor::ValidLoss => row.valid_loss.unwrap_or(f64::NAN),
            Monitor::Train(which) => metric(which, &row.train_metrics),
            Monitor::Valid(which) => metric(which, &row.valid_metrics),
        };
        let improved = !value.is_nan()
            && patience.best.is_none_or(|best| {
                if stopping.metric.rises() {
                    value > best + stopping.min_delta
                } else {
                    value < best - stopping.min_delta
                }
            });
        if improved {
            patience.best = Some(value);
            patience.since = 0;
        } else {
            patience.since += 1;
        }
        // Before the first improvement there is nothing to restore.
        if improved || !restores || patience.best.is_none() {
            *kept = Some(*row);
        }
        Verdict {
            improved,
            stop: patience.since >= stopping.patience,
        }
    }
}
