//! `fma` and `fmaf`: the functions that a multiply-add calls in code for CPUs without the
//! instruction.
//!
//! They replace those of the C library, which take many times longer on such a CPU. On a CPU that
//! has the instruction, they use it. The results are the same for every caller.
#![allow(unsafe_code)]

use core::arch::x86_64::{
    _mm_cvtsd_f64, _mm_cvtss_f32, _mm_fmadd_sd, _mm_fmadd_ss, _mm_set_sd, _mm_set_ss,
};

use std::is_x86_feature_detected;

use super::software;

/// `factor · other + term`, rounded once.
#[unsafe(no_mangle)]
extern "C" fn fma(factor: f64, other: f64, term: f64) -> f64 {
    if is_x86_feature_detected!("fma") {
        // SAFETY: the CPU has FMA.
        return unsafe { fused_f64(factor, other, term) };
    }
    software::mul_add_f64(factor, other, term)
}

/// `factor · other + term`, rounded once.
#[unsafe(no_mangle)]
extern "C" fn fmaf(factor: f32, other: f32, term: f32) -> f32 {
    if is_x86_feature_detected!("fma") {
        // SAFETY: the CPU has FMA.
        return unsafe { fused_f32(factor, other, term) };
    }
    software::mul_add_f32(factor, other, term)
}

#[target_feature(enable = "fma")]
fn fused_f64(factor: f64, other: f64, term: f64) -> f64 {
    let [factor, other, term] = [factor, other, term].map(|number| _mm_set_sd(number));
    _mm_cvtsd_f64(_mm_fmadd_sd(factor, other, term))
}

#[target_feature(enable = "fma")]
fn fused_f32(factor: f32, other: f32, term: f32) -> f32 {
    let [factor, other, term] = [factor, other, term].map(|number| _mm_set_ss(number));
    _mm_cvtss_f32(_mm_fmadd_ss(factor, other, term))
}
