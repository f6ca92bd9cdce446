//! Whether the files of a directory of results are the ones that were written: what its manifest
//! says is compared with what is there before anything is reported from it.

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

/// How many files are named.
const NAMED: usize = 5;

/// What of a directory's files is not as it was written.
#[derive(Debug)]
pub struct Soundness {
    directory: PathBuf,
    manifest: Option<Manifest>,
    misfits: Vec<Misfit>,
}

impl Soundness {
    /// Looks at the size of every file, and at every byte of those that are `used`.
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

    /// The manifest, where there is one.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// A sentence for each file that is not as it was written, and one where nothing says so.
    pub fn doubts(&self, language: Language) -> Vec<String> {
        let directory = self.directory.display().to_string();
        if self.manifest.is_none() {
            // Where there are no results at all, whoever reads them says so.
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

    /// Says the doubts as warnings.
    pub fn warn(&self, language: Language) {
        for doubt in self.doubts(language) {
            say(&text!(language, "warning", warning = doubt));
        }
    }

    /// Refuses where a file that is needed is not as it was written; says the rest as warnings.
    ///
    /// # Errors
    /// Names the file, and how to have it back.
    pub fn refuse(&self, language: Language, needed: impl Fn(&str) -> bool) -> Result<(), Error> {
        self.refuse_only(needed)?;
        self.warn(language);
        Ok(())
    }

    /// Refuses damage to the needed files, as [`Soundness::refuse`] does, and warns of nothing.
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

    /// Refuses tables that are of two different ends: where the manifest does not vouch for them,
    /// each run's numbers must stand in its history.
    ///
    /// # Errors
    /// Names the run in which they differ.
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
