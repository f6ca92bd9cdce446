//! One function per subcommand: from the command line to the exit code.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use serde_json::json;

use crate::cli::{Cli, Color, Command, InspectArguments, MergeArguments, RunArguments, Voice};
use crate::error::{Error, Problem};
use crate::execute::progress::Progress;
use crate::execute::{Options, run_all};
use crate::plan::{Models, Plan, check};
use crate::record::{Execution, Outcomes, Store, merge, write_results};
use crate::report::{ranking, terminal};

/// Every run has its outcome.
const SUCCESS: u8 = 0;
/// Some runs failed, or all diverged.
const SOME_FAILED: u8 = 1;
/// The command line, the experiment or its data is wrong, or a file cannot be read or written.
const USAGE: u8 = 2;
/// Stopped by Ctrl-C; what was finished is kept.
const INTERRUPTED: u8 = 130;

/// Carries out what the command line asks for.
pub fn main(cli: Cli) -> ExitCode {
    let (result, voice) = match cli.command {
        None => (run(&cli.run), cli.run.voice),
        Some(Command::Run(arguments)) => (run(&arguments), arguments.voice),
        Some(Command::Plan(arguments)) => (show_plan(&arguments), arguments.voice),
        Some(Command::Check(arguments)) => (check_all(&arguments), arguments.voice),
        Some(Command::Merge(arguments)) => (join(&arguments), arguments.voice),
    };
    ExitCode::from(result.unwrap_or_else(|error| {
        report(&error, voice.color);
        USAGE
    }))
}

/// `runner EXPERIMENT.toml …`
fn run(arguments: &RunArguments) -> Result<u8, Error> {
    // All experiments are read before any is trained.
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let stop = stop_on_interrupt()?;
    let mut documents = Vec::new();
    let mut worst = SUCCESS;
    for (plan, directory) in plans.iter().zip(&directories) {
        let (code, document) = run_one(plan, directory, arguments, &stop)?;
        documents.push(document);
        worst = worst.max(code);
        if code == INTERRUPTED {
            break;
        }
    }
    print_json(arguments.voice, documents)?;
    Ok(worst)
}

/// Trains what is missing of one experiment, writes its results and shows them.
fn run_one(
    plan: &Plan,
    directory: &Path,
    arguments: &RunArguments,
    stop: &AtomicBool,
) -> Result<(u8, serde_json::Value), Error> {
    let voice = arguments.voice;
    let started = SystemTime::now();
    let mut store = Store::open(directory, arguments.fresh)?;
    let missing = missing(plan, &store, |index| {
        arguments.shard.is_none_or(|shard| shard.has(index))
    });
    let jobs = arguments.jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let progress = Progress::new(missing.len(), voice.quiet);
    let options = Options {
        jobs,
        fail_fast: arguments.fail_fast,
    };
    let trained = run_all(plan, &missing, &mut store, options, &progress, stop);
    progress.clear();
    let trained = trained?;
    let execution = Execution {
        started,
        train_seconds: trained.seconds,
        trained: trained.trained,
        jobs,
    };
    let outcomes = write_results(directory, plan, &store, &execution)?;
    let ranking = ranking::read(directory)?;

    if !voice.quiet && !voice.json {
        println(&terminal::table(&ranking))?;
    }
    if !voice.quiet {
        let kept = outcomes.finished() - trained.trained.min(outcomes.finished());
        let mut line = format!(
            "{}: {} of {} runs",
            plan.name,
            outcomes.finished(),
            plan.runs.len()
        );
        line += &format!(
            " ({} trained in {:.2} s, {kept} kept)",
            trained.trained, trained.seconds
        );
        if outcomes.diverged > 0 {
            line += &format!(" · {} DIVERGED", outcomes.diverged);
        }
        if outcomes.failed > 0 {
            line += &format!(" · {} FAILED", outcomes.failed);
        }
        say(&format!("{line}\nresults in {}", directory.display()));
    }
    let code = if trained.interrupted && outcomes.finished() < plan.runs.len() && outcomes.failed == 0 {
        say(&format!(
            "interrupted: {} of {} runs are finished and kept in {}; the same command goes on from there",
            outcomes.finished(),
            plan.runs.len(),
            directory.display()
        ));
        INTERRUPTED
    } else if outcomes.failed > 0
        || (outcomes.diverged > 0 && outcomes.diverged == outcomes.finished())
    {
        SOME_FAILED
    } else {
        SUCCESS
    };
    let document = json!({
        "name": plan.name,
        "description": plan.description,
        "results": directory,
        "runs": plan.runs.len(),
        "finished": outcomes.finished(),
        "trained": trained.trained,
        "train_seconds": trained.seconds,
        "ok": outcomes.ok,
        "diverged": outcomes.diverged,
        "failed": outcomes.failed,
        "interrupted": code == INTERRUPTED,
        "ranking": ranking,
    });
    Ok((code, document))
}

/// The runs that the store lacks, each key once, in plan order.
fn missing(plan: &Plan, store: &Store, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut seen = HashSet::new();
    (0..plan.runs.len())
        .filter(|&index| wanted(index))
        .filter(|&index| !store.usable(plan, index) && seen.insert(plan.runs[index].key))
        .collect()
}

/// `runner plan EXPERIMENT …`
fn show_plan(arguments: &InspectArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut documents = Vec::new();
    for (plan, directory) in plans.iter().zip(&directories) {
        let existing = match Store::peek(directory)? {
            Some(store) => plan.runs.len() - missing(plan, &store, |_| true).len(),
            None => 0,
        };
        if !arguments.voice.json && !arguments.voice.quiet {
            println(&plan_text(plan, directory, existing))?;
        }
        documents.push(json!({
            "name": plan.name,
            "results": directory,
            "configurations": plan.configurations.len(),
            "runs": plan.runs.len(),
            "existing": existing,
            "missing": plan.runs.len() - existing,
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}

/// How many configurations `runner plan` lists.
const LISTED: usize = 50;

fn plan_text(plan: &Plan, directory: &Path, existing: usize) -> String {
    let mut text = format!(
        "{}: {} configurations, {} runs; {existing} exist in {}, {} are to be trained\n",
        plan.name,
        plan.configurations.len(),
        plan.runs.len(),
        directory.display(),
        plan.runs.len() - existing
    );
    for (index, configuration) in plan.configurations.iter().take(LISTED).enumerate() {
        let runs = plan.runs.iter().filter(|run| run.configuration == index);
        text += &format!("  {} × {}\n", runs.count(), configuration.label(&plan.swept));
    }
    if plan.configurations.len() > LISTED {
        text += &format!("  … and {} more\n", plan.configurations.len() - LISTED);
    }
    if plan.output.models == Models::None {
        text += "  no model is kept\n";
    }
    text.truncate(text.trim_end().len());
    text
}

/// `runner check EXPERIMENT …`
fn check_all(arguments: &InspectArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let mut documents = Vec::new();
    for (file, plan) in arguments.experiments.iter().zip(&plans) {
        let warnings = check::warnings(plan);
        if !warnings.is_empty() {
            eprint(&warnings.render_warnings(styled(arguments.voice.color, &std::io::stderr())));
        }
        if !arguments.voice.quiet && !arguments.voice.json {
            println(&format!(
                "{}: ok, {} configurations, {} runs{}",
                file.display(),
                plan.configurations.len(),
                plan.runs.len(),
                match warnings.len() {
                    0 => String::new(),
                    1 => ", 1 warning".to_owned(),
                    n => format!(", {n} warnings"),
                }
            ))?;
        }
        let messages: Vec<&str> = warnings.iter().map(|warning| warning.message.as_str()).collect();
        documents.push(json!({
            "name": plan.name,
            "configurations": plan.configurations.len(),
            "runs": plan.runs.len(),
            "warnings": messages,
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(SUCCESS)
}

/// `runner merge DIR …`
fn join(arguments: &MergeArguments) -> Result<u8, Error> {
    let started = SystemTime::now();
    let document = arguments.shards[0].join("experiment.toml");
    let plan = crate::plan::plan(&document, &[])?;
    for shard in &arguments.shards[1..] {
        let other = crate::plan::plan(&shard.join("experiment.toml"), &[])?;
        let keys = |plan: &Plan| plan.runs.iter().map(|run| run.key).collect::<Vec<_>>();
        if keys(&plan) != keys(&other) {
            return Err(Error::Other(format!(
                "{} and {} hold different experiments; only shards of one can be merged",
                arguments.shards[0].display(),
                shard.display()
            )));
        }
    }
    let directory = arguments
        .out
        .clone()
        .unwrap_or_else(|| Path::new("results").join(&plan.name));
    let mut store = Store::open(&directory, false)?;
    merge(&arguments.shards, &mut store)?;
    let execution = Execution {
        started,
        train_seconds: 0.0,
        trained: 0,
        jobs: 0,
    };
    let outcomes = write_results(&directory, &plan, &store, &execution)?;
    let ranking = ranking::read(&directory)?;
    if !arguments.voice.quiet && !arguments.voice.json {
        println(&terminal::table(&ranking))?;
    }
    if !arguments.voice.quiet {
        say(&format!(
            "{}: {} of {} runs in {}",
            plan.name,
            outcomes.finished(),
            plan.runs.len(),
            directory.display()
        ));
    }
    print_json(
        arguments.voice,
        vec![json!({
            "name": plan.name,
            "results": directory,
            "runs": plan.runs.len(),
            "finished": outcomes.finished(),
            "ranking": ranking,
        })],
    )?;
    Ok(if outcomes.failed > 0 { SOME_FAILED } else { SUCCESS })
}

/// Plans every experiment; the problems of all are reported together.
fn plan_all(files: &[PathBuf], sets: &[String]) -> Result<Vec<Plan>, Error> {
    let mut plans = Vec::new();
    let mut problems = crate::error::Problems::new();
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
/// results/<name>.
fn directories(plans: &[Plan], out: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
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

/// A flag that the first Ctrl-C (or SIGTERM) raises; a second one ends the program at once.
fn stop_on_interrupt() -> Result<Arc<AtomicBool>, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    })
    .map_err(|cause| Error::Other(format!("cannot watch for Ctrl-C: {cause}")))?;
    Ok(stop)
}

/// Prints the error as the colours allow.
fn report(error: &Error, color: Color) {
    match error {
        Error::Experiment(problems) => {
            eprint(&problems.render(styled(color, &std::io::stderr())));
            eprint(&match problems.len() {
                1 => "1 problem; nothing was trained\n".to_owned(),
                n => format!("{n} problems; nothing was trained\n"),
            });
        }
        other => eprint(&format!("error: {other}\n")),
    }
}

/// Whether to write colours to `stream`.
fn styled(color: Color, stream: &impl IsTerminal) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// One JSON document on stdout: the object of the one experiment, or an array of several.
fn print_json(voice: Voice, mut documents: Vec<serde_json::Value>) -> Result<(), Error> {
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
fn println(text: &str) -> Result<(), Error> {
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
fn say(text: &str) {
    eprint(&format!("{text}\n"));
}

/// Writes to stderr; a closed stderr is no reason to fail.
fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Whether the outcomes are those of the whole plan.
#[allow(dead_code)]
fn complete(outcomes: &Outcomes, plan: &Plan) -> bool {
    outcomes.finished() == plan.runs.len()
}
