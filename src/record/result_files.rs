//! The result files while they are written: their bytes, digests and counts.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::history::History;
use super::run_record::Head;
use super::status::Status;
use super::tables;
use crate::digest::hexadecimal;
use crate::plan::Plan;
use problems::Error;

/// The outcomes of the runs of an experiment, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Runs that trained all epochs.
    pub ok: usize,
    /// Runs that early stopping ended.
    pub stopped: usize,
    /// Runs in which a value stopped being finite.
    pub diverged: usize,
    /// Runs that finished with a loss far above the first one.
    pub exploded: usize,
    /// Runs that early stopping ended by a metric that was undefined in every epoch.
    pub unwatched: usize,
    /// Runs that panicked.
    pub failed: usize,
    /// Runs that are missing in the store.
    pub missing: usize,
}

impl Outcomes {
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

    /// Whether the program's exit code is that of "some runs failed, or all diverged".
    pub fn bad(&self) -> bool {
        self.failed > 0 || (self.diverged > 0 && self.diverged == self.finished())
    }
}

/// The size and the digest of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The number of bytes.
    pub size: u64,
    /// The SHA-256 of the bytes, in hexadecimal.
    pub digest: String,
}

impl Content {
    /// The size and digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            size: bytes.len() as u64,
            digest: hexadecimal(&Sha256::digest(bytes)),
        }
    }
}

/// The files that [`write()`](super::results::write) wrote.
#[derive(Debug, Clone, Default)]
pub struct ResultFiles {
    /// The outcomes of the runs.
    pub outcomes: Outcomes,
    /// Each file's path in the directory, with `/`, and its size and digest.
    pub files: Vec<(String, Content)>,
    /// Kept runs whose model is missing in the store.
    pub models_missing: usize,
    /// For each row of `summary.csv` the seconds that training for one epoch took.
    pub epoch_seconds: Vec<Option<f64>>,
    /// The wanted columns of `history.csv`.
    pub history: History,
}

/// The files that are written under `new/`, with their sizes and digests.
pub(super) struct Files<'a> {
    pub new: &'a Path,
    pub written: Vec<(String, Content)>,
}

impl Files<'_> {
    /// Begins the file of this name.
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

    /// Ends the file of this writer.
    pub(super) fn finish(&mut self, mut writer: Writer) -> Result<(), Error> {
        writer.flush()?;
        let content = Content {
            size: writer.size,
            digest: hexadecimal(&writer.digest.finalize()),
        };
        self.written.push((writer.name, content));
        Ok(())
    }

    /// Writes a whole file.
    pub(super) fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut writer = self.begin(name)?;
        writer.write(bytes)?;
        self.finish(writer)
    }
}

/// The bytes that are collected before they are written.
const WRITE_BUFFER: usize = 1 << 18;

/// A file that is being written.
pub(super) struct Writer {
    name: String,
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    size: u64,
    digest: Sha256,
}

impl Writer {
    /// Appends these bytes.
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
