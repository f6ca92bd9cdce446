//! The file `experiment.toml` of a directory of results, with the experiment's question.

use std::path::Path;

use crate::likeness::Column;
use problems::Error;
use statistics::design::Design;

/// The content of `experiment.toml`.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The experiment's name.
    pub name: String,
    /// The experiment's question; may be empty.
    pub description: String,
    /// `[compare] by`: `variant` or a swept key.
    pub by: String,
    /// `[compare] metric`: a column of `runs.csv`.
    pub metric: String,
    /// The experiment's seed.
    pub seed: i64,
    /// The parts that differ between replicates.
    pub vary: Vec<String>,
    /// The text of the file.
    pub text: String,
    /// The parsed file.
    pub document: toml::Table,
}

impl Experiment {
    /// A value of `[data]`.
    pub(super) fn data(&self, key: &str) -> Option<&toml::Value> {
        self.document.get("data")?.get(key)
    }

    /// The number of folds, if there are folds.
    pub(super) fn folds(&self) -> Option<u64> {
        let folds = self.data("folds")?.as_integer()?;
        u64::try_from(folds).ok()
    }

    /// How many runs each configuration has.
    pub(super) fn runs_each(&self) -> u64 {
        let replicates = self.document.get("replicates");
        let replicates = replicates.and_then(toml::Value::as_integer).unwrap_or(1);
        let replicates = u64::try_from(replicates).unwrap_or(1);
        replicates.saturating_mul(self.folds().unwrap_or(1))
    }

    /// Whether every replicate has new samples of a generator.
    pub(super) fn redraws_data(&self) -> bool {
        let source = self.data("source").and_then(toml::Value::as_str);
        let stored = matches!(source, Some("csv" | "idx" | "npy" | "inline") | None);
        !stored && self.vary.iter().any(|word| word == "data")
    }

    /// How the runs of a configuration depend on each other. `valid_per_train` is the value in
    /// `summary.csv`; without it, as for unfinished results, the share in the experiment is used.
    pub(super) fn design(&self, valid_per_train: Option<f64>) -> Design {
        let folds = self.folds();
        let asked = match folds {
            Some(folds) => Some(1.0 / folds.saturating_sub(1).max(1) as f64),
            None if self.redraws_data() || !self.vary.iter().any(|word| word == "split") => None,
            None => {
                let share = self.data("validation").and_then(toml::Value::as_float);
                share
                    .filter(|share| *share > 0.0 && *share < 1.0)
                    .map(|share| share / (1.0 - share))
            }
        };
        match valid_per_train.or(asked) {
            Some(valid_per_train) => Design::Resampled {
                valid_per_train,
                folds: folds.unwrap_or(1),
            },
            None => Design::Independent,
        }
    }

    /// Reads the experiment of finished results.
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let text = data::file_text(path).map_err(Error::file("cannot read", path))?;
        let document: toml::Table = text
            .parse()
            .map_err(|cause: toml::de::Error| broken(path, cause.message()))?;
        let word = |table: &str, key: &str| {
            let value = if table.is_empty() {
                document.get(key)
            } else {
                document.get(table).and_then(|table| table.get(key))
            };
            value.and_then(toml::Value::as_str).map(str::to_owned)
        };
        let stem = path.parent().and_then(Path::file_name);
        let stem = stem.map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
        let vary = document.get("vary").and_then(toml::Value::as_array);
        let vary = vary.map_or(vec!["init".to_owned(), "shuffle".to_owned()], |items| {
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect()
        });
        let metric = word("compare", "metric").unwrap_or_else(|| "train_loss".to_owned());
        if Column::from_name(&metric).is_none() {
            return Err(broken(path, format!("no run is compared by `{metric}`")));
        }
        Ok(Self {
            name: word("", "name").unwrap_or(stem),
            description: word("", "description").unwrap_or_default(),
            by: word("compare", "by").unwrap_or_else(|| "variant".to_owned()),
            metric,
            seed: document
                .get("seed")
                .and_then(toml::Value::as_integer)
                .unwrap_or(0),
            vary,
            text,
            document,
        })
    }
}

/// The error for a file that was not written by a run.
pub(super) fn broken(path: &Path, cause: impl std::fmt::Display) -> Error {
    Error::Other(format!("cannot read {}: {cause}", path.display()))
}
