//! The fused multiply-add by error-free transformations (Boldo and Melquiond 2008, *Emulation of FMA
//! and correctly rounded sums: proved algorithms using rounding to odd*).
//!
//! A sum or a product of two numbers is a rounded number plus an error, which is a number as well.
//! The error of the product and the errors of two sums are added with rounding to odd, whose last
//! bit records that something was lost. So the last rounding is right for the exact sum.
//!
//! The compiler fuses none of these operations: Rust computes each as it is written.

/// `a + b` as the rounded sum and its error (Knuth, TAOCP 2, §4.2.2, theorem B).
#[inline(always)]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// A number as the sum of two numbers of 26 bits each (Dekker 1971, Veltkamp's splitting).
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    const FACTOR: f64 = ((1u64 << 27) + 1) as f64;
    let scaled = FACTOR * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// `a · b` as the rounded product and its error (Dekker 1971).
#[inline(always)]
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let ((a_high, a_low), (b_high, b_low)) = (split(a), split(b));
    let rest = ((a_high * b_high - product) + a_high * b_low) + a_low * b_high;
    (product, rest + a_low * b_low)
}

/// Rounds the exact value `sum + error` to odd: an inexact value becomes the one of its two
/// neighbours whose last bit is 1. Where the error is 0 or NaN, the result is `sum`.
#[inline(always)]
fn round_to_odd(sum: f64, error: f64) -> f64 {
    let bits = sum.to_bits();
    let inexact = u64::from(error.abs() > 0.0);
    let opposite = (bits ^ error.to_bits()) >> 63;
    // The value is cut off, and its last bit set to 1 for what was cut off.
    f64::from_bits((bits - (inexact & opposite)) | inexact)
}

/// The error of a product below this may be too small for an f64.
const SMALL: f64 = f64::from_bits((1023 - 900) << 52);

/// `factor · other + term`, rounded once, in f64.
///
/// No check of the exponents is needed as long as the product's error is an f64 and nothing
/// overflows; an overflow on the way leaves infinity or NaN in the result.
#[inline]
pub fn mul_add_f64(factor: f64, other: f64, term: f64) -> f64 {
    let (product, product_error) = two_product(factor, other);
    if product.abs() > SMALL {
        let (sum, sum_error) = two_sum(product, term);
        let (rest, rest_error) = two_sum(sum_error, product_error);
        let value = sum + round_to_odd(rest, rest_error);
        if value.abs() < f64::INFINITY {
            return value;
        }
    }
    beyond(factor, other, term)
}

/// The cases outside the range of [`mul_add_f64`]: a product of exactly 0, and all others bit by
/// bit.
#[inline(never)]
fn beyond(factor: f64, other: f64, term: f64) -> f64 {
    if factor == 0.0 || other == 0.0 {
        return factor * other + term;
    }
    libm::fma(factor, other, term)
}

/// The smallest normal number of f32.
const NORMAL: f64 = f32::MIN_POSITIVE as f64;

/// `factor · other + term`, rounded once, in f32. The product is exact in f64; the sum is rounded
/// to f64 and then to f32.
///
/// To round twice is wrong only where the first rounding ends in the middle between two numbers of
/// f32. There, and where the result is subnormal and has its middle elsewhere, the sum is rounded
/// to odd.
#[inline]
pub fn mul_add_f32(factor: f32, other: f32, term: f32) -> f32 {
    /// The bits of an f64 beyond those of an f32.
    const BEYOND: u64 = (1 << 29) - 1;
    const MIDDLE: u64 = 1 << 28;
    let product = f64::from(factor) * f64::from(other);
    let sum = product + f64::from(term);
    if sum.to_bits() & BEYOND != MIDDLE && sum.abs() >= NORMAL {
        return sum as f32;
    }
    let (sum, error) = two_sum(product, f64::from(term));
    round_to_odd(sum, error) as f32
}
