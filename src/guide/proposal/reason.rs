//! Why a column cannot be an input.

use crate::language::Language;
use crate::text;

/// Why a column is left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// It has no name.
    NoName,
    /// Another column has its name.
    Doubled,
    /// It is empty.
    Empty,
    /// It has only one value.
    OneValue,
    /// It is missing in most rows.
    Missing {
        /// Rows without a value.
        missing: usize,
        /// Rows.
        rows: usize,
    },
    /// It is the same nearly everywhere.
    NearlyConstant {
        /// Rows with another value.
        others: usize,
        /// Rows.
        rows: usize,
    },
    /// Its numbers differ by rounding alone.
    Rounding {
        /// The least number.
        least: f64,
        /// The greatest number.
        most: f64,
    },
    /// Its numbers cannot be computed with.
    NotComputable,
    /// It holds dates or times.
    Dates,
    /// It holds days as digits.
    Days,
    /// It names the rows.
    Names,
    /// It holds too many different words.
    ManyWords {
        /// Different words.
        words: usize,
        /// Rows.
        rows: usize,
    },
    /// Some of its words stand in too few rows.
    RareWords {
        /// How many words these are.
        count: usize,
        /// One of them.
        word: String,
        /// Rows with this word.
        rows: usize,
    },
    /// It has the name that pandas gives to row names.
    PandasName,
    /// It numbers the rows.
    Numbers,
    /// It numbers the rows in another order.
    NumbersShuffled,
    /// It has another value in each row.
    Identifier,
    /// Its name is that of an identifier.
    NamedIdentifier {
        /// Different values.
        values: usize,
    },
    /// It is the target on another scale.
    Rescaled,
    /// It says the target in other words.
    Renamed,
    /// A part has a value that the part to train on does not have.
    NewValue,
    /// Its numbers in the part to train on are not enough to fill or to scale it.
    Split,
}

impl Reason {
    /// The reason in a sentence of this language whose subject is the column.
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
