//! Activation functions: each value beside its derivative.

use serde::{Deserialize, Serialize};

use super::functions::{exp, expm1, normal, sigmoid, softplus, tanh};
use super::real::{Mask, Real};

/// What a node does to its weighted sum u: z = f(u). Names and meanings are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// f(u) = u for u > 0, e^u − 1 otherwise (Clevert et al. 2016, α = 1).
    Elu,
    /// λ u for u > 0, λ α (e^u − 1) otherwise (Klambauer et al. 2017).
    Selu,
    /// u Φ(u), Φ the normal distribution (Hendrycks and Gimpel 2016).
    Gelu,
    /// Its approximation ½ u (1 + tanh(√(2/π) (u + 0.044715 u³))).
    GeluTanh,
    /// u / (1 + e^−u).
    Silu,
    /// ln(1 + e^u); u itself above 20.
    Softplus,
    /// min(1, max(0, u / 6 + 1/2)).
    HardSigmoid,
    /// u · tanh(ln(1 + e^u)) (Misra 2019).
    Mish,
}

/// The slope of `leaky_relu` below 0.
const LEAK: f64 = 0.01;
/// λ and α of `selu`, which keep mean 0 and variance 1 (Klambauer et al. 2017, equation 14).
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
/// 2 √(2/π) and the coefficient of u³ of `gelu_tanh`; ½ (1 + tanh y) = sigmoid 2y.
const GELU_SCALE: f64 = 1.595_769_121_605_730_7;
const GELU_CUBE: f64 = 0.044_715;
/// Beyond this, the derivative of `gelu_tanh` is 0 or 1 to the last place.
const GELU_FLAT: f64 = 100.0;
/// 1 / √(2π).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
/// Where `softplus` becomes the identity, as PyTorch has it.
const SOFTPLUS_LINEAR: f64 = 20.0;
/// The derivative of `hard_sigmoid` inside its slope: 1/6 in 24 bits, as PyTorch has it in every
/// precision, so that its curves are met; 3e-8 from the true one.
const HARD_SIGMOID_SLOPE: f64 = (1.0_f32 / 6.0) as f64;
/// Beyond this, tanh(ln(1 + e^u)) is 1 to the last place; its squared exponential is still finite.
const MISH_ONE: f64 = 20.0;

impl Activation {
    /// All of them.
    pub const ALL: [Activation; 13] = [
        Activation::Identity,
        Activation::Sigmoid,
        Activation::Tanh,
        Activation::Relu,
        Activation::LeakyRelu,
        Activation::Elu,
        Activation::Selu,
        Activation::Gelu,
        Activation::GeluTanh,
        Activation::Silu,
        Activation::Softplus,
        Activation::HardSigmoid,
        Activation::Mish,
    ];

    /// z = f(u). NaN stays NaN.
    #[inline(always)]
    pub fn apply<T: Real>(self, u: T) -> T {
        let number = T::from_f64;
        let (zero, one) = (T::zero(), T::one());
        // What holds for u > 0, and what otherwise, for NaN too.
        let above = |yes: T, no: T| T::select(zero.less(u), yes, no);
        match self {
            Activation::Identity => u,
            Activation::Sigmoid => sigmoid(u),
            Activation::Tanh => tanh(u),
            Activation::Relu => u.at_least(zero),
            Activation::LeakyRelu => above(u, number(LEAK) * u),
            Activation::Elu => above(u, expm1(u)),
            Activation::Selu => {
                let (scale, product) = (number(SELU_SCALE), number(SELU_SCALE * SELU_ALPHA));
                above(scale * u, product * expm1(u))
            }
            Activation::Gelu => u * normal(u).0,
            Activation::GeluTanh => u * sigmoid(gelu_inner(u)),
            Activation::Silu => u * sigmoid(u),
            Activation::Softplus => T::select(number(SOFTPLUS_LINEAR).less(u), u, softplus(u)),
            Activation::HardSigmoid => {
                let shifted = (u + number(3.0)).at_least(zero).at_most(number(6.0));
                shifted * number(1.0 / 6.0)
            }
            Activation::Mish => {
                let e = exp(u.at_most(number(MISH_ONE)));
                let n = e * (e + number(2.0)); // (1 + e^u)² − 1
                u * (n / (n + one + one))
            }
        }
    }

    /// f'(u), given u and z = f(u). Where f has a corner: the left derivative, as in PyTorch.
    #[inline(always)]
    pub fn derivative<T: Real>(self, u: T, z: T) -> T {
        let number = T::from_f64;
        let (zero, one) = (T::zero(), T::one());
        let above = |yes: T, no: T| T::select(zero.less(u), yes, no);
        match self {
            Activation::Identity => one,
            Activation::Sigmoid => z * (one - z),
            Activation::Tanh => one - z * z,
            Activation::Relu => above(one, zero),
            Activation::LeakyRelu => above(one, number(LEAK)),
            Activation::Elu => above(one, exp(u)),
            Activation::Selu => above(number(SELU_SCALE), number(SELU_SCALE * SELU_ALPHA) * exp(u)),
            Activation::Gelu => {
                let (phi, density) = normal(u);
                // Where the density is 0, so is its product with any u.
                let slope = u * (density * number(FRAC_1_SQRT_2_PI));
                phi + T::select(density.equal(zero), zero, slope)
            }
            Activation::GeluTanh => {
                let u = u.at_least(number(-GELU_FLAT)).at_most(number(GELU_FLAT));
                let s = sigmoid(gelu_inner(u));
                let slope = (number(3.0 * GELU_CUBE) * u).mul_add(u, one) * number(GELU_SCALE);
                (u * slope).mul_add(s * (one - s), s)
            }
            Activation::Silu => {
                let s = sigmoid(u);
                z.mul_add(one - s, s)
            }
            Activation::Softplus => T::select(number(SOFTPLUS_LINEAR).less(u), one, sigmoid(u)),
            Activation::HardSigmoid => {
                let inside = number(-3.0).less(u).and(u.less(number(3.0)));
                T::select(inside, number(HARD_SIGMOID_SLOPE), zero)
            }
            Activation::Mish => {
                // With e = e^u and n = (1 + e)² − 1, t = n / (n + 2): t + u (1 − t²) sigmoid u, and
                // (1 − t²) sigmoid u = 4 (1 + e) e / (n + 2)².
                let e = exp(u.at_most(number(MISH_ONE)));
                let n = e * (e + number(2.0));
                let share = one / (n + one + one);
                let slope = number(4.0) * (one + e) * e * share * share;
                let t = n * share;
                T::select(number(MISH_ONE).less(u), one, u.mul_add(slope, t))
            }
        }
    }

    /// The open or closed interval of the values it can take.
    pub fn range(self) -> (f64, f64) {
        let unbounded = f64::INFINITY;
        match self {
            Activation::Identity | Activation::LeakyRelu => (-unbounded, unbounded),
            Activation::Sigmoid | Activation::HardSigmoid => (0.0, 1.0),
            Activation::Tanh => (-1.0, 1.0),
            Activation::Relu | Activation::Softplus => (0.0, unbounded),
            Activation::Elu => (-1.0, unbounded),
            Activation::Selu => (-SELU_SCALE * SELU_ALPHA, unbounded),
            // The least values, found by bisection of the derivative.
            Activation::Gelu => (-0.169_971, unbounded),
            Activation::GeluTanh => (-0.170_041, unbounded),
            Activation::Silu => (-0.278_465, unbounded),
            Activation::Mish => (-0.308_841, unbounded),
        }
    }
}

/// 2 √(2/π) (u + 0.044715 u³).
#[inline(always)]
fn gelu_inner<T: Real>(u: T) -> T {
    let cube = (u * u) * u;
    T::from_f64(GELU_SCALE) * cube.mul_add(T::from_f64(GELU_CUBE), u)
}
