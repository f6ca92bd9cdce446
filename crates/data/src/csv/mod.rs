//! CSV files with a header: the wanted columns by their names, every cell with its place.

mod cells;
mod header;
mod problems;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::raw::{self, Cell, Collected, Origin, Raw, RawColumn, Words};
use super::{Missing, TargetKind, file};
use ::problems::{Place, Problem, Problems, Source};
use cells::{Records, content};
pub use header::separator_note;
use header::{Columns, Header};
use numbers::matrix::DataMatrix;

/// Which columns are wanted, and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Names of the features; `None`: all but the targets and the excluded.
    pub features: Option<&'a [String]>,
    /// Names of columns that are left out.
    pub exclude: &'a [String],
    /// Which columns are the targets.
    pub targets: Targets<'a>,
    /// Which features hold categories.
    pub categorical: &'a [String],
    /// What becomes of a row with an empty cell.
    pub missing: Missing,
    /// Numbers are read as such; of classes (and of a single 0-or-1 target) the words are kept.
    pub words: TargetKind,
}

/// Which columns are the targets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Targets<'a> {
    /// The last column that is not excluded.
    Last,
    /// The columns of these names.
    Named(&'a [String]),
    /// The columns of these names if the file has all of them, else none: new data.
    IfThere(&'a [String]),
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
    let header = header::read(path, &text, &mut records, &mut found)?;
    let columns = header.columns(wanted, &mut found);
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
    let targets = names(&columns.targets);
    Ok(Raw {
        columns: raw_columns,
        x: DataMatrix::new(count, x_width, table.x),
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
            found.push(|| problems::malformed(header.path, text, &record, malformed));
            continue;
        }
        if cells.len() != header.names.len() {
            found.push(|| problems::length(header, &record, &cells));
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
                        found.push_of(column, || {
                            problems::empty(
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
                    found.push_of(column, || {
                        let part = &cells[column].range;
                        let place = place(header.path, text, record.line, &record.span, part);
                        problems::number(place, value, &header.names[column], is_feature)
                    });
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
