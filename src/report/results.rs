//! The result files of one experiment, read back. All reports are made from them.
//!
//! The module reads `experiment.toml`, `runs.csv` and, on demand, `history.csv`. It knows the words
//! of the engine, but no plan. A run without a row (because of a shard or an interruption) is
//! missing here too.

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
    /// The language of messages about the results.
    pub language: Language,
    /// The experiment, as its file has it.
    pub experiment: Experiment,
    /// `variant` and the swept keys: the columns that name a configuration.
    pub keys: Vec<String>,
    /// The configurations, in plan order.
    pub configurations: Vec<Configuration>,
    /// The runs, in plan order.
    pub runs: Vec<Run>,
    /// The number of runs that the experiment has, if it is known.
    pub planned: Option<u64>,
    /// The columns of numbers of `runs.csv`, in its order, from `epochs` on: counts, losses, metrics.
    pub columns: Vec<String>,
    /// The grounds on which each configuration is judged.
    pub judged: Vec<Arc<Judged>>,
    /// The terms on which the configurations are ranked.
    pub terms: Terms,
}

/// One point of variants × sweep.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The number in the plan, as in `summary.csv`. If that table is missing or covers several
    /// experiments, it is the index among the configurations with runs.
    pub number: usize,
    /// A value for each of [`Results::keys`]; empty for a key that the configuration does not have.
    pub values: Vec<String>,
    /// The configuration's runs, as indices into [`Results::runs`], by replicate and fold.
    pub runs: Vec<usize>,
    /// How the configuration's runs depend on each other.
    pub design: Design,
}

/// One row of `runs.csv`.
#[derive(Debug, Clone)]
pub struct Run {
    /// The run's number in the plan, as in `history.csv`.
    pub number: u64,
    /// The run's key, which is the name of its model file.
    pub key: String,
    /// The number of the replicate, from 0.
    pub replicate: u64,
    /// The number of the fold, from 0, where there are folds.
    pub fold: Option<u64>,
    /// The seed of all that varies between replicates.
    pub seed: String,
    /// How the run ended.
    pub status: Outcome,
    /// The number of trained epochs; for a diverged run, the epoch in which a value stopped being
    /// finite.
    pub epochs: u64,
    /// The number of updates.
    pub updates: u64,
    /// The epoch of the run's network and numbers; `None` for a run that diverged or failed, and if
    /// the table does not have it.
    pub kept_epoch: Option<u64>,
    /// A value for each of [`Results::columns`].
    pub numbers: Vec<Option<f64>>,
    /// The reason why the run diverged or failed, or the statement that it exploded.
    pub reason: String,
}

/// The part by which the runs of two configurations are paired: the replicate, and the fold if
/// there are folds.
pub type Part = (u64, Option<u64>);

impl Run {
    /// The part that this run shares with its counterparts in other configurations.
    pub fn part(&self) -> Part {
        (self.replicate, self.fold)
    }

    /// Whether the loss stayed finite and ended far above the first one.
    pub fn exploded(&self) -> bool {
        self.status.has_result() && self.reason.starts_with("exploded")
    }

    /// The updates up to the end of the kept epoch, or all updates if that epoch is unknown.
    pub fn kept_updates(&self) -> u64 {
        match self.kept_epoch {
            Some(kept) if self.epochs > 0 => self.updates / self.epochs * kept,
            _ => self.updates,
        }
    }
}

impl Results {
    /// The numbers of finished runs and of all runs; `None` if all are finished, or the number is
    /// unknown.
    pub fn unfinished(&self) -> Option<[u64; 2]> {
        let finished = self.runs.len() as u64;
        let planned = self.planned.filter(|&planned| finished < planned)?;
        Some([finished, planned])
    }

    /// Checks that each run's losses are those of its kept epoch in the history, and that the
    /// history has no other runs. The error names the first run that differs.
    ///
    /// # Errors
    /// If the tables are from two different states of an experiment.
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

    /// The rows of a run in the history up to its kept epoch, on which its network depends; all
    /// rows if the run has no kept epoch.
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

    /// The column of the history with the compared metric during training, and its name.
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

    /// The outcome of each run of a configuration by the compared metric, with its replicate and
    /// fold; `None` for a lost run. A run with an undefined metric is left out.
    pub fn outcomes(&self, configuration: usize) -> Vec<(Part, Option<f64>)> {
        self.outcomes_of(&self.experiment.metric, configuration)
    }

    /// The outcomes of [`Results::outcomes`] by this column.
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

    /// The number of folds; `None` without folds.
    pub fn folds(&self) -> Option<u64> {
        self.experiment.folds()
    }

    /// How the pairs of two configurations depend on each other.
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

    /// Whether the replicates of a configuration can be ranked, since they are judged on one
    /// validation part.
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

    /// The name of a configuration in a few words: the values of these keys, as `key value`, and
    /// for the variant its name alone. Without keys it is the name of the experiment.
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

/// The values of the swept keys but `by`, with the last part of each key, for a person.
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
