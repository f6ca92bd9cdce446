//! The peak: chains of fused multiply-adds that are independent of each other.
#![allow(unsafe_code)]

use std::hint::black_box;
use std::time::Duration;

use numbers::Isa;

use crate::Bench;

/// The number of chains: enough for two units with a latency of four, and few enough for 16
/// registers.
const CHAINS: usize = 12;
/// The number of multiply-adds in each chain.
const LENGTH: usize = 100_000;

/// Measures and prints the table.
pub fn measure(bench: &Bench) {
    println!(
        "{:<34} {:>9} {:>5} {:>9}",
        "peak of one core", "isa", "type", "GFLOP/s"
    );
    for isa in Isa::available() {
        for format in ["f32", "f64"] {
            let (name, peak) = (isa.name(), now(bench, isa.name(), format));
            println!("{:<34} {name:>9} {format:>5} {peak:>9.1}", "multiply-adds");
        }
    }
    println!();
}

/// The current peak of an instruction set in a format, in GFLOP/s on one core.
pub fn now(bench: &Bench, isa: &str, format: &str) -> f64 {
    let (work, lanes) = chains(isa, format);
    let seconds = bench.seconds_in(Duration::from_millis(100), work);
    (2 * CHAINS * LENGTH * lanes) as f64 / seconds / 1e9
}

/// The loop of an instruction set, and the number of lanes in a chain.
fn chains(isa: &str, format: &str) -> (fn(), usize) {
    match (isa, format) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Isa::available` lists a set only where the CPU has it.
        ("avx512", "f32") => (|| unsafe { x86::avx512_f32() }, 16),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Isa::available` lists a set only where the CPU has it.
        ("avx512", _) => (|| unsafe { x86::avx512_f64() }, 8),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Isa::available` lists a set only where the CPU has it.
        ("avx2", "f32") => (|| unsafe { x86::avx2_f32() }, 8),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: `Isa::available` lists a set only where the CPU has it.
        ("avx2", _) => (|| unsafe { x86::avx2_f64() }, 4),
        (_, "f32") => (portable_f32, 1),
        _ => (portable_f64, 1),
    }
}

macro_rules! portable {
    ($name:ident, $type:ty) => {
        /// The chains of single numbers with the instructions of the build, or the exact
        /// multiply-add of the standard library where these have none.
        fn $name() {
            let (factor, term): ($type, $type) = (black_box(0.999), black_box(0.001));
            let mut sums = [1.0; CHAINS];
            for _ in 0..LENGTH {
                for sum in &mut sums {
                    *sum = factor.mul_add(*sum, term);
                }
            }
            black_box(sums);
        }
    };
}
portable!(portable_f32, f32);
portable!(portable_f64, f64);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    use super::{CHAINS, LENGTH};

    macro_rules! chains {
        ($name:ident, $features:literal, $splat:ident, $fused:ident) => {
            #[target_feature(enable = $features)]
            pub fn $name() {
                let (factor, term) = ($splat(black_box(0.999)), $splat(black_box(0.001)));
                let mut sums = [$splat(1.0); CHAINS];
                for _ in 0..LENGTH {
                    for sum in &mut sums {
                        *sum = $fused(factor, *sum, term);
                    }
                }
                black_box(sums);
            }
        };
    }
    chains!(avx512_f32, "avx512f", _mm512_set1_ps, _mm512_fmadd_ps);
    chains!(avx512_f64, "avx512f", _mm512_set1_pd, _mm512_fmadd_pd);
    chains!(avx2_f32, "avx2,fma", _mm256_set1_ps, _mm256_fmadd_ps);
    chains!(avx2_f64, "avx2,fma", _mm256_set1_pd, _mm256_fmadd_pd);
}
