//! What the program says to a person or to another program, on stdout and stderr: results, lines,
//! errors, and whether they are coloured.
//!
//! Knows nothing of what a subcommand does. It is the only room that writes to the standard
//! streams, but for the progress of a training.

use std::io::{IsTerminal, Write};

use crate::cli::{Color, Voice};
use problems::{Error, visible};

/// Prints the error as the colours allow, and what therefore has not been done.
pub fn complain(error: &Error, undone: &str, color: Color) {
    match error {
        Error::Experiment(problems) => {
            eprint(&problems.render(styled(color, &std::io::stderr())));
            eprint(&match problems.len() {
                1 => format!("1 problem{undone}\n"),
                n => format!("{n} problems{undone}\n"),
            });
        }
        other => say(&format!("error: {other}")),
    }
}

/// Whether to write colours to `stream`.
pub fn styled(color: Color, stream: &impl IsTerminal) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stream.is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
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
    match writeln!(std::io::stdout(), "{}", visible(text)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::File {
            action: "cannot write to",
            path: "the standard output".into(),
            cause,
        }),
        _ => Ok(()),
    }
}

/// A line for the person, on stderr.
pub fn say(text: &str) {
    eprint(&format!("{}\n", visible(text)));
}

/// Writes to stderr; a closed stderr is no reason to fail.
pub fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
