//! Problems of records that cannot be divided into cells.

use std::ops::Range;
use std::path::Path;

use super::cells::{Malformed, Record};
use super::place;
use ::problems::Problem;

/// The problem of a record that cannot be divided into cells.
pub(super) fn malformed(
    path: &Path,
    text: &str,
    record: &Record,
    malformed: &Malformed,
) -> Problem {
    let at = |range: &Range<usize>| {
        // The problem names the line of the mistake, since a record with an open quote may reach to
        // the end of the file.
        let before = &text[record.span.start..range.start];
        let lines = before.replace("\r\n", "\n").matches(['\n', '\r']).count();
        let start = before
            .rfind(['\n', '\r'])
            .map_or(record.span.start, |at| record.span.start + at + 1);
        place(path, text, record.line + lines, &(start..range.end), range)
    };
    match malformed {
        Malformed::Unclosed(range) => Problem::at(
            at(range),
            "a quote is opened but never closed",
            "opened here",
        )
        .note("a quote within a quoted cell is doubled: \"\""),
        Malformed::Behind(range) => Problem::at(
            at(range),
            "there is text behind a closing quote",
            "expected a delimiter or the end of the line",
        )
        .note("a quote within a quoted cell is doubled: \"\""),
    }
}
