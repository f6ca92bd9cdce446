//! Raw columns: numbers and words as the source has them, before anything is fitted.

use std::collections::HashMap;
use std::sync::Arc;

use super::Fill;
pub(super) use super::csv::Cell;
use super::csv::Text;
use super::memory;
use numbers::matrix::{DataMatrix, Numbers};
use problems::{Problem, Problems};

/// How many problems of one source are shown.
const SHOWN: usize = 10;

/// The category of what is missing in a column of words.
pub(super) const MISSING_WORD: &str = "(missing)";

/// The rows of a source, or a part of them.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    /// The feature columns.
    pub columns: Vec<RawColumn>,
    /// (rows, columns): the number; NaN where the cell is empty and is to be filled; in a
    /// categorical column the index of its word.
    pub x: DataMatrix,
    /// The target columns' names.
    pub targets: Vec<String>,
    /// The targets.
    pub y: Targets,
    /// What missing numbers are filled with, fitted on the training part.
    pub fill: Option<Fill>,
    /// The source's number of each row, from 0: for the place of a problem.
    pub rows: Vec<usize>,
    /// Where the rows are from.
    pub origin: Arc<Origin>,
}

/// What a source is read for.
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
    /// What the keys of a file of this purpose begin with.
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
    /// Its name.
    pub name: String,
    /// The words of a categorical column, in the order in which they were met; `None`: numbers.
    pub words: Option<Arc<Vec<String>>>,
}

/// The targets of the rows.
#[derive(Debug, Clone)]
pub(super) enum Targets {
    /// There are none: new data.
    None,
    /// Numbers, (rows, targets).
    Numbers(DataMatrix),
    /// One word per row.
    Words {
        /// The words, in the order in which they were met.
        words: Arc<Vec<String>>,
        /// (rows): which word.
        index: Vec<usize>,
        /// All the words that there can be, sorted, where the source knows them.
        known: Option<Vec<String>>,
    },
}

/// Where rows are from.
#[derive(Debug)]
pub(super) struct Origin {
    /// As the user knows it: a path, or the name of the source.
    pub name: String,
    /// The text of a CSV file.
    pub text: Option<Text>,
}

impl Raw {
    /// Names of the feature columns.
    pub fn feature_names(&self) -> Vec<String> {
        self.columns
            .iter()
            .map(|column| column.name.clone())
            .collect()
    }

    /// Names of the feature columns that hold categories.
    pub fn categorical_names(&self) -> Vec<String> {
        let categorical = self.columns.iter().filter(|column| column.words.is_some());
        categorical.map(|column| column.name.clone()).collect()
    }

    /// A problem with the cell of a row (counted within these rows), at its place in the file or
    /// with the row's number.
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

    /// The line of the file on which a row (counted within these rows) stands.
    pub fn line(&self, row: usize) -> Option<usize> {
        let text = self.origin.text.as_ref()?;
        Some(text.records[self.rows[row]].1)
    }

    /// The rows of which `chosen` is false, and those of which it is true, each in their order.
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

/// The rows of which `chosen` is false, and copies of the others.
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

/// The numbers of the rows of which `chosen` is false, moved together in place, and copies of the
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

/// Words, each kept once.
#[derive(Debug, Default)]
pub(super) struct Words {
    numbers: HashMap<String, usize>,
    words: Vec<String>,
}

impl Words {
    /// The word's number, a new one if it is new.
    pub fn number(&mut self, word: &str) -> usize {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        self.numbers.insert(word.to_owned(), self.words.len());
        self.words.push(word.to_owned());
        self.words.len() - 1
    }

    /// The words, in the order in which they were met.
    pub fn into_list(self) -> Arc<Vec<String>> {
        Arc::new(self.words)
    }
}

/// The first problems of a source, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Collected {
    problems: Vec<Problem>,
    more: usize,
    /// For each column with a problem: where the first of them stands among the problems, if it is
    /// shown, and how many follow it.
    of_column: HashMap<usize, (Option<usize>, usize)>,
}

impl Collected {
    /// Adds a problem; beyond the first it is only counted, not made.
    pub fn push(&mut self, problem: impl FnOnce() -> Problem) {
        if self.problems.len() < SHOWN {
            self.problems.push(problem());
        } else {
            self.more += 1;
        }
    }

    /// As [`Collected::push`], for a cell of a column: the first stands for all of its column.
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

    /// `value` if there is no problem.
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

    /// Itself if there is no problem.
    pub fn go_on(self) -> Result<Self, Problems> {
        if self.is_empty() {
            Ok(self)
        } else {
            self.into_result(Self::default())
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }
}

/// `x1`, `x2`, …; a single column has the bare name.
pub(super) fn numbered(name: &str, count: usize) -> Vec<String> {
    match count {
        1 => vec![name.to_owned()],
        _ => (1..=count).map(|i| format!("{name}{i}")).collect(),
    }
}

/// Bytes of a column that are not its numbers: its name, its scaling, its place in what is fitted.
const COLUMN: u128 = 256;

/// Feature columns of numbers, named x1, x2, …
///
/// # Errors
/// More columns than the memory can name.
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
