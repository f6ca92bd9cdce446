//! What a configuration trains on: samples in their parts, and how they were prepared.

use std::iter;

use choices::choices;
use serde::{Deserialize, Serialize};

use crate::csv::Dialect;
use crate::digest;
use crate::target_kind::TargetKind;
use numbers::matrix::DataMatrix;

/// Inputs and targets, a row per sample; each in the number format of its source, if nothing changed
/// its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Inputs, (samples, features).
    pub x: DataMatrix,
    /// Targets, (samples, outputs), scaled where the preparation says so; for
    /// [`TargetKind::Classes`] (samples, 1): the class's index.
    pub y: DataMatrix,
}

/// What a configuration trains on.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// How raw columns become `x`, and what `y` means: stored with every model.
    pub preparation: Preparation,
    /// What it learns from; at least one sample.
    pub train: Samples,
    /// What it is validated on; at least one sample if there is any.
    pub valid: Option<Samples>,
    /// What only a test opens.
    pub test: Option<Sealed>,
    /// Which samples of its source each part has.
    pub parts: Parts,
    target_units: Vec<[f64; 2]>,
    digest: [u8; 32],
}

/// Which samples of their source two parts have: equal digests are the same samples, whatever was
/// made of them by scaling, derived inputs, or a choice among their features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Of the training part.
    pub train: [u8; 32],
    /// Of the validation part.
    pub valid: Option<[u8; 32]>,
}

/// The test part: training, scaling, validation and the page never see it.
#[derive(Clone, PartialEq)]
pub struct Sealed {
    samples: Samples,
    source: [u8; 32],
}

impl Sealed {
    /// Seals samples; `source` is the digest of what decides which they are.
    pub(crate) fn new(samples: Samples, source: [u8; 32]) -> Self {
        Self { samples, source }
    }

    /// Its samples, treated as the training part was: for a test alone.
    pub fn open(&self) -> &Samples {
        &self.samples
    }

    /// How many samples it has.
    pub fn count(&self) -> usize {
        self.samples.x.nrows()
    }

    /// A SHA-256 over its numbers.
    pub fn digest(&self) -> [u8; 32] {
        digest::digest(
            &Preparation::default(),
            [&self.samples.x, &self.samples.y].into_iter(),
        )
    }

    /// Equal for the same rows of the same source, whatever is made of their columns.
    pub fn source(&self) -> [u8; 32] {
        self.source
    }
}

/// Its numbers are sealed here too.
impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({} samples)", self.count())
    }
}

impl Dataset {
    /// Puts the parts together and takes their digest; without a test part.
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

    /// Offset and divisor of each target column: a target in its own units is
    /// `target · divisor + offset`. Empty where the targets are as they were.
    pub fn target_units(&self) -> &[[f64; 2]] {
        &self.target_units
    }

    /// The targets of some of its samples in their own units, (samples, targets); of classes, their
    /// indices. What was scaled comes back with a rounding.
    pub fn own_targets(&self, samples: &Samples) -> DataMatrix {
        if self.target_units.is_empty() {
            return samples.y.clone();
        }
        let mut own = samples.y.clone().into_array();
        self.preparation.unscale_targets(&mut own);
        own.into()
    }

    /// A SHA-256 over the shapes and bits of all samples but the sealed ones and the preparation: equal
    /// digests are equal data, on every machine.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// How many nodes the output layer must have: the classes, or the target columns.
    pub fn outputs(&self) -> usize {
        match self.preparation.kind {
            TargetKind::Classes => self.preparation.classes.len(),
            TargetKind::Numbers | TargetKind::Binary => self.train.y.ncols(),
        }
    }

    /// Whether the targets are numbers, one per sample, each −1 or +1, both among the training
    /// samples: then the sign of a prediction, in the targets' own units, is a class.
    pub fn is_two_class(&self) -> bool {
        if self.preparation.kind != TargetKind::Numbers || self.train.y.ncols() != 1 {
            return false;
        }
        // A target that was scaled comes back with a rounding.
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
    /// One per column of `y`: `(target − offset) / divisor` is what the network learns; empty where
    /// the targets stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target_scaling: Vec<Scaling>,
    /// What the targets are.
    pub kind: TargetKind,
    /// The classes' names, sorted, in the order of their indices; empty for numbers.
    pub classes: Vec<String>,
    /// How the table that it was fitted on is written.
    #[serde(default, skip_serializing_if = "Dialect::is_default")]
    pub dialect: Dialect,
}

/// A raw feature column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The categories of a categorical column, sorted: one input each; empty for numbers.
    pub categories: Vec<String>,
    /// What a missing cell is filled with, if it is filled: the training part's mean or median.
    pub fill: Option<f64>,
}

/// How one column of `x` or of `y` was scaled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Subtracted first.
    pub offset: f64,
    /// What the difference from the offset is divided by.
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
