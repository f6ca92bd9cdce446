//! A pair of configurations, and what is said of it.

use serde::Serialize;

use super::design::Design;

/// What one replicate came to: the value of the metric, or `None` where it diverged or failed.
pub type Outcome = Option<f64>;

/// How a p-value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Student's t of the differences; where every replicate of both has a value.
    PairedT,
    /// Student's paired t test of the differences of logarithms; where besides all values are losses
    /// above 0. Losses spread over powers of ten, and in proportion to their size: their ratios are close
    /// to normal, their differences are not.
    PairedTLog,
    /// The corrected resampled t-test of the differences (Nadeau and Bengio 2003): as [`Test::PairedT`],
    /// with the variance of [`Design::Resampled`]; where folds or splits of one table are judged.
    CorrectedT,
    /// The corrected t test of the differences of logarithms; where besides all values are losses
    /// above 0.
    CorrectedTLog,
    /// The Wilcoxon–Mann–Whitney test with every diverged replicate on the worst, shared rank
    /// (Lachin 1999); where at least one diverged. It needs no value of a diverged run, does not
    /// let it drop out, and is not bound to the p ≥ 2 · 2⁻ⁿ of a sign test of n pairs. It ignores
    /// the pairing, which makes it cautious where pairs go together.
    WorstRank,
    /// No test: one was lost in every replicate and the other in none, which is a fact.
    AlwaysLost,
}

impl Test {
    /// As in `comparison.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Test::PairedT => "paired_t",
            Test::PairedTLog => "paired_t_log",
            Test::CorrectedT => "corrected_t",
            Test::CorrectedTLog => "corrected_t_log",
            Test::WorstRank => "worst_rank",
            Test::AlwaysLost => "always_lost",
        }
    }
}

/// What is said of two configurations A and B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A is better than B.
    Better,
    /// A is worse than B.
    Worse,
    /// The replicates do not tell.
    NoClearDifference,
    /// Both have the same value in every replicate.
    Tie,
    /// Fewer than two replicates, replicates that do not differ in anything, or a lost run among
    /// folds or splits.
    None,
}

impl Verdict {
    /// As a person reads it; nothing where there is no verdict.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::NoClearDifference => "no clear difference",
            Verdict::Tie => "tie",
            Verdict::None => "",
        }
    }
}

/// A against B, paired by replicate (and fold, where there are folds).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Paired {
    /// How the runs of each side hang together.
    #[serde(skip)]
    pub design: Design,
    /// Replicates in which both have their outcome.
    pub pairs: usize,
    /// How many of A's diverged or failed.
    pub lost_a: usize,
    /// How many of B's diverged or failed.
    pub lost_b: usize,
    /// The mean of A − B over the pairs in which both have a value.
    pub difference: Option<f64>,
    /// Its 95 % interval by Student's t, with the variance of the design; from three pairs on, since
    /// that of two says nothing.
    pub interval: Option<(f64, f64)>,
    /// A / B, the geometric mean over the pairs; where all values are losses above 0.
    pub ratio: Option<f64>,
    /// Its 95 % interval: that of the mean difference of logarithms, by Student's t; from three
    /// pairs on.
    pub ratio_interval: Option<(f64, f64)>,
    /// In how many pairs A is better; a diverged run is worse than any that did not.
    pub wins_a: usize,
    /// In how many pairs B is better.
    pub wins_b: usize,
    /// Which test; none for fewer than two pairs, and where both were always lost.
    pub test: Option<Test>,
    /// The mean of what the t-test takes (differences or logarithms of ratios) over its standard
    /// deviation.
    pub effect: Option<f64>,
    /// t, or U of A (in how many of all A × B A is the better, ties as half).
    pub statistic: Option<f64>,
    /// The two-sided p-value of this pair alone.
    pub p_value: Option<f64>,
    /// By Holm over all pairs of the family; see [`judge`](super::paired::judge).
    pub p_holm: Option<f64>,
    /// How many replicates would show a difference as large as the one seen with probability 0.8;
    /// given where there is no clear difference. `MOST_REPLICATES` + 1: more than that.
    pub replicates_needed: Option<u64>,
    /// Whether no number of replicates would show it: folds and splits of one table never say more
    /// than the table does.
    pub never_tells: bool,
    /// In words; see [`judge`](super::paired::judge).
    pub verdict: Verdict,
}

impl Paired {
    /// In how many pairs neither is better.
    pub fn ties(&self) -> usize {
        self.pairs - self.wins_a - self.wins_b
    }

    /// Whether both have the same value in every pair.
    pub(super) fn tied(&self) -> bool {
        self.pairs > 0 && self.ties() == self.pairs && self.lost_a + self.lost_b == 0
    }
}
