//! A pair of configurations, and the result of its comparison.

use serde::Serialize;

use super::design::Design;

/// The outcome of one replicate: the value of the metric, or `None` where it diverged or failed.
pub type Outcome = Option<f64>;

/// How a p-value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Student's paired t-test of the differences, where every replicate of both has a value.
    PairedT,
    /// Student's paired t-test of the differences of logarithms, where besides all values are
    /// losses above 0. Losses spread over powers of ten, in proportion to their size, so that their
    /// ratios are closer to normal than their differences.
    PairedTLog,
    /// The corrected resampled t-test of the differences (Nadeau and Bengio 2003), for folds or
    /// splits of one table: [`Test::PairedT`] with the variance of [`Design::Resampled`].
    CorrectedT,
    /// The corrected resampled t-test of the differences of logarithms, where besides all values
    /// are losses above 0.
    CorrectedTLog,
    /// The Wilcoxon–Mann–Whitney test with every diverged replicate on the worst, shared rank
    /// (Lachin 1999), where at least one diverged. It keeps diverged runs in the test without a
    /// value for them, and can reach smaller p-values than the 2 · 2⁻ⁿ of a sign test of n pairs.
    /// It ignores the pairing, which makes it cautious where the values of a pair are correlated.
    WorstRank,
    /// No test: one side was lost in every replicate and the other in none, which is a fact.
    AlwaysLost,
}

impl Test {
    /// The name of the test in `comparison.csv`.
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

/// The verdict on two configurations A and B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A is better than B.
    Better,
    /// A is worse than B.
    Worse,
    /// The replicates show no clear difference.
    NoClearDifference,
    /// Both have the same value in every replicate.
    Tie,
    /// There is no verdict: there are fewer than two replicates, the replicates are all the same,
    /// or a run among folds or splits was lost.
    None,
}

impl Verdict {
    /// The verdict as a person reads it; empty where there is none.
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

/// The comparison of A with B, paired by replicate (and by fold, where there are folds).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Paired {
    /// How the runs of each side depend on each other.
    #[serde(skip)]
    pub design: Design,
    /// The number of replicates in which both have their outcome.
    pub pairs: usize,
    /// How many runs of A diverged or failed.
    pub lost_a: usize,
    /// How many runs of B diverged or failed.
    pub lost_b: usize,
    /// The mean of A − B over the pairs in which both have a value.
    pub difference: Option<f64>,
    /// The 95 % interval of the difference by Student's t, with the variance of the design; from
    /// three pairs on, since the interval of two says nothing.
    pub interval: Option<(f64, f64)>,
    /// The geometric mean of A / B over the pairs, where all values are losses above 0.
    pub ratio: Option<f64>,
    /// The 95 % interval of the ratio, from three pairs on: that of the mean difference of
    /// logarithms, by Student's t.
    pub ratio_interval: Option<(f64, f64)>,
    /// The number of pairs in which A is better. A diverged run is worse than any run that
    /// finished.
    pub wins_a: usize,
    /// The number of pairs in which B is better.
    pub wins_b: usize,
    /// The test; `None` for fewer than two pairs, and where both sides were lost in every
    /// replicate.
    pub test: Option<Test>,
    /// The effect size: the mean of what the t-test compares (differences, or logarithms of ratios)
    /// divided by its standard deviation.
    pub effect: Option<f64>,
    /// t, or U of A (the number of all A × B combinations in which A is better, ties as half).
    pub statistic: Option<f64>,
    /// The two-sided p-value of this pair alone.
    pub p_value: Option<f64>,
    /// The p-value with Holm's correction over all pairs of the family; see
    /// [`judge`](super::paired::judge).
    pub p_holm: Option<f64>,
    /// How many replicates would show a difference as large as the observed one with probability
    /// 0.8, where there is no clear difference. `MOST_REPLICATES` + 1 stands for more than
    /// `MOST_REPLICATES`.
    pub replicates_needed: Option<u64>,
    /// Whether no number of replicates can show the difference: folds and splits of one table
    /// cannot show more than the table does.
    pub never_tells: bool,
    /// The verdict; see [`judge`](super::paired::judge).
    pub verdict: Verdict,
}

impl Paired {
    /// The number of pairs in which neither is better.
    pub fn ties(&self) -> usize {
        self.pairs - self.wins_a - self.wins_b
    }

    /// Whether both have the same value in every pair, and no run was lost.
    pub(super) fn tied(&self) -> bool {
        self.pairs > 0 && self.ties() == self.pairs && self.lost_a + self.lost_b == 0
    }
}
