//! The result files of one experiment, read back: what everything else in `report` is made from.
//!
//! Reads `experiment.toml`, `runs.csv` and, when asked, `history.csv`; knows of the engine its
//! words alone and nothing of a plan. A run that has no row yet (a shard, an interruption) is simply not there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::judged::{Judged, Terms};
use super::number::short;
use crate::likeness::Column;
use crate::record::grounds::Grounds;
use crate::record::history::{History, Rows};
use problems::{Error, nearest};
use statistics::design::Design;

/// Columns of `runs.csv` before the swept keys, and the first one after them.
const BEFORE_KEYS: [&str; 2] = ["run", "key"];
const AFTER_KEYS: &str = "replicate";

/// One experiment and its finished runs.
#[derive(Debug, Clone)]
pub struct Results {
    /// Where they are.
    pub directory: PathBuf,
    /// What was asked.
    pub experiment: Experiment,
    /// `variant` and the swept keys: the columns that name a configuration.
    pub keys: Vec<String>,
    /// In plan order.
    pub configurations: Vec<Configuration>,
    /// In plan order.
    pub runs: Vec<Run>,
    /// The columns of numbers of `runs.csv`, in its order, from `epochs` on: counts, losses, metrics.
    pub columns: Vec<String>,
    /// What each configuration is judged on.
    pub judged: Vec<Arc<Judged>>,
    /// On which terms they are ranked.
    pub terms: Terms,
}

/// What `experiment.toml` says of the whole.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// Its question; may be empty.
    pub description: String,
    /// `[compare] by`: `variant` or a swept key.
    pub by: String,
    /// `[compare] metric`: a column of `runs.csv`.
    pub metric: String,
    /// The seed of everything.
    pub seed: i64,
    /// What differs between replicates.
    pub vary: Vec<String>,
    /// The file as it is.
    pub text: String,
    /// The same, parsed.
    pub document: toml::Table,
}

/// One point of variants × sweep.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Its number in the plan, as in `summary.csv`; its index among those that have runs where that
    /// table is not there or covers several experiments.
    pub number: usize,
    /// A value for each of [`Results::keys`]; empty where it has none.
    pub values: Vec<String>,
    /// Its runs, as indices into [`Results::runs`], by replicate and fold.
    pub runs: Vec<usize>,
    /// How they hang together.
    pub design: Design,
}

/// One row of `runs.csv`.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its number in the plan, which `history.csv` has too.
    pub number: u64,
    /// Its identity; names its model file.
    pub key: String,
    /// From 0.
    pub replicate: u64,
    /// From 0, where there are folds.
    pub fold: Option<u64>,
    /// What varies between replicates is drawn from it.
    pub seed: String,
    /// How it ended.
    pub status: Status,
    /// How many epochs it took part in; of a diverged run the one in which a value stopped being
    /// finite.
    pub epochs: u64,
    /// How many updates it made.
    pub updates: u64,
    /// The epoch whose network it has, and whose numbers these are; `None` for a run that diverged
    /// or failed, and where the table does not say it.
    pub kept_epoch: Option<u64>,
    /// A value for each of [`Results::columns`].
    pub numbers: Vec<Option<f64>>,
    /// In words, why it diverged or failed, or that it exploded.
    pub reason: String,
}

/// What pairs the runs of two configurations: the replicate, and the fold where there are folds.
pub type Part = (u64, Option<u64>);

impl Run {
    /// What its counterparts of other configurations share with it.
    pub fn part(&self) -> Part {
        (self.replicate, self.fold)
    }

    /// Whether it stayed finite and ended far above where it began.
    pub fn exploded(&self) -> bool {
        self.status.counts() && self.reason.starts_with("exploded")
    }

    /// The updates made by the end of its kept epoch, or all where that is not known.
    pub fn kept_updates(&self) -> u64 {
        match self.kept_epoch {
            Some(kept) if self.epochs > 0 => self.updates / self.epochs * kept,
            _ => self.updates,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// After its last epoch.
    Ok,
    /// Early, since it no longer got better.
    Stopped,
    /// A value stopped being finite.
    Diverged,
    /// Early, since others were better.
    Pruned,
    /// It could not be carried out.
    Failed,
}

impl Status {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "ok" => Status::Ok,
            "stopped" => Status::Stopped,
            "diverged" => Status::Diverged,
            "pruned" => Status::Pruned,
            "failed" => Status::Failed,
            _ => return None,
        })
    }

    /// As in `runs.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Stopped => "stopped",
            Status::Diverged => "diverged",
            Status::Pruned => "pruned",
            Status::Failed => "failed",
        }
    }

    /// Whether its last values count; any other run is lost by its configuration.
    pub fn counts(self) -> bool {
        matches!(self, Status::Ok | Status::Stopped)
    }
}

impl Results {
    /// Whether each run's losses stand in the row of the history that they are said to be of, and
    /// the history has no other runs; the error names the first run in which they differ.
    ///
    /// # Errors
    /// They are of two different ends of an experiment.
    pub fn agrees_with(&self, history: &History) -> Result<(), String> {
        for run in &self.runs {
            let number = run.number;
            let rows = history.rows(number);
            if !run.status.counts() {
                continue;
            }
            let epoch = run.kept_epoch.unwrap_or(run.epochs);
            let row = rows.clone().find(|&row| history.epoch[row] == epoch);
            let Some(row) = row else {
                return Err(format!("history.csv has no epoch {epoch} of run {number}"));
            };
            for name in ["train_loss", "valid_loss"] {
                let column = self.columns.iter().position(|column| column == name);
                let there = column.and_then(|column| run.numbers[column]);
                if let (Some(there), Some(column)) = (there, history.column(name))
                    && there.to_bits() != column[row].to_bits()
                {
                    return Err(format!(
                        "{name} of run {number} is {there} in runs.csv and {} in history.csv",
                        column[row]
                    ));
                }
            }
        }
        let known = |number: u64| self.runs.iter().any(|run| run.number == number);
        match history.numbers().find(|&number| !known(number)) {
            Some(number) => Err(format!("runs.csv has no run {number}, history.csv has")),
            None => Ok(()),
        }
    }

    /// Reads what a run left in `directory`.
    ///
    /// # Errors
    /// If it holds no results, or a file of them is not what a run writes; the message names the
    /// file and the line.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        Self::read_with(directory, Grounds::read(directory).as_ref())
    }

    /// As [`Results::read`], with what the configurations are judged on.
    ///
    /// # Errors
    /// As [`Results::read`].
    pub fn read_with(directory: &Path, grounds: Option<&Grounds>) -> Result<Self, Error> {
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
        let mut results = Self {
            directory: directory.to_path_buf(),
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
            let status = Status::from_word(&record[status]).ok_or_else(|| {
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
            // A metric that stood in for another one still does.
            terms.instead_of = before;
        }
        self.experiment.metric = metric;
        self.terms = terms;
    }

    /// Ranks by another column, and compares the values of another key.
    ///
    /// # Errors
    /// If `runs.csv` has no such column of numbers, or no such key differs.
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

    /// The rows of a run in its history up to its kept epoch: those that its network has a part in.
    /// All of them where it has none.
    pub fn rows(&self, history: &History, run: usize) -> Rows {
        let run = &self.runs[run];
        let rows = history.rows(run.number);
        match run.kept_epoch {
            None => rows,
            Some(kept) => {
                let within = history.epoch[rows.clone()].partition_point(|&epoch| epoch <= kept);
                rows.start..rows.start + within
            }
        }
    }

    /// The index of a column of numbers.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// Whether a greater value of the compared metric is a better one.
    pub fn higher_is_better(&self) -> bool {
        higher_is_better(&self.experiment.metric)
    }

    /// What each run of a configuration came to by the compared metric, with its replicate and fold;
    /// `None` for a run that was lost. A run for which the metric is undefined is left out.
    pub fn outcomes(&self, configuration: usize) -> Vec<(Part, Option<f64>)> {
        self.outcomes_of(&self.experiment.metric, configuration)
    }

    /// As [`Results::outcomes`], by this column.
    pub fn outcomes_of(&self, column: &str, configuration: usize) -> Vec<(Part, Option<f64>)> {
        let column = self.column(column);
        let runs = self.configurations[configuration].runs.iter();
        runs.map(|&run| &self.runs[run])
            .filter_map(|run| {
                let value = column.and_then(|column| run.numbers[column]);
                match run.status.counts() {
                    false => Some((run.part(), None)),
                    true => value.map(|value| (run.part(), Some(value))),
                }
            })
            .collect()
    }

    /// How many folds there are; `None`: none are asked for.
    pub fn folds(&self) -> Option<u64> {
        self.experiment.folds()
    }

    /// How the pairs of two configurations hang together.
    pub fn design_of(&self, a: usize, b: usize) -> Design {
        match [a, b].map(|c| self.configurations[c].design) {
            [Design::Independent, other] | [other, Design::Independent] => other,
            [one, other] if one.variance(1.0) >= other.variance(1.0) => one,
            [_, other] => other,
        }
    }

    /// Whether any configuration's runs are folds or splits of one table.
    pub fn resampled(&self) -> bool {
        let mut all = self.configurations.iter();
        all.any(|configuration| configuration.design != Design::Independent)
    }

    /// Whether the replicates of a configuration are judged on one validation part, so that one can be
    /// called better than another.
    pub fn ranks_replicates(&self) -> bool {
        !self.resampled() && !self.experiment.redraws_data()
    }

    /// The keys whose values differ between configurations, as indices into [`Results::keys`].
    pub fn differing(&self) -> Vec<usize> {
        (0..self.keys.len())
            .filter(|&key| {
                let mut values = self.configurations.iter().map(|c| &c.values[key]);
                let first = values.next();
                values.any(|value| Some(value) != first)
            })
            .collect()
    }

    /// A configuration in a few words: the values of the keys that differ, `key value` but for the
    /// variant, which is its own name; the experiment's name where there are none.
    pub fn label(&self, configuration: usize, keys: &[usize]) -> String {
        let values = &self.configurations[configuration].values;
        let parts = keys
            .iter()
            .filter(|&&key| !values[key].is_empty())
            .map(|&key| match self.keys[key].as_str() {
                "variant" => values[key].clone(),
                name => format!("{} {}", short_key(name), short(&values[key])),
            });
        let label = parts.collect::<Vec<_>>().join(", ");
        if label.is_empty() {
            self.experiment.name.clone()
        } else {
            label
        }
    }
}

/// What `summary.csv` says of a configuration that `runs.csv` does not.
struct SummaryRow {
    /// Its number in the plan: a part of an experiment has runs of some configurations alone.
    number: usize,
    /// The samples judged on, for each learnt from; of folds and splits.
    valid_per_train: Option<f64>,
}

/// The rows of `summary.csv` by the values of the keys. Empty where there is no such table.
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

/// The values of the swept keys but `by`, as `key=value; key=value`.
pub fn others(results: &Results, configuration: usize, by: Option<&str>) -> String {
    let values = &results.configurations[configuration].values;
    let parts = results.keys.iter().zip(values);
    let parts = parts.filter(|(key, value)| Some(key.as_str()) != by && !value.is_empty());
    parts
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// As [`others`], with the last part of each key, for a person.
pub fn short_others(results: &Results, configuration: usize, by: Option<&str>) -> String {
    let values = &results.configurations[configuration].values;
    let differing = results.differing();
    let parts = differing
        .iter()
        .filter(|&&key| Some(results.keys[key].as_str()) != by && !values[key].is_empty());
    let parts = parts.map(|&key| {
        let name = short_key(&results.keys[key]);
        format!("{name} {}", short(&values[key]))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Whether a greater value of this column is a better one.
pub fn higher_is_better(column: &str) -> bool {
    Column::from_name(column).is_some_and(Column::rises)
}

/// The last part of a dotted key.
pub fn short_key(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

impl Experiment {
    /// A value of `[data]`.
    fn data(&self, key: &str) -> Option<&toml::Value> {
        self.document.get("data")?.get(key)
    }

    fn folds(&self) -> Option<u64> {
        let folds = self.data("folds")?.as_integer()?;
        u64::try_from(folds).ok()
    }

    /// Whether every replicate has new samples of a generator.
    fn redraws_data(&self) -> bool {
        let source = self.data("source").and_then(toml::Value::as_str);
        let stored = matches!(source, Some("csv" | "idx" | "npy" | "inline") | None);
        !stored && self.vary.iter().any(|word| word == "data")
    }

    /// How the runs of a configuration hang together. `valid_per_train` is what `summary.csv` says;
    /// without it, as in unfinished results, the share that the experiment asks for is taken.
    fn design(&self, valid_per_train: Option<f64>) -> Design {
        let folds = self.folds();
        let asked = match folds {
            Some(folds) => Some(1.0 / folds.saturating_sub(1).max(1) as f64),
            None if self.redraws_data() || !self.vary.iter().any(|word| word == "split") => None,
            None => {
                let share = self.data("validation").and_then(toml::Value::as_float);
                share
                    .filter(|share| *share > 0.0 && *share < 1.0)
                    .map(|share| share / (1.0 - share))
            }
        };
        match valid_per_train.or(asked) {
            Some(valid_per_train) => Design::Resampled {
                valid_per_train,
                folds: folds.unwrap_or(1),
            },
            None => Design::Independent,
        }
    }

    /// Reads the experiment as it ran.
    fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::file("cannot read", path))?;
        let document: toml::Table = text
            .parse()
            .map_err(|cause: toml::de::Error| broken(path, cause.message()))?;
        let word = |table: &str, key: &str| {
            let value = if table.is_empty() {
                document.get(key)
            } else {
                document.get(table).and_then(|table| table.get(key))
            };
            value.and_then(toml::Value::as_str).map(str::to_owned)
        };
        let stem = path.parent().and_then(Path::file_name);
        let stem = stem.map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
        let vary = document.get("vary").and_then(toml::Value::as_array);
        let vary = vary.map_or(vec!["init".to_owned(), "shuffle".to_owned()], |items| {
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect()
        });
        let metric = word("compare", "metric").unwrap_or_else(|| "train_loss".to_owned());
        if Column::from_name(&metric).is_none() {
            return Err(broken(path, format!("no run is compared by `{metric}`")));
        }
        Ok(Self {
            name: word("", "name").unwrap_or(stem),
            description: word("", "description").unwrap_or_default(),
            by: word("compare", "by").unwrap_or_else(|| "variant".to_owned()),
            metric,
            seed: document
                .get("seed")
                .and_then(toml::Value::as_integer)
                .unwrap_or(0),
            vary,
            text,
            document,
        })
    }
}

/// A cell that is a number or empty.
fn number(cell: &str, path: &Path, line: usize) -> Result<Option<f64>, Error> {
    match cell {
        "" => Ok(None),
        cell => match cell.parse::<f64>() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(broken(path, format!("line {line}: `{cell}` is no number"))),
        },
    }
}

/// A file of results that a run did not write.
fn broken(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Other(format!("cannot read {}: {cause}", path.display()))
}
