//! Which instructions the engine's text is compiled for.
//!
//! The same text, compiled for several sets of instructions: portable, and with AVX2 and FMA, where
//! a fused multiply-add is one instruction and not a call. All give the same bits, since every
//! operation of the text has one defined result; the choice is only a matter of speed.
#![allow(unsafe_code)]

/// A piece of the engine, `#[inline(always)]` down to its last operation.
pub(super) trait Kernel {
    /// What it gives.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}

/// Runs the fastest form that this CPU has; `RUNNER_ISA=portable` in the environment asks for the
/// portable one (for tests).
pub(super) fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if has_fma() {
        // SAFETY: AVX2 and FMA are there, `has_fma` has just said so.
        return unsafe { run_with_fma(kernel) };
    }
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
fn has_fma() -> bool {
    static HAS_FMA: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| {
        let portable = std::env::var_os("RUNNER_ISA").is_some_and(|value| value == "portable");
        !portable && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    });
    *HAS_FMA
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn run_with_fma<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}
