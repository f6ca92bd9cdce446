//! What is asked of the data: its source, its parts, how it is coded, filled and scaled.

use choices::choices;

use crate::dataset::Derived;
use crate::source::Source;
use crate::target_kind::TargetKind;

/// What to load and what to make of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Where the samples come from.
    pub source: Source,
    /// What is kept for validation.
    pub validation: Validation,
    /// What is sealed for the test.
    pub test: Test,
    /// What the targets are.
    pub kind: TargetKind,
    /// Inputs computed from the two raw features.
    pub derive: Vec<Derived>,
    /// How the inputs are scaled.
    pub scale: Scale,
    /// How the targets are scaled, each column by itself; only for [`TargetKind::Numbers`].
    pub scale_targets: Scale,
    /// The nodes of the output layer, where the plan knows them: how many classes numbers can
    /// stand for (a label beyond them is refused with its place).
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

/// What is kept for validation.
#[derive(Debug, Clone, PartialEq)]
pub enum Validation {
    /// Nothing.
    None,
    /// A seeded share of the samples that are not the test part.
    Share {
        /// Above 0 and below 1.
        share: f64,
        /// Whether each class keeps the same share.
        stratify: bool,
    },
    /// One of k seeded folds of the samples that are not the test part.
    Folds {
        /// At least 2.
        folds: u32,
        /// Whether each fold has the same share of each class.
        stratify: bool,
    },
    /// Files of their own, of the same kind as the source.
    Files(Box<Source>),
}

/// What is sealed for the test.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Nothing.
    None,
    /// A seeded share of the samples, taken out before anything else.
    Share {
        /// Above 0 and below 1.
        share: f64,
        /// Whether each class keeps the same share.
        stratify: bool,
    },
    /// Files of their own, of the same kind as the source.
    Files(Box<Source>),
}

/// What the random choices of a dataset are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seeds {
    /// The samples of a generator: the `Data` stream.
    pub data: u64,
    /// The test part: the `Test` stream.
    pub test: u64,
    /// The validation part, or the folds: the `Split` stream.
    pub split: u64,
}

/// Two ways to a class that the training part lacks.
const STRATIFY: &str = "`stratify = true` keeps some of each class in both parts";
const LEARN_IT: &str = "the training data must have a sample of each class";

impl Validation {
    /// What helps where the part has a class that the training part lacks.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Validation::Share { .. } | Validation::Folds { .. } => STRATIFY,
            Validation::None | Validation::Files(_) => LEARN_IT,
        }
    }
}

impl Test {
    /// What helps where the part has a class that the training part lacks.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Test::Share { .. } => STRATIFY,
            Test::None | Test::Files(_) => LEARN_IT,
        }
    }
}
