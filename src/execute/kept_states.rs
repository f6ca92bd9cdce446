//! The keeping of states: when the state of a run in training is kept, and how a run goes on from
//! it.
//!
//! A state is kept once a minute of training, and when training is interrupted. The wall clock
//! decides only the time: a run that goes on from a state has the bits of a run without
//! interruption.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::run_in_progress::RunInProgress;
use super::{Observer, Warning};
use crate::plan::{Plan, RunKey};
use crate::record::Store;
use crate::record::unfinished::{Durability, SoFar, States, UnfinishedRun};
use engine::types::{EpochRow, Requests, State};
use problems::Error;

/// The longest time of training that a kill can cost a run.
const INTERVAL: Duration = Duration::from_secs(60);
/// A run that took less time than this keeps no state when training is interrupted.
const SHORT: Duration = Duration::from_secs(2);
/// The environment variable that replaces [`INTERVAL`] in tests, in seconds; with it no run is too
/// short.
const TEST_INTERVAL: &str = "RUNNER_TEST_STATE_SECONDS";

/// The states of the runs of one training.
pub(super) struct KeptStates {
    /// The requests to the runs.
    pub requests: Requests,
    files: States,
    interval: Duration,
    short: Duration,
    /// The states of runs that have not begun in this execution.
    kept: Mutex<HashMap<usize, UnfinishedRun>>,
    /// Whether a warning has said that states cannot be kept.
    has_warned: AtomicBool,
}

impl KeptStates {
    /// The states of these runs of a plan. Kept states are read; unusable ones are reported.
    pub fn of(plan: &Plan, indices: &[usize], store: &Store, observer: &dyn Observer) -> Self {
        let files = States::of(store.directory());
        let names = files.names();
        let mut kept = HashMap::new();
        for &index in indices.iter().filter(|_| !names.is_empty()) {
            let key = &plan.runs[index].key;
            if !names.contains(&key.to_string()) {
                continue;
            }
            let usable = files.read(key).and_then(|run| match run {
                Some(run) if !fits(plan, index, &run) => Err(format!(
                    "the kept state of run {index} has not what is asked for now"
                )),
                run => Ok(run),
            });
            match usable {
                Ok(run) => kept.extend(run.map(|run| (index, run))),
                Err(reason) => {
                    observer.warn(&Warning::BeginsAnew { run: index, reason });
                    files.remove(key);
                }
            }
        }
        let test = std::env::var(TEST_INTERVAL).ok();
        let test = test.and_then(|text| Duration::try_from_secs_f64(text.parse().ok()?).ok());
        Self {
            requests: Requests::new(),
            files,
            interval: test.unwrap_or(INTERVAL),
            short: test.map_or(SHORT, |_| Duration::ZERO),
            kept: Mutex::new(kept),
            has_warned: AtomicBool::new(false),
        }
    }

    /// The rows and the state that a run goes on from; empty if the run begins.
    pub fn take(&self, index: usize) -> (Option<(SoFar, Vec<EpochRow>)>, Option<State>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let run = kept.remove(&index);
        run.map(|run| ((run.so_far, run.rows), run.state)).unzip()
    }

    /// Whether the run goes on in the middle of an epoch.
    pub fn is_within_an_epoch(&self, index: usize) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&index)
            .is_some_and(|run| run.state.is_within_an_epoch())
    }

    /// The time between two requests for the states that are due.
    pub fn tick(&self) -> Duration {
        self.interval / 4
    }

    /// Whether the state of a run is to be kept now that it is asked for. `ends`: training is being
    /// interrupted.
    pub fn is_due(&self, run: &RunInProgress, ends: bool) -> bool {
        let since = run.since.elapsed();
        match ends {
            true => run.has_state || since >= self.short,
            // At the next request the state would be too old.
            false => since + self.tick() >= self.interval,
        }
    }

    /// Keeps the state of a run.
    pub fn keep(
        &self,
        key: &RunKey,
        run: &UnfinishedRun,
        durability: Durability,
        observer: &dyn Observer,
    ) {
        let written: Result<(), Error> = self.files.write(key, run, durability);
        if let Err(error) = written
            && !self.has_warned.swap(true, Ordering::Relaxed)
        {
            observer.warn(&Warning::StateNotKept { error });
        }
    }

    /// Removes the state of a finished run, which is in the journal.
    pub fn remove(&self, key: &RunKey) {
        self.files.remove(key);
    }
}

/// Whether the run with this index can go on from the kept state.
fn fits(plan: &Plan, index: usize, run: &UnfinishedRun) -> bool {
    let so_far = &run.so_far;
    so_far.has_rows_of(plan.output.history_every) && run.state.fits(&plan.task(index))
}
