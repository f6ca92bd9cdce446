//! The orders in which the lanes see the samples.

use crate::run::state::OrderState;
use crate::run::task::Task;
use alloc::vec;
use alloc::vec::Vec;
use numbers::dispatch::{VectorKernel, dispatch_vectors};
use numbers::random::{Random, Stream, StreamPosition, lanes, stream};
use numbers::real::{Real, Words};

/// The orders of several runs: [`Order`](crate::run::order::Order), a lane each.
pub(super) struct Orders {
    lanes: usize,
    count: usize,
    /// Whether each lane's order lies by itself, place after place. Otherwise each place has the
    /// samples of all lanes side by side.
    apart: bool,
    samples: Vec<u32>,
    /// The stream that shuffles each lane's order; `None` where the order stays.
    streams: Vec<Option<StreamPosition>>,
    /// Room for the words of an epoch.
    words: Vec<u32>,
    /// Room for the samples of some places, where the orders lie apart.
    some: Vec<u32>,
}

/// The most samples in all lanes whose orders are shuffled side by side. More of them exceed the
/// second-level cache, while the order of one lane alone may still fit.
const SIDE_BY_SIDE: usize = 1 << 17;

impl Orders {
    /// The samples' own order in every lane.
    ///
    /// # Panics
    /// If there are more than 2³² − 1 samples.
    pub fn new(lanes: usize, count: usize) -> Self {
        assert!(
            u32::try_from(count).is_ok(),
            "no more than 2^32 - 1 samples"
        );
        let mut orders = Self {
            lanes,
            count,
            apart: lanes == 1 || lanes * count > SIDE_BY_SIDE,
            samples: vec![0; lanes * count],
            streams: vec![None; lanes],
            words: Vec::new(),
            some: Vec::new(),
        };
        (0..lanes).for_each(|lane| orders.lay_out(lane));
        orders
    }

    /// The samples' own order in a lane.
    fn lay_out(&mut self, lane: usize) {
        let (first, step) = self.layout(lane);
        let places = self.samples[first..].iter_mut().step_by(step);
        places
            .zip(0..self.count as u32)
            .for_each(|(place, sample)| *place = sample);
    }

    /// Starts the order of a new run in a lane.
    pub fn start_lane(&mut self, lane: usize, task: &Task<'_>) {
        self.lay_out(lane);
        let shuffled = task.settings.shuffle;
        self.streams[lane] =
            shuffled.then(|| stream(task.shuffle_seed, Stream::Shuffle).position());
    }

    /// Lets a lane go on from the state of an order; the lane has been started with the same task.
    pub fn resume_lane(&mut self, lane: usize, state: &OrderState) {
        let (first, step) = self.layout(lane);
        let places = self.samples[first..].iter_mut().step_by(step);
        places
            .zip(&state.samples)
            .for_each(|(place, &sample)| *place = sample);
        if let Some(stream) = &mut self.streams[lane] {
            let mut random = Random::at(stream);
            random.skip(state.drawn);
            *stream = random.position();
        }
    }

    /// The state of a lane's order, for [`Orders::resume_lane`].
    pub fn state(&self, lane: usize) -> OrderState {
        let (first, step) = self.layout(lane);
        let places = self.samples[first..].iter().step_by(step);
        OrderState {
            samples: places.take(self.count).copied().collect(),
            drawn: self.streams[lane].as_ref().map_or(0, StreamPosition::drawn),
        }
    }

    /// The index of a lane's first sample, and the distance to its next one.
    fn layout(&self, lane: usize) -> (usize, usize) {
        match self.apart {
            true => (lane * self.count, 1),
            false => (lane, self.lanes),
        }
    }

    /// Stops the shuffling of a lane.
    pub fn stop_lane(&mut self, lane: usize) {
        self.streams[lane] = None;
    }

    /// The samples of all lanes in places `first..last` of this epoch, place after place.
    #[inline(always)]
    pub fn places(&mut self, first: usize, last: usize) -> &[u32] {
        if self.apart && self.lanes > 1 {
            self.bring_together(first, last);
            &self.some
        } else {
            &self.samples[first * self.lanes..last * self.lanes]
        }
    }

    fn bring_together(&mut self, first: usize, last: usize) {
        self.some.resize((last - first) * self.lanes, 0);
        for (lane, order) in self.samples.chunks_exact(self.count).enumerate() {
            let places = self.some[lane..].iter_mut().step_by(self.lanes);
            places
                .zip(&order[first..last])
                .for_each(|(place, &sample)| *place = sample);
        }
    }

    /// Goes on to the next epoch's orders.
    pub fn next_epoch(&mut self) {
        if self.apart {
            let orders = self.samples.chunks_exact_mut(self.count);
            for (stream, order) in self.streams.iter_mut().zip(orders) {
                let Some(stream) = stream else { continue };
                let mut random = Random::at(stream);
                random.shuffle(order);
                *stream = random.position();
            }
        } else if self.streams.iter().any(Option::is_some) {
            dispatch_vectors(Shuffle(self));
        }
    }

    #[inline(always)]
    fn shuffle_lanes<W: Words, const LANES: usize>(&mut self) {
        let (orders, _) = self.samples.as_chunks_mut::<LANES>();
        lanes::shuffle::<W, LANES>(&mut self.streams, orders, &mut self.words);
    }
}

/// The kernel that shuffles the orders of all lanes, side by side.
struct Shuffle<'a>(&'a mut Orders);

impl VectorKernel for Shuffle<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let orders = self.0;
        match orders.lanes {
            4 => orders.shuffle_lanes::<F64::Words, 4>(),
            8 if F32::LANES == 8 => orders.shuffle_lanes::<F32::Words, 8>(),
            8 => orders.shuffle_lanes::<F64::Words, 8>(),
            16 => orders.shuffle_lanes::<F32::Words, 16>(),
            lanes => unreachable!("no vector has {lanes} lanes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::order::Order;
    use crate::types::{
        Activation, Architecture, BatchSize, Init, Loss, Samples, Scheme, Settings,
    };
    use numbers::matrix::DataMatrix;

    #[test]
    fn every_lane_has_its_runs_order_side_by_side_or_apart() {
        let architecture = Architecture {
            layers: vec![1, 1],
            activations: vec![Activation::Identity],
        };
        let one = DataMatrix::new(1, 1, vec![0.0]);
        let [shuffled, in_order] = [true, false].map(|shuffle| Settings {
            shuffle,
            ..Settings::plain(Loss::Mse, BatchSize::Full, 1, 0.1)
        });
        let settings_of = |lane| if lane == 1 { &in_order } else { &shuffled };
        let task = |settings, seed| Task {
            architecture: &architecture,
            init: &Init::Scheme(Scheme::Zeros),
            train: Samples { x: &one, y: &one },
            valid: None,
            settings,
            init_seed: 0,
            shuffle_seed: seed,
            target_units: &[],
            snapshots: false,
        };
        for (lanes, count) in [(1, 9), (8, 250), (16, 77), (8, SIDE_BY_SIDE / 8 + 1)] {
            let mut orders = Orders::new(lanes, count);
            let mut alone: Vec<Order> = (0..lanes)
                .map(|lane| {
                    let task = task(settings_of(lane), lane as u64);
                    orders.start_lane(lane, &task);
                    Order::new(count, task.settings.shuffle, task.shuffle_seed)
                })
                .collect();
            for epoch in 0..3 {
                if epoch == 2 {
                    // Another run takes the first lane; the last lane stays empty.
                    orders.start_lane(0, &task(&shuffled, 99));
                    alone[0] = Order::new(count, true, 99);
                    if lanes > 1 {
                        orders.stop_lane(lanes - 1);
                        alone.pop();
                    }
                }
                orders.next_epoch();
                let (first, last) = (count / 3, count);
                for (lane, order) in alone.iter_mut().enumerate() {
                    let expected = &order.next_epoch()[first..last];
                    let places = orders.places(first, last);
                    let found: Vec<u32> =
                        places.iter().skip(lane).step_by(lanes).copied().collect();
                    assert!(found == expected, "{lanes} {count}: {lane} in {epoch}");
                }
            }
        }
    }
}
