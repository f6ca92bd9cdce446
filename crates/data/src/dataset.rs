//! The dataset of a configuration: samples in their parts, and their preparation.

use std::iter;

use choices::choices;
use serde::{Deserialize, Serialize};

use crate::csv::Dialect;
use crate::digest;
use crate::target_kind::TargetKind;
use numbers::matrix::DataMatrix;

/// Inputs and targets, with a row per sample. Each has the number format of its source, unless its
/// numbers were changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Inputs, (samples, features).
    pub x: DataMatrix,
    /// Targets, (samples, outputs), scaled if the preparation says so; for [`TargetKind::Classes`]
    /// (samples, 1), the index of the class.
    pub y: DataMatrix,
}

/// The data of a configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// The preparation of raw columns into `x`, and the meaning of `y`. It is stored with every
    /// model.
    pub preparation: Preparation,
    /// The training part; at least one sample.
    pub train: Samples,
    /// The validation part, if there is one; at least one sample.
    pub valid: Option<Samples>,
    /// The test part, if there is one; only a test opens it.
    pub test: Option<Sealed>,
    /// The digests of the samples in each part.
    pub parts: Parts,
    target_units: Vec<[f64; 2]>,
    digest: [u8; 32],
}

/// The digests of the samples in two parts. Equal digests mean the same samples of the source, even
/// if their scaling, derived inputs or features differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The digest of the training part.
    pub train: [u8; 32],
    /// The digest of the validation part.
    pub valid: Option<[u8; 32]>,
}

/// The test part. Training, scaling, validation and the page never use it.
#[derive(Clone, PartialEq)]
pub struct Sealed {
    samples: Samples,
    source: [u8; 32],
}

impl Sealed {
    /// Seals samples; `source` is the digest of the data that determine which samples these are.
    pub(crate) fn new(samples: Samples, source: [u8; 32]) -> Self {
        Self { samples, source }
    }

    /// The samples of the test part, prepared like the training part. Only a test may call it.
    pub fn open(&self) -> &Samples {
        &self.samples
    }

    /// How many samples the test part has.
    pub fn count(&self) -> usize {
        self.samples.x.nrows()
    }

    /// A SHA-256 over the numbers of the test part.
    pub fn digest(&self) -> [u8; 32] {
        digest::digest(
            &Preparation::default(),
            [&self.samples.x, &self.samples.y].into_iter(),
        )
    }

    /// A digest that is equal for the same rows of the same source, whatever their preparation.
    pub fn source(&self) -> [u8; 32] {
        self.source
    }
}

/// Debug output does not show the numbers.
impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} samples)", self.count())
    }
}

impl Dataset {
    /// Puts the parts together and computes their digest, without a test part.
    pub fn new(
        preparation: Preparation,
        train: Samples,
        valid: Option<Samples>,
        parts: Parts,
    ) -> Self {
        let digest = digest::digest(
            &preparation,
            iter::once(&train)
                .chain(&valid)
                .flat_map(|part| [&part.x, &part.y]),
        );
        let scaling = preparation.target_scaling.iter();
        Self {
            target_units: scaling
                .map(|scaling| [scaling.offset, scaling.divisor])
                .collect(),
            preparation,
            train,
            valid,
            test: None,
            parts,
            digest,
        }
    }

    /// The offset and the divisor of each target column: a target in its own units is
    /// `target · divisor + offset`. Empty if the targets are not scaled.
    pub fn target_units(&self) -> &[[f64; 2]] {
        &self.target_units
    }

    /// The targets of some of its samples in their own units, (samples, targets); for classes,
    /// their indices. A scaled target comes back with a rounding error.
    pub fn own_targets(&self, samples: &Samples) -> DataMatrix {
        if self.target_units.is_empty() {
            return samples.y.clone();
        }
        let mut own = samples.y.clone().into_array();
        self.preparation.unscale_targets(&mut own);
        own.into()
    }

    /// A SHA-256 over the preparation and over the shapes and bits of all samples but the sealed
    /// ones. Equal digests mean equal data, on every machine.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The number of nodes that the output layer must have: that of the classes, or of the target
    /// columns.
    pub fn outputs(&self) -> usize {
        match self.preparation.kind {
            TargetKind::Classes => self.preparation.classes.len(),
            TargetKind::Numbers | TargetKind::Binary => self.train.y.ncols(),
        }
    }

    /// Whether the targets are numbers, one per sample, each of them −1 or +1, and both occur in
    /// the training part. The sign of a prediction in the targets' own units is then a class.
    pub fn is_two_class(&self) -> bool {
        if self.preparation.kind != TargetKind::Numbers || self.train.y.ncols() != 1 {
            return false;
        }
        // A scaled target comes back with a rounding error.
        let classes = match self.preparation.target_scaling.first() {
            None => [-1.0, 1.0],
            Some(scaling) => [-1.0, 1.0].map(|class| scaling.apply(class)),
        };
        let samples = std::iter::once(&self.train).chain(&self.valid);
        classes
            .iter()
            .all(|class| self.train.y.iter().any(|y| y == *class))
            && samples
                .flat_map(|samples| samples.y.iter())
                .all(|y| classes.contains(&y))
    }
}

/// The preparation of the training data, which new data must have too.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Preparation {
    /// The raw columns, in order.
    pub columns: Vec<Column>,
    /// Inputs computed from two raw columns, appended to them.
    pub derive: Vec<Derived>,
    /// The name of each column of `x`, after one-hot coding and derivation.
    pub features: Vec<String>,
    /// The scaling of each column of `x`: `(raw − offset) / divisor`; empty if nothing is scaled.
    pub scaling: Vec<Scaling>,
    /// The name of each column of `y`.
    pub targets: Vec<String>,
    /// The scaling of each column of `y`: the network learns `(target − offset) / divisor`; empty
    /// if the targets are not scaled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_scaling: Vec<Scaling>,
    /// The kind of the targets.
    pub kind: TargetKind,
    /// The names of the classes, sorted, in the order of their indices; empty for numbers.
    pub classes: Vec<String>,
    /// The dialect of the table on which it was fitted.
    #[serde(default, skip_serializing_if = "Dialect::is_default")]
    pub dialect: Dialect,
}

/// A raw feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The name of the column.
    pub name: String,
    /// The categories of a categorical column, sorted, with one input each; empty for numbers.
    pub categories: Vec<String>,
    /// The number that fills a missing cell, if there is one: the training part's mean or median.
    pub fill: Option<f64>,
}

/// The scaling of one column of `x` or of `y`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// The number that is subtracted first.
    pub offset: f64,
    /// The number that divides the difference.
    pub divisor: f64,
}

choices! {
    /// An input computed from the raw features x1 and x2.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub serde enum Derived {
        /// x1²
        X1Squared = "x1^2",
        /// x2²
        X2Squared = "x2^2",
        /// x1 · x2
        Product = "x1*x2",
        /// sin x1
        SinX1 = "sin(x1)",
        /// sin x2
        SinX2 = "sin(x2)",
    }
}
