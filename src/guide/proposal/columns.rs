//! The columns of a table, as a careful person sees them: whether they have numbers or words, how
//! many different values, and how many missing ones.
//!
//! A table is read twice: the first time for the kind of each column, the second time for its
//! cells, which take 8 bytes for a number and 4 bytes for a word.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::reason::Reason;
use data::{Dialect, MISSING, MISSING_NUMBER, Table};
use problems::Problem;

/// A column with its cells.
#[derive(Debug)]
pub struct Column {
    /// The column's name; empty if it has none.
    pub name: String,
    /// Whether all cells that are not missing are numbers.
    pub is_number: bool,
    cells: Cells,
    /// The number of different values, without missing ones.
    different: usize,
    missing: usize,
}

/// The cells of a column.
#[derive(Debug)]
enum Cells {
    /// A number in each row; NaN if it is missing.
    Numbers(Vec<f64>),
    /// A word in each row, by its index in `texts`; [`MISSING_WORD`] if it is missing.
    Words {
        index: Vec<u32>,
        texts: Vec<String>,
        counts: Vec<usize>,
    },
}

/// The index of a missing word.
const MISSING_WORD: u32 = u32::MAX;

/// A single word among numbers stands for a missing one if the column has at least this many
/// different numbers.
const NUMBERS_BESIDE_A_MARK: usize = 10;

/// Numbers whose relative difference is below this count as equal.
const EQUAL: f64 = 1e-9;

/// The greatest number whose square can still be computed with.
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

    /// The number of different values; 1 and 1.0 are the same number.
    pub fn different(&self) -> usize {
        self.different
    }

    /// The number in a row; `None` if it is missing or not a number.
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.cells {
            Cells::Numbers(numbers) => Some(numbers[row]).filter(|number| !number.is_nan()),
            Cells::Words { .. } => None,
        }
    }

    /// A key for the value in a row: equal values have equal keys. `None` if the value is missing.
    pub fn key(&self, row: usize) -> Option<u64> {
        match &self.cells {
            Cells::Numbers(_) => self.number(row).map(|number| (number + 0.0).to_bits()),
            Cells::Words { index, .. } => {
                Some(u64::from(index[row])).filter(|_| index[row] != MISSING_WORD)
            }
        }
    }

    /// The numbers in the order of the rows, without missing ones.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        let numbers = match &self.cells {
            Cells::Numbers(numbers) => numbers.as_slice(),
            Cells::Words { .. } => &[],
        };
        numbers.iter().copied().filter(|number| !number.is_nan())
    }

    /// The different words, each with its count; empty for numbers.
    pub fn words(&self) -> Vec<(&str, usize)> {
        match &self.cells {
            Cells::Numbers(_) => Vec::new(),
            Cells::Words { texts, counts, .. } => {
                let words = texts.iter().map(String::as_str).zip(counts.iter().copied());
                words.filter(|(_, count)| *count > 0).collect()
            }
        }
    }

    /// The different numbers in ascending order, each with its count.
    pub fn number_counts(&self) -> Vec<(f64, usize)> {
        let mut all: Vec<f64> = self.numbers().map(|number| number + 0.0).collect();
        all.sort_unstable_by(f64::total_cmp);
        let equal = all.chunk_by(|a, b| a == b);
        equal.map(|run| (run[0], run.len())).collect()
    }

    /// The count of each different value.
    pub fn counts(&self) -> Vec<usize> {
        match &self.cells {
            Cells::Numbers(_) => {
                let counts = self.number_counts();
                counts.into_iter().map(|(_, count)| count).collect()
            }
            Cells::Words { .. } => self.words().into_iter().map(|(_, count)| count).collect(),
        }
    }

    /// Whether all values are whole numbers.
    pub fn is_whole(&self) -> bool {
        self.is_number && self.numbers().all(|number| number.fract() == 0.0)
    }

    /// The reason why its numbers cannot be used ("it …"), if there is one.
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

    /// Removes the rows for which `keep` is false.
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

    /// Counts the different and the missing values.
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

/// A table with its columns.
#[derive(Debug)]
pub struct Look {
    /// The table's columns, in their order.
    pub columns: Vec<Column>,
    /// How many rows it has.
    pub rows: usize,
    /// The dialect of the table, including the marks of missing values.
    pub dialect: Dialect,
}

impl Look {
    /// Removes the rows without a value in column `position`.
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

/// Reads the columns of a table.
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
            // If a mark is a word of another column, that column would lose the word.
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

/// Whether some column of words has this one.
fn is_word(mark: &str, columns: &[Column]) -> bool {
    let words = columns.iter().flat_map(Column::words);
    words.into_iter().any(|(word, _)| word == mark)
}

/// The marks that are words in another column.
fn lost_marks(marks: &[String], columns: &[Column]) -> Vec<String> {
    let lost = marks.iter().filter(|mark| is_word(mark, columns));
    lost.cloned().collect()
}

/// The kind of a column's cells.
#[derive(Debug, Default)]
struct Kind {
    is_number: bool,
    /// The only word among numbers, which probably stands for a missing one.
    mark: Option<String>,
    numbers: usize,
    /// The different numbers, up to [`NUMBERS_BESIDE_A_MARK`] of them.
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

/// The number of rows, and the kind of each column's cells.
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
