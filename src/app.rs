//! The process: from the command line to the exit code.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::cli::Cli;
use crate::commands::{dispatch, exit, signals};
use crate::config;
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
        let Some(key) = key_as_flag(usage) else {
            usage.exit();
        };
        let mut lines = text.lines();
        voice::say(lines.next().unwrap_or_default());
        voice::say(&format!(
            "\n  tip: a key of the experiment is overridden with --set {key}=VALUE"
        ));
        return ExitCode::from(exit::USAGE);
    }
    voice::say(text.trim_end());
    ExitCode::from(exit::USAGE)
}

/// The dotted path of a key of the experiment that was given as if it were a flag.
fn key_as_flag(usage: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if usage.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(flag)) = usage.get(ContextKind::InvalidArg) else {
        return None;
    };
    let name = flag
        .trim_start_matches('-')
        .split('=')
        .next()?
        .replace('-', "_");
    let path: Vec<&str> = name.split('.').collect();
    match path.as_slice() {
        [name] => config::path_of(name),
        path => config::is_key(path).then(|| path.join(".")),
    }
}

/// Carries out what the command line asks for.
pub fn main(cli: Cli) -> ExitCode {
    signals::ignore_file_size_limit();
    if let Some(few) = threads::start_pool() {
        voice::say(&few);
    }
    let done = dispatch(&cli);
    ExitCode::from(done.result.unwrap_or_else(|error| {
        voice::complain(&error, done.undone, done.voice);
        // A reader that has gone away has the message on stderr.
        let _ = voice::print_json(done.voice, vec![machine::error(&error)]);
        exit::USAGE
    }))
}
