//! `runner export DIR --to …`

use choices::Choice;
use serde_json::json;

use crate::app::{SUCCESS, print_json, println};
use crate::cli::ExportArguments;
use crate::export::export;
use problems::Error;

/// Writes finished results in the format of another program.
///
/// # Errors
/// If DIR holds no results, or a file cannot be read or written.
pub fn write(arguments: &ExportArguments) -> Result<u8, Error> {
    let directory = &arguments.directory;
    if !directory.join("runs.csv").is_file() {
        return Err(Error::Other(format!(
            "{} holds no results: there is no runs.csv",
            directory.display()
        )));
    }
    let (format, name) = (arguments.to, arguments.to.word());
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => {
            // This directory is the program's own: what an earlier export left there goes.
            let own = directory.join(name);
            match std::fs::remove_dir_all(&own) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::file("cannot remove", &own)(cause));
                }
                _ => own,
            }
        }
    };
    let files = export(directory, format, &out)?;
    if !arguments.voice.quiet && !arguments.voice.json {
        println(&match &files[..] {
            [file] => format!("wrote {}", file.display()),
            files => format!("wrote {} files to {}", files.len(), out.display()),
        })?;
    }
    print_json(
        arguments.voice,
        vec![json!({ "format": name, "directory": out, "files": files })],
    )?;
    Ok(SUCCESS)
}
