//! The grounds on which the configurations of results are judged, and so which of them can be
//! ranked.
//!
//! The manifest has the grounds ([`Ground`]). For results whose manifest lacks them,
//! `experiment.toml` decides: equal settings count as equal samples, and the rest is unknown.

use crate::likeness::{Scale, Side};
use crate::record::grounds::{Baseline, Ground};

/// The grounds on which one configuration is judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The quantities that its loss depends on.
    pub scale: Scale,
    /// The settings of its samples in the experiment.
    pub(super) said: String,
    /// The grounds in the manifest, if it has them.
    pub(super) ground: Option<Ground>,
}

impl Judged {
    /// Whether two configurations are judged on the same samples.
    pub(super) fn same_samples(&self, other: &Self, side: Side) -> bool {
        let (Some(a), Some(b)) = (&self.ground, &other.ground) else {
            return self.said == other.said;
        };
        let [a, b] = [a, b].map(|ground| match side {
            Side::Train => &ground.train,
            Side::Valid => &ground.valid,
        });
        // If each replicate has samples of its own, the replicates that both have are compared.
        (a.len() > 1) == (b.len() > 1) && a.iter().zip(b).all(|(a, b)| a == b)
    }

    /// Whether all its runs are judged on the same samples, as far as is known.
    pub fn has_one_dataset(&self) -> bool {
        let ground = self.ground.as_ref();
        ground.is_some_and(|ground| ground.train.len() == 1)
    }

    /// The result of a constant answer in a column; `None` if it is unknown.
    pub fn baseline(&self, column: &str) -> Option<&Baseline> {
        let ground = self.ground.as_ref()?;
        ground
            .baselines
            .iter()
            .find(|baseline| baseline.column == column)
    }
}

/// The terms on which the configurations of results are ranked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// The index of each configuration's samples, counted from 0. Configurations with different
    /// samples are not ranked against each other.
    pub part: Vec<usize>,
    /// The names of the samples; most results have one.
    pub parts: Vec<String>,
    /// The column that was asked for, if a metric that all configurations have replaces it.
    pub instead_of: Option<String>,
    /// The differences between the scales of the losses, in words.
    pub differences: Vec<String>,
    /// Whether there is a ranking: the compared column has the same meaning for all configurations
    /// with the same samples.
    pub ranked: bool,
}
