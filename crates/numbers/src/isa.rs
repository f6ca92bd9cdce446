//! Which instructions this CPU has: found out once, at the first use. Without the feature `std`: what
//! the compiler is told that the target has.

use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::sync::LazyLock;

/// An instruction set that the kernels are compiled for.
///
/// A value beyond the portable one exists only where the CPU has the instructions:
/// [`Isa::detected`] and [`Isa::available`] are the only makers, and that is the promise that the
/// kernels' unsafe blocks rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Isa(InstructionSet);

/// The sets, from the least to the greatest.
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
    /// From the least to the greatest.
    const ALL: &[Self] = &[
        Self::Portable,
        #[cfg(target_arch = "aarch64")]
        Self::Neon,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
    ];

    /// Whether this CPU has it.
    fn is_there(self) -> bool {
        match self {
            Self::Portable => true,
            // Part of every aarch64.
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
    /// What every CPU has.
    pub const PORTABLE: Self = Self(InstructionSet::Portable);

    /// The greatest set of this CPU, or a lower one that `RUNNER_ISA` in the environment names:
    /// `portable`, `avx2` or `avx512`, `neon`. The choice never shows in a result.
    #[cfg(feature = "std")]
    pub fn detected() -> Self {
        static DETECTED: LazyLock<Isa> = LazyLock::new(|| {
            let asked = std::env::var("RUNNER_ISA").ok();
            let named = Isa::all().find(|isa| Some(isa.name()) == asked.as_deref());
            named.unwrap_or_else(Isa::greatest)
        });
        *DETECTED
    }

    /// The greatest set that the compiler is told of.
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

    /// As `RUNNER_ISA` names it.
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
