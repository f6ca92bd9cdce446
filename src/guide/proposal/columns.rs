//! The columns of a table, as a person sees them who looks it over: the different texts of each,
//! how often each is met, and which of them are numbers, words or missing.

use std::collections::HashMap;
use std::path::Path;

use data::{Dialect, MISSING, MISSING_NUMBER, Table};
use problems::Problem;

/// A column as it was seen.
#[derive(Debug)]
pub struct Column {
    /// Its name; empty if it has none.
    pub name: String,
    /// Whether all that is not missing is a number.
    pub is_number: bool,
    /// A word among numbers that seems to stand for a missing value.
    pub marker: Option<String>,
    /// For each row, which of the texts.
    cells: Vec<u32>,
    texts: Vec<Text>,
}

/// One of a column's texts.
#[derive(Debug)]
struct Text {
    text: String,
    count: usize,
    number: Option<f64>,
    missing: bool,
}

/// More words than these among numbers are words, not marks of a missing value.
const MOST_MARKERS: usize = 1;

impl Column {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_number: false,
            marker: None,
            cells: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// What its texts are, once all rows have been seen.
    fn judge(&mut self, dialect: &Dialect) {
        for text in &mut self.texts {
            text.number = dialect.number(&text.text).filter(|n| n.is_finite());
            text.missing = dialect.is_missing(&text.text, false);
        }
        let known = || self.texts.iter().filter(|text| !text.missing);
        let numbers = known().filter(|text| text.number.is_some());
        let (different, rows) = numbers.fold((0, 0), |(different, rows), text| {
            (different + 1, rows + text.count)
        });
        let words: Vec<&Text> = known()
            .filter(|text| text.number.is_none() && !dialect.is_missing(&text.text, true))
            .collect();
        let marked: usize = words.iter().map(|text| text.count).sum();
        self.is_number = different > 0
            && (words.is_empty()
                || (words.len() <= MOST_MARKERS && different >= 10 && marked < rows));
        if !self.is_number {
            return;
        }
        self.marker = words.first().map(|text| text.text.clone());
        for text in &mut self.texts {
            text.missing |= text.number.is_none();
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.cells.len()
    }

    fn at(&self, row: usize) -> &Text {
        &self.texts[self.cells[row] as usize]
    }

    /// The text of a row; `None` where it is missing.
    pub fn text(&self, row: usize) -> Option<&str> {
        let text = self.at(row);
        (!text.missing).then_some(text.text.as_str())
    }

    /// The number of a row; `None` where it is missing, or no number.
    pub fn number(&self, row: usize) -> Option<f64> {
        let text = self.at(row);
        text.number.filter(|_| !text.missing)
    }

    /// The different texts that are not missing, each with how often it is met.
    pub fn values(&self) -> Vec<(&str, usize)> {
        let known = self.texts.iter().filter(|text| !text.missing);
        known.map(|text| (text.text.as_str(), text.count)).collect()
    }

    /// How many different values there are; of numbers, 1 and 1.0 are one.
    pub fn different(&self) -> usize {
        if !self.is_number {
            return self.values().len();
        }
        self.sorted_numbers().len()
    }

    /// The column's different numbers, in ascending order.
    pub fn sorted_numbers(&self) -> Vec<f64> {
        let known = self.texts.iter().filter(|text| !text.missing);
        let mut numbers: Vec<f64> = known.filter_map(|text| text.number).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    }

    /// How often each different number is met, in ascending order of the numbers.
    pub fn number_counts(&self) -> Vec<(f64, usize)> {
        let mut counts: Vec<(f64, usize)> = Vec::new();
        let known = self.texts.iter().filter(|text| !text.missing);
        let mut all: Vec<(f64, usize)> = known
            .filter_map(|text| Some((text.number?, text.count)))
            .collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (number, count) in all {
            match counts.last_mut() {
                Some((last, sum)) if *last == number => *sum += count,
                _ => counts.push((number, count)),
            }
        }
        counts
    }

    /// How many cells are missing.
    pub fn missing(&self) -> usize {
        let missing = self.texts.iter().filter(|text| text.missing);
        missing.map(|text| text.count).sum()
    }

    /// Whether all its numbers are whole.
    pub fn is_whole(&self) -> bool {
        self.is_number && self.sorted_numbers().iter().all(|n| n.fract() == 0.0)
    }

    /// Whether each row has the number of the row before, plus one.
    pub fn counts_rows(&self) -> bool {
        let numbers: Option<Vec<f64>> = (0..self.rows()).map(|row| self.number(row)).collect();
        self.rows() > 2
            && numbers
                .is_some_and(|numbers| numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0))
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
    let mut columns: Vec<Column> = names.iter().map(|name| Column::new(name)).collect();
    let mut numbers: Vec<HashMap<String, u32>> = vec![HashMap::new(); columns.len()];
    let rows = table.rows(|_, cells| {
        for ((column, numbers), cell) in columns.iter_mut().zip(&mut numbers).zip(cells) {
            let cell = cell.trim();
            let index = match numbers.get(cell) {
                Some(&index) => index,
                None => {
                    let index = column.texts.len() as u32;
                    numbers.insert(cell.to_owned(), index);
                    column.texts.push(Text {
                        text: cell.to_owned(),
                        count: 0,
                        number: None,
                        missing: false,
                    });
                    index
                }
            };
            column.texts[index as usize].count += 1;
            column.cells.push(index);
        }
    })?;
    if rows < 2 {
        return Err(Problem::new(format!("{shown} has too few rows: {rows}")));
    }
    let mut dialect = table.dialect().clone();
    columns
        .iter_mut()
        .for_each(|column| column.judge(table.dialect()));
    let markers: Vec<String> = columns
        .iter()
        .filter_map(|column| column.marker.clone())
        .collect();
    if !markers.is_empty() {
        let usual = MISSING.iter().chain(&MISSING_NUMBER);
        let mut words: Vec<String> = usual.map(|word| (*word).to_owned()).collect();
        for marker in markers {
            if !words.contains(&marker) {
                words.push(marker);
            }
        }
        // A mark that is a word in another column would lose that word.
        let is_word = |mark: &String| {
            let of_words = columns.iter().filter(|column| !column.is_number);
            of_words
                .flat_map(|column| column.values())
                .any(|(text, _)| text == mark)
        };
        words.retain(|word| MISSING.contains(&word.as_str()) || !is_word(word));
        dialect.missing_values = Some(words);
        for column in &mut columns {
            let lost = column.marker.as_ref().is_some_and(|marker| {
                let words = dialect.missing_values.as_deref().unwrap_or(&[]);
                !words.contains(marker)
            });
            column.is_number &= !lost;
        }
    }
    Ok(Look {
        columns,
        rows,
        dialect,
    })
}
