//! New data for a trained model, with the preparation of its training data.

use std::borrow::Cow;
use std::path::Path;

use choices::Choice;

use super::fault::{Fault, Reason};
use super::raw::{MISSING_WORD, Purpose, Raw, Targets};
use super::{Fill, Missing, Preparation, TargetKind, csv, file, idx, npy, one_hot};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// New samples, in the order of their source. Rows that cannot be predicted are set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSamples {
    /// The inputs of the rows that can be predicted, (samples, features).
    pub x: DataMatrix,
    /// The targets as in [`Samples`](super::Samples), if the data has them; NaN for a missing
    /// target, and for one that the model could not have learnt.
    pub y: Option<DataMatrix>,
    /// The number of each sample's row in the source, from 0.
    pub rows: Vec<usize>,
    /// The number of rows in the source.
    pub count: usize,
    /// The rows that cannot be predicted, in their order.
    pub faults: Vec<Fault>,
    /// The dialect of the table, as lines of `[data]`, if it differs from that of the training
    /// data.
    pub dialect: Vec<String>,
}

/// The source of new data.
#[derive(Debug, Clone, Copy)]
pub enum NewSource<'a> {
    /// A file.
    Path(&'a Path),
    /// The standard input.
    StandardInput,
}

/// The rows of a source before their preparation.
struct NewRaw {
    raw: Raw,
    numbers: Vec<usize>,
    faults: Vec<Fault>,
    count: usize,
    dialect: Vec<String>,
}

impl Preparation {
    /// Reads new data: a CSV file with the columns of the training data (other columns are
    /// ignored), IDX images, a `.npy` array of inputs, or an `.npz` with an array `x`. The targets
    /// are those of a CSV file with all target columns, the array `y` of an `.npz`, or a file of
    /// their own: IDX labels, or a `.npy` array. The source is read once, so it can be a pipe.
    ///
    /// # Errors
    /// If the source cannot be read, lacks a column, or has no row that can be predicted.
    pub fn read(
        &self,
        source: NewSource<'_>,
        targets: Option<&Path>,
    ) -> Result<NewSamples, Problems> {
        let NewRaw {
            mut raw,
            mut numbers,
            mut faults,
            count,
            dialect,
        } = self.new_raw(source, targets)?;
        if raw.x.ncols() != self.columns.len() {
            return Err(self.other_width("inputs", self.columns.len(), raw.x.ncols(), &raw));
        }
        let unknown = self.unknown(&raw);
        if !unknown.is_empty() {
            let mut chosen = vec![false; raw.rows.len()];
            for &(row, column, reason) in &unknown {
                chosen[row] = true;
                faults.push(Fault {
                    row: numbers[row],
                    line: raw.line(row),
                    column: Some(column),
                    reason,
                });
            }
            faults.sort_by_key(|fault| fault.row);
            raw = raw.partition(&chosen).0;
            let mut chosen = chosen.iter();
            numbers.retain(|_| !chosen.next().expect("a mark for each row"));
        }
        if numbers.is_empty() {
            return Err(self.none_left(&raw.origin.name, count, &faults));
        }
        let y = self.new_targets(&mut raw)?;
        Ok(NewSamples {
            x: self.inputs(raw)?,
            y,
            rows: numbers,
            count,
            faults,
            dialect,
        })
    }

    /// The raw columns of a source of any kind.
    fn new_raw(&self, source: NewSource<'_>, targets: Option<&Path>) -> Result<NewRaw, Problems> {
        let path = match source {
            NewSource::Path(path) => Cow::Borrowed(path),
            NewSource::StandardInput => Cow::Borrowed(Path::new("the standard input")),
        };
        let array = |raw: Raw| {
            let count = raw.rows.len();
            Ok(NewRaw {
                raw,
                numbers: (0..count).collect(),
                faults: Vec::new(),
                count,
                dialect: Vec::new(),
            })
        };
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("npy" | "npz")) && path.is_file() {
            // The array is read number by number, so that its bytes are not kept in memory.
            return array(npy::read(&path, targets, Purpose::Prediction)?);
        }
        let bytes = match source {
            NewSource::Path(path) => file::bytes(path)?,
            NewSource::StandardInput => file::bytes_of(std::io::stdin().lock(), &path)?,
        };
        if npy::starts(&bytes) {
            return array(npy::read_bytes(&bytes, &path, targets)?);
        }
        if idx::starts(&bytes) {
            return array(idx::read_bytes(bytes, &path, targets)?);
        }
        if let Some(targets) = targets {
            return Err(Problem::new(format!(
                "the targets of a CSV file are columns of its own; {} cannot be used with {}",
                targets.display(),
                path.display()
            ))
            .into());
        }
        let rows = self.new_rows(&path, bytes)?;
        Ok(NewRaw {
            raw: rows.raw,
            numbers: rows.numbers,
            faults: rows.faults,
            count: rows.count,
            dialect: rows.dialect,
        })
    }

    /// The rows of a table.
    fn new_rows(&self, path: &Path, bytes: Vec<u8>) -> Result<csv::NewRows, Problems> {
        let names = |categorical: bool| -> Vec<String> {
            let columns = self.columns.iter();
            let wanted = columns.filter(|column| !categorical || !column.categories.is_empty());
            wanted.map(|column| column.name.clone()).collect()
        };
        let fills = self.columns.iter().any(|column| column.fill.is_some());
        let wanted = csv::Wanted {
            features: Some(&names(false)),
            exclude: &[],
            targets: csv::Targets::IfThere(&self.targets),
            categorical: &names(true),
            missing: Missing {
                // The preparation has the value of the training part for either way, so the mean
                // stands for both here.
                numbers: fills.then_some(Fill::Mean),
                category: true,
                drop: false,
            },
            dialect: &self.dialect,
            words: self.kind,
        };
        csv::read_new(path, bytes, &wanted)
    }

    /// The first cell of each row that the model cannot use: an unknown category, or a missing
    /// number that nothing fills.
    fn unknown(&self, raw: &Raw) -> Vec<(usize, usize, Reason)> {
        let codes = self.codes(raw);
        let mut unknown = Vec::new();
        for row in 0..raw.rows.len() {
            let cells = raw.x.row(row).enumerate();
            let mut reasons = cells.filter_map(|(column, cell)| {
                let reason = match &codes[column] {
                    Some(codes) => match codes[cell as usize] {
                        Some(_) => return None,
                        None => {
                            let words = raw.columns[column].words.as_ref()?;
                            match words[cell as usize] == MISSING_WORD {
                                true => Reason::Missing,
                                false => Reason::NewCategory,
                            }
                        }
                    },
                    None if cell.is_nan() && self.columns[column].fill.is_none() => Reason::Missing,
                    None if cell.is_infinite() => Reason::NotANumber,
                    None => return None,
                };
                Some((row, column, reason))
            });
            unknown.extend(reasons.next());
        }
        unknown
    }

    /// The targets, with NaN for unknown ones; `None` if the data has none.
    fn new_targets(&self, raw: &mut Raw) -> Result<Option<DataMatrix>, Problems> {
        let width = raw.targets.len();
        if width == 0 {
            return Ok(None);
        }
        let y = std::mem::replace(&mut raw.y, Targets::None);
        if self.kind == TargetKind::Classes && width > 1 {
            if width != self.classes.len() {
                return Err(self.other_width("targets", self.classes.len(), width, raw));
            }
            let names = match raw.origin.text {
                Some(_) => raw.targets.clone(),
                None => self.classes.clone(),
            };
            let classes = self.class_indices(&names);
            let y = one_hot::rows(&y, width).into_iter();
            let y = y.map(|hot| hot.map_or(f64::NAN, |column| classes[column]));
            let y: Vec<f64> = y.collect();
            return Ok(Some(DataMatrix::new(y.len(), 1, y)));
        }
        let expected = match self.kind {
            TargetKind::Classes => 1,
            _ => self.targets.len(),
        };
        if width != expected {
            return Err(self.other_width("targets", expected, width, raw));
        }
        let finite = |y: f64| if y.is_finite() { y } else { f64::NAN };
        let binary = |y: f64| if y == 0.0 || y == 1.0 { y } else { f64::NAN };
        let has_names = !self.classes.is_empty();
        let y: Vec<f64> = match (self.kind, y) {
            (_, Targets::None) => return Ok(None),
            (TargetKind::Numbers, Targets::Numbers(y)) => {
                if y.iter().all(f64::is_finite) {
                    return Ok(Some(y));
                }
                y.iter().map(finite).collect()
            }
            (TargetKind::Binary, Targets::Numbers(y)) if !has_names => {
                y.iter().map(binary).collect()
            }
            (TargetKind::Binary, Targets::Words { words, index, .. }) if !has_names => {
                let number = |word: &String| binary(word.parse().unwrap_or(f64::NAN));
                let numbers: Vec<f64> = words.iter().map(number).collect();
                index.into_iter().map(|word| numbers[word]).collect()
            }
            (_, Targets::Words { words, index, .. }) => {
                let classes = self.class_indices(&words);
                index.into_iter().map(|word| classes[word]).collect()
            }
            (_, Targets::Numbers(y)) => {
                let words: Vec<String> = y.iter().map(|y| y.to_string()).collect();
                self.class_indices(&words)
            }
        };
        Ok(Some(DataMatrix::new(y.len() / width, width, y)))
    }

    fn other_width(&self, what: &str, expected: usize, found: usize, raw: &Raw) -> Problems {
        Problem::new(format!(
            "{} has {found} {what} per sample, but the model was trained on {expected}",
            raw.origin.name
        ))
        .into()
    }

    /// The problem of data without a row that can be predicted, with the reasons.
    fn none_left(&self, name: &str, count: usize, faults: &[Fault]) -> Problems {
        let rows = if count == 1 { "row" } else { "rows" };
        let mut problem = Problem::new(format!(
            "none of the {count} {rows} of {name} can be predicted"
        ));
        for reason in Reason::ALL {
            let mut of_reason = faults.iter().filter(|fault| fault.reason == *reason);
            if let Some(first) = of_reason.next() {
                problem = problem.note(format!(
                    "{}: {}, first {}",
                    reason.word(),
                    of_reason.count() + 1,
                    self.place(first)
                ));
            }
        }
        problem.into()
    }

    /// The place of a fault, in words.
    pub fn place(&self, fault: &Fault) -> String {
        let row = match fault.line {
            Some(line) => format!("in line {line}"),
            None => format!("in sample {}", fault.row + 1),
        };
        match fault.column.and_then(|column| self.columns.get(column)) {
            Some(column) => format!("{row}, column `{}`", column.name),
            None => row,
        }
    }
}
