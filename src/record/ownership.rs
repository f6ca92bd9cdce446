//! The ownership of files: the program replaces and removes only files that it wrote itself.
//!
//! `.runner/files` has the names of these files, one a line, with `/` between directory and file. A
//! name is recorded before the first file of that name is put into its place, so that the program
//! knows its own files even after a kill. The files that the manifest names were written by the
//! program too.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::layout::{DIRECTORIES, DIRECTORY, FILES};
use super::manifest::Manifest;
use super::patience;
use problems::Error;

/// The most files of a person that a message names.
const NAMED: usize = 3;

/// The names of the program's own files in a directory of results.
#[derive(Debug, Clone)]
pub struct Ownership {
    directory: PathBuf,
    names: BTreeSet<String>,
}

impl Ownership {
    /// The record in `directory`.
    ///
    /// # Errors
    /// If the record exists and cannot be read.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let mut names = BTreeSet::new();
        let path = path(directory);
        match data::file_bytes(&path) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                // A power failure may cut a name after its directory; such a rest names no file.
                let lines = text.lines();
                let lines = lines.filter(|line| !line.is_empty() && !line.ends_with('/'));
                names.extend(lines.map(str::to_owned));
            }
            Err(cause) if is_absence(&cause) => {}
            Err(cause) => return Err(Error::file("cannot read", &path)(cause)),
        }
        if let Some(manifest) = Manifest::read(directory) {
            names.extend(manifest.files.into_keys());
            names.insert("manifest.json".to_owned());
        }
        Ok(Self {
            directory: directory.to_path_buf(),
            names,
        })
    }

    /// Whether the program wrote the file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The program's files in one directory of the results, such as `plots`.
    pub fn inside(&self, directory: &str) -> Vec<String> {
        let inside = |name: &&String| {
            let rest = name.strip_prefix(directory);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.names.iter().filter(inside).cloned().collect()
    }

    /// Refuses a directory in which results would replace files that the program did not write: a
    /// file with the name of a result file, or anything in `models/` or `plots/` before the program
    /// has written there.
    ///
    /// # Errors
    /// If there are such files; the message names them and says what to do.
    pub fn refuse_foreign(&self) -> Result<(), Error> {
        let files = FILES.iter().map(|name| (*name).to_owned());
        let mut foreign: Vec<String> = files.filter(|name| self.is_foreign(name)).collect();
        for inner in DIRECTORIES {
            if self.inside(inner).is_empty() && !is_empty(&self.directory.join(inner)) {
                foreign.push(format!("{inner}/"));
            }
        }
        self.refuse(&foreign)
    }

    /// Records that the program is about to write files of these names.
    ///
    /// # Errors
    /// If such a file exists and is not the program's, or the record cannot be written.
    pub fn claim<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        let new: Vec<&str> = names.into_iter().filter(|name| !self.has(name)).collect();
        let foreign = new.iter().filter(|name| self.is_foreign(name));
        let foreign: Vec<String> = foreign.map(|name| (*name).to_owned()).collect();
        self.refuse(&foreign)?;
        if new.is_empty() {
            return Ok(());
        }
        self.append(&new)?;
        self.names.extend(new.into_iter().map(str::to_owned));
        Ok(())
    }

    /// Removes the program's files of these names, and their directory once it is empty.
    ///
    /// # Errors
    /// If a file cannot be removed.
    pub fn remove<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
        for name in names {
            if !self.has(name) {
                continue;
            }
            let path = self.directory.join(name);
            patience::remove_file(&path).map_err(Error::file("cannot remove", &path))?;
            if let Some((inner, _)) = name.rsplit_once('/') {
                // A directory with files of a person stays.
                let _ = std::fs::remove_dir(self.directory.join(inner));
            }
        }
        Ok(())
    }

    /// Appends names to the record. The existing names stay even if this fails, since without them
    /// the program's files would count as a person's.
    fn append(&self, names: &[&str]) -> Result<(), Error> {
        let inside = self.directory.join(DIRECTORY);
        std::fs::create_dir_all(&inside).map_err(Error::file("cannot make", &inside))?;
        // The line end of an interrupted write may be missing.
        let mut text = String::from("\n");
        for name in names {
            text += name;
            text.push('\n');
        }
        let path = path(&self.directory);
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(Error::file("cannot write", &path))
    }

    fn is_foreign(&self, name: &str) -> bool {
        // A broken link is a file of a person, too.
        !self.has(name) && self.directory.join(name).symlink_metadata().is_ok()
    }

    fn refuse(&self, foreign: &[String]) -> Result<(), Error> {
        if foreign.is_empty() {
            return Ok(());
        }
        let mut named: Vec<String> = foreign.iter().take(NAMED).cloned().collect();
        if foreign.len() > NAMED {
            named.push(format!("{} more", foreign.len() - NAMED));
        }
        Err(Error::Other(format!(
            "{} has files that runner did not write and that would be replaced: {}; choose another \
             directory with --out, or move them away",
            self.directory.display(),
            named.join(", ")
        )))
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join(DIRECTORY).join("files")
}

/// Whether the directory is missing or empty.
fn is_empty(directory: &Path) -> bool {
    match std::fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_none(),
        Err(cause) => is_absence(&cause),
    }
}

/// Whether the error means that nothing is there: the file is missing, or a part of its path is a
/// file.
fn is_absence(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(cause.kind(), NotFound | NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_s_file_is_never_claimed_nor_removed() {
        let place = tempfile::tempdir().expect("a place for files");
        let mine = place.path().join("runs.csv");
        std::fs::write(&mine, "mine").expect("there is room");
        let mut own = Ownership::read(place.path()).expect("it is readable");
        for refused in [own.refuse_foreign(), own.claim(["summary.csv", "runs.csv"])] {
            let error = refused.expect_err("it is a person's").to_string();
            assert!(
                error.contains("runs.csv") && error.contains("--out"),
                "{error}"
            );
        }
        own.remove(["runs.csv"]).expect("it does nothing");
        assert_eq!(std::fs::read(&mine).expect("it is there"), b"mine");
    }

    #[test]
    fn a_name_that_was_cut_behind_its_directory_names_no_file() {
        let place = tempfile::tempdir().expect("a place for files");
        std::fs::create_dir_all(place.path().join("plots")).expect("there is room");
        let mut own = Ownership::read(place.path()).expect("it is readable");
        own.claim(["runs.csv"]).expect("there is room");
        let record = path(place.path());
        let text = std::fs::read_to_string(&record).expect("it is there");
        std::fs::write(&record, text + "plots/").expect("there is room");
        let own = Ownership::read(place.path()).expect("it is readable");
        assert!(own.has("runs.csv") && !own.has("plots/"));
        assert!(own.inside("plots").is_empty());
    }

    #[test]
    fn what_is_claimed_is_known_again_and_removed() {
        let place = tempfile::tempdir().expect("a place for files");
        let mut own = Ownership::read(place.path()).expect("it is readable");
        own.claim(["runs.csv", "models/a.safetensors"])
            .expect("there is room");
        std::fs::create_dir(place.path().join("models")).expect("there is room");
        for name in ["runs.csv", "models/a.safetensors", "models/notes.txt"] {
            std::fs::write(place.path().join(name), name).expect("there is room");
        }
        let own = Ownership::read(place.path()).expect("it is readable");
        own.refuse_foreign().expect("they are its own");
        assert_eq!(own.inside("models"), ["models/a.safetensors"]);
        own.remove(["runs.csv", "models/a.safetensors", "models/notes.txt"])
            .expect("they can be removed");
        assert!(!place.path().join("runs.csv").exists());
        assert!(place.path().join("models/notes.txt").exists());
    }
}
