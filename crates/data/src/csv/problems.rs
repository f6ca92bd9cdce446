//! What can be wrong with a row or a cell, in words.

use std::ops::Range;
use std::path::Path;

use super::cells::{Malformed, Record, Span};
use super::header::Header;
use super::place;
use crate::Missing;
use ::problems::{Place, Problem};

/// A record that cannot be taken apart.
pub(super) fn malformed(
    path: &Path,
    text: &str,
    record: &Record,
    malformed: &Malformed,
) -> Problem {
    let at = |range: &Range<usize>| {
        // The line that holds it: a record with an open quote may go on to the end of the file.
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
            "expected a comma or the end of the line",
        )
        .note("a quote within a quoted cell is doubled: \"\""),
    }
}

/// A record with fewer or more cells than the header.
pub(super) fn length(header: &Header, record: &Record, cells: &[Span]) -> Problem {
    let expected = header.names.len();
    let noun = |count: usize| if count == 1 { "cell" } else { "cells" };
    let (found, message) = (cells.len(), |found: usize| {
        format!(
            "this row has {found} {}, the header has {expected}",
            noun(found)
        )
    });
    let (part, label) = if found > expected {
        let extra = cells[expected].range.start..cells[found - 1].range.end;
        (extra, "more than the header names".to_owned())
    } else {
        let lacking: Vec<String> = header.names[found..]
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let label = match lacking.len() {
            1..=3 => format!("{} missing", lacking.join(", ")),
            n => format!("{n} cells are missing"),
        };
        (record.span.clone(), label)
    };
    Problem::at(
        place(header.path, header.text, record.line, &record.span, &part),
        message(found),
        label,
    )
}

/// An empty cell.
pub(super) fn empty(
    header: &Header,
    column: usize,
    record: &Record,
    cells: &[Span],
    missing: Missing,
    is_feature: bool,
) -> Problem {
    let name = &header.names[column];
    let part = &cells[column].range;
    let place = place(header.path, header.text, record.line, &record.span, part);
    let problem = Problem::at(
        place,
        format!("a cell of column `{name}` is empty"),
        "a value is missing here",
    );
    match (missing, is_feature) {
        (Missing::Mean, true) => problem.note("a categorical column has no mean to fill it with; missing = \"drop\" leaves such rows out"),
        (Missing::Mean, false) => problem.note("a target is never filled; missing = \"drop\" leaves such rows out"),
        _ => problem.note("missing = \"drop\" leaves such rows out, missing = \"mean\" fills them with the mean of the training part"),
    }
}

/// A cell that is no finite number.
pub(super) fn number(place: Place, value: &str, column: &str, is_feature: bool) -> Problem {
    let lower = value.trim_start_matches(['+', '-']).to_lowercase();
    let parsed = value.parse::<f64>();
    if parsed.is_ok() && ["nan", "inf", "infinity"].contains(&lower.as_str()) {
        return Problem::at(
            place,
            format!("`{value}` in column `{column}` is not a finite number"),
            "expected a finite number",
        )
        .note("a value that is missing is written as an empty cell");
    }
    if parsed.is_ok() {
        return Problem::at(
            place,
            format!("`{value}` in column `{column}` is too large"),
            "beyond 1.8e308",
        );
    }
    let problem = Problem::at(
        place,
        format!("`{value}` in column `{column}` is not a number"),
        "expected a number",
    );
    if ["na", "n/a", "null", "none", "?", "-", "missing"].contains(&value.to_lowercase().as_str()) {
        problem.note("a value that is missing is written as an empty cell")
    } else if value.replacen(',', ".", 1).parse::<f64>().is_ok() {
        problem.note("a number is written with a decimal point, not a comma")
    } else if is_feature {
        problem.note("a column of words can be named in `categorical`, or left out with `exclude`")
    } else {
        problem.note("classes with names need loss = \"cross_entropy\", or \"bce\" for two")
    }
}
