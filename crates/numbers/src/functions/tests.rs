//! The functions against values of 80 digits (tests/golden/functions.csv, computed with Python's
//! mpmath; each exact value is the sum of two f64), and their limits.

use alloc::vec::Vec;
use std::collections::BTreeMap;

use super::*;

/// The greatest error of each function in units of the last place, in f64 and in f32. The errors
/// were measured over the table twice, at different random points, and have a margin.
const PROMISED: [(&str, [f64; 2]); 7] = [
    ("exp", [0.8, 0.8]),
    ("expm1", [1.0, 1.0]),
    ("ln", [0.8, 0.8]),
    ("ln_1p", [1.1, 1.1]),
    ("tanh", [2.5, 2.5]),
    ("sigmoid", [1.6, 1.6]),
    ("normal", [3.5, 3.5]),
];

fn value<T: Scalar>(function: &str, x: f64) -> f64 {
    let x = T::nearest(x);
    let value = match function {
        "exp" => exp(x),
        "expm1" => expm1(x),
        "ln" => ln(x),
        "ln_1p" => ln_1p(x),
        "tanh" => tanh(x),
        "sigmoid" => sigmoid(x),
        "normal" => normal(x).0,
        other => panic!("{other} is no function"),
    };
    value.to_f64()
}

/// The distance between neighbours at `x`, in f64 or f32.
fn spacing(format: &str, x: f64) -> f64 {
    match format {
        "f64" => x.abs().next_up() - x.abs(),
        _ => {
            let near = (x as f32).abs();
            f64::from(near.next_up()) - f64::from(near)
        }
    }
}

#[test]
fn functions_are_within_their_promised_error_over_their_whole_range() {
    let table = include_str!("../../tests/golden/functions.csv");
    let mut worst: BTreeMap<(&str, &str), (f64, f64)> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (function, format) = (cells[0], cells[1]);
        let number = |i: usize| -> f64 { cells[i].parse().expect("number") };
        let (x, exact, rest) = (number(2), number(3), number(4));
        let found = match format {
            "f64" => value::<f64>(function, x),
            _ => value::<f32>(function, x),
        };
        let error = ((found - exact) - rest).abs() / spacing(format, exact);
        let entry = worst.entry((function, format)).or_insert((0.0, x));
        if error.is_nan() || error > entry.0 {
            *entry = (error, x);
        }
    }
    assert_eq!(worst.len(), 14);
    for ((function, format), (error, x)) in worst {
        let promised = PROMISED
            .iter()
            .find(|(name, _)| *name == function)
            .expect("promised");
        let bound = promised.1[usize::from(format == "f32")];
        std::println!("{function} {format}: {error:.3} at {x:e}");
        assert!(error <= bound, "{function} {format}: {error} at {x:e}");
    }
}

#[test]
fn limits_are_as_in_ieee_754() {
    limits::<f64>();
    limits::<f32>();
}

fn limits<T: Scalar>() {
    let n = T::nearest;
    let (zero, one, infinity) = (T::ZERO, T::ONE, T::INFINITY);
    let nan = n(f64::NAN);
    let is_nan = |x: T| x.to_f64().is_nan();
    let negative_zero = |x: T| x.to_f64() == 0.0 && x.to_f64().is_sign_negative();
    for x in [infinity, n(1e9), n(800.0)] {
        assert_eq!(exp(x), infinity);
        assert_eq!(exp(-x), zero);
        assert_eq!(expm1(x), infinity);
        assert_eq!(expm1(-x), -one);
        assert_eq!(tanh(x), one);
        assert_eq!(tanh(-x), -one);
        assert_eq!(sigmoid(x), one);
        assert_eq!(sigmoid(-x), zero);
        assert_eq!(normal(x).0, one);
        assert_eq!(normal(-x).0, zero);
        assert_eq!(normal(x).1, zero);
        assert_eq!(softplus(x), x);
        assert_eq!(softplus(-x), zero);
    }
    assert_eq!(exp(zero), one);
    assert_eq!(ln(one), zero);
    assert_eq!(ln(zero), -infinity);
    assert_eq!(ln(-zero), -infinity);
    assert_eq!(ln(infinity), infinity);
    assert_eq!(ln_1p(zero), zero);
    assert_eq!(ln_1p(infinity), infinity);
    assert_eq!(sigmoid(zero), n(0.5));
    assert_eq!(normal(zero).0, n(0.5));
    assert_eq!(normal(zero).1, one);
    assert!(negative_zero(tanh(-zero)) && negative_zero(expm1(-zero)));
    assert!(is_nan(ln(-one)) && is_nan(ln(-infinity)));
    for function in [exp, expm1, ln, ln_1p, tanh, sigmoid, softplus] {
        assert!(is_nan(function(nan)));
    }
    assert!(is_nan(normal(nan).0) && is_nan(normal(nan).1));
}

#[test]
fn underflow_is_gradual() {
    assert_eq!(exp(-740.0_f64), 4.2e-322);
    assert_eq!(exp(-745.2_f64), 0.0);
    assert!(exp(709.7_f64).is_finite());
    assert!(exp(-90.0_f32) > 0.0 && exp(-90.0_f32) < f32::MIN_POSITIVE);
    assert_eq!(tanh(1e-300_f64), 1e-300);
    assert_eq!(expm1(5e-324_f64), 5e-324);
}
