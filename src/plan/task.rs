//! The engine's task for a run of the plan.

use super::Plan;
use engine::types::{Samples, Task};

impl Plan {
    /// All that the numbers of the run with this index depend on.
    ///
    /// # Panics
    /// If the plan has no such run.
    pub fn task(&self, index: usize) -> Task<'_> {
        let run = &self.runs[index];
        let configuration = &self.configurations[run.configuration];
        let data = configuration.dataset(run);
        Task {
            architecture: &configuration.architecture,
            init: &configuration.init,
            train: samples(&data.train),
            valid: data.valid.as_ref().map(samples),
            settings: &configuration.settings,
            init_seed: run.init_seed,
            shuffle_seed: run.shuffle_seed,
            target_units: data.target_units(),
            snapshots: self.takes_snapshots(index),
        }
    }
}

/// The most configurations for which snapshots are kept.
const SNAPSHOT_CONFIGURATIONS: usize = 1_000;
/// The most parameters of a network for which snapshots are kept.
const SNAPSHOT_PARAMETERS: usize = 2_000;

impl Plan {
    /// Whether the run with this index keeps its parameters of a few epochs: it is the first run of
    /// its configuration, and its network is small and has a function of two numbers, which can be
    /// drawn.
    pub fn takes_snapshots(&self, index: usize) -> bool {
        let run = &self.runs[index];
        let configuration = &self.configurations[run.configuration];
        self.configurations.len() <= SNAPSHOT_CONFIGURATIONS
            && run.replicate == 0
            && run.fold.unwrap_or(0) == 0
            && configuration.architecture.parameters() <= SNAPSHOT_PARAMETERS
            && configuration.dataset(run).preparation.is_of_two_numbers()
    }
}

/// The engine's view of one part of a data set.
pub fn samples(part: &data::Samples) -> Samples<'_> {
    Samples {
        x: &part.x,
        y: &part.y,
    }
}
