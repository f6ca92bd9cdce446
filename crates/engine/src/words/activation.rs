//! Activation functions: each value beside its derivative.
//!
//! [`Activation`] is the choice of a network. Each variant has a type of the same name, a
//! [`Function`], so that a loop over many numbers is compiled for each function separately.

use choices::choices;

use numbers::functions::{exp, expm1, normal, sigmoid, softplus, tanh};
use numbers::real::{Mask, Real};

choices! {
    /// What a node does to its weighted sum u: z = f(u). Names and meanings are PyTorch's.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub serde enum Activation {
        /// f(u) = u
        Identity = "identity",
        /// f(u) = 1 / (1 + e^−u)
        Sigmoid = "sigmoid",
        /// f(u) = tanh u
        Tanh = "tanh",
        /// f(u) = max(0, u)
        Relu = "relu",
        /// f(u) = u for u > 0, 0.01 u otherwise
        LeakyRelu = "leaky_relu",
        /// f(u) = u for u > 0, e^u − 1 otherwise
        ///
        /// Clevert et al. 2016, α = 1.
        Elu = "elu",
        /// f(u) = λ u for u > 0, λ α (e^u − 1) otherwise; λ = 1.0507…, α = 1.6733…
        ///
        /// Klambauer et al. 2017.
        Selu = "selu",
        /// f(u) = u Φ(u), Φ the normal distribution
        ///
        /// Hendrycks and Gimpel 2016.
        Gelu = "gelu",
        /// gelu, approximated with tanh
        ///
        /// ½ u (1 + tanh(√(2/π) (u + 0.044715 u³))), from the same paper.
        GeluTanh = "gelu_tanh",
        /// f(u) = u · sigmoid(u)
        Silu = "silu",
        /// f(u) = ln(1 + e^u)
        ///
        /// u itself above 20.
        Softplus = "softplus",
        /// f(u) = u / 6 + 1/2, between 0 and 1
        HardSigmoid = "hard_sigmoid",
        /// f(u) = u · tanh(softplus(u))
        ///
        /// Misra 2019.
        Mish = "mish",
    }
}

/// The meaning of an [`Activation`]: each variant has a type.
pub trait Function {
    /// The variant.
    const ACTIVATION: Activation;
    /// The open or closed interval of the values it can take.
    const RANGE: (f64, f64);

    /// z = f(u). NaN stays NaN.
    fn value<T: Real>(u: T) -> T;
    /// f'(u), given u and z = f(u). At a corner of f it is the left derivative, as in PyTorch.
    fn derivative<T: Real>(u: T, z: T) -> T;
}

/// Does `$body` with `$name` the [`Function`] of an [`Activation`]. The choice is made once, and
/// `$body` is compiled for each function.
macro_rules! with_function {
    ($activation:expr, $name:ident => $body:expr) => {
        with_function!(
            $activation, $name => $body,
            Identity Sigmoid Tanh Relu LeakyRelu Elu Selu Gelu GeluTanh Silu Softplus HardSigmoid
            Mish
        )
    };
    ($activation:expr, $name:ident => $body:expr, $($variant:ident)*) => {
        match $activation {
            $($crate::words::activation::Activation::$variant => {
                type $name = $crate::words::activation::functions::$variant;
                $body
            })*
        }
    };
}
pub(crate) use with_function;

/// The slope of `leaky_relu` below 0.
pub const LEAK: f64 = 0.01;
/// λ of `selu`. Together with α it keeps mean 0 and variance 1 (Klambauer et al. 2017, equation
/// 14).
pub const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
/// α of `selu`.
pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
/// 2 √(2/π) for `gelu_tanh`, where ½ (1 + tanh y) = sigmoid 2y.
const GELU_SCALE: f64 = 1.595_769_121_605_730_7;
/// The coefficient of u³ of `gelu_tanh` (Hendrycks and Gimpel 2016).
pub const GELU_CUBE: f64 = 0.044_715;
/// Beyond this, the derivative of `gelu_tanh` is 0 or 1 to the last place.
const GELU_FLAT: f64 = 100.0;
/// 1 / √(2π).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;
/// `softplus` is the identity above this, as in PyTorch.
const SOFTPLUS_LINEAR: f64 = 20.0;
/// The derivative of `hard_sigmoid` inside its slope: 1/6 in 24 bits, 3e-8 from the true one.
/// PyTorch uses this value in every precision, and so its curves are reproduced.
const HARD_SIGMOID_SLOPE: f64 = (1.0_f32 / 6.0) as f64;
/// Beyond this, tanh(ln(1 + e^u)) is 1 to the last place, and the square of the exponential is
/// still finite.
const MISH_ONE: f64 = 20.0;

impl Activation {
    /// z = f(u). NaN stays NaN.
    #[inline(always)]
    pub fn apply<T: Real>(self, u: T) -> T {
        with_function!(self, F => F::value(u))
    }

    /// f'(u), given u and z = f(u). At a corner of f it is the left derivative, as in PyTorch.
    #[inline(always)]
    pub fn derivative<T: Real>(self, u: T, z: T) -> T {
        with_function!(self, F => F::derivative(u, z))
    }

    /// The open or closed interval of the values it can take.
    pub fn range(self) -> (f64, f64) {
        with_function!(self, F => F::RANGE)
    }
}

/// The type of each variant of [`Activation`].
pub mod functions {
    use super::*;

    /// The number of the engine that is nearest to a constant.
    #[inline(always)]
    fn number<T: Real>(value: f64) -> T {
        T::from_f64(value)
    }

    /// `yes` for u > 0, and `no` otherwise, even for NaN.
    #[inline(always)]
    fn above<T: Real>(u: T, yes: T, no: T) -> T {
        T::select(T::zero().less(u), yes, no)
    }

    /// [`Activation::Identity`].
    #[derive(Debug)]
    pub struct Identity;

    impl Function for Identity {
        const ACTIVATION: Activation = Activation::Identity;
        const RANGE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            u
        }

        #[inline(always)]
        fn derivative<T: Real>(_u: T, _z: T) -> T {
            T::one()
        }
    }

    /// [`Activation::Sigmoid`].
    #[derive(Debug)]
    pub struct Sigmoid;

    impl Function for Sigmoid {
        const ACTIVATION: Activation = Activation::Sigmoid;
        const RANGE: (f64, f64) = (0.0, 1.0);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            sigmoid(u)
        }

        #[inline(always)]
        fn derivative<T: Real>(_u: T, z: T) -> T {
            z * (T::one() - z)
        }
    }

    /// [`Activation::Tanh`].
    #[derive(Debug)]
    pub struct Tanh;

    impl Function for Tanh {
        const ACTIVATION: Activation = Activation::Tanh;
        const RANGE: (f64, f64) = (-1.0, 1.0);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            tanh(u)
        }

        #[inline(always)]
        fn derivative<T: Real>(_u: T, z: T) -> T {
            T::one() - z * z
        }
    }

    /// [`Activation::Relu`].
    #[derive(Debug)]
    pub struct Relu;

    impl Function for Relu {
        const ACTIVATION: Activation = Activation::Relu;
        const RANGE: (f64, f64) = (0.0, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            u.at_least(T::zero())
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            above(u, T::one(), T::zero())
        }
    }

    /// [`Activation::LeakyRelu`].
    #[derive(Debug)]
    pub struct LeakyRelu;

    impl Function for LeakyRelu {
        const ACTIVATION: Activation = Activation::LeakyRelu;
        const RANGE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            above(u, u, number::<T>(LEAK) * u)
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            above(u, T::one(), number(LEAK))
        }
    }

    /// [`Activation::Elu`].
    #[derive(Debug)]
    pub struct Elu;

    impl Function for Elu {
        const ACTIVATION: Activation = Activation::Elu;
        const RANGE: (f64, f64) = (-1.0, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            above(u, u, expm1(u))
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            above(u, T::one(), exp(u))
        }
    }

    /// [`Activation::Selu`].
    #[derive(Debug)]
    pub struct Selu;

    impl Function for Selu {
        const ACTIVATION: Activation = Activation::Selu;
        const RANGE: (f64, f64) = (-SELU_SCALE * SELU_ALPHA, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            let (scale, product) = (
                number::<T>(SELU_SCALE),
                number::<T>(SELU_SCALE * SELU_ALPHA),
            );
            above(u, scale * u, product * expm1(u))
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            let (scale, product) = (
                number::<T>(SELU_SCALE),
                number::<T>(SELU_SCALE * SELU_ALPHA),
            );
            above(u, scale, product * exp(u))
        }
    }

    /// [`Activation::Gelu`].
    #[derive(Debug)]
    pub struct Gelu;

    impl Function for Gelu {
        const ACTIVATION: Activation = Activation::Gelu;
        // The least value, found by bisection of the derivative.
        const RANGE: (f64, f64) = (-0.169_971, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            u * normal(u).0
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            let (phi, density) = normal(u);
            // Where the density is 0, its product with u is 0 too, for any u.
            let slope = u * (density * number(FRAC_1_SQRT_2_PI));
            phi + T::select(density.equal(T::zero()), T::zero(), slope)
        }
    }

    /// [`Activation::GeluTanh`].
    #[derive(Debug)]
    pub struct GeluTanh;

    impl Function for GeluTanh {
        const ACTIVATION: Activation = Activation::GeluTanh;
        // The least value, found by bisection of the derivative.
        const RANGE: (f64, f64) = (-0.170_041, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            u * sigmoid(gelu_inner(u))
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            let one = T::one();
            let u = u.at_least(number(-GELU_FLAT)).at_most(number(GELU_FLAT));
            let s = sigmoid(gelu_inner(u));
            let slope = (number::<T>(3.0 * GELU_CUBE) * u).mul_add(u, one) * number(GELU_SCALE);
            (u * slope).mul_add(s * (one - s), s)
        }
    }

    /// [`Activation::Silu`].
    #[derive(Debug)]
    pub struct Silu;

    impl Function for Silu {
        const ACTIVATION: Activation = Activation::Silu;
        // The least value, found by bisection of the derivative.
        const RANGE: (f64, f64) = (-0.278_465, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            u * sigmoid(u)
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, z: T) -> T {
            let s = sigmoid(u);
            z.mul_add(T::one() - s, s)
        }
    }

    /// [`Activation::Softplus`].
    #[derive(Debug)]
    pub struct Softplus;

    impl Function for Softplus {
        const ACTIVATION: Activation = Activation::Softplus;
        const RANGE: (f64, f64) = (0.0, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            T::select(number::<T>(SOFTPLUS_LINEAR).less(u), u, softplus(u))
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            T::select(number::<T>(SOFTPLUS_LINEAR).less(u), T::one(), sigmoid(u))
        }
    }

    /// [`Activation::HardSigmoid`].
    #[derive(Debug)]
    pub struct HardSigmoid;

    impl Function for HardSigmoid {
        const ACTIVATION: Activation = Activation::HardSigmoid;
        const RANGE: (f64, f64) = (0.0, 1.0);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            let shifted = (u + number(3.0)).at_least(T::zero()).at_most(number(6.0));
            shifted * number(1.0 / 6.0)
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            let inside = number::<T>(-3.0).less(u).and(u.less(number(3.0)));
            T::select(inside, number(HARD_SIGMOID_SLOPE), T::zero())
        }
    }

    /// [`Activation::Mish`].
    #[derive(Debug)]
    pub struct Mish;

    impl Function for Mish {
        const ACTIVATION: Activation = Activation::Mish;
        // The least value, found by bisection of the derivative.
        const RANGE: (f64, f64) = (-0.308_841, f64::INFINITY);

        #[inline(always)]
        fn value<T: Real>(u: T) -> T {
            let e = exp(u.at_most(number(MISH_ONE)));
            let n = e * (e + number(2.0)); // (1 + e^u)² − 1
            u * (n / (n + T::one() + T::one()))
        }

        #[inline(always)]
        fn derivative<T: Real>(u: T, _z: T) -> T {
            // With e = e^u and n = (1 + e)² − 1, t = n / (n + 2): t + u (1 − t²) sigmoid u, and
            // (1 − t²) sigmoid u = 4 (1 + e) e / (n + 2)².
            let one = T::one();
            let e = exp(u.at_most(number(MISH_ONE)));
            let n = e * (e + number(2.0));
            let share = one / (n + one + one);
            let slope = number::<T>(4.0) * (one + e) * e * share * share;
            let t = n * share;
            T::select(number::<T>(MISH_ONE).less(u), one, u.mul_add(slope, t))
        }
    }

    /// 2 √(2/π) (u + 0.044715 u³).
    #[inline(always)]
    fn gelu_inner<T: Real>(u: T) -> T {
        let cube = (u * u) * u;
        T::from_f64(GELU_SCALE) * cube.mul_add(T::from_f64(GELU_CUBE), u)
    }
}
