//! Runs → threads. Each run that the store lacks is trained on one of the pool's threads, alone or in
//! a unit of its like ([`units`]); its record goes to the store the moment it is finished.
//!
//! A run that diverges, fails or panics is an outcome, recorded like any other, and harms no other.
//! Nothing here decides a number: whatever the number of threads or the order of finishing, the
//! records are the same.

use std::collections::HashMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::plan::{Models, Plan};
use crate::record::keeping::Keeping;
use crate::record::{Head, RunRecord, Status, Store};
use engine::lockstep::Queue;
use engine::train::{train, train_all};
use engine::types::{Ending, EpochRow, Parameters, Snapshot, Task, Trained};
use problems::Error;

pub mod cost;
pub mod explosion;
pub mod interrupt;
pub mod panics;
pub mod progress;
mod remaining;
pub mod threads;
mod time_share;
mod units;

use interrupt::{Interrupt, Over};
use time_share::{ThreadTime, TimeShare, work};
use units::{Units, Work};

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
    observer: &dyn Observer,
    stop: &AtomicBool,
) -> Result<Summary, Error> {
    let interrupt = Interrupt {
        asked: stop,
        answer: None,
    };
    run_interruptible(plan, indices, store, options, observer, interrupt)
}

/// As [`run_all`], with an answer to a request to stop.
///
/// # Errors
/// As [`run_all`].
pub fn run_interruptible(
    plan: &Plan,
    indices: &[usize],
    store: &mut Store,
    options: Options,
    observer: &dyn Observer,
    interrupt: Interrupt<'_>,
) -> Result<Summary, Error> {
    let start = Instant::now();
    // Threads without a run of their own share the large products of others. Those of the whole
    // program, if they are as many: each then has its core already, and keeps it afterwards.
    let threads = threads::of_use(options.jobs, indices.len());
    let pool = (threads != rayon::current_num_threads())
        .then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    // Where the system gives no more threads, those that there are do it.
    let pool = pool.and_then(Result::ok);
    let threads = pool
        .as_ref()
        .map_or_else(rayon::current_num_threads, |_| threads);
    let halt = Halt {
        stop: interrupt.asked,
        own: AtomicBool::new(false),
    };
    let keeper = Mutex::new(Keeper {
        keeping: Keeping::new(plan, store)?,
        store,
        trained: 0,
        error: None,
    });
    let units = Units::new(indices.iter().map(|&index| (index, plan.task(index))));
    let crew = Crew {
        plan,
        options,
        observer,
        halt: &halt,
        units: &units,
        keeper: &keeper,
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let work = |_: rayon::BroadcastContext<'_>| {
        while !halt.asked() {
            match units.next() {
                Some(Work::One(index)) => crew.train_one(index),
                Some(Work::Large(index)) => {
                    let _large_run = units.large_run();
                    crew.train_one(index);
                }
                Some(Work::Lockstep(unit)) => crew.train_lockstep(unit),
                None => break,
            }
        }
        if threads <= cores {
            units.help();
        }
    };
    let over = Over::default();
    std::thread::scope(|scope| {
        let watch = || {
            interrupt.watch(&over, |visit| {
                if let Ok(mut keeper) = keeper.lock() {
                    let trained = keeper.trained;
                    visit(keeper.store, trained);
                }
            });
        };
        // Without a thread to watch, the request is answered at the epoch's end.
        let _ = std::thread::Builder::new().spawn_scoped(scope, watch);
        match &pool {
            Some(pool) => pool.broadcast(work),
            None => rayon::broadcast(work),
        };
        over.set();
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

/// Whoever watches the training; called by the threads that train.
pub trait Observer: Sync {
    /// The run of this index begins.
    fn started(&self, _run: usize) {}

    /// The run of this index has trained an epoch: `row` is the state after it. `Break` ends the
    /// training, and what was not finished is not kept.
    fn epoch(&self, _run: usize, _row: &EpochRow) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// The run of this index has its outcome.
    fn finished(&self, _plan: &Plan, _run: usize, _head: &Head) {}
}

/// Nobody watches.
impl Observer for () {}

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

/// What every thread knows.
#[derive(Clone, Copy)]
struct Crew<'a, 's> {
    plan: &'a Plan,
    options: Options,
    observer: &'a dyn Observer,
    halt: &'a Halt<'a>,
    units: &'a Units,
    keeper: &'a Mutex<Keeper<'s>>,
}

impl Crew<'_, '_> {
    /// Trains one run and keeps its record, unless it was asked to stop before its end.
    fn train_one(self, index: usize) {
        self.observer.started(index);
        let task = self.plan.task(index);
        let mut thread_time = ThreadTime::new();
        let time_share = thread_time.begin(work(&task));
        let mut run = RunInProgress::new(self.plan, task.settings.epochs, time_share);
        let trained = catch_unwind(AssertUnwindSafe(|| {
            train(&task, &mut |row| {
                run.history.add(row);
                self.goes_on(index, row)
            })
        }));
        let seconds = thread_time.end(run.time_share);
        self.finish(
            index,
            run,
            seconds,
            trained.map_err(|panic| panics::reason(&*panic)),
        );
    }

    /// Trains the runs of a unit in lockstep. Should one of them panic, those that were being trained are
    /// trained again one by one, so that it harms no other.
    fn train_lockstep(self, unit: usize) {
        let mut lockstep = Lockstep {
            crew: self,
            unit,
            in_progress: HashMap::new(),
            thread_time: ThreadTime::new(),
        };
        let result = catch_unwind(AssertUnwindSafe(|| train_all(&mut lockstep)));
        if result.is_err() {
            let mut left: Vec<usize> = lockstep.in_progress.into_keys().collect();
            left.sort_unstable();
            for index in left {
                self.train_one(index);
            }
        }
    }

    fn goes_on(self, index: usize, row: &EpochRow) -> ControlFlow<()> {
        if self.observer.epoch(index, row).is_break() {
            self.halt.ask();
        }
        if self.halt.asked() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Keeps the record of a run that has ended, if it was not interrupted.
    fn finish(
        self,
        index: usize,
        run: RunInProgress,
        seconds: f64,
        trained: Result<Trained, String>,
    ) {
        let Some(record) = run.record(self.plan, index, seconds, trained) else {
            return;
        };
        self.observer.finished(self.plan, index, &record.head);
        if self.options.fail_fast && matches!(record.head.status, Status::Failed { .. }) {
            self.halt.ask();
        }
        let mut keeper = self
            .keeper
            .lock()
            .expect("no thread panics while it keeps a record");
        keeper.keep(self.plan, index, record, self.halt);
    }
}

/// The runs of a unit that one thread trains.
struct Lockstep<'a, 's> {
    crew: Crew<'a, 's>,
    unit: usize,
    in_progress: HashMap<usize, RunInProgress>,
    thread_time: ThreadTime,
}

impl<'a> Queue<'a> for Lockstep<'a, '_> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        if self.crew.halt.asked() {
            return None;
        }
        let index = self.crew.units.next_of(self.unit)?;
        self.crew.observer.started(index);
        let task = self.crew.plan.task(index);
        let time_share = self.thread_time.begin(work(&task));
        let run = RunInProgress::new(self.crew.plan, task.settings.epochs, time_share);
        self.in_progress.insert(index, run);
        Some((index, task))
    }

    fn observe(&mut self, index: usize, row: &EpochRow) -> ControlFlow<()> {
        let run = self.in_progress.get_mut(&index);
        run.expect("a run is observed after it began")
            .history
            .add(row);
        self.crew.goes_on(index, row)
    }

    fn done(&mut self, index: usize, trained: Trained) {
        let run = self.in_progress.remove(&index);
        let run = run.expect("a run ends once, after it began");
        let seconds = self.thread_time.end(run.time_share);
        self.crew.finish(index, run, seconds, Ok(trained));
        self.thread_time.skip();
    }
}

/// A run that is being trained.
struct RunInProgress {
    history: History,
    time_share: TimeShare,
}

impl RunInProgress {
    fn new(plan: &Plan, epochs: u64, time_share: TimeShare) -> Self {
        Self {
            history: History::new(plan.output.history_every, epochs),
            time_share,
        }
    }

    /// What is kept of the run; `None` if it was interrupted.
    fn record(
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
                history_every: plan.output.history_every,
                seconds,
            },
            history: history.rows,
            model,
            snapshots,
        })
    }
}

/// The snapshots on the way to the parameters that are kept, which are those after this epoch and stand
/// last.
fn way_to(snapshots: &[Snapshot], epoch: u64, parameters: &Parameters) -> Vec<Snapshot> {
    let before = snapshots.iter().filter(|snapshot| snapshot.epoch < epoch);
    let kept = Snapshot {
        epoch,
        parameters: parameters.clone(),
    };
    before.cloned().chain([kept]).collect()
}

/// The rows that are kept, and what is known of all.
struct History {
    every: u64,
    rows: Vec<EpochRow>,
    last: Option<EpochRow>,
    best: Option<(f64, u64)>,
}

/// Rows for which room is made before the first of them.
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
