//! The orders in which the lanes of a pack see the samples.

use super::super::dispatch::{VectorKernel, dispatch_vectors};
use super::super::real::{Real, Words};
use super::super::train::Task;
use crate::rng::{Place, Random, Stream, lanes, stream};

/// As [`Order`](super::super::train::Order), of several runs side by side.
pub(super) struct Orders {
    lanes: usize,
    /// For each place of an epoch the sample of each lane.
    samples: Vec<u32>,
    /// What shuffles each lane's order, if anything does.
    streams: Vec<Option<Place>>,
    /// Room for the words of an epoch.
    words: Vec<u32>,
}

impl Orders {
    /// The samples' own order in every lane.
    ///
    /// # Panics
    /// If there are more than 2³² − 1 samples.
    pub fn new(lanes: usize, count: usize) -> Self {
        let count = u32::try_from(count).expect("no more than 2^32 - 1 samples");
        Self {
            lanes,
            samples: (0..count).flat_map(|sample| vec![sample; lanes]).collect(),
            streams: vec![None; lanes],
            words: Vec::new(),
        }
    }

    /// Begins anew in a lane.
    pub fn start_lane(&mut self, lane: usize, task: &Task<'_>) {
        for (sample, row) in self.samples.chunks_exact_mut(self.lanes).enumerate() {
            row[lane] = sample as u32;
        }
        let shuffled = task.settings.shuffle;
        self.streams[lane] = shuffled.then(|| stream(task.shuffle_seed, Stream::Shuffle).place());
    }

    /// No longer shuffles a lane.
    pub fn stop_lane(&mut self, lane: usize) {
        self.streams[lane] = None;
    }

    /// For each place of this epoch, from `first` on, the sample of each lane.
    #[inline(always)]
    pub fn since(&self, first: usize) -> &[u32] {
        &self.samples[first * self.lanes..]
    }

    /// Goes on to the next epoch's orders.
    pub fn next_epoch(&mut self) {
        if self.streams.iter().any(Option::is_some) {
            dispatch_vectors(Shuffle(self));
        }
    }

    #[inline(always)]
    fn shuffle_lanes<W: Words, const LANES: usize>(&mut self) {
        let (orders, _) = self.samples.as_chunks_mut::<LANES>();
        lanes::shuffle::<W, LANES>(&mut self.streams, orders, &mut self.words);
    }
}

/// All lanes' orders are shuffled.
struct Shuffle<'a>(&'a mut Orders);

impl VectorKernel for Shuffle<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let orders = self.0;
        match orders.lanes {
            1 => {
                let stream = orders.streams[0].as_mut().expect("something is shuffled");
                let mut random = Random::at(stream);
                random.shuffle(&mut orders.samples);
                *stream = random.place();
            }
            4 => orders.shuffle_lanes::<F64::Words, 4>(),
            8 if F32::LANES == 8 => orders.shuffle_lanes::<F32::Words, 8>(),
            8 => orders.shuffle_lanes::<F64::Words, 8>(),
            16 => orders.shuffle_lanes::<F32::Words, 16>(),
            lanes => unreachable!("no vector has {lanes} lanes"),
        }
    }
}
