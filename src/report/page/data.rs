//! The data from which the page's script draws: the curves as JSON in the page.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::report::Report;
use crate::report::curves::{Band, Curves};
use crate::report::results::higher_is_better;
use crate::report::selection::DrawnConfiguration;

/// The script element with the curves; empty if there are none.
pub fn script(report: &Report) -> String {
    let curves = report.selection.drawn.par_iter().zip(&report.curves);
    let curves: Vec<String> = curves
        .filter_map(|(drawn, curves)| Some(json(&Entry::of(drawn, curves.as_ref()?))))
        .collect();
    let rising = report.columns.iter();
    let rising = rising.map(|column| higher_is_better(column));
    if curves.is_empty() {
        return String::new();
    }
    format!(
        "<script type=\"application/json\" id=\"curves-data\">{{\"columns\":{},\"rising\":{},\"curves\":[{}]}}</script>\n",
        json(&report.columns),
        json(&rising.collect::<Vec<bool>>()),
        curves.join(",")
    )
}

/// The value as JSON for a script element, where `<` is escaped since it could end the element.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("plain data is JSON");
    text.replace('<', "\\u003c")
}

/// The curves of one configuration.
#[derive(Serialize)]
struct Entry<'a> {
    bands: BTreeMap<&'a str, Lines<'a>>,
    epoch: &'a [u64],
    leads: bool,
    name: &'a str,
    runs: usize,
    samples: &'a [u64],
    series: usize,
    updates: &'a [u64],
}

impl<'a> Entry<'a> {
    fn of(drawn: &'a DrawnConfiguration, curves: &'a Curves) -> Self {
        let bands = curves.bands.iter();
        Self {
            bands: bands
                .map(|band| (band.column.as_str(), Lines::of(band)))
                .collect(),
            epoch: &curves.epoch,
            leads: drawn.leads,
            name: &drawn.name,
            runs: curves.runs,
            samples: &curves.samples,
            series: drawn.series,
            updates: &curves.updates,
        }
    }
}

/// One column of a configuration's curves.
#[derive(Serialize)]
struct Lines<'a> {
    high: Numbers<'a>,
    low: Numbers<'a>,
    median: Numbers<'a>,
    runs: Vec<Numbers<'a>>,
}

impl<'a> Lines<'a> {
    fn of(band: &'a Band) -> Self {
        Self {
            high: Numbers(&band.high),
            low: Numbers(&band.low),
            median: Numbers(&band.median),
            runs: band.single.iter().map(|run| Numbers(run)).collect(),
        }
    }
}

/// Numbers with four digits, and `null` for a missing one.
struct Numbers<'a>(&'a [f64]);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|&value| four_digits(value)))
    }
}

/// The nearest number with four decimal digits; `None` for a missing value.
fn four_digits(value: f64) -> Option<f64> {
    let rounded = in_arithmetic(value);
    // The decimal text, read back, gives a float with a short text.
    let read = || format!("{value:.3e}").parse::<f64>().ok();
    rounded.or_else(read).filter(|rounded| rounded.is_finite())
}

/// The result of [`four_digits`] in a fifth of the time: the digits as a whole number, times a
/// power of ten. Both are exact, so that the product is rounded once, as the text is. `None` if the
/// power is not exact, or two numbers are almost equally near.
fn in_arithmetic(value: f64) -> Option<f64> {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    if value == 0.0 {
        return Some(value);
    }
    let places = 3 - libm::log10(value.abs()).floor() as i32;
    let power = POWERS.get(places.unsigned_abs() as usize)?;
    let scaled = if places < 0 {
        value / power
    } else {
        value * power
    };
    let digits = scaled.round();
    let clear = (scaled - digits).abs() < 0.499_999 && (1e3..=1e4).contains(&digits.abs());
    clear.then_some(if places < 0 {
        digits * power
    } else {
        digits / power
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_rounded_as_their_text_is(bits: u64, digits in 0i64..200_000, power in -22i32..22) {
            let of_bits = f64::from_bits(bits);
            // Half of these values lie halfway between two numbers of four digits.
            let halfway = digits as f64 / 2.0 * 10f64.powi(power);
            for value in [of_bits, halfway, -halfway] {
                let text = format!("{value:.3e}").parse::<f64>().expect("it is a number");
                let rounded = four_digits(value).map(f64::to_bits);
                prop_assert_eq!(rounded, text.is_finite().then_some(text.to_bits()));
            }
        }
    }
}
