//! The best epoch so far, and whether it is time to stop.

use crate::run::outcome::EpochRow;
use crate::words::metric::Metric;
use crate::words::monitor::Monitor;
use crate::words::settings::{EarlyStopping, Settings};
use alloc::vec::Vec;

/// What the epochs so far say of the run.
#[derive(Debug, Clone)]
pub struct Watch {
    best: Option<EpochRow>,
    kept: Option<EpochRow>,
    stopping: Option<(EarlyStopping, Patience)>,
    metrics: Vec<Metric>,
}

/// How long nothing has become better.
#[derive(Debug, Clone, Copy, Default)]
struct Patience {
    best: Option<f64>,
    since: u64,
}

/// What an epoch means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the parameters after this epoch are the best that early stopping has seen.
    pub improved: bool,
    /// Whether the run should stop.
    pub stop: bool,
}

impl Watch {
    /// Of a run that has not begun.
    pub fn new(settings: &Settings) -> Self {
        Self {
            best: None,
            kept: None,
            stopping: settings
                .early_stopping
                .map(|stopping| (stopping, Patience::default())),
            metrics: settings.metrics.clone(),
        }
    }

    /// The epoch of the lowest validation loss, or the lowest training loss where there is no
    /// validation data; the first of equal ones.
    pub fn best(&self) -> Option<EpochRow> {
        self.best
    }

    /// The epoch whose parameters the run has at its end: the one that early stopping restores, else
    /// the last.
    pub fn kept(&self) -> Option<EpochRow> {
        self.kept
    }

    /// Whether the parameters of the best epoch come back at the end.
    pub fn restores(&self) -> bool {
        self.stopping
            .is_some_and(|(stopping, _)| stopping.restore_best)
    }

    /// Takes note of an epoch in which all stayed finite.
    pub fn observe(&mut self, row: &EpochRow) -> Verdict {
        let loss = |row: &EpochRow| row.valid_loss.unwrap_or(row.train_loss);
        if self.best.is_none_or(|best| loss(row) < loss(&best)) {
            self.best = Some(*row);
        }
        let restores = self.restores();
        let Some((stopping, patience)) = &mut self.stopping else {
            self.kept = Some(*row);
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
        // Until something has improved, there is nothing to restore.
        if improved || !restores || patience.best.is_none() {
            self.kept = Some(*row);
        }
        Verdict {
            improved,
            stop: patience.since >= stopping.patience,
        }
    }
}
