//! Intervals of a result over the samples that it was measured on.

use super::distribution::normal_quantile;

/// Wilson's 95 % interval of a proportion that was seen in `count` ≥ 1 samples (Wilson 1927).
/// Unlike p ± z √(p(1 − p)/n) it stays within 0 and 1, and it has a width where the proportion is 0
/// or 1.
pub fn wilson(share: f64, count: usize) -> (f64, f64) {
    let z = normal_quantile((1.0 + super::description::CONFIDENCE) / 2.0);
    let n = count as f64;
    let z2 = z * z / n;
    let centre = (share + z2 / 2.0) / (1.0 + z2);
    let margin = z / (1.0 + z2) * (share * (1.0 - share) / n + z2 / (4.0 * n)).sqrt();
    ((centre - margin).max(0.0), (centre + margin).min(1.0))
}

/// The middle 95 % of at least one value; an end between two values is interpolated
/// (`numpy.quantile(values, [0.025, 0.975])`). For the results of resampled samples it is the
/// percentile interval of the bootstrap (Efron 1979).
pub fn middle(values: &[f64]) -> (f64, f64) {
    let sorted = super::description::sorted(values);
    let outside = (1.0 - super::description::CONFIDENCE) / 2.0;
    let quantile = |share: f64| {
        let place = share * (sorted.len() - 1) as f64;
        let below = place.floor() as usize;
        let above = (below + 1).min(sorted.len() - 1);
        sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
    };
    (quantile(outside), quantile(1.0 - outside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scipy::near;

    #[test]
    fn wilsons_interval_is_scipys() {
        // python: scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
        for (k, n, low, high) in WILSON {
            let (found_low, found_high) = wilson(f64::from(k) / f64::from(n), n as usize);
            assert!((found_low - low).abs() < 1e-12, "{found_low} is not {low}");
            near(found_high, high);
        }
    }

    #[test]
    fn the_middle_of_values_is_numpys() {
        // python: numpy.quantile([0.3, 1.0, 0.1, 0.7, 0.2, 0.5], [0.025, 0.975])
        let (low, high) = middle(&[0.3, 1.0, 0.1, 0.7, 0.2, 0.5]);
        near(low, MIDDLE.0);
        near(high, MIDDLE.1);
        assert_eq!(middle(&[2.0]), (2.0, 2.0));
    }

    const WILSON: [(u32, u32, f64, f64); 5] = [
        (345, 360, 0.9323990572519006, 0.9745893906001303),
        (0, 20, 0.0, 0.16112515805281935),
        (20, 20, 0.8388748419471808, 1.0),
        (1, 3, 0.06149194472039626, 0.7923403991979523),
        (975, 1000, 0.9633547107321566, 0.9830098687065659),
    ];

    const MIDDLE: (f64, f64) = (0.1125, 0.9625);
}
