//! The loss as a function of the parameters.

use super::gradients::Gradients;
use crate::parameters::Parameters;
use crate::reference::parts::{self, Part};
use crate::reference::session::Session;
use crate::run::examples::Examples;
use crate::run::task::Samples;
use crate::words::architecture::Architecture;
use crate::words::settings::Settings;
use alloc::vec::Vec;

/// The mean loss of some samples as a function of the parameters, and its gradient; in f64, without
/// penalties.
pub struct Objective<'a> {
    session: Session<f64>,
    data: Examples<'a, f64>,
    order: Vec<u32>,
    gradients: Gradients<f64>,
}

impl<'a> Objective<'a> {
    /// Of a network at these parameters, with the loss of these settings.
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
        }
    }

    /// The parameters, to be changed.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        &mut self.session.network.parameters
    }

    /// The mean loss.
    pub fn loss(&mut self) -> f64 {
        let sum = self.gradients.losses(&mut self.session, &mut self.data);
        sum / self.order.len() as f64
    }

    /// Its gradient, averaged as training averages it.
    pub fn gradient(&mut self) -> &Parameters {
        let samples = self.order.len();
        let session = &mut self.session;
        self.gradients.sum(session, &mut self.data, &self.order);
        parts::finish(session, &[Part::Average { samples }]);
        &session.gradients
    }
}
