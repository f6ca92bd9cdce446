//! The summed gradient and the losses of samples, in the faster of two ways.

use crate::batch::{self, Batch};
use crate::reference::epoch::SampleBySample;
use crate::reference::parts;
use crate::reference::session::Session;
use crate::reference::training::Way;
use crate::run::examples::Examples;
use crate::run::requests::{self, Listener};
use crate::run::sums::Measures;
use crate::words::architecture::Architecture;
use numbers::Product;
use numbers::dispatch::Format;
use numbers::real::Scalar;

/// Computes losses and gradients: of all samples at once where that is faster, else of one after
/// the other.
pub(super) struct Gradients<T> {
    at_once: Option<Batch<T>>,
}

impl<T: Product + Format> Gradients<T> {
    /// Room for up to `samples` samples.
    pub fn new(architecture: &Architecture, samples: usize) -> Self {
        let at_once = batch::worth_it(architecture, samples);
        Self {
            at_once: at_once.then(|| Batch::new(&architecture.layers, samples)),
        }
    }

    /// Stores the sum of these samples' gradients in the session; returns the sum of their losses.
    pub fn sum(
        &mut self,
        session: &mut Session<T>,
        data: &mut Examples<'_, T>,
        samples: &[u32],
    ) -> f64 {
        match &mut self.at_once {
            Some(batch) => {
                let measures = losses_alone(session);
                batch.gradients(session, data, samples, measures).loss()
            }
            None => {
                session.begin();
                let losses = parts::accumulate(session, data, samples);
                losses.into_iter().fold(0.0, |sum, loss| sum + loss)
            }
        }
    }

    /// The sum of the losses of all of `data`.
    pub fn losses(&mut self, session: &mut Session<T>, data: &mut Examples<'_, T>) -> f64 {
        let measures = losses_alone(session);
        let listener = Listener::new(&requests::NONE);
        let sums = match &mut self.at_once {
            Some(batch) => batch.evaluate(session, data, measures, listener),
            None => SampleBySample.evaluate(session, data, measures, listener),
        };
        sums.expect("nothing is asked of it").loss()
    }
}

/// Measures of the loss alone, without metrics.
fn losses_alone<T: Scalar>(session: &Session<T>) -> Measures<'static> {
    let outputs = session.pass.predictions().len();
    Measures::new(session.loss, &[], outputs, &[])
}
