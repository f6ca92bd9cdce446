//! Schedules: the learning rate of each epoch.

use serde::{Deserialize, Serialize};

/// How the learning rate changes; every schedule steps once an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Schedule {
    /// It does not.
    Constant,
    /// Times `gamma` every `step_size` epochs.
    Step {
        /// In epochs, at least 1.
        step_size: u64,
        /// The factor.
        gamma: f64,
    },
    /// Times `gamma` every epoch.
    Exponential {
        /// The factor.
        gamma: f64,
    },
    /// Times `gamma` at each milestone.
    Multistep {
        /// After so many epochs, rising.
        milestones: Vec<u64>,
        /// The factor.
        gamma: f64,
    },
    /// Half a cosine from the learning rate to `eta_min` in `t_max` epochs (Loshchilov and Hutter 2017).
    Cosine {
        /// In epochs, at least 1.
        t_max: u64,
        /// The least learning rate.
        eta_min: f64,
    },
    /// A factor that goes linearly from one to another in `total_iters` epochs, and stays.
    Linear {
        /// At the first epoch; above 0, at most 1.
        start_factor: f64,
        /// From epoch `total_iters` on; 0 to 1.
        end_factor: f64,
        /// In epochs, at least 1.
        total_iters: u64,
    },
}
