//! The process: from the command line to the exit code.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::cli::Cli;
use crate::commands::{dispatch, exit, signals};
use crate::execute::threads;
use crate::voice;
use problems::visible;

/// Says what is wrong with the command line, or the help that it asks for.
pub fn explain_usage(usage: &clap::Error) -> ExitCode {
    let text = usage.render().to_string();
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
        exit::USAGE
    }))
}
