//! Renames and removals that wait a moment for other programs to close a file.
//!
//! Windows refuses to rename or remove a file that another program has open without sharing. A
//! virus scanner or an indexer closes the file at once; Excel keeps it open until a person closes
//! it. So a refusal is final after [`LONGEST`]. Other systems have no such refusal, and there is no
//! wait.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use problems::is_held;

/// The longest time to wait for a file that another program has open.
const LONGEST: Duration = Duration::from_secs(2);
/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// Renames a file; it replaces the file at its new name.
///
/// # Errors
/// Those of [`std::fs::rename`].
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(is_held, || std::fs::rename(from, to))
}

/// Removes a file, if it exists.
///
/// # Errors
/// Those of [`std::fs::remove_file`].
pub fn remove_file(path: &Path) -> io::Result<()> {
    absent_is_fine(patiently(is_held, || std::fs::remove_file(path)))
}

/// Removes a directory and its contents, if it exists.
///
/// # Errors
/// Those of [`std::fs::remove_dir_all`].
pub fn remove_directory(path: &Path) -> io::Result<()> {
    absent_is_fine(patiently(is_held, || std::fs::remove_dir_all(path)))
}

fn absent_is_fine(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Tries again for as long as [`LONGEST`] while the error is one that passes.
fn patiently<T>(
    passes: impl Fn(&io::Error) -> bool,
    mut attempt: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let start = Instant::now();
    loop {
        match attempt() {
            Err(cause) if passes(&cause) && start.elapsed() < LONGEST => std::thread::sleep(PAUSE),
            ended => return ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An action that fails with these errors, one after the other, then succeeds with the number
    /// of attempts.
    fn after(refusals: &[io::ErrorKind]) -> io::Result<usize> {
        let mut attempts = 0;
        patiently(
            |cause| cause.kind() == io::ErrorKind::ResourceBusy,
            || {
                attempts += 1;
                match refusals.get(attempts - 1) {
                    Some(&kind) => Err(kind.into()),
                    None => Ok(attempts),
                }
            },
        )
    }

    #[test]
    fn a_refusal_that_passes_is_tried_again_and_another_is_final() {
        use io::ErrorKind::{PermissionDenied, ResourceBusy};
        assert_eq!(after(&[]).expect("nothing refuses"), 1);
        assert_eq!(after(&[ResourceBusy; 3]).expect("it passes"), 4);
        let error = after(&[ResourceBusy, PermissionDenied, ResourceBusy]);
        assert_eq!(error.expect_err("it is final").kind(), PermissionDenied);
    }

    #[test]
    fn what_is_not_there_is_removed_already() {
        let place = tempfile::tempdir().expect("a place for files");
        let path = place.path().join("nothing");
        remove_file(&path).expect("it is not there");
        remove_directory(&path).expect("it is not there");
        rename(&path, &place.path().join("new")).expect_err("there is nothing to rename");
    }
}
