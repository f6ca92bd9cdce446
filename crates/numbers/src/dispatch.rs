//! Which instructions the engine's text is compiled for.
//!
//! The same text, compiled for each instruction set ([`Isa`]): all give the same bits, since every
//! operation of the text has one defined result; the choice is only a matter of speed.
#![allow(unsafe_code)]

use super::isa::InstructionSet;
use super::isa::Isa;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use super::lanes::Pair;
#[cfg(target_arch = "x86_64")]
use super::lanes::x86::{F32x8, F32x16, F64x4, F64x8};
use super::real::{Real, Scalar};

/// A piece of the engine over numbers, `#[inline(always)]` down to its last operation.
pub trait Kernel {
    /// What it gives.
    type Output;
    /// Does it.
    fn run(self) -> Self::Output;
}

/// A piece of the engine over vectors, likewise.
pub trait VectorKernel {
    /// What it gives.
    type Output;
    /// Does it with these vectors.
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) -> Self::Output;
}

/// A piece of the engine over vectors of one number format, likewise.
pub trait Across<T: Scalar> {
    /// Does it with these vectors.
    fn run<V: Real<Scalar = T>>(self);
}

/// A number format whose vectors can be dispatched to.
pub trait Format: Scalar {
    /// Runs the form that the CPU's instructions make fastest.
    fn across<K: Across<Self>>(kernel: K);
}

/// As a [`VectorKernel`], of which one format is used.
struct Doubles<K>(K);
struct Singles<K>(K);

impl<K: Across<f64>> VectorKernel for Doubles<K> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        self.0.run::<F64>();
    }
}

impl<K: Across<f32>> VectorKernel for Singles<K> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        self.0.run::<F32>();
    }
}

impl Format for f64 {
    fn across<K: Across<f64>>(kernel: K) {
        dispatch_vectors(Doubles(kernel));
    }
}

impl Format for f32 {
    fn across<K: Across<f32>>(kernel: K) {
        dispatch_vectors(Singles(kernel));
    }
}

/// Runs the form that the CPU's instructions make fastest.
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    match Isa::detected().set() {
        InstructionSet::Portable => kernel.run(),
        // Fused multiply-adds are part of every aarch64.
        #[cfg(target_arch = "aarch64")]
        InstructionSet::Neon => kernel.run(),
        // SAFETY: a value of `Isa` beyond the portable one exists only where the CPU has AVX2 and
        // FMA. The text is over numbers: it has no use for AVX-512.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 | InstructionSet::Avx512 => unsafe { with_fma(kernel) },
    }
}

/// Runs the form that the CPU's instructions make fastest, with single numbers where there are no
/// vectors that pay.
pub fn dispatch_vectors<K: VectorKernel>(kernel: K) -> K::Output {
    dispatch_wide(kernel).unwrap_or_else(|kernel| kernel.run::<f64, f32>())
}

/// As [`dispatch_vectors`]; gives the kernel back where there are no vectors that pay.
pub fn dispatch_wide<K: VectorKernel>(kernel: K) -> Result<K::Output, K> {
    match Isa::detected().set() {
        InstructionSet::Portable => Err(kernel),
        // Two registers a vector, as with AVX2; the compiler puts such numbers side by side into
        // registers of NEON, which every aarch64 has.
        #[cfg(target_arch = "aarch64")]
        InstructionSet::Neon => Ok(kernel.run::<Pair<Pair<f64>>, Pair<Pair<Pair<f32>>>>()),
        // SAFETY: a value of `Isa` exists only where the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => Ok(unsafe { vectors_with_avx2(kernel) }),
        // SAFETY: likewise.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => Ok(unsafe { vectors_with_avx512(kernel) }),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_fma<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Two registers a vector: one alone leaves the adders idle while its chain goes on.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn vectors_with_avx2<K: VectorKernel>(kernel: K) -> K::Output {
    kernel.run::<Pair<F64x4>, F32x8>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl")]
fn vectors_with_avx512<K: VectorKernel>(kernel: K) -> K::Output {
    kernel.run::<F64x8, F32x16>()
}
