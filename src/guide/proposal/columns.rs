//! The columns of a table, as a person sees them who looks it over: which hold numbers, which words,
//! which are empty here and there, which only number the rows.

use std::collections::BTreeSet;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::config::reason;
use data::separator_note;
use problems::Problem;

/// Words of so few different values are categories.
pub const MOST_CATEGORIES: usize = 20;

/// A column as it was seen.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether every cell that is not empty holds a number.
    pub numbers: bool,
    /// Whether every number is whole.
    pub whole: bool,
    /// The rows, from 0, whose cell is empty.
    pub missing: Vec<usize>,
    /// The different values, no more than are needed to tell.
    pub values: BTreeSet<String>,
    /// The least number.
    pub least: f64,
    /// The greatest.
    pub most: f64,
    /// The first cell that holds no number.
    pub word: Option<String>,
    /// Whether each row has the number of the row before, plus one.
    counts: bool,
    last: Option<f64>,
}

impl Column {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            numbers: true,
            whole: true,
            missing: Vec::new(),
            values: BTreeSet::new(),
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            word: None,
            counts: true,
            last: None,
        }
    }

    fn see(&mut self, row: usize, cell: &str) {
        let cell = cell.trim();
        if cell.is_empty() {
            self.missing.push(row);
            self.counts = false;
            return;
        }
        if self.values.len() <= MOST_CATEGORIES {
            self.values.insert(cell.to_owned());
        }
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.whole &= number.fract() == 0.0;
                self.least = self.least.min(number);
                self.most = self.most.max(number);
                self.counts &= self.last.is_none_or(|last| number == last + 1.0);
                self.last = Some(number);
            }
            _ => {
                self.numbers = false;
                self.word.get_or_insert_with(|| cell.to_owned());
            }
        }
    }

    /// Whether it only numbers the rows, from 0 or 1.
    pub fn is_index(&self, rows: usize) -> bool {
        let from = self.least == 0.0 || self.least == 1.0;
        rows > 2 && self.numbers && self.counts && from && self.missing.is_empty()
    }

    /// Whether its different values are so few that they can be categories or classes.
    pub fn few(&self) -> bool {
        self.values.len() <= MOST_CATEGORIES
    }

    /// The word in a column of numbers, as a missing value is often written.
    pub fn stray_word(&self) -> Option<&str> {
        let word = self.word.as_deref()?;
        self.last.is_some().then_some(word)
    }
}

/// The columns of the table and how many rows it has.
///
/// # Errors
/// It cannot be read, has no header, fewer than two columns or fewer than two rows.
pub fn read(path: &Path) -> Result<(Vec<Column>, usize), Problem> {
    let shown = path.display();
    let bytes = std::fs::read(path)
        .map_err(|cause| Problem::new(format!("cannot read {shown}: {}", reason(&cause))))?;
    let input: Box<dyn std::io::Read> = if bytes.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(std::io::Cursor::new(bytes)))
    } else {
        Box::new(std::io::Cursor::new(bytes))
    };
    let broken = |cause: csv::Error| match cause.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            Problem::new(format!("{shown} is not UTF-8 text")).note("save it as UTF-8")
        }
        _ => Problem::new(format!("{shown} is not a CSV table: {cause}")),
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(input);
    let header = reader.headers().map_err(broken)?.clone();
    let strip = |name: &str| name.trim_start_matches('\u{feff}').to_owned();
    let mut columns: Vec<Column> = header
        .iter()
        .map(|name| Column::new(&strip(name)))
        .collect();
    if columns.is_empty() {
        return Err(Problem::new(format!("{shown} is empty")));
    }
    if columns.len() < 2 {
        let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
        return Err(Problem::new(format!("{shown} has only 1 column"))
            .note("a table needs at least one feature and the target")
            .note(separator_note(&names)));
    }
    if columns
        .iter()
        .all(|column| column.name.trim().parse::<f64>().is_ok())
    {
        return Err(Problem::new(format!(
            "{shown} has no header: its first line holds numbers"
        ))
        .note("write the names of the columns into the first line"));
    }
    let mut rows = 0;
    for record in reader.records() {
        let record = record.map_err(broken)?;
        for (column, cell) in columns.iter_mut().zip(record.iter()) {
            column.see(rows, cell);
        }
        rows += 1;
    }
    if rows < 2 {
        return Err(Problem::new(format!("{shown} has too few rows: {rows}")));
    }
    Ok((columns, rows))
}
