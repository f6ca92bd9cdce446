//! The comparison of two configurations, paired by replicate: the test, and the verdicts of a
//! family of pairs.
//!
//! The module computes numbers from numbers, and knows no file and no configuration. Every sum runs
//! in the order given.

use super::description::{describe_as, mean};
use super::design::Design;
use super::distribution::student_two_sided;
pub use super::pair::{Outcome, Paired, Test, Verdict};
use super::power::{Needed, replicates_needed};
use super::rank_test::worst_rank;

/// The accepted probability of a false verdict among all pairs shown.
pub const LEVEL: f64 = 0.05;

/// Compares the outcomes of two configurations, one per shared replicate (and fold), in the same
/// order.
///
/// `higher_is_better` is the direction of the metric, `design` says how the outcomes depend on each
/// other. If a run among folds or splits was lost, the result has counts alone, since no test knows
/// what the run would have given on its part. The verdict is set by [`judge`].
pub fn paired(a: &[Outcome], b: &[Outcome], higher_is_better: bool, design: Design) -> Paired {
    assert_eq!(a.len(), b.len(), "outcomes are paired by replicate");
    let pairs = a.len();
    let better = |x: f64, y: f64| if higher_is_better { x > y } else { x < y };
    let beats = |x: Outcome, y: Outcome| match (x, y) {
        (Some(x), Some(y)) => better(x, y),
        (Some(_), None) => true,
        (None, _) => false,
    };
    let both: Vec<(f64, f64)> = a
        .iter()
        .zip(b)
        .filter_map(|(a, b)| Some(((*a)?, (*b)?)))
        .collect();
    let describe = |values: Vec<f64>| describe_as(&values, design);
    let differences = describe(both.iter().map(|(a, b)| a - b).collect());
    let positive = !higher_is_better && both.iter().all(|&(a, b)| a > 0.0 && b > 0.0);
    let logs: Vec<(f64, f64)> = both
        .iter()
        .filter(|_| positive)
        .map(|&(a, b)| (libm::log(a), libm::log(b)))
        .collect();
    let logarithms = describe(logs.iter().map(|(a, b)| a - b).collect());
    let lost = |outcomes: &[Outcome]| outcomes.iter().filter(|outcome| outcome.is_none()).count();
    let (lost_a, lost_b) = (lost(a), lost(b));
    let mut paired = Paired {
        design,
        pairs,
        lost_a,
        lost_b,
        difference: differences.mean,
        interval: differences.interval.filter(|_| both.len() > 2),
        ratio: logarithms
            .mean
            .map(libm::exp)
            .filter(|ratio| ratio.is_finite()),
        ratio_interval: logarithms
            .interval
            .filter(|_| both.len() > 2)
            .map(|(low, high)| (libm::exp(low), libm::exp(high)))
            .filter(|(_, high)| high.is_finite()),
        wins_a: a.iter().zip(b).filter(|(a, b)| beats(**a, **b)).count(),
        wins_b: a.iter().zip(b).filter(|(a, b)| beats(**b, **a)).count(),
        test: None,
        effect: None,
        statistic: None,
        p_value: None,
        p_holm: None,
        replicates_needed: None,
        never_tells: false,
        verdict: Verdict::None,
    };
    if paired.tied() {
        paired.verdict = Verdict::Tie;
    }
    if design != Design::Independent && lost_a + lost_b > 0 {
        paired.interval = None;
        paired.ratio_interval = None;
        return paired;
    }
    if pairs < 2 || (lost_a == pairs && lost_b == pairs) {
        return paired;
    }
    if lost_a + lost_b == 0 {
        // The rounding error of a value is relative to its size; that of a logarithm is relative to
        // a number near 1.
        let (tested, size) = if positive {
            (logarithms, size(&logs).max(1.0))
        } else {
            (differences, size(&both))
        };
        let test = match (design, positive) {
            (Design::Independent, false) => Test::PairedT,
            (Design::Independent, true) => Test::PairedTLog,
            (Design::Resampled { .. }, false) => Test::CorrectedT,
            (Design::Resampled { .. }, true) => Test::CorrectedTLog,
        };
        if let (Some(mean), Some(sd)) = (tested.mean, tested.sd)
            && let (mean, sd) = without_rounding(mean, sd, pairs, size)
            && let Some((t, p)) = paired_t(mean, sd, pairs, design)
        {
            paired.test = Some(test);
            paired.effect = (sd > 0.0).then_some(mean / sd);
            paired.statistic = Some(t);
            paired.p_value = Some(p);
        }
    } else if (lost_a == 0 && lost_b == pairs) || (lost_b == 0 && lost_a == pairs) {
        paired.test = Some(Test::AlwaysLost);
        paired.verdict = if lost_a == 0 {
            Verdict::Better
        } else {
            Verdict::Worse
        };
    } else {
        let (u, p) = worst_rank(a, b, higher_is_better);
        paired.test = Some(Test::WorstRank);
        paired.statistic = Some(u);
        paired.p_value = Some(p);
    }
    paired
}

/// The greater of the two sides' mean absolute values.
fn size(pairs: &[(f64, f64)]) -> f64 {
    let of_a: Vec<f64> = pairs.iter().map(|pair| pair.0.abs()).collect();
    let of_b: Vec<f64> = pairs.iter().map(|pair| pair.1.abs()).collect();
    mean(&of_a).max(mean(&of_b))
}

/// The mean and the standard deviation of differences, with 0 for those that are within the
/// rounding error of values of this size. Such differences are in truth all the same (R's `t.test`:
/// "data are essentially constant").
fn without_rounding(mean: f64, sd: f64, n: usize, size: f64) -> (f64, f64) {
    let noise = 10.0 * f64::EPSILON * size;
    if sd / (n as f64).sqrt() > noise {
        return (mean, sd);
    }
    (if mean.abs() > noise { mean } else { 0.0 }, 0.0)
}

/// t = mean / (sd · √(the design's variance)) and its two-sided p-value with n − 1 degrees of
/// freedom. For independent replicates t is mean / (sd / √n) (Student 1908;
/// `scipy.stats.ttest_rel`). If all differences are 0, p is 1. If all differences are the same
/// other number, no chance explains them, and there is no test.
fn paired_t(mean: f64, sd: f64, n: usize, design: Design) -> Option<(f64, f64)> {
    if sd > 0.0 {
        let t = mean / design.standard_error(sd, n);
        Some((t, student_two_sided(t, n as u64 - 1)))
    } else if mean == 0.0 {
        Some((0.0, 1.0))
    } else {
        None
    }
}

/// Holm's step-down correction (Holm 1979): of p-values in ascending order, p(i) becomes the
/// greatest of (m − j) · p(j) over j ≤ i (from 0), at most 1.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len();
    let mut order: Vec<usize> = (0..m).collect();
    order.sort_by(|&i, &j| p_values[i].total_cmp(&p_values[j]));
    let mut corrected = vec![0.0; m];
    let mut greatest: f64 = 0.0;
    for (step, &i) in order.iter().enumerate() {
        greatest = greatest.max(((m - step) as f64 * p_values[i]).min(1.0));
        corrected[i] = greatest;
    }
    corrected
}

/// Corrects the p-values of one family of pairs by Holm's method and gives each pair its verdict.
///
/// A difference is clear if its corrected p-value is below 0.05. Otherwise `replicates_needed` says
/// how many replicates would show it.
pub fn judge(family: &mut [Paired], higher_is_better: bool) {
    let tested: Vec<usize> = (0..family.len())
        .filter(|&i| family[i].p_value.is_some())
        .collect();
    let p_values: Vec<f64> = tested.iter().filter_map(|&i| family[i].p_value).collect();
    let corrected = holm(&p_values);
    for (&i, &p) in tested.iter().zip(&corrected) {
        let pair = &mut family[i];
        pair.p_holm = Some(p);
        let statistic = pair.statistic.unwrap_or(0.0);
        let a_is_better = match pair.test {
            Some(Test::WorstRank) => statistic > (pair.pairs * pair.pairs) as f64 / 2.0,
            _ => (statistic > 0.0) == higher_is_better,
        };
        pair.verdict = if pair.tied() {
            Verdict::Tie
        } else if p >= LEVEL {
            Verdict::NoClearDifference
        } else if a_is_better {
            Verdict::Better
        } else {
            Verdict::Worse
        };
        if pair.verdict == Verdict::NoClearDifference && pair.effect != Some(0.0) {
            match replicates_needed(pair, LEVEL / tested.len() as f64) {
                Some(Needed::Replicates(needed)) => pair.replicates_needed = Some(needed),
                Some(Needed::Never) => pair.never_tells = true,
                None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scipy::{near, outcomes};

    const A: [f64; 7] = [0.0213, 0.0187, 0.0305, 0.0199, 0.0244, 0.0171, 0.0268];
    const B: [f64; 7] = [0.0250, 0.0201, 0.0299, 0.0241, 0.0301, 0.0180, 0.0330];

    #[test]
    fn paired_differences_are_scipys() {
        // python: r = scipy.stats.ttest_rel(a, b); r.statistic, r.pvalue, r.confidence_interval(0.95)
        // The values are compared as accuracies, and so by differences: losses are compared by
        // ratios.
        let pair = paired(&outcomes(&A), &outcomes(&B), true, Design::Independent);
        assert_eq!(pair.test, Some(Test::PairedT));
        near(pair.difference.unwrap(), -0.003071428571428571);
        near(pair.statistic.unwrap(), -3.1729925174666764);
        near(pair.p_value.unwrap(), 0.019245725477375165);
        let (low, high) = pair.interval.unwrap();
        near(low, -0.005440017507583474);
        near(high, -0.0007028396352736681);
        assert_eq!((pair.wins_a, pair.wins_b), (1, 6));
    }

    #[test]
    fn losses_are_compared_by_their_ratio() {
        // python: r = scipy.stats.ttest_rel(np.log(a), np.log(b)); r.statistic, r.pvalue,
        //         np.exp(r.confidence_interval(0.95)), scipy.stats.gmean(a / b),
        //         d = np.log(a) - np.log(b); d.mean() / d.std(ddof=1)
        let pair = paired(&outcomes(&A), &outcomes(&B), false, Design::Independent);
        assert_eq!(pair.test, Some(Test::PairedTLog));
        near(pair.statistic.unwrap(), -3.653123099764068);
        near(pair.p_value.unwrap(), 0.010666521118568693);
        near(pair.ratio.unwrap(), 0.8827074717078146);
        near(pair.effect.unwrap(), -1.3807507472401608);
        let (low, high) = pair.ratio_interval.unwrap();
        near(low, 0.811940408011249);
        near(high, 0.9596424477964977);
        // A loss of exactly 0 has no ratio.
        let pair = paired(
            &outcomes(&[0.0, 0.1]),
            &outcomes(&[0.2, 0.4]),
            false,
            Design::Independent,
        );
        assert_eq!((pair.test, pair.ratio), (Some(Test::PairedT), None));
    }

    #[test]
    fn holms_correction_is_statsmodels() {
        // python: statsmodels.stats.multitest.multipletests(p, method="holm")[1]
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005, 0.2, 0.04]);
        for (found, expected) in corrected.iter().zip([0.05, 0.12, 0.12, 0.03, 0.2, 0.12]) {
            near(*found, expected);
        }
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn the_corrected_p_value_gives_the_verdict() {
        let clear = paired(&outcomes(&A), &outcomes(&B), false, Design::Independent);
        let mut family = [clear, clear];
        judge(&mut family, false);
        assert_eq!(family[0].verdict, Verdict::Better);
        near(family[0].p_holm.unwrap(), 2.0 * clear.p_value.unwrap());
        let mut mirrored = [paired(
            &outcomes(&B),
            &outcomes(&A),
            false,
            Design::Independent,
        )];
        judge(&mut mirrored, false);
        assert_eq!(mirrored[0].verdict, Verdict::Worse);
        let mut accuracy = [paired(
            &outcomes(&B),
            &outcomes(&A),
            true,
            Design::Independent,
        )];
        judge(&mut accuracy, true);
        assert_eq!(accuracy[0].verdict, Verdict::Better);
        // Among a hundred pairs, the same p-value is no clear difference.
        let mut many = [clear; 100];
        judge(&mut many, false);
        assert_eq!(many[0].verdict, Verdict::NoClearDifference);
        assert!(many[0].replicates_needed.unwrap() > 7);
    }

    #[test]
    fn one_replicate_gets_no_verdict() {
        let mut family = [
            paired(&[Some(0.1)], &[Some(0.9)], false, Design::Independent),
            paired(&[Some(0.1)], &[None], false, Design::Independent),
        ];
        judge(&mut family, false);
        for pair in family {
            assert_eq!(pair.verdict, Verdict::None);
            assert_eq!((pair.p_value, pair.interval), (None, None));
            assert_eq!((pair.wins_a, pair.wins_b), (1, 0));
        }
        assert_eq!((family[0].lost_b, family[1].lost_b), (0, 1));
    }

    #[test]
    fn replicates_that_do_not_differ_get_no_verdict() {
        let mut same = [paired(
            &[Some(0.1); 3],
            &[Some(0.2); 3],
            false,
            Design::Independent,
        )];
        judge(&mut same, false);
        assert_eq!((same[0].verdict, same[0].p_value), (Verdict::None, None));
        // Differences within rounding are no differences: 0.3 − 0.2 is not 0.2 − 0.1 in floats.
        let (a, b) = ([0.2, 0.3, 0.9], [0.1, 0.2, 0.8]);
        for higher_is_better in [true, false] {
            let b = if higher_is_better {
                b
            } else {
                a.map(|x| x / 3.0)
            };
            let mut constant = [paired(
                &outcomes(&a),
                &outcomes(&b),
                higher_is_better,
                Design::Independent,
            )];
            judge(&mut constant, higher_is_better);
            assert_eq!(
                (constant[0].verdict, constant[0].p_value),
                (Verdict::None, None)
            );
        }
        let mut equal = [paired(
            &[Some(0.1); 3],
            &[Some(0.1); 3],
            false,
            Design::Independent,
        )];
        judge(&mut equal, false);
        assert_eq!(equal[0].verdict, Verdict::Tie);
        assert_eq!(
            (equal[0].p_value, equal[0].replicates_needed),
            (Some(1.0), None)
        );
    }

    #[test]
    fn a_configuration_that_always_diverges_is_worse() {
        let mut family = [paired(
            &outcomes(&A),
            &[None; 7],
            false,
            Design::Independent,
        )];
        judge(&mut family, false);
        assert_eq!(family[0].verdict, Verdict::Better);
        assert_eq!((family[0].wins_a, family[0].lost_b), (7, 7));
        assert_eq!((family[0].difference, family[0].p_value), (None, None));
        let mut neither = [paired(&[None; 3], &[None; 3], false, Design::Independent)];
        judge(&mut neither, false);
        assert_eq!(neither[0].verdict, Verdict::None);
        let mut some = [paired(
            &outcomes(&A[..3]),
            &[None, Some(0.3), None],
            false,
            Design::Independent,
        )];
        judge(&mut some, false);
        assert_eq!(some[0].test, Some(Test::WorstRank));
        assert_eq!(some[0].verdict, Verdict::NoClearDifference);
    }
}
