//! `runner predict MODEL|DIR DATA`

use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::Path;

use choices::Choice;
use serde_json::{Map, Value, json};

use super::exit::SUCCESS;
use super::models;
use crate::cli::PredictArguments;
use crate::model;
use crate::predict::{Predictions, predictions};
use crate::record::whole_file::{settle, write_new};
use crate::voice::{display, print_json, say, screen};
use data::NewSource;
use problems::{Error, visible};

/// Writes a stored model's predictions of new data, and how good they are where the data says what
/// would be right: to stdout, or to stderr if the predictions go there.
///
/// # Errors
/// The model or the data cannot be read, or the file not be written.
pub fn predict(arguments: &PredictArguments) -> Result<u8, Error> {
    let voice = arguments.voice;
    let chosen = models::choose(&arguments.model, arguments.voice.language())?;
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
                say(text(&found).trim_end());
            }
        }
        Some(out) => {
            write_new(out, &found.csv()?, "--out", |_| false)?;
            let parent = out.parent().filter(|parent| *parent != Path::new(""));
            settle(parent.unwrap_or(Path::new(".")))?;
            if !voice.quiet && !voice.json {
                let text = text(&found);
                let lines = format!("{text}predictions in {}", out.display());
                display(&screen(voice).prose(&lines))?;
            }
        }
    }
    doubts(&found).iter().for_each(|doubt| say(doubt));
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

/// How many samples, and the figures.
fn text(found: &Predictions) -> String {
    let mut text = counted(found.predicted(), "sample");
    for (name, value) in &found.figures {
        text += &match value.is_nan() {
            true => format!(" · {name} undefined"),
            false => format!(" · {name} {value:.6}"),
        };
    }
    if !found.figures.is_empty() && found.judged < found.predicted() {
        text += &format!(" (of the {} with a known target)", found.judged);
    }
    text + "\n"
}

/// What is to be known of the predictions, in sentences.
fn doubts(found: &Predictions) -> Vec<String> {
    let mut doubts = Vec::new();
    if !found.dialect().is_empty() {
        doubts.push(format!(
            "warning: the data is not written as the training data was; it was read with {}",
            found.dialect().join(", ")
        ));
    }
    let problems = found.problems();
    if !problems.is_empty() {
        let reasons = problems.iter().map(|(reason, count, place)| {
            let first = if *count == 1 { "" } else { "first " };
            format!("{count} {} ({first}{place})", reason.word())
        });
        doubts.push(format!(
            "warning: {} of {} could not be predicted: {}",
            found.rows() - found.predicted(),
            counted(found.rows(), "row"),
            reasons.collect::<Vec<_>>().join(", ")
        ));
    }
    doubts
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
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
