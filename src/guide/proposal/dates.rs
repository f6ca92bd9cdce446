//! The recognition of dates and times, in the forms that tables use.

/// The least share of dates or times among the words of a column of dates.
const MOST: f64 = 0.9;

/// Whether there are at least three words, and nearly all are dates or times.
pub fn are_dates(words: &[(&str, usize)]) -> bool {
    let dates = words.iter().filter(|(word, _)| is_date(word)).count();
    words.len() >= 3 && dates as f64 >= MOST * words.len() as f64
}

/// Whether whole numbers are dates in digits, such as 20240501.
pub fn are_digits_of_days(numbers: impl Iterator<Item = f64>) -> bool {
    let mut seen = 0;
    let mut all = numbers.inspect(|_| seen += 1);
    let days = all.all(|number| {
        let (year, month, day) = (number / 10_000.0, number % 10_000.0 / 100.0, number % 100.0);
        number.fract() == 0.0
            && (1800.0..2200.0).contains(&year)
            && (1.0..13.0).contains(&month)
            && (1.0..32.0).contains(&day)
    });
    days && seen >= 3
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The letters between or after the numbers of a date or a time.
const SIGNS: [&str; 22] = [
    "t", "z", "am", "pm", "utc", "gmt", "st", "nd", "rd", "th", "h", "min", "s", "of", "年", "月",
    "日", "時", "分", "秒", "q", "w",
];

/// The digits of a date or a time, and the letters and signs between them.
#[derive(Debug, PartialEq)]
enum Part<'a> {
    Digits(&'a str),
    Letters(String),
    Sign(char),
}

/// Whether a text is a date or a time, such as 2024-05-01, 1/2/2024, 2024-05-01T12:30Z, 12:30 PM,
/// 1985Q1, May 5, 2024, 2024-05, 5-May-99, 2024年5月1日.
fn is_date(text: &str) -> bool {
    let parts = parts(text);
    let mut months = 0;
    for part in &parts {
        match part {
            Part::Letters(letters) => {
                let begins = |name: &&str| letters.len() >= 3 && name.starts_with(letters.as_str());
                if MONTHS.iter().any(&begins) || letters == "sept" {
                    months += 1;
                } else if !WEEKDAYS.iter().any(begins) && !SIGNS.contains(&letters.as_str()) {
                    return false;
                }
            }
            Part::Sign(sign) if !"-/.:, +'".contains(*sign) => return false,
            _ => {}
        }
    }
    let digits: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Digits(digits) => Some(*digits),
            _ => None,
        })
        .collect();
    if digits.len() > 8 || digits.iter().any(|digits| digits.len() > 9) {
        return false;
    }
    match months {
        0 => is_day(&parts) || is_time(&parts) || is_part_of_a_year(&parts),
        1 => (1..=6).contains(&digits.len()) && digits[0].len() <= 4,
        _ => false,
    }
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while let Some(first) = rest.chars().next() {
        let length =
            |same: &dyn Fn(char) -> bool| rest.find(|c: char| !same(c)).unwrap_or(rest.len());
        let end = if first.is_ascii_digit() {
            let end = length(&|c| c.is_ascii_digit());
            parts.push(Part::Digits(&rest[..end]));
            end
        } else if first.is_alphabetic() {
            let end = length(&char::is_alphabetic);
            parts.push(Part::Letters(rest[..end].to_lowercase()));
            end
        } else {
            parts.push(Part::Sign(first));
            first.len_utf8()
        };
        rest = &rest[end..];
    }
    parts
}

fn value(digits: &str, longest: usize) -> Option<u32> {
    (digits.len() <= longest).then(|| digits.parse().ok())?
}

/// Whether there are three numbers with the same sign between them, of which one can be a day and
/// one a month.
fn is_day(parts: &[Part<'_>]) -> bool {
    parts.windows(5).any(|five| match five {
        [
            Part::Digits(a),
            sign,
            Part::Digits(b),
            other,
            Part::Digits(c),
        ] => {
            let same = match (sign, other) {
                (Part::Sign(sign), Part::Sign(other)) => sign == other && "-/.".contains(*sign),
                (Part::Letters(sign), Part::Letters(other)) => sign == "年" && other == "月",
                _ => false,
            };
            let numbers = [value(a, 4), value(b, 2), value(c, 4)];
            let is_month = |n: Option<u32>| n.is_some_and(|n| (1..=12).contains(&n));
            let is_day = |n: Option<u32>| n.is_some_and(|n| (1..=31).contains(&n));
            let [a, b, c] = numbers;
            // The order is year, month, day; or day, month, year; or month, day, year.
            same && c.is_some()
                && (is_month(b) && (is_day(a) || is_day(c)) || is_month(a) && is_day(b))
        }
        _ => false,
    }) && parts
        .iter()
        .filter(|part| **part == Part::Sign('.'))
        .count()
        <= 3
        && !is_four_numbers(parts)
}

/// Whether there are four numbers with dots between them, as in an address or a version.
fn is_four_numbers(parts: &[Part<'_>]) -> bool {
    let points = parts.iter().filter(|part| **part == Part::Sign('.'));
    points.count() == 3 && parts.len() == 7
}

/// Whether there are two or three numbers with colons between them.
fn is_time(parts: &[Part<'_>]) -> bool {
    let first = parts.windows(3).next();
    let clock = |three: &[Part<'_>]| match three {
        [Part::Digits(hour), Part::Sign(':'), Part::Digits(minute)] => {
            value(hour, 4).is_some()
                && minute.len() == 2
                && value(minute, 2).is_some_and(|m| m < 60)
        }
        _ => false,
    };
    first.is_some_and(clock)
}

/// Whether it is a year with a month, a quarter or a week: 2024-05, 05/2024, 1985Q1, 1985-Q3,
/// 2024W05.
fn is_part_of_a_year(parts: &[Part<'_>]) -> bool {
    let is_year = |digits: &str| {
        digits.len() == 4 && value(digits, 4).is_some_and(|year| (1500..2300).contains(&year))
    };
    let is_month = |digits: &str| value(digits, 2).is_some_and(|month| (1..=12).contains(&month));
    match parts {
        [
            Part::Digits(year),
            Part::Sign('-' | '/'),
            Part::Digits(month),
        ]
        | [Part::Digits(month), Part::Sign('/'), Part::Digits(year)]
            if is_year(year) && is_month(month) =>
        {
            true
        }
        [Part::Digits(year), rest @ ..] if is_year(year) => {
            let rest = match rest {
                [Part::Sign('-' | ' ' | ':'), rest @ ..] => rest,
                rest => rest,
            };
            matches!(rest, [Part::Letters(sign), Part::Digits(part)]
                if ["q", "w", "m"].contains(&sign.as_str()) && value(part, 2).is_some())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_seen_and_words_are_not() {
        for date in [
            "2024-05-01",
            "1/2/2024",
            "01.02.24",
            "2024-05-01 12:30:00",
            "2024-05-01T12:30:00.5Z",
            "2024-05-01T12:30:00+02:00",
            "12:30",
            "12:30 PM",
            "1985Q1",
            "1985-Q3",
            "2024-05",
            "05/2024",
            "2024W05",
            "Jan 2010",
            "3-Mar-1999",
            "May 5, 2024",
            "Mon, 5 September 2022 10:00:00 GMT",
            "2024年5月1日",
        ] {
            assert!(is_date(date), "{date}");
        }
        for word in [
            "a-b", "1.2.3.4", "R24, K24", "setosa", "marble", "12-inch", "may", "10-19", "A4",
            "1/2", "3-4-x", "555-1234", "99-99-99",
        ] {
            assert!(!is_date(word), "{word}");
        }
    }

    #[test]
    fn days_as_digits_are_seen_and_other_numbers_are_not() {
        let are = |numbers: &[f64]| are_digits_of_days(numbers.iter().copied());
        assert!(are(&[20_240_501.0, 20_231_231.0, 19_990_101.0]));
        assert!(!are(&[20_240_501.0, 20_231_331.0, 19_990_101.0]));
        assert!(!are(&[2024.0, 2023.0, 1999.0]));
    }
}
