//! The history of every run, in the columns of `history.csv` that a reader asks for.

use std::path::Path;

use rayon::prelude::*;

use problems::Error;

/// The rows per run and epoch, stored column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// The names of the columns of [`History::values`].
    pub columns: Vec<String>,
    /// The epoch of each row, from 1.
    pub epoch: Vec<u64>,
    /// The updates up to and including each row's epoch.
    pub updates: Vec<u64>,
    /// The samples seen up to and including each row's epoch.
    pub samples: Vec<u64>,
    /// A vector for each column; NaN where a cell is empty.
    pub values: Vec<Vec<f64>>,
    /// The number of each run that has rows, and the index of its first row. The rows of a run lie
    /// together.
    runs: Vec<(u64, usize)>,
}

/// The columns before the values.
const COUNTS: [&str; 4] = ["run", "epoch", "updates", "samples"];

/// The rows of one run: a range of indices into the columns.
pub type Rows = std::ops::Range<usize>;

impl History {
    /// A history of these columns without rows.
    pub fn new(columns: Vec<String>) -> Self {
        Self {
            values: vec![Vec::new(); columns.len()],
            columns,
            ..Self::default()
        }
    }

    /// Reads those of the `wanted` columns that the history in `directory` has.
    ///
    /// # Errors
    /// If the file is missing or is not a history; the message names the line.
    pub fn read(directory: &Path, wanted: &[String]) -> Result<Self, Error> {
        let path = directory.join("history.csv");
        let text = data::file_text(&path).map_err(Error::file("cannot read", &path))?;
        parse(&text, wanted)
            .map_err(|cause| Error::Other(format!("cannot read {}: {cause}", path.display())))
    }

    /// Adds a row: its run's number, then epoch, updates and samples, then a value for each column.
    /// The rows of a run are added one after the other.
    pub fn add(&mut self, run: u64, counts: [u64; 3], values: impl Iterator<Item = f64>) {
        if self.runs.last().is_none_or(|&(last, _)| last != run) {
            self.runs.push((run, self.epoch.len()));
        }
        let [epoch, updates, samples] = counts;
        self.epoch.push(epoch);
        self.updates.push(updates);
        self.samples.push(samples);
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// Moves the rows of another history with the same columns to the end of this one. The first
    /// run of `other` may be the last run here.
    pub fn append(&mut self, other: &mut History) {
        let first = self.epoch.len();
        for (run, row) in other.runs.drain(..) {
            if self.runs.last().is_none_or(|&(last, _)| last != run) {
                self.runs.push((run, first + row));
            }
        }
        self.epoch.append(&mut other.epoch);
        self.updates.append(&mut other.updates);
        self.samples.append(&mut other.samples);
        for (column, other) in self.values.iter_mut().zip(&mut other.values) {
            column.append(other);
        }
    }

    /// Joins several histories into one: the runs of each are numbered from its offset. Columns
    /// that one of them lacks are left out.
    pub fn join(mut all: Vec<History>, offsets: &[u64]) -> Self {
        let Some(first) = all.first() else {
            return Self::default();
        };
        let everywhere = |name: &&String| all.iter().all(|one| one.columns.contains(name));
        let columns: Vec<String> = first.columns.iter().filter(everywhere).cloned().collect();
        let mut joined = Self::new(columns);
        for (one, offset) in all.iter_mut().zip(offsets) {
            let column = |name: &String| {
                let index = one.columns.iter().position(|column| column == name);
                std::mem::take(&mut one.values[index.expect("every history has it")])
            };
            one.values = joined.columns.iter().map(column).collect();
            one.runs.iter_mut().for_each(|(run, _)| *run += offset);
            joined.append(one);
        }
        joined
    }

    /// The numbers of the runs in this history.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        self.runs.iter().map(|&(number, _)| number)
    }

    /// The rows of a run; empty if it has none.
    pub fn rows(&self, run: u64) -> Rows {
        match self.runs.binary_search_by_key(&run, |&(number, _)| number) {
            Err(_) => 0..0,
            Ok(i) => self.runs[i].1..self.runs.get(i + 1).map_or(self.epoch.len(), |next| next.1),
        }
    }

    /// The values of a column.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        let index = self.columns.iter().position(|column| column == name)?;
        Some(&self.values[index])
    }
}

/// The wanted columns of a history's text. Its cells are never quoted, so that lines and commas
/// suffice. The cores share large files in parts that end at the end of a line.
fn parse(text: &str, wanted: &[String]) -> Result<History, String> {
    let (header, body) = text.split_once('\n').ok_or("it is empty")?;
    let names: Vec<&str> = header.trim_end().split(',').collect();
    if names.len() < COUNTS.len() || names[..COUNTS.len()] != COUNTS {
        return Err(format!("its first columns are not {}", COUNTS.join(",")));
    }
    /// The least bytes of a part for which a thread pays.
    const PART: usize = 1 << 20;
    let mut parts = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = match rest.as_bytes().get(PART..) {
            None => rest.len(),
            Some(beyond) => {
                let newline = beyond.iter().position(|&byte| byte == b'\n');
                newline.map_or(rest.len(), |newline| PART + newline + 1)
            }
        };
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    let mut first_line = 2;
    let numbered: Vec<(usize, &str)> = parts
        .iter()
        .map(|part| {
            let line = first_line;
            if parts.len() > 1 {
                first_line += part.bytes().filter(|&byte| byte == b'\n').count();
            }
            (line, *part)
        })
        .collect();
    let columns = Columns::of(&names, wanted);
    let read: Vec<History> = numbered
        .par_iter()
        .map(|&(line, part)| parse_part(part, line, &names, &columns))
        .collect::<Result<_, _>>()?;
    let mut history = History::new(columns.names);
    for mut part in read {
        history.append(&mut part);
    }
    if !history.runs.is_sorted_by(|a, b| a.0 < b.0) {
        return Err("its runs are not in the order of their numbers".to_owned());
    }
    Ok(history)
}

/// The columns of a file that are kept.
struct Columns {
    /// The names of the kept columns.
    names: Vec<String>,
    /// For each of the file's columns after the counts, its place among the kept columns.
    places: Vec<Option<usize>>,
}

impl Columns {
    fn of(names: &[&str], wanted: &[String]) -> Self {
        let there = |name: &&String| names.contains(&name.as_str());
        let kept: Vec<String> = wanted.iter().filter(there).cloned().collect();
        let place = |name: &&str| kept.iter().position(|kept| kept == name);
        Self {
            places: names[COUNTS.len()..].iter().map(place).collect(),
            names: kept,
        }
    }
}

fn parse_part(
    text: &str,
    first_line: usize,
    names: &[&str],
    columns: &Columns,
) -> Result<History, String> {
    let mut part = History::new(columns.names.clone());
    let mut values = vec![f64::NAN; columns.names.len()];
    for (line, row) in text.lines().enumerate() {
        let wrong =
            |cell: &str, name: &str| format!("line {}: `{cell}` is no {name}", first_line + line);
        let mut cells = row.split(',');
        let mut cell = |name: &str| {
            cells
                .next()
                .ok_or_else(|| format!("line {}: the {name} is missing", first_line + line))
        };
        let mut counts = [0; COUNTS.len()];
        for (count, name) in counts.iter_mut().zip(COUNTS) {
            let cell = cell(name)?;
            *count = cell.parse().map_err(|_| wrong(cell, name))?;
        }
        for (place, name) in columns.places.iter().zip(&names[COUNTS.len()..]) {
            let cell = cell(name)?;
            if let Some(place) = *place {
                values[place] = match cell {
                    "" => f64::NAN,
                    cell => cell.parse().map_err(|_| wrong(cell, name))?,
                };
            }
        }
        let [run, epoch, updates, samples] = counts;
        part.add(run, [epoch, updates, samples], values.iter().copied());
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "run,epoch,updates,samples,learning_rate,train_loss\n\
                        0,1,10,40,0.1,0.5\n0,2,20,80,0.1,\n3,1,10,40,0.1,1e-3\n";

    fn losses(text: &str) -> Result<History, String> {
        parse(text, &["train_loss", "valid_loss"].map(str::to_owned))
    }

    #[test]
    fn rows_lie_together_by_run() {
        let history = losses(TEXT).unwrap();
        assert_eq!(history.rows(0), 0..2);
        assert_eq!(history.rows(1), 0..0);
        assert_eq!(history.rows(3), 2..3);
        assert_eq!(history.updates, [10, 20, 10]);
        assert_eq!(history.columns, ["train_loss"]);
        let loss = history.column("train_loss").unwrap();
        assert_eq!((loss[0], loss[2]), (0.5, 1e-3));
        assert!(loss[1].is_nan());
    }

    #[test]
    fn a_file_of_many_parts_reads_as_one() {
        let mut text = "run,epoch,updates,samples,learning_rate,train_loss\n".to_owned();
        for run in 0..600 {
            for epoch in 1..=100 {
                text += &format!(
                    "{run},{epoch},{},{},0.1,{}\n",
                    epoch * 3,
                    epoch * 9,
                    1.0 / epoch as f64
                );
            }
        }
        let history = losses(&text).unwrap();
        assert_eq!(history.epoch.len(), 60_000);
        for run in [0, 1, 299, 599] {
            let rows = history.rows(run);
            assert_eq!(rows.len(), 100);
            assert_eq!(history.epoch[rows.start], 1);
            assert_eq!(history.values[0][rows.end - 1], 0.01);
        }
    }

    #[test]
    fn what_is_no_history_is_refused_with_its_line() {
        assert!(losses("").is_err());
        assert!(losses("a,b\n1,2\n").is_err());
        let cut = TEXT.replace("0,2,20,80,0.1,\n", "0,2,20\n");
        assert_eq!(losses(&cut).unwrap_err(), "line 3: the samples is missing");
        let word = TEXT.replace("1e-3", "small");
        assert_eq!(
            losses(&word).unwrap_err(),
            "line 4: `small` is no train_loss"
        );
    }
}
