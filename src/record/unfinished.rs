//! The states of unfinished runs: `.runner/states/` has a file for each, named after the run's key.
//!
//! A file has [`MAGIC`] (16 bytes), the version of the engine's numbers (u32, little-endian), the
//! run's key (16 bytes), a SHA-256 of these and of all that follows, the facts about the run so far
//! (postcard), its rows of history column by column as in the journal, and the engine's [`State`]
//! (postcard). The file is either whole or missing. A file that is damaged, or that belongs to
//! another version or another run, counts as missing: the run begins anew.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::epoch_rows::{decode_rows, encode_rows};
use super::layout::DIRECTORY;
use super::patience;
use super::tables::{Columns, UnfinishedRows};
use super::whole_file::WholeFile;
use crate::plan::{Plan, RunKey};
use engine::ENGINE_VERSION;
use engine::types::{EpochRow, State};
use problems::Error;

/// The first bytes of a state's file; the last two are the version of the format.
const MAGIC: [u8; 16] = *b"runner's state\x01\x00";
/// The bytes of the digest.
const DIGEST: usize = 32;
/// The bytes before the digest.
const NAMED: usize = MAGIC.len() + 4 + 16;

/// A run that is not finished.
#[derive(Debug, Clone)]
pub struct UnfinishedRun {
    /// The facts about the run, beside its rows.
    pub so_far: SoFar,
    /// The rows of the epochs that are multiples of [`SoFar::history_every`].
    pub rows: Vec<EpochRow>,
    /// The state from which the run goes on.
    pub state: State,
}

/// The facts about an unfinished run, beside its rows.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SoFar {
    /// The number of epochs between two rows of the history.
    pub history_every: u64,
    /// The last epoch that has ended.
    pub last: Option<EpochRow>,
    /// The least validation loss (training loss where there is no validation data) and its epoch.
    pub best: Option<(f64, u64)>,
    /// The seconds that the run took of its threads' time so far.
    pub seconds: f64,
}

impl SoFar {
    /// Whether the run has all rows of a history with a row every `history_every` epochs.
    pub fn has_rows_of(&self, history_every: u64) -> bool {
        history_every.is_multiple_of(self.history_every.max(1))
    }
}

/// The failures that a written state survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The state survives a kill.
    Kill,
    /// The state survives a power failure.
    PowerFailure,
}

/// The states in a directory of results.
#[derive(Debug, Clone)]
pub struct States(PathBuf);

impl States {
    /// The states of the runs in this directory of results.
    pub fn of(directory: &Path) -> Self {
        Self(directory.join(DIRECTORY).join("states"))
    }

    /// The names of all files; the file of a run is named after its key.
    pub fn names(&self) -> HashSet<String> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect()
    }

    /// The state of a run; `None` if there is none.
    ///
    /// # Errors
    /// If the file counts as missing; the message says why.
    pub fn read(&self, key: &RunKey) -> Result<Option<UnfinishedRun>, String> {
        let path = self.path(key);
        match data::file_bytes(&path) {
            Ok(bytes) => {
                let run = decode(&bytes, key);
                run.map(Some)
                    .map_err(|reason| format!("{} {reason}", path.display()))
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(format!("{} cannot be read: {cause}", path.display())),
        }
    }

    /// Stores the state of a run; it replaces an earlier one.
    ///
    /// # Errors
    /// If the state cannot be written; the earlier one then stays.
    pub fn write(
        &self,
        key: &RunKey,
        run: &UnfinishedRun,
        durability: Durability,
    ) -> Result<(), Error> {
        std::fs::create_dir_all(&self.0).map_err(Error::file("cannot make", &self.0))?;
        let path = self.path(key);
        let mut file = WholeFile::create(&path)?;
        file.write_all(&encode(run, key))
            .map_err(Error::file("cannot write", &path))?;
        if durability == Durability::PowerFailure {
            file.sync()?;
        }
        file.finish()
    }

    /// The rows so far of those unfinished runs among `indices` that have a readable state.
    pub fn rows(&self, plan: &Plan, indices: impl Iterator<Item = usize>) -> UnfinishedRows {
        let columns = Columns::of(plan);
        let mut rows = UnfinishedRows::default();
        for index in indices {
            let run = self.read(&plan.runs[index].key).ok().flatten();
            let run = run.filter(|run| run.so_far.has_rows_of(plan.output.history_every));
            if let Some(run) = run {
                let so_far = (&run.rows[..], run.so_far.last.as_ref());
                columns.put_unfinished(plan, index, so_far, &mut rows);
            }
        }
        rows
    }

    /// Removes the state of a run, if there is one, and the directory when it is empty.
    pub fn remove(&self, key: &RunKey) {
        // A state that stays belongs to a finished run and is removed the next time.
        let path = self.path(key);
        let _ = std::fs::remove_file(&path);
        // A kill may have left a part of a state that was being written.
        let _ = std::fs::remove_file(path.with_extension("part"));
        let _ = std::fs::remove_dir(&self.0);
    }

    /// Removes all states.
    ///
    /// # Errors
    /// If a state cannot be removed.
    pub fn clear(&self) -> Result<(), Error> {
        patience::remove_directory(&self.0).map_err(Error::file("cannot remove", &self.0))
    }

    fn path(&self, key: &RunKey) -> PathBuf {
        self.0.join(key.to_string())
    }
}

fn encode(run: &UnfinishedRun, key: &RunKey) -> Vec<u8> {
    const VECTOR: &str = "a vector takes every plain value";
    let mut bytes = MAGIC.to_vec();
    bytes.extend(ENGINE_VERSION.to_le_bytes());
    bytes.extend(key.0);
    bytes.extend([0; DIGEST]);
    let head = (run.so_far, run.rows.len() as u64);
    let mut bytes = postcard::to_extend(&head, bytes).expect(VECTOR);
    encode_rows(&run.rows, &mut bytes);
    let mut bytes = postcard::to_extend(&run.state, bytes).expect(VECTOR);
    let digest = digest(&bytes);
    bytes[NAMED..NAMED + DIGEST].copy_from_slice(&digest);
    bytes
}

/// Reads what [`encode`] wrote of this run; the error says what is wrong.
fn decode(bytes: &[u8], key: &RunKey) -> Result<UnfinishedRun, String> {
    let damaged = || "is damaged".to_owned();
    let named = bytes.get(..NAMED + DIGEST).ok_or_else(damaged)?;
    if named[..MAGIC.len() - 2] != MAGIC[..MAGIC.len() - 2] {
        return Err(damaged());
    }
    let versions = [&MAGIC[MAGIC.len() - 2..], &ENGINE_VERSION.to_le_bytes()].concat();
    if named[MAGIC.len() - 2..MAGIC.len() + 4] != versions {
        return Err("is of another version of runner".to_owned());
    }
    if named[MAGIC.len() + 4..NAMED] != key.0 {
        return Err("is of another run".to_owned());
    }
    if named[NAMED..] != digest(bytes) {
        return Err(damaged());
    }
    let rest = &bytes[NAMED + DIGEST..];
    let ((so_far, rows), mut rest): ((SoFar, u64), _) =
        postcard::take_from_bytes(rest).map_err(|_| damaged())?;
    let rows = decode_rows(rows, &mut rest).map_err(|_| damaged())?;
    let state = postcard::from_bytes(rest).map_err(|_| damaged())?;
    Ok(UnfinishedRun {
        so_far,
        rows,
        state,
    })
}

/// The digest of all bytes but its own.
fn digest(bytes: &[u8]) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    hash.update(&bytes[..NAMED]);
    hash.update(&bytes[NAMED + DIGEST..]);
    hash.finalize().into()
}
