//! A run of the plan as the engine takes it.

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
        }
    }
}

/// The engine's view of one part of a data set.
pub fn samples(part: &data::Samples) -> Samples<'_> {
    Samples {
        x: &part.x,
        y: &part.y,
    }
}
