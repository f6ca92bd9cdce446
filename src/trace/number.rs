//! Numbers as decimal digits.

/// The digits of a run's numbers, which follow from its precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// 24 bits of significand.
    F32,
    /// 53 bits of significand.
    F64,
}

/// The significant digits of a number in a formula.
const SHOWN: usize = 8;

impl Digits {
    /// The shortest digits that read back as the same bits, as in `0.25`, `1.5e-7`, `-3`, `NaN`.
    pub fn exact(self, value: f64) -> String {
        let text = match self {
            // A value of an f32 run is exactly an f32.
            Digits::F32 => format!("{:?}", value as f32),
            Digits::F64 => format!("{value:?}"),
        };
        tidy(&text)
    }

    /// The number with at most eight significant digits.
    pub fn short(self, value: f64) -> String {
        let exact = self.exact(value);
        let significant = exact
            .split('e')
            .next()
            .unwrap_or("")
            .trim_start_matches(['-', '0', '.'])
            .chars()
            .filter(char::is_ascii_digit)
            .count();
        if significant <= SHOWN || !value.is_finite() {
            return exact;
        }
        let rounded = format!("{value:.*e}", SHOWN - 1);
        let rounded: f64 = rounded.parse().expect("a number's own digits are a number");
        tidy(&format!("{rounded:?}"))
    }
}

/// The digits, without `.0` for a whole number.
fn tidy(text: &str) -> String {
    match text.split_once(".0") {
        Some((whole, rest)) if rest.is_empty() || rest.starts_with('e') => format!("{whole}{rest}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        assert_eq!(Digits::F64.exact(0.1), "0.1");
        assert_eq!(Digits::F64.exact(-3.0), "-3");
        assert_eq!(Digits::F64.exact(1e-7), "1e-7");
        assert_eq!(Digits::F64.exact(1e300), "1e300");
        assert_eq!(Digits::F64.exact(10.05), "10.05");
        assert_eq!(Digits::F32.exact(f64::from(0.1_f32)), "0.1");
        assert_eq!(Digits::F64.exact(f64::NAN), "NaN");
        assert_eq!(Digits::F64.exact(f64::NEG_INFINITY), "-inf");
    }

    #[test]
    fn numbers_in_formulas_have_eight_significant_digits() {
        assert_eq!(Digits::F64.short(0.593_269_992_107_187_2), "0.59326999");
        assert_eq!(Digits::F64.short(0.392_499_999_999_999_96), "0.3925");
        assert_eq!(Digits::F64.short(-1.234_567_891_234e-9), "-1.2345679e-9");
        assert_eq!(Digits::F64.short(0.05), "0.05");
        assert_eq!(Digits::F64.short(123_456_789.25), "123456790");
    }
}
