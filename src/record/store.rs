//! The finished runs of a directory of results, found by their key.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::begun;
use super::journal::{Damage, Extent, Journal};
use super::layout::{DIRECTORIES, DIRECTORY, FILES};
use super::ownership::Ownership;
use super::patience;
use super::run_record::{Head, RunRecord, head_length, peek};
use super::status::Status;
use super::unfinished::States;
use crate::plan::{Models, Output, Plan, RunKey};
use problems::Error;

/// The finished runs of a directory.
#[derive(Debug)]
pub struct Store {
    directory: PathBuf,
    journal: Journal,
    index: HashMap<RunKey, Entry>,
    damage: Damage,
    /// The lock, which is held as long as the store is open to write.
    lock: Option<Lock>,
}

/// The right to write into a directory of results, which only one program has at a time.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or says that another program has it. The system releases it when the program
    /// ends, even by a kill.
    ///
    /// # Errors
    /// If another program writes there, or the lock file cannot be made.
    pub fn take(directory: &Path) -> Result<Self, Error> {
        let inside = directory.join(DIRECTORY);
        std::fs::create_dir_all(&inside).map_err(Error::file("cannot make", &inside))?;
        let path = inside.join("lock");
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::file("cannot write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Other(format!(
                "another runner is at work in {}: wait until it has finished, or choose another \
                 directory with --out",
                directory.display()
            ))),
            Err(TryLockError::Error(cause)) => Err(Error::file("cannot lock", &path)(cause)),
        }
    }
}

/// The entry in memory for a finished run.
#[derive(Debug, Clone, Copy)]
struct Entry {
    extent: Extent,
    history_every: u64,
    head: u32,
    has_model: bool,
    has_result: bool,
    failed: bool,
}

impl Store {
    /// Opens the store in `directory` to write to it, and locks it against other programs. A
    /// missing store is created. `fresh`: its runs are removed.
    ///
    /// # Errors
    /// If another program writes to it, it cannot be read or written, or it has another format; or
    /// if the directory has files that results would replace and that the program did not write.
    pub fn open(directory: &Path, fresh: bool) -> Result<Self, Error> {
        let own = Ownership::read(directory)?;
        own.refuse_foreign()?;
        let lock = Lock::take(directory)?;
        let path = directory.join(DIRECTORY).join("journal");
        if fresh {
            own.remove(FILES)?;
            for inner in DIRECTORIES {
                own.remove(own.inside(inner).iter().map(String::as_str))?;
            }
            begun::over(directory)?;
            remove_if_there(&path)?;
            States::of(directory).clear()?;
        }
        let mut index = HashMap::new();
        let (journal, damage) = Journal::open(&path, indexer(&path, &mut index))?;
        Ok(Self {
            directory: directory.to_path_buf(),
            journal,
            index,
            damage,
            lock: Some(lock),
        })
    }

    /// Opens a store only to read, as [`Store::open`] does but without a lock and any change to the
    /// files. `None` if there is no store.
    ///
    /// # Errors
    /// If it cannot be read, or has another format.
    pub fn peek(directory: &Path) -> Result<Option<Self>, Error> {
        let path = directory.join(DIRECTORY).join("journal");
        let mut index = HashMap::new();
        let journal = Journal::peek(&path, indexer(&path, &mut index))?;
        Ok(journal.map(|(journal, damage)| Self {
            directory: directory.to_path_buf(),
            journal,
            index,
            damage,
            lock: None,
        }))
    }

    /// The directory of results that the store belongs to.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The same store, with its result files in another directory.
    #[must_use]
    pub fn with_results_in(self, directory: &Path) -> Self {
        Self {
            directory: directory.to_path_buf(),
            ..self
        }
    }

    /// The damage of the journal by a kill or a power failure.
    pub fn damage(&self) -> Damage {
        self.damage
    }

    /// Whether the store has the run, however it ended.
    pub fn has(&self, key: &RunKey) -> bool {
        self.index.contains_key(key)
    }

    /// Whether the run in the store is enough for results of this kind: it did not fail, has every
    /// row of history that is asked for, and has its model if all models are kept.
    pub fn usable(&self, key: &RunKey, output: &Output) -> bool {
        self.index.get(key).is_some_and(|entry| {
            !entry.failed
                && output
                    .history_every
                    .is_multiple_of(entry.history_every.max(1))
                && (output.models != Models::All || !entry.has_result || entry.has_model)
        })
    }

    /// Whether the store has the run, ended, but without something that results of this kind need:
    /// rows of its history, or its model.
    pub fn lacks_output(&self, key: &RunKey, output: &Output) -> bool {
        let ended = self.index.get(key).is_some_and(|entry| !entry.failed);
        ended && !self.usable(key, output)
    }

    /// Whether the store has the run's trained parameters.
    pub fn has_model(&self, key: &RunKey) -> bool {
        self.index.get(key).is_some_and(|entry| entry.has_model)
    }

    /// About how many bytes are read to read the run.
    pub fn size_of(&self, key: &RunKey) -> u64 {
        self.index.get(key).map_or(0, |entry| entry.extent.length)
    }

    /// The facts about a run, without its history and model.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn head(&self, key: &RunKey) -> Result<Option<Head>, Error> {
        let Some(entry) = self.index.get(key) else {
            return Ok(None);
        };
        let bytes = self.journal.read_start(entry.extent, entry.head as usize)?;
        let (head, _) = peek(&bytes).map_err(|_| self.changed())?;
        Ok(Some(head))
    }

    /// The whole record of a finished run.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn read(&self, key: &RunKey) -> Result<Option<RunRecord>, Error> {
        let Some(entry) = self.index.get(key) else {
            return Ok(None);
        };
        let bytes = self.journal.read(entry.extent)?;
        let record = RunRecord::decode(&bytes).map_err(|_| self.changed())?;
        Ok(Some(record))
    }

    /// Keeps a finished run: when the function returns, no kill can lose the run.
    ///
    /// # Errors
    /// If the journal cannot be written; all runs that were kept before stay.
    pub fn append(&mut self, record: &RunRecord) -> Result<(), Error> {
        let mut head = 0;
        let extent = self.journal.append(|bytes| {
            let start = bytes.len();
            record.encode(bytes);
            head = head_length(&bytes[start..]).unwrap_or(0);
        })?;
        let entry = Entry::new(extent, head, &record.head, record.model.is_some());
        self.index.insert(record.head.key, entry);
        Ok(())
    }

    /// Waits until everything that was kept is on the disk.
    ///
    /// # Errors
    /// If the system fails to sync.
    pub fn sync(&mut self) -> Result<(), Error> {
        self.journal.sync()
    }

    /// Syncs the store as [`Store::sync`] does, if the last sync was a second ago or longer.
    ///
    /// # Errors
    /// If the system fails to sync.
    pub fn sync_if_due(&mut self) -> Result<(), Error> {
        self.journal.sync_if_due()
    }

    /// Restores the journal if another program removed, replaced or emptied it during the training.
    /// All of this program's runs that can still be read are written into a new journal, with the
    /// runs of a journal that took its place. Returns how many runs are lost; `None` if the journal
    /// was in its place.
    ///
    /// # Errors
    /// If the journal cannot be written, or another program has locked the directory meanwhile.
    pub fn mend(&mut self) -> Result<Option<usize>, Error> {
        if self.journal.is_in_place() {
            return Ok(None);
        }
        let path = self.directory.join(DIRECTORY).join("journal");
        if !path.with_file_name("lock").exists() {
            self.lock = Some(Lock::take(&self.directory)?);
        }
        let part = path.with_file_name("journal.part");
        remove_if_there(&part)?;
        let (mut whole, _) = Journal::open(&part, |_, _| Ok(()))?;
        let mut index = HashMap::new();
        if !self.journal.is_same_file() {
            let append = |_: Extent, payload: &[u8]| {
                let (head, has_model) = peek(payload).map_err(|_| unknown_record(&path))?;
                let extent = whole.append(|bytes| bytes.extend_from_slice(payload))?;
                let length = head_length(payload).unwrap_or(0);
                index.insert(head.key, Entry::new(extent, length, &head, has_model));
                Ok(())
            };
            Journal::peek(&path, append)?;
        }
        let mut entries: Vec<(RunKey, Entry)> = self.index.drain().collect();
        entries.sort_by_key(|(_, entry)| entry.extent.offset);
        let mut lost = 0;
        for (key, entry) in entries {
            match self.journal.read(entry.extent) {
                Ok(payload) => {
                    let extent = whole.append(|bytes| bytes.extend(payload))?;
                    index.insert(key, Entry { extent, ..entry });
                }
                Err(_) => lost += usize::from(!index.contains_key(&key)),
            }
        }
        whole.sync()?;
        patience::rename(&part, &path).map_err(Error::file("cannot write", &path))?;
        whole.now_at(&path);
        self.journal = whole;
        self.index = index;
        Ok(Some(lost))
    }

    /// The size of the store on the disk, in bytes.
    pub fn size(&self) -> u64 {
        self.journal.size()
    }

    /// The runs of `plan` that are missing in the store, in plan order, each key once.
    pub fn missing(&self, plan: &Plan, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut seen = std::collections::HashSet::new();
        (0..plan.runs.len())
            .filter(|&index| wanted(index))
            .filter(|&index| !self.usable(&plan.runs[index].key, &plan.output))
            .filter(|&index| seen.insert(plan.runs[index].key))
            .collect()
    }

    fn changed(&self) -> Error {
        let path = self.directory.join(DIRECTORY).join("journal");
        unknown_record(&path)
    }
}

impl Entry {
    fn new(extent: Extent, head_length: usize, head: &Head, has_model: bool) -> Self {
        Self {
            extent,
            history_every: head.history_every,
            head: head_length as u32,
            has_model,
            has_result: head.status.has_result(),
            failed: matches!(head.status, Status::Failed { .. }),
        }
    }
}

/// A visitor that puts every frame into `index`; of two frames with one key the later one stays.
fn indexer<'a>(
    path: &'a Path,
    index: &'a mut HashMap<RunKey, Entry>,
) -> impl FnMut(Extent, &[u8]) -> Result<(), Error> + 'a {
    move |extent, payload| {
        let (head, has_model) = peek(payload).map_err(|_| unknown_record(path))?;
        let length = head_length(payload).unwrap_or(0);
        index.insert(head.key, Entry::new(extent, length, &head, has_model));
        Ok(())
    }
}

fn unknown_record(path: &Path) -> Error {
    Error::Other(format!(
        "{} holds records that this version of runner cannot read: choose another directory with \
         --out, or start again in this one with --fresh",
        path.display()
    ))
}

fn remove_if_there(path: &Path) -> Result<(), Error> {
    patience::remove_file(path).map_err(Error::file("cannot remove", path))
}

#[cfg(test)]
mod tests {
    use super::super::run_record::tests::{example, same};
    use super::*;

    fn output(history_every: u64, models: Models) -> Output {
        Output {
            history_every,
            models,
        }
    }

    #[test]
    fn a_run_is_found_again_and_the_later_of_two_records_counts() {
        let directory = tempfile::tempdir().expect("a place for files");
        let (first, second) = (example(2, 4, &[1, 1]), example(3, 2, &[]));
        let mut corrected = first.clone();
        corrected.head.seconds = 2.0;
        {
            let mut store = Store::open(directory.path(), false).expect("it opens");
            for record in [&first, &second, &corrected] {
                store.append(record).expect("there is room");
            }
            let read = store.read(&first.head.key).expect("it is readable");
            assert!(same(&read.expect("it is there"), &corrected));
        }
        let store = Store::open(directory.path(), false).expect("it opens");
        for record in [&corrected, &second] {
            let read = store.read(&record.head.key).expect("it is readable");
            assert!(same(&read.expect("it is there"), record));
            let head = store.head(&record.head.key).expect("it is readable");
            assert_eq!(head.expect("it is there").seconds, record.head.seconds);
        }
        assert!(!store.has(&RunKey([9; 16])));
        drop(store);
        let store = Store::open(directory.path(), true).expect("it opens");
        assert!(!store.has(&first.head.key), "fresh forgets");
    }

    #[test]
    fn a_run_is_usable_where_it_has_what_is_asked_for() {
        let directory = tempfile::tempdir().expect("a place for files");
        let mut store = Store::open(directory.path(), false).expect("it opens");
        let mut sparse = example(1, 4, &[]);
        sparse.head.history_every = 2;
        let mut failed = example(2, 0, &[]);
        failed.head.status = Status::Failed {
            reason: "why".to_owned(),
        };
        let mut diverged = example(3, 1, &[]);
        diverged.head.status = Status::Diverged;
        for record in [&sparse, &failed, &diverged] {
            store.append(record).expect("there is room");
        }
        let usable = |record: &RunRecord, output: Output| store.usable(&record.head.key, &output);
        assert!(usable(&sparse, output(2, Models::Best)));
        assert!(usable(&sparse, output(4, Models::None)));
        assert!(
            !usable(&sparse, output(1, Models::None)),
            "rows are missing"
        );
        assert!(
            !usable(&sparse, output(3, Models::None)),
            "rows are missing"
        );
        assert!(
            !usable(&sparse, output(2, Models::All)),
            "the model is missing"
        );
        assert!(
            !usable(&failed, output(1, Models::None)),
            "it is tried again"
        );
        assert!(
            usable(&diverged, output(1, Models::All)),
            "there is no model to miss"
        );
    }

    #[test]
    fn a_second_store_on_the_directory_is_refused_until_the_first_is_gone() {
        let directory = tempfile::tempdir().expect("a place for files");
        let first = Store::open(directory.path(), false).expect("it opens");
        let error = Store::open(directory.path(), false).expect_err("it is locked");
        assert!(error.to_string().contains("another runner"), "{error}");
        assert!(
            Store::peek(directory.path())
                .expect("reading is free")
                .is_some()
        );
        drop(first);
        Store::open(directory.path(), false).expect("it opens");
    }
}
