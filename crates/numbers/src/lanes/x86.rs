//! Vectors of the x86-64 instruction sets as a [`Real`].
//!
//! A value of one of these types may only be made where the CPU has the instructions: inside the
//! code that the engine's dispatch runs for that instruction set. Every unsafe block here relies on
//! that promise. The intrinsics have no other requirement, and loads and stores check their slices.
#![allow(unsafe_code)]

use core::arch::x86_64::*;
use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

use super::super::real::{Mask, Real, Scalar, Words};
use super::Pair;

/// Calls an intrinsic of the value's instruction set.
macro_rules! cpu {
    ($call:expr) => {
        // SAFETY: this method's value exists, or is made, only where the CPU has the instructions
        // of its type (see the top of this file).
        unsafe { $call }
    };
}

/// Declares a vector of words.
macro_rules! words {
    (
        $(#[$doc:meta])* $name:ident, $register:ident, $lanes:literal,
        add $add:ident, xor $xor:ident, or $or:ident, left $left:ident, right $right:ident
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        #[repr(transparent)]
        pub struct $name($register);

        impl Words for $name {
            const LANES: usize = $lanes;

            #[inline(always)]
            fn load(words: &[u32]) -> Self {
                let words = &words[..$lanes];
                // SAFETY: there are as many words as the register holds.
                Self(unsafe { words.as_ptr().cast::<$register>().read_unaligned() })
            }
            #[inline(always)]
            fn store(self, words: &mut [u32]) {
                let words = &mut words[..$lanes];
                // SAFETY: there is room for as many words as the register holds.
                unsafe { words.as_mut_ptr().cast::<$register>().write_unaligned(self.0) };
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(cpu!($add(self.0, other.0)))
            }
            #[inline(always)]
            fn xor(self, other: Self) -> Self {
                Self(cpu!($xor(self.0, other.0)))
            }
            #[inline(always)]
            fn turn(self, bits: u32) -> Self {
                let (left, right) = (bits as i32, 32 - bits as i32);
                cpu!({
                    let left = $left(self.0, _mm_cvtsi32_si128(left));
                    Self($or(left, $right(self.0, _mm_cvtsi32_si128(right))))
                })
            }
        }
    };
}

words! {
    /// Four words, SSE2.
    U32x4, __m128i, 4,
    add _mm_add_epi32, xor _mm_xor_si128, or _mm_or_si128, left _mm_sll_epi32, right _mm_srl_epi32
}

words! {
    /// Eight words, AVX2.
    U32x8, __m256i, 8,
    add _mm256_add_epi32, xor _mm256_xor_si256, or _mm256_or_si256,
    left _mm256_sll_epi32, right _mm256_srl_epi32
}

words! {
    /// Sixteen words, AVX-512.
    U32x16, __m512i, 16,
    add _mm512_add_epi32, xor _mm512_xor_si512, or _mm512_or_si512,
    left _mm512_sll_epi32, right _mm512_srl_epi32
}

/// Declares a vector type: its operators, and all that its [`Real`] shares with the other types.
macro_rules! vector {
    (
        $(#[$doc:meta])* $name:ident, $register:ident, $scalar:ident, $lanes:literal, $mask:ident,
        $wide:ty, $words:ty,
        add $add:ident, sub $sub:ident, mul $mul:ident, div $div:ident, fma $fma:ident,
        sqrt $sqrt:ident, max $max:ident, min $min:ident, splat $splat:ident,
        and $and:ident, andnot $andnot:ident, or $or:ident,
        xor $xor:ident,
        $($rest:item)*
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        #[repr(transparent)]
        pub struct $name($register);

        impl Default for $name {
            #[inline(always)]
            fn default() -> Self {
                Self::splat(0.0)
            }
        }
        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(cpu!($add(self.0, other.0)))
            }
        }
        impl AddAssign for $name {
            #[inline(always)]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(cpu!($sub(self.0, other.0)))
            }
        }
        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(cpu!($mul(self.0, other.0)))
            }
        }
        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(cpu!($div(self.0, other.0)))
            }
        }
        impl Neg for $name {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self {
                Self(cpu!($xor(self.0, $splat(-0.0))))
            }
        }
        impl $name {
            #[inline(always)]
            fn to_array(self) -> [$scalar; $lanes] {
                let mut values = [0.0; $lanes];
                self.store(&mut values);
                values
            }
        }
        impl Real for $name {
            type Scalar = $scalar;
            type Mask = $mask;
            type Wide = $wide;
            type Words = $words;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn splat(value: $scalar) -> Self {
                Self(cpu!($splat(value)))
            }
            #[inline(always)]
            fn load(values: &[$scalar]) -> Self {
                let values = &values[..$lanes];
                // SAFETY: the slice has as many numbers as the register holds, and a register may
                // have any bits.
                Self(unsafe { values.as_ptr().cast::<$register>().read_unaligned() })
            }
            #[inline(always)]
            fn store(self, values: &mut [$scalar]) {
                let values = &mut values[..$lanes];
                // SAFETY: there is room for as many numbers as the register holds.
                unsafe { values.as_mut_ptr().cast::<$register>().write_unaligned(self.0) };
            }
            #[inline(always)]
            fn lane(self, lane: usize) -> $scalar {
                self.to_array()[lane]
            }
            #[inline(always)]
            fn with_lane(self, lane: usize, value: $scalar) -> Self {
                let mut values = self.to_array();
                values[lane] = value;
                Self::load(&values)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(cpu!($fma(self.0, factor.0, term.0)))
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(cpu!($sqrt(self.0)))
            }
            #[inline(always)]
            fn abs(self) -> Self {
                Self(cpu!($andnot($splat(-0.0), self.0)))
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                let bit = cpu!($splat(-0.0));
                Self(cpu!($or($andnot(bit, self.0), $and(bit, sign.0))))
            }
            // Where one operand is NaN or both are 0, the greater instruction gives its second
            // operand.
            #[inline(always)]
            fn at_least(self, low: Self) -> Self {
                Self(cpu!($max(low.0, self.0)))
            }
            #[inline(always)]
            fn at_most(self, high: Self) -> Self {
                Self(cpu!($min(high.0, self.0)))
            }
            $($rest)*
        }
    };
}

vector! {
    /// Four f64, AVX2 and FMA.
    F64x4, __m256d, f64, 4, Mask64x4, Self, U32x4,
    add _mm256_add_pd, sub _mm256_sub_pd, mul _mm256_mul_pd, div _mm256_div_pd, fma _mm256_fmadd_pd,
    sqrt _mm256_sqrt_pd, max _mm256_max_pd, min _mm256_min_pd, splat _mm256_set1_pd,
    and _mm256_and_pd, andnot _mm256_andnot_pd,
    or _mm256_or_pd, xor _mm256_xor_pd,
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        self
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        wide
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        mask
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Mask64x4(cpu!(_mm256_cmp_pd::<_CMP_LT_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Mask64x4(cpu!(_mm256_cmp_pd::<_CMP_EQ_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(cpu!(_mm256_blendv_pd(no.0, yes.0, mask.0)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        let shifted = self + Self::splat(f64::TABLE.round + 1023.0);
        Self(cpu!(_mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(shifted.0)))))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        // The exponent is split off as for a scalar, with its bias left in, so that a logical shift
        // serves. It becomes a number by standing in the lowest bits of 2^52.
        const BIAS: i64 = 1023 << 52;
        const ROOT: i64 = core::f64::consts::FRAC_1_SQRT_2.to_bits() as i64;
        cpu!({
            let bits = _mm256_castpd_si256(self.0);
            let biased = _mm256_srli_epi64::<52>(_mm256_add_epi64(bits, _mm256_set1_epi64x(BIAS - ROOT)));
            let mantissa = _mm256_sub_epi64(bits, _mm256_slli_epi64::<52>(biased));
            let mantissa = _mm256_castsi256_pd(_mm256_add_epi64(mantissa, _mm256_set1_epi64x(BIAS)));
            let exponent = _mm256_or_si256(biased, _mm256_set1_epi64x(0x4330_0000_0000_0000));
            let exponent = Self(_mm256_castsi256_pd(exponent)) - Self::splat(4503599627370496.0 + 1023.0);
            (Self(mantissa), exponent)
        })
    }
}

vector! {
    /// Eight f32, AVX2 and FMA.
    F32x8, __m256, f32, 8, Mask32x8, Pair<F64x4>, U32x8,
    add _mm256_add_ps, sub _mm256_sub_ps, mul _mm256_mul_ps, div _mm256_div_ps, fma _mm256_fmadd_ps,
    sqrt _mm256_sqrt_ps, max _mm256_max_ps, min _mm256_min_ps, splat _mm256_set1_ps,
    and _mm256_and_ps, andnot _mm256_andnot_ps,
    or _mm256_or_ps, xor _mm256_xor_ps,
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        let low = cpu!(_mm256_castps256_ps128(self.0));
        let high = cpu!(_mm256_extractf128_ps::<1>(self.0));
        cpu!(Pair(F64x4(_mm256_cvtps_pd(low)), F64x4(_mm256_cvtps_pd(high))))
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        let Pair(low, high) = wide;
        let [low, high] = cpu!([_mm256_cvtpd_ps(low.0), _mm256_cvtpd_ps(high.0)]);
        Self(cpu!(_mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high)))
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        let bits = cpu!(_mm256_castps_si256(mask.0));
        let low = cpu!(_mm256_castsi256_si128(bits));
        let high = cpu!(_mm256_extracti128_si256::<1>(bits));
        // The sign of each lane is extended: all bits of a lane are the same.
        let [low, high] = cpu!([_mm256_cvtepi32_epi64(low), _mm256_cvtepi32_epi64(high)]);
        cpu!(Pair(
            Mask64x4(_mm256_castsi256_pd(low)),
            Mask64x4(_mm256_castsi256_pd(high)),
        ))
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Mask32x8(cpu!(_mm256_cmp_ps::<_CMP_LT_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Mask32x8(cpu!(_mm256_cmp_ps::<_CMP_EQ_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(cpu!(_mm256_blendv_ps(no.0, yes.0, mask.0)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        let shifted = self + Self::splat(f32::TABLE.round + 127.0);
        Self(cpu!(_mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(shifted.0)))))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        // The exponent is split off as for a scalar, with its bias left in, so that a logical shift
        // serves. It becomes a number by standing in the lowest bits of 2^23.
        const BIAS: i32 = 127 << 23;
        const ROOT: i32 = core::f32::consts::FRAC_1_SQRT_2.to_bits() as i32;
        cpu!({
            let bits = _mm256_castps_si256(self.0);
            let biased = _mm256_srli_epi32::<23>(_mm256_add_epi32(bits, _mm256_set1_epi32(BIAS - ROOT)));
            let mantissa = _mm256_sub_epi32(bits, _mm256_slli_epi32::<23>(biased));
            let mantissa = _mm256_castsi256_ps(_mm256_add_epi32(mantissa, _mm256_set1_epi32(BIAS)));
            let exponent = _mm256_or_si256(biased, _mm256_set1_epi32(0x4B00_0000));
            let exponent = Self(_mm256_castsi256_ps(exponent)) - Self::splat(8388608.0 + 127.0);
            (Self(mantissa), exponent)
        })
    }
}

vector! {
    /// Eight f64, AVX-512.
    F64x8, __m512d, f64, 8, Mask8, Self, U32x8,
    add _mm512_add_pd, sub _mm512_sub_pd, mul _mm512_mul_pd, div _mm512_div_pd, fma _mm512_fmadd_pd,
    sqrt _mm512_sqrt_pd, max _mm512_max_pd, min _mm512_min_pd, splat _mm512_set1_pd,
    and _mm512_and_pd, andnot _mm512_andnot_pd,
    or _mm512_or_pd, xor _mm512_xor_pd,
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        self
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        wide
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        mask
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Self::Mask::from_bits(cpu!(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Self::Mask::from_bits(cpu!(_mm512_cmp_pd_mask::<_CMP_EQ_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(cpu!(_mm512_mask_blend_pd(mask.0, no.0, yes.0)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        let shifted = self + Self::splat(f64::TABLE.round + 1023.0);
        Self(cpu!(_mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(shifted.0)))))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        // The exponent is split off as for a scalar, with its bias left in, so that a logical shift
        // serves. It becomes a number by standing in the lowest bits of 2^52.
        const BIAS: i64 = 1023 << 52;
        const ROOT: i64 = core::f64::consts::FRAC_1_SQRT_2.to_bits() as i64;
        cpu!({
            let bits = _mm512_castpd_si512(self.0);
            let biased = _mm512_srli_epi64::<52>(_mm512_add_epi64(bits, _mm512_set1_epi64(BIAS - ROOT)));
            let mantissa = _mm512_sub_epi64(bits, _mm512_slli_epi64::<52>(biased));
            let mantissa = _mm512_castsi512_pd(_mm512_add_epi64(mantissa, _mm512_set1_epi64(BIAS)));
            let exponent = _mm512_or_si512(biased, _mm512_set1_epi64(0x4330_0000_0000_0000));
            let exponent = Self(_mm512_castsi512_pd(exponent)) - Self::splat(4503599627370496.0 + 1023.0);
            (Self(mantissa), exponent)
        })
    }
}

vector! {
    /// Sixteen f32, AVX-512.
    F32x16, __m512, f32, 16, Mask16, Pair<F64x8>, U32x16,
    add _mm512_add_ps, sub _mm512_sub_ps, mul _mm512_mul_ps, div _mm512_div_ps, fma _mm512_fmadd_ps,
    sqrt _mm512_sqrt_ps, max _mm512_max_ps, min _mm512_min_ps, splat _mm512_set1_ps,
    and _mm512_and_ps, andnot _mm512_andnot_ps,
    or _mm512_or_ps, xor _mm512_xor_ps,
    #[inline(always)]
    fn widen(self) -> Self::Wide {
        let low = cpu!(_mm512_castps512_ps256(self.0));
        let high = cpu!(_mm512_extractf32x8_ps::<1>(self.0));
        cpu!(Pair(F64x8(_mm512_cvtps_pd(low)), F64x8(_mm512_cvtps_pd(high))))
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        let Pair(low, high) = wide;
        let [low, high] = cpu!([_mm512_cvtpd_ps(low.0), _mm512_cvtpd_ps(high.0)]);
        Self(cpu!(_mm512_insertf32x8::<1>(_mm512_castps256_ps512(low), high)))
    }
    #[inline(always)]
    fn widen_mask(mask: Self::Mask) -> <Self::Wide as Real>::Mask {
        Pair(Mask8(mask.0 as u8), Mask8((mask.0 >> 8) as u8))
    }
    #[inline(always)]
    fn less(self, other: Self) -> Self::Mask {
        Self::Mask::from_bits(cpu!(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn equal(self, other: Self) -> Self::Mask {
        Self::Mask::from_bits(cpu!(_mm512_cmp_ps_mask::<_CMP_EQ_OQ>(self.0, other.0)))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Self(cpu!(_mm512_mask_blend_ps(mask.0, no.0, yes.0)))
    }
    #[inline(always)]
    fn power_of_two(self) -> Self {
        let shifted = self + Self::splat(f32::TABLE.round + 127.0);
        Self(cpu!(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(shifted.0)))))
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        // The exponent is split off as for a scalar, with its bias left in, so that a logical shift
        // serves. It becomes a number by standing in the lowest bits of 2^23.
        const BIAS: i32 = 127 << 23;
        const ROOT: i32 = core::f32::consts::FRAC_1_SQRT_2.to_bits() as i32;
        cpu!({
            let bits = _mm512_castps_si512(self.0);
            let biased = _mm512_srli_epi32::<23>(_mm512_add_epi32(bits, _mm512_set1_epi32(BIAS - ROOT)));
            let mantissa = _mm512_sub_epi32(bits, _mm512_slli_epi32::<23>(biased));
            let mantissa = _mm512_castsi512_ps(_mm512_add_epi32(mantissa, _mm512_set1_epi32(BIAS)));
            let exponent = _mm512_or_si512(biased, _mm512_set1_epi32(0x4B00_0000));
            let exponent = Self(_mm512_castsi512_ps(exponent)) - Self::splat(8388608.0 + 127.0);
            (Self(mantissa), exponent)
        })
    }
}

/// Declares a mask of AVX-512: one bit per lane.
macro_rules! bit_mask {
    ($(#[$doc:meta])* $name:ident, $bits:ident, $lanes:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name($bits);

        impl $name {
            #[inline(always)]
            fn from_bits(bits: $bits) -> Self {
                Self(bits)
            }
        }
        impl Mask for $name {
            const LANES: usize = $lanes;
            #[inline(always)]
            fn splat(value: bool) -> Self {
                Self(if value { $bits::MAX } else { 0 })
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
            #[inline(always)]
            fn not(self) -> Self {
                Self(!self.0)
            }
            #[inline(always)]
            fn any(self) -> bool {
                self.0 != 0
            }
            #[inline(always)]
            fn all(self) -> bool {
                self.0 == $bits::MAX
            }
            #[inline(always)]
            fn lane(self, lane: usize) -> bool {
                self.0 >> lane & 1 == 1
            }
            #[inline(always)]
            fn with_lane(self, lane: usize, value: bool) -> Self {
                Self(self.0 & !(1 << lane) | $bits::from(value) << lane)
            }
        }
    };
}

bit_mask! {
    /// The mask of eight lanes.
    Mask8, u8, 8
}
bit_mask! {
    /// The mask of sixteen lanes.
    Mask16, u16, 16
}

/// Declares a mask of AVX2: the bits of a lane are all 1 or all 0.
macro_rules! lane_mask {
    (
        $(#[$doc:meta])* $name:ident, $register:ident, $bits:ident, $lanes:literal, and $and:ident,
        or $or:ident, xor $xor:ident, signs $signs:ident, from $from:ident, splat $splat:ident,
        load $load:ident
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name($register);

        impl Mask for $name {
            const LANES: usize = $lanes;
            #[inline(always)]
            fn splat(value: bool) -> Self {
                Self(cpu!($from($splat(-$bits::from(value)))))
            }
            #[inline(always)]
            fn and(self, other: Self) -> Self {
                Self(cpu!($and(self.0, other.0)))
            }
            #[inline(always)]
            fn or(self, other: Self) -> Self {
                Self(cpu!($or(self.0, other.0)))
            }
            #[inline(always)]
            fn not(self) -> Self {
                Self(cpu!($xor(self.0, Self::splat(true).0)))
            }
            #[inline(always)]
            fn any(self) -> bool {
                cpu!($signs(self.0)) != 0
            }
            #[inline(always)]
            fn all(self) -> bool {
                cpu!($signs(self.0)) == (1 << $lanes) - 1
            }
            #[inline(always)]
            fn lane(self, lane: usize) -> bool {
                cpu!($signs(self.0)) >> lane & 1 == 1
            }
            #[inline(always)]
            fn with_lane(self, lane: usize, value: bool) -> Self {
                let mut bits = [0; $lanes];
                for (i, bits) in bits.iter_mut().enumerate() {
                    *bits = -$bits::from(if i == lane { value } else { self.lane(i) });
                }
                Self(cpu!($from($load(bits.as_ptr().cast()))))
            }
        }
    };
}

lane_mask! {
    /// The mask of four lanes of 64 bits.
    Mask64x4, __m256d, i64, 4, and _mm256_and_pd, or _mm256_or_pd, xor _mm256_xor_pd,
    signs _mm256_movemask_pd, from _mm256_castsi256_pd, splat _mm256_set1_epi64x,
    load _mm256_loadu_si256
}
lane_mask! {
    /// The mask of eight lanes of 32 bits.
    Mask32x8, __m256, i32, 8, and _mm256_and_ps, or _mm256_or_ps, xor _mm256_xor_ps,
    signs _mm256_movemask_ps, from _mm256_castsi256_ps, splat _mm256_set1_epi32,
    load _mm256_loadu_si256
}
