//! Which columns can be inputs, and why the others are left out.

use super::columns::Column;
use super::goal::{Goal, MOST_CATEGORIES};

/// What a column is used as.
#[derive(Debug, Clone, PartialEq)]
pub enum Use {
    /// An input of its numbers.
    Number,
    /// An input for each of its words.
    Category,
    /// It is left out, for this reason ("it …").
    Left(String),
}

/// A category that is met in fewer rows may be missing from the part that is trained on.
const ROWS_OF_A_CATEGORY: usize = 4;

/// Names that say that a column numbers or names the rows.
const IDENTIFIERS: [&str; 16] = [
    "id",
    "index",
    "idx",
    "row",
    "rows",
    "rownames",
    "row.names",
    "row_names",
    "rowname",
    "rownum",
    "no",
    "nr",
    "number",
    "obs",
    "case",
    "x",
];

/// Names that say that numbers in turn are a time, which may be learnt from.
const TIMES: [&str; 10] = [
    "year", "time", "month", "week", "day", "hour", "date", "quarter", "t", "age",
];

/// What a column is used as, for this target. `doubled`: another column has its name.
pub fn usage(column: &Column, target: &Column, goal: &Goal, doubled: bool) -> Use {
    let left = |why: &str| Use::Left(why.to_owned());
    let known = column.rows() - column.missing();
    let different = column.different();
    let name = column.name.to_lowercase();
    let says = |words: &[&str]| words.contains(&name.as_str());
    if column.name.is_empty() {
        return left("has no name, as the row names have that R and pandas write");
    }
    if doubled {
        return left("shares its name with another column");
    }
    if known == 0 {
        return left("is empty");
    }
    if different < 2 {
        return left("has only one value");
    }
    if 2 * known < column.rows() {
        return Use::Left(format!(
            "is missing in {} of {} rows",
            column.missing(),
            column.rows()
        ));
    }
    if column.is_number && column.counts_rows() && !says(&TIMES) {
        return left("only numbers the rows");
    }
    let own = different == known;
    let says_identifier = says(&IDENTIFIERS) || name.ends_with("_id") || name.ends_with(".id");
    if own && says_identifier && (!column.is_number || column.is_whole()) {
        return left("has another value in each row, as an identifier has");
    }
    if let Some(why) = says_the_target(column, target, goal) {
        return left(why);
    }
    if column.is_number {
        return Use::Number;
    }
    let values = column.values();
    if values.len() >= 3 && values.iter().all(|(text, _)| is_date(text)) {
        return left("holds dates or times");
    }
    if own {
        return left("has another word in each row, as a name has");
    }
    if values.len() > MOST_CATEGORIES {
        return Use::Left(format!("holds {} different words", values.len()));
    }
    let rare = values
        .iter()
        .filter(|(_, count)| *count < ROWS_OF_A_CATEGORY);
    match rare.clone().count() {
        0 => Use::Category,
        count => {
            let (word, rows) = rare.min_by_key(|(_, count)| *count).expect("there is one");
            Use::Left(format!(
                "has {count} {} of too few rows to learn from (`{word}`: {rows})",
                if count == 1 { "word" } else { "words" }
            ))
        }
    }
}

/// Why a column cannot help to predict the target: it says the same in other words or numbers.
fn says_the_target(column: &Column, target: &Column, goal: &Goal) -> Option<&'static str> {
    match goal {
        Goal::Numbers { .. } if column.is_number => {
            is_rescaled(column, target).then_some("is the target on another scale")
        }
        Goal::Numbers { .. } => None,
        Goal::Binary | Goal::Classes(_) => {
            is_renamed(column, target).then_some("says the target in other words")
        }
    }
}

/// Whether the target is a straight line of a column's numbers, to within rounding.
fn is_rescaled(column: &Column, target: &Column) -> bool {
    let pairs: Vec<(f64, f64)> = (0..column.rows())
        .filter_map(|row| Some((column.number(row)?, target.number(row)?)))
        .collect();
    if pairs.len() < 5 || column.different() < 4 || target.different() < 4 {
        return false;
    }
    let least = pairs
        .iter()
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .expect("there are pairs");
    let most = pairs
        .iter()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .expect("there are pairs");
    let slope = (most.1 - least.1) / (most.0 - least.0);
    let range = (most.1 - least.1).abs();
    slope.is_finite()
        && range > 0.0
        && pairs
            .iter()
            .all(|(x, y)| (least.1 + slope * (x - least.0) - y).abs() <= 1e-6 * range)
}

/// Whether each value of a column stands for one value of the target, and the other way round.
fn is_renamed(column: &Column, target: &Column) -> bool {
    let mut there = std::collections::HashMap::new();
    let mut back = std::collections::HashMap::new();
    let mut pairs = 0;
    for row in 0..column.rows() {
        let (Some(value), Some(class)) = (column.text(row), target.text(row)) else {
            continue;
        };
        pairs += 1;
        if *there.entry(value).or_insert(class) != class
            || *back.entry(class).or_insert(value) != value
        {
            return false;
        }
    }
    pairs >= 10 && there.len() >= 2
}

/// Whether a text is a date or a time: 2024-05-01, 1/2/2024, 2024-05-01 12:30, 12:30:05, 1985Q1.
fn is_date(text: &str) -> bool {
    let is_part = |part: &str, separator: char| {
        let parts: Vec<&str> = part.split(separator).collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|part| {
                (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            })
    };
    let is_quarter = |part: &str| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        part.len() - rest.len() == 4
            && matches!(
                rest.trim_start_matches(['-', ' ', ':']),
                "Q1" | "Q2" | "Q3" | "Q4" | "q1" | "q2" | "q3" | "q4"
            )
    };
    let is_month = |part: &str| {
        const MONTHS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let parts: Vec<String> = part
            .split(['-', '/', ' ', '.', ','])
            .filter(|part| !part.is_empty())
            .map(str::to_lowercase)
            .collect();
        let month = |part: &String| MONTHS.iter().any(|month| part.starts_with(month));
        (2..=3).contains(&parts.len())
            && parts.iter().filter(|part| month(part)).count() == 1
            && parts
                .iter()
                .filter(|part| !month(part))
                .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_day = |part: &str| {
        ['-', '/', '.']
            .iter()
            .any(|separator| is_part(part, *separator))
    };
    let is_time = |part: &str| {
        let part = part.trim_end_matches('Z');
        let part = part.split(['.', '+']).next().unwrap_or(part);
        is_part(part, ':')
    };
    let text = text.trim();
    if is_day(text) || is_time(text) || is_quarter(text) || is_month(text) {
        return true;
    }
    match text.split_once([' ', 'T']) {
        Some((day, time)) => is_day(day) && is_time(time.trim()),
        None => false,
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
            "12:30",
            "1985Q1",
            "1985-Q3",
            "Jan 2010",
            "3-Mar-1999",
        ] {
            assert!(is_date(date), "{date}");
        }
        for word in [
            "a-b", "1.2.3.4", "R24, K24", "setosa", "marble", "12-inch", "may",
        ] {
            assert!(!is_date(word), "{word}");
        }
    }
}
