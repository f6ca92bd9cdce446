//! The command `runner export DIR --to …`.

use std::path::{Path, PathBuf};

use choices::Choice;
use serde_json::json;

use super::exit::SUCCESS;
use super::readout::Readout;
use super::soundness::{Soundness, TABLES};
use crate::cli::ExportArguments;
use crate::export::{ExportFormat, Exported, export};
use crate::record::layout::DIRECTORY;
use crate::record::ownership::Ownership;
use crate::record::patience;
use crate::record::store::Lock;
use crate::record::whole_file::settle;
use crate::text;
use crate::voice::{display, print_json, screen};
use problems::Error;

/// Writes finished results in the format of another program.
///
/// # Errors
/// If DIR has no results, or a file cannot be read or written.
pub fn write(arguments: &ExportArguments) -> Result<u8, Error> {
    let directory = &arguments.directory;
    let language = arguments.voice.language();
    let readout = Readout::of(directory, language)?;
    let results = readout.path();
    if !results.join("runs.csv").is_file() {
        return Err(Error::Other(format!(
            "{} holds no results: there is no runs.csv",
            directory.display()
        )));
    }
    let (format, name) = (arguments.to, arguments.to.word());
    let needed = |file: &str| match format {
        ExportFormat::Onnx => file.starts_with("models/"),
        ExportFormat::Parquet | ExportFormat::Tensorboard | ExportFormat::Csv => {
            file == "comparison.csv" || TABLES.contains(&file)
        }
    };
    Soundness::of(results, needed).refuse(arguments.voice.language(), needed)?;
    let unfinished = readout.unfinished_rows();
    let source = Exported {
        directory: results,
        unfinished: &unfinished,
    };
    let (files, out) = match &arguments.out {
        Some(out) => (export_outside(source, format, out)?, out.clone()),
        None => (
            export_inside(directory, source, format, name)?,
            directory.join(name),
        ),
    };
    settle(&out)?;
    readout.say_missing();
    if !arguments.voice.quiet && !arguments.voice.json {
        let words = match &files[..] {
            [file] => text!(language, "export-file", file = file.display().to_string()),
            files => text!(
                language,
                "export-files",
                count = files.len(),
                directory = out.display().to_string()
            ),
        };
        display(&screen(arguments.voice).prose(&words))?;
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let out = out.display().to_string();
    print_json(
        arguments.voice,
        vec![json!({ "format": name, "directory": out, "files": files })],
    )?;
    Ok(SUCCESS)
}

/// Writes an export into a directory among the results. The files are first written beside it, so
/// that a failure leaves the old ones; then the files of an earlier export are removed, and no
/// others.
fn export_inside(
    directory: &Path,
    results: Exported,
    format: ExportFormat,
    name: &str,
) -> Result<Vec<PathBuf>, Error> {
    let _lock = Lock::take(directory)?;
    let new = directory.join(DIRECTORY).join("export");
    let remove_new =
        || patience::remove_directory(&new).map_err(Error::file("cannot remove", &new));
    remove_new()?;
    let moved = export(results, format, &new).and_then(|files| {
        let inside = |file: &PathBuf| {
            let inner = file.strip_prefix(&new).unwrap_or(file);
            format!("{name}/{}", inner.to_string_lossy().replace('\\', "/"))
        };
        let names: Vec<String> = files.iter().map(inside).collect();
        let mut own = Ownership::read(directory)?;
        own.claim(names.iter().map(String::as_str))?;
        settle(&new)?;
        let old = own.inside(name);
        own.remove(old.iter().map(String::as_str))?;
        let places = names.iter().map(|name| directory.join(name)).collect();
        put(&files, places)
    });
    remove_new()?;
    moved
}

/// Writes an export into a person's directory, first beside it. Existing files are kept, unless
/// their bytes are an export of the same format.
fn export_outside(
    results: Exported,
    format: ExportFormat,
    out: &Path,
) -> Result<Vec<PathBuf>, Error> {
    std::fs::create_dir_all(out).map_err(Error::file("cannot make", out))?;
    let new = tempfile::Builder::new().prefix(".runner-").tempdir_in(out);
    let new = new.map_err(Error::file("cannot write into", out))?;
    let files = export(results, format, new.path())?;
    let place = |file: &PathBuf| out.join(file.strip_prefix(new.path()).unwrap_or(file));
    let places: Vec<PathBuf> = files.iter().map(place).collect();
    let foreign = places.iter().find(|place| {
        place.symlink_metadata().is_ok()
            && !data::file_bytes(place).is_ok_and(|there| format.is_own(&there))
    });
    match foreign {
        Some(foreign) => Err(Error::Other(format!(
            "{} is there already, and runner did not write it: choose another directory with --out, or \
             move it away",
            foreign.display()
        ))),
        None => {
            settle(new.path())?;
            put(&files, places)
        }
    }
}

/// Moves finished files to their places.
fn put(files: &[PathBuf], places: Vec<PathBuf>) -> Result<Vec<PathBuf>, Error> {
    for (file, place) in files.iter().zip(&places) {
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).map_err(Error::file("cannot make", parent))?;
        }
        patience::rename(file, place).map_err(Error::file("cannot write", place))?;
    }
    Ok(places)
}
