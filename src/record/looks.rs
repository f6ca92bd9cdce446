//! The looks at the test part of a directory of results: how often it was opened.
//!
//! `<results>/.runner/looks.json` has an entry per look. It stays when `--fresh` removes the runs,
//! since a person remembers what was seen.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::layout::DIRECTORY;
use super::whole_file::{settle, write_durably};
use crate::digest::hexadecimal;
use crate::plan::Plan;
use problems::Error;

/// The looks of a directory, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// One entry per look.
    pub looks: Vec<Look>,
}

/// One opening of the test part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The configuration whose networks were tested, by its number in the plan.
    pub configuration: usize,
    /// The keys of its runs.
    pub runs: Vec<String>,
    /// The SHA-256 of the test part as the first of the runs sees it.
    pub test: String,
}

impl Looks {
    /// The looks at the test part of a directory of results; an empty list if it was never opened.
    ///
    /// # Errors
    /// If the file exists and cannot be read: to count from 0 would hide the earlier looks.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let path = path(directory);
        let text = match data::file_text(&path) {
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            read => read.map_err(Error::file("cannot read", &path))?,
        };
        serde_json::from_str(&text)
            .map_err(|cause| Error::Other(format!("cannot read {}: {cause}", path.display())))
    }

    /// Records one more look. It is on the disk when the function returns.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, directory: &Path, look: Look) -> Result<(), Error> {
        self.looks.push(look);
        self.write(directory)?;
        settle(directory)
    }

    /// Writes the looks into a directory of results.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, directory: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self).expect("plain values have a JSON text");
        write_durably(&path(directory), format!("{text}\n").as_bytes())
    }

    /// How many looks there were.
    pub fn count(&self) -> usize {
        self.looks.len()
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join(DIRECTORY).join("looks.json")
}

/// The bytes of test.csv in `directory`, if they are the results of this plan: the last look was at
/// the same runs and the same test part. If either has changed, the file belongs to another
/// experiment.
///
/// # Errors
/// If a file exists and cannot be read.
pub fn of_plan(directory: &Path, plan: &Plan) -> Result<Option<Vec<u8>>, Error> {
    let path = directory.join("test.csv");
    if !path.is_file() {
        return Ok(None);
    }
    let looks = Looks::read(directory)?;
    let Some(last) = looks.looks.last() else {
        return Ok(None);
    };
    if Look::of(plan, last.configuration).as_ref() != Some(last) {
        return Ok(None);
    }
    data::file_bytes(&path)
        .map(Some)
        .map_err(Error::file("cannot read", &path))
}

impl Look {
    /// A look at the test part for a configuration of a plan, if the plan has both.
    pub fn of(plan: &Plan, configuration: usize) -> Option<Self> {
        let of = plan.configurations.get(configuration)?;
        let runs = plan.runs.iter();
        let runs: Vec<_> = runs
            .filter(|run| run.configuration == configuration)
            .collect();
        let test = of.dataset(runs.first()?).test.as_ref()?;
        Some(Self {
            configuration,
            runs: runs.iter().map(|run| run.key.to_string()).collect(),
            test: hexadecimal(&test.digest()),
        })
    }
}
