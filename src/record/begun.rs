//! The experiment whose results are on their way: `.runner/experiment.toml` is there from the beginning
//! of a training until its result files are in their places.
//!
//! Whoever finds it knows that the journal says more than the result files, or that these are being
//! replaced, and reads the journal. A kill leaves it; the next execution replaces it.

use std::path::{Path, PathBuf};

use super::layout::DIRECTORY;
use super::whole_file::write_whole;
use crate::plan::Plan;
use problems::Error;

/// Where it is in a directory of results.
pub fn path(directory: &Path) -> PathBuf {
    directory.join(DIRECTORY).join("experiment.toml")
}

/// Notes that the plan's results are on their way.
///
/// # Errors
/// If it cannot be written.
pub fn note(plan: &Plan, directory: &Path) -> Result<(), Error> {
    let document = plan.document(&directory.join(DIRECTORY))?;
    write_whole(&path(directory), document.as_bytes())
}

/// Notes that the result files are those of the journal again.
///
/// # Errors
/// If it cannot be removed.
pub fn over(directory: &Path) -> Result<(), Error> {
    let path = path(directory);
    match std::fs::remove_file(&path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove", &path)(cause))
        }
        _ => Ok(()),
    }
}
