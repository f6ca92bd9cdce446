//! Requests of another thread to the runs that are being trained: to end, or to hand over their
//! state.
//!
//! A run checks its requests between two batches, which costs one relaxed load.

use core::sync::atomic::{AtomicU32, Ordering};

/// The requests to all runs that hold a reference to it.
#[derive(Debug, Default)]
pub struct Requests(AtomicU32);

/// The bit that asks the runs to end. The other bits count how often the state was asked for.
const END: u32 = 1 << 31;

/// Requests that stay empty.
pub static NONE: Requests = Requests::new();

impl Requests {
    /// Requests that ask for nothing yet.
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// Asks every run to end after its current batch.
    pub fn end(&self) {
        self.0.fetch_or(END, Ordering::Relaxed);
    }

    /// Asks every run to hand over its state once, after its current batch (in lockstep: after its
    /// current epoch).
    pub fn keep(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A run that listens to requests.
#[derive(Debug, Clone, Copy)]
pub struct Listener<'a> {
    requests: &'a Requests,
    /// How often the state had been asked for when this run last answered.
    answered: u32,
}

impl<'a> Listener<'a> {
    /// The listener of a run that begins now.
    pub fn new(requests: &'a Requests) -> Self {
        let mut listener = Self {
            requests,
            answered: 0,
        };
        listener.answer();
        listener
    }

    /// Whether there is a request that the run has not answered.
    #[inline(always)]
    pub fn hears(&self) -> bool {
        self.requests.0.load(Ordering::Relaxed) != self.answered
    }

    /// Whether the run is to end.
    #[inline(always)]
    pub fn is_to_end(&self) -> bool {
        self.requests.0.load(Ordering::Relaxed) & END != 0
    }

    /// Marks all requests so far as answered. Returns whether the run is to end; a request to end
    /// stays.
    pub fn answer(&mut self) -> bool {
        let asked = self.requests.0.load(Ordering::Relaxed);
        self.answered = asked & !END;
        asked & END != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_asked_for_once_and_the_end_for_ever() {
        let requests = Requests::new();
        let mut listener = Listener::new(&requests);
        assert!(!listener.hears());
        requests.keep();
        assert!(listener.hears() && !listener.is_to_end());
        assert!(!listener.answer() && !listener.hears());
        requests.end();
        for _ in 0..2 {
            assert!(listener.hears() && listener.is_to_end() && listener.answer());
        }
        assert!(
            Listener::new(&requests).hears(),
            "a run that begins later ends too"
        );
    }
}
