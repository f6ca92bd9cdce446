//! Optimizers: how the averaged gradient changes the parameters.

use serde::{Deserialize, Serialize};

use super::network::Parameters;
use super::real::Real;

/// The rule of the update.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Optimizer {
    /// Gradient descent: w ← w − η g.
    Sgd,
}

impl Optimizer {
    /// One update of all parameters by their averaged gradients, with learning rate η.
    #[inline(always)]
    pub fn update<T: Real>(
        self,
        parameters: &mut Parameters<T>,
        gradients: &Parameters<T>,
        learning_rate: T,
    ) {
        for (values, gradients) in parameters.slices_mut().zip(gradients.slices()) {
            for (value, &gradient) in values.iter_mut().zip(gradients) {
                match self {
                    Optimizer::Sgd => *value = (-learning_rate).mul_add(gradient, *value),
                }
            }
        }
    }
}
