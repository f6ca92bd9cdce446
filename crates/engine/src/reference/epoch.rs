//! One epoch and the validation after it, a sample at a time. This is the reference, which every
//! faster way equals bit for bit.

use crate::reference::session::Session;
use crate::reference::training::{Batches, Way};
use crate::run::examples::Examples;
use crate::run::requests::Listener;
use crate::run::sums::{Measures, Sums};
use numbers::dispatch::{Kernel, dispatch};
use numbers::real::Scalar;

/// Samples that are evaluated between two checks of whether the run is asked to end.
const LOOK: usize = 64;

/// The reference's way: the samples of a batch one after the other.
#[derive(Debug, Clone, Copy)]
pub struct SampleBySample;

impl<T: Scalar> Way<T> for SampleBySample {
    fn train(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        batches: Batches<'_>,
        measures: Measures<'_>,
        sums: &mut Sums<f64>,
        listener: Listener<'_>,
    ) -> usize {
        dispatch(Epoch {
            session,
            data,
            batches,
            measures,
            sums,
            listener,
        })
    }

    fn evaluate(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        measures: Measures<'_>,
        listener: Listener<'_>,
    ) -> Option<Sums<f64>> {
        dispatch(Evaluate {
            session,
            data,
            measures,
            listener,
        })
    }
}

/// One epoch: for each batch, for each of its samples forward, loss and backward; then the update.
struct Epoch<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    batches: Batches<'a>,
    measures: Measures<'a>,
    sums: &'a mut Sums<f64>,
    listener: Listener<'a>,
}

impl<T: Scalar> Kernel for Epoch<'_, '_, T> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        // The compiler keeps local values in registers.
        let mut sums = core::mem::replace(self.sums, Sums::zero());
        let mut trained = 0;
        for batch in self.batches.iter() {
            let seen = |loss, predictions: &[T], targets: &[T]| {
                sums.add(self.measures, loss, predictions, targets);
            };
            self.session
                .step(self.data, batch, self.batches.learning_rate, seen);
            trained += batch.len();
            if self.listener.hears() {
                break;
            }
        }
        *self.sums = sums;
        trained
    }
}

/// The losses and metrics of a network on all of `data`.
struct Evaluate<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    measures: Measures<'a>,
    listener: Listener<'a>,
}

impl<T: Scalar> Kernel for Evaluate<'_, '_, T> {
    type Output = Option<Sums<f64>>;

    #[inline(always)]
    fn run(self) -> Option<Sums<f64>> {
        let session = self.session;
        // Dropout is for training alone: an evaluation uses the whole network.
        let masks = core::mem::take(&mut session.pass.masks);
        let mut sums = Sums::zero();
        let mut ended = false;
        for sample in 0..self.data.count() {
            if sample.is_multiple_of(LOOK) && self.listener.is_to_end() {
                ended = true;
                break;
            }
            let (x, targets) = self.data.sample(sample);
            session.network.forward(x, &mut session.pass);
            let predictions = session.pass.predictions();
            let mut loss = self.measures.loss.value(predictions, targets);
            if let Some(weight) = session.weight(targets) {
                loss = loss * weight;
            }
            sums.add(self.measures, loss, predictions, targets);
        }
        session.pass.masks = masks;
        (!ended).then_some(sums)
    }
}
