//! The reader of the result files of one experiment.

use std::collections::HashMap;
use std::path::Path;

use choices::Choice;

use super::experiment::{Experiment, broken};
use super::judged::{Judged, Terms};
use super::results::{Configuration, Results, Run, short_key};
use crate::language::Language;
use crate::record::Outcome;
use crate::record::grounds::Grounds;
use problems::{Error, nearest};

/// The columns of `runs.csv` before the swept keys, and the first column after them.
const BEFORE_KEYS: [&str; 2] = ["run", "key"];
const AFTER_KEYS: &str = "replicate";

impl Results {
    /// Reads the results in `directory`; messages about them are in this language.
    ///
    /// # Errors
    /// If there are no results, or a file was not written by a run; the message names the file and
    /// the line.
    pub fn read(directory: &Path, language: Language) -> Result<Self, Error> {
        Self::read_with(directory, language, Grounds::read(directory).as_ref())
    }

    /// Reads the results with these grounds of judgement, where [`Results::read`] takes those of
    /// the manifest.
    ///
    /// # Errors
    /// If there are no results, or a file was not written by a run; the message names the file and
    /// the line.
    pub fn read_with(
        directory: &Path,
        language: Language,
        grounds: Option<&Grounds>,
    ) -> Result<Self, Error> {
        let experiment = Experiment::read(&directory.join("experiment.toml"))?;
        let path = directory.join("runs.csv");
        let mut reader = csv::Reader::from_path(&path).map_err(|cause| broken(&path, cause))?;
        let header = reader
            .headers()
            .map_err(|cause| broken(&path, cause))?
            .clone();
        let position = |name: &str| {
            header
                .iter()
                .position(|column| column == name)
                .ok_or_else(|| broken(&path, format!("it has no column `{name}`")))
        };
        let first_key = BEFORE_KEYS.len();
        let replicate = position(AFTER_KEYS)?;
        let [run, key, seed, status, epochs, updates, reason] = [
            position("run")?,
            position("key")?,
            position("seed")?,
            position("status")?,
            position("epochs")?,
            position("updates")?,
            position("reason")?,
        ];
        let keys: Vec<String> = (first_key..replicate)
            .map(|i| header[i].to_owned())
            .collect();
        let columns: Vec<String> = (epochs..reason).map(|i| header[i].to_owned()).collect();
        let [kept_epoch, fold] =
            ["kept_epoch", "fold"].map(|name| header.iter().position(|column| column == name));
        let planned =
            grounds.map(|grounds| (grounds.of.len() as u64).saturating_mul(experiment.runs_each()));
        let mut results = Self {
            planned,
            directory: directory.to_path_buf(),
            language,
            experiment,
            keys,
            configurations: Vec::new(),
            runs: Vec::new(),
            columns,
            judged: Vec::new(),
            terms: Terms::default(),
        };
        let summary = summary(&directory.join("summary.csv"), results.keys.len());
        let mut known: HashMap<Vec<String>, usize> = HashMap::new();
        for (row, record) in reader.records().enumerate() {
            let record = record.map_err(|cause| broken(&path, cause))?;
            let line = row + 2;
            let count = |i: usize| {
                record[i].parse::<u64>().map_err(|_| {
                    broken(
                        &path,
                        format!("line {line}: `{}` is no {}", &record[i], &header[i]),
                    )
                })
            };
            let numbers = (epochs..reason).map(|i| number(&record[i], &path, line));
            let status = Outcome::from_word(&record[status]).ok_or_else(|| {
                broken(
                    &path,
                    format!("line {line}: `{}` is no status", &record[status]),
                )
            })?;
            let values: Vec<String> = (first_key..replicate)
                .map(|i| record[i].to_owned())
                .collect();
            let configurations = &mut results.configurations;
            let experiment = &results.experiment;
            let configuration = *known.entry(values).or_insert_with_key(|values| {
                let row = summary.get(values);
                configurations.push(Configuration {
                    number: row.map_or(configurations.len(), |row| row.number),
                    values: values.clone(),
                    runs: Vec::new(),
                    design: experiment.design(row.and_then(|row| row.valid_per_train)),
                });
                configurations.len() - 1
            });
            configurations[configuration].runs.push(results.runs.len());
            results.runs.push(Run {
                number: count(run)?,
                key: record[key].to_owned(),
                replicate: count(replicate)?,
                fold: fold.map(count).transpose()?,
                seed: record[seed].to_owned(),
                status,
                epochs: count(epochs)?,
                updates: count(updates)?,
                kept_epoch: kept_epoch
                    .filter(|&column| !record[column].is_empty())
                    .map(count)
                    .transpose()?,
                numbers: numbers.collect::<Result<_, _>>()?,
                reason: record[reason].to_owned(),
            });
        }
        results.judged = Judged::of(&results, grounds);
        results.settle();
        Ok(results)
    }

    /// Decides by which column the configurations are ranked, and on which terms.
    pub fn settle(&mut self) {
        let before = self.terms.instead_of.take();
        let (metric, mut terms) = Terms::of(self, &self.experiment.metric);
        if metric == self.experiment.metric {
            // If the metric already replaces another one, it still does.
            terms.instead_of = before;
        }
        self.experiment.metric = metric;
        self.terms = terms;
    }

    /// Ranks by another column, or compares the values of another key.
    ///
    /// # Errors
    /// If `runs.csv` has no such column of numbers, or no such key has different values.
    pub fn ask(&mut self, metric: Option<&str>, by: Option<&str>) -> Result<(), Error> {
        let path = || self.directory.join("runs.csv").display().to_string();
        let refuse = |what: &str, name: &str, choices: Vec<&str>| {
            let near = nearest(name, choices.iter().copied());
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(Error::Other(format!(
                "{} has no {what} `{name}`{near} (there are: {})",
                path(),
                choices.join(", ")
            )))
        };
        if let Some(metric) = metric {
            if self.column(metric).is_none() {
                let columns = self.columns.iter().map(String::as_str).collect();
                return refuse("column of numbers", metric, columns);
            }
            self.experiment.metric = metric.to_owned();
            self.terms.instead_of = None;
        }
        if let Some(by) = by {
            let keys = self.differing().into_iter();
            let keys: Vec<&str> = keys.map(|key| self.keys[key].as_str()).collect();
            let named = |key: &&&str| **key == by || short_key(key) == by;
            match keys.iter().find(named) {
                Some(key) => self.experiment.by = (*key).to_owned(),
                None => return refuse("key with different values", by, keys),
            }
        }
        self.settle();
        Ok(())
    }
}

/// The facts about a configuration that `summary.csv` has and `runs.csv` lacks.
struct SummaryRow {
    /// The configuration's number in the plan; it may skip numbers, since a part of an experiment
    /// lacks some configurations.
    number: usize,
    /// The validation samples for each training sample, for folds and splits.
    valid_per_train: Option<f64>,
}

/// The rows of `summary.csv` by the values of their keys; empty if there is no such table.
fn summary(path: &Path, keys: usize) -> HashMap<Vec<String>, SummaryRow> {
    let mut rows = HashMap::new();
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        return rows;
    };
    let ratio = reader
        .headers()
        .ok()
        .and_then(|header| header.iter().position(|name| name == "valid_per_train"));
    for record in reader.records().flatten() {
        let values: Vec<String> = record
            .iter()
            .skip(1)
            .take(keys)
            .map(str::to_owned)
            .collect();
        if let Some(number) = record.get(0).and_then(|number| number.parse().ok()) {
            let ratio = ratio.and_then(|ratio| record.get(ratio)?.parse().ok());
            rows.insert(
                values,
                SummaryRow {
                    number,
                    valid_per_train: ratio,
                },
            );
        }
    }
    rows
}

/// The number in a cell; `None` for an empty cell.
fn number(cell: &str, path: &Path, line: usize) -> Result<Option<f64>, Error> {
    match cell {
        "" => Ok(None),
        cell => match cell.parse::<f64>() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(broken(path, format!("line {line}: `{cell}` is no number"))),
        },
    }
}
