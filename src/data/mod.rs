//! Numbers in: synthetic data, inline arrays and CSV files, split into training and validation.
//!
//! Has never heard of TOML; a mistake in a file is a [`Problem`](crate::error::Problem) that points
//! at the file's line.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;

use crate::error::Problems;

/// Inputs and targets, a row per sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Inputs, (samples, features).
    pub x: Array2<f64>,
    /// Targets, (samples, outputs).
    pub y: Array2<f64>,
}

/// What a configuration trains on.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// A name per column of `x`.
    pub features: Vec<String>,
    /// A name per column of `y`.
    pub targets: Vec<String>,
    /// What it learns from; at least one sample.
    pub train: Samples,
    /// What it is tried on; at least one sample if there is any.
    pub valid: Option<Samples>,
}

/// Where the samples come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Drawn by one of the playground's formulas.
    Synthetic {
        /// Which formula.
        shape: Synthetic,
        /// How many samples; at least 1.
        samples: usize,
        /// 0 to 0.5.
        noise: f64,
    },
    /// A CSV file with a header.
    Csv {
        /// The file.
        path: PathBuf,
        /// Names of the feature columns; `None`: all but the targets.
        features: Option<Vec<String>>,
        /// Names of the target columns; `None`: the last column.
        targets: Option<Vec<String>>,
    },
    /// Rows written out in the experiment.
    Inline {
        /// A row per sample; all of one length.
        x: Vec<Vec<f64>>,
        /// A row per sample; all of one length.
        y: Vec<Vec<f64>>,
    },
}

/// The playground's six synthetic data sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synthetic {
    /// Regression: the label is a plane over (x1, x2).
    Plane,
    /// Regression: six bumps of alternating sign.
    MultiGaussian,
    /// Classification: a disc inside a ring.
    Circle,
    /// Classification: the sign of x1·x2.
    Xor,
    /// Classification: two normal clouds.
    Gaussian,
    /// Classification: two arms.
    Spiral,
}

/// What is kept for validation.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation {
    /// Nothing.
    None,
    /// A seeded share, above 0 and below 1.
    Share(f64),
    /// A CSV file of its own, with the same columns.
    File(PathBuf),
}

/// Reads or draws the samples and splits them; `seed` feeds the `Data` and `Split` streams.
///
/// # Errors
/// Whatever is wrong with the data, each with file, line and column where there is one; a problem
/// without a place is about the source as a whole.
pub fn load(source: &Source, validation: &Validation, seed: u64) -> Result<Arc<Dataset>, Problems> {
    let _ = (source, validation, seed);
    todo!()
}
