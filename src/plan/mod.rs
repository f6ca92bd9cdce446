//! What we will do: every default filled, the sweep expanded into an ordered list of runs.

use std::sync::Arc;

use crate::data::Dataset;
use crate::engine::types::{Architecture, Init, Settings};

/// A run's identity: the first 16 bytes of the SHA-256 of everything that its numbers depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunKey(pub [u8; 16]);

/// One experiment, ready to train.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The experiment's name.
    pub name: String,
    /// Its question.
    pub description: String,
    /// What differs between replicates: of data, split, init and shuffle; default init and shuffle.
    pub vary: Vec<String>,
    /// The swept keys, in the order of the file: columns of `runs.csv`.
    pub swept: Vec<String>,
    /// The points of variants × sweep, in the order of the file: variants outermost, the last
    /// swept key fastest.
    pub configurations: Vec<Configuration>,
    /// The runs: each configuration's replicates, configurations in order.
    pub runs: Vec<Run>,
    /// What is compared with what.
    pub compare: Compare,
    /// What is kept.
    pub output: Output,
    /// The experiment with every default and override written out, as TOML; its paths are absolute
    /// until it is written (see `record`).
    pub document: String,
}

/// One point of variants × sweep.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// The variant's name; empty where there are no variants.
    pub variant: String,
    /// The value of each swept key, as written in `runs.csv`.
    pub values: Vec<String>,
    /// What it trains on: one for all replicates, or one per replicate where `vary` names data or
    /// split.
    pub data: Vec<Arc<Dataset>>,
    /// Nodes and activations.
    pub architecture: Arc<Architecture>,
    /// The initial weights.
    pub init: Arc<Init>,
    /// How it learns.
    pub settings: Settings,
}

/// One configuration trained once.
#[derive(Debug, Clone)]
pub struct Run {
    /// Index into [`Plan::configurations`].
    pub configuration: usize,
    /// From 0.
    pub replicate: u32,
    /// The replicate's seed, from which all that varies between replicates is drawn; the same for
    /// replicate r of every configuration.
    pub seed: u64,
    /// What the initial weights are drawn from: `seed`, or the experiment's where they do not vary.
    pub init_seed: u64,
    /// What the shuffling is drawn from: likewise.
    pub shuffle_seed: u64,
    /// Its identity.
    pub key: RunKey,
}

impl Configuration {
    /// What a replicate trains on.
    pub fn dataset(&self, replicate: u32) -> &Arc<Dataset> {
        &self.data[if self.data.len() == 1 { 0 } else { replicate as usize }]
    }
}

/// What is compared with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    /// `variant` or a swept key.
    pub by: String,
    /// A column of `runs.csv`: `train_loss` or `valid_loss`.
    pub metric: String,
}

/// What a run leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Epochs between two rows of history; at least 1. The last epoch is always kept.
    pub history_every: u64,
    /// Which models are kept.
    pub models: Models,
}

/// Which trained models are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Models {
    /// None.
    None,
    /// The best of each configuration.
    Best,
    /// All.
    All,
}
