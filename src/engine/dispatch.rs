//! Which instructions the engine's text is compiled for.
//!
//! The same text, compiled twice: portable, and with AVX2 and FMA, where a fused multiply-add is
//! one instruction and not a call. Both give the same bits, since every operation of the text has
//! one defined result; the choice is only a matter of speed.
#![allow(unsafe_code)]

use std::ops::ControlFlow;

use super::network::{Architecture, Parameters};
use super::real::Real;
use super::settings::Settings;
use super::train::{EpochRow, Examples, Trained, learn};

/// Calls the fastest form that this CPU has; `RUNNER_PORTABLE=1` in the environment asks for the
/// portable one (for tests).
pub(super) fn train<T: Real>(
    architecture: &Architecture,
    parameters: Parameters<T>,
    train_data: &Examples<T>,
    valid_data: Option<&Examples<T>>,
    settings: &Settings,
    seed: u64,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<T> {
    #[cfg(target_arch = "x86_64")]
    if has_fma() {
        // SAFETY: AVX2 and FMA are there, `has_fma` has just said so.
        return unsafe {
            learn_with_fma(
                architecture,
                parameters,
                train_data,
                valid_data,
                settings,
                seed,
                observer,
            )
        };
    }
    learn(
        architecture,
        parameters,
        train_data,
        valid_data,
        settings,
        seed,
        observer,
    )
}

#[cfg(target_arch = "x86_64")]
fn has_fma() -> bool {
    static HAS_FMA: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| {
        let portable = std::env::var_os("RUNNER_PORTABLE").is_some_and(|value| value == "1");
        !portable && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
    });
    *HAS_FMA
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn learn_with_fma<T: Real>(
    architecture: &Architecture,
    parameters: Parameters<T>,
    train_data: &Examples<T>,
    valid_data: Option<&Examples<T>>,
    settings: &Settings,
    seed: u64,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<T> {
    learn(
        architecture,
        parameters,
        train_data,
        valid_data,
        settings,
        seed,
        observer,
    )
}
