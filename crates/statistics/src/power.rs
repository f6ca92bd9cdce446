//! How many replicates would show a difference.

use super::design::Design;
use super::distribution::{normal_quantile, paired_power, power_of_t};
use super::pair::{Paired, Test};

/// The power at which the number of replicates needed is computed: the probability to see a real
/// difference.
pub const POWER: f64 = 0.8;

/// The most replicates that are recommended; a greater number is reported as "more than".
pub const MOST_REPLICATES: u64 = 1_000;

/// The number of replicates that would show a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// How many replicates; [`MOST_REPLICATES`] + 1 stands for more than [`MOST_REPLICATES`].
    Replicates(u64),
    /// No number of replicates is enough: the table is too small.
    Never,
}

/// The number of replicates that would show, with probability 0.8 at `level`, a difference as large
/// as the observed one; at least one more than there are. `None` where no difference was observed.
///
/// For the t-test it is the least n whose power by the noncentral t distribution reaches 0.8 (Cohen
/// 1988, §2). For the worst-rank test it is Noether's (1987) n = (z(1 − level/2) + z(0.8))² / (6
/// (p − 1/2)²) with p = U / n². For the corrected t-test it is that of the t-test with
/// noncentrality effect / √(1/J + n_valid/n_train), J = folds × replicates. This stays below
/// effect / √(n_valid/n_train) for any number of replicates, so that no number may be enough.
pub fn replicates_needed(pair: &Paired, level: f64) -> Option<Needed> {
    let n = pair.pairs as u64;
    let needed = match pair.test? {
        Test::PairedT | Test::PairedTLog => least_replicates(pair.effect?.abs(), level),
        Test::WorstRank => {
            let share = pair.statistic? / (n * n) as f64 - 0.5;
            if share == 0.0 {
                return None;
            }
            let z = normal_quantile(1.0 - level / 2.0) + normal_quantile(POWER);
            let needed = (z * z / (6.0 * share * share)).ceil();
            if needed > MOST_REPLICATES as f64 {
                MOST_REPLICATES + 1
            } else {
                needed as u64
            }
        }
        Test::CorrectedT | Test::CorrectedTLog => {
            let Design::Resampled {
                valid_per_train,
                folds,
            } = pair.design
            else {
                return None;
            };
            return Some(
                match resamplings_needed(pair.effect?.abs(), level, valid_per_train, folds) {
                    Needed::Replicates(needed) => Needed::Replicates(needed.max(n / folds + 1)),
                    Needed::Never => Needed::Never,
                },
            );
        }
        Test::AlwaysLost => return None,
    };
    Some(Needed::Replicates(needed.max(n + 1)))
}

/// The least number of replicates, of `folds` runs each, at which the power of the corrected t-test
/// at `level` reaches 0.8, for a mean difference of `effect` ≥ 0 standard deviations.
pub fn resamplings_needed(effect: f64, level: f64, valid_per_train: f64, folds: u64) -> Needed {
    let z = normal_quantile(1.0 - level / 2.0) + normal_quantile(POWER);
    // For infinitely many replicates t is normal, and the variance is n_valid / n_train alone.
    let spare = (effect / z) * (effect / z) - valid_per_train;
    if spare <= 0.0 {
        return Needed::Never;
    }
    let enough = |replicates: u64| {
        let runs = (replicates * folds) as f64;
        let delta = effect / (1.0 / runs + valid_per_train).sqrt();
        power_of_t(delta, replicates * folds - 1, level) >= POWER
    };
    // The normal approximation asks for at most as many replicates as the t-test.
    let guess = 1.0 / spare / folds as f64;
    if guess > MOST_REPLICATES as f64 {
        return Needed::Replicates(MOST_REPLICATES + 1);
    }
    let mut replicates = (guess as u64).max(2_u64.div_ceil(folds));
    while replicates <= MOST_REPLICATES && !enough(replicates) {
        replicates += 1;
    }
    Needed::Replicates(replicates)
}

/// The least n ≥ 2 whose power reaches 0.8; `MOST_REPLICATES` + 1 if that is more than
/// `MOST_REPLICATES`.
fn least_replicates(effect: f64, level: f64) -> u64 {
    let enough = |n: u64| paired_power(effect, n, level) >= POWER;
    // The normal approximation, with the surplus of the t-test, is off by one or two at most.
    let z_level = normal_quantile(1.0 - level / 2.0);
    let z = (z_level + normal_quantile(POWER)) / effect;
    let guess = z * z + z_level * z_level / 2.0;
    if guess > MOST_REPLICATES as f64 {
        return MOST_REPLICATES + 1;
    }
    let mut n = (guess as u64).max(2);
    while n > 2 && enough(n - 1) {
        n -= 1;
    }
    while !enough(n) && n <= MOST_REPLICATES {
        n += 1;
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_replicates_is_that_of_the_noncentral_t() {
        // python: the least n with nct.sf(c, n-1, d*sqrt(n)) + nct.cdf(-c, n-1, d*sqrt(n)) >= 0.8,
        // c = t.ppf(1 - level/2, n-1) (the second term is nan, as good as 0, for 5.0)
        for (effect, level, n) in [
            (0.5, 0.05, 34),
            (1.0, 0.05, 10),
            (2.0, 0.05, 5),
            (0.3, 0.01, 134),
            (5.0, 0.001, 5),
            (0.1, 0.05, 787),
        ] {
            assert_eq!(least_replicates(effect, level), n, "effect {effect}");
        }
        assert_eq!(least_replicates(0.01, 0.05), MOST_REPLICATES + 1);
    }
}
