//! What the configurations of results are judged on, and so which of them may be ranked.
//!
//! The manifest says it ([`Ground`]). Results without such a manifest are distinguished by what
//! `experiment.toml` says: equal words are taken for equal samples, and whatever else the manifest
//! would say is not known.

use crate::likeness::{Scale, Side};
use crate::record::grounds::{Baseline, Ground};

/// What one configuration is judged on.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What its loss depends on.
    pub scale: Scale,
    /// What the experiment says of its samples.
    pub(super) said: String,
    /// What the manifest says, if it does.
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
        // Where each replicate has its own, those that both have.
        (a.len() > 1) == (b.len() > 1) && a.iter().zip(b).all(|(a, b)| a == b)
    }

    /// Whether all its runs are judged on the same samples, as far as it is known.
    pub fn has_one_dataset(&self) -> bool {
        let ground = self.ground.as_ref();
        ground.is_some_and(|ground| ground.train.len() == 1)
    }

    /// What a constant answer comes to in a column; `None` where it is not known.
    pub fn baseline(&self, column: &str) -> Option<&Baseline> {
        let ground = self.ground.as_ref()?;
        ground
            .baselines
            .iter()
            .find(|baseline| baseline.column == column)
    }
}

/// On which terms the configurations of results are ranked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// For each configuration the samples that it is judged on, counted from 0: configurations of
    /// different ones are not ranked against each other.
    pub part: Vec<usize>,
    /// What a person calls each of them; one for most results.
    pub parts: Vec<String>,
    /// The column that was asked for, where a metric that all have is taken instead.
    pub instead_of: Option<String>,
    /// In what the scales of losses differ, in words.
    pub differences: Vec<String>,
    /// Whether there is a ranking: the compared column means the same for all that are judged on the
    /// same samples.
    pub ranked: bool,
}
