//! The number type that the engine is written over: one number, or a vector of independent ones.
//!
//! [`Real`] names the operations whose result IEEE 754 fixes to the bit (sum, product, quotient,
//! square root, fused multiply-add), comparisons that give masks, and the few manipulations of
//! exponents that the functions of [`functions`](super::functions) need. Everything else in the
//! engine is composed of these. So a run has the same bits on every CPU and in every lane of every
//! vector: the lanes are independent of each other, and no code branches on a value.
//!
//! A multiply-add is *fused* wherever the engine writes [`Real::mul_add`]: it is rounded once. On
//! CPUs with the instruction that is the faster form (docs/numerics.md has the measurement); on the
//! others, exact software ([`fused`](super::fused)) gives the same bits.

use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use crate::constants::Table;
use crate::fused::{mul_add_f32, mul_add_f64};
use crate::matrix::Element;

/// The most lanes that a vector has.
pub const MAX_LANES: usize = 16;

/// True or false, for each lane.
pub trait Mask: Copy + Debug + Send + Sync + 'static {
    /// How many lanes it has.
    const LANES: usize;
    /// The same value in every lane.
    fn splat(value: bool) -> Self;
    /// True where both masks are true.
    fn and(self, other: Self) -> Self;
    /// True where one of the masks is true.
    fn or(self, other: Self) -> Self;
    /// True where this mask is false.
    fn not(self) -> Self;
    /// Whether any lane is true.
    fn any(self) -> bool;
    /// Whether every lane is true.
    fn all(self) -> bool;
    /// The value of one lane.
    fn lane(self, lane: usize) -> bool;
    /// The same mask with another value in one lane.
    #[must_use]
    fn with_lane(self, lane: usize, value: bool) -> Self;
}

/// A floating-point number of one fixed format, or a vector of them.
pub trait Real:
    Copy
    + Debug
    + Default
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
    /// The number in one lane.
    type Scalar: Scalar;
    /// The result of a comparison.
    type Mask: Mask;
    /// A vector of f64 with as many lanes: losses, metrics and an optimizer's factors are computed
    /// in it.
    type Wide: Real<Scalar = f64>;
    /// A vector of words with as many lanes.
    type Words: Words;
    /// How many lanes it has.
    const LANES: usize;

    /// The same number in every lane.
    fn splat(value: Self::Scalar) -> Self;
    /// The first numbers of a slice, which has at least as many as there are lanes.
    fn load(values: &[Self::Scalar]) -> Self;
    /// The number that `number` gives for each lane.
    #[inline(always)]
    fn from_lanes(mut number: impl FnMut(usize) -> Self::Scalar) -> Self {
        let mut numbers = [Self::Scalar::ZERO; MAX_LANES];
        for (lane, value) in numbers.iter_mut().enumerate().take(Self::LANES) {
            *value = number(lane);
        }
        Self::load(&numbers)
    }
    /// Writes the numbers to the start of a slice, which has room for all lanes.
    fn store(self, values: &mut [Self::Scalar]);
    /// The number of one lane.
    fn lane(self, lane: usize) -> Self::Scalar;
    /// The same vector with another number in one lane.
    #[must_use]
    fn with_lane(self, lane: usize, value: Self::Scalar) -> Self;
    /// Every lane as f64.
    fn widen(self) -> Self::Wide;
    /// The nearest number of this format to each lane.
    fn narrow(wide: Self::Wide) -> Self;
    /// The mask for the numbers widened to f64.
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask;

    /// `self * factor + term`, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// `self < other`; false for NaN.
    fn less(self, other: Self) -> Self::Mask;
    /// `self == other`; false for NaN.
    fn equal(self, other: Self) -> Self::Mask;
    /// `yes` where the mask is true, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The greater of `self` and `low`; NaN stays NaN.
    fn at_least(self, low: Self) -> Self;
    /// The smaller of `self` and `high`; NaN stays NaN.
    fn at_most(self, high: Self) -> Self;
    /// 2 to the power of `self`, which is a whole number and the exponent of a normal number.
    fn power_of_two(self) -> Self;
    /// For a positive normal number: `(m, e)` with `self = m · 2^e` and √½ ≤ m < √2, roughly.
    fn split_exponent(self) -> (Self, Self);

    /// The number 0.
    #[inline(always)]
    fn zero() -> Self {
        Self::splat(Self::Scalar::ZERO)
    }
    /// The number 1.
    #[inline(always)]
    fn one() -> Self {
        Self::splat(Self::Scalar::ONE)
    }
    /// The number of this format that is nearest to `value`, in every lane.
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        Self::splat(Self::Scalar::nearest(value))
    }
    /// The number of this format that is nearest to a count.
    #[inline(always)]
    fn from_count(count: usize) -> Self {
        Self::from_f64(count as f64)
    }
    /// Whether the number is neither infinite nor NaN.
    #[inline(always)]
    fn is_finite(self) -> Self::Mask {
        self.abs().less(Self::splat(Self::Scalar::INFINITY))
    }
}

/// A word of 32 bits, or a vector of them.
pub trait Words: Copy {
    /// How many words it holds.
    const LANES: usize;

    /// The first words of a slice, which has at least as many as there are lanes.
    fn load(words: &[u32]) -> Self;
    /// Writes the words to the start of a slice, which has room for all lanes.
    fn store(self, words: &mut [u32]);
    /// The sum, modulo 2³².
    #[must_use]
    fn add(self, other: Self) -> Self;
    /// The exclusive or of the bits.
    #[must_use]
    fn xor(self, other: Self) -> Self;
    /// The bits of each lane rotated to the left.
    #[must_use]
    fn turn(self, bits: u32) -> Self;
}

impl Words for u32 {
    const LANES: usize = 1;
    #[inline(always)]
    fn load(words: &[u32]) -> Self {
        words[0]
    }
    #[inline(always)]
    fn store(self, words: &mut [u32]) {
        words[0] = self;
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }
    #[inline(always)]
    fn turn(self, bits: u32) -> Self {
        self.rotate_left(bits)
    }
}

/// One number: a [`Real`] of one lane.
pub trait Scalar: Real<Scalar = Self, Mask = bool, Wide = f64> + PartialOrd + Element {
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;
    /// Positive infinity.
    const INFINITY: Self;
    /// The constants of the functions for this format.
    const TABLE: &'static Table<Self>;
    /// The number of this format that is nearest to `value`.
    fn nearest(value: f64) -> Self;
    /// The number as f64.
    fn to_f64(self) -> f64;
}

impl Mask for bool {
    const LANES: usize = 1;
    #[inline(always)]
    fn splat(value: bool) -> Self {
        value
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }
    #[inline(always)]
    fn not(self) -> Self {
        !self
    }
    #[inline(always)]
    fn any(self) -> bool {
        self
    }
    #[inline(always)]
    fn all(self) -> bool {
        self
    }
    #[inline(always)]
    fn lane(self, _: usize) -> bool {
        self
    }
    #[inline(always)]
    fn with_lane(self, _: usize, value: bool) -> Self {
        value
    }
}

macro_rules! scalar {
    ($float:ident, $bits:ident, $signed:ident, $mantissa:literal, $bias:literal, $mul_add:ident, $sqrt:ident) => {
        impl Scalar for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $float::INFINITY;
            const TABLE: &'static Table<Self> = &crate::constants::$float::TABLE;

            #[inline(always)]
            fn nearest(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
        }

        impl Real for $float {
            type Scalar = $float;
            type Mask = bool;
            type Wide = f64;
            type Words = u32;
            const LANES: usize = 1;

            #[inline(always)]
            fn splat(value: $float) -> Self {
                value
            }
            #[inline(always)]
            fn load(values: &[$float]) -> Self {
                values[0]
            }
            #[inline(always)]
            fn store(self, values: &mut [$float]) {
                values[0] = self;
            }
            #[inline(always)]
            fn lane(self, _: usize) -> $float {
                self
            }
            #[inline(always)]
            fn with_lane(self, _: usize, value: $float) -> Self {
                value
            }
            #[inline(always)]
            fn widen(self) -> f64 {
                self.into()
            }
            #[inline(always)]
            fn narrow(wide: f64) -> Self {
                wide as $float
            }
            #[inline(always)]
            fn widen_mask(mask: bool) -> bool {
                mask
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                $mul_add(self, factor, term)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                #[cfg(feature = "std")]
                return $float::sqrt(self);
                #[cfg(not(feature = "std"))]
                libm::$sqrt(self)
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
            fn less(self, other: Self) -> bool {
                self < other
            }
            #[inline(always)]
            fn equal(self, other: Self) -> bool {
                self == other
            }
            #[inline(always)]
            fn select(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
            #[inline(always)]
            fn at_least(self, low: Self) -> Self {
                if low > self { low } else { self }
            }
            #[inline(always)]
            fn at_most(self, high: Self) -> Self {
                if high < self { high } else { self }
            }
            #[inline(always)]
            fn power_of_two(self) -> Self {
                // After the addition of 1.5 · 2^mantissa, a whole number stands in the lowest bits.
                let shift = Self::TABLE.round + ($bias as $float);
                $float::from_bits((self + shift).to_bits() << $mantissa)
            }
            #[inline(always)]
            fn split_exponent(self) -> (Self, Self) {
                const SQRT_HALF: $bits = core::$float::consts::FRAC_1_SQRT_2.to_bits();
                let bits = self.to_bits();
                let exponent = (bits.wrapping_sub(SQRT_HALF) as $signed) >> $mantissa;
                let mantissa = bits.wrapping_sub((exponent as $bits) << $mantissa);
                ($float::from_bits(mantissa), exponent as $float)
            }
        }
    };
}

scalar!(f64, u64, i64, 52, 1023, mul_add_f64, sqrt);
scalar!(f32, u32, i32, 23, 127, mul_add_f32, sqrtf);
