//! The readout of a directory of results: its result files, or, if they are older than the journal,
//! the contents of the journal.
//!
//! A training that was killed, or that is going on in another process, has its finished runs in the
//! journal but not yet in result files ([`begun`]). Their files are then made in a temporary
//! directory, which is removed with the [`Readout`]. Nothing is trained, and the directory stays as
//! it is.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

use crate::language::Language;
use crate::plan::{Plan, plan};
use crate::record::drawing::Drawing;
use crate::record::manifest::{Execution, Manifest};
use crate::record::unfinished::States;
use crate::record::{Store, UnfinishedRows, begun};
use crate::report::number::significant;
use crate::shell;
use crate::text;
use crate::voice::say;
use crate::writing::write_for_now;
use problems::Error;

/// The most runs in training that are named.
const NAMED: usize = 3;

/// A directory of results, with the place of readable files.
#[derive(Debug)]
pub struct Readout {
    directory: PathBuf,
    /// The language of messages about it.
    language: Language,
    /// The temporary directory with the files made from the journal.
    made: Option<TempDir>,
}

impl Readout {
    /// The readout of `directory`, with messages in this language.
    ///
    /// # Errors
    /// If the experiment in training cannot be read and there are no result files either; or if the
    /// journal cannot be read.
    pub fn of(directory: &Path, language: Language) -> Result<Self, Error> {
        let made = match (begun_plan(directory), directory.join("runs.csv").is_file()) {
            (None, _) => None,
            (Some(Ok((plan, store))), _) => Some(files_of(&plan, store, language)?),
            // The files of an earlier training are complete.
            (Some(Err(reason)), true) => {
                say(&text!(
                    language,
                    "readout-begun-unreadable",
                    directory = directory.display().to_string(),
                    reason = reason.to_string()
                ));
                None
            }
            (Some(Err(reason)), false) => return Err(reason),
        };
        Ok(Self {
            directory: directory.to_path_buf(),
            language,
            made,
        })
    }

    /// The directory where the files can be read.
    pub fn path(&self) -> &Path {
        self.made.as_ref().map_or(&self.directory, TempDir::path)
    }

    /// The source of the file's contents for a person: the directory, or the journal in it.
    pub fn named(&self, file: &str) -> String {
        match &self.made {
            None => self.directory.join(file).display().to_string(),
            Some(_) => text!(
                self.language,
                "readout-of-journal",
                file = file,
                directory = self.directory.display().to_string()
            ),
        }
    }

    /// The numbers of finished and of planned runs, if some are missing.
    pub fn missing(&self) -> Option<[u64; 2]> {
        let counts = Manifest::read(self.path())?.finished();
        counts.filter(|[finished, planned]| finished < planned)
    }

    /// Reports missing runs, if there are any, and the progress of unfinished ones.
    pub fn say_missing(&self) {
        if let Some([finished, planned]) = self.missing() {
            let directory = self.directory.display().to_string();
            say(&text!(
                self.language,
                "readout-unfinished",
                directory = directory,
                count = finished,
                all = planned
            ));
        }
        self.under_way().iter().for_each(|words| say(words));
    }

    /// A sentence for each of the first unfinished runs that have a kept state.
    pub fn under_way(&self) -> Vec<String> {
        let language = self.language;
        let states = States::of(&self.directory);
        let Some((plan, kept)) = self.kept(&states) else {
            return Vec::new();
        };
        let kept = kept.into_iter();
        let sentence = |index: usize| {
            let run = &plan.runs[index];
            let so_far = states.read(&run.key).ok().flatten()?.so_far;
            let last = so_far.last?;
            let configuration = &plan.configurations[run.configuration];
            let label = configuration.label(&plan.swept);
            let name = match label.is_empty() {
                true => text!(language, "readout-run", run = index),
                false => text!(language, "readout-named-run", run = index, label = label),
            };
            let mut words = text!(
                language,
                "readout-under-way",
                run = name,
                epoch = last.epoch,
                epochs = configuration.settings.epochs,
                train_loss = significant(last.train_loss, 4)
            );
            if let Some(loss) = last.valid_loss {
                words += &format!(", valid_loss {}", significant(loss, 4));
            }
            Some(words)
        };
        let mut sentences: Vec<String> = kept.clone().filter_map(sentence).take(NAMED).collect();
        let more = kept.count().saturating_sub(NAMED);
        if more > 0 {
            sentences.push(text!(language, "readout-more-under-way", count = more));
        }
        sentences
    }

    /// The rows so far of the unfinished runs that have a kept state.
    pub fn unfinished_rows(&self) -> UnfinishedRows {
        let states = States::of(&self.directory);
        let kept = self.kept(&states);
        kept.map_or_else(UnfinishedRows::default, |(plan, kept)| {
            states.rows(&plan, kept.into_iter())
        })
    }

    /// The plan, and its unfinished runs that have a kept state; `None` if no run is missing.
    fn kept(&self, states: &States) -> Option<(Plan, Vec<usize>)> {
        let names = states.names();
        if names.is_empty() {
            return None;
        }
        self.missing()?;
        let planned = match begun_plan(&self.directory) {
            Some(planned) => planned.map(|(plan, _)| plan),
            None => plan(&self.directory.join("experiment.toml"), &[]),
        };
        let plan = planned.ok()?;
        // After a kill, a state may belong to a finished run.
        let journal = Store::peek(&self.directory).ok().flatten();
        let is_kept = |index: &usize| {
            let key = &plan.runs[*index].key;
            let is_finished = journal.as_ref().is_some_and(|journal| journal.has(key));
            names.contains(&key.to_string()) && !is_finished
        };
        let kept = (0..plan.runs.len()).filter(is_kept).collect();
        Some((plan, kept))
    }
}

/// The experiment that is (or was, before a kill) in training in a directory, and its journal;
/// `None` if the result files are those of the journal.
pub fn begun_plan(directory: &Path) -> Option<Result<(Plan, Store), Error>> {
    let document = begun::found(directory)?;
    let read = || {
        let plan = plan(&document, &[])?;
        match Store::peek(directory)? {
            Some(store) => Ok((plan, store)),
            None => Err(Error::Other(format!(
                "{} holds no results: it has no journal",
                directory.display()
            ))),
        }
    };
    Some(read())
}

/// Makes the result files of a plan from its journal, in a temporary directory.
fn files_of(plan: &Plan, store: Store, language: Language) -> Result<TempDir, Error> {
    let place = tempfile::Builder::new()
        .prefix("runner-read-")
        .tempdir()
        .map_err(Error::file("cannot make", &std::env::temp_dir()))?;
    let execution = no_training(language, Drawing::none());
    write_for_now(plan, store, &execution, place.path())?;
    Ok(place)
}

/// An execution without any training.
pub fn no_training(language: Language, drawing: Drawing) -> Execution {
    Execution {
        started: SystemTime::now(),
        command: std::env::args_os().collect(),
        jobs: rayon::current_num_threads(),
        trained: 0,
        train_seconds: 0.0,
        shard: None,
        language,
        drawing,
    }
}

/// The command with which a person looks at finished runs.
pub fn look(directory: &Path) -> String {
    format!("runner compare {}", shell::path(directory))
}
