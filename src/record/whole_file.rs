//! Files that are either whole or missing, and are on the disk when the program says so.
//!
//! A file is written under a temporary name and renamed. The temporary file is in `.runner` if the
//! final place is among results, so that a person sees no rest of it after a kill; otherwise it is
//! beside the final place. If anything fails, the temporary file is removed and an older file in
//! the place stays.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::layout::DIRECTORY;
use super::patience;
use problems::Error;

/// A file that is being written.
#[derive(Debug)]
pub struct WholeFile {
    file: File,
    part: PathBuf,
    path: PathBuf,
    finished: bool,
}

impl WholeFile {
    /// Begins a file that will have the path `path`.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let part = part_of(path);
        let file = File::create(&part).map_err(Error::file("cannot write", path))?;
        Ok(Self {
            file,
            part,
            path: path.to_path_buf(),
            finished: false,
        })
    }

    /// Waits until the written bytes are on the disk.
    ///
    /// # Errors
    /// If the system fails to sync.
    pub fn sync(&self) -> Result<(), Error> {
        let synced = self.file.sync_data();
        synced.map_err(Error::file("cannot write", &self.path))
    }

    /// Renames the file to its final path.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn finish(mut self) -> Result<(), Error> {
        patience::rename(&self.part, &self.path)
            .map_err(Error::file("cannot write", &self.path))?;
        self.finished = true;
        Ok(())
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// The temporary path of a file until it is whole.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let mut directory = path.parent();
    // Result files are in the directory of results or one directory below it.
    for _ in 0..2 {
        let Some(here) = directory else { break };
        let working_record = here.join(DIRECTORY);
        if working_record.is_dir() {
            return working_record.join(name);
        }
        if let Some(inner) = here.file_name() {
            let mut longer = inner.to_os_string();
            longer.push("-");
            longer.push(&name);
            name = longer;
        }
        directory = here.parent();
    }
    let mut beside = path.file_name().unwrap_or_default().to_os_string();
    beside.push(".part");
    path.with_file_name(beside)
}

/// Writes a file in one step: a reader finds the old file or the whole new one.
///
/// # Errors
/// If the file cannot be written; the old file then stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)
        .map_err(Error::file("cannot write", path))?;
    file.finish()
}

/// Writes a file in one step, after its bytes are on the disk: even a power failure leaves the old
/// file or the whole new one.
///
/// # Errors
/// If the file cannot be written; the old file then stays.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = WholeFile::create(path)?;
    file.write_all(bytes)
        .map_err(Error::file("cannot write", path))?;
    file.sync()?;
    file.finish()
}

/// Writes a file that a person asked for. An existing file is kept, unless it has the same bytes or
/// `own` recognises its bytes as the program's; a pipe or a device receives the bytes. `option` is
/// the name of the path on the command line.
///
/// # Errors
/// If another file is there, or the file cannot be written.
pub fn write_new(
    path: &Path,
    bytes: &[u8],
    option: &str,
    own: impl Fn(&[u8]) -> bool,
) -> Result<(), Error> {
    match path.symlink_metadata() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => write_durably(path, bytes),
        Err(cause) => Err(Error::file("cannot write", path)(cause)),
        Ok(_) if is_stream(path) => {
            let stream = File::options().write(true).open(path);
            stream
                .and_then(|mut stream| stream.write_all(bytes))
                .map_err(Error::file("cannot write", path))
        }
        Ok(_) => match data::file_bytes(path) {
            Ok(there) if there == bytes => Ok(()),
            Ok(there) if own(&there) => write_durably(path, bytes),
            _ => Err(Error::Other(format!(
                "{} is there already, and it is nothing that this command would write: name \
                 another place with {option}, or move it away",
                path.display()
            ))),
        },
    }
}

/// Whether the path is a pipe or a device, which hands the bytes on.
fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Waits until everything that was written below `directory` is on the disk: files, their names,
/// and removals. It is one wait for any number of files and takes about as long as the sync of one
/// file; it also waits for what other programs write to the same file system.
///
/// # Errors
/// If the system fails to sync.
#[cfg(target_os = "linux")]
pub fn settle(directory: &Path) -> Result<(), Error> {
    let settle = || -> std::io::Result<()> {
        let directory = File::open(directory)?;
        Ok(rustix::fs::syncfs(&directory)?)
    };
    settle().map_err(Error::file("cannot write to the disk", directory))
}

/// Waits until everything that was written below `directory` is on the disk: first all files, then
/// their directories.
///
/// # Errors
/// If the system fails to sync.
#[cfg(not(target_os = "linux"))]
pub fn settle(directory: &Path) -> Result<(), Error> {
    use problems::is_held;
    use rayon::prelude::*;
    use std::io::ErrorKind::PermissionDenied;

    let cannot = |path: &Path| Error::file("cannot write to the disk", path);
    let (mut files, mut directories) = (Vec::new(), vec![directory.to_path_buf()]);
    let mut next = 0;
    while next < directories.len() {
        let inner = directories[next].clone();
        next += 1;
        for entry in std::fs::read_dir(&inner).map_err(cannot(&inner))? {
            let entry = entry.map_err(cannot(&inner))?;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => directories.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.par_iter().try_for_each(|path| {
        match File::options().append(true).open(path) {
            Ok(file) => file.sync_data().map_err(cannot(path)),
            // A file that the program may not write now was written by a person.
            Err(cause) if cause.kind() == PermissionDenied || is_held(&cause) => Ok(()),
            Err(cause) => Err(cannot(path)(cause)),
        }
    })?;
    // Windows cannot sync a directory.
    for path in directories.iter().filter(|_| cfg!(unix)) {
        let synced = File::open(path).and_then(|directory| directory.sync_all());
        synced.map_err(cannot(path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_finished_leaves_nothing() {
        let place = tempfile::tempdir().expect("a place for files");
        let path = place.path().join("a.csv");
        write_whole(&path, b"old").expect("there is room");
        let mut file = WholeFile::create(&path).expect("there is room");
        file.write_all(b"half").expect("there is room");
        drop(file);
        assert_eq!(std::fs::read(&path).expect("it is there"), b"old");
        let names = std::fs::read_dir(place.path()).expect("it is there");
        assert_eq!(names.count(), 1);
        settle(place.path()).expect("the disk takes it");
    }
}
