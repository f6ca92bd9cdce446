//! The functions against others, and their limits.

use super::*;

/// The distance in units of the last place of the expected value.
fn ulps(value: std::primitive::f64, exact: std::primitive::f64) -> std::primitive::f64 {
    if value == exact {
        return 0.0;
    }
    let spacing = exact.abs().next_up() - exact.abs();
    ((value - exact) / spacing).abs()
}

// libm's functions are within 1 ulp themselves, hence one more is allowed than the promise.
#[test]
fn f64_functions_are_within_their_promised_error() {
    for i in -200_000..200_000 {
        let x = std::primitive::f64::from(i) * 0.003_717;
        if x > -708.0 && x < 709.0 {
            assert!(ulps(exp(x), libm::exp(x)) <= 2.0, "exp {x}");
        }
        let y = x * 0.037;
        assert!(ulps(tanh(y), libm::tanh(y)) <= 4.0, "tanh {y}");
        let positive = exp(x.clamp(-700.0, 700.0));
        assert!(
            ulps(ln(positive), libm::log(positive)) <= 2.0,
            "ln {positive}"
        );
        let near_one = 1.0 + x * 1e-4;
        if near_one > 0.0 {
            assert!(
                ulps(ln(near_one), libm::log(near_one)) <= 2.0,
                "ln {near_one}"
            );
        }
    }
}

// Against the f64 functions, whose own error does not show in 24 bits.
#[test]
fn f32_functions_are_within_their_promised_error() {
    let ulps = |value: std::primitive::f32, exact: std::primitive::f64| {
        let nearest = exact as std::primitive::f32;
        let spacing = nearest.abs().next_up() - nearest.abs();
        ((std::primitive::f64::from(value) - exact) / std::primitive::f64::from(spacing)).abs()
    };
    for i in -100_000..100_000 {
        let x = i as std::primitive::f32 * 0.000_86;
        let wide = std::primitive::f64::from(x);
        assert!(ulps(exp(x), exp(wide)) <= 1.1, "exp {x}");
        assert!(
            ulps(tanh(x * 0.13), tanh(std::primitive::f64::from(x * 0.13))) <= 3.0,
            "tanh {x}"
        );
        let positive = exp(x);
        assert!(
            ulps(ln(positive), ln(std::primitive::f64::from(positive))) <= 1.0,
            "ln {positive}"
        );
    }
}

#[test]
fn limits_are_as_in_ieee_754() {
    use std::primitive::f64 as F;
    assert_eq!(exp(0.0_f64), 1.0);
    assert_eq!(exp(F::INFINITY), F::INFINITY);
    assert_eq!(exp(F::NEG_INFINITY), 0.0);
    assert_eq!(exp(1e9_f64), F::INFINITY);
    assert_eq!(exp(-1e9_f64), 0.0);
    assert!(exp(F::NAN).is_nan());
    assert!(exp(-740.0_f64) > 0.0 && exp(-740.0_f64) < F::MIN_POSITIVE);
    assert_eq!(exp(-740.0_f64), libm::exp(-740.0));
    assert!(exp(709.7_f64).is_finite());
    assert_eq!(tanh(1e3_f64), 1.0);
    assert_eq!(tanh(F::NEG_INFINITY), -1.0);
    assert!(tanh(F::NAN).is_nan());
    assert_eq!(tanh(-0.0_f64).to_bits(), (-0.0_f64).to_bits());
    assert_eq!(tanh(1e-300_f64), 1e-300);
    assert_eq!(ln(0.0_f64), F::NEG_INFINITY);
    assert_eq!(ln(F::INFINITY), F::INFINITY);
    assert!(ln(-1.0_f64).is_nan() && ln(F::NAN).is_nan());
    assert_eq!(ln(1.0_f64), 0.0);
    assert!(ulps(ln(5e-324_f64), libm::log(5e-324)) <= 2.0);
    assert_eq!(exp(100.0_f32), std::primitive::f32::INFINITY);
    assert_eq!(exp(-200.0_f32), 0.0);
    assert!(exp(-90.0_f32) > 0.0);
}
