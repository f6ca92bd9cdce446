//! The command `runner predict MODEL|DIR DATA`.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::Path;

use choices::Choice;
use serde_json::{Map, Value, json};

use super::exit::SUCCESS;
use super::models;
use crate::cli::PredictArguments;
use crate::language::Language;
use crate::model;
use crate::predict::{Predictions, predictions};
use crate::record::whole_file::{settle, write_new};
use crate::text;
use crate::voice::{display, print_json, say, screen};
use data::NewSource;
use problems::{Error, visible};

/// Writes a stored model's predictions for new data, and their loss and metrics if the data has
/// targets: to stdout, or to stderr if the predictions go to stdout.
///
/// # Errors
/// If the model or the data cannot be read, or the file cannot be written.
pub fn predict(arguments: &PredictArguments) -> Result<u8, Error> {
    let voice = arguments.voice;
    let language = voice.language();
    let chosen = models::choose(&arguments.model, language)?;
    let model = model::read(&chosen.path)?;
    let source = match arguments.data.as_os_str() {
        dash if dash == "-" => NewSource::StandardInput,
        _ => NewSource::Path(&arguments.data),
    };
    let found = predictions(&model, source, arguments.targets.as_deref())?;
    if !voice.quiet
        && let Some(words) = &chosen.words
    {
        say(words);
    }
    if let Some(readout) = &chosen.readout {
        readout.say_missing();
    }
    match &arguments.out {
        None if voice.json => {}
        None => {
            write(&found.csv()?)?;
            if !voice.quiet {
                say(&text(&found, language));
            }
        }
        Some(out) => {
            write_new(out, &found.csv()?, "--out", |_| false)?;
            let parent = out.parent().filter(|parent| *parent != Path::new(""));
            settle(parent.unwrap_or(Path::new(".")))?;
            if !voice.quiet && !voice.json {
                let place = text!(language, "predict-place", place = out.display().to_string());
                let lines = format!("{}\n{place}", text(&found, language));
                display(&screen(voice).prose(&lines))?;
            }
        }
    }
    doubts(&found, language).iter().for_each(|doubt| say(doubt));
    let figures = found.figures.iter();
    let figures: Map<String, Value> = figures
        .map(|&(name, value)| (name.to_owned(), json!(value)))
        .collect();
    let problems = found.problems().into_iter();
    let problems: Map<String, Value> = problems
        .map(|(reason, count, _)| (reason.word().to_owned(), json!(count)))
        .collect();
    let document = json!({
        "model": chosen.name,
        "data": arguments.data.display().to_string(),
        "predictions": match &arguments.out {
            Some(out) => json!(out.display().to_string()),
            None if voice.json => found.json(),
            None => Value::Null,
        },
        "samples": found.predicted(),
        "rows": found.rows(),
        "problems": problems,
        "judged": found.judged,
        "metrics": figures,
    });
    print_json(voice, vec![document])?;
    Ok(SUCCESS)
}

/// The number of samples, and the figures.
fn text(found: &Predictions, language: Language) -> String {
    let mut text = text!(language, "predict-samples", count = found.predicted());
    for (name, value) in &found.figures {
        text += " · ";
        text += &match value.is_nan() {
            true => text!(language, "predict-undefined", name = *name),
            false => format!("{name} {value:.6}"),
        };
    }
    if !found.figures.is_empty() && found.judged < found.predicted() {
        text += &text!(language, "predict-judged", count = found.judged);
    }
    text
}

/// Notes on the predictions, in sentences.
fn doubts(found: &Predictions, language: Language) -> Vec<String> {
    let mut doubts = Vec::new();
    let between = text!(language, "list-between");
    if !found.dialect().is_empty() {
        doubts.push(text!(
            language,
            "predict-other-dialect",
            dialect = found.dialect().join(&between)
        ));
    }
    let problems = found.problems();
    if !problems.is_empty() {
        let reasons = problems.iter().map(|(reason, count, first)| {
            let place = match first.line {
                Some(line) => text!(language, "predict-line", line = line),
                None => text!(language, "predict-sample", sample = first.row + 1),
            };
            let place = match found.column(first) {
                Some(column) => {
                    text!(language, "predict-column", place = place, column = column)
                }
                None => place,
            };
            text!(
                language,
                "predict-reason",
                count = *count,
                reason = reason.word(),
                place = place
            )
        });
        doubts.push(text!(
            language,
            "predict-unpredicted",
            count = found.rows() - found.predicted(),
            all = found.rows(),
            reasons = reasons.collect::<Vec<_>>().join(&between)
        ));
    }
    doubts
}

/// Writes the predictions to stdout. If the reader is gone, that is not an error.
fn write(csv: &[u8]) -> Result<(), Error> {
    let mut stdout = std::io::stdout();
    // A program receives the cells as they are; for a terminal, control characters are escaped.
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
