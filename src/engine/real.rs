//! The number type that the engine is written over.
//!
//! [`Real`] names the operations whose result IEEE 754 fixes to the bit (sum, product, quotient,
//! square root, fused multiply-add) and the few manipulations of exponents that the functions of
//! [`functions`](super::functions) need. Everything else in the engine is composed of these, so
//! that a run has the same bits on every CPU.
//!
//! A multiply-add is *fused* wherever the engine writes [`Real::mul_add`]: one rounding. On CPUs
//! with the instruction that is the faster form (see docs/numerics.md for the measurement), and
//! without it the standard library's exact software version gives the same bits.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A floating-point number of one fixed format.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The constants of exp, tanh and ln for this format.
    const TABLE: &'static super::functions::Table<Self>;

    /// The nearest number of this format.
    fn from_f64(value: f64) -> Self;
    /// The same number as f64.
    fn to_f64(self) -> f64;
    /// The nearest number to a count.
    fn from_count(count: usize) -> Self {
        Self::from_f64(count as f64)
    }
    /// `self * factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// 2 to the power of `self`, a whole number that is a normal number's exponent.
    fn power_of_two(self) -> Self;
    /// For a positive normal number: `(m, e)` with `self = m · 2^e`, √½ ≤ m < √2, roughly.
    fn split_exponent(self) -> (Self, Self);
}

macro_rules! real {
    ($float:ident, $bits:ident, $signed:ident, $mantissa:literal, $bias:literal) => {
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const TABLE: &'static super::functions::Table<Self> = &super::functions::$float::TABLE;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                $float::mul_add(self, factor, term)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                $float::copysign(self, sign)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
            #[inline(always)]
            fn power_of_two(self) -> Self {
                // Added to 1.5 · 2^mantissa, a whole number stands in the lowest bits.
                let shift = Self::TABLE.round + ($bias as $float);
                $float::from_bits((self + shift).to_bits() << $mantissa)
            }
            #[inline(always)]
            fn split_exponent(self) -> (Self, Self) {
                const SQRT_HALF: $bits = std::$float::consts::FRAC_1_SQRT_2.to_bits();
                let bits = self.to_bits();
                let exponent = (bits.wrapping_sub(SQRT_HALF) as $signed) >> $mantissa;
                let mantissa = bits.wrapping_sub((exponent as $bits) << $mantissa);
                ($float::from_bits(mantissa), exponent as $float)
            }
        }
    };
}

real!(f64, u64, i64, 52, 1023);
real!(f32, u32, i32, 23, 127);
