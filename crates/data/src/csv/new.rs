//! Tables of new data for a trained model: a row that cannot be read is set aside, and the others
//! are kept.

use std::path::Path;
use std::sync::Arc;

use super::cells::{Malformed, Record, Records, Span, content};
use super::dialect::{Dialect, Header};
use super::header::{self, Columns, Heading};
use super::{
    Cells, NumberColumns, Unreadable, Wanted, keeps_words, number, problems, raw, refuse_foreign,
    seen, text,
};
use crate::fault::{Fault, Reason};
use crate::raw::{Collected, Raw};
use ::problems::{Problem, Problems};

/// The readable rows of a table, and the faults of the others.
pub(crate) struct NewRows {
    /// The readable rows. Missing targets are NaN or the empty word.
    pub raw: Raw,
    /// The number of each of these rows among all rows.
    pub numbers: Vec<usize>,
    /// The faults of the rows that cannot be predicted, in the order of the rows.
    pub faults: Vec<Fault>,
    /// The number of all rows.
    pub count: usize,
    /// The differences between the table's dialect and that of the training data, as lines of
    /// `[data]`; empty if there are none.
    pub dialect: Vec<String>,
}

/// Reads new data in the declared dialect, or, if that fails, in the dialect that it seems to have.
///
/// # Errors
/// If it is not a text, or lacks a wanted column.
pub(crate) fn read_new(path: &Path, bytes: Vec<u8>, wanted: &Wanted) -> Result<NewRows, Problems> {
    refuse_foreign(path, &bytes)?;
    let declared = table(path, &bytes, wanted);
    let is_read = |read: &Result<(NewRows, Option<String>), Problems>| {
        read.as_ref()
            .is_ok_and(|(rows, _)| !rows.raw.rows.is_empty())
    };
    let mut read = declared;
    let mut lines = Vec::new();
    if !is_read(&read) {
        let mut seen = seen(&bytes);
        seen.header = wanted.dialect.header;
        lines = wanted.dialect.lines_to(&seen);
        let as_seen = wanted.dialect.with_style_of(&seen);
        let wanted = Wanted {
            dialect: &as_seen,
            ..*wanted
        };
        if !lines.is_empty() {
            let other = table(path, &bytes, &wanted);
            let fewer = match (&other, &read) {
                (Err(other), Err(declared)) => other.len() < declared.len(),
                _ => false,
            };
            match is_read(&other) || fewer {
                true => read = other,
                false => lines.clear(),
            }
        }
    }
    let (mut rows, decoded) = read?;
    let text = Arc::get_mut(&mut rows.raw.origin)
        .and_then(|origin| origin.text.as_mut())
        .expect("the origin was just made");
    text.text = match decoded {
        Some(text) => text,
        None => String::from_utf8(bytes).expect("the text was read as UTF-8"),
    };
    rows.dialect = lines;
    Ok(rows)
}

/// The rows of a table, and its text, unless the bytes are the text already.
fn table(
    path: &Path,
    bytes: &[u8],
    wanted: &Wanted,
) -> Result<(NewRows, Option<String>), Problems> {
    let name = path.display().to_string();
    let decoded = text::decode(path, bytes, wanted.dialect)?;
    let text = match &decoded {
        Some(text) => text.as_str(),
        None => std::str::from_utf8(bytes).expect("the text was read as UTF-8"),
    };
    let dialect = with_names(text, wanted)?;
    let wanted = &Wanted {
        dialect: &dialect,
        ..*wanted
    };
    let mut found = Collected::default();
    let mut records = Records::new(text, dialect.delimiter);
    let header = header::read(path, text, &mut records, &dialect, &mut found)?;
    let columns = header.columns(wanted, &mut found);
    if !found.is_empty() && header.looks_like_a_row() {
        let names = wanted.features.into_iter().flatten();
        let names: Vec<&str> = names.map(String::as_str).collect();
        let message = "the first line is a row, not the columns' names";
        return Err(header
            .at_first_line(message, "it must name them")
            .note(format!(
                "write a line above it: {}",
                names.join(&dialect.delimiter.to_string())
            ))
            .into());
    }
    found.into_result(())?;
    let (table, faults) = rows(&header, &columns, &mut records, wanted)?;
    if table.records == 0 {
        return Err(Problem::new(format!("{name} has no rows")).into());
    }
    let count = table.records;
    let mut set_aside = vec![false; count];
    faults.iter().for_each(|fault| set_aside[fault.row] = true);
    let rows = NewRows {
        raw: raw(name, &header, columns, table, wanted),
        numbers: (0..count).filter(|&row| !set_aside[row]).collect(),
        faults,
        count,
        dialect: Vec::new(),
    };
    Ok((rows, decoded))
}

/// The dialect with the column names of a table without a line of names: those of the training
/// data, with or without its targets.
fn with_names(text: &str, wanted: &Wanted) -> Result<Dialect, Problem> {
    let mut dialect = wanted.dialect.clone();
    let super::Targets::IfThere(targets) = wanted.targets else {
        return Ok(dialect);
    };
    if dialect.header != Header::None {
        return Ok(dialect);
    }
    let mut cells = Vec::new();
    Records::new(text, dialect.delimiter).next(&mut cells);
    let is_target = |name: &String| targets.contains(name);
    if dialect.names.is_empty() {
        let features = wanted.features.unwrap_or(&[]);
        let last = features.iter().chain(targets).filter_map(|name| {
            let number = name.strip_prefix("column")?;
            number.parse::<usize>().ok()
        });
        let last = last.max().unwrap_or(0);
        let all_used = last == features.len() + targets.len();
        if all_used && cells.len() == features.len() {
            dialect.names = features.to_vec();
        }
    } else if cells.len() + targets.len() == dialect.names.len() {
        dialect.names.retain(|name| !is_target(name));
    } else if !cells.is_empty() && cells.len() != dialect.names.len() {
        return Err(Problem::new(format!(
            "the model was trained on rows of {} cells ({}), but a row of this table has {}",
            dialect.names.len(),
            dialect.names.join(", "),
            cells.len()
        ))
        .note("the targets may be left out"));
    }
    Ok(dialect)
}

/// Reads the rows below the header.
fn rows(
    header: &Heading,
    columns: &Columns,
    records: &mut Records,
    wanted: &Wanted,
) -> Result<(Cells, Vec<Fault>), Problem> {
    let mut table = Cells::of(columns);
    let mut faults = Vec::new();
    let words = keeps_words(wanted.words, columns.targets.len());
    let numbers = NumberColumns::of(header, columns, records.clone(), words, wanted.dialect);
    let mut cells = Vec::new();
    while let Some(record) = records.next(&mut cells) {
        let row = table.records;
        table.records += 1;
        let mut set_aside = |column: Option<usize>, reason: Reason| {
            faults.push(Fault {
                row,
                line: Some(record.line),
                column,
                reason,
            });
        };
        if let Some(reason) = not_a_row(header, &record, &cells)? {
            set_aside(None, reason);
            continue;
        }
        let x_length = table.x.len();
        let mut fault = None;
        let features = columns.features.iter().zip(&mut table.feature_words);
        for (index, (&column, words)) in features.enumerate() {
            let cell = content(header.text, &cells[column]);
            let among_numbers = numbers.is(column, words.is_none());
            match number(&cell, words.as_mut(), true, among_numbers, wanted) {
                Ok(number) => table.x.push(number),
                Err(why) => {
                    let reason = match why {
                        Unreadable::Missing => Reason::Missing,
                        Unreadable::NotANumber => Reason::NotANumber,
                    };
                    fault = Some((Some(index), reason));
                    break;
                }
            }
        }
        if let Some((column, reason)) = fault {
            set_aside(column, reason);
            table.x.truncate(x_length);
            continue;
        }
        for &column in &columns.targets {
            let cell = content(header.text, &cells[column]);
            let among_numbers = numbers.is(column, !words);
            let target = match words {
                true => {
                    let words = &mut table.target_words;
                    let known = number(&cell, Some(words), false, among_numbers, wanted);
                    known.unwrap_or_else(|_| words.number("") as f64)
                }
                false => number(&cell, None, false, true, wanted).unwrap_or(f64::NAN),
            };
            table.y.push(target);
        }
        table.starts.push((record.span.start, record.line));
    }
    Ok((table, faults))
}

/// The reason why a record is not a row of this table; `None` if it is.
///
/// # Errors
/// If a quote has no end, so that the cells after it are unknown.
fn not_a_row(header: &Heading, record: &Record, cells: &[Span]) -> Result<Option<Reason>, Problem> {
    let expected = header.names.len();
    match &record.malformed {
        Some(malformed @ Malformed::Unclosed(_)) => Err(problems::malformed(
            header.path,
            header.text,
            record,
            malformed,
        )),
        Some(Malformed::Behind(_)) => Ok(Some(Reason::BrokenQuotes)),
        None if cells.len() < expected => Ok(Some(Reason::TooFewCells)),
        None if cells.len() > expected => Ok(Some(Reason::TooManyCells)),
        None => Ok(None),
    }
}
