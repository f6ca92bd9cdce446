//! Vectors of numbers as a [`Real`]: each lane has the bits that the scalar operation has.
//!
//! [`Pair`] is the portable vector: two numbers, or two vectors, and so on up to any number of
//! lanes. `x86` and `neon` have vectors over the instructions of a CPU, and `register` is how a
//! matrix product reads and writes any of them. The lanes are independent of each other, so neither
//! the vector nor the lane of a run changes its result.

#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;
pub(crate) mod register;
#[cfg(target_arch = "x86_64")]
pub mod x86;

use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use super::real::{Mask, Real, Words};

/// Two numbers or vectors side by side: twice the lanes of one.
///
/// It has two fields instead of an array: the compiler makes a loop or a closure over an array a
/// function of its own first, compiled for any CPU, in which each vector instruction is a call.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Pair<R>(pub R, pub R);

impl<M: Mask> Mask for Pair<M> {
    const LANES: usize = 2 * M::LANES;

    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self(M::splat(value), M::splat(value))
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(self.0.and(other.0), self.1.and(other.1))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0.or(other.0), self.1.or(other.1))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(self.0.not(), self.1.not())
    }
    #[inline(always)]
    fn any(self) -> bool {
        self.0.any() | self.1.any()
    }
    #[inline(always)]
    fn all(self) -> bool {
        self.0.all() & self.1.all()
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        if lane < M::LANES {
            self.0.lane(lane)
        } else {
            self.1.lane(lane - M::LANES)
        }
    }
    #[inline(always)]
    fn with_lane(self, lane: usize, value: bool) -> Self {
        if lane < M::LANES {
            Self(self.0.with_lane(lane, value), self.1)
        } else {
            Self(self.0, self.1.with_lane(lane - M::LANES, value))
        }
    }
}

impl<W: Words> Words for Pair<W> {
    const LANES: usize = 2 * W::LANES;

    #[inline(always)]
    fn load(words: &[u32]) -> Self {
        Self(W::load(words), W::load(&words[W::LANES..]))
    }
    #[inline(always)]
    fn store(self, words: &mut [u32]) {
        self.0.store(words);
        self.1.store(&mut words[W::LANES..]);
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0.add(other.0), self.1.add(other.1))
    }
    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        Self(self.0.xor(other.0), self.1.xor(other.1))
    }
    #[inline(always)]
    fn turn(self, bits: u32) -> Self {
        Self(self.0.turn(bits), self.1.turn(bits))
    }
}

impl<R: Real> Default for Pair<R> {
    #[inline(always)]
    fn default() -> Self {
        Self(R::zero(), R::zero())
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<R: Real> $trait for Pair<R> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(self.0.$method(other.0), self.1.$method(other.1))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<R: Real> Neg for Pair<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

impl<R: Real> AddAssign for Pair<R> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<R: Real> Real for Pair<R> {
    type Scalar = R::Scalar;
    type Mask = Pair<R::Mask>;
    type Wide = Pair<R::Wide>;
    type Words = Pair<R::Words>;
    const LANES: usize = 2 * R::LANES;

    #[inline(always)]
    fn splat(value: R::Scalar) -> Self {
        Self(R::splat(value), R::splat(value))
    }
    #[inline(always)]
    fn load(values: &[R::Scalar]) -> Self {
        Self(R::load(values), R::load(&values[R::LANES..]))
    }
    #[inline(always)]
    fn store(self, values: &mut [R::Scalar]) {
        self.0.store(values);
        self.1.store(&mut values[R::LANES..]);
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> R::Scalar {
        if lane < R::LANES {
            self.0.lane(lane)
        } else {
            self.1.lane(lane - R::LANES)
        }
    }
    #[inline(always)]
    fn with_lane(self, lane: usize, value: R::Scalar) -> Self {
        if lane < R::LANES {
            Self(self.0.with_lane(lane, value), self.1)
        } else {
            Self(self.0, self.1.with_lane(lane - R::LANES, value))
        }
    }
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        Pair(self.0.widen(), self.1.widen())
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        Self(R::narrow(wide.0), R::narrow(wide.1))
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        Pair(R::widen_mask(mask.0), R::widen_mask(mask.1))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(
            self.0.mul_add(factor.0, term.0),
            self.1.mul_add(factor.1, term.1),
        )
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt(), self.1.sqrt())
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs(), self.1.abs())
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self(self.0.copysign(sign.0), self.1.copysign(sign.1))
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Pair(self.0.less(other.0), self.1.less(other.1))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Pair(self.0.equal(other.0), self.1.equal(other.1))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(
            R::select(mask.0, yes.0, no.0),
            R::select(mask.1, yes.1, no.1),
        )
    }
    #[inline(always)]
    fn at_least(self, low: Self) -> Self {
        Self(self.0.at_least(low.0), self.1.at_least(low.1))
    }
    #[inline(always)]
    fn at_most(self, high: Self) -> Self {
        Self(self.0.at_most(high.0), self.1.at_most(high.1))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(self.0.power_of_two(), self.1.power_of_two())
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let ((m0, e0), (m1, e1)) = (self.0.split_exponent(), self.1.split_exponent());
        (Self(m0, m1), Self(e0, e1))
    }
}

#[cfg(test)]
mod tests;
