//! Runs → threads. Each run of the plan that the store does not hold is trained on one of the
//! pool's threads; its record goes to the store the moment it is finished.
//!
//! A run that diverges, fails or panics is an outcome, recorded like any other, and harms no other.
//! Nothing here decides a number: whatever the number of threads or the order of finishing, the
//! records are the same.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::engine::train::train_from_init;
use crate::engine::types::{Ending, EpochRow};
use crate::error::Error;
use crate::plan::{Configuration, Models, Plan, Run};
use crate::record::{RunRecord, Status, Store, model_bytes};

pub mod progress;

use progress::Progress;

/// How the runs are carried out; none of it changes a result.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads; at least 1.
    pub jobs: usize,
    /// Whether the first run that fails stops the others.
    pub fail_fast: bool,
}

/// What one call of [`run_all`] did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Summary {
    /// Runs trained now.
    pub trained: usize,
    /// Wall time of the training, in seconds.
    pub seconds: f64,
    /// Whether it was asked to stop before the last run.
    pub interrupted: bool,
}

/// Trains the runs of `plan` with these indices, all of which the store lacks, and keeps each in
/// `store` as it finishes. `stop` is looked at once per epoch.
///
/// # Errors
/// If the store cannot be written; what was finished before is kept.
pub fn run_all(
    plan: &Plan,
    missing: &[usize],
    store: &mut Store,
    options: Options,
    progress: &Progress,
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    let start = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs)
        .build()
        .map_err(|cause| Error::Other(format!("cannot start {} threads: {cause}", options.jobs)))?;
    let keeper = Mutex::new(Keeper {
        store,
        trained: 0,
        error: None,
    });
    pool.install(|| {
        // One index at a time: runs differ in length, and the plan's order should be about the
        // order of finishing.
        missing.par_iter().with_max_len(1).for_each(|&index| {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let run = &plan.runs[index];
            let configuration = &plan.configurations[run.configuration];
            progress.started(plan, run);
            let Some(record) = train_one(plan, configuration, run, stop) else {
                return;
            };
            progress.finished(&record);
            if options.fail_fast && matches!(record.status, Status::Failed { .. }) {
                stop.store(true, Ordering::Relaxed);
            }
            let mut keeper = keeper.lock().expect("no thread panics while it keeps a record");
            keeper.keep(&record, stop);
        });
    });
    let keeper = keeper.into_inner().expect("no thread panicked while it kept a record");
    keeper.store.sync()?;
    match keeper.error {
        Some(error) => Err(error),
        None => Ok(Summary {
            trained: keeper.trained,
            seconds: start.elapsed().as_secs_f64(),
            interrupted: stop.load(Ordering::Relaxed),
        }),
    }
}

/// The one writer of the store.
struct Keeper<'a> {
    store: &'a mut Store,
    trained: usize,
    error: Option<Error>,
}

impl Keeper<'_> {
    fn keep(&mut self, record: &RunRecord, stop: &AtomicBool) {
        if self.error.is_some() {
            return;
        }
        match self.store.append(record) {
            Ok(()) => self.trained += 1,
            Err(error) => {
                self.error = Some(error);
                stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Trains one run; `None` if it was interrupted.
fn train_one(
    plan: &Plan,
    configuration: &Configuration,
    run: &Run,
    stop: &AtomicBool,
) -> Option<RunRecord> {
    let start = Instant::now();
    let mut history = History::new(plan.output.history_every);
    let data = &configuration.data;
    let trained = catch_unwind(AssertUnwindSafe(|| {
        train_from_init(
            &configuration.architecture,
            &configuration.init,
            (&data.train.x, &data.train.y),
            data.valid.as_ref().map(|valid| (&valid.x, &valid.y)),
            &configuration.settings,
            run.seed,
            &mut |row| {
                history.add(row);
                if stop.load(Ordering::Relaxed) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )
    }));
    let mut model = None;
    let (status, epochs, updates) = match trained {
        Ok(trained) => match trained.ending {
            Ending::Interrupted => return None,
            Ending::Finished => {
                if plan.output.models != Models::None {
                    model = Some(model_bytes(
                        &configuration.architecture,
                        &trained.parameters,
                        configuration.settings.precision,
                    ));
                }
                let last = history.last.as_ref();
                (
                    Status::Ok,
                    last.map_or(0, |row| row.epoch),
                    last.map_or(0, |row| row.updates),
                )
            }
            Ending::Diverged { epoch, updates } => (Status::Diverged, epoch, updates),
        },
        Err(panic) => {
            let last = history.last.as_ref();
            let epoch = last.map_or(0, |row| row.epoch);
            let updates = last.map_or(0, |row| row.updates);
            (Status::Failed { reason: reason(&*panic) }, epoch, updates)
        }
    };
    Some(history.into_record(run, plan, status, epochs, updates, start, model))
}

/// The text of a panic.
fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "panicked without a message".to_owned())
}

/// The rows that are kept, and what is known of all.
struct History {
    every: u64,
    rows: Vec<EpochRow>,
    last: Option<EpochRow>,
    best: Option<(f64, u64)>,
}

impl History {
    fn new(every: u64) -> Self {
        Self {
            every,
            rows: Vec::new(),
            last: None,
            best: None,
        }
    }

    fn add(&mut self, row: &EpochRow) {
        if row.epoch.is_multiple_of(self.every) {
            self.rows.push(row.clone());
        }
        if let Some(loss) = row.valid_loss
            && self.best.is_none_or(|(best, _)| loss < best)
        {
            self.best = Some((loss, row.epoch));
        }
        self.last = Some(row.clone());
    }
}
