//! The columns of a table, as a person sees them who looks it over: which of them are numbers,
//! which are words, how many different values each has and what is missing.
//!
//! A table is gone through twice: the first time each column's kind is seen, the second time its
//! cells are kept, 8 bytes of a number and 4 bytes of a word.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::reason::Reason;
use data::{Dialect, MISSING, MISSING_NUMBER, Table};
use problems::Problem;

/// A column as it was seen.
#[derive(Debug)]
pub struct Column {
    /// The column's name; empty if it has none.
    pub name: String,
    /// Whether all that is not missing is a number.
    pub is_number: bool,
    cells: Cells,
    /// Different values that are not missing.
    different: usize,
    missing: usize,
}

/// What a column's rows hold.
#[derive(Debug)]
enum Cells {
    /// A number each; NaN where it is missing.
    Numbers(Vec<f64>),
    /// A word each, by its place in `texts`; [`MISSING_WORD`] where it is missing.
    Words {
        index: Vec<u32>,
        texts: Vec<String>,
        counts: Vec<usize>,
    },
}

/// The place of a missing word.
const MISSING_WORD: u32 = u32::MAX;

/// A word among numbers marks a missing one if the column has so many different numbers.
const NUMBERS_BESIDE_A_MARK: usize = 10;

/// Numbers that differ by less than this part of their size are equal.
const EQUAL: f64 = 1e-9;

/// Squares of numbers beyond this are no numbers any more.
const LARGEST: f64 = 1e100;

impl Column {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match &self.cells {
            Cells::Numbers(numbers) => numbers.len(),
            Cells::Words { index, .. } => index.len(),
        }
    }

    /// How many rows have a value.
    pub fn known(&self) -> usize {
        self.rows() - self.missing
    }

    /// How many cells are missing.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// How many different values there are; of numbers, 1 and 1.0 are one.
    pub fn different(&self) -> usize {
        self.different
    }

    /// The number of a row; `None` where it is missing, or no number.
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.cells {
            Cells::Numbers(numbers) => Some(numbers[row]).filter(|number| !number.is_nan()),
            Cells::Words { .. } => None,
        }
    }

    /// What tells a row's value from others: equal values have equal keys; `None` where it is missing.
    pub fn key(&self, row: usize) -> Option<u64> {
        match &self.cells {
            Cells::Numbers(_) => self.number(row).map(|number| (number + 0.0).to_bits()),
            Cells::Words { index, .. } => {
                Some(u64::from(index[row])).filter(|_| index[row] != MISSING_WORD)
            }
        }
    }

    /// The numbers that are not missing, in the order of the rows.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        let numbers = match &self.cells {
            Cells::Numbers(numbers) => numbers.as_slice(),
            Cells::Words { .. } => &[],
        };
        numbers.iter().copied().filter(|number| !number.is_nan())
    }

    /// The different words, each with how often it is met; none of numbers.
    pub fn words(&self) -> Vec<(&str, usize)> {
        match &self.cells {
            Cells::Numbers(_) => Vec::new(),
            Cells::Words { texts, counts, .. } => {
                let words = texts.iter().map(String::as_str).zip(counts.iter().copied());
                words.filter(|(_, count)| *count > 0).collect()
            }
        }
    }

    /// How often each different number is met, in ascending order of the numbers.
    pub fn number_counts(&self) -> Vec<(f64, usize)> {
        let mut all: Vec<f64> = self.numbers().map(|number| number + 0.0).collect();
        all.sort_unstable_by(f64::total_cmp);
        let equal = all.chunk_by(|a, b| a == b);
        equal.map(|run| (run[0], run.len())).collect()
    }

    /// How often each value is met.
    pub fn counts(&self) -> Vec<usize> {
        match &self.cells {
            Cells::Numbers(_) => {
                let counts = self.number_counts();
                counts.into_iter().map(|(_, count)| count).collect()
            }
            Cells::Words { .. } => self.words().into_iter().map(|(_, count)| count).collect(),
        }
    }

    /// Whether all its values are whole numbers.
    pub fn is_whole(&self) -> bool {
        self.is_number && self.numbers().all(|number| number.fract() == 0.0)
    }

    /// Why nothing can be computed with its numbers ("it …"), if that is so.
    pub fn not_computable(&self) -> Option<Reason> {
        let least = self.numbers().fold(f64::INFINITY, f64::min);
        let most = self.numbers().fold(f64::NEG_INFINITY, f64::max);
        let size = least.abs().max(most.abs());
        if most - least <= EQUAL * size {
            return Some(Reason::Rounding { least, most });
        }
        (size > LARGEST || most - least < 1.0 / LARGEST).then_some(Reason::NotComputable)
    }

    /// Whether each row has the number of the row before, plus one.
    pub fn counts_rows(&self) -> bool {
        match &self.cells {
            Cells::Numbers(numbers) => {
                numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0)
            }
            Cells::Words { .. } => false,
        }
    }

    /// Does without the rows of which `keep` is false.
    fn retain(&mut self, keep: &[bool]) {
        let mut kept = keep.iter();
        match &mut self.cells {
            Cells::Numbers(numbers) => numbers.retain(|_| *kept.next().expect("a row each")),
            Cells::Words { index, counts, .. } => {
                index.retain(|_| *kept.next().expect("a row each"));
                counts.fill(0);
                let words = index.iter().filter(|&&word| word != MISSING_WORD);
                words.for_each(|&word| counts[word as usize] += 1);
            }
        }
        self.count();
    }

    /// Counts what is different and what is missing.
    fn count(&mut self) {
        (self.missing, self.different) = match &self.cells {
            Cells::Numbers(numbers) => {
                let missing = numbers.iter().filter(|number| number.is_nan()).count();
                let different: HashSet<u64> = self
                    .numbers()
                    .map(|number| (number + 0.0).to_bits())
                    .collect();
                (missing, different.len())
            }
            Cells::Words { index, counts, .. } => (
                index.iter().filter(|&&word| word == MISSING_WORD).count(),
                counts.iter().filter(|&&count| count > 0).count(),
            ),
        };
    }
}

/// A table that has been looked over.
#[derive(Debug)]
pub struct Look {
    /// The table's columns, in their order.
    pub columns: Vec<Column>,
    /// How many rows it has.
    pub rows: usize,
    /// How it is written, marks of missing values included.
    pub dialect: Dialect,
}

impl Look {
    /// Does without the rows that have no value in column `position`.
    pub fn keep_known(&mut self, position: usize) {
        let column = &self.columns[position];
        if column.missing() == 0 {
            return;
        }
        let keep: Vec<bool> = (0..column.rows())
            .map(|row| column.key(row).is_some())
            .collect();
        for column in &mut self.columns {
            column.retain(&keep);
        }
    }
}

/// The columns of the table and how many rows it has.
///
/// # Errors
/// If the file cannot be read, or has fewer than two columns or fewer than two rows.
pub fn read(path: &Path) -> Result<Look, Problem> {
    let shown = path.display();
    let table = Table::open(path)?;
    let names = table.names();
    if names.len() < 2 {
        return Err(Problem::new(format!(
            "{shown} has only 1 column, `{}`",
            names.first().map_or("", String::as_str)
        ))
        .note("a table needs at least one feature and the target"));
    }
    let mut dialect = table.dialect().clone();
    let (rows, mut kinds) = kinds(&table, &dialect)?;
    if rows < 2 {
        return Err(Problem::new(format!("{shown} has too few rows: {rows}")));
    }
    let mut columns = cells(&table, &dialect, &kinds, rows)?;
    let marks: Vec<String> = kinds.iter().filter_map(|kind| kind.mark.clone()).collect();
    if !marks.is_empty() {
        let lost = lost_marks(&marks, &columns);
        let mut words: Vec<String> = MISSING.iter().map(|word| (*word).to_owned()).collect();
        for word in MISSING_NUMBER.iter().map(|word| (*word).to_owned()) {
            // A mark that is a word in another column would lose that word.
            if !is_word(&word, &columns) {
                words.push(word);
            }
        }
        for mark in marks {
            if !lost.contains(&mark) && !words.contains(&mark) {
                words.push(mark);
            }
        }
        dialect.missing_values = Some(words);
        if !lost.is_empty() {
            for kind in &mut kinds {
                let is_lost = |mark: &String| lost.contains(mark);
                kind.is_number &= !kind.mark.as_ref().is_some_and(is_lost);
            }
            columns = cells(&table, &dialect, &kinds, rows)?;
        }
    }
    Ok(Look {
        columns,
        rows,
        dialect,
    })
}

/// Whether a column of words has this one.
fn is_word(mark: &str, columns: &[Column]) -> bool {
    let words = columns.iter().flat_map(Column::words);
    words.into_iter().any(|(word, _)| word == mark)
}

/// The marks that are words in another column.
fn lost_marks(marks: &[String], columns: &[Column]) -> Vec<String> {
    let lost = marks.iter().filter(|mark| is_word(mark, columns));
    lost.cloned().collect()
}

/// What a column's cells are.
#[derive(Debug, Default)]
struct Kind {
    is_number: bool,
    /// The one word among numbers, which seems to stand for a missing one.
    mark: Option<String>,
    numbers: usize,
    /// Different numbers, as far as [`NUMBERS_BESIDE_A_MARK`].
    different: Vec<f64>,
    marked: usize,
    /// Whether there are several different words.
    has_words: bool,
}

impl Kind {
    fn see(&mut self, cell: &str, dialect: &Dialect) {
        if self.has_words || dialect.is_missing(cell, true) {
            return;
        }
        match dialect.number(cell).filter(|number| number.is_finite()) {
            Some(number) => {
                self.numbers += 1;
                if self.different.len() < NUMBERS_BESIDE_A_MARK && !self.different.contains(&number)
                {
                    self.different.push(number);
                }
            }
            None => match &self.mark {
                None => {
                    self.mark = Some(cell.to_owned());
                    self.marked = 1;
                }
                Some(mark) if mark == cell => self.marked += 1,
                Some(_) => self.has_words = true,
            },
        }
    }

    fn judge(&mut self) {
        let marked = self.different.len() >= NUMBERS_BESIDE_A_MARK && self.marked < self.numbers;
        self.is_number = self.numbers > 0 && !self.has_words && (self.mark.is_none() || marked);
        if !self.is_number {
            self.mark = None;
        }
    }
}

/// How many rows there are, and what each column's cells are.
fn kinds(table: &Table, dialect: &Dialect) -> Result<(usize, Vec<Kind>), Problem> {
    let mut kinds: Vec<Kind> = table.names().iter().map(|_| Kind::default()).collect();
    let rows = table.rows(|_, cells| {
        for (kind, cell) in kinds.iter_mut().zip(cells) {
            kind.see(cell.trim(), dialect);
        }
    })?;
    kinds.iter_mut().for_each(Kind::judge);
    Ok((rows, kinds))
}

/// The columns with their cells.
fn cells(
    table: &Table,
    dialect: &Dialect,
    kinds: &[Kind],
    rows: usize,
) -> Result<Vec<Column>, Problem> {
    let names = table.names().iter().zip(kinds);
    let mut columns: Vec<Column> = names
        .map(|(name, kind)| Column {
            name: name.clone(),
            is_number: kind.is_number,
            cells: if kind.is_number {
                Cells::Numbers(Vec::with_capacity(rows))
            } else {
                Cells::Words {
                    index: Vec::with_capacity(rows),
                    texts: Vec::new(),
                    counts: Vec::new(),
                }
            },
            different: 0,
            missing: 0,
        })
        .collect();
    let mut places: Vec<HashMap<String, u32>> = vec![HashMap::new(); columns.len()];
    table.rows(|_, row| {
        for ((column, places), cell) in columns.iter_mut().zip(&mut places).zip(row) {
            let cell = cell.trim();
            match &mut column.cells {
                Cells::Numbers(numbers) => {
                    let is_missing = dialect.is_missing(cell, true);
                    let number = dialect.number(cell).filter(|number| number.is_finite());
                    numbers.push(number.filter(|_| !is_missing).unwrap_or(f64::NAN));
                }
                Cells::Words { index, .. } if dialect.is_missing(cell, false) => {
                    index.push(MISSING_WORD);
                }
                Cells::Words {
                    index,
                    texts,
                    counts,
                } => {
                    let place = match places.get(cell) {
                        Some(&place) => place,
                        None => {
                            let place = texts.len() as u32;
                            places.insert(cell.to_owned(), place);
                            texts.push(cell.to_owned());
                            counts.push(0);
                            place
                        }
                    };
                    counts[place as usize] += 1;
                    index.push(place);
                }
            }
        }
    })?;
    columns.iter_mut().for_each(Column::count);
    Ok(columns)
}
