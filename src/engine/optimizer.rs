//! Optimizers: how the averaged gradient changes the parameters.

use serde::{Deserialize, Serialize};

use super::network::Parameters;
use super::real::Real;

/// The rule of the update, with PyTorch's names and meanings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Optimizer {
    /// Gradient descent: w ← w − η g.
    Sgd {
        /// 0: none.
        momentum: f64,
        /// Nesterov's form of momentum.
        nesterov: bool,
        /// Times the parameter, added to its gradient; all parameters.
        weight_decay: f64,
    },
    /// Duchi et al. 2011.
    Adagrad {
        /// Added to the root.
        eps: f64,
    },
    /// Hinton 2012.
    Rmsprop {
        /// The smoothing constant.
        alpha: f64,
        /// Added to the root.
        eps: f64,
        /// 0: none.
        momentum: f64,
        /// Whether the gradient is normalised by its estimated variance.
        centered: bool,
    },
    /// Kingma and Ba 2015.
    Adam {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// Reddi et al. 2018.
        amsgrad: bool,
    },
    /// Loshchilov and Hutter 2019.
    Adamw {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// Reddi et al. 2018.
        amsgrad: bool,
        /// Times the learning rate and the parameter, taken from it.
        weight_decay: f64,
    },
    /// Dozat 2016.
    Nadam {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// The decay of the momentum schedule.
        momentum_decay: f64,
    },
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
                    Optimizer::Sgd { .. } => *value = (-learning_rate).mul_add(gradient, *value),
                    _ => todo!(),
                }
            }
        }
    }
}
