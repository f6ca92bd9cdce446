//! exp, tanh and ln of the same bits on every CPU.
//!
//! The C library chooses among variants by CPU, and so its last bits differ from machine to
//! machine. These are polynomials over the operations of [`Real`], without a table or a branch, so
//! that any vector width computes the same bits. The polynomials are minimax fits (Remez) over the
//! reduced range; evaluation follows the usual reduction (Muller, *Elementary Functions*, §11).
//! Errors against exact values: exp and ln about 1 unit in the last place, tanh below 3.

use super::real::Real;

/// The constants of one number format.
#[derive(Debug)]
pub struct Table<T: 'static> {
    /// 1.5 · 2^(mantissa bits): adding and subtracting it rounds to a whole number.
    pub(super) round: T,
    /// 1 / ln 2.
    log2_e: T,
    /// ln 2 to the nearest, and the rest.
    ln_2: [T; 2],
    /// ln 2 with trailing zeros, so that a whole number times it is exact, and the rest.
    ln_2_exact: [T; 2],
    /// Below the first exp is 0, above the second infinite.
    exp_range: [T; 2],
    /// Above this, tanh is 1 to the last place.
    tanh_one: T,
    /// (e^r − 1 − r) / r² for |r| ≤ ½ ln 2, constant term first.
    exp: &'static [T],
    /// (ln((1 + s) / (1 − s)) − 2s) / s³ as a polynomial of s², constant term first.
    ln: &'static [T],
    /// The smallest normal number, and the power of two that makes a smaller one normal.
    smallest_normal: T,
    /// See `smallest_normal`: the factor, and its logarithm to base 2.
    normalise: [T; 2],
}

/// f64.
pub(super) mod f64 {
    pub(in super::super) const TABLE: super::Table<f64> = super::Table {
        round: 6_755_399_441_055_744.0,
        log2_e: std::f64::consts::LOG2_E,
        ln_2: [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17],
        ln_2_exact: [0.693_147_180_543_746_8, 1.619_851_018_665_656e-11],
        exp_range: [-746.0, 710.0],
        tanh_one: 22.0,
        exp: &[
            0.500_000_000_000_000_6,
            0.166_666_666_666_665_88,
            0.041_666_666_666_576_76,
            0.008_333_333_333_389_549,
            0.001_388_888_893_156_479_3,
            0.000_198_412_697_190_145_56,
            2.480_150_527_389_2e-5,
            2.755_740_753_540_448_6e-6,
            2.762_603_785_102_417_5e-7,
            2.505_377_740_624_587e-8,
        ],
        ln: &[
            0.666_666_666_666_667,
            0.399_999_999_998_984_45,
            0.285_714_286_263_993,
            0.222_222_110_728_317_82,
            0.181_828_932_193_572_63,
            0.153_315_969_408_078_23,
            0.146_178_728_985_520_5,
        ],
        smallest_normal: std::primitive::f64::MIN_POSITIVE,
        normalise: [18_014_398_509_481_984.0, 54.0],
    };
}

/// f32.
pub(super) mod f32 {
    pub(in super::super) const TABLE: super::Table<f32> = super::Table {
        round: 12_582_912.0,
        log2_e: std::f32::consts::LOG2_E,
        ln_2: [std::f32::consts::LN_2, -1.904_654_2e-9],
        ln_2_exact: [0.693_115_23, 3.194_618_3e-5],
        exp_range: [-104.0, 89.0],
        tanh_one: 10.0,
        exp: &[
            0.499_999_97,
            0.166_665_43,
            0.041_667_2,
            0.008_366_520_5,
            0.001_388_252_1,
        ],
        ln: &[0.666_666_7, 0.400_001_23, 0.285_507_38, 0.233_323_83],
        smallest_normal: std::primitive::f32::MIN_POSITIVE,
        normalise: [33_554_432.0, 25.0],
    };
}

/// Σ cᵢ xⁱ: the even and the odd powers apart, each from the highest down, then joined.
#[inline(always)]
fn polynomial<T: Real>(coefficients: &[T], x: T) -> T {
    let square = x * x;
    let chain = |start: usize| {
        let mut terms = coefficients[start..].iter().step_by(2).rev();
        let mut sum = *terms.next().expect("a polynomial has terms");
        for &term in terms {
            sum = sum.mul_add(square, term);
        }
        sum
    };
    chain(1).mul_add(x, chain(0))
}

/// `(k, e^r − 1)` with `x = k ln 2 + r`, k whole, |r| ≤ ½ ln 2.
#[inline(always)]
fn reduced_expm1<T: Real>(x: T) -> (T, T) {
    let table = T::TABLE;
    let k = x.mul_add(table.log2_e, table.round) - table.round;
    let r = (-k).mul_add(table.ln_2[1], (-k).mul_add(table.ln_2[0], x));
    (k, (r * r).mul_add(polynomial(table.exp, r), r))
}

/// e^x. Overflows to infinity, underflows gradually to 0; NaN stays NaN.
#[inline(always)]
pub fn exp<T: Real>(x: T) -> T {
    let [lowest, highest] = T::TABLE.exp_range;
    let x = if x < lowest { lowest } else { x };
    let x = if x > highest { highest } else { x };
    let (k, expm1) = reduced_expm1(x);
    // 2^k in two factors, since k may lie outside a normal number's exponents.
    let half = k.mul_add(T::from_f64(0.5), T::TABLE.round) - T::TABLE.round;
    (expm1 + T::ONE) * half.power_of_two() * (k - half).power_of_two()
}

/// tanh x = E / (E + 2) with E = e^(2|x|) − 1, and the sign of x.
#[inline(always)]
pub fn tanh<T: Real>(x: T) -> T {
    let size = x.abs();
    let size = if size > T::TABLE.tanh_one {
        T::TABLE.tanh_one
    } else {
        size
    };
    let (k, expm1) = reduced_expm1(size + size);
    let scale = k.power_of_two();
    let e = scale.mul_add(expm1, scale - T::ONE);
    (e / (e + T::from_f64(2.0))).copysign(x)
}

/// The natural logarithm: −∞ at 0, NaN below it.
///
/// With x = m 2^e and f = m − 1, s = f / (2 + f): ln m = f − (f²/2 − s (f²/2 + R(s²))), the sum
/// arranged as in Sun's fdlibm, so that little is lost when m is near 1.
#[inline(always)]
pub fn ln<T: Real>(x: T) -> T {
    let table = T::TABLE;
    let small = x < table.smallest_normal;
    let normal = if small { x * table.normalise[0] } else { x };
    let (m, e) = normal.split_exponent();
    let e = if small { e - table.normalise[1] } else { e };
    let f = m - T::ONE;
    let s = f / (f + T::from_f64(2.0));
    let z = s * s;
    let rest = z * polynomial(table.ln, z);
    let half_square = T::from_f64(0.5) * f * f;
    let low = s.mul_add(half_square + rest, e * table.ln_2_exact[1]);
    let value = e.mul_add(table.ln_2_exact[0], f - (half_square - low));
    let zero = T::ZERO;
    if x > zero && x.is_finite() {
        value
    } else if x == zero {
        -T::ONE / zero
    } else if x > zero {
        x
    } else {
        zero / zero
    }
}

#[cfg(test)]
mod tests {
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
}
