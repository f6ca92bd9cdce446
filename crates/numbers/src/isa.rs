//! The instruction sets of this CPU, detected once, at the first use. Without the feature `std`
//! they are those that the compiler knows of the target.

use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::sync::LazyLock;

/// An instruction set that the kernels are compiled for.
///
/// A value beyond the portable one exists only where the CPU has the instructions: it comes from
/// [`Isa::detected`] or [`Isa::available`] alone. The kernels' unsafe blocks rely on this promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Isa(InstructionSet);

/// The instruction sets, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum InstructionSet {
    Portable,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// Whether this CPU has an instruction set of x86-64.
#[cfg(target_arch = "x86_64")]
macro_rules! has {
    ($feature:tt) => {{
        #[cfg(feature = "std")]
        let has = std::is_x86_feature_detected!($feature);
        #[cfg(not(feature = "std"))]
        let has = cfg!(target_feature = $feature);
        has
    }};
}

impl InstructionSet {
    /// All sets of this target, from the least to the greatest.
    const ALL: &[Self] = &[
        Self::Portable,
        #[cfg(target_arch = "aarch64")]
        Self::Neon,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
    ];

    /// Whether this CPU has the set.
    fn is_there(self) -> bool {
        match self {
            Self::Portable => true,
            // NEON is part of every aarch64.
            #[cfg(target_arch = "aarch64")]
            Self::Neon => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => has!("avx2") && has!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_there() && has!("avx512f") && has!("avx512dq") && has!("avx512vl")
            }
        }
    }
}

impl Isa {
    /// The set that every CPU has.
    pub const PORTABLE: Self = Self(InstructionSet::Portable);

    /// The greatest set of this CPU, or a lower one that the environment variable `RUNNER_ISA`
    /// names: `portable`, `avx2`, `avx512` or `neon`. The choice changes no result.
    #[cfg(feature = "std")]
    pub fn detected() -> Self {
        static DETECTED: LazyLock<Isa> = LazyLock::new(|| {
            let asked = std::env::var("RUNNER_ISA").ok();
            let named = Isa::all().find(|isa| Some(isa.name()) == asked.as_deref());
            named.unwrap_or_else(Isa::greatest)
        });
        *DETECTED
    }

    /// The greatest set that the compiler knows of the target.
    #[cfg(not(feature = "std"))]
    pub fn detected() -> Self {
        Self::greatest()
    }

    /// Every set of this CPU, from the least to the greatest.
    pub fn available() -> Vec<Self> {
        Self::all().collect()
    }

    fn all() -> impl Iterator<Item = Self> {
        let there = InstructionSet::ALL.iter().filter(|set| set.is_there());
        there.map(|&set| Self(set))
    }

    fn greatest() -> Self {
        Self::all().last().unwrap_or(Self::PORTABLE)
    }

    /// The name of the set, as `RUNNER_ISA` has it.
    pub fn name(self) -> &'static str {
        match self.0 {
            InstructionSet::Portable => "portable",
            #[cfg(target_arch = "aarch64")]
            InstructionSet::Neon => "neon",
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => "avx512",
        }
    }

    pub(crate) fn set(self) -> InstructionSet {
        self.0
    }
}
