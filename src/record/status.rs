//! How a run ended, and the word for it.

use choices::{Choice, choices};
use serde::{Deserialize, Serialize};

choices! {
    /// How a run ended, in the words of `runs.csv`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Outcome {
        /// After its last epoch
        Ok = "ok",
        /// Early, since it no longer got better
        Stopped = "stopped",
        /// A value stopped being finite
        Diverged = "diverged",
        /// Early, since others were better; the results of other versions have it
        Pruned = "pruned",
        /// It could not be carried out
        Failed = "failed",
    }
}

impl Outcome {
    /// Whether the run ended with a network, whose values count. Any other run is lost for its
    /// configuration.
    pub fn has_result(self) -> bool {
        matches!(self, Outcome::Ok | Outcome::Stopped)
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// All epochs were trained.
    Ok,
    /// Early stopping ended it.
    Stopped,
    /// A loss or a weight stopped being finite in the epoch [`Head::epochs`](super::Head::epochs).
    Diverged,
    /// The program panicked in the run.
    Failed {
        /// The message of the panic.
        reason: String,
    },
}

impl Status {
    /// The word for the status.
    pub fn outcome(&self) -> Outcome {
        match self {
            Status::Ok => Outcome::Ok,
            Status::Stopped => Outcome::Stopped,
            Status::Diverged => Outcome::Diverged,
            Status::Failed { .. } => Outcome::Failed,
        }
    }

    /// The status as `runs.csv` has it.
    pub fn word(&self) -> &'static str {
        self.outcome().word()
    }

    /// Whether the run ended with a network: the row of its kept epoch is its result.
    pub fn has_result(&self) -> bool {
        self.outcome().has_result()
    }
}
