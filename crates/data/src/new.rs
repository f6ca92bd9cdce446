//! New data for a trained model, treated as its training data was.

use std::path::Path;

use super::raw::{MISSING_WORD, Raw};
use super::{Fill, Missing, Preparation, csv, file, idx, npy};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// New samples, a row each, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSamples {
    /// Inputs, (samples, features).
    pub x: DataMatrix,
    /// Targets as in [`Samples`](super::Samples), where the data has them.
    pub y: Option<DataMatrix>,
}

impl Preparation {
    /// Reads new data: a CSV file with the columns that the model was trained on (others are passed
    /// over), IDX images, a `.npy` array of inputs, or an `.npz` with an array `x`. Targets are
    /// those of a CSV file that has all target columns, the array `y` of an `.npz`, or a file of
    /// their own: IDX labels, or a `.npy` array.
    ///
    /// # Errors
    /// As for the training data; and other columns, categories or classes than the model knows.
    pub fn read(&self, path: &Path, targets: Option<&Path>) -> Result<NewSamples, Problems> {
        let mut raw = self.raw(path, targets)?;
        let expected = [
            ("inputs", self.columns.len(), raw.x.ncols()),
            ("targets", self.targets.len(), raw.targets.len()),
        ];
        for (what, expected, found) in expected {
            if found != expected && (what == "inputs" || found != 0) {
                return Err(Problem::new(format!(
                    "{} has {found} {what} per sample, but the model was trained on {expected}",
                    raw.origin.name
                ))
                .into());
            }
        }
        let y = self.targets(
            &mut raw,
            "the model knows the classes of its training data alone",
        )?;
        let x = self.inputs(raw)?;
        Ok(NewSamples { x, y })
    }

    /// The raw columns of a file of any kind.
    fn raw(&self, path: &Path, targets: Option<&Path>) -> Result<Raw, Problems> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("npy" | "npz")) {
            return npy::read(path, targets, false);
        }
        if file::starts(path, idx::starts)? {
            return idx::read(path, targets);
        }
        if let Some(targets) = targets {
            return Err(Problem::new(format!(
                "the targets of a CSV file are columns of its own; {} cannot be used with {}",
                targets.display(),
                path.display()
            ))
            .into());
        }
        let names = |categorical: bool| -> Vec<String> {
            let columns = self.columns.iter();
            let wanted = columns.filter(|column| !categorical || !column.categories.is_empty());
            wanted.map(|column| column.name.clone()).collect()
        };
        let fills = self.columns.iter().any(|column| column.fill.is_some());
        let category = self.columns.iter().any(|column| {
            let categories = &column.categories;
            categories.iter().any(|category| category == MISSING_WORD)
        });
        let wanted = csv::Wanted {
            features: Some(&names(false)),
            exclude: &[],
            targets: csv::Targets::IfThere(&self.targets),
            categorical: &names(true),
            missing: Missing {
                // The training part's own value stands in the preparation, whichever it is.
                numbers: fills.then_some(Fill::Mean),
                category,
                drop: false,
            },
            dialect: &self.dialect,
            words: self.kind,
        };
        csv::read(path, &wanted)
    }
}
