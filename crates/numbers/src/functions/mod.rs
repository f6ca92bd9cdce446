//! exp, ln, tanh, their relatives and the normal distribution, with the same bits on every CPU.
//!
//! The C library chooses among variants by CPU, so its last bits differ from machine to machine.
//! The functions here are polynomials over the operations of [`Real`], without a table or a branch,
//! so that any vector width computes the same bits. Evaluation follows the usual reduction (Muller,
//! *Elementary Functions*, §11). Errors against exact values are about 1 unit in the last place for
//! exp and ln, and below 3 for the others (below 4 for the normal distribution in its lower tail);
//! the tests measure them over the whole range.

#[cfg(test)]
mod tests;

use crate::constants::Table;
use crate::real::{Mask, Real, Scalar};

/// The constants of this number's format.
#[inline(always)]
fn table<T: Real>() -> &'static Table<T::Scalar> {
    T::Scalar::TABLE
}

/// Σ cᵢ xⁱ. The even and the odd powers are summed separately, each from the highest power down,
/// and then added.
#[inline(always)]
fn polynomial<T: Real>(coefficients: &'static [T::Scalar], x: T) -> T {
    let square = x * x;
    let (pairs, rest) = coefficients.as_chunks::<2>();
    let mut pairs = pairs.iter().rev();
    let &[low, high] = pairs.next().expect("a polynomial has two terms at least");
    let (mut even, mut odd) = (T::splat(low), T::splat(high));
    // If the number of terms is odd, the last one is the highest even power.
    if let &[highest] = rest {
        even = T::splat(highest).mul_add(square, even);
    }
    for &[low, high] in pairs {
        even = even.mul_add(square, T::splat(low));
        odd = odd.mul_add(square, T::splat(high));
    }
    odd.mul_add(x, even)
}

/// `(k, e^r − 1)` with `x = k ln 2 + r`, k whole, |r| ≤ ½ ln 2.
#[inline(always)]
fn reduced_expm1<T: Real>(x: T) -> (T, T) {
    let table = table::<T>();
    let round = T::splat(table.round);
    let k = x.mul_add(T::splat(table.log2_e), round) - round;
    let [ln_2, rest] = table.ln_2;
    let r = (-k).mul_add(T::splat(rest), (-k).mul_add(T::splat(ln_2), x));
    (k, (r * r).mul_add(polynomial(table.exp, r), r))
}

/// The exponents of two powers of two whose product is 2^k, since k may lie outside the exponents
/// of normal numbers.
#[inline(always)]
fn halves<T: Real>(k: T) -> (T, T) {
    let round = T::splat(table::<T>().round);
    let half = k.mul_add(T::from_f64(0.5), round) - round;
    (half, k - half)
}

/// e^x. It overflows to infinity and underflows gradually to 0; NaN stays NaN.
#[inline(always)]
pub fn exp<T: Real>(x: T) -> T {
    let [lowest, highest] = table::<T>().exp_range;
    let x = x.at_least(T::splat(lowest)).at_most(T::splat(highest));
    let (k, expm1) = reduced_expm1(x);
    let (first, second) = halves(k);
    (expm1 + T::one()) * first.power_of_two() * second.power_of_two()
}

/// e^x − 1, which keeps its digits near 0.
#[inline(always)]
pub fn expm1<T: Real>(x: T) -> T {
    let table = table::<T>();
    let [_, highest] = table.exp_range;
    let bounded = x
        .at_least(T::splat(table.expm1_lowest))
        .at_most(T::splat(highest));
    let (k, expm1) = reduced_expm1(bounded);
    let (first, second) = halves(k);
    let scale = first.power_of_two();
    let value = expm1.mul_add(scale, scale - (-second).power_of_two()) * second.power_of_two();
    // The sign of zero is kept.
    T::select(x.equal(T::zero()), x, value)
}

/// tanh x = E / (E + 2) with E = e^(2|x|) − 1, and the sign of x.
#[inline(always)]
pub fn tanh<T: Real>(x: T) -> T {
    let size = x.abs().at_most(T::splat(table::<T>().tanh_one));
    let (k, expm1) = reduced_expm1(size + size);
    let scale = k.power_of_two();
    let e = scale.mul_add(expm1, scale - T::one());
    (e / (e + T::from_f64(2.0))).copysign(x)
}

/// The logistic function 1 / (1 + e^−x). It is 0 where e^−x overflows (the exact result would be
/// subnormal).
#[inline(always)]
pub fn sigmoid<T: Real>(x: T) -> T {
    let table = table::<T>();
    let [_, highest] = table.exp_range;
    // Where e^−x is lost beside 1, any value that is lost too will do, so its last powers of two
    // are cut off.
    let bounded = (-x)
        .at_least(T::splat(table.expm1_lowest))
        .at_most(T::splat(highest));
    let (k, expm1) = reduced_expm1(bounded);
    let half = (expm1 + T::one()) * (k - T::one()).power_of_two();
    T::one() / half.mul_add(T::from_f64(2.0), T::one())
}

/// The natural logarithm: −∞ at 0, NaN below it.
///
/// With x = m 2^e and f = m − 1, s = f / (2 + f): ln m = f − (f²/2 − s (f²/2 + R(s²))), the sum
/// arranged as in Sun's fdlibm, so that little is lost when m is near 1.
#[inline(always)]
pub fn ln<T: Real>(x: T) -> T {
    let table = table::<T>();
    let [factor, exponent] = table.normalise;
    let small = x.less(T::splat(table.smallest_normal));
    let normal = T::select(small, x * T::splat(factor), x);
    let (m, e) = normal.split_exponent();
    let e = T::select(small, e - T::splat(exponent), e);
    let f = m - T::one();
    let s = f / (f + T::from_f64(2.0));
    let z = s * s;
    let rest = z * polynomial(table.ln, z);
    let half_square = T::from_f64(0.5) * f * f;
    let [ln_2, ln_2_rest] = table.ln_2_exact;
    let low = s.mul_add(half_square + rest, e * T::splat(ln_2_rest));
    let value = e.mul_add(T::splat(ln_2), f - (half_square - low));

    let (zero, infinity) = (T::zero(), T::splat(T::Scalar::INFINITY));
    let regular = zero.less(x).and(x.less(infinity));
    // Infinity and NaN are left as they are; numbers below 0 give NaN.
    let other = T::select(x.less(zero), T::from_f64(f64::NAN), x);
    let other = T::select(x.equal(zero), -infinity, other);
    T::select(regular, value, other)
}

/// ln(1 + x) for x ≥ 0, which keeps its digits near 0: a term corrects the rounding of the sum
/// (Goldberg 1991, theorem 4, in the additive form).
#[inline(always)]
pub fn ln_1p<T: Real>(x: T) -> T {
    let sum = T::one() + x;
    let lost = x - (sum - T::one());
    let value = ln(sum) + lost / sum;
    T::select(x.is_finite(), value, x)
}

/// ln(1 + e^x), without overflow.
#[inline(always)]
pub fn softplus<T: Real>(x: T) -> T {
    x.at_least(T::zero()) + ln_1p(exp(-x.abs()))
}

/// The normal distribution: `(Φ(x), √(2π) φ(x))`, that is (½ erfc(−x / √2), e^(−x²/2)).
///
/// For y ≥ 0, erfc y = e^(−y²) P((y − K) / (y + K)) / (1 + 2y) with a polynomial P (the form of
/// Shepherd and Laframboise 1981), so that the lower tail keeps its digits.
#[inline(always)]
pub fn normal<T: Real>(x: T) -> (T, T) {
    let table = table::<T>();
    let half = T::from_f64(0.5);
    let zero_at = T::splat(table.erfc_zero);
    let size = (x.abs() * T::from_f64(core::f64::consts::FRAC_1_SQRT_2)).at_most(zero_at);
    // e^(−x²/2), where x² is split into its rounded value and the rest. Beyond 2 · zero_at it is 0.
    let bounded = x.abs().at_most(zero_at + zero_at);
    let square = bounded * bounded;
    let rest = bounded.mul_add(bounded, -square);
    let density = exp(-(half * square));
    let density = (-(half * rest)).mul_add(density, density);

    let middle = T::splat(table.erfc_middle);
    let t = (size - middle) / (size + middle);
    let tail = half * density * polynomial(table.erfc, t) / (size + size + T::one());
    let value = T::select(T::zero().less(x), T::one() - tail, tail);
    (value, density)
}

/// The constants of the lower tail of the normal distribution as [`normal`] computes it in f64:
/// ½ e^(−y²) P((y − K) / (y + K)) / (1 + 2y) for y = |x| / √2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalTail {
    /// K.
    pub middle: f64,
    /// At and above this y, the tail is 0.
    pub zero_at: f64,
    /// P's coefficients, the constant term first.
    pub coefficients: &'static [f64],
}

/// The constants of [`normal`] in f64, for another place that writes the formula down.
pub fn normal_tail() -> NormalTail {
    let table = table::<f64>();
    NormalTail {
        middle: table.erfc_middle,
        zero_at: table.erfc_zero,
        coefficients: table.erfc,
    }
}
