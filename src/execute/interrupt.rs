//! What happens when a person asks the program to stop while it trains.
//!
//! A thread of its own waits for the request and says at once that it has arrived. Runs end at the end of
//! their epoch; those whose epoch lasts longer end between two batches. Where even a batch lasts too
//! long, the thread ends the program. Every finished run is in the journal by then, and of a long run
//! the state that it kept last.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::Store;
use engine::types::Requests;

/// How often the request is looked for.
const LOOK: Duration = Duration::from_millis(50);
/// How long training may take to end at the end of an epoch: from there on every run can go on.
const EPOCH: Duration = Duration::from_millis(250);
/// How long it may then take to end after a batch.
const BATCH: Duration = Duration::from_millis(1500);

/// A request to stop, and what to do about it.
#[derive(Clone, Copy)]
pub struct Interrupt<'a> {
    /// Whether it was made.
    pub asked: &'a AtomicBool,
    /// What the person reads, and how the program ends.
    pub answer: Option<&'a dyn Answer>,
}

/// How a request to stop is answered.
pub trait Answer: Sync {
    /// Says that the request has arrived.
    fn noticed(&self, store: &Store);
    /// Ends the program: training goes on for too long. Nothing is being written to the store.
    fn abandon(&self, store: &Store, trained: usize);
}

/// Whether the work that may be interrupted is over.
#[derive(Debug, Default)]
pub struct Over {
    over: Mutex<bool>,
    changed: Condvar,
}

impl Over {
    /// Notes that the training is over.
    pub fn set(&self) {
        *self.lock() = true;
        self.changed.notify_all();
    }

    /// Waits so long for it; whether it is.
    fn wait(&self, time: Duration) -> bool {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), time, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the runs are asked while they are watched.
#[derive(Clone, Copy)]
pub struct Watched<'a> {
    /// The door to them.
    pub requests: &'a Requests,
    /// How often they are asked for their state.
    pub interval: Duration,
    /// Whether they are to end for any reason.
    pub ends: &'a (dyn Fn() -> bool + Sync),
    /// Called at every look: brings to the disk what was kept and waits for it.
    pub sync: &'a (dyn Fn() + Sync),
}

impl Interrupt<'_> {
    /// Asks the runs for their state from time to time, until the work is over. Waits for a request to
    /// stop, answers it, asks the runs to end at their next batch, and ends the program if the work
    /// is not over soon. `with` gives the store and how many runs were trained, while nobody else has
    /// them.
    pub fn watch(
        &self,
        over: &Over,
        runs: Watched<'_>,
        with: impl Fn(&mut dyn FnMut(&mut Store, usize)),
    ) {
        let mut asked = Instant::now();
        while !self.asked.load(Ordering::Relaxed) {
            if over.wait(LOOK) {
                return;
            }
            (runs.sync)();
            if (runs.ends)() {
                runs.requests.end();
            }
            if asked.elapsed() >= runs.interval {
                runs.requests.keep();
                asked = Instant::now();
            }
        }
        if let Some(answer) = self.answer {
            with(&mut |store, _| answer.noticed(store));
        }
        if over.wait(EPOCH) {
            return;
        }
        runs.requests.end();
        let Some(answer) = self.answer else {
            return;
        };
        if over.wait(BATCH) {
            return;
        }
        with(&mut |store, trained| {
            if !over.wait(Duration::ZERO) {
                // What cannot be synced is in the file all the same.
                let _ = store.sync();
                answer.abandon(store, trained);
            }
        });
    }
}
