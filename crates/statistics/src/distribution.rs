//! The distributions behind intervals, p-values and numbers of replicates.
//!
//! They are built on atan, erfc, lgamma and exp of the `libm` crate, so that a statistic has the
//! same bits on every CPU. Crates of statistics use the C library's functions, whose last bit
//! changes with the machine, and with it `comparison.csv`. Student's t of whole degrees of freedom
//! is a finite sum.

use std::f64::consts::{FRAC_2_PI, SQRT_2};

/// P(Z ≤ z) of the standard normal distribution: erfc(−z/√2) / 2.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// z with P(Z ≤ z) = `probability`, which lies strictly between 0 and 1.
pub fn normal_quantile(probability: f64) -> f64 {
    solve(probability, 40.0, normal_cdf)
}

/// P(|T| ≤ t) of Student's t with `df` ≥ 1 degrees of freedom, t ≥ 0.
///
/// The sum is finite, with θ = atan(t/√df): Abramowitz and Stegun 1964, 26.7.3 (odd) and 26.7.4
/// (even).
fn student_within(t: f64, df: u64) -> f64 {
    let df_ = df as f64;
    let cos2 = df_ / (df_ + t * t); // cos² θ
    let sin = t / (df_ + t * t).sqrt();
    let cos = cos2.sqrt();
    let odd = df % 2 == 1;
    // The sum starts from its first term; the loop multiplies in the powers of cos θ and their
    // coefficients.
    let mut term = if odd { cos } else { 1.0 };
    let mut sum = if df == 1 { 0.0 } else { term };
    let mut k = if odd { 3 } else { 2 };
    while k < df {
        term *= cos2 * (k - 1) as f64 / k as f64;
        sum += term;
        k += 2;
    }
    if odd {
        FRAC_2_PI * (libm::atan(t / df_.sqrt()) + sin * sum)
    } else {
        sin * sum
    }
}

/// P(|T| > |t|): the two-sided p-value of a t-statistic with `df` ≥ 1 degrees of freedom.
///
/// It comes from the continued fraction of the beta integral where 1 − P(|T| ≤ t) would lose
/// digits.
pub fn student_two_sided(t: f64, df: u64) -> f64 {
    let t = t.abs();
    if t.is_infinite() {
        return 0.0;
    }
    let within = student_within(t, df);
    if within < 0.9 {
        return 1.0 - within;
    }
    // I_x(df/2, 1/2) with x = df / (df + t²), by Lentz's method (Numerical Recipes §6.4).
    let (a, b) = (df as f64 / 2.0, 0.5);
    let x = df as f64 / (df as f64 + t * t);
    let y = t * t / (df as f64 + t * t); // 1 − x without cancellation
    let ln_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b)
        + a * libm::log(x)
        + b * libm::log(y);
    libm::exp(ln_front) * beta_fraction(a, b, x) / a
}

/// The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d);
            c = away_from_zero(1.0 + coefficient / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// t with P(|T| ≤ t) = `confidence`, which lies strictly between 0 and 1; `df` ≥ 1.
pub fn student_quantile_two_sided(confidence: f64, df: u64) -> f64 {
    let mut high = 2.0;
    while student_within(high, df) < confidence && high < 1e15 {
        high *= 2.0;
    }
    bisect(0.0, high, |t| student_within(t, df) < confidence)
}

/// The power of a two-sided one-sample t-test at `level`: the probability that |T'| exceeds the
/// critical value, T' being noncentral t with n − 1 degrees of freedom and noncentrality
/// `effect`·√n; n ≥ 2. See [`power_of_t`].
pub fn paired_power(effect: f64, n: u64, level: f64) -> f64 {
    power_of_t(effect.abs() * (n as f64).sqrt(), n - 1, level)
}

/// The probability that |T'| exceeds the critical value of a two-sided t-test at `level`, T' being
/// noncentral t with `df` ≥ 1 degrees of freedom and noncentrality δ ≥ 0.
///
/// P(T' > c) = ∫ Φ(δ − c·s) f(s) ds with f the density of s = √(χ²/ν) (Johnson, Kotz and
/// Balakrishnan 1995, §31), by Simpson's rule.
pub fn power_of_t(delta: f64, df: u64, level: f64) -> f64 {
    /// Intervals of Simpson's rule (an even number); more of them change no number of replicates.
    const STEPS: u32 = 400;
    let nu = df as f64;
    let critical = student_quantile_two_sided(1.0 - level, df);
    // s has its mode at √((ν − 1)/ν) and a standard deviation of about 1/√(2ν).
    let spread = 8.0 / (2.0 * nu).sqrt();
    let low = (1.0 - spread).max(0.0);
    let width = (1.0 + spread - low) / f64::from(STEPS);
    let ln_constant =
        (nu / 2.0) * libm::log(nu) - libm::lgamma(nu / 2.0) - (nu / 2.0 - 1.0) * libm::log(2.0);
    let density = |s: f64| {
        if s <= 0.0 {
            // At zero the density is zero, except for ν = 1.
            return if df == 1 { libm::exp(ln_constant) } else { 0.0 };
        }
        libm::exp(ln_constant + (nu - 1.0) * libm::log(s) - nu * s * s / 2.0)
    };
    let mut sum = 0.0;
    for step in 0..=STEPS {
        let weight = match step {
            0 | STEPS => 1.0,
            step if step % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let s = low + width * f64::from(step);
        let beyond = normal_cdf(delta - critical * s) + normal_cdf(-delta - critical * s);
        sum += weight * beyond * density(s);
    }
    sum * width / 3.0
}

/// The argument, within ±`bound`, at which the increasing function `cdf` reaches `probability`.
fn solve(probability: f64, bound: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    bisect(-bound, bound, |x| cdf(x) < probability)
}

/// The point of an interval at which `below` turns from true to false, to the last bit or two.
fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative error of SciPy's own functions is about this.
    const TOLERANCE: f64 = 1e-12;
    /// Simpson's rule is least exact for the narrow integrand of ν = 1, with an error of 3e-6. A
    /// number of replicates needs three digits.
    const POWER_TOLERANCE: f64 = 1e-5;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() <= tolerance * expected.abs(),
            "{found} is not {expected}"
        );
    }

    #[test]
    fn p_values_are_scipys() {
        // python: 2 * scipy.stats.t.sf(t, df)
        for (t, df, p) in T_TWO_SIDED {
            near(student_two_sided(t, df), p, TOLERANCE);
            near(student_two_sided(-t, df), p, TOLERANCE);
        }
    }

    #[test]
    fn quantiles_are_scipys() {
        // python: scipy.stats.t.ppf((1 + confidence) / 2, df)
        for (confidence, df, t) in T_QUANTILE {
            near(student_quantile_two_sided(confidence, df), t, 1e-11);
        }
        // python: scipy.stats.norm.ppf(p)
        for (p, z) in NORMAL_QUANTILE {
            near(normal_quantile(p), z, TOLERANCE);
        }
    }

    #[test]
    fn the_power_of_a_paired_test_is_scipys_noncentral_t() {
        for (effect, n, level, power) in POWER {
            near(paired_power(effect, n, level), power, POWER_TOLERANCE);
        }
    }

    const T_TWO_SIDED: [(f64, u64, f64); 12] = [
        (0.0, 3, 1.0),
        (0.5, 1, 0.7048327646991335),
        (1.0, 1, 0.5000000000000001),
        (2.0, 2, 0.18350341907227397),
        (2.776, 4, 0.05002277831997642),
        (3.5, 5, 0.017284431785293358),
        (12.0, 7, 6.358310378185098e-06),
        (1.96, 30, 0.05934231289605049),
        (5.0, 99, 2.481396013040949e-06),
        (40.0, 9, 1.8982998449339822e-11),
        (0.1, 1000, 0.9203643690236041),
        (8.0, 250, 4.652801518917548e-14),
    ];

    const T_QUANTILE: [(f64, u64, f64); 9] = [
        (0.95, 1, 12.706204736174694),
        (0.95, 2, 4.302652729749462),
        (0.95, 4, 2.7764451051977934),
        (0.95, 9, 2.262157162798205),
        (0.95, 29, 2.045229642132703),
        (0.95, 999, 1.9623414611334493),
        (0.99, 4, 4.604094871349992),
        (0.9999, 3, 28.000130010950002),
        (0.5, 7, 0.7111417780817866),
    ];

    const NORMAL_QUANTILE: [(f64, f64); 4] = [
        (0.8, 0.8416212335729143),
        (0.975, 1.959963984540054),
        (0.9999, 3.719016485455709),
        (0.01, -2.3263478740408408),
    ];

    // python: c = t.ppf(1 - a/2, n - 1); nct.sf(c, n - 1, d*sqrt(n)) + nct.cdf(-c, n - 1, d*sqrt(n))

    const POWER: [(f64, u64, f64, f64); 7] = [
        (0.5, 5, 0.05, 0.1405166899902982),
        (0.5, 34, 0.05, 0.8077775012792738),
        (1.2, 8, 0.05, 0.8279200603832426),
        (2.0, 5, 0.016666666666666666, 0.681600866992605),
        (0.1, 800, 0.05, 0.8064984489568079),
        (3.0, 3, 0.05, 0.7452680070062837),
        (1.0, 2, 0.05, 0.09280915505633605),
    ];
}
