//! `runner predict MODEL DATA`

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::exit::SUCCESS;
use super::soundness::Soundness;
use crate::cli::PredictArguments;
use crate::model;
use crate::predict::{Predictions, predictions};
use crate::record::whole_file::{settle, write_new};
use crate::voice::{display, print_json, say, screen};
use problems::{Error, visible};

/// Writes a stored model's predictions of new data, and how good they are where the data says what
/// would be right: to stdout, or to stderr if the predictions go there.
///
/// # Errors
/// The model or the data cannot be read, or the file not be written.
pub fn predict(arguments: &PredictArguments) -> Result<u8, Error> {
    if arguments.model.is_dir() {
        return Err(Error::Other(several(&arguments.model)));
    }
    refuse_changed(&arguments.model)?;
    let model = model::read(&arguments.model)?;
    let found = predictions(&model, &arguments.data, arguments.targets.as_deref())?;
    let voice = arguments.voice;
    match &arguments.out {
        None if voice.json => {
            let mut document = document(arguments, &found);
            document["predictions"] = rows(&found.csv);
            print_json(voice, vec![document])?;
        }
        None => {
            write(&found.csv)?;
            if !voice.quiet {
                say(text(&found).trim_end());
            }
        }
        Some(out) => {
            write_new(out, &found.csv, |_| false)?;
            let parent = out.parent().filter(|parent| *parent != Path::new(""));
            settle(parent.unwrap_or(Path::new(".")))?;
            if !voice.quiet && !voice.json {
                let text = text(&found);
                let lines = format!("{text}predictions in {}", out.display());
                display(&screen(voice).prose(&lines))?;
            }
            let mut document = document(arguments, &found);
            document["predictions"] = json!(out.display().to_string());
            print_json(voice, vec![document])?;
        }
    }
    Ok(SUCCESS)
}

/// What was predicted, for a program.
fn document(arguments: &PredictArguments, found: &Predictions) -> Value {
    let figures = found.figures.iter();
    let figures = figures.map(|&(name, value)| (name.to_owned(), json!(value)));
    json!({
        "model": arguments.model.display().to_string(),
        "data": arguments.data.display().to_string(),
        "samples": found.samples,
        "metrics": figures.collect::<serde_json::Map<_, _>>(),
    })
}

/// The rows of the predictions, an object each: classes as texts, numbers as numbers, an empty cell
/// as null.
fn rows(csv: &[u8]) -> Value {
    let mut reader = csv::Reader::from_reader(csv);
    let headings = reader.headers().cloned().unwrap_or_default();
    let has_classes = headings.iter().any(|heading| heading.starts_with("class"));
    let value = |heading: &str, cell: &str| {
        let is_class =
            has_classes && (heading.starts_with("class") || heading.starts_with("target"));
        match cell.parse::<f64>() {
            _ if cell.is_empty() => Value::Null,
            Ok(number) if !is_class && number.is_finite() => json!(number),
            _ => json!(cell),
        }
    };
    let rows = reader.records().map_while(Result::ok).map(|record| {
        let cells = headings.iter().zip(record.iter());
        let cells = cells.map(|(heading, cell)| (heading.to_owned(), value(heading, cell)));
        Value::Object(cells.collect())
    });
    rows.collect()
}

/// Refuses a model among results whose manifest says that it was another file.
fn refuse_changed(model: &Path) -> Result<(), Error> {
    let name = model.file_name().and_then(|name| name.to_str());
    let inner = model.parent().filter(|inner| inner.ends_with("models"));
    if let (Some(name), Some(directory)) = (name, inner.and_then(Path::parent)) {
        let own = format!("models/{name}");
        let directory = match directory {
            here if here == Path::new("") => Path::new("."),
            there => there,
        };
        let soundness = Soundness::of(directory, |file| file == own);
        if soundness.manifest().is_some() {
            soundness.refuse_only(|file| file == own)?;
        }
    }
    Ok(())
}

/// How many samples, and the figures.
fn text(found: &Predictions) -> String {
    let plural = if found.samples == 1 { "" } else { "s" };
    let mut text = format!("{} sample{plural}", found.samples);
    for (name, value) in &found.figures {
        text += &match value.is_nan() {
            true => format!(" · {name} undefined"),
            false => format!(" · {name} {value:.6}"),
        };
    }
    text + "\n"
}

/// The predictions to stdout; a reader that has gone away is no error.
fn write(csv: &[u8]) -> Result<(), Error> {
    let mut stdout = std::io::stdout();
    // A program gets the cells as they are; a terminal would obey some.
    let shown = String::from_utf8_lossy(csv);
    let bytes = match visible(&shown) {
        Cow::Owned(text) if stdout.is_terminal() => Cow::Owned(text.into_bytes()),
        _ => Cow::Borrowed(csv),
    };
    match stdout.write_all(&bytes) {
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
