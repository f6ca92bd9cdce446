//! The problems of rows and cells, in words.

use std::path::Path;

use super::cells::{Record, Span, content};
use super::dialect::Dialect;
use super::header::Heading;
pub(super) use super::malformed::malformed;
use super::place;
use ::problems::{Place, Problem};

/// The problem of a record with fewer or more cells than the header.
pub(super) fn length(header: &Heading, record: &Record, cells: &[Span]) -> Problem {
    uneven(header.path, header.text, record, cells, &header.names)
}

/// The problem of a record whose number of cells is not that of these names.
pub(super) fn uneven(
    path: &Path,
    text: &str,
    record: &Record,
    cells: &[Span],
    names: &[String],
) -> Problem {
    let expected = names.len();
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
        let lacking: Vec<String> = names[found..]
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
        place(path, text, record.line, &record.span, &part),
        message(found),
        label,
    )
}

/// The problem of a missing cell.
pub(super) fn missing(
    header: &Heading,
    column: usize,
    record: &Record,
    cells: &[Span],
    is_feature: bool,
    is_number: bool,
) -> Problem {
    let name = &header.names[column];
    let part = &cells[column].range;
    let place = place(header.path, header.text, record.line, &record.span, part);
    let value = content(header.text, &cells[column]);
    let message = match value.as_ref() {
        "" => format!("a cell of column `{name}` is empty"),
        word => format!("a cell of column `{name}` is missing: `{word}`"),
    };
    let problem = Problem::at(place, message, "a value is missing here");
    match (is_feature, is_number) {
        (false, _) => {
            problem.note("a target is never filled; missing = \"drop\" leaves such rows out")
        }
        (true, true) => problem.note(
            "missing = \"drop\" leaves such rows out, missing = \"mean\" or \"median\" fills them with that of the training part",
        ),
        (true, false) => problem.note(
            "missing = \"drop\" leaves such rows out, missing = \"category\" makes a category of what is missing",
        ),
    }
}

/// The problem of a cell that is not a finite number.
pub(super) fn number(
    place: Place,
    value: &str,
    column: &str,
    is_feature: bool,
    dialect: &Dialect,
) -> Problem {
    let lower = value.trim_start_matches(['+', '-']).to_lowercase();
    let parsed = dialect.number(value);
    if parsed.is_some() && ["nan", "inf", "infinity"].contains(&lower.as_str()) {
        return Problem::at(
            place,
            format!("`{value}` in column `{column}` is not a finite number"),
            "expected a finite number",
        )
        .note(format!(
            "if it stands for a missing value: missing_values = [\"{value}\"]"
        ));
    }
    if parsed.is_some() {
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
    let unknown = [
        "na", "n/a", "none", "null", "?", ".", "-", "missing", "unknown", "9999",
    ];
    if unknown.contains(&value.to_lowercase().as_str()) {
        problem.note(format!(
            "if it stands for a missing value: missing_values = [\"{value}\"]"
        ))
    } else if dialect.decimal == '.' && value.replacen(',', ".", 1).parse::<f64>().is_ok() {
        problem.note("decimal = \",\" reads a comma before the decimals, thousands = \",\" one between groups of three digits")
    } else if is_feature {
        problem.note("a column of words can be named in `categorical`, or left out with `exclude`")
    } else {
        problem.note("classes with names need loss = \"cross_entropy\", or \"bce\" for two")
    }
}
