//! The loss as a function of the parameters.

use super::gradients::Gradients;
use super::step::At;
use crate::parameters::Parameters;
use crate::reference::network::Pass;
use crate::reference::parts::{self, Part};
use crate::reference::session::Session;
use crate::run::dropout::Dropout;
use crate::run::examples::Examples;
use crate::run::task::{Samples, Task};
use crate::words::architecture::Architecture;
use crate::words::settings::Settings;
use alloc::vec::Vec;

/// The mean loss of some samples as a function of the parameters, and its gradient; in f64, without
/// penalties. Where outputs are dropped, the same outputs are dropped for all parameters.
pub struct Objective<'a> {
    session: Session<f64>,
    data: Examples<'a, f64>,
    order: Vec<u32>,
    gradients: Gradients<f64>,
    /// The stream of dropout before the first of the samples, where outputs are dropped.
    dropout: Option<Dropout<f64>>,
}

impl<'a> Objective<'a> {
    /// The objective of a network at these parameters, with the loss of these settings.
    ///
    /// # Panics
    /// If the shapes of samples, architecture and parameters do not fit, or there are more than
    /// 2³² − 1 samples.
    pub fn new(
        architecture: &Architecture,
        parameters: Parameters,
        settings: &Settings,
        samples: Samples<'a>,
    ) -> Self {
        let data = Examples::new(samples);
        let count = u32::try_from(data.count()).expect("no more than 2^32 - 1 samples");
        Self {
            session: Session::new(architecture, parameters, settings),
            gradients: Gradients::new(architecture, data.count()),
            order: (0..count).collect(),
            data,
            dropout: None,
        }
    }

    /// The objective in which each sample has the weight of its class; all samples have the same
    /// weight if `class_weights` is empty.
    pub fn weighted(mut self, class_weights: Vec<f64>) -> Self {
        self.data = self.data.weighted(&class_weights);
        self.session.class_weights = class_weights;
        self
    }

    /// The objective of the batch of one step of a run: with the weights of its samples in the
    /// loss, and with the same outputs dropped as in that step.
    ///
    /// # Panics
    /// As [`Objective::new`].
    pub fn of_step(task: &Task<'_>, parameters: Parameters, samples: Samples<'a>, at: At) -> Self {
        let objective = Self::new(task.architecture, parameters, task.settings, samples);
        let mut objective = objective.weighted(task.class_weights());
        if let Some(mut dropout) = Dropout::of(task) {
            let pass = &mut objective.session.pass;
            *pass = Pass::new(&task.architecture.layers).with_masks();
            dropout.begin_epoch(at.epoch);
            let batch_size = task.settings.batch_size.samples(task.train.x.nrows());
            for _ in 0..(at.step - 1) * batch_size {
                dropout.next(&mut pass.masks);
            }
            objective.dropout = Some(dropout);
        }
        objective
    }

    /// The parameters, to be changed by the caller.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.session.network.parameters
    }

    /// The mean loss.
    pub fn loss(&mut self) -> f64 {
        let sum = if self.dropout.is_some() {
            self.sum_gradients()
        } else {
            self.gradients.losses(&mut self.session, &mut self.data)
        };
        sum / self.data.totals().weight
    }

    /// The gradient of the mean loss, averaged as training averages it.
    pub fn gradient(&mut self) -> &Parameters {
        let samples = self.order.len();
        self.sum_gradients();
        parts::finish(&mut self.session, &[Part::Average { samples }]);
        &self.session.gradients
    }

    /// Stores the sum of the samples' gradients in the session; returns the sum of their losses.
    fn sum_gradients(&mut self) -> f64 {
        self.session.dropout.clone_from(&self.dropout);
        let session = &mut self.session;
        self.gradients.sum(session, &mut self.data, &self.order)
    }
}
