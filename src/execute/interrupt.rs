//! What happens when a person asks the program to stop while it trains.
//!
//! Training looks at the request once per epoch. An epoch may take minutes, and a person wants to know
//! at once that the request has arrived: a thread of its own waits for it, says so, and ends the
//! program where training does not end by itself. Every finished run is in the journal by then.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::record::Store;

/// How often the request is looked for.
const LOOK: Duration = Duration::from_millis(50);
/// How long training may take to end by itself.
const GRACE: Duration = Duration::from_millis(1500);

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

impl Interrupt<'_> {
    /// Waits for a request, answers it, and ends the program if the work is not over soon. `with` gives
    /// the store and how many runs were trained, while nobody else has them.
    pub fn watch(&self, over: &Over, with: impl Fn(&mut dyn FnMut(&mut Store, usize))) {
        let Some(answer) = self.answer else {
            return;
        };
        while !self.asked.load(Ordering::Relaxed) {
            if over.wait(LOOK) {
                return;
            }
        }
        with(&mut |store, _| answer.noticed(store));
        if over.wait(GRACE) {
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
