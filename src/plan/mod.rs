//! The plan of an experiment: every default filled in, and the sweep expanded into an ordered list
//! of runs.
//!
//! [`plan`] is the only way from an experiment file to a training. It checks each variant and each
//! point of the sweep as strictly as the file itself, loads the data, and checks that layers,
//! activations, weights and data fit each other. All mistakes are reported together.
//!
//! A run's [`RunKey`] depends on exactly what its numbers depend on: see [`key`].

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

/// Reads an experiment file and the `KEY=VALUE` overrides of the command line, and makes the plan.
///
/// # Errors
/// All mistakes of the experiment and its data, together; or a file that cannot be read.
pub fn plan(path: &Path, sets: &[String]) -> Result<Plan, Error> {
    expand::plan(|problems| config::load(path, sets, problems))
}

/// Makes the plan of an experiment in a text. Its relative paths start at the current directory,
/// and its default name is `experiment`.
///
/// # Errors
/// All mistakes of the experiment and its data, together.
pub fn plan_text(text: &str, sets: &[String]) -> Result<Plan, Error> {
    let source = Source::argument("experiment", text.to_owned());
    expand::plan(|problems| config::load_source(&source, "experiment", sets, problems))
}

/// A run's identity: the first 16 bytes of the SHA-256 of everything that its numbers depend on.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct RunKey(pub [u8; 16]);

/// The key in hexadecimal digits, as in `runs.csv` and in the names of models.
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
    /// The parts that differ between replicates.
    pub vary: Vary,
    /// How often each configuration is trained, on each fold where there are folds; at least 1.
    pub replicates: u32,
    /// How many folds cross-validation has, where it is asked for; at least 2.
    pub folds: Option<u32>,
    /// The swept keys, in the order of the file: columns of `runs.csv`.
    pub swept: Vec<String>,
    /// The points of variants × sweep in the order of the file: variants are outermost, and the
    /// last swept key changes fastest. A point that is reached twice stands where it was reached
    /// first.
    pub configurations: Vec<Configuration>,
    /// The runs: the replicates of each configuration in turn, and the folds of each replicate.
    pub runs: Vec<Run>,
    /// The comparison of the configurations.
    pub compare: Compare,
    /// The output of each run.
    pub output: Output,
    /// The content of the file, for the written experiment and for the places of warnings.
    pub experiment: Experiment,
}

/// The parts that differ between the replicates of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vary {
    /// The samples that a generator draws.
    pub data: bool,
    /// The choice of the validation samples.
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
    /// The datasets: one for all runs; one per replicate if data or split vary; one per replicate
    /// and fold if there are folds. See [`Configuration::dataset`].
    pub data: Arc<Vec<Arc<Dataset>>>,
    /// The way in which the datasets differ.
    pub sampling: Sampling,
    /// Nodes and activations.
    pub architecture: Arc<Architecture>,
    /// The initial weights.
    pub init: Arc<Init>,
    /// The settings of the training.
    pub settings: Settings,
}

/// The way in which the data of a configuration's runs differ.
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
    /// The number of the replicate, from 0.
    pub replicate: u32,
    /// The number of the fold that is the validation part, from 0, if there are folds.
    pub fold: Option<u32>,
    /// Index into [`Configuration::data`].
    pub dataset: usize,
    /// The replicate's seed, from which all that varies between replicates is drawn; the same for
    /// replicate r of every configuration, and for all its folds.
    pub seed: u64,
    /// The seed of the initial weights: `seed`, or the experiment's seed if they do not vary.
    pub init_seed: u64,
    /// The seed of the shuffling: `seed`, or the experiment's seed if the order does not vary.
    pub shuffle_seed: u64,
    /// The run's identity.
    pub key: RunKey,
}

impl Plan {
    /// The experiment as TOML with every default and override written out, to be written into
    /// `directory`, to which its paths are relative.
    ///
    /// # Errors
    /// If a path is not UTF-8, so that no TOML text can have it.
    pub fn document(&self, directory: &Path) -> Result<String, Error> {
        document::document(self, directory)
    }

    /// The number of runs of each configuration.
    pub fn runs_each(&self) -> usize {
        self.replicates as usize * self.folds.unwrap_or(1) as usize
    }

    /// How the runs of a configuration depend on each other.
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

    /// All metrics of its configurations, in the order of their columns.
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
        // If one list has all metrics, its order is kept.
        if metrics.len() > first.len() {
            metrics.sort_unstable();
        }
        metrics
    }
}

impl Plan {
    /// The columns of the result tables that are computed from samples: losses and metrics.
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

    /// The quantities that the loss of each configuration depends on.
    pub fn scales(&self) -> Vec<Scale> {
        // The document is written for any directory, since the paths are not used.
        let document = self.document(Path::new("/"));
        // If a path prevents the document, the scales are empty.
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
    /// The digest of the samples of one side, for each of its datasets.
    pub fn part(&self, side: Side) -> Vec<[u8; 32]> {
        let parts = self.data.iter().map(|dataset| match side {
            Side::Train => Some(dataset.parts.train),
            Side::Valid => dataset.parts.valid,
        });
        parts.flatten().collect()
    }

    /// Whether its runs can be ranked among each other: all are judged on one validation part.
    pub fn ranks_its_runs(&self) -> bool {
        self.sampling == Sampling::Same
    }

    /// The dataset of one of its runs.
    pub fn dataset(&self, run: &Run) -> &Arc<Dataset> {
        &self.data[run.dataset]
    }

    /// The variant and the swept values as a name for a person; `swept` are the plan's swept keys.
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

/// The comparison of the configurations.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// The key whose values are compared: `variant` or a swept key; empty if there is only one
    /// configuration.
    pub by: String,
    /// A column of `runs.csv`: the one that was asked for, or, if its values have no ranking, the
    /// first metric that all configurations have.
    pub metric: Column,
    /// The column that was asked for, or that is the default.
    pub asked: Column,
}

/// The output of each run.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Epochs between two rows of history; at least 1. The last epoch is always kept.
    pub history_every: u64,
    /// Which models are kept.
    pub models: Models,
}
