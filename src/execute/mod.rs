//! Runs → threads. Each run that the store lacks is trained on one of the pool's threads; its record
//! goes to the store the moment it is finished.
//!
//! A run that diverges, fails or panics is an outcome, recorded like any other, and harms no other.
//! Nothing here decides a number: whatever the number of threads or the order of finishing, the
//! records are the same.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use crate::data;
use crate::engine::train::train;
use crate::engine::types::{Ending, EpochRow, Parameters, Samples, Task, Trained};
use crate::error::Error;
use crate::plan::{Models, Plan};
use crate::record::keeping::Keeping;
use crate::record::{Head, RunRecord, Status, Store};

pub mod cost;
mod panics;
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
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summary {
    /// Runs trained now.
    pub trained: usize,
    /// Wall time of the training, in seconds.
    pub seconds: f64,
    /// Whether it ended before the last run, by `stop` or by the first failure.
    pub cut_short: bool,
}

/// Trains the runs of `plan` with these indices, in about this order, and keeps each in `store` as
/// it finishes. `stop` is looked at once per epoch.
///
/// # Errors
/// If the store cannot be written; what was finished before is kept.
pub fn run_all(
    plan: &Plan,
    indices: &[usize],
    store: &mut Store,
    options: Options,
    progress: &Progress,
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    let start = Instant::now();
    // Threads without a run of their own share the large products of others.
    let threads = options.jobs.max(1);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|cause| Error::Other(format!("cannot start {threads} threads: {cause}")))?;
    let halt = Halt {
        stop,
        own: AtomicBool::new(false),
    };
    let keeper = Mutex::new(Keeper {
        keeping: Keeping::new(plan, store)?,
        store,
        trained: 0,
        error: None,
    });
    let next = AtomicUsize::new(0);
    panics::hush(|| {
        pool.broadcast(|_| {
            // One run after the other from the list's front: runs differ in length.
            while !halt.asked() {
                let Some(&index) = indices.get(next.fetch_add(1, Ordering::Relaxed)) else {
                    break;
                };
                progress.started(index);
                let Some(record) = train_one(plan, index, &halt) else {
                    break;
                };
                progress.finished(plan, index, &record.head);
                if options.fail_fast && matches!(record.head.status, Status::Failed { .. }) {
                    halt.ask();
                }
                let mut keeper = keeper
                    .lock()
                    .expect("no thread panics while it keeps a record");
                keeper.keep(plan, index, record, &halt);
            }
        });
    });
    let keeper = keeper
        .into_inner()
        .expect("no thread panicked while it kept a record");
    let synced = keeper.store.sync();
    match keeper.error {
        Some(error) => Err(error),
        None => synced.map(|()| Summary {
            trained: keeper.trained,
            seconds: start.elapsed().as_secs_f64(),
            cut_short: keeper.trained < indices.len(),
        }),
    }
}

/// Why to stop early: from outside, or from one of the runs.
struct Halt<'a> {
    stop: &'a AtomicBool,
    own: AtomicBool,
}

impl Halt<'_> {
    fn asked(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.own.load(Ordering::Relaxed)
    }

    fn ask(&self) {
        self.own.store(true, Ordering::Relaxed);
    }
}

/// The one writer of the store.
struct Keeper<'a> {
    store: &'a mut Store,
    keeping: Keeping,
    trained: usize,
    error: Option<Error>,
}

impl Keeper<'_> {
    fn keep(&mut self, plan: &Plan, index: usize, mut record: RunRecord, halt: &Halt) {
        if self.error.is_some() {
            return;
        }
        if !self.keeping.wants(plan, index, &record.head) {
            record.model = None;
        }
        match self.store.append(&record) {
            Ok(()) => self.trained += 1,
            Err(error) => {
                self.error = Some(error);
                halt.ask();
            }
        }
    }
}

/// Trains one run; `None` if it was asked to stop before its end.
fn train_one(plan: &Plan, index: usize, halt: &Halt) -> Option<RunRecord> {
    let run = &plan.runs[index];
    let configuration = &plan.configurations[run.configuration];
    let data = configuration.dataset(run.replicate);
    let start = Instant::now();
    let mut history = History::new(plan.output.history_every);
    let task = Task {
        architecture: &configuration.architecture,
        init: &configuration.init,
        train: samples(&data.train),
        valid: data.valid.as_ref().map(samples),
        settings: &configuration.settings,
        init_seed: run.init_seed,
        shuffle_seed: run.shuffle_seed,
    };
    let trained = catch_unwind(AssertUnwindSafe(|| {
        train(&task, &mut |row| {
            history.add(row);
            if halt.asked() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
    }));
    let last = history.last;
    let (epochs, updates) = last.as_ref().map_or((0, 0), |row| (row.epoch, row.updates));
    let (status, epochs, updates, parameters) = match trained {
        Ok(Trained {
            parameters, ending, ..
        }) => match ending {
            Ending::Interrupted => return None,
            Ending::Finished => (Status::Ok, epochs, updates, Some(parameters)),
            Ending::Stopped { epoch } => (Status::Stopped, epoch, updates, Some(parameters)),
            Ending::Diverged { epoch, updates } => (Status::Diverged, epoch, updates, None),
        },
        Err(panic) => {
            let reason = panics::reason(&*panic);
            (Status::Failed { reason }, epochs, updates, None)
        }
    };
    let model = parameters
        .filter(|_| plan.output.models != Models::None)
        .map(|parameters: Parameters| (configuration.settings.precision, parameters));
    Some(RunRecord {
        head: Head {
            key: run.key,
            status,
            epochs,
            updates,
            best: history.best,
            last,
            history_every: plan.output.history_every,
            seconds: start.elapsed().as_secs_f64(),
        },
        history: history.rows,
        model,
    })
}

/// The engine's view of a data set's part.
fn samples(part: &data::Samples) -> Samples<'_> {
    Samples {
        x: &part.x,
        y: &part.y,
    }
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
            self.rows.push(*row);
        }
        let loss = row.valid_loss.unwrap_or(row.train_loss);
        if self.best.is_none_or(|(best, _)| loss < best) {
            self.best = Some((loss, row.epoch));
        }
        self.last = Some(*row);
    }
}
