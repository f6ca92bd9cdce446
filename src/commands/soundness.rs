//! The check of a directory of results against its manifest, before anything is reported from it.

use std::path::{Path, PathBuf};

use crate::language::Language;
use crate::record::history::History;
use crate::record::manifest::{Manifest, Misfit, NAME};
use crate::report::results::Results;
use crate::text;
use crate::voice::say;
use problems::Error;

/// The tables that a report is made from; they belong together.
pub const TABLES: [&str; 4] = ["experiment.toml", "runs.csv", "history.csv", "summary.csv"];

/// The most files that are named.
const NAMED: usize = 5;

/// The files of a directory that differ from its manifest.
#[derive(Debug)]
pub struct Soundness {
    directory: PathBuf,
    manifest: Option<Manifest>,
    misfits: Vec<Misfit>,
}

impl Soundness {
    /// Checks the size of every file, and the digest of those that are `used`.
    pub fn of(directory: &Path, used: impl Fn(&str) -> bool + Sync) -> Self {
        let manifest = Manifest::read(directory);
        let misfits = manifest.as_ref();
        let misfits = misfits.map_or_else(Vec::new, |manifest| manifest.misfits(directory, used));
        Self {
            directory: directory.to_path_buf(),
            manifest,
            misfits,
        }
    }

    /// The manifest, if there is one.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// A sentence for each file that differs, and one if there is no manifest.
    pub fn doubts(&self, language: Language) -> Vec<String> {
        let directory = self.directory.display().to_string();
        if self.manifest.is_none() {
            // If there are no results at all, the reader of the results reports that.
            if !self.directory.join("experiment.toml").is_file() {
                return Vec::new();
            }
            return vec![text!(
                language,
                "soundness-no-manifest",
                directory = directory,
                manifest = NAME
            )];
        }
        let named = self.misfits.iter().take(NAMED);
        let mut doubts: Vec<String> = named
            .map(|misfit| format!("{directory}: {}", misfit.words(language)))
            .collect();
        if self.misfits.len() > NAMED {
            let more = self.misfits.len() - NAMED;
            doubts.push(text!(
                language,
                "soundness-more",
                directory = directory,
                count = more
            ));
        }
        doubts
    }

    /// Reports the doubts as warnings.
    pub fn warn(&self, language: Language) {
        for doubt in self.doubts(language) {
            say(&text!(language, "warning", warning = doubt));
        }
    }

    /// Refuses the directory if a needed file differs; reports other differences as warnings.
    ///
    /// # Errors
    /// If a needed file differs; the message names it and says how to restore it.
    pub fn refuse(&self, language: Language, needed: impl Fn(&str) -> bool) -> Result<(), Error> {
        self.refuse_only(needed)?;
        self.warn(language);
        Ok(())
    }

    /// Refuses the directory if a needed file differs, without the warnings of
    /// [`Soundness::refuse`].
    ///
    /// # Errors
    /// If a needed file is damaged.
    pub fn refuse_only(&self, needed: impl Fn(&str) -> bool) -> Result<(), Error> {
        let bad = self.misfits.iter().find(|misfit| needed(&misfit.file));
        match bad {
            None => Ok(()),
            Some(misfit) => Err(Error::Other(format!(
                "{}: {misfit}; run the experiment again with --out {} to have it as it was: nothing \
                 is trained twice",
                self.directory.display(),
                self.directory.display()
            ))),
        }
    }

    /// Refuses tables from two different states of an experiment: if the manifest does not prove
    /// that they belong together, each run's numbers must be those in its history.
    ///
    /// # Errors
    /// If they differ; the message names the run.
    pub fn refuse_mixed(&self, results: &Results, history: &History) -> Result<(), Error> {
        let sound = self.manifest.is_some()
            && !self
                .misfits
                .iter()
                .any(|misfit| TABLES.contains(&misfit.file.as_str()));
        if sound {
            return Ok(());
        }
        results.agrees_with(history).map_err(|reason| {
            Error::Other(format!(
                "{0}: runs.csv and history.csv do not belong together ({reason}); run the experiment \
                 again with --out {0}: nothing is trained twice",
                self.directory.display()
            ))
        })
    }
}
