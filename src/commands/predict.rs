//! `runner predict MODEL DATA`

use std::io::Write;
use std::path::Path;

use serde_json::json;

use crate::app::{SUCCESS, eprint, print_json, println};
use crate::cli::PredictArguments;
use crate::predict::{Predictions, predictions};
use crate::record::model;
use problems::Error;

/// Writes a stored model's predictions of new data, and how good they are where the data says what
/// would be right: to stdout, or to stderr if the predictions go there.
///
/// # Errors
/// The model or the data cannot be read, or the file not be written.
pub fn predict(arguments: &PredictArguments) -> Result<u8, Error> {
    if arguments.model.is_dir() {
        return Err(Error::Other(several(&arguments.model)));
    }
    let model = model::read(&arguments.model)?;
    let found = predictions(&model, &arguments.data, arguments.targets.as_deref())?;
    let voice = arguments.voice;
    match &arguments.out {
        None => {
            write(&found.csv)?;
            if !voice.quiet {
                eprint(&text(&found));
            }
        }
        Some(out) => {
            std::fs::write(out, &found.csv).map_err(Error::file("cannot write", out))?;
            if !voice.quiet && !voice.json {
                let text = text(&found);
                println(&format!("{text}predictions in {}", out.display()))?;
            }
            let figures: serde_json::Map<_, _> = found
                .figures
                .iter()
                .map(|&(name, value)| (name.to_owned(), json!(value)))
                .collect();
            let document = json!({
                "model": arguments.model,
                "data": arguments.data,
                "predictions": out,
                "samples": found.samples,
                "metrics": figures,
            });
            print_json(voice, vec![document])?;
        }
    }
    Ok(SUCCESS)
}

/// How many samples, and the figures.
fn text(found: &Predictions) -> String {
    let plural = if found.samples == 1 { "" } else { "s" };
    let mut text = format!("{} sample{plural}", found.samples);
    for (name, value) in &found.figures {
        text += &format!(" · {name} {value:.6}");
    }
    text + "\n"
}

/// The predictions to stdout; a reader that has gone away is no error.
fn write(csv: &[u8]) -> Result<(), Error> {
    match std::io::stdout().write_all(csv) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::File {
            action: "cannot write to",
            path: "the standard output".into(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// What to say of a directory where a model is asked for.
fn several(directory: &Path) -> String {
    let inner = directory.join("models");
    let place = if inner.is_dir() { &inner } else { directory };
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    let mut models: Vec<String> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending == "safetensors")
        })
        .map(|path| path.display().to_string())
        .collect();
    models.sort();
    let count = models.len();
    models.truncate(5);
    match count {
        0 => format!("{} is a directory without models", directory.display()),
        _ => format!(
            "{} is a directory; name one of its {count} models, such as {} (runs.csv has the key of each run)",
            directory.display(),
            models.join(", ")
        ),
    }
}
