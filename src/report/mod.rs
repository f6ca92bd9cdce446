//! Tells: what the results say, for a person at a terminal or a program.
//!
//! Reads only result files; has never heard of a plan. Delete what it wrote, make it again, and the
//! bytes are the same.

use std::io::Write;
use std::path::Path;

use crate::error::Error;

pub mod comparison;
pub mod curves;
pub mod distribution;
pub mod figure;
pub mod heat;
pub mod history;
pub mod number;
pub mod ranking;
pub mod rates;
pub mod results;
pub mod selection;
pub mod statistics;
pub mod terminal;
pub mod verdict;

/// Makes from the results in `directory` all that a run leaves behind beside them, and returns the
/// names of the files.
///
/// # Errors
/// If the results cannot be read, or a file not written.
pub fn write(directory: &Path) -> Result<Vec<String>, Error> {
    comparison::write(directory)?;
    Ok(vec!["comparison.csv".to_owned()])
}

/// Writes a file in one step: a reader finds the old one or the whole new one.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        std::fs::rename(&part, path)
    };
    write().map_err(Error::file("cannot write", path))
}
