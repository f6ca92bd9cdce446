//! What the program says to a person or to another program, on stdout and stderr: results, lines,
//! errors, and whether they are coloured.
//!
//! Knows nothing of what a subcommand does. It is the only room that writes to the standard
//! streams, but for the progress of a training.

use std::io::{IsTerminal, Write};

use crate::cli::{Color, Voice};
use crate::language::Language;
use crate::screen::{DEFAULT_WIDTH, Screen, columns, width_of_stderr, width_of_stdout};
use crate::text;
use choices::{Choice, choices};
use problems::{Error, Problem, Problems, Severity, visible};

/// Prints the error as the colours allow, and what therefore has not been done. An error is in English,
/// so that it can be searched for; what becomes of it is said in the language of the voice.
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

/// Prints problems on stderr as warnings, each with the text that it points at.
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

/// Columns before a problem's sentence: `warning: `.
const TITLE: usize = 9;
/// Columns before a note: the number of the line and ` = note: `.
const NOTE: usize = 14;

/// The problem with its sentences in lines that fit; a label for which there is no room beside the
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

/// Asks Windows' console to obey colours; whether it will.
#[cfg(windows)]
fn ask_for_colours() -> bool {
    anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// A terminal obeys colours.
#[cfg(not(windows))]
fn ask_for_colours() -> bool {
    true
}

/// What a table on stdout is laid out for: the terminal; without one as many columns as `COLUMNS`
/// says, or 100.
pub fn screen(voice: Voice) -> Screen {
    Screen {
        styled: styled(voice.color, &std::io::stdout()),
        ..Screen::plain(width_of_stdout().unwrap_or(DEFAULT_WIDTH))
    }
}

/// One JSON document on stdout: the object of the one experiment, or an array of several.
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

/// Writes results to stdout, with nothing in them that a terminal obeys. A reader that has gone away (`runner … | head`) is no error.
pub fn println(text: &str) -> Result<(), Error> {
    display(&visible(text))
}

/// Writes what is laid out for the screen to stdout; as [`println`], but with its colours.
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

/// A sentence for the person, on stderr; on a terminal its lines break between words.
pub fn say(text: &str) {
    let text = match width_of_stderr() {
        Some(width) => Screen::plain(width).prose(text),
        None => visible(text).into_owned(),
    };
    eprint(&format!("{text}\n"));
}

/// Writes to stderr; a closed stderr is no reason to fail.
pub fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
