//! A run in training: its rows so far, and its record at the end.

use std::time::Instant;

use super::explosion;
use super::time_share::TimeShare;
use crate::plan::{Models, Plan};
use crate::record::unfinished::{SoFar, UnfinishedRun};
use crate::record::{Head, RunRecord, Status};
use engine::types::{Ending, EpochRow, Parameters, Snapshot, State, Trained};

/// A run in training.
pub(super) struct RunInProgress {
    pub history: History,
    pub time_share: TimeShare,
    /// The seconds of threads' time that it took in earlier executions.
    earlier: f64,
    /// The time of its last kept state, or of its beginning.
    pub since: Instant,
    /// Whether a state of the run is kept.
    pub has_state: bool,
}

impl RunInProgress {
    /// A run of `epochs` epochs that begins, or goes on from an earlier state.
    pub fn new(
        plan: &Plan,
        epochs: u64,
        time_share: TimeShare,
        unfinished: Option<(SoFar, Vec<EpochRow>)>,
    ) -> Self {
        let mut history = History::new(plan.output.history_every, epochs);
        let (mut earlier, has_state) = (0.0, unfinished.is_some());
        if let Some((so_far, rows)) = unfinished {
            history = History {
                every: so_far.history_every,
                rows,
                last: so_far.last,
                best: so_far.best,
            };
            earlier = so_far.seconds;
        }
        Self {
            history,
            time_share,
            earlier,
            since: Instant::now(),
            has_state,
        }
    }

    /// The record of the unfinished run; `seconds` is the time of this thread that it took.
    pub fn unfinished(&self, seconds: f64, state: State) -> UnfinishedRun {
        let History {
            every,
            ref rows,
            last,
            best,
        } = self.history;
        UnfinishedRun {
            so_far: SoFar {
                history_every: every,
                last,
                best,
                seconds: self.earlier + seconds,
            },
            rows: rows.clone(),
            state,
        }
    }

    /// The record of the run at its end; `None` if it was interrupted.
    pub fn record(
        self,
        plan: &Plan,
        index: usize,
        seconds: f64,
        trained: Result<Trained, String>,
    ) -> Option<RunRecord> {
        let run = &plan.runs[index];
        let settings = &plan.configurations[run.configuration].settings;
        let history = self.history;
        let last = history.last;
        let (epochs, updates) = last.as_ref().map_or((0, 0), |row| (row.epoch, row.updates));
        let (status, epochs, updates, result) = match trained {
            Ok(Trained {
                parameters,
                ending,
                kept,
                snapshots,
                ..
            }) => {
                let result = Some((parameters, kept, snapshots));
                match ending {
                    Ending::Interrupted => return None,
                    Ending::Finished => (Status::Ok, epochs, updates, result),
                    Ending::Stopped { epoch } => (Status::Stopped, epoch, updates, result),
                    Ending::Diverged { epoch, updates } => (Status::Diverged, epoch, updates, None),
                }
            }
            Err(reason) => (Status::Failed { reason }, epochs, updates, None),
        };
        let snapshots = match &result {
            Some((parameters, Some(kept), snapshots)) if plan.takes_snapshots(index) => Some((
                settings.precision,
                way_to(snapshots, kept.epoch, parameters),
            )),
            _ => None,
        };
        let (parameters, kept) = result
            .map(|(parameters, kept, _)| (parameters, kept))
            .unzip();
        let kept: Option<EpochRow> = kept.flatten();
        let exploded =
            kept.is_some_and(|row| explosion::exploded(&plan.task(index), row.train_loss));
        let model = parameters
            .filter(|_| plan.output.models != Models::None)
            .map(|parameters: Parameters| (settings.precision, parameters));
        Some(RunRecord {
            head: Head {
                key: run.key,
                status,
                epochs,
                updates,
                best: history.best,
                last,
                restored: kept.filter(|kept| last.is_some_and(|last| last.epoch != kept.epoch)),
                exploded,
                history_every: history.every,
                seconds: self.earlier + seconds,
            },
            history: history.rows,
            model,
            snapshots,
        })
    }
}

/// The snapshots of the epochs before `epoch`, followed by one with the kept parameters.
fn way_to(snapshots: &[Snapshot], epoch: u64, parameters: &Parameters) -> Vec<Snapshot> {
    let before = snapshots.iter().filter(|snapshot| snapshot.epoch < epoch);
    let kept = Snapshot {
        epoch,
        parameters: parameters.clone(),
    };
    before.cloned().chain([kept]).collect()
}

/// The kept rows, and the facts about all rows.
pub(super) struct History {
    every: u64,
    rows: Vec<EpochRow>,
    last: Option<EpochRow>,
    best: Option<(f64, u64)>,
}

/// The number of rows for which memory is reserved at the beginning.
const ROOM: u64 = 1_000;

impl History {
    fn new(every: u64, epochs: u64) -> Self {
        Self {
            every,
            rows: Vec::with_capacity((epochs / every).min(ROOM) as usize),
            last: None,
            best: None,
        }
    }

    pub fn add(&mut self, row: &EpochRow) {
        if row.epoch.is_multiple_of(self.every) {
            self.rows.push(*row);
        }
        let loss = row.valid_loss.unwrap_or(row.train_loss);
        if self.best.is_none_or(|(best, _)| loss < best) {
            self.best = Some((loss, row.epoch));
        }
        self.last = Some(*row);
    }
}
