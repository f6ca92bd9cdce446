//! The dialect of a table of text: the marks between its cells, the form of its numbers, and the
//! words for missing values.

use std::borrow::Cow;

use choices::choices;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

/// The words for a missing value in all columns, beside the empty cell.
pub const MISSING: [&str; 8] = ["NA", "N/A", "#N/A", "<NA>", "NaN", "nan", "null", "NULL"];

/// The words for a missing value in columns of numbers; in other columns they are words.
pub const MISSING_NUMBER: [&str; 4] = ["?", ".", "-", "None"];

/// The dialect of a table of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    /// The character between two cells, which is ASCII.
    pub delimiter: char,
    /// The decimal mark of numbers: a point or a comma.
    pub decimal: char,
    /// The mark between groups of three digits, if there is one.
    pub thousands: Option<char>,
    /// The label of the text's encoding in the WHATWG Encoding Standard.
    pub encoding: String,
    /// The meaning of the first line.
    pub header: Header,
    /// The names of the columns, if the file has no line of names.
    pub names: Vec<String>,
    /// The words for a missing value, beside the empty cell; `None` for [`MISSING`], and for
    /// [`MISSING_NUMBER`] in columns of numbers.
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

/// The meaning of the first line of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Header {
    /// The line has names. It is refused if it looks like the rows below.
    #[default]
    Expected,
    /// The line has names, even if it looks like the rows below.
    Declared,
    /// The line is the first row.
    None,
}

/// Whether a word is a label of the WHATWG Encoding Standard.
pub fn is_encoding(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()).is_some()
}

impl Default for Dialect {
    /// The dialect of RFC 4180 in UTF-8, with a decimal point.
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
    /// Whether it is the default dialect.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a character can be a delimiter: it is ASCII, and not part of a number, a word or a
    /// quotation.
    pub fn is_delimiter(mark: char) -> bool {
        mark.is_ascii()
            && !mark.is_ascii_alphanumeric()
            && !['"', '\r', '\n', '.', '-', '+'].contains(&mark)
    }

    /// Whether a character can be between groups of digits: it is not part of a number.
    pub fn is_thousands_mark(mark: char) -> bool {
        !mark.is_alphanumeric() && !['"', '\r', '\n', '-', '+'].contains(&mark)
    }

    /// Whether a table can have this dialect. A plan promises it, and a stored model must have it.
    pub fn is_possible(&self) -> bool {
        let thousands = |mark: char| Self::is_thousands_mark(mark) && mark != self.decimal;
        Self::is_delimiter(self.delimiter)
            && ['.', ','].contains(&self.decimal)
            && self.thousands.is_none_or(thousands)
            && is_encoding(&self.encoding)
    }

    /// Whether a cell is a missing value, in a column of numbers or of words.
    pub fn is_missing(&self, cell: &str, numbers: bool) -> bool {
        if cell.is_empty() {
            return true;
        }
        match &self.missing_values {
            Some(words) => words.iter().any(|word| word == cell),
            None => MISSING.contains(&cell) || (numbers && MISSING_NUMBER.contains(&cell)),
        }
    }

    /// The number in a cell, which may be infinite or NaN.
    pub fn number(&self, cell: &str) -> Option<f64> {
        self.plain(cell)?.parse().ok()
    }

    /// A number in the form of programs: without groups, with a decimal point. `None` if it has
    /// groups of another length than three, or a point where the decimal mark is a comma.
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

    /// This dialect, with the marks of cells and numbers from another.
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

    /// The lines of `[data]` that change this dialect into another.
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
