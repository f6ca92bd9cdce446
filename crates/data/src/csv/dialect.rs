//! How a table of text is written: what parts its cells, what its numbers look like, and what
//! stands for a value that is missing.

use std::borrow::Cow;

use choices::choices;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

/// What stands for a missing value wherever it is met, beside the empty cell.
pub const MISSING: [&str; 8] = ["NA", "N/A", "#N/A", "<NA>", "NaN", "nan", "null", "NULL"];

/// What stands for a missing value among numbers alone, since elsewhere it is a word.
pub const MISSING_NUMBER: [&str; 4] = ["?", ".", "-", "None"];

/// How a table of text is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    /// Between two cells; an ASCII character.
    pub delimiter: char,
    /// Before a number's decimals: a point or a comma.
    pub decimal: char,
    /// Between groups of three digits, if anything.
    pub thousands: Option<char>,
    /// The label of the text's encoding in the WHATWG Encoding Standard.
    pub encoding: String,
    /// What the first line is.
    pub header: Header,
    /// The columns' names where no line of the file has them.
    pub names: Vec<String>,
    /// What stands for a missing value, beside the empty cell, which always does; `None`:
    /// [`MISSING`], and among numbers [`MISSING_NUMBER`].
    pub missing_values: Option<Vec<String>>,
}

choices! {
    /// What stands before a number's decimals.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecimalMark {
        /// As in 1.5
        Point = ".",
        /// As in 1,5
        Comma = ",",
    }
}

/// What the first line of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// Names, unless it looks as the rows do: then it is refused.
    #[default]
    Expected,
    /// Names, whatever it looks like.
    Declared,
    /// The first row.
    None,
}

/// Whether a word is a label of the WHATWG Encoding Standard.
pub fn is_encoding(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()).is_some()
}

impl Default for Dialect {
    /// RFC 4180 in UTF-8, with a decimal point.
    fn default() -> Self {
        Self {
            delimiter: ',',
            decimal: '.',
            thousands: None,
            encoding: "utf-8".to_owned(),
            header: Header::default(),
            names: Vec::new(),
            missing_values: None,
        }
    }
}

impl Dialect {
    /// Whether it is the one that holds where nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a character can stand between cells: one of ASCII that is no part of a number, a word or a
    /// quotation.
    pub fn is_delimiter(mark: char) -> bool {
        mark.is_ascii()
            && !mark.is_ascii_alphanumeric()
            && !['"', '\r', '\n', '.', '-', '+'].contains(&mark)
    }

    /// Whether a character can stand between groups of digits: one that is no part of a number.
    pub fn is_thousands_mark(mark: char) -> bool {
        !mark.is_alphanumeric() && !['"', '\r', '\n', '-', '+'].contains(&mark)
    }

    /// Whether a table can be written so: what a plan promises, and what a stored model must keep.
    pub fn is_possible(&self) -> bool {
        let thousands = |mark: char| Self::is_thousands_mark(mark) && mark != self.decimal;
        Self::is_delimiter(self.delimiter)
            && ['.', ','].contains(&self.decimal)
            && self.thousands.is_none_or(thousands)
            && is_encoding(&self.encoding)
    }

    /// Whether a cell stands for a missing value, in a column of numbers or of words.
    pub fn is_missing(&self, cell: &str, numbers: bool) -> bool {
        if cell.is_empty() {
            return true;
        }
        match &self.missing_values {
            Some(words) => words.iter().any(|word| word == cell),
            None => MISSING.contains(&cell) || (numbers && MISSING_NUMBER.contains(&cell)),
        }
    }

    /// The number that a cell says, infinities and NaN included.
    pub fn number(&self, cell: &str) -> Option<f64> {
        self.plain(cell)?.parse().ok()
    }

    /// A number as programs write it: without groups, with a decimal point. `None` if it has groups
    /// of other than three digits, or a point where commas stand before decimals.
    fn plain<'a>(&self, cell: &'a str) -> Option<Cow<'a, str>> {
        if self.decimal == '.' && self.thousands.is_none() {
            return Some(Cow::Borrowed(cell));
        }
        let (whole, decimals) = match cell.split_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (cell, None),
        };
        let whole = match self.thousands {
            Some(mark) if whole.contains(mark) => {
                let digits = whole.trim_start_matches(['+', '-']);
                let mut groups = digits.split(mark);
                let first = groups.next()?;
                let is_group = |group: &str| {
                    group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit())
                };
                let starts = (1..=3).contains(&first.len())
                    && first.bytes().all(|byte| byte.is_ascii_digit());
                if !starts || !groups.all(is_group) {
                    return None;
                }
                Cow::Owned(whole.replace(mark, ""))
            }
            _ => Cow::Borrowed(whole),
        };
        let stray = |part: &str| self.decimal != '.' && part.contains('.');
        if stray(&whole) || decimals.is_some_and(stray) {
            return None;
        }
        Some(match decimals {
            Some(decimals) => Cow::Owned(format!("{whole}.{decimals}")),
            None => whole,
        })
    }

    /// This dialect, with the cells' and numbers' style of another.
    pub fn with_style_of(&self, other: &Dialect) -> Dialect {
        Dialect {
            delimiter: other.delimiter,
            decimal: other.decimal,
            thousands: other.thousands.or(self.thousands),
            encoding: other.encoding.clone(),
            header: match other.header {
                Header::Expected => self.header,
                header => header,
            },
            ..self.clone()
        }
    }

    /// The lines of `[data]` that say what another dialect says otherwise than this one.
    pub fn lines_to(&self, other: &Dialect) -> Vec<String> {
        let quoted = |text: &str| {
            let escaped: String = text
                .chars()
                .map(|c| match c {
                    '\t' => "\\t".to_owned(),
                    '"' => "\\\"".to_owned(),
                    '\\' => "\\\\".to_owned(),
                    c => c.to_string(),
                })
                .collect();
            format!("\"{escaped}\"")
        };
        let mut lines = Vec::new();
        if self.encoding != other.encoding {
            lines.push(format!("encoding = {}", quoted(&other.encoding)));
        }
        if self.delimiter != other.delimiter {
            lines.push(format!(
                "delimiter = {}",
                quoted(&other.delimiter.to_string())
            ));
        }
        if self.decimal != other.decimal {
            lines.push(format!("decimal = {}", quoted(&other.decimal.to_string())));
        }
        if self.thousands != other.thousands
            && let Some(mark) = other.thousands
        {
            lines.push(format!("thousands = {}", quoted(&mark.to_string())));
        }
        if self.header != other.header {
            match other.header {
                Header::None => lines.push("header = false".to_owned()),
                Header::Declared => lines.push("header = true".to_owned()),
                Header::Expected => {}
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(decimal: char, thousands: Option<char>) -> Dialect {
        Dialect {
            decimal,
            thousands,
            ..Dialect::default()
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_declared_to_be_written() {
        let point = Dialect::default();
        assert_eq!(point.number("1.5e3"), Some(1500.0));
        assert_eq!(point.number("1,5"), None);
        let comma = written(',', Some('.'));
        assert_eq!(comma.number("-1.234.567,25"), Some(-1_234_567.25));
        assert_eq!(comma.number("12,5"), Some(12.5));
        assert_eq!(comma.number("1234,5"), Some(1234.5));
        assert_eq!(comma.number("1,5e-3"), Some(0.0015));
        for wrong in ["1.5", "1.2345,5", "12.34.567", "1,5,5", ".123", "1,234.5"] {
            assert_eq!(comma.number(wrong), None, "{wrong}");
        }
        let english = written('.', Some(','));
        assert_eq!(english.number("1,234,567.5"), Some(1_234_567.5));
        assert_eq!(english.number("1,23"), None);
        let decimal_alone = written(',', None);
        assert_eq!(decimal_alone.number("1.5"), None);
        assert_eq!(decimal_alone.number(",5"), Some(0.5));
    }

    #[test]
    fn what_is_missing_among_numbers_can_be_a_word_elsewhere() {
        let dialect = Dialect::default();
        assert!(
            ["", "NA", "null"]
                .iter()
                .all(|cell| dialect.is_missing(cell, false))
        );
        assert!(dialect.is_missing("?", true) && !dialect.is_missing("?", false));
        assert!(!dialect.is_missing("na", true));
        let declared = Dialect {
            missing_values: Some(vec!["-".to_owned()]),
            ..Dialect::default()
        };
        assert!(declared.is_missing("-", false) && declared.is_missing("", false));
        assert!(!declared.is_missing("NA", false));
    }
}
