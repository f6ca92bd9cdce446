//! The choice of the instructions that the engine's code runs with.
//!
//! The same code is compiled for each instruction set ([`Isa`]). All give the same bits, since
//! every operation has one defined result; the choice only changes the speed.
#![allow(unsafe_code)]

use super::isa::InstructionSet;
use super::isa::Isa;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use super::lanes::Pair;
#[cfg(target_arch = "x86_64")]
use super::lanes::x86::{F32x8, F32x16, F64x4, F64x8};
use super::real::{Real, Scalar};

/// A part of the engine that computes with numbers; it is `#[inline(always)]` down to its last
/// operation.
pub trait Kernel {
    /// The type of its result.
    type Output;
    /// Computes the result.
    fn run(self) -> Self::Output;
}

/// A part of the engine that computes with vectors; it is `#[inline(always)]` down to its last
/// operation.
pub trait VectorKernel {
    /// The type of its result.
    type Output;
    /// Computes the result with these vectors.
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) -> Self::Output;
}

/// A part of the engine that computes with vectors of one number format; it is `#[inline(always)]`
/// down to its last operation.
pub trait Across<T: Scalar> {
    /// Computes with these vectors.
    fn run<V: Real<Scalar = T>>(self);
}

/// A number format whose vectors can be dispatched to.
pub trait Format: Scalar {
    /// Runs the kernel compiled for this CPU's best instructions.
    fn across<K: Across<Self>>(kernel: K);
}

/// A kernel over one format as a [`VectorKernel`], which uses only the vectors of that format.
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

/// Runs the kernel compiled for this CPU's best instructions.
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    match Isa::detected().set() {
        InstructionSet::Portable => kernel.run(),
        // Every aarch64 has fused multiply-adds.
        #[cfg(target_arch = "aarch64")]
        InstructionSet::Neon => kernel.run(),
        // SAFETY: a value of `Isa` beyond the portable one exists only where the CPU has AVX2 and
        // FMA. The kernel computes with single numbers, for which AVX-512 has no use.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 | InstructionSet::Avx512 => unsafe { with_fma(kernel) },
    }
}

/// Runs the kernel compiled for this CPU's best instructions; with single numbers where vectors are
/// not faster.
pub fn dispatch_vectors<K: VectorKernel>(kernel: K) -> K::Output {
    dispatch_wide(kernel).unwrap_or_else(|kernel| kernel.run::<f64, f32>())
}

/// Runs the kernel with vectors, as [`dispatch_vectors`] does; gives it back where vectors are not
/// faster.
pub fn dispatch_wide<K: VectorKernel>(kernel: K) -> Result<K::Output, K> {
    match Isa::detected().set() {
        InstructionSet::Portable => Err(kernel),
        // Each vector fills two registers, as with AVX2. The compiler puts such numbers side by
        // side into registers of NEON, which every aarch64 has.
        #[cfg(target_arch = "aarch64")]
        InstructionSet::Neon => Ok(kernel.run::<Pair<Pair<f64>>, Pair<Pair<Pair<f32>>>>()),
        // SAFETY: a value of `Isa` exists only where the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => Ok(unsafe { vectors_with_avx2(kernel) }),
        // SAFETY: a value of `Isa` exists only where the CPU has its instructions.
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => Ok(unsafe { vectors_with_avx512(kernel) }),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_fma<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

/// Each vector fills two registers: with one, the adders would wait for the chain of additions.
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
