//! The switch: from the command line to the subcommand, and from its outcome to the exit code.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::commands::{self, exit, signals};
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
    let undone = undone(cli.command.as_ref());
    let (result, flags) = match cli.command {
        None => (commands::run::run(&cli.run), cli.run.voice),
        Some(Command::Run(arguments)) => (commands::run::run(&arguments), arguments.voice),
        Some(Command::Plan(arguments)) => (commands::plan::show(&arguments), arguments.voice),
        Some(Command::Check(arguments)) => (
            commands::check::check_all(&arguments),
            arguments.inspect.voice,
        ),
        Some(Command::Merge(arguments)) => (commands::merge::join(&arguments), arguments.voice),
        Some(Command::Predict(arguments)) => {
            (commands::predict::predict(&arguments), arguments.voice)
        }
        Some(Command::Compare(arguments)) => {
            (commands::compare::compare(&arguments), arguments.voice)
        }
        Some(Command::Test(arguments)) => (commands::test::test(&arguments), arguments.voice),
        Some(Command::Report(arguments)) => (commands::report::remake(&arguments), arguments.voice),
        Some(Command::Trace(arguments)) => (commands::trace::show(&arguments), arguments.voice),
        Some(Command::Export(arguments)) => (commands::export::write(&arguments), arguments.voice),
        Some(Command::Submit(arguments)) => (commands::submit::submit(&arguments), arguments.voice),
        Some(Command::Verify(arguments)) => (commands::verify::verify(&arguments), arguments.voice),
        Some(Command::New(arguments)) => (commands::guide::new(&arguments), arguments.voice),
        Some(Command::Explain(arguments)) => {
            (commands::guide::explain(&arguments), arguments.voice)
        }
        Some(Command::Schema) => (commands::guide::schema(), cli.run.voice),
        Some(Command::Completions(arguments)) => {
            (commands::guide::completions(&arguments), cli.run.voice)
        }
        Some(Command::Man(arguments)) => (commands::guide::man(&arguments), cli.run.voice),
    };
    ExitCode::from(result.unwrap_or_else(|error| {
        voice::complain(&error, undone, flags.color);
        exit::USAGE
    }))
}

/// What a command that met an error has not done, in its own words; empty where that is plain.
fn undone(command: Option<&Command>) -> &'static str {
    match command {
        Some(Command::Predict(_)) => "; nothing was predicted",
        Some(Command::Trace(_)) => "; nothing was computed",
        Some(Command::Test(_)) => "; the test part stays sealed",
        Some(
            Command::Compare(_)
            | Command::Report(_)
            | Command::Export(_)
            | Command::New(_)
            | Command::Explain(_)
            | Command::Schema
            | Command::Completions(_)
            | Command::Man(_),
        ) => "",
        None
        | Some(
            Command::Run(_)
            | Command::Plan(_)
            | Command::Check(_)
            | Command::Merge(_)
            | Command::Submit(_)
            | Command::Verify(_),
        ) => "; nothing was trained",
    }
}
