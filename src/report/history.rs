//! `history.csv`, read back into columns.

use std::path::Path;

use rayon::prelude::*;

use crate::error::Error;

/// Rows per run and epoch, a column each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Names of [`History::values`]: `learning_rate`, `train_loss`, `valid_loss`, metrics.
    pub columns: Vec<String>,
    /// The epoch of each row, from 1.
    pub epoch: Vec<u64>,
    /// Updates made by then.
    pub updates: Vec<u64>,
    /// Samples seen by then.
    pub samples: Vec<u64>,
    /// A vector for each column; NaN where a cell is empty.
    pub values: Vec<Vec<f64>>,
    /// The number of each run that has rows, and its first row; rows of a run lie together.
    runs: Vec<(u64, usize)>,
}

/// The columns before the values.
const COUNTS: [&str; 4] = ["run", "epoch", "updates", "samples"];

/// The rows of one run: a range of indices into the columns.
pub type Rows = std::ops::Range<usize>;

impl History {
    /// Reads the history in `directory`.
    ///
    /// # Errors
    /// If the file is not there or is not a history; the message names the line.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let path = directory.join("history.csv");
        let text = std::fs::read_to_string(&path).map_err(Error::file("cannot read", &path))?;
        parse(&text)
            .map_err(|cause| Error::Other(format!("cannot read {}: {cause}", path.display())))
    }

    /// Several histories as one: the runs of each count from its offset. A column that one of them
    /// lacks is left out.
    pub fn join(all: Vec<History>, offsets: &[u64]) -> Self {
        let mut all = all.into_iter().zip(offsets);
        let Some((mut joined, _)) = all.next() else {
            return Self::default();
        };
        for (next, offset) in all {
            let first_row = joined.epoch.len();
            let kept: Vec<usize> = (0..joined.columns.len())
                .filter(|&i| next.columns.contains(&joined.columns[i]))
                .collect();
            joined.columns = kept.iter().map(|&i| joined.columns[i].clone()).collect();
            joined.values = kept
                .iter()
                .map(|&i| std::mem::take(&mut joined.values[i]))
                .collect();
            for (name, values) in joined.columns.iter().zip(&mut joined.values) {
                values.extend(next.column(name).unwrap_or(&[]));
            }
            joined.epoch.extend(&next.epoch);
            joined.updates.extend(&next.updates);
            joined.samples.extend(&next.samples);
            let runs = next
                .runs
                .iter()
                .map(|&(run, row)| (run + offset, row + first_row));
            joined.runs.extend(runs);
        }
        joined
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

/// A part of the file's rows.
struct Part {
    run: Vec<u64>,
    counts: [Vec<u64>; 3],
    values: Vec<Vec<f64>>,
}

/// No cell of a history is quoted: lines and commas are all there is. Large files are read by all
/// cores, in parts that end at a line's end.
fn parse(text: &str) -> Result<History, String> {
    let (header, body) = text.split_once('\n').ok_or("it is empty")?;
    let names: Vec<&str> = header.trim_end().split(',').collect();
    if names.len() < COUNTS.len() || names[..COUNTS.len()] != COUNTS {
        return Err(format!("its first columns are not {}", COUNTS.join(",")));
    }
    /// Bytes of one part; less is not worth a thread.
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
    let read: Vec<Part> = numbered
        .par_iter()
        .map(|&(line, part)| parse_part(part, line, &names))
        .collect::<Result<_, _>>()?;

    let rows = read.iter().map(|part| part.run.len()).sum();
    let mut history = History {
        columns: names[COUNTS.len()..]
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
        epoch: Vec::with_capacity(rows),
        updates: Vec::with_capacity(rows),
        samples: Vec::with_capacity(rows),
        values: vec![Vec::with_capacity(rows); names.len() - COUNTS.len()],
        runs: Vec::new(),
    };
    for part in read {
        for (row, &run) in part.run.iter().enumerate() {
            if history.runs.last().is_none_or(|&(last, _)| last != run) {
                history.runs.push((run, history.epoch.len() + row));
            }
        }
        let [epoch, updates, samples] = part.counts;
        history.epoch.extend(epoch);
        history.updates.extend(updates);
        history.samples.extend(samples);
        for (all, part) in history.values.iter_mut().zip(part.values) {
            all.extend(part);
        }
    }
    if !history.runs.is_sorted_by(|a, b| a.0 < b.0) {
        return Err("its runs are not in the order of their numbers".to_owned());
    }
    Ok(history)
}

fn parse_part(text: &str, first_line: usize, names: &[&str]) -> Result<Part, String> {
    let mut part = Part {
        run: Vec::new(),
        counts: Default::default(),
        values: vec![Vec::new(); names.len() - COUNTS.len()],
    };
    for (line, row) in text.lines().enumerate() {
        let wrong =
            |cell: &str, name: &str| format!("line {}: `{cell}` is no {name}", first_line + line);
        let mut cells = row.split(',');
        let mut cell = |name: &str| {
            cells
                .next()
                .ok_or_else(|| format!("line {}: the {name} is missing", first_line + line))
        };
        let count = |cell: &str, name: &str| cell.parse::<u64>().map_err(|_| wrong(cell, name));
        part.run.push(count(cell("run")?, "run")?);
        for (counts, name) in part.counts.iter_mut().zip(&COUNTS[1..]) {
            counts.push(count(cell(name)?, name)?);
        }
        for (values, name) in part.values.iter_mut().zip(&names[COUNTS.len()..]) {
            let cell = cell(name)?;
            values.push(match cell {
                "" => f64::NAN,
                cell => cell.parse().map_err(|_| wrong(cell, name))?,
            });
        }
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "run,epoch,updates,samples,learning_rate,train_loss\n\
                        0,1,10,40,0.1,0.5\n0,2,20,80,0.1,\n3,1,10,40,0.1,1e-3\n";

    #[test]
    fn rows_lie_together_by_run() {
        let history = parse(TEXT).unwrap();
        assert_eq!(history.rows(0), 0..2);
        assert_eq!(history.rows(1), 0..0);
        assert_eq!(history.rows(3), 2..3);
        assert_eq!(history.updates, [10, 20, 10]);
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
        let history = parse(&text).unwrap();
        assert_eq!(history.epoch.len(), 60_000);
        for run in [0, 1, 299, 599] {
            let rows = history.rows(run);
            assert_eq!(rows.len(), 100);
            assert_eq!(history.epoch[rows.start], 1);
            assert_eq!(history.values[1][rows.end - 1], 0.01);
        }
    }

    #[test]
    fn what_is_no_history_is_refused_with_its_line() {
        assert!(parse("").is_err());
        assert!(parse("a,b\n1,2\n").is_err());
        let cut = TEXT.replace("0,2,20,80,0.1,\n", "0,2,20\n");
        assert_eq!(parse(&cut).unwrap_err(), "line 3: the samples is missing");
        let word = TEXT.replace("1e-3", "small");
        assert_eq!(
            parse(&word).unwrap_err(),
            "line 4: `small` is no train_loss"
        );
    }
}
