//! The interruption of a training by a person.
//!
//! A thread of its own waits for the request and reports at once that it has arrived. Runs end at
//! the end of their epoch; if that takes too long, they end between two batches; if even a batch
//! takes too long, the thread ends the program. The journal then has every finished run, and a long
//! run has the state that it kept last.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::record::Store;
use engine::types::Requests;

/// The time between two checks for the request.
const LOOK: Duration = Duration::from_millis(50);
/// The longest wait for the end of an epoch, after which every run can go on.
const EPOCH: Duration = Duration::from_millis(250);
/// The longest wait after that for the end of a batch.
const BATCH: Duration = Duration::from_millis(1500);

/// A request to stop, and the answer to it.
#[derive(Clone, Copy)]
pub struct Interrupt<'a> {
    /// Whether the request was made.
    pub asked: &'a AtomicBool,
    /// The message to the person, and the end of the program.
    pub answer: Option<&'a dyn Answer>,
}

/// The answer to a request to stop.
pub trait Answer: Sync {
    /// Reports that the request has arrived.
    fn noticed(&self, store: &Store);
    /// Ends the program, since training goes on for too long. Nothing is being written to the
    /// store.
    fn abandon(&self, store: &Store, trained: usize);
}

/// Whether the work that may be interrupted is over.
#[derive(Debug, Default)]
pub struct Over {
    over: Mutex<bool>,
    changed: Condvar,
}

impl Over {
    /// Records that the training is over.
    pub fn set(&self) {
        *self.lock() = true;
        self.changed.notify_all();
    }

    /// Waits at most `time` for the end. Returns whether it has come.
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

/// The requests to the runs while they are watched.
#[derive(Clone, Copy)]
pub struct Watched<'a> {
    /// The requests that the runs listen to.
    pub requests: &'a Requests,
    /// The time between two requests for their state.
    pub interval: Duration,
    /// Whether the runs are to end for any reason.
    pub ends: &'a (dyn Fn() -> bool + Sync),
    /// Called at every check: syncs what was kept to the disk.
    pub sync: &'a (dyn Fn() + Sync),
}

impl Interrupt<'_> {
    /// Asks the runs for their state from time to time, until the work is over. When a request to
    /// stop arrives, answers it, asks the runs to end at their next batch, and ends the program if
    /// the work is not over soon. `with` gives the store and the number of trained runs while no
    /// other thread uses them.
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
                // The file has the runs even if it cannot be synced.
                let _ = store.sync();
                answer.abandon(store, trained);
            }
        });
    }
}
