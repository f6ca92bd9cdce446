//! Vectors that a matrix product keeps in registers, read and written by pointers.
#![allow(unsafe_code)]

use super::Pair;
#[cfg(target_arch = "x86_64")]
use super::x86::{F32x8, F32x16, F64x4, F64x8};
use crate::real::Real;

/// The operations that a matrix product needs of a vector.
pub(crate) trait Register: Copy {
    /// The number in one lane.
    type Element: Copy;
    /// How many lanes it has.
    const LANES: usize;
    /// Whether a vector of this type exists only where the CPU has AVX2.
    #[cfg(target_arch = "x86_64")]
    const AVX2: bool;

    /// A vector with the value in every lane.
    fn splat(value: Self::Element) -> Self;
    /// # Safety
    /// `from` points to `LANES` readable elements, and the CPU has the vector's instructions.
    unsafe fn read(from: *const Self::Element) -> Self;
    /// # Safety
    /// `to` points to `LANES` writable elements, and the CPU has the vector's instructions.
    unsafe fn write(self, to: *mut Self::Element);
    /// `self * factor + term` in each lane, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
}

/// Four lanes in plain Rust: the specification of the other vectors.
pub(crate) type Portable<T> = Pair<Pair<T>>;

/// Implements [`Register`] for a [`Real`] whose memory is its lanes, side by side.
macro_rules! register {
    ($name:ty, $element:ident, avx2: $avx2:literal) => {
        impl Register for $name {
            type Element = $element;
            const LANES: usize = <Self as Real>::LANES;
            #[cfg(target_arch = "x86_64")]
            const AVX2: bool = $avx2;

            #[inline(always)]
            fn splat(value: $element) -> Self {
                Real::splat(value)
            }
            #[inline(always)]
            unsafe fn read(from: *const $element) -> Self {
                // SAFETY: the caller promises the elements, which are as many as the vector has
                // lanes; a vector may have any bits.
                unsafe { from.cast::<Self>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn write(self, to: *mut $element) {
                // SAFETY: the caller promises room for the elements.
                unsafe { to.cast::<Self>().write_unaligned(self) }
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Real::mul_add(self, factor, term)
            }
        }
    };
}

register!(Portable<f64>, f64, avx2: false);
register!(Portable<f32>, f32, avx2: false);
#[cfg(target_arch = "x86_64")]
register!(F64x4, f64, avx2: true);
#[cfg(target_arch = "x86_64")]
register!(F32x8, f32, avx2: true);
#[cfg(target_arch = "x86_64")]
register!(F64x8, f64, avx2: true);
#[cfg(target_arch = "x86_64")]
register!(F32x16, f32, avx2: true);
