//! The note of an experiment whose result files are being made: `.runner/experiment.toml`. It is
//! there from the beginning of a training until the result files are in their places.
//!
//! A reader that finds the note knows that the journal has more than the result files, or that
//! these are being replaced, and reads the journal. After a kill the note stays; the next execution
//! replaces it.
//!
//! The note is written without a sync of its own: the first sync of the journal waits for the whole
//! file system, and result files are replaced only after that. A power failure before then may
//! leave a damaged note, while the runs that it speaks of may be lost too. The last line of the
//! note has the SHA-256 of the lines above; a damaged note counts as missing.

use std::path::{Path, PathBuf};

use super::layout::DIRECTORY;
use super::result_files::Content;
use super::whole_file::write_whole;
use crate::plan::Plan;
use problems::Error;

/// The path of the note in a directory of results.
pub fn path(directory: &Path) -> PathBuf {
    directory.join(DIRECTORY).join("experiment.toml")
}

/// The beginning of the note's last line.
const LAST: &str = "# sha256 of the lines above: ";

/// The path of the note, if there is one and it is whole.
pub fn found(directory: &Path) -> Option<PathBuf> {
    let path = path(directory);
    let text = data::file_text(&path).ok()?;
    is_whole(&text).then_some(path)
}

fn is_whole(text: &str) -> bool {
    let document = text.rsplit_once(LAST);
    document.is_some_and(|(document, digest)| {
        digest.strip_suffix('\n') == Some(&Content::of(document.as_bytes()).digest)
    })
}

/// Writes the note that the plan's results are being made.
///
/// # Errors
/// If the note cannot be written.
pub fn note(plan: &Plan, directory: &Path) -> Result<(), Error> {
    let mut note = plan.document(&directory.join(DIRECTORY))?;
    let digest = Content::of(note.as_bytes()).digest;
    note += &format!("{LAST}{digest}\n");
    write_whole(&path(directory), note.as_bytes())
}

/// Removes the note, when the result files are those of the journal again.
///
/// # Errors
/// If the note cannot be removed.
pub fn over(directory: &Path) -> Result<(), Error> {
    let path = path(directory);
    match std::fs::remove_file(&path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file("cannot remove", &path)(cause))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_whole_with_all_its_bytes_alone() {
        let document = "name = \"é\"\n[data]\n";
        let digest = Content::of(document.as_bytes()).digest;
        let whole = format!("{document}{LAST}{digest}\n");
        assert!(is_whole(&whole));
        for (end, _) in whole.char_indices() {
            assert!(!is_whole(&whole[..end]), "{end}");
        }
        let zeros = whole.replacen("[data]", "\0\0\0\0\0\0", 1);
        assert!(!is_whole(&zeros));
    }
}
