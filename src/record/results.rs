//! The result files of a directory, written from its store.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::history::History;
use super::looks;
use super::model::{self, Model};
use super::numbers::hexadecimal;
use super::run_record::{Head, RunRecord, Status};
use super::store::{DIRECTORY, Store};
use super::summary::{self, Tally};
use super::table_files::write_tables;
use crate::plan::{Models, Plan};
use problems::Error;

/// The result files, in the order in which they are removed: the manifest first.
pub const FILES: [&str; 8] = [
    "manifest.json",
    "experiment.toml",
    "runs.csv",
    "history.csv",
    "summary.csv",
    "comparison.csv",
    "test.csv",
    "report.html",
];
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
        for run in &plan.runs {
            outcomes.add(store.head(&run.key)?.as_ref());
        }
        Ok(outcomes)
    }

    pub(super) fn add(&mut self, head: Option<&Head>) {
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

/// What [`write()`] wrote.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// What became of the runs.
    pub outcomes: Outcomes,
    /// Each file's path in the directory, with `/`, and the SHA-256 of its bytes.
    pub digests: Vec<(String, String)>,
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
/// If a file cannot be written or the journal not read; the store is untouched.
pub fn write(plan: &Plan, store: &Store, wanted: &[String]) -> Result<Written, Error> {
    let directory = store.directory();
    let new = directory.join(DIRECTORY).join("new");
    remove_directory(&new)?;
    std::fs::create_dir_all(&new).map_err(Error::file("cannot make", &new))?;

    let mut written = Written::default();
    let mut files = Files {
        new: &new,
        digests: Vec::new(),
        unsynced: Vec::new(),
    };
    files.write("experiment.toml", plan.document(directory).as_bytes())?;
    let tallies = write_tables(plan, store, &mut files, &mut written, wanted)?;
    written.epoch_seconds = summary::epoch_seconds(&tallies);
    files.write("summary.csv", &summary::table(plan, &tallies))?;
    let names: Vec<String> = files.digests.iter().map(|(name, _)| name.clone()).collect();
    let (synced, models) = rayon::join(
        || files.sync(),
        || write_models(plan, store, &tallies, &new),
    );
    synced?;
    let (models, missing) = models?;
    written.models_missing = missing;

    // What is made from the tables must not outlive them.
    for name in ["manifest.json", "comparison.csv", "report.html"] {
        remove_file(&directory.join(name))?;
    }
    remove_directory(&directory.join("plots"))?;
    match looks::of_plan(directory, plan)? {
        Some(bytes) => files.digests.push(("test.csv".to_owned(), digest(&bytes))),
        None => remove_file(&directory.join("test.csv"))?,
    }
    for name in &names {
        rename(&new.join(name), &directory.join(name))?;
    }
    let place = directory.join("models");
    if place.exists() {
        rename(&place, &new.join("old-models"))?;
    }
    if !models.is_empty() {
        rename(&new.join("models"), &place)?;
    }
    remove_directory(&new)?;
    written.digests = files.digests;
    written.digests.extend(models);
    Ok(written)
}

/// Writes the models that are kept, and says how many of them the store lacks.
fn write_models(
    plan: &Plan,
    store: &Store,
    tallies: &[Tally],
    new: &Path,
) -> Result<(Vec<(String, String)>, usize), Error> {
    let kept: Vec<usize> = match plan.output.models {
        Models::None => Vec::new(),
        Models::Best => tallies.iter().filter_map(|tally| tally.best).collect(),
        Models::All => (0..plan.runs.len()).collect(),
    };
    let directory = new.join("models");
    if !kept.is_empty() {
        std::fs::create_dir_all(&directory).map_err(Error::file("cannot make", &directory))?;
    }
    let written: Vec<Option<(String, String)>> = kept
        .par_iter()
        .map(|&index| {
            let run = &plan.runs[index];
            let Some(record) = store.read(&run.key)? else {
                return Ok(None);
            };
            let Some(model) = to_model(plan, index, record) else {
                return Ok(None);
            };
            let bytes = model::bytes(&model, &run.key);
            let name = format!("{}.safetensors", run.key);
            let path = directory.join(&name);
            std::fs::write(&path, &bytes).map_err(Error::file("cannot write", &path))?;
            Ok(Some((format!("models/{name}"), digest(&bytes))))
        })
        .collect::<Result<_, Error>>()?;
    let written: Vec<(String, String)> = written.into_iter().flatten().collect();
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

/// Files that are written under `new/`, and their digests.
pub(super) struct Files<'a> {
    new: &'a Path,
    digests: Vec<(String, String)>,
    /// Those that may not be on the disk yet.
    unsynced: Vec<(PathBuf, File)>,
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
            digest: Sha256::new(),
        })
    }

    pub(super) fn finish(&mut self, mut writer: Writer) -> Result<(), Error> {
        writer.flush()?;
        let digest = hexadecimal(&writer.digest.finalize());
        self.digests.push((writer.name, digest));
        self.unsynced.push((writer.path, writer.file));
        Ok(())
    }

    /// Waits until all that was written is on the disk: of all files at once.
    fn sync(&self) -> Result<(), Error> {
        let sync = |(path, file): &(PathBuf, File)| {
            file.sync_data().map_err(Error::file("cannot write", path))
        };
        self.unsynced.par_iter().try_for_each(sync)
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
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        written.map_err(Error::file("cannot write", &self.path))
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    std::fs::rename(from, to).map_err(Error::file("cannot write", to))
}

fn remove_file(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove", path)(cause))
        }
        _ => Ok(()),
    }
}

fn remove_directory(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove", path)(cause))
        }
        _ => Ok(()),
    }
}
