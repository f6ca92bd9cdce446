//! The rank test of two configurations where runs were lost.

use super::distribution::normal_cdf;
use super::pair::Outcome;

/// The largest number of replicates for which the worst-rank test counts every arrangement of the
/// ranks.
const EXACT: usize = 12;

/// U of A and the two-sided p-value of the Wilcoxon–Mann–Whitney test with midranks; the lost runs
/// are tied on the worst rank (Lachin 1999).
///
/// Up to 12 replicates the distribution is exact, over all arrangements of the ranks (twice the
/// smaller tail, at most 1). Above it is normal, with corrections for ties and continuity
/// (`scipy.stats.mannwhitneyu(method="asymptotic")`).
pub fn worst_rank(a: &[Outcome], b: &[Outcome], higher_is_better: bool) -> (f64, f64) {
    // All values are turned into losses, of which the greater is worse; a lost run is worse than
    // all.
    let loss = |outcome: &Outcome| match outcome {
        Some(value) if higher_is_better => -value,
        Some(value) => *value,
        None => f64::INFINITY,
    };
    let a: Vec<f64> = a.iter().map(loss).collect();
    let b: Vec<f64> = b.iter().map(loss).collect();
    let mut all: Vec<f64> = a.iter().chain(&b).copied().collect();
    all.sort_by(f64::total_cmp);
    // Twice the midrank of a value, which is the same for a group of tied values.
    let twice_rank = |value: f64| {
        let below = all.partition_point(|&x| x < value);
        let to = all.partition_point(|&x| x <= value);
        below + to + 1
    };
    let (n, m) = (a.len(), b.len());
    let twice_sum: usize = a.iter().map(|&value| twice_rank(value)).sum();
    // U counts the pairs in which A has the smaller loss: n·m + n(n + 1)/2 − the sum of A's ranks.
    let twice_u = (2 * n * m + n * (n + 1)) - twice_sum;
    let u = twice_u as f64 / 2.0;
    if n.max(m) <= EXACT {
        let ranks: Vec<usize> = all.iter().map(|&value| twice_rank(value)).collect();
        return (u, exact_tail(&ranks, n, twice_sum));
    }
    let total = (n + m) as f64;
    let mut ties = 0.0;
    let mut start = 0;
    while start < all.len() {
        let group = all[start..].partition_point(|&x| x <= all[start]);
        ties += (group as f64).powi(3) - group as f64;
        start += group;
    }
    let (n, m) = (n as f64, m as f64);
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return (u, 1.0);
    }
    let z = ((u - n * m / 2.0).abs() - 0.5) / variance.sqrt();
    (u, (2.0 * normal_cdf(-z)).min(1.0))
}

/// Twice the probability of the smaller tail at `sum`, for the sum of `n` ranks drawn without
/// replacement.
fn exact_tail(ranks: &[usize], n: usize, sum: usize) -> f64 {
    // ways[k][s] is the number of choices of k ranks whose sum is s. It is at most
    // C(24, 12) ≈ 2.7e6, so it is exact.
    let greatest: usize = ranks.iter().rev().take(n).sum();
    let mut ways = vec![vec![0.0f64; greatest + 1]; n + 1];
    ways[0][0] = 1.0;
    for &rank in ranks {
        for k in (1..=n).rev() {
            let (fewer, more) = ways.split_at_mut(k);
            for s in rank..=greatest {
                more[0][s] += fewer[k - 1][s - rank];
            }
        }
    }
    let all: f64 = ways[n].iter().sum();
    let low: f64 = ways[n][..=sum].iter().sum();
    let high: f64 = ways[n][sum..].iter().sum();
    (2.0 * low.min(high) / all).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scipy::{near, outcomes};

    #[test]
    fn lost_runs_share_the_worst_rank() {
        let diverged = f64::INFINITY;
        // python, with 9.0 for a diverged run: all C(10, 5) choices of the midranks
        // (scipy.stats.rankdata), twice the smaller tail of the rank sum; U is
        // scipy.stats.mannwhitneyu(b, a).statistic.
        let a = outcomes(&[0.1, 0.2, 0.15, 0.3, 0.12]);
        let b = outcomes(&[0.4, diverged, 0.25, diverged, 0.11]);
        let (u, p) = worst_rank(&a, &b, false);
        near(u, 20.0);
        near(p, 0.14285714285714285);
        let (_, mirrored) = worst_rank(&b, &a, false);
        near(mirrored, p);
        // A finished in every replicate and B in none: p is 2 / C(10, 5).
        let (u, p) = worst_rank(&outcomes(&[0.1, 0.2, 0.3, 0.4, 0.5]), &[None; 5], false);
        near(u, 25.0);
        near(p, 0.007936507936507936);
        // All runs were lost on both sides, so there is no difference.
        near(worst_rank(&[None; 5], &[None; 5], false).1, 1.0);
        // More than 12 replicates: scipy.stats.mannwhitneyu(a, b, method="asymptotic").pvalue
        let a = outcomes(&[0.1, 0.2, 0.3].repeat(8));
        let b = outcomes(&[0.15, 0.25, diverged].repeat(8));
        let (u, p) = worst_rank(&a, &b, false);
        near(u, 384.0);
        near(p, 0.0458603534633525);
        // Where higher is better, the same values give the opposite result.
        let (u, _) = worst_rank(&outcomes(&[0.9, 0.8]), &outcomes(&[0.7, diverged]), true);
        near(u, 4.0);
    }
}
