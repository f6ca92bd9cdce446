//! The training of one run alone, the samples of a batch side by side: each lane of a vector has
//! one sample.
//!
//! The samples of a batch have the same weights and are independent of each other until their
//! gradients are added up. The gradients are added one after the other, in the samples' order.

use core::marker::PhantomData;

use super::design::{Design, Numbers};
use super::lanes::{Crew, Traversal};
use super::network::Networks;
use super::rows::SampleRows;
use crate::run::sums::Sums;
use numbers::real::{Real, Scalar};

/// A batch's samples side by side in these vectors.
pub(super) struct SideBySide<V>(PhantomData<V>);

impl<T: Scalar, V: Real<Scalar = T>, D: Design> Traversal<T, D> for SideBySide<V> {
    #[inline(always)]
    fn epoch(crew: &mut Crew<'_, '_, T, D>, valid: Option<&SampleRows<T>>) -> Sums<f64> {
        let lane = crew.lanes[0].as_ref();
        let batch_size = lane.map_or(1, |lane| lane.course.batch_size());
        if valid.is_some() || batch_size == 1 || V::LANES == 1 {
            crew.epoch(valid)
        } else {
            crew.epoch_side_by_side::<V>(batch_size)
        }
    }
}

impl<T: Scalar, D: Design> Crew<'_, '_, T, D> {
    /// One epoch of the one lane's run, whose batches have several samples.
    #[inline(always)]
    fn epoch_side_by_side<V: Real<Scalar = T>>(&mut self, batch_size: usize) -> Sums<f64> {
        let design = self.design;
        let layers = design.layers();
        let features = layers[0];
        let (data, measures) = (self.train, self.measures());
        let mut sums = Sums::zero();
        // The compiler keeps local values in registers.
        let mut network = self.networks.take();
        let mut rule = self.rule;
        let mut side_by_side = Networks::<V, D>::new(layers, 0);
        let mut samples = D::Sample::<V>::zeros(data.width());
        for batch in self.orders.places(0, data.count()).chunks(batch_size) {
            if self.listener.is_to_end() {
                self.ended = true;
                break;
            }
            side_by_side.copy_values(&network);
            for group in batch.chunks(V::LANES) {
                gather(data, group, samples.as_mut());
                let (x, targets) = samples.as_ref().split_at(features);
                side_by_side.forward(design, x, None);
                let predictions = side_by_side.predictions(design);
                let loss = measures.loss.value(predictions, targets);
                sums.add_side_by_side(measures, loss, predictions, targets, group.len());
                side_by_side.find_deltas(design, targets, None, None);
                for (lane, &sample) in group.iter().enumerate() {
                    network.recall(&side_by_side, lane);
                    network.accumulate(design, data.inputs(sample as usize), false);
                }
            }
            let factor = self.mean_factors[usize::from(batch.len() < batch_size)];
            network.update(design, &self.shaping, &mut rule, factor, true, self.rates);
        }
        self.networks = network;
        self.rule = rule;
        sums
    }
}

/// The inputs and targets of samples, a lane each. A lane beyond the samples repeats the last one.
#[inline(always)]
fn gather<V: Real>(data: &SampleRows<V::Scalar>, samples: &[u32], numbers: &mut [V]) {
    for (column, number) in numbers.iter_mut().enumerate() {
        *number = V::from_lanes(|lane| {
            let sample = samples[lane.min(samples.len() - 1)];
            data.row(sample as usize)[column]
        });
    }
}
