//! Registers of NEON, for matrix products. (All other code for aarch64 uses [`Pair`](super::Pair)s
//! of numbers, which the compiler puts into such registers by itself.)
#![allow(unsafe_code)]

use core::arch::aarch64::*;

use super::register::Register;

macro_rules! register {
    (
        $(#[$doc:meta])* $name:ident, $inner:ident, $element:ident, $lanes:literal,
        $splat:ident, $load:ident, $store:ident, $add_product:ident
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub(crate) struct $name($inner);

        impl Register for $name {
            type Element = $element;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $element) -> Self {
                // SAFETY: NEON is part of every aarch64.
                Self(unsafe { $splat(value) })
            }
            #[inline(always)]
            unsafe fn read(from: *const $element) -> Self {
                // SAFETY: the caller promises the elements.
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn write(self, to: *mut $element) {
                // SAFETY: the caller promises the elements.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                // SAFETY: NEON is part of every aarch64.
                Self(unsafe { $add_product(term.0, self.0, factor.0) })
            }
        }
    };
}

register! {
    /// Two f64.
    F64x2, float64x2_t, f64, 2, vdupq_n_f64, vld1q_f64, vst1q_f64, vfmaq_f64
}
register! {
    /// Four f32.
    F32x4, float32x4_t, f32, 4, vdupq_n_f32, vld1q_f32, vst1q_f32, vfmaq_f32
}
