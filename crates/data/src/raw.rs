//! Raw columns: the numbers and words of a source, before anything is fitted.

use std::collections::HashMap;
use std::sync::Arc;

use super::Fill;
pub(super) use super::csv::Cell;
use super::csv::Text;
use super::memory;
use numbers::matrix::{DataMatrix, Numbers};
use problems::{Problem, Problems};

/// The most problems of one source that are shown.
const SHOWN: usize = 10;

/// The category of missing cells in a column of words.
pub(super) const MISSING_WORD: &str = "(missing)";

/// The rows of a source, or a part of them.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    /// The feature columns.
    pub columns: Vec<RawColumn>,
    /// (rows, columns): the number; NaN for an empty cell that will be filled; in a categorical
    /// column, the index of the word.
    pub x: DataMatrix,
    /// The names of the target columns.
    pub targets: Vec<String>,
    /// The targets.
    pub y: Targets,
    /// The numbers that fill missing ones, fitted on the training part.
    pub fill: Option<Fill>,
    /// The number of each row in the source, from 0, for the place of a problem.
    pub rows: Vec<usize>,
    /// The origin of the rows.
    pub origin: Arc<Origin>,
}

/// The purpose for which a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To train on.
    Training,
    /// To validate with.
    Validation,
    /// To test with.
    Test,
    /// To predict.
    Prediction,
}

impl Purpose {
    /// The beginning of the keys of a file for this purpose.
    pub fn prefix(self) -> &'static str {
        match self {
            Purpose::Training | Purpose::Prediction => "",
            Purpose::Validation => "validation_",
            Purpose::Test => "test_",
        }
    }
}

/// A feature column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawColumn {
    /// The name of the column.
    pub name: String,
    /// The words of a categorical column, in the order of their first occurrence; `None` for
    /// numbers.
    pub words: Option<Arc<Vec<String>>>,
}

/// The targets of the rows.
#[derive(Debug, Clone)]
pub(super) enum Targets {
    /// There are none, as for new data.
    None,
    /// Numbers, (rows, targets).
    Numbers(DataMatrix),
    /// One word per row.
    Words {
        /// The words, in the order of their first occurrence.
        words: Arc<Vec<String>>,
        /// (rows): the index of the word.
        index: Vec<usize>,
        /// All possible words, sorted, if the source knows them.
        known: Option<Vec<String>>,
    },
}

/// The origin of rows.
#[derive(Debug)]
pub(super) struct Origin {
    /// The name for the user: a path, or the name of the source.
    pub name: String,
    /// The text of a CSV file.
    pub text: Option<Text>,
}

impl Raw {
    /// The names of the feature columns.
    pub fn feature_names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    }

    /// The names of the feature columns with categories.
    pub fn categorical_names(&self) -> Vec<String> {
        let categorical = self.columns.iter().filter(|column| column.words.is_some());
        categorical.map(|column| column.name.clone()).collect()
    }

    /// A problem at the cell of a row (counted within these rows), with its place in the file or
    /// with the number of the row.
    pub fn problem(&self, row: usize, cell: Cell, message: String, label: &str) -> Problem {
        let row = self.rows[row];
        match &self.origin.text {
            Some(text) => Problem::at(text.place(row, cell), message, label),
            None => Problem::new(format!(
                "{}, sample {}: {message}",
                self.origin.name,
                row + 1
            )),
        }
    }

    /// The line of the file with a row (counted within these rows).
    pub fn line(&self, row: usize) -> Option<usize> {
        let text = self.origin.text.as_ref()?;
        Some(text.records[self.rows[row]].1)
    }

    /// The rows for which `chosen` is false, and those for which it is true, each in their order.
    pub fn partition(self, chosen: &[bool]) -> (Raw, Raw) {
        let (x, x_chosen) = partition(self.x, chosen);
        let pick = |which: bool, values: &[usize]| -> Vec<usize> {
            let pairs = values.iter().zip(chosen);
            pairs
                .filter(|pair| *pair.1 == which)
                .map(|pair| *pair.0)
                .collect()
        };
        let (y, y_chosen) = match self.y {
            Targets::None => (Targets::None, Targets::None),
            Targets::Numbers(y) => {
                let (y, y_chosen) = partition(y, chosen);
                (Targets::Numbers(y), Targets::Numbers(y_chosen))
            }
            Targets::Words {
                words,
                index,
                known,
            } => {
                let part = |which| Targets::Words {
                    words: Arc::clone(&words),
                    index: pick(which, &index),
                    known: known.clone(),
                };
                (part(false), part(true))
            }
        };
        let rows = pick(true, &self.rows);
        let part = Raw {
            columns: self.columns.clone(),
            x: x_chosen,
            targets: self.targets.clone(),
            y: y_chosen,
            fill: self.fill,
            rows,
            origin: Arc::clone(&self.origin),
        };
        let rest = Raw {
            x,
            y,
            rows: pick(false, &self.rows),
            ..self
        };
        (rest, part)
    }
}

/// The rows for which `chosen` is false, and copies of the others.
fn partition(matrix: DataMatrix, chosen: &[bool]) -> (DataMatrix, DataMatrix) {
    let columns = matrix.ncols();
    let count = chosen.iter().filter(|&&chosen| chosen).count();
    let (rest, picked) = match matrix.into_numbers() {
        Numbers::F32(numbers) => part(numbers, columns, chosen),
        Numbers::F64(numbers) => part(numbers, columns, chosen),
    };
    (
        DataMatrix::new(chosen.len() - count, columns, rest),
        DataMatrix::new(count, columns, picked),
    )
}

/// The numbers of the rows for which `chosen` is false, moved together in place, and copies of the
/// others.
fn part<T: Copy>(mut numbers: Vec<T>, columns: usize, chosen: &[bool]) -> (Numbers, Numbers)
where
    Numbers: From<Vec<T>>,
{
    let count = chosen.iter().filter(|&&chosen| chosen).count();
    let mut picked = Vec::with_capacity(count * columns);
    let mut end = 0;
    for (row, &chosen) in chosen.iter().enumerate() {
        let cells = row * columns..(row + 1) * columns;
        if chosen {
            picked.extend_from_slice(&numbers[cells]);
        } else {
            numbers.copy_within(cells, end);
            end += columns;
        }
    }
    numbers.truncate(end);
    numbers.shrink_to_fit();
    (numbers.into(), picked.into())
}

/// Different words, each of them once.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<String, usize>,
    words: Vec<String>,
}

impl Words {
    /// The index of the word, which is added if it is new.
    pub fn number(&mut self, word: &str) -> usize {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        self.numbers.insert(word.to_owned(), self.words.len());
        self.words.push(word.to_owned());
        self.words.len() - 1
    }

    /// The words, in the order of their first occurrence.
    pub fn into_list(self) -> Arc<Vec<String>> {
        Arc::new(self.words)
    }
}

/// The first problems of a source, and the number of the others.
#[derive(Debug, Default)]
pub(super) struct Collected {
    problems: Vec<Problem>,
    more: usize,
    /// For each column with a problem: the index of its first problem, if that is shown, and the
    /// number of those that follow it.
    of_column: HashMap<usize, (Option<usize>, usize)>,
}

impl Collected {
    /// Adds a problem. Beyond the shown ones it is only counted, and its text is not made.
    pub fn push(&mut self, problem: impl FnOnce() -> Problem) {
        if self.problems.len() < SHOWN {
            self.problems.push(problem());
        } else {
            self.more += 1;
        }
    }

    /// Adds a problem in a column. The first problem of a column stands for all of them.
    pub fn push_of(&mut self, column: usize, problem: impl FnOnce() -> Problem) {
        match self.of_column.get_mut(&column) {
            Some((_, more)) => *more += 1,
            None => {
                let index = self.problems.len();
                self.push(problem);
                let shown = (index < SHOWN).then_some(index);
                self.of_column.insert(column, (shown, 0));
            }
        }
    }

    /// `value` if there are no problems.
    pub fn into_result<T>(mut self, value: T) -> Result<T, Problems> {
        for (shown, more) in self.of_column.into_values() {
            match shown {
                Some(index) if more > 0 => {
                    let cells = if more == 1 { "cell" } else { "cells" };
                    let problem = self.problems[index].clone();
                    self.problems[index] =
                        problem.note(format!("so it is with {more} more {cells} of this column"));
                }
                Some(_) => {}
                None => self.more += more,
            }
        }
        let mut problems = Problems::new();
        self.problems
            .into_iter()
            .for_each(|problem| problems.push(problem));
        for _ in 0..self.more {
            problems.count_further();
        }
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(problems)
        }
    }

    /// The list itself if it is empty, else its problems as an error.
    pub fn go_on(self) -> Result<Self, Problems> {
        if self.is_empty() {
            Ok(self)
        } else {
            self.into_result(Self::default())
        }
    }

    /// Whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

/// The names `x1`, `x2`, …; a single column has the name without a number.
pub(super) fn numbered(name: &str, count: usize) -> Vec<String> {
    match count {
        1 => vec![name.to_owned()],
        _ => (1..=count).map(|i| format!("{name}{i}")).collect(),
    }
}

/// The bytes of a column beside its numbers: for its name, its scaling and its place in the
/// preparation.
const COLUMN: u128 = 256;

/// Feature columns of numbers, named x1, x2, …
///
/// # Errors
/// If there are more columns than the memory can name.
pub(super) fn number_columns(count: usize) -> Result<Vec<RawColumn>, Problem> {
    memory::check(count as u128 * COLUMN, || {
        format!("the names and scales of {count} columns")
    })?;
    let column = |i| RawColumn {
        name: format!("x{i}"),
        words: None,
    };
    Ok((1..=count).map(column).collect())
}
