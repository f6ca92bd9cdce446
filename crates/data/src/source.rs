//! The sources of samples, and their raw columns.

use std::path::PathBuf;

use choices::choices;

use crate::csv::{self, Dialect};
use crate::missing::Missing;
use crate::raw::{Purpose, Raw};
use crate::synthetic::{self, Synthetic};
use crate::target_kind::TargetKind;
use crate::{idx, inline, npy, one_hot};
use problems::{Problem, Problems};

/// The source of the samples.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Drawn by one of the playground's formulas.
    Synthetic {
        /// The formula.
        shape: Synthetic,
        /// The number of samples; at least 1.
        samples: usize,
        /// The noise, from 0 to 0.5.
        noise: f64,
    },
    /// A CSV file with a header; gzip if its name ends in `.gz`.
    Csv {
        /// The path of the file.
        path: PathBuf,
        /// The names of the feature columns; `None` for all but the targets and the excluded ones.
        features: Option<Vec<String>>,
        /// The names of columns that are left out.
        exclude: Vec<String>,
        /// The names of the target columns; `None` for the last column.
        targets: Option<Vec<String>>,
        /// The names of feature columns with categories.
        categorical: Vec<String>,
        /// The treatment of missing cells.
        missing: Missing,
        /// The dialect of the table.
        dialect: Dialect,
    },
    /// Images and labels in MNIST's format, plain or gzip.
    Idx {
        /// The images (samples, height, width); a byte becomes byte / 255, and any other number
        /// stays as it is.
        images: PathBuf,
        /// The labels (samples), which are numbers.
        labels: PathBuf,
    },
    /// NumPy arrays: two `.npy` files, or one `.npz` with arrays `x` and `y`, or `x_train` and
    /// `y_train`.
    Npy {
        /// The inputs, (samples, features), or (samples, …) with more dimensions; or the `.npz`.
        x: PathBuf,
        /// The targets, (samples) or (samples, outputs); `None` if `x` is an `.npz`.
        y: Option<PathBuf>,
    },
    /// Rows that are written out in the experiment.
    Inline {
        /// The inputs, a row per sample; all rows have one length.
        x: Vec<Vec<f64>>,
        /// The targets, a row per sample; all rows have one length.
        y: Vec<Vec<f64>>,
    },
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

impl Source {
    /// A text that identifies the rows of the source.
    pub(crate) fn identity(&self) -> String {
        match self {
            Source::Synthetic { .. } => format!("{self:?}"),
            Source::Csv { path, missing, .. } => format!("{} {missing:?}", path.display()),
            Source::Idx { images, .. } => images.display().to_string(),
            Source::Npy { x, .. } => x.display().to_string(),
            Source::Inline { x, y } => format!("{x:?} {y:?}"),
        }
    }
}

/// The raw columns of a source; one-hot targets of classes become the classes.
pub(crate) fn read(
    source: &Source,
    kind: TargetKind,
    purpose: Purpose,
    seed: u64,
) -> Result<Raw, Problems> {
    let raw = read_columns(source, kind, purpose, seed)?;
    one_hot::classes(raw, kind)
}

/// The raw columns of a source.
fn read_columns(
    source: &Source,
    kind: TargetKind,
    purpose: Purpose,
    seed: u64,
) -> Result<Raw, Problems> {
    match source {
        Source::Synthetic {
            shape,
            samples,
            noise,
        } => synthetic::draw(*shape, *samples, *noise, kind, seed).map_err(Problems::from),
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
                words: kind,
            };
            csv::read(path, &wanted)
        }
        Source::Idx { images, labels } => idx::read(images, Some(labels)),
        Source::Npy { x, y } => npy::read(x, y.as_deref(), purpose),
    }
}

/// The raw columns of a validation file: the columns of the training file, found by their names.
pub(crate) fn read_like(
    source: &Source,
    kind: TargetKind,
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
                words: kind,
            };
            one_hot::classes(csv::read(path, &wanted)?, kind)?
        }
        _ => read(source, kind, purpose, 0)?,
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
