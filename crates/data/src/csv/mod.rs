//! Tables of text: the wanted columns by their names, every cell with its place.

mod cells;
mod dialect;
mod header;
mod look;
mod malformed;
mod new;
mod problems;
mod sniff;
mod text;

use std::path::Path;
use std::sync::Arc;

use super::raw::{self, Collected, MISSING_WORD, Origin, Raw, RawColumn, Words};
use super::{Missing, TargetKind, file, foreign};
use ::problems::{Problem, Problems};
use cells::{Records, content};
pub use dialect::{DecimalMark, Dialect, Header, MISSING, MISSING_NUMBER, is_encoding};
use header::{Columns, Heading};
pub use look::Table;
pub(super) use new::{NewRows, read_new};
use numbers::matrix::DataMatrix;
use text::place;
pub(crate) use text::{Cell, Text};

/// The wanted columns, with their purposes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The names of the features; `None` for all columns but the targets and the excluded ones.
    pub features: Option<&'a [String]>,
    /// The names of columns that are left out.
    pub exclude: &'a [String],
    /// The target columns.
    pub targets: Targets<'a>,
    /// The names of the features with categories.
    pub categorical: &'a [String],
    /// The treatment of a missing cell.
    pub missing: Missing,
    /// The dialect of the table.
    pub dialect: &'a Dialect,
    /// The kind of the targets: numbers are read as such; of classes (and of a single 0-or-1
    /// target) the words are kept.
    pub words: TargetKind,
}

/// The target columns.
#[derive(Debug, Clone, Copy)]
pub(super) enum Targets<'a> {
    /// The last column that is not excluded.
    Last,
    /// The columns of these names.
    Named(&'a [String]),
    /// The columns with these names if the file has each of them once, else none, as for new data.
    IfThere(&'a [String]),
}

/// Reads a file.
///
/// # Errors
/// If the file cannot be read; its header lacks a wanted column or names one twice; a row is too
/// short or too long; a cell is not a finite number, or is missing where that is refused. The first
/// ten problems are given with their places, and the number of the others. If the file has another
/// dialect than the declared one, the problem has the lines that declare it, and other mistakes
/// beside it.
pub(super) fn read(path: &Path, wanted: &Wanted) -> Result<Raw, Problems> {
    let bytes = file::bytes(path)?;
    refuse_foreign(path, &bytes)?;
    let problems = match table(path, &bytes, wanted) {
        Ok((mut raw, decoded)) => {
            let text = Arc::get_mut(&mut raw.origin)
                .and_then(|origin| origin.text.as_mut())
                .expect("the origin was just made");
            text.text = match decoded {
                Some(text) => text,
                None => String::from_utf8(bytes).expect("the text was read as UTF-8"),
            };
            return Ok(raw);
        }
        Err(problems) => problems,
    };
    let declared = wanted.dialect;
    let seen = seen(&bytes);
    let lines = declared.lines_to(&seen);
    if lines.is_empty() {
        return Err(problems);
    }
    let as_seen = declared.with_style_of(&seen);
    let wanted = Wanted {
        dialect: &as_seen,
        ..*wanted
    };
    let other_cells = as_seen.delimiter != declared.delimiter
        || as_seen.encoding != declared.encoding
        || as_seen.header != declared.header;
    let left = match table(path, &bytes, &wanted) {
        Ok(_) => Problems::new(),
        Err(left) if other_cells || left.len() < problems.len() => left,
        // The other form of numbers does not explain the problems, so they have another cause.
        Err(_) => return Err(problems),
    };
    let mut all = Problems::from(another_dialect(path, &bytes, &as_seen, &lines));
    left.iter().for_each(|problem| all.push(problem.clone()));
    Err(all)
}

/// Refuses a file of another program that is not a table.
fn refuse_foreign(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    match foreign::foreign(bytes) {
        None => Ok(()),
        Some((what, advice)) => Err(Problem::new(format!(
            "{} is {what}, and no table of text",
            path.display()
        ))
        .note(advice)),
    }
}

/// The dialect that the bytes seem to have.
fn seen(bytes: &[u8]) -> Dialect {
    let encoding = text::guessed_encoding(bytes);
    let as_encoded = Dialect {
        encoding: encoding.clone(),
        ..Dialect::default()
    };
    let decoded = text::decode(Path::new(""), bytes, &as_encoded).ok();
    let text = match &decoded {
        Some(Some(text)) => text,
        Some(None) => std::str::from_utf8(bytes).unwrap_or(""),
        None => "",
    };
    Dialect {
        encoding,
        ..sniff::sniff(text)
    }
}

/// The problem of a file with another dialect than the declared one; it has the lines that declare
/// it.
fn another_dialect(path: &Path, bytes: &[u8], seen: &Dialect, lines: &[String]) -> Problem {
    let message = format!(
        "{} is written in another way than `[data]` says",
        path.display()
    );
    let decoded = text::decode(path, bytes, seen).ok().flatten();
    let text = match &decoded {
        Some(text) => text,
        None => std::str::from_utf8(bytes).unwrap_or(""),
    };
    let mut cells = Vec::new();
    let first = Records::new(text, seen.delimiter).next(&mut cells);
    let problem = match first {
        Some(record) if record.span.len() <= 1000 => Problem::at(
            place(path, text, record.line, &record.span, &record.span),
            message,
            match seen.header {
                Header::None => "this first line looks like a row, not like the columns' names",
                _ => "its first line",
            },
        ),
        _ => Problem::new(message),
    };
    let problem = problem.note(format!("add to [data]:\n{}", lines.join("\n")));
    match seen.header {
        Header::None => problem.note(
            "name the columns with names = [\"…\", …]; or, if the first line does name them, add header = true",
        ),
        _ => problem,
    }
}

/// The wanted columns of a table, and its text, unless the bytes are the text already.
fn table(path: &Path, bytes: &[u8], wanted: &Wanted) -> Result<(Raw, Option<String>), Problems> {
    let name = path.display().to_string();
    let decoded = text::decode(path, bytes, wanted.dialect)?;
    let text = match &decoded {
        Some(text) => text.as_str(),
        None => std::str::from_utf8(bytes).expect("the text was read as UTF-8"),
    };
    let mut found = Collected::default();
    let mut records = Records::new(text, wanted.dialect.delimiter);
    let header = header::read(path, text, &mut records, wanted.dialect, &mut found)?;
    let columns = header.columns(wanted, &mut found);
    if found.is_empty() && header.looks_like_a_row() {
        found.push(|| header.row_problem());
    }
    found = found.go_on()?;

    let table = rows(&header, &columns, &mut records, wanted, &mut found);
    if table.starts.is_empty() && found.is_empty() {
        found.push(|| {
            Problem::new(match table.records {
                0 => format!("{name} has a header, but no rows"),
                _ => format!("every row of {name} has a missing cell, so none is left"),
            })
        });
    }
    found.into_result(())?;

    Ok((raw(name, &header, columns, table, wanted), decoded))
}

/// The raw columns of the kept cells; the owner of the text adds it.
fn raw(name: String, header: &Heading, columns: Columns, table: Cells, wanted: &Wanted) -> Raw {
    let count = table.starts.len();
    let names = |positions: &[usize]| -> Vec<String> {
        positions
            .iter()
            .map(|&position| header.names[position].clone())
            .collect()
    };
    let (x_width, y_width) = (columns.features.len(), columns.targets.len());
    let y = if y_width == 0 {
        raw::Targets::None
    } else if keeps_words(wanted.words, y_width) {
        raw::Targets::Words {
            words: table.target_words.into_list(),
            index: table.y.iter().map(|&index| index as usize).collect(),
            known: None,
        }
    } else {
        raw::Targets::Numbers(DataMatrix::new(count, y_width, table.y))
    };
    let feature_names = names(&columns.features);
    let raw_columns = feature_names
        .into_iter()
        .zip(table.feature_words)
        .map(|(name, words)| RawColumn {
            name,
            words: words.map(Words::into_list),
        })
        .collect();
    Raw {
        columns: raw_columns,
        x: DataMatrix::new(count, x_width, table.x),
        targets: names(&columns.targets),
        y,
        fill: wanted.missing.numbers,
        rows: (0..count).collect(),
        origin: Arc::new(Origin {
            name,
            text: Some(Text {
                path: header.path.to_path_buf(),
                delimiter: wanted.dialect.delimiter,
                features: columns.features,
                targets: columns.targets,
                records: table.starts,
                text: String::new(),
            }),
        }),
    }
}

/// Whether the words of this many targets are kept; otherwise they are read as numbers.
fn keeps_words(kind: TargetKind, targets: usize) -> bool {
    match kind {
        TargetKind::Numbers => false,
        TargetKind::Binary => targets == 1,
        TargetKind::Classes => true,
    }
}

/// The cells of all kept rows.
struct Cells {
    x: Vec<f64>,
    y: Vec<f64>,
    /// The start and the line of each kept row.
    starts: Vec<(usize, usize)>,
    /// The number of rows in the file.
    records: usize,
    feature_words: Vec<Option<Words>>,
    target_words: Words,
}

impl Cells {
    /// The cells of these columns, without any rows.
    fn of(columns: &Columns) -> Self {
        Self {
            x: Vec::new(),
            y: Vec::new(),
            starts: Vec::new(),
            records: 0,
            feature_words: columns
                .categorical
                .iter()
                .map(|&is| is.then(Words::default))
                .collect(),
            target_words: Words::default(),
        }
    }
}

/// Reads the rows below the header.
fn rows(
    header: &Heading,
    columns: &Columns,
    records: &mut Records,
    wanted: &Wanted,
    found: &mut Collected,
) -> Cells {
    let text = header.text;
    let mut table = Cells::of(columns);
    let words = keeps_words(wanted.words, columns.targets.len());
    let numbers = NumberColumns::of(header, columns, records.clone(), words, wanted.dialect);
    let mut cells = Vec::new();
    while let Some(record) = records.next(&mut cells) {
        table.records += 1;
        if let Some(malformed) = &record.malformed {
            found.push(|| problems::malformed(header.path, text, &record, malformed));
            continue;
        }
        if cells.len() != header.names.len() {
            found.push(|| problems::length(header, &record, &cells));
            continue;
        }
        let (x_length, y_length) = (table.x.len(), table.y.len());
        let mut dropped = false;
        let mut read = |column: usize, words: Option<&mut Words>, is_feature: bool| -> f64 {
            let value = content(text, &cells[column]);
            let is_number = words.is_none();
            let among_numbers = numbers.is(column, is_number);
            match number(&value, words, is_feature, among_numbers, wanted) {
                Ok(number) => return number,
                Err(Unreadable::Missing) if wanted.missing.drop => dropped = true,
                Err(Unreadable::Missing) => found.push_of(column, || {
                    problems::missing(header, column, &record, &cells, is_feature, is_number)
                }),
                Err(Unreadable::NotANumber) => found.push_of(column, || {
                    let part = &cells[column].range;
                    let place = place(header.path, text, record.line, &record.span, part);
                    let name = &header.names[column];
                    problems::number(place, &value, name, is_feature, wanted.dialect)
                }),
            }
            f64::NAN
        };
        for (&column, words) in columns.features.iter().zip(&mut table.feature_words) {
            table.x.push(read(column, words.as_mut(), true));
        }
        for &column in &columns.targets {
            let words = words.then_some(&mut table.target_words);
            table.y.push(read(column, words, false));
        }
        if dropped {
            table.x.truncate(x_length);
            table.y.truncate(y_length);
        } else {
            table.starts.push((record.span.start, record.line));
        }
    }
    table
}

/// The reason why a cell has no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unreadable {
    /// The cell is missing, and nothing replaces it.
    Missing,
    /// The cell is not a finite number.
    NotANumber,
}

/// The value of a cell: a number, or the index of its word. NaN stands for a number that is filled
/// later.
fn number(
    cell: &str,
    words: Option<&mut Words>,
    is_feature: bool,
    among_numbers: bool,
    wanted: &Wanted,
) -> Result<f64, Unreadable> {
    let is_missing = wanted.dialect.is_missing(cell, among_numbers);
    match words {
        None if is_missing && is_feature && wanted.missing.numbers.is_some() => Ok(f64::NAN),
        Some(words) if is_missing && is_feature && wanted.missing.category => {
            Ok(words.number(MISSING_WORD) as f64)
        }
        _ if is_missing => Err(Unreadable::Missing),
        Some(words) => Ok(words.number(cell) as f64),
        None => {
            let number = wanted.dialect.number(cell);
            number
                .filter(|number| number.is_finite())
                .ok_or(Unreadable::NotANumber)
        }
    }
}

/// The columns of words that have only numbers, so that words for missing numbers count as missing
/// in them.
struct NumberColumns(Vec<usize>);

impl NumberColumns {
    /// Reads through the rows, if any column is read as words.
    fn of(
        header: &Heading,
        columns: &Columns,
        mut records: Records,
        target_words: bool,
        dialect: &Dialect,
    ) -> Self {
        let features = columns.features.iter().zip(&columns.categorical);
        let mut left: Vec<usize> = features
            .filter(|(_, categorical)| **categorical)
            .map(|(column, _)| *column)
            .collect();
        if target_words {
            left.extend(&columns.targets);
        }
        if dialect.missing_values.is_some() {
            // The given list is the same for numbers and words.
            left.clear();
        }
        let mut cells = Vec::new();
        while !left.is_empty()
            && let Some(record) = records.next(&mut cells)
        {
            if record.malformed.is_none() && cells.len() == header.names.len() {
                left.retain(|&column| {
                    let cell = content(header.text, &cells[column]);
                    dialect.is_missing(&cell, true) || dialect.number(&cell).is_some()
                });
            }
        }
        Self(left)
    }

    /// Whether a column has only numbers. `read_so`: it is read as numbers.
    fn is(&self, column: usize, read_so: bool) -> bool {
        read_so || self.0.contains(&column)
    }
}
