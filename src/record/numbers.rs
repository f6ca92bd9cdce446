//! Numbers and texts in the form of the CSV files.

/// Appends a float in the shortest form that reads back as the same bits: `0.1`, `1e-9`, `-0`, and
/// a whole number without a point. Numbers that are not finite become `NaN`, `inf` or `-inf`.
pub fn put_float(value: f64, text: &mut Vec<u8>) {
    let mut buffer = zmij::Buffer::new();
    let shortest = buffer.format(value);
    // Only large numbers have a plus sign in their exponent.
    if value.abs() >= 1e15
        && let Some((digits, exponent)) = shortest.split_once("e+")
    {
        text.extend(digits.as_bytes());
        text.push(b'e');
        text.extend(exponent.as_bytes());
    } else {
        text.extend(shortest.strip_suffix(".0").unwrap_or(shortest).as_bytes());
    }
}

/// Appends a float, or nothing for `None`.
pub fn put_optional(value: Option<f64>, text: &mut Vec<u8>) {
    if let Some(value) = value {
        put_float(value, text);
    }
}

/// Appends a whole number in decimal.
pub fn put_count(value: u64, text: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = value;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend(&digits[start..]);
}

/// Appends a text as a cell, in quotes where CSV (RFC 4180) requires them.
pub fn put_text(value: &str, text: &mut Vec<u8>) {
    if value.contains([',', '"', '\n', '\r']) {
        text.push(b'"');
        text.extend(value.replace('"', "\"\"").as_bytes());
        text.push(b'"');
    } else {
        text.extend(value.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn float(value: f64) -> String {
        let mut text = Vec::new();
        put_float(value, &mut text);
        String::from_utf8(text).expect("digits are ASCII")
    }

    #[test]
    fn floats_are_written_in_their_shortest_form() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (100.0, "100"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-9, "1e-9"),
            (5e-324, "5e-324"),
            (1e23, "1e23"),
            (f64::MAX, "1.7976931348623157e308"),
        ] {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let cell = |value: &str| {
            let mut text = Vec::new();
            put_text(value, &mut text);
            String::from_utf8(text).expect("it was a text")
        };
        assert_eq!(cell("full"), "full");
        assert_eq!(cell("[2, 3, 1]"), "\"[2, 3, 1]\"");
        assert_eq!(cell("a \"b\"\n"), "\"a \"\"b\"\"\n\"");
    }

    proptest! {
        #[test]
        fn every_float_reads_back_as_the_same_bits(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            let read: f64 = float(value).parse().expect("it is a number");
            prop_assert_eq!(read.to_bits(), bits);
        }

        #[test]
        fn every_count_is_its_decimal(value: u64) {
            let mut text = Vec::new();
            put_count(value, &mut text);
            prop_assert_eq!(String::from_utf8(text).expect("ASCII"), value.to_string());
        }
    }
}
