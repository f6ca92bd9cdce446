//! From the command line to the exit code, and what the subcommands share.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::{Cli, Color, Command, Voice};
use crate::commands::{self, signals};
use crate::execute::threads;
use crate::plan::Plan;
use problems::{Error, Problem, Problems, visible};

/// Every run has its outcome.
pub const SUCCESS: u8 = 0;
/// Some runs failed, or all diverged; or what was trained could not be written.
pub const SOME_FAILED: u8 = 1;
/// The command line, the experiment or its data is wrong, or a directory cannot be used: nothing was
/// trained.
pub const USAGE: u8 = 2;
/// `verify` or a comparison found a difference.
pub const DIFFERENCE: u8 = 3;
/// Stopped by Ctrl-C; what was finished is kept.
pub const INTERRUPTED: u8 = 130;

/// Says what is wrong with the command line, or the help that it asks for.
pub fn explain_usage(usage: &clap::Error) -> ExitCode {
    let text = usage.render().to_string();
    // What repeats an argument may have a control character in it.
    if matches!(visible(&text), Cow::Borrowed(_)) {
        usage.exit();
    }
    say(text.trim_end());
    ExitCode::from(USAGE)
}

/// Carries out what the command line asks for.
pub fn main(cli: Cli) -> ExitCode {
    signals::ignore_file_size_limit();
    if let Some(few) = threads::start_pool() {
        say(&few);
    }
    let undone = undone(cli.command.as_ref());
    let (result, voice) = match cli.command {
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
        complain(&error, undone, voice.color);
        USAGE
    }))
}

/// How many threads: what was asked for, or all cores.
pub fn threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    )
}

/// Plans every experiment; the problems of all are reported together.
pub fn plan_all(files: &[PathBuf], sets: &[String]) -> Result<Vec<Plan>, Error> {
    let mut plans = Vec::new();
    let mut problems = Problems::new();
    for file in files {
        match crate::plan::plan(file, sets) {
            Ok(plan) => plans.push(plan),
            Err(Error::Experiment(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    problems.into_result(plans)
}

/// Where each experiment's results go: `out` (of several experiments, a directory each in it), or
/// `results/<name>`.
pub fn directories(plans: &[Plan], out: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
    let mut names = HashSet::new();
    plans
        .iter()
        .map(|plan| {
            if !names.insert(&plan.name) {
                return Err(Problem::new(format!(
                    "two of the experiments are named `{}`: their results would go to the same directory",
                    plan.name
                ))
                .into());
            }
            Ok(match out {
                Some(out) if plans.len() == 1 => out.to_path_buf(),
                Some(out) => out.join(&plan.name),
                None => Path::new("results").join(&plan.name),
            })
        })
        .collect()
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
