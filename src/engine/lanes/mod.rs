//! Vectors of numbers as a [`Real`]: each lane has the bits that the scalar operation has.
//!
//! [`Lanes`] is the portable one and the specification; [`x86`] has the same over the instructions
//! of a CPU. A lane never sees another, so which vector a run lies in, and where, never shows.

#[cfg(target_arch = "x86_64")]
pub mod x86;

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use super::real::{Mask, Real};

/// N numbers (or vectors) side by side.
#[derive(Debug, Clone, Copy)]
pub struct Lanes<R, const N: usize>([R; N]);

/// The masks of N numbers (or vectors).
#[derive(Debug, Clone, Copy)]
pub struct Masks<M, const N: usize>([M; N]);

/// An array of what `$part` gives for each place `$i`, `$empty` before.
///
/// A loop, since what the library's `map` and `from_fn` do with a closure is a function of its own,
/// compiled for any CPU: each instruction of a vector in it would be a call.
macro_rules! parts {
    ($empty:expr, $i:ident => $part:expr) => {{
        let mut parts = [$empty; N];
        for ($i, part) in parts.iter_mut().enumerate() {
            *part = $part;
        }
        parts
    }};
}

impl<M: Copy, const N: usize> Masks<M, N> {
    /// Of these.
    #[inline(always)]
    pub fn new(masks: [M; N]) -> Self {
        Self(masks)
    }
}

impl<R: Copy, const N: usize> Lanes<R, N> {
    /// Of these.
    #[inline(always)]
    pub fn new(parts: [R; N]) -> Self {
        Self(parts)
    }

    /// These.
    #[inline(always)]
    pub fn parts(self) -> [R; N] {
        self.0
    }
}

impl<M: Mask, const N: usize> Mask for Masks<M, N> {
    const LANES: usize = N * M::LANES;

    #[inline(always)]
    fn splat(value: bool) -> Self {
        Self([M::splat(value); N])
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(parts!(M::splat(false), i => self.0[i].and(other.0[i])))
    }
    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(parts!(M::splat(false), i => self.0[i].or(other.0[i])))
    }
    #[inline(always)]
    fn not(self) -> Self {
        Self(parts!(M::splat(false), i => self.0[i].not()))
    }
    #[inline(always)]
    fn any(self) -> bool {
        let mut any = false;
        for mask in self.0 {
            any |= mask.any();
        }
        any
    }
    #[inline(always)]
    fn all(self) -> bool {
        let mut all = true;
        for mask in self.0 {
            all &= mask.all();
        }
        all
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> bool {
        let width = M::LANES;
        self.0[lane / width].lane(lane % width)
    }
    #[inline(always)]
    fn with_lane(mut self, lane: usize, value: bool) -> Self {
        let width = M::LANES;
        let part = &mut self.0[lane / width];
        *part = part.with_lane(lane % width, value);
        self
    }
}

impl<R: Real, const N: usize> Default for Lanes<R, N> {
    #[inline(always)]
    fn default() -> Self {
        Self([R::zero(); N])
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl<R: Real, const N: usize> $trait for Lanes<R, N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(parts!(R::zero(), i => self.0[i].$method(other.0[i])))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl<R: Real, const N: usize> Neg for Lanes<R, N> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].neg()))
    }
}

impl<R: Real, const N: usize> AddAssign for Lanes<R, N> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<R: Real, const N: usize> Real for Lanes<R, N> {
    type Scalar = R::Scalar;
    type Mask = Masks<R::Mask, N>;
    type Wide = Lanes<R::Wide, N>;
    const LANES: usize = N * R::LANES;

    #[inline(always)]
    fn splat(value: R::Scalar) -> Self {
        Self([R::splat(value); N])
    }
    #[inline(always)]
    fn load(values: &[R::Scalar]) -> Self {
        Self(parts!(R::zero(), i => R::load(&values[i * R::LANES..])))
    }
    #[inline(always)]
    fn from_lanes(mut number: impl FnMut(usize) -> R::Scalar) -> Self {
        Self(parts!(R::zero(), i => {
            R::from_lanes(|lane| number(i * R::LANES + lane))
        }))
    }
    #[inline(always)]
    fn store(self, values: &mut [R::Scalar]) {
        for (i, part) in self.0.into_iter().enumerate() {
            part.store(&mut values[i * R::LANES..]);
        }
    }
    #[inline(always)]
    fn lane(self, lane: usize) -> R::Scalar {
        self.0[lane / R::LANES].lane(lane % R::LANES)
    }
    #[inline(always)]
    fn with_lane(mut self, lane: usize, value: R::Scalar) -> Self {
        let part = &mut self.0[lane / R::LANES];
        *part = part.with_lane(lane % R::LANES, value);
        self
    }
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        Lanes(parts!(R::Wide::zero(), i => self.0[i].widen()))
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        Self(parts!(R::zero(), i => R::narrow(wide.0[i])))
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        Masks(parts!(<R::Wide as Real>::Mask::splat(false), i => R::widen_mask(mask.0[i])))
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].mul_add(factor.0[i], term.0[i])))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].sqrt()))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].abs()))
    }
    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].copysign(sign.0[i])))
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Masks(parts!(R::Mask::splat(false), i => self.0[i].less(other.0[i])))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Masks(parts!(R::Mask::splat(false), i => self.0[i].equal(other.0[i])))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(parts!(R::zero(), i => R::select(mask.0[i], yes.0[i], no.0[i])))
    }
    #[inline(always)]
    fn at_least(self, low: Self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].at_least(low.0[i])))
    }
    #[inline(always)]
    fn at_most(self, high: Self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].at_most(high.0[i])))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        Self(parts!(R::zero(), i => self.0[i].power_of_two()))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let parts = parts!((R::zero(), R::zero()), i => self.0[i].split_exponent());
        (
            Self(parts!(R::zero(), i => parts[i].0)),
            Self(parts!(R::zero(), i => parts[i].1)),
        )
    }
}

#[cfg(test)]
mod tests;
