//! The reasons why a column cannot be an input.

use crate::language::Language;
use crate::text;

/// The reason why a column is left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The column has no name.
    NoName,
    /// Another column has the same name.
    Doubled,
    /// The column is empty.
    Empty,
    /// The column has only one value.
    OneValue,
    /// The column is missing in most rows.
    Missing {
        /// The number of rows without a value.
        missing: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The column is nearly constant.
    NearlyConstant {
        /// The number of rows with another value.
        others: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The column's numbers differ by rounding alone.
    Rounding {
        /// The least number.
        least: f64,
        /// The greatest number.
        most: f64,
    },
    /// The column's numbers cannot be computed with.
    NotComputable,
    /// The column has dates or times.
    Dates,
    /// The column has dates in digits.
    Days,
    /// The column has names of the rows.
    Names,
    /// The column has too many different words.
    ManyWords {
        /// The number of different words.
        words: usize,
        /// The number of rows.
        rows: usize,
    },
    /// Some of the column's words occur in too few rows.
    RareWords {
        /// The number of these words.
        count: usize,
        /// One of these words.
        word: String,
        /// The number of rows with this word.
        rows: usize,
    },
    /// The column has the name that pandas gives to row names.
    PandasName,
    /// The column numbers the rows.
    Numbers,
    /// The column numbers the rows in another order.
    NumbersShuffled,
    /// The column has a different value in each row.
    Identifier,
    /// The column has the name of an identifier.
    NamedIdentifier {
        /// The number of different values.
        values: usize,
    },
    /// The column is the target on another scale.
    Rescaled,
    /// The column is the target in other words.
    Renamed,
    /// A part has a value that the training part does not have.
    NewValue,
    /// The column has too few numbers in the training part to fill or scale it.
    Split,
}

impl Reason {
    /// The reason as a sentence in this language; its subject is the column.
    pub fn words(&self, language: Language) -> String {
        match self {
            Reason::NoName => text!(language, "left-no-name"),
            Reason::Doubled => text!(language, "left-doubled"),
            Reason::Empty => text!(language, "left-empty"),
            Reason::OneValue => text!(language, "left-one-value"),
            Reason::Missing { missing, rows } => {
                text!(language, "left-missing", missing = *missing, rows = *rows)
            }
            Reason::NearlyConstant { others, rows } => text!(
                language,
                "left-nearly-constant",
                others = *others,
                rows = *rows
            ),
            Reason::Rounding { least, most } => text!(
                language,
                "left-rounding",
                least = least.to_string(),
                most = most.to_string()
            ),
            Reason::NotComputable => text!(language, "left-not-computable"),
            Reason::Dates => text!(language, "left-dates"),
            Reason::Days => text!(language, "left-days"),
            Reason::Names => text!(language, "left-names"),
            Reason::ManyWords { words, rows } => {
                text!(language, "left-many-words", words = *words, rows = *rows)
            }
            Reason::RareWords { count, word, rows } => text!(
                language,
                "left-rare-words",
                count = *count,
                word = word,
                rows = *rows
            ),
            Reason::PandasName => text!(language, "left-pandas-name"),
            Reason::Numbers => text!(language, "left-numbers"),
            Reason::NumbersShuffled => text!(language, "left-numbers-shuffled"),
            Reason::Identifier => text!(language, "left-identifier"),
            Reason::NamedIdentifier { values } => {
                text!(language, "left-named-identifier", values = *values)
            }
            Reason::Rescaled => text!(language, "left-rescaled"),
            Reason::Renamed => text!(language, "left-renamed"),
            Reason::NewValue => text!(language, "left-new-value"),
            Reason::Split => text!(language, "left-split"),
        }
    }
}
