//! The execution of runs on threads. Each run that the store lacks is trained on one of the pool's
//! threads, alone or in a unit of similar runs ([`units`]). Its record goes to the store as soon as
//! it is finished.
//!
//! A run that diverges, fails or panics is an outcome, recorded like any other, and leaves the
//! other runs as they are. No number depends on this module: the records are the same for any
//! number of threads and any order of finishing.

use std::collections::HashMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::language::Language;
use crate::plan::Plan;
use crate::record::keeping::Keeping;
use crate::record::unfinished::Durability;
use crate::record::{Head, RunRecord, Status, Store};
use crate::text;
use engine::lockstep::Queue;
use engine::train::{train_all, train_from};
use engine::types::{EpochRow, Requests, State, Task, Trained};
use problems::Error;

pub mod cost;
pub mod explosion;
pub mod interrupt;
mod kept_states;
pub mod panics;
pub mod progress;
mod remaining;
mod run_in_progress;
pub mod threads;
mod time_share;
mod units;

use interrupt::{Interrupt, Over, Watched};
use kept_states::KeptStates;
use run_in_progress::RunInProgress;
use time_share::{ThreadTime, work};
use units::{Units, Work};

/// The options of an execution; none of them changes a result.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The number of threads, at least 1.
    pub jobs: usize,
    /// Whether the first run that fails stops the others.
    pub fail_fast: bool,
}

/// The work that one call of [`run_all`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summary {
    /// The runs that were trained now.
    pub trained: usize,
    /// Wall time of the training, in seconds.
    pub seconds: f64,
    /// Whether the training ended before the last run, by `stop` or by the first failure.
    pub cut_short: bool,
}

/// Trains the runs of `plan` with these indices, in about this order, and keeps each in `store` as
/// it finishes. `stop` is checked once per epoch.
///
/// # Errors
/// If the store cannot be written; the runs that finished before are kept.
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

/// Trains runs as [`run_all`] does, with an answer to a request to stop.
///
/// # Errors
/// If the store cannot be written; the runs that finished before are kept.
pub fn run_interruptible(
    plan: &Plan,
    indices: &[usize],
    store: &mut Store,
    options: Options,
    observer: &dyn Observer,
    interrupt: Interrupt<'_>,
) -> Result<Summary, Error> {
    let start = Instant::now();
    // Threads without a run of their own share the large products of others. The threads of the
    // whole program are used if there are as many, since each of them has its core already and
    // keeps it.
    let threads = threads::of_use(options.jobs, indices.len());
    let pool = (threads != rayon::current_num_threads())
        .then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    // If the system gives no more threads, the existing ones do the work.
    let pool = pool.and_then(Result::ok);
    let threads = pool
        .as_ref()
        .map_or_else(rayon::current_num_threads, |_| threads);
    let halt = Halt {
        stop: interrupt.asked,
        own: AtomicBool::new(false),
    };
    let states = KeptStates::of(plan, indices, store, observer);
    let keeper = Mutex::new(Keeper {
        keeping: Keeping::new(plan, store)?,
        store,
        trained: 0,
        error: None,
    });
    let runs = indices.iter().map(|&index| (index, plan.task(index)));
    let units = Units::new(runs, |index| states.is_within_an_epoch(index));
    let crew = Crew {
        plan,
        options,
        observer,
        halt: &halt,
        units: &units,
        states: &states,
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
            let requests = Watched {
                requests: &states.requests,
                interval: states.tick(),
                ends: &|| halt.asked(),
                sync: &|| {
                    if let Ok(mut keeper) = keeper.lock() {
                        keeper.sync_if_due(&halt);
                    }
                },
            };
            interrupt.watch(&over, requests, |visit| {
                if let Ok(mut keeper) = keeper.lock() {
                    let trained = keeper.trained;
                    visit(keeper.store, trained);
                }
            });
        };
        // Without a thread to watch, the request is answered at the end of the epoch, and no state
        // is kept before.
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

/// An observer of the training, called by the threads that train.
pub trait Observer: Sync {
    /// Reports that the run with this index begins.
    fn started(&self, _run: usize) {}

    /// Reports that the run with this index has trained an epoch; `row` is the state after it.
    /// `Break` ends the training, and unfinished runs are not kept.
    fn epoch(&self, _run: usize, _row: &EpochRow) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Reports that the run with this index has its outcome.
    fn finished(&self, _plan: &Plan, _run: usize, _head: &Head) {}

    /// Reports an event that a person should know; it changes no result.
    fn warn(&self, _warning: &Warning) {}
}

/// An event that a person should know.
#[derive(Debug)]
pub enum Warning {
    /// The kept state of a run cannot be used.
    BeginsAnew {
        /// The run's index
        run: usize,
        /// Why, in English as every error is
        reason: String,
    },
    /// The state of a run cannot be written.
    StateNotKept {
        /// Why
        error: Error,
    },
}

impl Warning {
    /// The warning as a sentence.
    pub fn sentence(&self, language: Language) -> String {
        match self {
            Warning::BeginsAnew { run, reason } => text!(
                language,
                "run-begins-anew",
                run = run.to_string(),
                reason = reason
            ),
            Warning::StateNotKept { error } => {
                text!(language, "run-state-not-kept", error = error.to_string())
            }
        }
    }
}

/// The observer that does nothing.
impl Observer for () {}

/// The reason to stop early: a request from outside, or a failure of a run.
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

    /// Syncs the store if the last sync was a second ago. An error of the disk ends the training.
    fn sync_if_due(&mut self, halt: &Halt) {
        if self.error.is_none()
            && let Err(error) = self.store.sync_if_due()
        {
            self.error = Some(error);
            halt.ask();
        }
    }
}

/// The data that all threads share.
#[derive(Clone, Copy)]
struct Crew<'a, 's> {
    plan: &'a Plan,
    options: Options,
    observer: &'a dyn Observer,
    halt: &'a Halt<'a>,
    units: &'a Units,
    states: &'a KeptStates,
    keeper: &'a Mutex<Keeper<'s>>,
}

impl Crew<'_, '_> {
    /// Trains one run and keeps its record; if it is asked to stop before its end, keeps its state.
    fn train_one(self, index: usize) {
        self.observer.started(index);
        let task = self.plan.task(index);
        let mut thread_time = ThreadTime::new();
        let time_share = thread_time.begin(work(&task));
        let (unfinished, state) = self.states.take(index);
        let mut run = RunInProgress::new(self.plan, task.settings.epochs, time_share, unfinished);
        let trained = catch_unwind(AssertUnwindSafe(|| {
            let mut followed = Followed {
                crew: self,
                index,
                run: &mut run,
                thread_time: &mut thread_time,
            };
            train_from(state, &task, &self.states.requests, &mut followed)
        }));
        let seconds = thread_time.end(run.time_share);
        self.finish(
            index,
            run,
            seconds,
            trained.map_err(|panic| panics::reason(&*panic)),
        );
    }

    /// Trains the runs of a unit in lockstep. If one of them panics, the runs of this thread are
    /// trained again one by one, so that the other runs keep their results.
    fn train_lockstep(self, unit: usize) {
        let mut lockstep = Lockstep {
            crew: self,
            unit,
            in_progress: HashMap::new(),
            from: None,
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

    /// Whether the state of a run is to be kept now.
    fn wants_state(self, run: &RunInProgress) -> bool {
        self.states.is_due(run, self.halt.asked())
    }

    /// Keeps the state of a run, which took `seconds` of this thread's time.
    fn keep_state(self, index: usize, run: &mut RunInProgress, seconds: f64, state: State) {
        let durability = match self.halt.asked() {
            // At an interruption, the results are synced together with the states.
            true => Durability::Kill,
            false => Durability::PowerFailure,
        };
        let unfinished = run.unfinished(seconds, state);
        let key = &self.plan.runs[index].key;
        self.states
            .keep(key, &unfinished, durability, self.observer);
        (run.since, run.has_state) = (Instant::now(), true);
    }

    /// Keeps the record of a run that has ended; an interrupted run has none.
    fn finish(
        self,
        index: usize,
        run: RunInProgress,
        seconds: f64,
        trained: Result<Trained, String>,
    ) {
        let has_state = run.has_state;
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
        // The record is synced before the state is removed, in case the power fails between the
        // two.
        if has_state && keeper.error.is_none() && keeper.store.sync().is_ok() {
            self.states.remove(&self.plan.runs[index].key);
        }
    }
}

/// A run that one thread trains, and the time of that thread.
struct Followed<'f, 'a, 's> {
    crew: Crew<'a, 's>,
    index: usize,
    run: &'f mut RunInProgress,
    thread_time: &'f mut ThreadTime,
}

impl engine::types::Observer for Followed<'_, '_, '_> {
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()> {
        self.run.history.add(row);
        self.crew.goes_on(self.index, row)
    }

    fn wants_state(&mut self) -> bool {
        self.crew.wants_state(self.run)
    }

    fn keep(&mut self, state: State) {
        let seconds = self.thread_time.so_far(self.run.time_share);
        self.crew.keep_state(self.index, self.run, seconds, state);
    }
}

/// The runs of a unit that one thread trains.
struct Lockstep<'a, 's> {
    crew: Crew<'a, 's>,
    unit: usize,
    in_progress: HashMap<usize, RunInProgress>,
    /// The state that the last taken run goes on from.
    from: Option<State>,
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
        let (unfinished, state) = self.crew.states.take(index);
        let epochs = task.settings.epochs;
        let run = RunInProgress::new(self.crew.plan, epochs, time_share, unfinished);
        self.in_progress.insert(index, run);
        self.from = state;
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

    fn requests(&self) -> &'a Requests {
        &self.crew.states.requests
    }

    fn state(&mut self, _: usize) -> Option<State> {
        self.from.take()
    }

    fn wants_state(&mut self, index: usize) -> bool {
        let run = self.in_progress.get(&index);
        run.is_some_and(|run| self.crew.wants_state(run))
    }

    fn keep(&mut self, index: usize, state: State) {
        if let Some(run) = self.in_progress.get_mut(&index) {
            let seconds = self.thread_time.so_far(run.time_share);
            self.crew.keep_state(index, run, seconds, state);
        }
    }
}
