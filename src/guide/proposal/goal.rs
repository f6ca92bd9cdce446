//! The goal of learning, which follows from the target's values.

use super::columns::Column;
use super::names::listed;
use crate::language::Language;
use crate::text;
use problems::Problem;

/// Up to this many different words are categories or classes.
pub const MOST_CATEGORIES: usize = 20;

/// The least rows per class, on average, that are enough to learn and judge it.
const ROWS_OF_A_CLASS: usize = 5;

/// More classes than [`MOST_CATEGORIES`] need at least this many rows each on average …
const ROWS_OF_ONE_OF_MANY: usize = 20;

/// … and are at most this many.
const MOST_CLASSES: usize = 1_000;

/// Names of columns whose whole numbers are classes.
const CLASSES: [&str; 9] = [
    "class", "species", "type", "label", "group", "digit", "cultivar", "category", "kind",
];

/// The goal of learning.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// To predict a number.
    Numbers {
        /// A remark on the numbers, if there is one.
        remark: Option<Remark>,
    },
    /// To predict one of two classes.
    Binary,
    /// To predict one of several classes.
    Classes {
        /// The number of classes.
        count: usize,
        /// A remark on the classes, if there is one.
        remark: Option<Remark>,
    },
}

/// A remark on the target's values.
#[derive(Debug, Clone, PartialEq)]
pub enum Remark {
    /// These classes, each with its number of rows, have too few rows to be learnt and judged.
    FewRows(Vec<String>),
    /// The column of this name has two values, which are learnt as numbers.
    TwoNumbers(String),
    /// The name of this column is typical of classes.
    Named(String),
    /// The column of this name counts from 0.
    Counts(String),
    /// The column of this name has this many different whole numbers.
    WholeNumbers(String, usize),
}

impl Remark {
    /// The remark in a sentence of this language.
    pub fn words(&self, language: Language) -> String {
        match self {
            Remark::FewRows(classes) => {
                let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
                let classes = listed(language, &classes, 8);
                text!(language, "new-few-rows", classes = classes)
            }
            Remark::TwoNumbers(name) => text!(language, "new-two-numbers", name = name),
            Remark::Named(name) => text!(language, "new-named", name = name),
            Remark::Counts(name) => text!(language, "new-counts", name = name),
            Remark::WholeNumbers(name, count) => {
                text!(language, "new-whole-numbers", name = name, count = *count)
            }
        }
    }
}

/// The goal of learning a column, from its rows with a value.
///
/// # Errors
/// If nothing can be learnt from it; the problem has the reason.
pub fn goal(target: &Column) -> Result<Goal, Problem> {
    let name = &target.name;
    let (known, different) = (target.known(), target.different());
    let refuse = |why: String| {
        Err(Problem::new(format!("the target `{name}` {why}"))
            .note("name another column: --target COLUMN"))
    };
    if known < 2 {
        return refuse(format!("has a value in {known} rows only"));
    }
    if different < 2 {
        return refuse("has only one value: there is nothing to learn".to_owned());
    }
    if target.is_number {
        return match target.not_computable() {
            Some(why) => refuse(why.words(Language::English)),
            None => Ok(of_numbers(target)),
        };
    }
    let counts = target.counts();
    let learnable = counts.iter().filter(|&&rows| rows >= ROWS_OF_A_CLASS);
    match different {
        2 => Ok(Goal::Binary),
        _ if different > MOST_CATEGORIES
            && (different > MOST_CLASSES || known < ROWS_OF_ONE_OF_MANY * different) =>
        {
            refuse(format!(
                "holds words of {different} different values in {known} rows: more than {MOST_CATEGORIES} need {ROWS_OF_ONE_OF_MANY} rows of each"
            ))
        }
        _ if known < ROWS_OF_A_CLASS * different || learnable.count() < 2 => refuse(format!(
            "has {different} different words in {known} rows: too few rows of each"
        )),
        _ => Ok(Goal::Classes {
            count: different,
            remark: of_few_rows(target),
        }),
    }
}

/// The remark on classes with too few rows.
fn of_few_rows(target: &Column) -> Option<Remark> {
    let words = target.words();
    let few: Vec<String> = words
        .iter()
        .filter(|(_, rows)| *rows < ROWS_OF_A_CLASS)
        .map(|(word, rows)| format!("`{word}` ({rows})"))
        .collect();
    (!few.is_empty()).then_some(Remark::FewRows(few))
}

/// The goal for a column of numbers: classes if the numbers are indices or codes, else numbers.
fn of_numbers(target: &Column) -> Goal {
    let name = &target.name;
    let different = target.different();
    let classes = |remark: Option<Remark>| Goal::Classes {
        count: different,
        remark,
    };
    let numbers = |remark: Remark| Goal::Numbers {
        remark: Some(remark),
    };
    if !target.is_whole() || different > MOST_CLASSES {
        return Goal::Numbers { remark: None };
    }
    let counts = target.number_counts();
    let first = counts[0].0;
    let in_turn = counts
        .iter()
        .enumerate()
        .all(|(index, (number, _))| *number == first + index as f64);
    let has_zero = counts.iter().any(|(number, _)| *number == 0.0);
    // The numbers are names of classes, or their indices from 0 without a gap.
    let are_names = !has_zero || (in_turn && first == 0.0);
    if different == 2 {
        return match (first == 0.0 && in_turn, are_names) {
            (true, _) => Goal::Binary,
            (_, true) => classes(None),
            _ => numbers(Remark::TwoNumbers(name.clone())),
        };
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let least = counts.iter().map(|(_, count)| *count).min().unwrap_or(0);
    let small = name.to_lowercase();
    let says_class = CLASSES.iter().any(|word| small.contains(word));
    if says_class && are_names && different > MOST_CATEGORIES {
        return match target.known() >= ROWS_OF_ONE_OF_MANY * different && in_turn {
            true => classes(None),
            false => Goal::Numbers { remark: None },
        };
    }
    if different > MOST_CATEGORIES {
        return Goal::Numbers { remark: None };
    }
    let even = most <= 5 * least && least >= ROWS_OF_A_CLASS;
    let falls = counts.windows(2).all(|pair| pair[0].1 > pair[1].1);
    if says_class && are_names && least >= ROWS_OF_A_CLASS {
        return classes(Some(Remark::Named(name.clone())));
    }
    match (in_turn, first) {
        (true, 0.0) if even && !falls => classes(None),
        (true, 0.0) if falls => numbers(Remark::Counts(name.clone())),
        _ => numbers(Remark::WholeNumbers(name.clone(), different)),
    }
}
