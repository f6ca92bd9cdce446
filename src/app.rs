//! The process: from the command line to the exit code.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::cli::Cli;
use crate::commands::{dispatch, exit, signals};
use crate::config;
use crate::execute::threads;
use crate::language::Language;
use crate::machine;
use crate::text;
use crate::voice;
use choices::Choice;
use clap::error::ErrorKind;
use problems::visible;

/// Prints the mistake of the command line, or the help that it asks for.
pub fn explain_usage(usage: &clap::Error) -> ExitCode {
    let text = usage.render().to_string();
    if usage.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let document = machine::usage(text.trim_end());
        // The error is also written to stderr.
        let _ = voice::println(&format!("{document:#}"));
    }
    if !usage.use_stderr() {
        usage.exit();
    }
    let language = language_of_arguments();
    match (visible(&text), key_as_flag(usage)) {
        (Cow::Borrowed(_), Some(key)) => {
            let mut lines = text.lines();
            voice::say(lines.next().unwrap_or_default());
            voice::say(&format!("\n{}", text!(language, "usage-key", key = key)));
        }
        // A closed stderr changes nothing here.
        (Cow::Borrowed(_), None) => _ = usage.print(),
        // A message that repeats an argument may have a control character in it.
        (Cow::Owned(_), _) => voice::say(text.trim_end()),
    }
    if language != Language::English && usage.kind() != ErrorKind::MissingSubcommand {
        voice::say(&text!(language, "usage-error"));
    }
    ExitCode::from(exit::USAGE)
}

/// The language that the command line asks for, even if the rest of the line is wrong; else the
/// language of the environment.
fn language_of_arguments() -> Language {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy();
        let asked = match argument.strip_prefix("--lang") {
            Some("") => arguments
                .next()
                .map(|word| word.to_string_lossy().into_owned()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        let language = Language::ALL
            .iter()
            .find(|of| asked.as_deref() == Some(of.word()));
        if let Some(language) = language {
            return *language;
        }
    }
    Language::of_environment()
}

/// The dotted path of a key of the experiment that was given as a flag by mistake.
fn key_as_flag(usage: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ContextValue};
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

/// Runs the command of the command line.
pub fn main(cli: Cli) -> ExitCode {
    signals::ignore_file_size_limit();
    if let Err(error) = threads::refuse_little_memory() {
        voice::say(&format!("error: {error}"));
        let language = language_of_arguments();
        if language != Language::English {
            voice::say(&text!(
                language,
                "error",
                undone = voice::Undone::Plain.word()
            ));
        }
        return ExitCode::from(exit::USAGE);
    }
    if let Some([threads, cores]) = threads::start_pool() {
        let words = text!(
            language_of_arguments(),
            "threads-few",
            threads = threads,
            cores = cores
        );
        voice::say(&words);
    }
    let done = dispatch(&cli);
    ExitCode::from(done.result.unwrap_or_else(|error| {
        voice::complain(&error, done.undone, done.voice);
        // If the reader of stdout is gone, the message is still on stderr.
        let _ = voice::print_json(done.voice, vec![machine::error(&error)]);
        exit::USAGE
    }))
}
