//! The text of a file: its bytes, decoded with the declared encoding, and the places of its
//! records.

use std::ops::Range;
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::cells::Records;
use super::dialect::Dialect;
use problems::{Place, Problem, Source};

/// A cell of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell {
    /// A cell of a feature column.
    Feature(usize),
    /// A cell of a target column.
    Target(usize),
}

/// The text of a file with the places of its records.
#[derive(Debug)]
pub(crate) struct Text {
    pub path: PathBuf,
    pub text: String,
    pub delimiter: char,
    /// The start and the line of each data record.
    pub records: Vec<(usize, usize)>,
    pub features: Vec<usize>,
    pub targets: Vec<usize>,
}

impl Text {
    /// The place of a cell of a data record.
    pub fn place(&self, row: usize, cell: Cell) -> Place {
        let (start, line) = self.records[row];
        let mut cells = Vec::new();
        let record = Records::from(&self.text, self.delimiter, start).next(&mut cells);
        let span = record.expect("the record was read from this text").span;
        let column = match cell {
            Cell::Feature(column) => self.features[column],
            Cell::Target(column) => self.targets[column],
        };
        place(&self.path, &self.text, line, &span, &cells[column].range)
    }
}

/// The number of bytes of a record that are kept after the part that is shown.
const BEHIND: usize = 1 << 12;

/// A place in one record, which is shown as one line.
pub(super) fn place(
    path: &Path,
    text: &str,
    line: usize,
    record: &Range<usize>,
    part: &Range<usize>,
) -> Place {
    let mut end = record.end.min(part.start + BEHIND);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Place {
        source: Source::line(path, line, text[record.start..end].to_owned()),
        span: part.start - record.start..part.end.min(end) - record.start,
    }
}

/// The encoding that the bytes seem to have, by its name in the WHATWG Encoding Standard, in lower
/// case. Bytes that are valid UTF-8 are UTF-8.
pub(super) fn guessed_encoding(bytes: &[u8]) -> String {
    /// The number of bytes after which more of them would not change the result.
    const ENOUGH: usize = 1 << 20;
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            // The first byte that is not ASCII may come late, so the bytes for the guess begin at
            // its line.
            let odd = bytes.iter().position(|byte| !byte.is_ascii());
            let start = odd.map_or(0, |odd| {
                let before = bytes[..odd].iter().rposition(|&byte| byte == b'\n');
                before.map_or(0, |at| at + 1)
            });
            let end = bytes.len().min(start + ENOUGH);
            detector.feed(&bytes[start..end], end == bytes.len());
            detector.guess(None, Utf8Detection::Deny)
        }
    };
    encoding.name().to_lowercase()
}

/// The bytes as text in the declared encoding, unless a byte order mark names another one. `None`
/// if the bytes are the text already.
///
/// # Errors
/// If the bytes are not text of that encoding; the message names the first wrong byte, and the
/// encoding that would fit.
pub(super) fn decode(
    path: &Path,
    bytes: &[u8],
    dialect: &Dialect,
) -> Result<Option<String>, Problem> {
    let declared = Encoding::for_label(dialect.encoding.as_bytes())
        .expect("the plan promises a known encoding");
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let shown = path.display();
    if declared == UTF_8 && marked.is_none_or(|encoding| encoding == UTF_8) {
        return match std::str::from_utf8(bytes) {
            Ok(_) => Ok(None),
            Err(error) => Err(wrong_byte(path, bytes, error.valid_up_to())),
        };
    }
    if declared == UTF_8 {
        let name = marked.map_or("UTF-16LE", Encoding::name);
        return Err(
            Problem::new(format!("{shown} is {name} text")).note(format!(
                "add this to [data]: encoding = \"{}\"",
                name.to_lowercase()
            )),
        );
    }
    let (text, _, wrong) = declared.decode(bytes);
    if wrong {
        let line = text.lines().position(|line| line.contains('\u{fffd}'));
        let guess = guessed_encoding(bytes);
        let problem = Problem::new(format!(
            "{shown}, line {}: this is no {} text",
            line.unwrap_or(0) + 1,
            declared.name()
        ));
        return Err(if Encoding::for_label(guess.as_bytes()) == Some(declared) {
            problem
        } else {
            problem.note(format!("it may be encoding = \"{guess}\""))
        });
    }
    Ok(Some(text.into_owned()))
}

/// The problem of a byte at `at` that is not UTF-8.
fn wrong_byte(path: &Path, bytes: &[u8], at: usize) -> Problem {
    let start = bytes[..at]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |before| before + 1);
    let line = bytes[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let end = bytes[at..]
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(bytes.len(), |length| at + length);
    let text = String::from_utf8_lossy(&bytes[start..end])
        .trim_end()
        .to_owned();
    let at = at - start;
    let place = Place {
        source: Source::line(path, line, text),
        span: at..at + '\u{fffd}'.len_utf8(),
    };
    Problem::at(
        place,
        format!("{} is not UTF-8 text", path.display()),
        "this byte is none of UTF-8",
    )
    .note(format!(
        "it seems to be another encoding; add this to [data]: encoding = \"{}\"",
        guessed_encoding(bytes)
    ))
}
