//! The output of the program for a person or another program, on stdout and stderr: results,
//! messages, errors and their colours.
//!
//! The module knows nothing of the subcommands. It is the only one that writes to the standard
//! streams, but for the progress of a training.

use std::io::{IsTerminal, Write};

use crate::cli::{Color, Voice};
use crate::language::Language;
use crate::screen::{DEFAULT_WIDTH, Screen, columns, width_of_stderr, width_of_stdout};
use crate::text;
use choices::{Choice, choices};
use problems::{Error, Problem, Problems, Severity, visible};

/// Prints the error, and the work that is therefore left undone. An error is in English, so that a
/// person can search for it; the rest is in the language of the voice.
pub fn complain(error: &Error, undone: Undone, voice: Voice) {
    let language = voice.language();
    match error {
        Error::Experiment(problems) => {
            picture(problems, Severity::Error, voice.color);
            say(&text!(
                language,
                "problems",
                count = problems.len(),
                undone = undone.word()
            ));
        }
        other => {
            say(&format!("error: {other}"));
            if language != Language::English {
                say(&text!(language, "error", undone = undone.word()));
            }
        }
    }
}

choices! {
    /// What a command that met an error has not done.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Undone {
        /// Nothing that needs to be said
        Plain = "plain",
        /// Nothing was trained
        Trained = "trained",
        /// Nothing was predicted
        Predicted = "predicted",
        /// The test part stays sealed
        Sealed = "sealed",
        /// Nothing was computed
        Computed = "computed",
    }
}

/// Prints problems on stderr as warnings, each with the text at its place.
pub fn warn(problems: &Problems, color: Color) {
    picture(problems, Severity::Warning, color);
}

fn picture(problems: &Problems, severity: Severity, color: Color) {
    let colour = styled(color, &std::io::stderr());
    let width = width_of_stderr();
    eprint(&match width {
        Some(width) => {
            let screen = Screen::plain(width);
            let fitted = problems.map(|problem| fitted(problem, &screen));
            fitted.picture(severity, colour, Some(screen.width))
        }
        None => problems.picture(severity, colour, None),
    });
}

/// The columns before the sentence of a problem: `warning: `.
const TITLE: usize = 9;
/// The columns before a note: the number of the line and ` = note: `.
const NOTE: usize = 14;

/// The problem with its sentences in lines that fit the screen. A label without room beside the
/// underlined text becomes the first note.
fn fitted(problem: &Problem, screen: &Screen) -> Problem {
    let lines =
        |text: &str, before: usize| Screen::plain(screen.width.saturating_sub(before)).prose(text);
    let mut fitted = problem.clone();
    fitted.message = lines(&problem.message, TITLE);
    fitted.notes = problem.notes.iter().map(|note| lines(note, NOTE)).collect();
    if let Some(place) = &problem.place {
        let end = place.line_and_column().1 + place.span.len();
        if NOTE + end + columns(&problem.label) > screen.width && !problem.label.is_empty() {
            let label = std::mem::take(&mut fitted.label);
            fitted.notes.insert(0, lines(&label, NOTE));
        }
    }
    fitted
}

/// Whether to write colours to `stream`.
pub fn styled(color: Color, stream: &impl IsTerminal) -> bool {
    let obeyed = ask_for_colours();
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
            stream.is_terminal() && wanted && able && obeyed
        }
    }
}

/// Asks Windows' console to interpret colours. Returns whether it does.
#[cfg(windows)]
fn ask_for_colours() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// Other terminals always interpret colours.
#[cfg(not(windows))]
fn ask_for_colours() -> bool {
    true
}

/// The screen of a table on stdout: the terminal, or else as many columns as the variable `COLUMNS`
/// has, or 100.
pub fn screen(voice: Voice) -> Screen {
    Screen {
        styled: styled(voice.color, &std::io::stdout()),
        ..Screen::plain(width_of_stdout().unwrap_or(DEFAULT_WIDTH))
    }
}

/// Prints one JSON document on stdout: the object of a single experiment, or an array for several.
pub fn print_json(voice: Voice, mut documents: Vec<serde_json::Value>) -> Result<(), Error> {
    if !voice.json {
        return Ok(());
    }
    let document = match documents.len() {
        1 => documents.remove(0),
        _ => serde_json::Value::Array(documents),
    };
    println(&format!("{document:#}"))
}

/// Writes results to stdout with control characters escaped. If the reader is gone
/// (`runner … | head`), that is not an error.
pub fn println(text: &str) -> Result<(), Error> {
    display(&visible(text))
}

/// Writes a laid-out text with its colours to stdout. If the reader is gone, that is not an error.
pub fn display(laid_out: &str) -> Result<(), Error> {
    match writeln!(std::io::stdout(), "{laid_out}") {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::File {
            action: "cannot write to",
            path: "the standard output".into(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// Writes a sentence for a person to stderr; on a terminal its lines break between words.
pub fn say(text: &str) {
    let text = match width_of_stderr() {
        Some(width) => Screen::plain(width).prose(text),
        None => visible(text).into_owned(),
    };
    eprint(&format!("{text}\n"));
}

/// Writes to stderr; a closed stderr is not an error.
pub fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
