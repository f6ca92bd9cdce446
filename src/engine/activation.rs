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
    /// f(u) = u for u > 0, 0.01 u otherwise.
    LeakyRelu,
    /// f(u) = u for u > 0, e^u − 1 otherwise.
    Elu,
    /// λ u for u > 0, λ α (e^u − 1) otherwise (Klambauer et al. 2017).
    Selu,
    /// u Φ(u) (Hendrycks and Gimpel 2016).
    Gelu,
    /// Its approximation with tanh.
    GeluTanh,
    /// u · sigmoid u.
    Silu,
    /// ln(1 + e^u).
    Softplus,
    /// min(1, max(0, u / 6 + 1/2)).
    HardSigmoid,
    /// u · tanh(softplus u) (Misra 2019).
    Mish,
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
            _ => todo!(),
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
            _ => todo!(),
        }
    }

    /// The open or closed interval of the values it can take.
    pub fn range(self) -> (f64, f64) {
        match self {
            Activation::Identity => (f64::NEG_INFINITY, f64::INFINITY),
            Activation::Sigmoid => (0.0, 1.0),
            Activation::Tanh => (-1.0, 1.0),
            Activation::Relu | Activation::Softplus => (0.0, f64::INFINITY),
            Activation::HardSigmoid => (0.0, 1.0),
            _ => todo!(),
        }
    }
}
