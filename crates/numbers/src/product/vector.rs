//! Vectors of one instruction set: as many lanes as a register has, and the three operations that
//! a matrix product needs.
#![allow(unsafe_code)]

use crate::real::Real;

/// A register of floats.
pub(super) trait Vector: Copy {
    /// One lane.
    type Element: Copy;
    /// How many lanes.
    const LANES: usize;

    /// The value in every lane.
    fn splat(value: Self::Element) -> Self;
    /// # Safety
    /// `from` points to `LANES` readable elements, and the CPU has the vector's instructions.
    unsafe fn load(from: *const Self::Element) -> Self;
    /// # Safety
    /// `to` points to `LANES` writable elements, and the CPU has the vector's instructions.
    unsafe fn store(self, to: *mut Self::Element);
    /// `self * factor + term` in each lane, rounded once.
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// Writes four rows of four elements with rows and columns exchanged.
    ///
    /// # Safety
    /// `from` points to four rows of four readable elements with `from_stride` from row to row, `to`
    /// to as many writable ones, and the CPU has the vector's instructions.
    unsafe fn transpose_four(
        from: *const Self::Element,
        from_stride: usize,
        to: *mut Self::Element,
        to_stride: usize,
    );
}

/// [`Vector::transpose_four`], number by number.
///
/// # Safety
/// As there.
#[inline(always)]
unsafe fn transpose_four<T: Copy>(
    from: *const T,
    from_stride: usize,
    to: *mut T,
    to_stride: usize,
) {
    for row in 0..4 {
        for column in 0..4 {
            // SAFETY: the caller promises both elements.
            unsafe { *to.add(column * to_stride + row) = *from.add(row * from_stride + column) };
        }
    }
}

/// Four lanes in plain Rust: the specification of the others.
#[derive(Clone, Copy)]
pub(super) struct Portable<T>([T; 4]);

macro_rules! portable {
    ($float:ident) => {
        impl Vector for Portable<$float> {
            type Element = $float;
            const LANES: usize = 4;

            #[inline(always)]
            fn splat(value: $float) -> Self {
                Self([value; 4])
            }
            #[inline(always)]
            unsafe fn load(from: *const $float) -> Self {
                // SAFETY: the caller promises four readable elements.
                Self(unsafe { from.cast::<[$float; 4]>().read_unaligned() })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $float) {
                // SAFETY: the caller promises four writable elements.
                unsafe { to.cast::<[$float; 4]>().write_unaligned(self.0) }
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                let mut lanes = self.0;
                for ((lane, factor), term) in lanes.iter_mut().zip(factor.0).zip(term.0) {
                    *lane = Real::mul_add(*lane, factor, term);
                }
                Self(lanes)
            }
            #[inline(always)]
            unsafe fn transpose_four(
                from: *const $float,
                from_stride: usize,
                to: *mut $float,
                to_stride: usize,
            ) {
                // SAFETY: as the caller promises.
                unsafe { transpose_four(from, from_stride, to, to_stride) }
            }
        }
    };
}

portable!(f64);
portable!(f32);

/// A register of an instruction set as a [`Vector`].
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! register {
    ($name:ident, $inner:ident, $element:ident, $lanes:literal,
     $splat:ident, $load:ident, $store:ident, $mul_add:expr,
     $four:expr) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($inner);

        impl Vector for $name {
            type Element = $element;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $element) -> Self {
                // SAFETY: vectors are made in kernels of their instruction set alone.
                Self(unsafe { $splat(value) })
            }
            #[inline(always)]
            unsafe fn load(from: *const $element) -> Self {
                // SAFETY: the caller promises the elements and the instructions.
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: the caller promises the elements and the instructions.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                // SAFETY: vectors are made in kernels of their instruction set alone.
                Self(unsafe { $mul_add(self.0, factor.0, term.0) })
            }
            #[inline(always)]
            unsafe fn transpose_four(
                from: *const $element,
                from_stride: usize,
                to: *mut $element,
                to_stride: usize,
            ) {
                // SAFETY: as the caller promises.
                unsafe { $four(from, from_stride, to, to_stride) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{F32x8, F32x16, F64x4, F64x8};

#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::arch::x86_64::*;

    use super::super::transpose::Transposed;
    use super::Vector;

    register!(
        F64x4,
        __m256d,
        f64,
        4,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_fmadd_pd,
        f64::four
    );
    register!(
        F32x8,
        __m256,
        f32,
        8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_fmadd_ps,
        f32::four
    );
    register!(
        F64x8,
        __m512d,
        f64,
        8,
        _mm512_set1_pd,
        _mm512_loadu_pd,
        _mm512_storeu_pd,
        _mm512_fmadd_pd,
        f64::four
    );
    register!(
        F32x16,
        __m512,
        f32,
        16,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_fmadd_ps,
        f32::four
    );
}

#[cfg(target_arch = "aarch64")]
pub(super) use neon::{F32x4, F64x2};

#[cfg(target_arch = "aarch64")]
mod neon {
    use core::arch::aarch64::*;

    use super::{Vector, transpose_four};

    register!(
        F64x2,
        float64x2_t,
        f64,
        2,
        vdupq_n_f64,
        vld1q_f64,
        vst1q_f64,
        |factor, other, term| vfmaq_f64(term, factor, other),
        transpose_four
    );
    register!(
        F32x4,
        float32x4_t,
        f32,
        4,
        vdupq_n_f32,
        vld1q_f32,
        vst1q_f32,
        |factor, other, term| vfmaq_f32(term, factor, other),
        transpose_four
    );
}
