//! From the command line to the exit code, and what the subcommands share.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::cli::{Cli, Color, Command, Voice};
use crate::commands;
use crate::plan::Plan;
use problems::{Error, Problem, Problems};

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

/// Carries out what the command line asks for.
pub fn main(cli: Cli) -> ExitCode {
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

/// A flag that the first Ctrl-C (or SIGTERM) raises; a second one ends the program at once. From
/// here on a file-size limit is an error of the write that meets it, and not the program's end.
///
/// # Errors
/// If the system refuses.
pub fn stop_on_signals() -> Result<Arc<AtomicBool>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let register = || -> std::io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_shutdown(signal, INTERRUPTED.into(), Arc::clone(&stop))?;
            flag::register(signal, Arc::clone(&stop))?;
        }
        #[cfg(unix)]
        flag::register(signal_hook::consts::SIGXFSZ, Arc::default())?;
        Ok(())
    };
    match register() {
        Ok(()) => Ok(stop),
        Err(cause) => Err(Error::Other(format!("cannot watch for Ctrl-C: {cause}"))),
    }
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
        other => eprint(&format!("error: {other}\n")),
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

/// Writes results to stdout. A reader that has gone away (`runner … | head`) is no error.
pub fn println(text: &str) -> Result<(), Error> {
    match writeln!(std::io::stdout(), "{text}") {
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
    eprint(&format!("{text}\n"));
}

/// Writes to stderr; a closed stderr is no reason to fail.
pub fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
