//! Numbers in: synthetic data, inline arrays and files, made into inputs and targets and split into
//! training and validation.
//!
//! Has never heard of TOML; a mistake in a file is a [`Problem`](crate::error::Problem) that points
//! at the file's line.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::Problems;

/// Inputs and targets, a row per sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Inputs, (samples, features).
    pub x: Array2<f64>,
    /// Targets, (samples, outputs); for [`TargetKind::Classes`] (samples, 1): the class's index.
    pub y: Array2<f64>,
}

/// What a configuration trains on.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// How raw columns become `x`, and what `y` means: stored with every model.
    pub preparation: Preparation,
    /// What it learns from; at least one sample.
    pub train: Samples,
    /// What it is tried on; at least one sample if there is any.
    pub valid: Option<Samples>,
}

/// All that is needed to treat new data as the training data was treated.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Preparation {
    /// The raw columns, in order.
    pub columns: Vec<Column>,
    /// Inputs computed from two raw columns, appended to them.
    pub derive: Vec<Derived>,
    /// A name per column of `x`, after one-hot coding and derivation.
    pub features: Vec<String>,
    /// One per column of `x`: `(raw − offset) / divisor`; empty where nothing is scaled.
    pub scaling: Vec<Scaling>,
    /// A name per column of `y`.
    pub targets: Vec<String>,
    /// What the targets are.
    pub kind: TargetKind,
    /// The classes' names, sorted, in the order of their indices; empty for numbers.
    pub classes: Vec<String>,
}

/// A raw feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The categories of a categorical column, sorted: one input each; empty for numbers.
    pub categories: Vec<String>,
    /// What a missing cell is filled with, if it is filled: the training part's mean.
    pub fill: Option<f64>,
}

/// How one column of `x` was scaled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Subtracted first.
    pub offset: f64,
    /// Then divided by.
    pub divisor: f64,
}

/// What the targets are; the loss decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Numbers, for half_mse, mse, mae and huber. Two-class generators give −1 and +1.
    #[default]
    Numbers,
    /// 0 or 1 per output, for bce. Two-class generators give 0 and 1; a single target column with
    /// exactly two names gives the index of the name, sorted.
    Binary,
    /// One class per sample, for cross_entropy: an index from 0, or names sorted.
    Classes,
}

/// What to load and what to make of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Where the samples come from.
    pub source: Source,
    /// What is kept for validation.
    pub validation: Validation,
    /// What the targets are.
    pub kind: TargetKind,
    /// Inputs computed from the two raw features.
    pub derive: Vec<Derived>,
    /// How the inputs are scaled.
    pub scale: Scale,
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
    /// A CSV file with a header; gzip by its ending `.gz`.
    Csv {
        /// The file.
        path: PathBuf,
        /// Names of the feature columns; `None`: all but the targets and the excluded.
        features: Option<Vec<String>>,
        /// Names of columns that are left out.
        exclude: Vec<String>,
        /// Names of the target columns; `None`: the last column.
        targets: Option<Vec<String>>,
        /// Names of feature columns that hold categories.
        categorical: Vec<String>,
        /// What becomes of a row with an empty cell.
        missing: Missing,
    },
    /// Images and labels in MNIST's format, plain or gzip.
    Idx {
        /// (samples, height, width) bytes; each pixel becomes byte / 255.
        images: PathBuf,
        /// (samples) bytes.
        labels: PathBuf,
    },
    /// NumPy arrays: two `.npy` files, or one `.npz` with arrays `x` and `y`.
    Npy {
        /// Inputs, (samples, features), or the `.npz`.
        x: PathBuf,
        /// Targets, (samples) or (samples, outputs); `None`: `x` is an `.npz`.
        y: Option<PathBuf>,
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

/// What becomes of a row with an empty cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is a problem.
    Refuse,
    /// It is left out.
    Drop,
    /// The cell gets the training part's mean of its column (features only).
    Mean,
}

/// An input computed from the raw features x1 and x2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Derived {
    /// x1².
    #[serde(rename = "x1^2")]
    X1Squared,
    /// x2².
    #[serde(rename = "x2^2")]
    X2Squared,
    /// x1·x2.
    #[serde(rename = "x1*x2")]
    Product,
    /// sin x1.
    #[serde(rename = "sin(x1)")]
    SinX1,
    /// sin x2.
    #[serde(rename = "sin(x2)")]
    SinX2,
}

/// How the inputs are scaled; fitted on the training part alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Not at all.
    None,
    /// Mean 0, standard deviation (of the population) 1.
    Standardize,
    /// Least value 0, greatest 1.
    MinMax,
}

/// What is kept for validation.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation {
    /// Nothing.
    None,
    /// A seeded share of the samples.
    Share {
        /// Above 0 and below 1.
        share: f64,
        /// Whether each class keeps the same share.
        stratify: bool,
    },
    /// Files of their own, of the same kind as the source.
    Files(Box<Source>),
}

/// Reads or draws the samples, splits and prepares them; `seed` feeds the `Data` and `Split`
/// streams.
///
/// # Errors
/// Whatever is wrong with the data, each with file, line and column where there is one; a problem
/// without a place is about the source as a whole.
pub fn load(request: &Request, seed: u64) -> Result<Arc<Dataset>, Problems> {
    todo!("{request:?} {seed}")
}
