//! Activation functions: each value beside its derivative.

use serde::{Deserialize, Serialize};

use super::functions::{exp, tanh};
use super::real::Real;

/// What a node does to its weighted sum u: z = f(u).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// f(u) = u.
    Identity,
    /// f(u) = 1 / (1 + e^−u).
    Sigmoid,
    /// f(u) = tanh u.
    Tanh,
    /// f(u) = max(0, u).
    Relu,
}

impl Activation {
    /// z = f(u).
    #[inline(always)]
    pub fn apply<T: Real>(self, u: T) -> T {
        match self {
            Activation::Identity => u,
            Activation::Sigmoid => T::ONE / (T::ONE + exp(-u)),
            Activation::Tanh => tanh(u),
            // Written so that NaN stays NaN.
            Activation::Relu => {
                if u <= T::ZERO {
                    T::ZERO
                } else {
                    u
                }
            }
        }
    }

    /// f'(u), given u and z = f(u).
    #[inline(always)]
    pub fn derivative<T: Real>(self, u: T, z: T) -> T {
        match self {
            Activation::Identity => T::ONE,
            Activation::Sigmoid => z * (T::ONE - z),
            Activation::Tanh => T::ONE - z * z,
            Activation::Relu => {
                if u > T::ZERO {
                    T::ONE
                } else {
                    T::ZERO
                }
            }
        }
    }

    /// The open or closed interval of the values it can take.
    pub fn range(self) -> (f64, f64) {
        match self {
            Activation::Identity => (f64::NEG_INFINITY, f64::INFINITY),
            Activation::Sigmoid => (0.0, 1.0),
            Activation::Tanh => (-1.0, 1.0),
            Activation::Relu => (0.0, f64::INFINITY),
        }
    }
}
