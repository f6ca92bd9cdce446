//! The fused multiply-add `a · b + c`, rounded once: the CPU's instruction, or software with the
//! same bits.
//!
//! - [`mul_add_f64`] and [`mul_add_f32`] are the functions that the engine calls. Where the
//!   compiler knows that the CPU has the instruction, each call becomes that instruction.
//! - [`software`] is for targets without the instruction, such as WebAssembly.
//! - `symbols` is for x86-64, where some CPUs have the instruction. In code for all x86-64 CPUs the
//!   compiler leaves a call of `fma` or `fmaf`; `symbols` defines these two.

pub mod software;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod symbols;
#[cfg(test)]
mod tests;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod machine {
    //! Rust's own function, which becomes the instruction or a call of `fma`.
    /// `factor · other + term`, rounded once.
    #[inline(always)]
    pub fn mul_add_f64(factor: f64, other: f64, term: f64) -> f64 {
        f64::mul_add(factor, other, term)
    }
    /// `factor · other + term`, rounded once.
    #[inline(always)]
    pub fn mul_add_f32(factor: f32, other: f32, term: f32) -> f32 {
        f32::mul_add(factor, other, term)
    }
}

#[cfg(all(not(feature = "std"), target_arch = "aarch64"))]
mod machine {
    //! The instruction, which every aarch64 has.
    pub use libm::{fma as mul_add_f64, fmaf as mul_add_f32};
}

#[cfg(not(any(target_arch = "aarch64", all(feature = "std", target_arch = "x86_64"))))]
use software as machine;

pub use machine::{mul_add_f32, mul_add_f64};
