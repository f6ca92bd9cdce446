//! One run alone: a batch's samples side by side, a lane of a vector each.
//!
//! The samples of a batch have the same weights, and wait for nothing of each other until their
//! gradients are added up, which happens one after the other, in their order.

use std::marker::PhantomData;

use super::design::{Design, Numbers};
use super::network::Networks;
use super::rows::SampleRows;
use super::run::{Crew, Sums, Walk};
use crate::train::add_lanes;
use numbers::real::{Real, Scalar};

/// A batch's samples side by side in these vectors.
pub(super) struct Together<V>(PhantomData<V>);

impl<T: Scalar, V: Real<Scalar = T>, D: Design> Walk<T, D> for Together<V> {
    #[inline(always)]
    fn pass(crew: &mut Crew<'_, '_, T, D>, tried: Option<&SampleRows<T>>) -> Sums<f64> {
        let batch_size = crew.lanes[0].as_ref().map_or(1, |lane| lane.batch_size);
        if tried.is_some() || batch_size == 1 || V::LANES == 1 {
            crew.pass(tried)
        } else {
            crew.pass_together::<V>()
        }
    }
}

impl<T: Scalar, D: Design> Crew<'_, '_, T, D> {
    /// One epoch of the one lane's run, whose batches have several samples.
    #[inline(always)]
    fn pass_together<V: Real<Scalar = T>>(&mut self) -> Sums<f64> {
        let design = self.design;
        let layers = design.layers();
        let features = layers[0];
        let lane = self.lanes[0].as_ref().expect("a run is in the lane");
        let (data, loss, settings) = (self.train, design.loss(), self.task.settings);
        let mut sums = Sums::new();
        // The compiler keeps in registers what nobody else can see.
        let mut network = self.networks.take();
        let mut rule = self.rule;
        let mut side_by_side = Networks::<V, D>::new(layers, 0);
        let mut samples = D::Sample::<V>::zeros(data.width());
        for batch in self.orders.places(0, data.count()).chunks(lane.batch_size) {
            side_by_side.share_values(&network);
            for group in batch.chunks(V::LANES) {
                gather(data, group, samples.as_mut());
                let (x, targets) = samples.as_ref().split_at(features);
                side_by_side.forward(design, x);
                let predictions = side_by_side.predictions(design);
                let losses = loss.value(predictions, targets);
                add_lanes(&mut sums.loss, losses, group.len());
                for (sum, metric) in sums.metrics.iter_mut().zip(&settings.metrics) {
                    let terms = metric.term(loss, predictions, targets);
                    add_lanes(sum, terms, group.len());
                }
                side_by_side.find_deltas(design, targets);
                for (lane, &sample) in group.iter().enumerate() {
                    network.recall(&side_by_side, lane);
                    network.accumulate(design, data.inputs(sample as usize));
                }
            }
            let share = self.shares[usize::from(batch.len() < lane.batch_size)];
            network.update(design, &self.shaping, &mut rule, share, true, self.rates);
        }
        self.networks = network;
        self.rule = rule;
        sums
    }
}

/// The inputs and targets of samples, a lane each; a lane without one has the last one's once more.
#[inline(always)]
fn gather<V: Real>(data: &SampleRows<V::Scalar>, samples: &[u32], numbers: &mut [V]) {
    for (column, number) in numbers.iter_mut().enumerate() {
        *number = V::from_lanes(|lane| {
            let sample = samples[lane.min(samples.len() - 1)];
            data.row(sample as usize)[column]
        });
    }
}
