//! The time of an epoch of each configuration. It is the only reported number that may differ from
//! one execution to the next.
//!
//! The time stands in `manifest.json` and is shown on the terminal and with `--json`. The files of
//! a report do not depend on it.

use std::path::Path;

use super::results::Results;
use crate::record::manifest::Manifest;

/// The seconds of one epoch of each configuration, in plan order, if they are known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timing {
    epoch_seconds: Vec<Option<f64>>,
}

impl Timing {
    /// The measured seconds, a number for each row of `summary.csv`.
    pub fn new(epoch_seconds: &[Option<f64>]) -> Self {
        Self {
            epoch_seconds: epoch_seconds.to_vec(),
        }
    }

    /// The timing in the manifest beside `results`; it is unknown if there is no manifest, or the
    /// manifest belongs to other results.
    pub fn read(directory: &Path, results: &Results) -> Self {
        let count = results.configurations.len();
        let known = || -> Option<Vec<Option<f64>>> {
            let manifest = Manifest::read(directory)?;
            let seconds = manifest.document.get("epoch_seconds")?.as_array()?;
            let all = seconds.iter().map(serde_json::Value::as_f64).collect();
            (seconds.len() == count).then_some(all)
        };
        Self {
            epoch_seconds: known().unwrap_or_else(|| vec![None; count]),
        }
    }

    /// The timings of several experiments, one after the other.
    pub fn join(all: Vec<Timing>) -> Self {
        let parts = all.into_iter().map(|timing| timing.epoch_seconds);
        Self {
            epoch_seconds: parts.flatten().collect(),
        }
    }

    /// The seconds of one epoch of a configuration.
    pub fn epoch(&self, configuration: usize) -> Option<f64> {
        self.epoch_seconds.get(configuration).copied().flatten()
    }
}
