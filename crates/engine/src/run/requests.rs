//! What another thread asks of the runs that are being trained: to end, or to hand over their state.
//!
//! A run looks between two batches, which costs it one relaxed load.

use core::sync::atomic::{AtomicU32, Ordering};

/// What is asked of all runs that are given it.
#[derive(Debug, Default)]
pub struct Requests(AtomicU32);

/// The runs are to end. The other bits count how often the state was asked for.
const END: u32 = 1 << 31;

/// Requests of which none is ever made.
pub static NONE: Requests = Requests::new();

impl Requests {
    /// Nothing is asked yet.
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// Every run ends after the batch that it is at.
    pub fn end(&self) {
        self.0.fetch_or(END, Ordering::Relaxed);
    }

    /// Every run hands over its state once, after the batch (in lockstep: the epoch) that it is at.
    pub fn keep(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A run that listens to requests.
#[derive(Debug, Clone, Copy)]
pub struct Listener<'a> {
    requests: &'a Requests,
    /// How often the state was asked for, as far as this run has answered.
    answered: u32,
}

impl<'a> Listener<'a> {
    /// A run that begins now.
    pub fn new(requests: &'a Requests) -> Self {
        let mut listener = Self {
            requests,
            answered: 0,
        };
        listener.answer();
        listener
    }

    /// Whether something is asked.
    #[inline(always)]
    pub fn hears(&self) -> bool {
        self.requests.0.load(Ordering::Relaxed) != self.answered
    }

    /// Whether the run is to end.
    #[inline(always)]
    pub fn is_to_end(&self) -> bool {
        self.requests.0.load(Ordering::Relaxed) & END != 0
    }

    /// What has been asked so far is answered now; whether the run is to end, which stays so.
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
