//! The statistics of one configuration's replicates.
//!
//! The module computes numbers from numbers, and knows no file and no configuration. Every sum runs
//! in the order given.

use std::sync::OnceLock;

use serde::Serialize;

use super::design::Design;
use super::distribution::student_quantile_two_sided;

/// The confidence level of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// The summary of the replicates of one configuration.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Description {
    /// How many values there are.
    pub count: usize,
    /// Σ x / n.
    pub mean: Option<f64>,
    /// √(Σ (x − mean)² / (n − 1)), if there are at least two values.
    pub sd: Option<f64>,
    /// The middle value, or the mean of the two middle ones.
    pub median: Option<f64>,
    /// The interquartile mean: the mean of the values after a quarter of them, rounded down, is cut
    /// off at each end (`scipy.stats.trim_mean(x, 0.25)`; Agarwal et al. 2021).
    pub iqm: Option<f64>,
    /// The 95 % interval of the mean by Student's t, if there are at least two values:
    /// mean ± t(n − 1) · sd · √(the design's variance), where the last product is sd / √n for
    /// independent replicates.
    pub interval: Option<(f64, f64)>,
}

/// Describes the values of independent replicates. Replicates without a value are left out; all
/// values are finite.
pub fn describe(values: &[f64]) -> Description {
    describe_as(values, Design::Independent)
}

/// Describes the values of the runs of any design. Runs without a value are left out; all values
/// are finite. Where the difference of values is beyond the range of floats, there is only a count.
pub fn describe_as(values: &[f64], design: Design) -> Description {
    if values.is_empty() || !values.iter().all(|value| value.is_finite()) {
        return Description {
            count: values.len(),
            ..Description::default()
        };
    }
    let n = values.len();
    let sorted = sorted(values);
    // The standard deviation of equal values is exactly 0, without a rounding error.
    let equal = sorted[0] == sorted[n - 1];
    let mean = if equal { values[0] } else { mean(values) };
    let sd = (n > 1).then(|| standard_deviation(values, mean));
    Description {
        count: n,
        mean: Some(mean),
        sd,
        median: Some(median_of_sorted(&sorted)),
        iqm: Some(self::mean(&sorted[n / 4..n - n / 4])),
        interval: sd
            .map(|sd| {
                let margin = margin(n, sd, design);
                (mean - margin, mean + margin)
            })
            .filter(|(low, high)| low.is_finite() && high.is_finite()),
    }
}

/// The mean Σ x / n of at least one value.
pub fn mean(values: &[f64]) -> f64 {
    let unit = unit(values);
    values.iter().map(|x| x / unit).sum::<f64>() / values.len() as f64 * unit
}

/// The unit in which these values are summed: a power of two, so that the division by it is exact.
/// It is 1 unless the values are so great or so small that their sum or their squares leave the
/// range of floats.
fn unit(values: &[f64]) -> f64 {
    /// Squares of values up to 2^±400 are far within the range.
    const SAFE: i32 = 400;
    let greatest = values
        .iter()
        .fold(0.0f64, |greatest, x| greatest.max(x.abs()));
    let (_, exponent) = libm::frexp(greatest);
    if greatest == 0.0 || exponent.abs() <= SAFE {
        1.0
    } else {
        // The exponent is limited, since the reciprocal of the unit must be a float too.
        libm::ldexp(1.0, exponent.clamp(-1_000, 1_020))
    }
}

/// The median of at least one value.
pub fn median(values: &[f64]) -> f64 {
    median_of_sorted(&sorted(values))
}

fn median_of_sorted(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    if n % 2 == 1 {
        sorted[n / 2]
    } else {
        f64::midpoint(sorted[n / 2 - 1], sorted[n / 2])
    }
}

/// The values in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The order statistics at these places, counted from 0: the values that would stand there if
/// `values` were sorted in ascending order. The values change their places.
///
/// # Panics
/// If a place is beyond the values, or the places do not ascend.
pub fn order_statistics<const N: usize>(values: &mut [f64], places: [usize; N]) -> [f64; N] {
    let mut from = 0;
    places.map(|place| {
        let beyond = &mut values[from..];
        let (_, &mut value, _) = beyond.select_nth_unstable_by(place - from, f64::total_cmp);
        from = place;
        value
    })
}

/// The standard deviation √(Σ (x − mean)² / (n − 1)) of at least two values.
fn standard_deviation(values: &[f64], mean: f64) -> f64 {
    let unit = unit(values);
    let deviation = |x: &f64| x / unit - mean / unit;
    let squares: f64 = values.iter().map(|x| deviation(x) * deviation(x)).sum();
    (squares / (values.len() - 1) as f64).sqrt() * unit
}

/// Half the width of the mean's 95 % interval, for n ≥ 2: t(n − 1) times the standard error.
fn margin(n: usize, sd: f64, design: Design) -> f64 {
    critical(n) * design.standard_error(sd, n)
}

/// t of n − 1 degrees of freedom, for n ≥ 2. Values for small n are computed once, since
/// configurations mostly have equally many replicates.
fn critical(n: usize) -> f64 {
    static KNOWN: [OnceLock<f64>; 128] = [const { OnceLock::new() }; 128];
    let compute = || student_quantile_two_sided(CONFIDENCE, n as u64 - 1);
    KNOWN
        .get(n)
        .map_or_else(compute, |known| *known.get_or_init(compute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scipy::near;

    const A: [f64; 7] = [0.0213, 0.0187, 0.0305, 0.0199, 0.0244, 0.0171, 0.0268];

    #[test]
    fn order_statistics_are_those_of_the_sorted_values() {
        for n in 1..40usize {
            let values: Vec<f64> = (0..n).map(|i| (i * 7919 % 23) as f64 - 9.0).collect();
            let sorted = sorted(&values);
            let places = [n / 10, (n - 1) / 2, n / 2, n - 1 - n / 10];
            let found = order_statistics(&mut values.clone(), places);
            assert_eq!(found, places.map(|place| sorted[place]), "{n} values");
        }
    }

    #[test]
    fn great_and_small_values_have_the_statistics_of_their_digits() {
        let middle = describe(&A);
        // A power of two as a factor changes no digit.
        for power in [2f64.powi(800), 2f64.powi(1_020), 2f64.powi(-800)] {
            let scaled = describe(&A.map(|value| value * power));
            for (found, expected) in [
                (scaled.mean, middle.mean),
                (scaled.sd, middle.sd),
                (scaled.median, middle.median),
                (
                    scaled.interval.map(|ends| ends.0),
                    middle.interval.map(|ends| ends.0),
                ),
                (
                    scaled.interval.map(|ends| ends.1),
                    middle.interval.map(|ends| ends.1),
                ),
            ] {
                assert_eq!(found.unwrap() / power, expected.unwrap());
            }
        }
        // python: statistics.stdev(map(Fraction, [1e237, 3e237, 2e237])) is 1e237
        near(describe(&[1e237, 3e237, 2e237]).sd.unwrap(), 1e237);
        let ends = describe(&[f64::MAX, -f64::MAX]);
        assert_eq!((ends.mean, ends.interval), (Some(0.0), None));
    }

    #[test]
    fn a_description_is_numpys_and_scipys() {
        // python: np.mean(a), np.std(a, ddof=1), np.median(a), scipy.stats.trim_mean(a, 0.25),
        //         scipy.stats.t.interval(0.95, 6, loc=np.mean(a), scale=scipy.stats.sem(a))
        let described = describe(&A);
        near(described.mean.unwrap(), 0.02267142857142857);
        near(described.sd.unwrap(), 0.0047905164250890125);
        near(described.median.unwrap(), 0.0213);
        near(described.iqm.unwrap(), 0.02222);
        let (low, high) = described.interval.unwrap();
        near(low, 0.01824093982343724);
        near(high, 0.027101917319419903);
        // The same statistics of the first six values.
        let described = describe(&A[..6]);
        near(described.median.unwrap(), 0.0206);
        near(described.iqm.unwrap(), 0.021075);
    }
}
