//! What we will do: every default filled, the sweep expanded into an ordered list of runs.
//!
//! [`plan`] is the one door between what a file says and what is trained: it checks each variant
//! and each point of the sweep as strictly as the file itself, loads the data, and sees that layers,
//! activations, weights and data fit each other. All that is wrong is reported together.
//!
//! A run's [`RunKey`] depends on what its numbers depend on and on nothing else: see [`key`].

mod classes;
mod compare;
mod dataset;
mod document;
mod expand;
mod expansion;
mod expect;
mod fit;
mod held;
mod key;
mod layers;
mod network;
mod partial;
mod read;
mod resolve;
mod sweep;
mod table;
mod task;
mod training;

use std::path::Path;
use std::sync::Arc;

use choices::Choice as _;

use crate::config::{self, Experiment};
use crate::likeness::{Choice, Column, Scale, Side};
use data::Dataset;
use engine::types::{Architecture, Init, Metric, Settings};
use problems::{Error, Source};
use statistics::design::Design;

pub mod check;

pub use crate::config::Models;
pub use document::relative_path;
pub use network::counted;
pub use task::samples;

/// Reads an experiment file and the `KEY=VALUE` overrides of the command line, and makes of them
/// what will be done.
///
/// # Errors
/// All that is wrong with the experiment and its data, together; or a file that cannot be read.
pub fn plan(path: &Path, sets: &[String]) -> Result<Plan, Error> {
    expand::plan(|problems| config::load(path, sets, problems))
}

/// As [`plan()`], of an experiment that is not a file. Its relative paths start at the current
/// directory, and its default name is `experiment`.
///
/// # Errors
/// All that is wrong with the experiment and its data, together.
pub fn plan_text(text: &str, sets: &[String]) -> Result<Plan, Error> {
    let source = Source::argument("experiment", text.to_owned());
    expand::plan(|problems| config::load_source(&source, "experiment", sets, problems))
}

/// A run's identity: the first 16 bytes of the SHA-256 of everything that its numbers depend on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct RunKey(pub [u8; 16]);

/// In hexadecimal digits, as in `runs.csv` and in the names of models.
impl std::fmt::Display for RunKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One experiment, ready to train.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The experiment's name.
    pub name: String,
    /// The experiment's question.
    pub description: String,
    /// The experiment's seed.
    pub seed: u64,
    /// What differs between replicates.
    pub vary: Vary,
    /// How often each configuration is trained, on each fold where there are folds; at least 1.
    pub replicates: u32,
    /// How many folds cross-validation has, where it is asked for; at least 2.
    pub folds: Option<u32>,
    /// The swept keys, in the order of the file: columns of `runs.csv`.
    pub swept: Vec<String>,
    /// The points of variants × sweep, in the order of the file: variants outermost, the last
    /// swept key fastest. A point that is reached twice stands where it was reached first.
    pub configurations: Vec<Configuration>,
    /// The runs: each configuration's replicates, configurations in order; of a replicate its folds.
    pub runs: Vec<Run>,
    /// What is compared with what.
    pub compare: Compare,
    /// What is kept.
    pub output: Output,
    /// What the file says, for the experiment as it ran and for the places of warnings.
    pub experiment: Experiment,
}

/// What differs between the replicates of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vary {
    /// The samples that a generator draws.
    pub data: bool,
    /// Which samples are kept for validation.
    pub split: bool,
    /// The initial weights.
    pub init: bool,
    /// The order of the samples in each epoch.
    pub shuffle: bool,
}

/// One point of variants × sweep.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The variant's name; empty where there are no variants.
    pub variant: String,
    /// The value of each swept key, as written in `runs.csv`.
    pub values: Vec<String>,
    /// What it trains on: one for all runs; one per replicate where they vary data or split; one per
    /// replicate and fold where there are folds. See [`Configuration::dataset`].
    pub data: Arc<Vec<Arc<Dataset>>>,
    /// How these differ.
    pub sampling: Sampling,
    /// Nodes and activations.
    pub architecture: Arc<Architecture>,
    /// The initial weights.
    pub init: Arc<Init>,
    /// How it learns.
    pub settings: Settings,
}

/// How the data of a configuration's runs differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// All runs have the same data.
    Same,
    /// Each replicate has new samples of a generator.
    Redrawn,
    /// Each replicate has another split of the same samples.
    Split,
    /// Each run has another fold for validation.
    Folds,
}

/// One configuration trained once.
#[derive(Debug, Clone)]
pub struct Run {
    /// Index into [`Plan::configurations`].
    pub configuration: usize,
    /// From 0.
    pub replicate: u32,
    /// Which fold is its validation part, from 0, where there are folds.
    pub fold: Option<u32>,
    /// Index into [`Configuration::data`].
    pub dataset: usize,
    /// The replicate's seed, from which all that varies between replicates is drawn; the same for
    /// replicate r of every configuration, and for all its folds.
    pub seed: u64,
    /// What the initial weights are drawn from: `seed`, or the experiment's where they do not vary.
    pub init_seed: u64,
    /// What the shuffling is drawn from: `seed`, or the experiment's where the order does not vary.
    pub shuffle_seed: u64,
    /// The run's identity.
    pub key: RunKey,
}

impl Plan {
    /// The experiment with every default and override written out, as TOML, to be written into
    /// `directory`: its paths are relative to it.
    ///
    /// # Errors
    /// If no TOML text can say it.
    pub fn document(&self, directory: &Path) -> Result<String, Error> {
        document::document(self, directory)
    }

    /// Runs per configuration.
    pub fn runs_each(&self) -> usize {
        self.replicates as usize * self.folds.unwrap_or(1) as usize
    }

    /// How the runs of a configuration hang together.
    pub fn design(&self, configuration: usize) -> Design {
        let configuration = &self.configurations[configuration];
        match configuration.sampling {
            Sampling::Same | Sampling::Redrawn => Design::Independent,
            Sampling::Split | Sampling::Folds => {
                let data = configuration.data.iter();
                let [train, valid] = data.fold([0, 0], |[train, valid], dataset| {
                    let part = dataset.valid.as_ref().map_or(0, |valid| valid.x.nrows());
                    [train + dataset.train.x.nrows(), valid + part]
                });
                Design::Resampled {
                    valid_per_train: valid as f64 / train as f64,
                    folds: u64::from(self.folds.unwrap_or(1)),
                }
            }
        }
    }

    /// The metrics of any of its configurations, in the order of their columns.
    pub fn metrics(&self) -> Vec<Metric> {
        let configurations = self.configurations.iter();
        let mut metrics: Vec<Metric> = Vec::new();
        for metric in configurations.flat_map(|configuration| &configuration.settings.metrics) {
            if !metrics.contains(metric) {
                metrics.push(*metric);
            }
        }
        let first = self.configurations.first();
        let first = first.map_or(&[][..], |configuration| &configuration.settings.metrics);
        // The order that the experiment says, where one list has them all.
        if metrics.len() > first.len() {
            metrics.sort_unstable();
        }
        metrics
    }
}

impl Plan {
    /// The columns of its tables that are judged on samples: losses and metrics.
    pub fn columns(&self) -> Vec<String> {
        let metrics = self.metrics();
        let names = std::iter::once("loss").chain(metrics.iter().map(|metric| metric.word()));
        let names: Vec<&str> = names.collect();
        let sides = [Side::Valid, Side::Train].into_iter();
        sides
            .flat_map(|side| {
                names
                    .iter()
                    .map(move |name| format!("{}_{name}", side.word()))
            })
            .collect()
    }

    /// What the loss of each configuration depends on.
    pub fn scales(&self) -> Vec<Scale> {
        // The document is written for any directory: no path is looked at.
        let document = self.document(Path::new("/"));
        // One that a path keeps from being written says nothing of scales.
        let document: toml::Table = document
            .map(|text| text.parse().expect("a document is TOML"))
            .unwrap_or_default();
        let all = self.configurations.iter();
        all.map(|configuration| {
            let choice = Choice {
                variant: &configuration.variant,
                keys: &self.swept,
                values: &configuration.values,
            };
            Scale::of(&document, &choice)
        })
        .collect()
    }
}

impl Configuration {
    /// Which samples a side of it has, for each of its datasets.
    pub fn part(&self, side: Side) -> Vec<[u8; 32]> {
        let parts = self.data.iter().map(|dataset| match side {
            Side::Train => Some(dataset.parts.train),
            Side::Valid => dataset.parts.valid,
        });
        parts.flatten().collect()
    }

    /// Whether one of its runs can be called better than another: all are judged on one validation
    /// part.
    pub fn ranks_its_runs(&self) -> bool {
        self.sampling == Sampling::Same
    }

    /// What one of its runs trains on.
    pub fn dataset(&self, run: &Run) -> &Arc<Dataset> {
        &self.data[run.dataset]
    }

    /// The variant and the swept values, for a person; `swept` are the plan's swept keys.
    pub fn label(&self, swept: &[String]) -> String {
        let variant = (!self.variant.is_empty()).then(|| self.variant.clone());
        let values = swept.iter().zip(&self.values);
        let values = values.map(|(key, value)| {
            let short = key.rsplit('.').next().unwrap_or(key);
            format!("{short} = {value}")
        });
        let parts: Vec<String> = variant.into_iter().chain(values).collect();
        if parts.is_empty() {
            "the one configuration".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// What is compared with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// `variant` or a swept key; empty where there is only one configuration.
    pub by: String,
    /// A column of `runs.csv`: the one that was asked for, or, where its values may not be ranked,
    /// the first metric that all configurations have.
    pub metric: Column,
    /// The column that was asked for, or that is the default.
    pub asked: Column,
}

/// What a run leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Epochs between two rows of history; at least 1. The last epoch is always kept.
    pub history_every: u64,
    /// Which models are kept.
    pub models: Models,
}
