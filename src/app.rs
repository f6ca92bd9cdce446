//! The process: from the command line to the exit code.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::cli::Cli;
use crate::commands::{dispatch, exit, signals};
use crate::execute::threads;
use crate::machine;
use crate::voice;
use problems::visible;

/// Says what is wrong with the command line, or the help that it asks for.
pub fn explain_usage(usage: &clap::Error) -> ExitCode {
    let text = usage.render().to_string();
    if usage.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let document = machine::usage(text.trim_end());
        // Said on stderr too.
        let _ = voice::println(&format!("{document:#}"));
    }
    // What repeats an argument may have a control character in it.
    if matches!(visible(&text), Cow::Borrowed(_)) {
        usage.exit();
    }
    voice::say(text.trim_end());
    ExitCode::from(exit::USAGE)
}

/// Carries out what the command line asks for.
pub fn main(cli: Cli) -> ExitCode {
    signals::ignore_file_size_limit();
    if let Some(few) = threads::start_pool() {
        voice::say(&few);
    }
    let done = dispatch(&cli);
    ExitCode::from(done.result.unwrap_or_else(|error| {
        voice::complain(&error, done.undone, done.voice.color);
        // A reader that has gone away has the message on stderr.
        let _ = voice::print_json(done.voice, vec![machine::error(&error)]);
        exit::USAGE
    }))
}
