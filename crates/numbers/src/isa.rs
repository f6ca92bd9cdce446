//! Which instructions this CPU has: found out once, at the first use.

use std::sync::LazyLock;

/// An instruction set that the kernels are compiled for.
///
/// A value beyond the portable one exists only where the CPU has the instructions:
/// [`Isa::detected`] and [`Isa::available`] are the only makers, and that is the promise that the
/// kernels' unsafe blocks rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Isa(Kind);

/// The sets, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Portable,
    #[cfg(target_arch = "aarch64")]
    Neon,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Isa {
    /// What every CPU has.
    pub const PORTABLE: Self = Self(Kind::Portable);

    /// The greatest set of this CPU, or a lower one that `RUNNER_ISA` in the environment names:
    /// `portable`, `avx2` or `avx512`, `neon`. The choice never shows in a result.
    pub fn detected() -> Self {
        static DETECTED: LazyLock<Isa> = LazyLock::new(|| {
            let asked = std::env::var("RUNNER_ISA").ok();
            let all = Isa::available();
            let named = all.iter().find(|isa| Some(isa.name()) == asked.as_deref());
            *named.unwrap_or(all.last().expect("the portable one is always there"))
        });
        *DETECTED
    }

    /// Every set of this CPU, from the least to the greatest.
    pub fn available() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut all = vec![Self::PORTABLE];
        // Part of every aarch64.
        #[cfg(target_arch = "aarch64")]
        all.push(Self(Kind::Neon));
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                all.push(Self(Kind::Avx2));
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                {
                    all.push(Self(Kind::Avx512));
                }
            }
        }
        all
    }

    /// As `RUNNER_ISA` names it.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Portable => "portable",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon => "neon",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
        }
    }

    pub(crate) fn kind(self) -> Kind {
        self.0
    }
}
