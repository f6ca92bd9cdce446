//! Helpers of the tests of the statistics, whose expected values are SciPy's.

use super::paired::Outcome;

/// The result may differ from SciPy's by a few roundings.
const TOLERANCE: f64 = 1e-12;

/// # Panics
/// If `found` differs from the expected value.
pub fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= TOLERANCE * expected.abs(),
        "{found} is not {expected}"
    );
}

/// Outcomes of these values; any that is not finite is a lost run.
pub fn outcomes(values: &[f64]) -> Vec<Outcome> {
    values
        .iter()
        .map(|&value| value.is_finite().then_some(value))
        .collect()
}
