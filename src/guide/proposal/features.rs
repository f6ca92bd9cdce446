//! The choice of the columns that become inputs, and the reasons for leaving the others out.

use std::collections::HashMap;

use super::columns::Column;
use super::dates::{are_dates, are_digits_of_days};
use super::goal::{Goal, MOST_CATEGORIES};
use super::reason::Reason;

/// The use of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Use {
    /// An input with the column's numbers.
    Number,
    /// An input for each of the column's words.
    Category,
    /// An input for each of the column's whole numbers, which are codes according to its name.
    Codes,
    /// It is left out, for this reason.
    Left(Reason),
    /// It is left out for this reason, but used if the table has no other column to learn from.
    LeftToOthers(Reason),
}

impl Use {
    /// Whether the column is an input.
    pub fn is_input(&self) -> bool {
        self.why_left().is_none()
    }

    /// The reason why the column is left out; `None` if it is used.
    pub fn why_left(&self) -> Option<&Reason> {
        match self {
            Use::Left(why) | Use::LeftToOthers(why) => Some(why),
            Use::Number | Use::Category | Use::Codes => None,
        }
    }
}

/// If the table has one other column beside row names, uses its numbers even if they would be left
/// out otherwise: a table of two columns is made to predict one from the other. Returns the name of
/// the column, and the reason why it would be left out.
pub fn alone(uses: &mut [(&Column, Use)]) -> Option<(String, Reason)> {
    let mut named = uses
        .iter_mut()
        .filter(|(column, _)| !column.name.is_empty());
    let (only, usage) = named.next()?;
    if named.next().is_some() || !only.is_number {
        return None;
    }
    let Use::LeftToOthers(why) = usage else {
        return None;
    };
    let alone = (only.name.clone(), why.clone());
    *usage = of_numbers(only);
    usage.is_input().then_some(alone)
}

/// A value in fewer rows than this may be missing in the training part.
const ROWS_OF_A_VALUE: usize = 4;

/// More than [`MOST_CATEGORIES`] words are categories only if they have at least this many rows on
/// average.
const ROWS_OF_ONE_OF_MANY: usize = 25;

/// A column with more words than this is left out, whatever the number of rows.
const MOST_WORDS: usize = 500;

/// Names of columns that number or name the rows.
const IDENTIFIERS: [&str; 18] = [
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
    "rownumber",
    "no",
    "nr",
    "number",
    "obs",
    "case",
    "uuid",
    "guid",
];

/// Names of columns whose consecutive numbers are a time or a rank, which may be useful.
const TIMES: [&str; 12] = [
    "year", "time", "month", "week", "day", "hour", "date", "quarter", "t", "age", "rank", "order",
];

/// Names of columns whose whole numbers are codes.
const CODES: [&str; 16] = [
    "code",
    "type",
    "kind",
    "class",
    "category",
    "group",
    "region",
    "zone",
    "race",
    "origin",
    "cluster",
    "species",
    "site",
    "department",
    "sector",
    "industry",
];

/// The use of a column for this target. `doubled`: another column has the same name.
pub fn usage(column: &Column, target: &Column, goal: &Goal, doubled: bool) -> Use {
    let (known, different) = (column.known(), column.different());
    if column.name.is_empty() {
        return Use::Left(Reason::NoName);
    }
    if doubled {
        return Use::Left(Reason::Doubled);
    }
    if known == 0 {
        return Use::Left(Reason::Empty);
    }
    if different < 2 {
        return Use::Left(Reason::OneValue);
    }
    if 2 * known < column.rows() {
        return Use::Left(Reason::Missing {
            missing: column.missing(),
            rows: column.rows(),
        });
    }
    if let Some(why) = numbers_the_rows(column) {
        return why;
    }
    if let Some(why) = is_nearly_constant(column) {
        return Use::Left(why);
    }
    if let Some(why) = says_the_target(column, target, goal) {
        return Use::LeftToOthers(why);
    }
    if column.is_number {
        return of_numbers(column);
    }
    let words = column.words();
    if are_dates(&words) {
        return Use::Left(Reason::Dates);
    }
    if different == known {
        return Use::Left(Reason::Names);
    }
    if different > MOST_CATEGORIES
        && (different > MOST_WORDS || known < ROWS_OF_ONE_OF_MANY * different)
    {
        return Use::Left(Reason::ManyWords {
            words: different,
            rows: known,
        });
    }
    let rare = words.iter().filter(|(_, count)| *count < ROWS_OF_A_VALUE);
    match rare.clone().count() {
        0 => Use::Category,
        count => {
            let (word, rows) = rare.min_by_key(|(_, count)| *count).expect("there is one");
            Use::Left(Reason::RareWords {
                count,
                word: word.to_string(),
                rows: *rows,
            })
        }
    }
}

/// The use of a column of numbers that is informative.
fn of_numbers(column: &Column) -> Use {
    if let Some(why) = column.not_computable() {
        return Use::Left(why);
    }
    let counts = column.number_counts();
    if are_digits_of_days(column.numbers()) {
        return Use::Left(Reason::Days);
    }
    let words: Vec<String> = words_of(&column.name);
    let says_code = words.iter().any(|word| CODES.contains(&word.as_str()));
    let enough = counts.iter().all(|(_, rows)| *rows >= ROWS_OF_A_VALUE);
    if says_code && column.is_whole() && (3..=MOST_CATEGORIES).contains(&counts.len()) && enough {
        return Use::Codes;
    }
    Use::Number
}

/// The words of a name in lower case, for names such as `regionCode`, `region_code` and
/// `Region code`.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = !before.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase());
        if c.is_alphanumeric() {
            if begins || words.is_empty() {
                words.push(String::new());
            }
            let word = words.last_mut().expect("a word has begun");
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

/// The use of a column that only identifies the rows; `None` for other columns.
fn numbers_the_rows(column: &Column) -> Option<Use> {
    let (known, different) = (column.known(), column.different());
    let name = column.name.to_lowercase();
    if name.starts_with("unnamed:") {
        return Some(Use::Left(Reason::PandasName));
    }
    let words = words_of(&column.name);
    let says = |names: &[&str]| {
        names.contains(&name.as_str())
            || words
                .last()
                .is_some_and(|word| names.contains(&word.as_str()))
    };
    let says_identifier = says(&IDENTIFIERS);
    let own = different == known;
    let whole = !column.is_number || column.is_whole();
    let of_rows = |why: Reason| {
        Some(if says_identifier {
            Use::Left(why)
        } else {
            Use::LeftToOthers(why)
        })
    };
    if column.counts_rows() && !says(&TIMES) {
        return of_rows(Reason::Numbers);
    }
    if own && column.is_number && whole && known >= ROWS_IN_TURN && !says(&TIMES) {
        let numbers = column.number_counts();
        let (least, most) = (numbers[0].0, numbers[known - 1].0);
        if (least == 0.0 || least == 1.0) && most - least + 1.0 == known as f64 {
            return of_rows(Reason::NumbersShuffled);
        }
    }
    if says_identifier && whole && own {
        return Some(Use::Left(Reason::Identifier));
    }
    let last_is_id = words.last().is_some_and(|word| word == "id");
    if last_is_id && whole && different > MOST_CATEGORIES {
        return Some(Use::Left(Reason::NamedIdentifier { values: different }));
    }
    None
}

/// At least this many different whole numbers without a gap, from 0 or 1 on, are not a coincidence.
const ROWS_IN_TURN: usize = 20;

/// The reason to leave out a column that is nearly constant; `None` for other columns.
fn is_nearly_constant(column: &Column) -> Option<Reason> {
    let counts = column.counts();
    let most = counts.iter().max()?;
    let others = column.known() - most;
    (others < ROWS_OF_A_VALUE && *most > 10 * others).then(|| Reason::NearlyConstant {
        others,
        rows: column.known(),
    })
}

/// The reason to leave out a column that has the target in other words or numbers; `None` for other
/// columns.
fn says_the_target(column: &Column, target: &Column, goal: &Goal) -> Option<Reason> {
    let numbers = matches!(goal, Goal::Numbers { .. });
    if numbers && column.is_number && is_rescaled(column, target) {
        return Some(Reason::Rescaled);
    }
    is_renamed(column, target).then_some(Reason::Renamed)
}

/// The part of the target's range by which a straight line may differ from the target, because of
/// rounding.
const SAME_LINE: f64 = 1e-4;

/// Whether the target is a linear function of a column's numbers, up to rounding.
fn is_rescaled(column: &Column, target: &Column) -> bool {
    if column.different() < 4 || target.different() < 4 {
        return false;
    }
    let pairs =
        || (0..column.rows()).filter_map(|row| Some((column.number(row)?, target.number(row)?)));
    let Some(least) = pairs().min_by(|a, b| a.0.total_cmp(&b.0)) else {
        return false;
    };
    let most = pairs().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or(least);
    let slope = (most.1 - least.1) / (most.0 - least.0);
    let range = (most.1 - least.1).abs();
    slope.is_finite()
        && range > 0.0
        && pairs().count() >= 5
        && pairs().all(|(x, y)| (least.1 + slope * (x - least.0) - y).abs() <= SAME_LINE * range)
}

/// Whether there is a one-to-one relation between the values of a column and those of the target
/// that is not a coincidence: there are clearly more rows than values.
fn is_renamed(column: &Column, target: &Column) -> bool {
    let (mut there, mut back) = (HashMap::new(), HashMap::new());
    let mut pairs = 0;
    for row in 0..column.rows() {
        let (Some(value), Some(class)) = (column.key(row), target.key(row)) else {
            continue;
        };
        pairs += 1;
        if *there.entry(value).or_insert(class) != class
            || *back.entry(class).or_insert(value) != value
        {
            return false;
        }
    }
    pairs >= 10 && there.len() >= 2 && 2 * there.len() <= pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_words() {
        assert_eq!(words_of("regionCode"), ["region", "code"]);
        assert_eq!(words_of("Passenger.ID"), ["passenger", "id"]);
        assert_eq!(words_of("x_1"), ["x", "1"]);
        assert_eq!(words_of(" "), Vec::<String>::new());
    }
}
