//! Numbers in the form that a person reads.

use crate::language::Language;
use crate::text;
pub use pictures::number::significant;
use statistics::paired::Paired;

/// A number with its interval, "0.12 (0.1 to 0.14)"; a dash if there is none. Each has enough
/// digits to show on which side of `neutral` it is (1 for a ratio, 0 for a difference).
pub fn with_interval(
    language: Language,
    value: Option<f64>,
    interval: Option<(f64, f64)>,
    neutral: f64,
) -> String {
    let beside = |value: f64, digits: usize| sided(value, digits, neutral);
    match (value, interval) {
        (Some(value), Some((low, high))) => text!(
            language,
            "number-with-interval",
            value = beside(value, 3),
            low = beside(low, 2),
            high = beside(high, 2)
        ),
        (Some(value), None) => beside(value, 3),
        _ => "–".to_owned(),
    }
}

/// The number of pairs in which A is better, as in `4 of 10, 6 ties`.
pub fn wins(language: Language, pair: &Paired) -> String {
    let (wins, pairs) = (pair.wins_a, pair.pairs);
    match pair.ties() {
        0 => text!(language, "number-of", count = wins, all = pairs),
        ties => text!(
            language,
            "number-of-with-ties",
            count = wins,
            all = pairs,
            ties = ties
        ),
    }
}

/// A number with at least `digits` significant digits, and enough to show on which side of
/// `neutral` it is.
pub fn sided(value: f64, digits: usize, neutral: f64) -> String {
    /// The most digits of a float.
    const MOST: usize = 17;
    let side = value.partial_cmp(&neutral);
    let shows = |text: &String| {
        let read: Option<f64> = text.parse().ok();
        read.and_then(|read| read.partial_cmp(&neutral)) == side
    };
    let texts = (digits..=MOST).map(|digits| significant(value, digits));
    let mut texts = texts.filter(shows);
    texts.next().unwrap_or_else(|| significant(value, digits))
}

/// A mean with its margin, both in one notation and to the same place: `0.0285 ± 0.0017`,
/// `1.20e-5 ± 0.49e-5`.
pub fn plus_minus(mean: f64, margin: f64) -> String {
    if !mean.is_finite() || !margin.is_finite() || mean == 0.0 || margin == 0.0 {
        return format!("{} ± {}", significant(mean, 4), significant(margin, 2));
    }
    let exponent = |value: f64| libm::log10(value.abs()).floor() as i32;
    let (of_mean, of_margin) = (exponent(mean), exponent(margin));
    // The margin has two digits, but the mean has from two to five.
    let place = (of_margin - 1).clamp(of_mean - 4, of_mean - 1);
    if (-4..5).contains(&of_mean) {
        let decimals = usize::try_from(-place).unwrap_or(0);
        format!("{mean:.decimals$} ± {margin:.decimals$}")
    } else {
        let decimals = usize::try_from(of_mean - place).unwrap_or(0);
        let unit = libm::pow(10.0, f64::from(of_mean));
        format!(
            "{:.decimals$}e{of_mean} ± {:.decimals$}e{of_mean}",
            mean / unit,
            margin / unit
        )
    }
}

/// A swept value in few characters: a long number with six significant digits; a table by its name,
/// as in `sgd (momentum 0.9)`.
pub fn short(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if value.len() > 8 => significant(number, 6),
        _ => named_table(value).unwrap_or_else(|| value.to_owned()),
    }
}

/// The name and the values of a TOML table with a `name`, without TOML's notation.
fn named_table(value: &str) -> Option<String> {
    let text = value
        .strip_prefix('{')
        .map(|_| format!("value = {value}"))?;
    let document: toml::Table = text.parse().ok()?;
    let table = document.get("value")?.as_table()?;
    let name = table.get("name")?.as_str()?;
    let others = table.iter().filter(|(key, _)| *key != "name");
    let others: Vec<String> = others
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    Some(if others.is_empty() {
        name.to_owned()
    } else {
        format!("{name} ({})", others.join(", "))
    })
}

/// A p-value with three digits, or the statement that it is below a thousandth.
pub fn p_value(p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("{p:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_significant_digits() {
        assert_eq!(significant(0.000_123_456, 4), "0.0001235");
        assert_eq!(significant(0.000_089_504, 3), "8.95e-5");
        assert_eq!(significant(1.234_56e-9, 4), "1.235e-9");
        assert_eq!(significant(12.345, 4), "12.35");
        assert_eq!(significant(-12.345, 4), "-12.35");
        assert_eq!(significant(123_456.0, 4), "123456");
        assert_eq!(significant(0.0, 4), "0");
        assert_eq!(significant(9.999_96, 4), "10.00");
        assert_eq!(short("0.00215443469003"), "0.00215443");
        assert_eq!(short("mini-batch"), "mini-batch");
        let table = r#"{ name = "sgd", momentum = 0.9, nesterov = true }"#;
        assert_eq!(short(table), "sgd (momentum 0.9, nesterov true)");
        assert_eq!(short("{ half"), "{ half");
        assert_eq!(plus_minus(0.028_54, 0.001_7), "0.0285 ± 0.0017");
        assert_eq!(plus_minus(0.000_011_99, 0.000_004_9), "1.20e-5 ± 0.49e-5");
        assert_eq!(plus_minus(0.2113, 0.2), "0.21 ± 0.20");
        assert_eq!(plus_minus(123.4, 0.0), "123.4 ± 0");
        assert_eq!(p_value(0.000_4), "< 0.001");
        assert_eq!(p_value(0.031_2), "0.031");
    }

    #[test]
    fn an_interval_shows_its_side_of_the_neutral_value() {
        let of =
            |value, interval, neutral| with_interval(Language::English, value, interval, neutral);
        let ratio = |value, low, high| of(Some(value), Some((low, high)), 1.0);
        assert_eq!(ratio(1.03, 1.004, 1.06), "1.03 (1.004 to 1.1)");
        assert_eq!(
            ratio(0.999_6, 0.999_2, 0.999_97),
            "0.9996 (0.999 to 0.99997)"
        );
        assert_eq!(ratio(0.5, 0.25, 0.75), "0.500 (0.25 to 0.75)");
        let difference = of(Some(0.0), Some((-0.1, 0.1)), 0.0);
        assert_eq!(difference, "0 (-0.10 to 0.10)");
        assert_eq!(of(None, None, 1.0), "–");
    }
}
