//! The corrected resampled t-test against SciPy (`golden/corrected_t.py`).

use serde::Deserialize;
use statistics::description::describe_as;
use statistics::design::Design;
use statistics::paired::{Outcome, Test, Verdict, judge, paired};
use statistics::power::{Needed, resamplings_needed};

/// The result may differ from SciPy's by a few roundings.
const TOLERANCE: f64 = 1e-11;

#[derive(Deserialize)]
struct Golden {
    tests: Vec<Case>,
    replicates_needed: Vec<NeededCase>,
}

#[derive(Deserialize)]
struct Case {
    folds: u64,
    valid_per_train: f64,
    a: Vec<f64>,
    b: Vec<f64>,
    differences: Expected,
    logarithms: Expected,
}

#[derive(Deserialize)]
struct Expected {
    statistic: f64,
    p_value: f64,
    interval: (f64, f64),
    effect: f64,
    interval_of_a: (f64, f64),
}

#[derive(Deserialize)]
struct NeededCase {
    effect: f64,
    folds: u64,
    valid_per_train: f64,
    replicates: Option<u64>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden/corrected_t.json")).expect("it is JSON")
}

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= TOLERANCE * expected.abs(),
        "{found} is not {expected}"
    );
}

fn outcomes(values: &[f64]) -> Vec<Outcome> {
    values.iter().copied().map(Some).collect()
}

#[test]
fn the_corrected_t_test_is_that_of_scipy() {
    for case in golden().tests {
        let design = Design::Resampled {
            valid_per_train: case.valid_per_train,
            folds: case.folds,
        };
        let (a, b) = (outcomes(&case.a), outcomes(&case.b));
        for (higher_is_better, test, expected) in [
            (true, Test::CorrectedT, &case.differences),
            (false, Test::CorrectedTLog, &case.logarithms),
        ] {
            let pair = paired(&a, &b, higher_is_better, design);
            assert_eq!(pair.test, Some(test));
            near(pair.statistic.expect("a statistic"), expected.statistic);
            near(pair.p_value.expect("a p-value"), expected.p_value);
            near(pair.effect.expect("an effect"), expected.effect);
            let interval = if higher_is_better {
                pair.interval
            } else {
                pair.ratio_interval
            };
            let (low, high) = interval.expect("an interval");
            near(low, expected.interval.0);
            near(high, expected.interval.1);
            let described = describe_as(&case.a, design);
            let (low, high) = described.interval.expect("an interval");
            near(low, expected.interval_of_a.0);
            near(high, expected.interval_of_a.1);
        }
    }
}

#[test]
fn the_replicates_that_could_tell_are_those_of_the_noncentral_t() {
    for case in golden().replicates_needed {
        let found = resamplings_needed(case.effect, 0.05, case.valid_per_train, case.folds);
        let expected = case.replicates.map_or(Needed::Never, Needed::Replicates);
        assert_eq!(found, expected, "effect {}", case.effect);
    }
}

#[test]
fn folds_with_a_lost_run_have_counts_and_no_verdict() {
    let design = Design::Resampled {
        valid_per_train: 0.25,
        folds: 5,
    };
    let a = outcomes(&[0.1, 0.11, 0.12, 0.1, 0.09]);
    for b in [
        [Some(0.9), None, Some(0.8), Some(0.85), Some(0.9)],
        [None; 5],
    ] {
        let mut family = [paired(&a, &b, false, design)];
        judge(&mut family, false);
        let pair = family[0];
        let lost = b.iter().filter(|outcome| outcome.is_none()).count();
        assert_eq!((pair.pairs, pair.lost_b, pair.wins_a), (5, lost, 5));
        assert_eq!((pair.verdict, pair.test), (Verdict::None, None));
        assert_eq!((pair.interval, pair.ratio_interval), (None, None));
    }
}

#[test]
fn a_difference_that_folds_can_never_show_is_called_so() {
    let design = Design::Resampled {
        valid_per_train: 0.25,
        folds: 5,
    };
    let (a, b) = (
        outcomes(&[0.80, 0.70, 0.90, 0.85, 0.75]),
        outcomes(&[0.79, 0.72, 0.88, 0.85, 0.74]),
    );
    let mut family = [paired(&a, &b, true, design)];
    judge(&mut family, true);
    assert_eq!(family[0].verdict, Verdict::NoClearDifference);
    assert!(family[0].never_tells);
    assert_eq!(family[0].replicates_needed, None);
    // As independent replicates, the same values show the difference.
    let mut independent = [paired(&a, &b, true, Design::Independent)];
    judge(&mut independent, true);
    assert!(!independent[0].never_tells);
    assert!(independent[0].replicates_needed.is_some());
}
