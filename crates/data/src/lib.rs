//! Numbers in: synthetic data, inline arrays and files, made into inputs and targets and split into
//! training and validation.
//!
//! Each source becomes raw columns ([`raw`]), which are split ([`split`]) and prepared: what is
//! fitted ([`preparation`]) sees the training part alone, is stored with every model, and treats
//! new data the same way. Numbers stay in the format that their source has, and where they are, until
//! something changes them.
//!
//! Has never heard of TOML, networks or training; a mistake in a file is a [`Problem`] that points at
//! the file's line.
//!
//! ```
//! use data::{Request, Scale, Seeds, Source, Synthetic, TargetKind, Test, Validation};
//!
//! let source = Source::Synthetic { shape: Synthetic::Plane, samples: 100, noise: 0.0 };
//! let validation = Validation::Share { share: 0.5, stratify: false };
//! let request = Request {
//!     source, validation, test: Test::None, kind: TargetKind::Numbers, derive: Vec::new(),
//!     scale: Scale::None, scale_targets: Scale::None, outputs: None,
//! };
//! let dataset = data::load(&request, Seeds { data: 42, split: 42, test: 42 }, 0)?;
//! assert_eq!(dataset.train.x.nrows(), 50);
//! assert_eq!(dataset.preparation.features, ["x1", "x2"]);
//! # Ok::<(), problems::Error>(())
//! ```

mod classes;
mod csv;
mod digest;
mod fault;
mod file;
mod foreign;
mod idx;
mod inline;
pub mod memory;
mod new;
mod npy;
mod one_hot;
mod preparation;
mod raw;
mod scaling;
mod split;
mod synthetic;
mod targets;

use std::path::PathBuf;
use std::sync::Arc;

use choices::choices;
use serde::{Deserialize, Serialize};

pub use csv::{Dialect, Header, MISSING, MISSING_NUMBER, Table, is_encoding};
pub use fault::{Fault, Reason};
pub use file::open_now;
pub use foreign::foreign_file;
pub use new::{NewSamples, NewSource};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};
use raw::{Purpose, Raw};
use split::Kept;

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
        digest::digest(&Preparation::default(), &self.samples, None)
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
        let digest = digest::digest(&preparation, &train, valid.as_ref());
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
    /// Then divided by.
    pub divisor: f64,
}

choices! {
    /// What the targets are; the loss decides.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub serde enum TargetKind {
        /// Numbers, for half_mse, mse, mae and huber. Two-class generators give −1 and +1.
        Numbers = "numbers",
        /// 0 or 1 per output, for bce. Two-class generators give 0 and 1; a single target column with
        /// exactly two names gives the index of the name, sorted.
        Binary = "binary",
        /// One class per sample, for cross_entropy: an index from 0, or names sorted.
        Classes = "classes",
    }
}

impl Default for TargetKind {
    /// Numbers: what the targets of a regression are.
    fn default() -> Self {
        TargetKind::Numbers
    }
}

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
        /// What becomes of a missing cell.
        missing: Missing,
        /// How the table is written.
        dialect: Dialect,
    },
    /// Images and labels in MNIST's format, plain or gzip.
    Idx {
        /// (samples, height, width); a byte becomes byte / 255, any other number stays as it is.
        images: PathBuf,
        /// (samples) numbers.
        labels: PathBuf,
    },
    /// NumPy arrays: two `.npy` files, or one `.npz` with arrays `x` and `y`, or `x_train` and `y_train`.
    Npy {
        /// Inputs, (samples, features), or (samples, …) of more dimensions; or the `.npz`.
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

choices! {
    /// The playground's six synthetic data sets.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Synthetic {
        /// Regression: y = (x1 + x2) / 10
        Plane = "plane",
        /// Regression: six bumps of alternating sign
        MultiGaussian = "multi_gaussian",
        /// Two classes: a disc inside a ring
        Circle = "circle",
        /// Two classes: the sign of x1 · x2
        Xor = "xor",
        /// Two classes: two clouds
        Gaussian = "gaussian",
        /// Two classes: two arms
        Spiral = "spiral",
    }
}

choices! {
    /// The formats of samples that are read, and not drawn.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SourceFormat {
        /// A table with a header; gzip by its ending .gz
        Csv = "csv",
        /// Images and labels in the format of MNIST, plain or gzip
        Idx = "idx",
        /// NumPy arrays: two .npy files, or one .npz with x and y
        Npy = "npy",
        /// Rows written out here
        Inline = "inline",
    }
}

choices! {
    /// One way to treat missing cells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum MissingWay {
        /// A missing cell is an error
        Refuse = "refuse",
        /// A row with a missing cell is left out
        Drop = "drop",
        /// A missing number gets the mean of its column over the training part
        Mean = "mean",
        /// A missing number gets the median of its column over the training part
        Median = "median",
        /// A missing word is a category of its own
        Category = "category",
    }
}

choices! {
    /// What stands before a number's decimals.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DecimalMark {
        /// As in 1.5
        Point = ".",
        /// As in 1,5
        Comma = ",",
    }
}

/// What becomes of a missing cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// What a missing number among the features is filled with.
    pub numbers: Option<Fill>,
    /// Whether what is missing in a column of words is a category of its own.
    pub category: bool,
    /// Whether a row with any other missing cell is left out; else it is a problem.
    pub drop: bool,
}

/// What missing numbers of a column are filled with; taken from the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The mean of the column.
    Mean,
    /// The median of the column; of an even count, the mean of the middle two.
    Median,
}

impl Missing {
    /// It is a problem.
    pub const REFUSE: Self = Self {
        numbers: None,
        category: false,
        drop: false,
    };
    /// Its row is left out.
    pub const DROP: Self = Self {
        drop: true,
        ..Self::REFUSE
    };
    /// A number is filled with the mean.
    pub const MEAN: Self = Self {
        numbers: Some(Fill::Mean),
        ..Self::REFUSE
    };
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

/// Reads or draws the samples, splits and prepares them. `fold` says which of the folds is the
/// validation part, where there are folds.
///
/// # Errors
/// Whatever is wrong with the data, each with file, line and column where there is one; a problem
/// without a place is about the source as a whole.
pub fn load(request: &Request, seeds: Seeds, fold: u32) -> Result<Arc<Dataset>, Problems> {
    Pool::read(request, seeds)?.divide(request, seeds.split, fold)
}

/// The samples of a request before they are divided into training and validation.
#[derive(Debug, Clone)]
pub struct Pool {
    /// All that is not the test part and not a validation file.
    rest: Raw,
    test: Option<Raw>,
    test_source: [u8; 32],
    data_seed: u64,
}

impl Pool {
    /// Reads or draws the samples and takes the test part out; `seeds.split` does not matter.
    ///
    /// # Errors
    /// As [`load`].
    pub fn read(request: &Request, seeds: Seeds) -> Result<Self, Problems> {
        let raw = read(&request.source, request, Purpose::Training, seeds.data)?;
        let (rest, test) = match &request.test {
            Test::None => (raw, None),
            Test::Share { share, stratify } => {
                let (rest, test) = split::split(raw, *share, *stratify, Kept::Test, seeds.test)?;
                (rest, Some(test))
            }
            Test::Files(source) => {
                let test = read_like(source, request, Purpose::Test, &raw)?;
                (raw, Some(test))
            }
        };
        let test_source = test.as_ref().map(|test| {
            let (source, seed) = match &request.test {
                Test::Files(source) => (&**source, 0),
                _ => (&request.source, seeds.data),
            };
            digest::rows(&source.identity(), seed, &test.rows)
        });
        Ok(Self {
            rest,
            test,
            test_source: test_source.unwrap_or_default(),
            data_seed: seeds.data,
        })
    }

    /// Divides the samples into training and validation and prepares all parts.
    ///
    /// # Errors
    /// As [`load`].
    pub fn divide(
        self,
        request: &Request,
        split_seed: u64,
        fold: u32,
    ) -> Result<Arc<Dataset>, Problems> {
        let (train, valid) = match &request.validation {
            Validation::None => (self.rest, None),
            Validation::Share { share, stratify } => {
                let what = Kept::Validation;
                let (train, valid) = split::split(self.rest, *share, *stratify, what, split_seed)?;
                (train, Some(valid))
            }
            Validation::Folds { folds, stratify } => {
                let (train, valid) = split::fold(self.rest, *folds, fold, *stratify, split_seed)?;
                (train, Some(valid))
            }
            Validation::Files(source) => {
                let valid = read_like(source, request, Purpose::Validation, &self.rest)?;
                (self.rest, Some(valid))
            }
        };
        let parts = Parts {
            train: digest::part(&request.source, self.data_seed, &train),
            valid: valid.as_ref().map(|valid| {
                let source = match &request.validation {
                    Validation::Files(source) => source,
                    _ => &request.source,
                };
                digest::part(source, self.data_seed, valid)
            }),
        };
        let (fitted, train) = preparation::fit(train, request)?;
        let valid = valid
            .map(|valid| fitted.samples(valid, request.validation.advice()))
            .transpose()?;
        let test = self
            .test
            .map(|test| fitted.samples(test, request.test.advice()))
            .transpose()?;
        let mut dataset = Dataset::new(fitted.preparation, train, valid, parts);
        dataset.test = test.map(|samples| Sealed {
            samples,
            source: self.test_source,
        });
        Ok(Arc::new(dataset))
    }
}

/// What helps where a part has a class that the training part lacks.
const STRATIFY: &str = "`stratify = true` keeps some of each class in both parts";
const LEARN_IT: &str = "the training data must have a sample of each class";

impl Validation {
    fn advice(&self) -> &'static str {
        match self {
            Validation::Share { .. } | Validation::Folds { .. } => STRATIFY,
            Validation::None | Validation::Files(_) => LEARN_IT,
        }
    }
}

impl Test {
    fn advice(&self) -> &'static str {
        match self {
            Test::Share { .. } => STRATIFY,
            Test::None | Test::Files(_) => LEARN_IT,
        }
    }
}

impl Source {
    /// What decides which rows it has, as a text.
    fn identity(&self) -> String {
        match self {
            Source::Synthetic { .. } => format!("{self:?}"),
            Source::Csv { path, missing, .. } => format!("{} {missing:?}", path.display()),
            Source::Idx { images, .. } => images.display().to_string(),
            Source::Npy { x, .. } => x.display().to_string(),
            Source::Inline { x, y } => format!("{x:?} {y:?}"),
        }
    }
}

/// The raw columns of a source; one-hot targets of classes as the classes.
fn read(source: &Source, request: &Request, purpose: Purpose, seed: u64) -> Result<Raw, Problems> {
    let raw = read_columns(source, request, purpose, seed)?;
    one_hot::classes(raw, request.kind)
}

/// The raw columns of a source.
fn read_columns(
    source: &Source,
    request: &Request,
    purpose: Purpose,
    seed: u64,
) -> Result<Raw, Problems> {
    match source {
        Source::Synthetic {
            shape,
            samples,
            noise,
        } => synthetic::draw(*shape, *samples, *noise, request.kind, seed).map_err(Problems::from),
        Source::Inline { x, y } => inline::read(x, y, purpose.prefix()),
        Source::Csv {
            path,
            features,
            exclude,
            targets,
            categorical,
            missing,
            dialect,
        } => {
            let wanted = csv::Wanted {
                features: features.as_deref(),
                exclude,
                targets: match targets {
                    Some(names) => csv::Targets::Named(names),
                    None => csv::Targets::Last,
                },
                categorical,
                missing: *missing,
                dialect,
                words: request.kind,
            };
            csv::read(path, &wanted)
        }
        Source::Idx { images, labels } => idx::read(images, Some(labels)),
        Source::Npy { x, y } => npy::read(x, y.as_deref(), purpose),
    }
}

/// The raw columns of a validation file: those that the training file has, by their names.
fn read_like(
    source: &Source,
    request: &Request,
    purpose: Purpose,
    train: &Raw,
) -> Result<Raw, Problems> {
    let raw = match source {
        Source::Csv {
            path,
            missing,
            dialect,
            ..
        } => {
            let features = train.feature_names();
            let categorical = train.categorical_names();
            let wanted = csv::Wanted {
                features: Some(&features),
                exclude: &[],
                targets: csv::Targets::Named(&train.targets),
                categorical: &categorical,
                missing: *missing,
                dialect,
                words: request.kind,
            };
            one_hot::classes(csv::read(path, &wanted)?, request.kind)?
        }
        _ => read(source, request, purpose, 0)?,
    };
    let widths = [
        ("inputs", train.x.ncols(), raw.x.ncols()),
        ("targets", train.targets.len(), raw.targets.len()),
    ];
    for (what, expected, found) in widths {
        if expected != found {
            return Err(Problem::new(format!(
                "{} has {found} {what} per sample, {} has {expected}",
                raw.origin.name, train.origin.name
            ))
            .into());
        }
    }
    Ok(raw)
}
