//! One epoch, and the validation after it, a sample at a time: the reference, which any faster way
//! equals bit for bit.

use crate::reference::session::Session;
use crate::reference::training::{Batches, Way};
use crate::run::examples::Examples;
use crate::run::sums::{Measures, Sums};
use numbers::dispatch::{Kernel, dispatch};
use numbers::real::Scalar;

/// The samples of a batch one after the other.
#[derive(Debug, Clone, Copy)]
pub struct SampleBySample;

impl<T: Scalar> Way<T> for SampleBySample {
    fn train(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        batches: Batches<'_>,
        measures: Measures<'_>,
    ) -> Sums<f64> {
        dispatch(Epoch {
            session,
            data,
            batches,
            measures,
        })
    }

    fn evaluate(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        measures: Measures<'_>,
    ) -> Sums<f64> {
        dispatch(Evaluate {
            session,
            data,
            measures,
        })
    }
}

/// One epoch: for each batch, for each of its samples forward, loss and backward; then the update.
struct Epoch<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    batches: Batches<'a>,
    measures: Measures<'a>,
}

impl<T: Scalar> Kernel for Epoch<'_, '_, T> {
    type Output = Sums<f64>;

    #[inline(always)]
    fn run(self) -> Sums<f64> {
        let mut sums = Sums::zero();
        for batch in self.batches.iter() {
            let seen = |loss, predictions: &[T], targets: &[T]| {
                sums.add(self.measures, loss, predictions, targets);
            };
            self.session
                .step(self.data, batch, self.batches.learning_rate, seen);
        }
        sums
    }
}

/// The losses and metrics of a network on all of `data`.
struct Evaluate<'a, 's, T: Scalar> {
    session: &'a mut Session<T>,
    data: &'a mut Examples<'s, T>,
    measures: Measures<'a>,
}

impl<T: Scalar> Kernel for Evaluate<'_, '_, T> {
    type Output = Sums<f64>;

    #[inline(always)]
    fn run(self) -> Sums<f64> {
        let session = self.session;
        // Nothing is dropped of a network that is looked at.
        let masks = core::mem::take(&mut session.pass.masks);
        let mut sums = Sums::zero();
        for sample in 0..self.data.count() {
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
        sums
    }
}
