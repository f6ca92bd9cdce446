//! The fused multiply-add `a · b + c`, rounded once: the CPU's instruction, or exactly the same in
//! software.
//!
//! - [`mul_add_f64`] and [`mul_add_f32`] are what the engine's text calls. Where the compiler knows
//!   that the CPU has the instruction, it is all that is left of them.
//! - [`software`] is for targets without the instruction, as WebAssembly.
//! - `symbols` is for x86-64, where some CPUs have it: in text that is compiled for all of them the
//!   compiler leaves a call of `fma` or `fmaf`, and there these are.

pub mod software;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
mod symbols;
#[cfg(test)]
mod tests;

#[cfg(all(feature = "std", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod machine {
    //! Rust's own, which is the instruction or a call.
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
    //! The instruction of every aarch64.
    pub use libm::{fma as mul_add_f64, fmaf as mul_add_f32};
}

#[cfg(not(any(target_arch = "aarch64", all(feature = "std", target_arch = "x86_64"))))]
use software as machine;

pub use machine::{mul_add_f32, mul_add_f64};
