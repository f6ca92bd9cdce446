//! Files on their way to their places: they are written under `.runner/new/`, brought to the disk all at
//! once, and renamed. Whenever the power fails, a file that has its final name has all its bytes.

use std::path::{Path, PathBuf};

use super::layout::DIRECTORY;
use super::patience;
use super::result_files::Content;
use super::whole_file::settle;
use problems::Error;

/// Files of a directory of results that are not in their places yet. What is not put there is removed.
#[derive(Debug)]
pub struct NewFiles {
    directory: PathBuf,
    new: PathBuf,
}

impl NewFiles {
    /// Of this directory; what an earlier program left under `.runner/new/` is removed.
    ///
    /// # Errors
    /// If the place for them cannot be made.
    pub fn begin(directory: &Path) -> Result<Self, Error> {
        let new = directory.join(DIRECTORY).join("new");
        remove(&new)?;
        std::fs::create_dir_all(&new).map_err(Error::file("cannot make", &new))?;
        Ok(Self {
            directory: directory.to_path_buf(),
            new,
        })
    }

    /// Writes the file of this name, which may have a `/`; returns the name and what it holds.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(String, Content), Error> {
        let path = self.new.join(name);
        make_parent(&path)?;
        std::fs::write(&path, bytes)
            .map_err(Error::file("cannot write", &self.directory.join(name)))?;
        Ok((name.to_owned(), Content::of(bytes)))
    }

    /// Waits until the files are on the disk, calls `first`, and puts the files of these names into their
    /// places, in this order.
    ///
    /// # Errors
    /// If the system refuses, or `first` fails.
    pub fn put_into_place<'a>(
        self,
        names: impl IntoIterator<Item = &'a str>,
        first: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        settle(&self.directory)?;
        first()?;
        for name in names {
            let place = self.directory.join(name);
            make_parent(&place)?;
            patience::rename(&self.new.join(name), &place)
                .map_err(Error::file("cannot write", &place))?;
        }
        Ok(())
    }
}

impl Drop for NewFiles {
    fn drop(&mut self) {
        // What stays is removed the next time.
        let _ = remove(&self.new);
    }
}

fn make_parent(path: &Path) -> Result<(), Error> {
    match path.parent() {
        Some(parent) if !parent.is_dir() => {
            std::fs::create_dir_all(parent).map_err(Error::file("cannot make", parent))
        }
        _ => Ok(()),
    }
}

fn remove(path: &Path) -> Result<(), Error> {
    patience::remove_directory(path).map_err(Error::file("cannot remove", path))
}
