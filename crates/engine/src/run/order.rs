//! The order in which a run sees its samples.

use alloc::vec::Vec;

use crate::run::state::OrderState;
use numbers::random::{Random, Stream, stream};

/// The order in which the samples are seen.
#[derive(Debug, Clone)]
pub struct Order {
    samples: Vec<u32>,
    random: Option<Random>,
}

impl Order {
    /// The samples' own order. If `shuffle` is true, each epoch shuffles the order of the epoch
    /// before, by the `Shuffle` stream of `seed`.
    ///
    /// # Panics
    /// If there are more than 2³² − 1 samples.
    pub fn new(count: usize, shuffle: bool, seed: u64) -> Self {
        let count = u32::try_from(count).expect("no more than 2^32 - 1 samples");
        Self {
            samples: (0..count).collect(),
            random: shuffle.then(|| stream(seed, Stream::Shuffle)),
        }
    }

    /// Goes on from the state of an order of as many samples, shuffled by the same seed.
    pub(crate) fn resume(&mut self, state: &OrderState) {
        self.samples.copy_from_slice(&state.samples);
        if let Some(random) = &mut self.random {
            random.skip(state.drawn);
        }
    }

    /// The state that [`Order::resume`] goes on from.
    pub(crate) fn state(&self) -> OrderState {
        OrderState {
            samples: self.samples.clone(),
            drawn: self
                .random
                .as_ref()
                .map_or(0, |random| random.position().drawn()),
        }
    }

    /// The order of the current epoch.
    #[inline(always)]
    pub fn samples(&self) -> &[u32] {
        &self.samples
    }

    /// Goes to the next epoch and gives its order.
    pub fn next_epoch(&mut self) -> &[u32] {
        if let Some(random) = &mut self.random {
            random.shuffle(&mut self.samples);
        }
        &self.samples
    }
}
