//! Metrics: what a person reads beside the loss.

use serde::{Deserialize, Serialize};

/// A figure of merit over a set of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// The share of samples whose class is predicted.
    Accuracy,
    /// 1 − residual sum of squares / total sum of squares, over all outputs.
    R2,
    /// The mean absolute error over samples and outputs.
    Mae,
}

impl Metric {
    /// As in the columns `train_<name>` and `valid_<name>`.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Accuracy => "accuracy",
            Metric::R2 => "r2",
            Metric::Mae => "mae",
        }
    }
}
