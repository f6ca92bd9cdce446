//! The result files of one experiment, read back: what everything else in `report` is made from.
//!
//! Reads `experiment.toml`, `runs.csv` and, when asked, `history.csv`; knows of the engine its
//! words alone and nothing of a plan. A run that has no row yet (a shard, an interruption) is
//! simply not there.

use std::path::PathBuf;
use std::sync::Arc;

use super::experiment::Experiment;
use super::judged::{Judged, Terms};
use super::number::short;
use crate::language::Language;
use crate::likeness::Column;
use crate::record::Outcome;
use crate::record::history::{History, Rows};
use statistics::design::Design;

/// One experiment and its finished runs.
#[derive(Debug, Clone)]
pub struct Results {
    /// The directory of the results.
    pub directory: PathBuf,
    /// In which language they are spoken of.
    pub language: Language,
    /// What was asked.
    pub experiment: Experiment,
    /// `variant` and the swept keys: the columns that name a configuration.
    pub keys: Vec<String>,
    /// In plan order.
    pub configurations: Vec<Configuration>,
    /// In plan order.
    pub runs: Vec<Run>,
    /// How many runs the experiment has, where it is known.
    pub planned: Option<u64>,
    /// The columns of numbers of `runs.csv`, in its order, from `epochs` on: counts, losses, metrics.
    pub columns: Vec<String>,
    /// What each configuration is judged on.
    pub judged: Vec<Arc<Judged>>,
    /// On which terms they are ranked.
    pub terms: Terms,
}

/// One point of variants × sweep.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Its number in the plan, as in `summary.csv`; its index among those that have runs where that
    /// table is not there or covers several experiments.
    pub number: usize,
    /// A value for each of [`Results::keys`]; empty where it has none.
    pub values: Vec<String>,
    /// The configuration's runs, as indices into [`Results::runs`], by replicate and fold.
    pub runs: Vec<usize>,
    /// How the configuration's runs hang together.
    pub design: Design,
}

/// One row of `runs.csv`.
#[derive(Debug, Clone)]
pub struct Run {
    /// The run's number in the plan, which `history.csv` has too.
    pub number: u64,
    /// The run's identity; it names the model file.
    pub key: String,
    /// The number of the replicate, from 0.
    pub replicate: u64,
    /// The number of the fold, from 0, where there are folds.
    pub fold: Option<u64>,
    /// What varies between replicates is drawn from it.
    pub seed: String,
    /// How it ended.
    pub status: Outcome,
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
        self.status.has_result() && self.reason.starts_with("exploded")
    }

    /// The updates made by the end of its kept epoch, or all where that is not known.
    pub fn kept_updates(&self) -> u64 {
        match self.kept_epoch {
            Some(kept) if self.epochs > 0 => self.updates / self.epochs * kept,
            _ => self.updates,
        }
    }
}

impl Results {
    /// How many runs have their outcome, of all that there will be; `None` where all have, or it is not
    /// known.
    pub fn unfinished(&self) -> Option<[u64; 2]> {
        let finished = self.runs.len() as u64;
        let planned = self.planned.filter(|&planned| finished < planned)?;
        Some([finished, planned])
    }

    /// Whether each run's losses stand in the row of the history that they are said to be of, and
    /// the history has no other runs; the error names the first run in which they differ.
    ///
    /// # Errors
    /// If the tables are of two different ends of an experiment.
    pub fn agrees_with(&self, history: &History) -> Result<(), String> {
        for run in &self.runs {
            let number = run.number;
            let rows = history.rows(number);
            if !run.status.has_result() {
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

    /// The column of the history that shows the compared metric's course, and its name.
    pub fn course<'a>(&'a self, history: &'a History) -> Option<(&'a str, &'a [f64])> {
        let metric = self.experiment.metric.as_str();
        let metric = metric.strip_prefix("best_").unwrap_or(metric);
        let column = |name: &'a str| Some((name, history.column(name)?));
        column(metric).or_else(|| column("train_loss"))
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
                match run.status.has_result() {
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
