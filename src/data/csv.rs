//! CSV files with a header: the wanted columns by their names, every cell with its place.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cells::{Malformed, Record, Records, Span, content};
use super::raw::{Cell, Collected, Origin, Raw, RawColumn, Targets, Words, matrix_of};
use super::{Missing, TargetKind, file};
use crate::error::{Place, Problem, Problems, Source, nearest};

/// Which columns are wanted, and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Names of the features; `None`: all but the targets and the excluded.
    pub features: Option<&'a [String]>,
    /// Names of columns that are left out.
    pub exclude: &'a [String],
    /// Names of the targets; `None`: the last column; none at all: new data.
    pub targets: Option<&'a [String]>,
    /// Which features hold categories.
    pub categorical: &'a [String],
    /// What becomes of a row with an empty cell.
    pub missing: Missing,
    /// Numbers are read as such; of classes (and of a single 0-or-1 target) the words are kept.
    pub words: TargetKind,
}

/// The text of a file and where its records are.
#[derive(Debug)]
pub(super) struct Text {
    path: PathBuf,
    text: String,
    /// Start and line of each data record.
    records: Vec<(usize, usize)>,
    features: Vec<usize>,
    targets: Vec<usize>,
}

impl Text {
    /// Where a cell of a data record stands.
    pub fn place(&self, row: usize, cell: Cell) -> Place {
        let (start, line) = self.records[row];
        let mut cells = Vec::new();
        let record = Records::from(&self.text, start).next(&mut cells);
        let span = record.expect("the record was read from this text").span;
        let column = match cell {
            Cell::Feature(column) => self.features[column],
            Cell::Target(column) => self.targets[column],
        };
        place(&self.path, &self.text, line, &span, &cells[column].range)
    }
}

/// A place in one record, which is shown as the line.
fn place(
    path: &Path,
    text: &str,
    line: usize,
    record: &Range<usize>,
    part: &Range<usize>,
) -> Place {
    Place {
        source: Source::line(path, line, text[record.clone()].to_owned()),
        span: part.start - record.start..part.end - record.start,
    }
}

/// The header: names, and where they stand.
struct Header<'a> {
    path: &'a Path,
    text: &'a str,
    record: Record,
    cells: Vec<Span>,
    names: Vec<String>,
}

impl Header<'_> {
    fn place(&self, column: usize) -> Place {
        place(
            self.path,
            self.text,
            self.record.line,
            &self.record.span,
            &self.cells[column].range,
        )
    }

    fn whole(&self) -> Place {
        place(
            self.path,
            self.text,
            self.record.line,
            &self.record.span,
            &self.record.span,
        )
    }

    /// The position of a column, or a problem that names the nearest.
    fn find(&self, name: &str, found: &mut Collected) -> Option<usize> {
        let position = self.names.iter().position(|column| column == name);
        if position.is_none() {
            found.push(|| {
                let message = format!("there is no column `{name}`");
                let names = || self.names.iter().map(String::as_str);
                match nearest(name, names()) {
                    Some(right) => {
                        let column = names().position(|column| column == right);
                        let column = column.expect("the nearest name is one of the names");
                        Problem::at(
                            self.place(column),
                            message,
                            format!("did you mean `{right}`?"),
                        )
                    }
                    None => Problem::at(self.whole(), message, "these are the columns"),
                }
            });
        }
        position
    }
}

/// Which of the header's columns are features and targets.
struct Columns {
    features: Vec<usize>,
    categorical: Vec<bool>,
    targets: Vec<usize>,
}

/// Reads a file.
///
/// # Errors
/// The file cannot be read; its header lacks a wanted column or names one twice; a row is too short
/// or too long; a cell is no finite number, or empty where that is refused. Each with its place;
/// the first ten, and how many more there are.
pub(super) fn read(path: &Path, wanted: &Wanted) -> Result<Raw, Problems> {
    let name = path.display().to_string();
    let text = utf8(path, file::bytes(path)?)?;
    let mut found = Collected::default();
    let mut records = Records::new(&text);
    let header = header(path, &text, &mut records, &mut found)?;
    let columns = columns(&header, wanted, &mut found);
    if !found.is_empty() {
        return found
            .into_result((), &name)
            .map(|()| unreachable!("there is a problem"));
    }

    let table = rows(&header, &columns, &mut records, wanted, &mut found);
    if table.starts.is_empty() && found.is_empty() {
        found.push(|| {
            Problem::new(match table.records {
                0 => format!("{name} has a header, but no rows"),
                _ => format!("every row of {name} has an empty cell, so none is left"),
            })
        });
    }
    found.into_result((), &name)?;

    let count = table.starts.len();
    let names = |positions: &[usize]| -> Vec<String> {
        positions
            .iter()
            .map(|&position| header.names[position].clone())
            .collect()
    };
    let (x_width, y_width) = (columns.features.len(), columns.targets.len());
    let y = if y_width == 0 {
        Targets::None
    } else if keeps_words(wanted.words, y_width) {
        Targets::Words {
            words: table.target_words.into_list(),
            index: table.y.iter().map(|&index| index as usize).collect(),
            known: None,
        }
    } else {
        Targets::Numbers(matrix_of(count, y_width, table.y))
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
    let targets = names(&columns.targets);
    Ok(Raw {
        columns: raw_columns,
        x: matrix_of(count, x_width, table.x),
        targets,
        y,
        fill: wanted.missing == Missing::Mean,
        rows: (0..count).collect(),
        origin: Arc::new(Origin {
            name,
            text: Some(Text {
                path: path.to_path_buf(),
                features: columns.features,
                targets: columns.targets,
                records: table.starts,
                text,
            }),
        }),
    })
}

/// Whether the words of so many targets are kept, rather than read as numbers.
fn keeps_words(kind: TargetKind, targets: usize) -> bool {
    match kind {
        TargetKind::Numbers => false,
        TargetKind::Binary => targets == 1,
        TargetKind::Classes => true,
    }
}

/// The bytes as text.
fn utf8(path: &Path, bytes: Vec<u8>) -> Result<String, Problem> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Problem::new(format!(
            "{} is UTF-16 text: save it as UTF-8",
            path.display()
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let start = bytes[..valid]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = bytes[..start].iter().filter(|&&byte| byte == b'\n').count() + 1;
        let end = bytes[valid..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |length| valid + length);
        let text = String::from_utf8_lossy(&bytes[start..end])
            .trim_end()
            .to_owned();
        let at = valid - start;
        let place = Place {
            source: Source::line(path, line, text),
            span: at..at + '\u{fffd}'.len_utf8(),
        };
        Problem::at(
            place,
            format!("{} is not UTF-8 text", path.display()),
            "this byte is none of UTF-8",
        )
        .note("save it as UTF-8")
    })
}

/// The first record, as names.
fn header<'a>(
    path: &'a Path,
    text: &'a str,
    records: &mut Records<'a>,
    found: &mut Collected,
) -> Result<Header<'a>, Problem> {
    let mut cells = Vec::new();
    let Some(record) = records.next(&mut cells) else {
        return Err(Problem::new(format!("{} is empty", path.display()))
            .note("its first line must name the columns"));
    };
    if let Some(malformed) = &record.malformed {
        return Err(malformed_problem(path, text, &record, malformed));
    }
    let names = cells
        .iter()
        .map(|cell| content(text, cell).into_owned())
        .collect();
    let header = Header {
        path,
        text,
        record,
        cells,
        names,
    };
    for (column, name) in header.names.iter().enumerate() {
        if !name.is_empty() && header.names[..column].contains(name) {
            found.push(|| {
                Problem::at(
                    header.place(column),
                    format!("two columns are named `{name}`"),
                    "the second of them",
                )
            });
        }
    }
    Ok(header)
}

/// Finds the wanted columns in the header.
fn columns(header: &Header, wanted: &Wanted, found: &mut Collected) -> Columns {
    let exclude = wanted
        .exclude
        .iter()
        .filter_map(|name| header.find(name, found))
        .collect::<Vec<_>>();
    let named = wanted.features.map(|names| -> Vec<usize> {
        names
            .iter()
            .filter_map(|name| header.find(name, found))
            .collect()
    });
    let targets: Vec<usize> = match wanted.targets {
        Some(names) => names
            .iter()
            .filter_map(|name| header.find(name, found))
            .collect(),
        None => (0..header.names.len())
            .rev()
            .find(|column| !exclude.contains(column))
            .into_iter()
            .collect(),
    };
    for (list, what) in [
        (named.as_deref().unwrap_or(&[]), "features"),
        (&targets, "targets"),
    ] {
        for (position, column) in list.iter().enumerate() {
            if list[..position].contains(column) {
                found.push(|| {
                    let name = &header.names[*column];
                    Problem::at(
                        header.place(*column),
                        format!("the {what} name column `{name}` twice"),
                        "this column",
                    )
                });
            }
        }
    }
    for column in named.iter().flatten().chain(&targets) {
        if exclude.contains(column) {
            found.push(|| {
                let name = &header.names[*column];
                Problem::at(
                    header.place(*column),
                    format!("column `{name}` is both wanted and excluded"),
                    "this column",
                )
            });
        }
    }
    for column in named.iter().flatten() {
        if targets.contains(column) {
            found.push(|| {
                let name = &header.names[*column];
                let problem = Problem::at(
                    header.place(*column),
                    format!("column `{name}` is both a feature and the target"),
                    "this column",
                );
                match wanted.targets {
                    Some(_) => problem,
                    None => {
                        problem.note("the last column is the target unless `target` names another")
                    }
                }
            });
        }
    }
    let features = named.unwrap_or_else(|| {
        let all = 0..header.names.len();
        all.filter(|column| !targets.contains(column) && !exclude.contains(column))
            .collect()
    });
    if features.is_empty() && found.is_empty() {
        found.push(|| {
            Problem::at(
                header.whole(),
                "no column is left for the features",
                "these are the columns",
            )
            .note("the last column is the target unless `target` names another")
            .note(separator_note(&header.names))
        });
    }
    for &column in features.iter().chain(&targets) {
        if header.names[column].is_empty() {
            found.push(|| {
                Problem::at(
                    header.place(column),
                    format!("column {} has no name", column + 1),
                    "a name is missing here",
                )
                .note("name it, or name the `features` that are wanted")
                .note("pandas writes the row numbers so, unless told index=False")
            });
        }
    }
    for name in wanted.categorical {
        if let Some(column) = header.find(name, found)
            && !features.contains(&column)
        {
            found.push(|| {
                Problem::at(
                    header.place(column),
                    format!("column `{name}` is named as categorical, but is no feature"),
                    "this column",
                )
            });
        }
    }
    let categorical = features
        .iter()
        .map(|&column| wanted.categorical.contains(&header.names[column]))
        .collect();
    Columns {
        features,
        categorical,
        targets,
    }
}

/// What to say where one column holds all others.
fn separator_note(names: &[String]) -> String {
    let other = [
        (';', "semicolons"),
        ('\t', "tabs"),
        ('|', "bars"),
        (' ', "blanks"),
    ];
    match other
        .iter()
        .find(|(separator, _)| names.iter().any(|name| name.contains(*separator)))
    {
        Some((_, what)) => {
            format!("the columns seem to be separated by {what}; commas are expected")
        }
        None => "columns are separated by commas".to_owned(),
    }
}

/// The cells of all rows that are kept.
struct Cells {
    x: Vec<f64>,
    y: Vec<f64>,
    /// Start and line of each kept row.
    starts: Vec<(usize, usize)>,
    /// How many rows there were.
    records: usize,
    feature_words: Vec<Option<Words>>,
    target_words: Words,
}

/// Reads the rows below the header.
fn rows(
    header: &Header,
    columns: &Columns,
    records: &mut Records,
    wanted: &Wanted,
    found: &mut Collected,
) -> Cells {
    let text = header.text;
    let mut table = Cells {
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
    };
    let words = keeps_words(wanted.words, columns.targets.len());
    let mut cells = Vec::new();
    while let Some(record) = records.next(&mut cells) {
        table.records += 1;
        if let Some(malformed) = &record.malformed {
            found.push(|| malformed_problem(header.path, text, &record, malformed));
            continue;
        }
        if cells.len() != header.names.len() {
            found.push(|| length_problem(header, &record, &cells));
            continue;
        }
        let (x_length, y_length) = (table.x.len(), table.y.len());
        let mut dropped = false;
        let mut cell = |column: usize, words: Option<&mut Words>, is_feature: bool| -> f64 {
            let value = content(text, &cells[column]);
            let number = value
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite());
            match (value.as_ref(), words, number) {
                ("", words, _) => {
                    let mean = wanted.missing == Missing::Mean && is_feature && words.is_none();
                    dropped |= wanted.missing == Missing::Drop;
                    if !mean && wanted.missing != Missing::Drop {
                        found.push(|| {
                            empty_problem(
                                header,
                                column,
                                &record,
                                &cells,
                                wanted.missing,
                                is_feature,
                            )
                        });
                    }
                    f64::NAN
                }
                (value, Some(words), _) => words.number(value) as f64,
                (_, None, Some(number)) => number,
                (value, None, None) => {
                    let place = place(
                        header.path,
                        text,
                        record.line,
                        &record.span,
                        &cells[column].range,
                    );
                    found.push(|| number_problem(place, value, &header.names[column], is_feature));
                    f64::NAN
                }
            }
        };
        for (&column, words) in columns.features.iter().zip(&mut table.feature_words) {
            table.x.push(cell(column, words.as_mut(), true));
        }
        for &column in &columns.targets {
            table.y.push(cell(
                column,
                words.then_some(&mut table.target_words),
                false,
            ));
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

fn malformed_problem(path: &Path, text: &str, record: &Record, malformed: &Malformed) -> Problem {
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

fn length_problem(header: &Header, record: &Record, cells: &[Span]) -> Problem {
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

fn empty_problem(
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

fn number_problem(place: Place, value: &str, column: &str, is_feature: bool) -> Problem {
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
