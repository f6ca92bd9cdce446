//! The result files of a directory, written from its store.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::history::History;
use super::looks;
use super::ownership::Ownership;
use super::run_record::{Head, RunRecord, Status};
use super::store::{DIRECTORY, Store};
use super::summary::{self, Tally};
use super::table_files::write_tables;
use super::tables;
use super::whole_file::settle;
use crate::digest::hexadecimal;
use crate::model::{self, Model};
use crate::plan::{Models, Plan};
use problems::Error;

/// The result files, in the order in which they are removed: the manifest first, and what is made
/// from the tables before them.
pub const FILES: [&str; 8] = [
    "manifest.json",
    "comparison.csv",
    "report.html",
    "experiment.toml",
    "runs.csv",
    "history.csv",
    "summary.csv",
    "test.csv",
];
/// Of these, the ones that must not outlive the tables they were made from.
const MADE_FROM_TABLES: usize = 3;
/// The directories of result files.
pub const DIRECTORIES: [&str; 2] = ["models", "plots"];

/// What became of the runs of an experiment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// All epochs were trained.
    pub ok: usize,
    /// Stopped early.
    pub stopped: usize,
    /// A value stopped being finite.
    pub diverged: usize,
    /// Of those that ended with a network, the ones whose loss ended far above where it began.
    pub exploded: usize,
    /// Stopped early by a metric that was undefined in every epoch.
    pub unwatched: usize,
    /// Panicked.
    pub failed: usize,
    /// Not in the store.
    pub missing: usize,
}

impl Outcomes {
    /// Of the plan's runs that are in the store.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn of(plan: &Plan, store: &Store) -> Result<Self, Error> {
        let mut outcomes = Self::default();
        for (index, run) in plan.runs.iter().enumerate() {
            outcomes.add(plan, index, store.head(&run.key)?.as_ref());
        }
        Ok(outcomes)
    }

    pub(super) fn add(&mut self, plan: &Plan, index: usize, head: Option<&Head>) {
        let settings = &plan.configurations[plan.runs[index].configuration].settings;
        let unwatched = head.is_some_and(|head| tables::unwatched(settings, head).is_some());
        self.unwatched += usize::from(unwatched);
        self.exploded += usize::from(head.is_some_and(|head| head.exploded));
        *match head.map(|head| &head.status) {
            Some(Status::Ok) => &mut self.ok,
            Some(Status::Stopped) => &mut self.stopped,
            Some(Status::Diverged) => &mut self.diverged,
            Some(Status::Failed { .. }) => &mut self.failed,
            None => &mut self.missing,
        } += 1;
    }

    /// Runs with an outcome.
    pub fn finished(&self) -> usize {
        self.ok + self.stopped + self.diverged + self.failed
    }

    /// Whether the program's answer is "some runs failed, or all diverged".
    pub fn bad(&self) -> bool {
        self.failed > 0 || (self.diverged > 0 && self.diverged == self.finished())
    }
}

/// The size and the digest of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// How many there are.
    pub size: u64,
    /// Their SHA-256, in hexadecimal.
    pub digest: String,
}

impl Content {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            size: bytes.len() as u64,
            digest: hexadecimal(&Sha256::digest(bytes)),
        }
    }
}

/// What [`write()`] wrote.
#[derive(Debug, Clone, Default)]
pub struct ResultFiles {
    /// What became of the runs.
    pub outcomes: Outcomes,
    /// Each file's path in the directory, with `/`, and what its bytes are.
    pub files: Vec<(String, Content)>,
    /// Kept runs whose model should be there and is not in the store.
    pub models_missing: usize,
    /// For each row of `summary.csv` the seconds that training for one epoch took.
    pub epoch_seconds: Vec<Option<f64>>,
    /// What `history.csv` says in the wanted columns.
    pub history: History,
}

/// Writes `experiment.toml`, `runs.csv`, `history.csv`, `summary.csv` and `models/` from what the
/// store holds of the plan, in plan order, and hands over those of the `wanted` columns that the
/// history has. Runs that it lacks have no rows. The manifest is gone from the first replaced file
/// on, until [`manifest::write`](super::manifest::write) writes it.
///
/// # Errors
/// If a file cannot be written or the journal not read, or if a file of a person's stands in the
/// place of a result; the store is untouched.
pub fn write(plan: &Plan, store: &Store, wanted: &[String]) -> Result<ResultFiles, Error> {
    let new = store.directory().join(DIRECTORY).join("new");
    remove_directory(&new)?;
    std::fs::create_dir_all(&new).map_err(Error::file("cannot make", &new))?;
    let written = write_new(plan, store, wanted, &new)
        .and_then(|written| put_into_place(plan, store.directory(), &new, written));
    // Of a failure (a full disk) nothing half is left.
    let removed = remove_directory(&new);
    let written = written?;
    removed?;
    Ok(written)
}

/// Writes the files under `new`.
fn write_new(
    plan: &Plan,
    store: &Store,
    wanted: &[String],
    new: &Path,
) -> Result<ResultFiles, Error> {
    let mut written = ResultFiles::default();
    let mut files = Files {
        new,
        written: Vec::new(),
    };
    let document = plan.document(store.directory())?;
    files.write("experiment.toml", document.as_bytes())?;
    let tallies = write_tables(plan, store, &mut files, &mut written, wanted)?;
    written.epoch_seconds = summary::epoch_seconds(&tallies);
    files.write("summary.csv", &summary::table(plan, &tallies))?;
    let (models, missing) = write_models(plan, store, &tallies, new)?;
    written.models_missing = missing;
    written.files = files.written;
    written.files.extend(models);
    Ok(written)
}

/// Puts what was written under `new` into its place, once it is on the disk. The program's files that
/// have no successor are removed.
fn put_into_place(
    plan: &Plan,
    directory: &Path,
    new: &Path,
    mut written: ResultFiles,
) -> Result<ResultFiles, Error> {
    let mut own = Ownership::read(directory)?;
    let names = || written.files.iter().map(|(name, _)| name.as_str());
    own.claim(FILES.into_iter().chain(names()))?;
    settle(directory)?;

    own.remove(FILES.into_iter().take(MADE_FROM_TABLES))?;
    let new_names: HashSet<&str> = names().collect();
    for inner in DIRECTORIES {
        let old = own.inside(inner);
        let old = old.iter().map(String::as_str);
        own.remove(old.filter(|name| !new_names.contains(name)))?;
    }
    let models = directory.join("models");
    if new.join("models").is_dir() {
        std::fs::create_dir_all(&models).map_err(Error::file("cannot make", &models))?;
    }
    for name in names() {
        rename(&new.join(name), &directory.join(name))?;
    }
    match looks::of_plan(directory, plan)? {
        Some(bytes) => written
            .files
            .push(("test.csv".to_owned(), Content::of(&bytes))),
        None => own.remove(["test.csv"])?,
    }
    Ok(written)
}

/// Writes the models that are kept, and says how many of them the store lacks.
fn write_models(
    plan: &Plan,
    store: &Store,
    tallies: &[Tally],
    new: &Path,
) -> Result<(Vec<(String, Content)>, usize), Error> {
    let mut kept: Vec<usize> = match plan.output.models {
        Models::None => Vec::new(),
        Models::Best => tallies.iter().filter_map(|tally| tally.best).collect(),
        Models::All => (0..plan.runs.len()).collect(),
    };
    // Variants that say the same share their runs, and so a model.
    let mut seen = HashSet::new();
    kept.retain(|&index| seen.insert(plan.runs[index].key));
    let directory = new.join("models");
    if !kept.is_empty() {
        std::fs::create_dir_all(&directory).map_err(Error::file("cannot make", &directory))?;
    }
    let written: Vec<Option<(String, Content)>> = kept
        .par_iter()
        .map(|&index| {
            let run = &plan.runs[index];
            let Some(record) = store.read(&run.key)? else {
                return Ok(None);
            };
            let Some(model) = to_model(plan, index, record) else {
                return Ok(None);
            };
            let bytes = model::bytes(&model, &run.key.to_string());
            let name = format!("{}.safetensors", run.key);
            let path = directory.join(&name);
            std::fs::write(&path, &bytes).map_err(Error::file("cannot write", &path))?;
            Ok(Some((format!("models/{name}"), Content::of(&bytes))))
        })
        .collect::<Result<_, Error>>()?;
    let written: Vec<(String, Content)> = written.into_iter().flatten().collect();
    let expected = match plan.output.models {
        Models::All => kept
            .iter()
            .filter(|&&index| {
                let head = store.head(&plan.runs[index].key);
                matches!(head, Ok(Some(head)) if head.status.has_result())
            })
            .count(),
        _ => kept.len(),
    };
    let missing = expected.saturating_sub(written.len());
    Ok((written, missing))
}

/// The model of a finished run, if its parameters were kept.
pub fn to_model(plan: &Plan, index: usize, record: RunRecord) -> Option<Model> {
    let run = &plan.runs[index];
    let configuration = &plan.configurations[run.configuration];
    let (precision, parameters) = record.model.filter(|_| record.head.status.has_result())?;
    Some(Model {
        architecture: (*configuration.architecture).clone(),
        preparation: configuration.dataset(run).preparation.clone(),
        loss: configuration.settings.loss,
        precision,
        parameters,
    })
}

/// Files that are written under `new/`, and what they hold.
pub(super) struct Files<'a> {
    new: &'a Path,
    written: Vec<(String, Content)>,
}

impl Files<'_> {
    pub(super) fn begin(&self, name: &str) -> Result<Writer, Error> {
        let path = self.new.join(name);
        let file = File::create(&path).map_err(Error::file("cannot write", &path))?;
        Ok(Writer {
            name: name.to_owned(),
            path,
            file,
            buffer: Vec::with_capacity(2 * WRITE_BUFFER),
            size: 0,
            digest: Sha256::new(),
        })
    }

    pub(super) fn finish(&mut self, mut writer: Writer) -> Result<(), Error> {
        writer.flush()?;
        let content = Content {
            size: writer.size,
            digest: hexadecimal(&writer.digest.finalize()),
        };
        self.written.push((writer.name, content));
        Ok(())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut writer = self.begin(name)?;
        writer.write(bytes)?;
        self.finish(writer)
    }
}

/// Bytes that are gathered before they are written.
const WRITE_BUFFER: usize = 1 << 18;

pub(super) struct Writer {
    name: String,
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    size: u64,
    digest: Sha256,
}

impl Writer {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= WRITE_BUFFER {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.digest.update(&self.buffer);
        self.size += self.buffer.len() as u64;
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        written.map_err(Error::file("cannot write", &self.path))
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(Error::file("cannot write", to))
}

fn remove_directory(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove", path)(cause))
        }
        _ => Ok(()),
    }
}
