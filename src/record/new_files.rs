//! New result files: they are written under `.runner/new/`, synced to the disk all at once, and
//! renamed to their places. Whenever the power fails, a file that has its final name has all its
//! bytes.

use std::path::{Path, PathBuf};

use super::layout::DIRECTORY;
use super::patience;
use super::result_files::Content;
use super::whole_file::settle;
use problems::Error;

/// New files of a directory of results. Files that are not put into their places are removed.
#[derive(Debug)]
pub struct NewFiles {
    directory: PathBuf,
    new: PathBuf,
}

impl NewFiles {
    /// Begins the new files of this directory, and removes what an earlier program left under
    /// `.runner/new/`.
    ///
    /// # Errors
    /// If the directory for new files cannot be made.
    pub fn begin(directory: &Path) -> Result<Self, Error> {
        let new = directory.join(DIRECTORY).join("new");
        remove(&new)?;
        std::fs::create_dir_all(&new).map_err(Error::file("cannot make", &new))?;
        Ok(Self {
            directory: directory.to_path_buf(),
            new,
        })
    }

    /// Writes the new file of this name, which may have a `/`. Returns the name with the size and
    /// digest.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(String, Content), Error> {
        let path = self.new.join(name);
        make_parent(&path)?;
        std::fs::write(&path, bytes)
            .map_err(Error::file("cannot write", &self.directory.join(name)))?;
        Ok((name.to_owned(), Content::of(bytes)))
    }

    /// Waits until the new files are on the disk, calls `first`, and puts the files of these names
    /// into their places, in this order.
    ///
    /// # Errors
    /// If the system fails, or `first` fails.
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
        // Files that stay are removed the next time.
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
