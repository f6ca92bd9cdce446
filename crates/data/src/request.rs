//! The request for data: its source, its parts, and its preparation.

use choices::choices;

use crate::dataset::Derived;
use crate::source::Source;
use crate::target_kind::TargetKind;

/// The data to load, and its preparation.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The source of the samples.
    pub source: Source,
    /// The validation part.
    pub validation: Validation,
    /// The test part.
    pub test: Test,
    /// The kind of the targets.
    pub kind: TargetKind,
    /// Inputs computed from the two raw features.
    pub derive: Vec<Derived>,
    /// The scaling of the inputs.
    pub scale: Scale,
    /// The scaling of the targets, for each column; only for [`TargetKind::Numbers`].
    pub scale_targets: Scale,
    /// The nodes of the output layer, if the plan knows them: the number of classes that numbers
    /// can stand for (a label beyond them is refused with its place).
    pub outputs: Option<usize>,
}

choices! {
    /// How the columns of inputs or targets are scaled; fitted on the training part alone.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Scale {
        /// As they are
        None = "none",
        /// Mean 0 and standard deviation 1
        ///
        /// The deviation is the population's.
        Standardize = "standardize",
        /// From 0 to 1
        MinMax = "min_max",
    }
}

/// The validation part.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation {
    /// There is none.
    None,
    /// A seeded share of the samples that are not the test part.
    Share {
        /// The share, above 0 and below 1.
        share: f64,
        /// Whether each class keeps the same share.
        stratify: bool,
    },
    /// One of k seeded folds of the samples that are not the test part.
    Folds {
        /// The number of folds, at least 2.
        folds: u32,
        /// Whether each fold has the same share of each class.
        stratify: bool,
    },
    /// Separate files, of the same kind as the source.
    Files(Box<Source>),
}

/// The test part.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// There is none.
    None,
    /// A seeded share of the samples, taken out before anything else.
    Share {
        /// The share, above 0 and below 1.
        share: f64,
        /// Whether each class keeps the same share.
        stratify: bool,
    },
    /// Separate files, of the same kind as the source.
    Files(Box<Source>),
}

/// The seeds of a dataset's random choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seeds {
    /// The seed of a generator's samples: the `Data` stream.
    pub data: u64,
    /// The seed of the test part: the `Test` stream.
    pub test: u64,
    /// The seed of the validation part or the folds: the `Split` stream.
    pub split: u64,
}

/// The two ways to give the training part every class.
const STRATIFY: &str = "`stratify = true` keeps some of each class in both parts";
const LEARN_IT: &str = "the training data must have a sample of each class";

impl Validation {
    /// The advice for a part with a class that the training part lacks.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Validation::Share { .. } | Validation::Folds { .. } => STRATIFY,
            Validation::None | Validation::Files(_) => LEARN_IT,
        }
    }
}

impl Test {
    /// The advice for a part with a class that the training part lacks.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Test::Share { .. } => STRATIFY,
            Test::None | Test::Files(_) => LEARN_IT,
        }
    }
}
