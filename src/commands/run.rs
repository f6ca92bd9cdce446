//! The command `runner EXPERIMENT.toml …`: trains the missing runs, writes the results and shows
//! them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::exit::{INTERRUPTED, SOME_FAILED, SUCCESS};
use super::expectations::{self, Suite};
use super::experiments::{directories, plan_all, threads};
use super::readout;
use super::signals::stop_on_signals;
use crate::cli::RunArguments;
use crate::execute::cost::refuse_too_large;
use crate::execute::interrupt::{Answer, Interrupt};
use crate::execute::panics::hush;
use crate::execute::progress::{Display, Progress};
use crate::execute::threads::of_use;
use crate::execute::{Options, Summary, run_interruptible};
use crate::language::Language;
use crate::machine;
use crate::plan::{Plan, check};
use crate::record::journal::Damage;
use crate::record::keeping::without_model;
use crate::record::layout::DIRECTORY;
use crate::record::manifest::{Execution, drawing_of};
use crate::record::ownership::Ownership;
use crate::record::result_files::{Outcomes, ResultFiles};
use crate::record::unfinished::States;
use crate::record::{Status, Store, begun};
use crate::report::terminal;
use crate::shell;
use crate::text;
use crate::voice::{Undone, complain, display, print_json, say, screen, warn};
use crate::writing::{Written, write_all};
use problems::Error;

/// The most times that a removed journal is written again.
const MENDINGS: usize = 3;
/// The most failed runs that are named.
const NAMED: usize = 3;

/// Runs the experiments one after the other.
///
/// # Errors
/// If anything is wrong before the first run: all experiments are read, and all their directories
/// opened and locked, before any training.
pub fn run(arguments: &RunArguments) -> Result<u8, Error> {
    let junit = arguments.junit.as_deref();
    expectations::make_room(junit)?;
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut stores = Vec::new();
    let experiments = arguments.experiments.iter();
    for ((plan, directory), experiment) in plans.iter().zip(&directories).zip(experiments) {
        // The document of the results must be writable before anything is trained.
        plan.document(directory)?;
        refuse_what_does_not_fit(plan, directory, arguments)?;
        refuse_beside(experiment, directory)?;
        let store = Store::open(directory, arguments.fresh)?;
        warn_of_damage(arguments.voice.language(), directory, store.damage());
        stores.push(store);
    }
    let stop = stop_on_signals()?;
    let language = arguments.voice.language();
    let mut documents = Vec::new();
    let mut suites = Vec::new();
    let mut worst = SUCCESS;
    for (plan, store) in plans.iter().zip(&mut stores) {
        match run_one(plan, store, arguments, &stop, (&documents, &mut suites)) {
            Ok((code, document)) => {
                documents.push(document);
                worst = worst.max(code);
            }
            // Something may have been trained, so the exit code is not that of "nothing was
            // trained".
            Err(error) => {
                complain(&error, Undone::Plain, arguments.voice);
                let mut document = machine::error(&error);
                document["name"] = json!(plan.name);
                documents.push(document);
                let directory = store.directory().display().to_string();
                say(&text!(language, "run-kept", directory = directory));
                worst = worst.max(SOME_FAILED);
            }
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    // After an interruption or a failure a suite is missing, and a report of the others would look
    // complete.
    if suites.len() == plans.len() {
        expectations::write_junit(language, junit, &suites)?;
    }
    print_json(arguments.voice, documents)?;
    Ok(worst)
}

/// Refuses a training for which there is too little memory. It counts the runs that are asked for
/// and missing.
fn refuse_what_does_not_fit(
    plan: &Plan,
    directory: &Path,
    arguments: &RunArguments,
) -> Result<(), Error> {
    let wanted = |index| arguments.shard.is_none_or(|shard| shard.has(index));
    let refuse =
        |runs: &[usize]| refuse_too_large(plan, runs, of_use(threads(arguments.jobs), runs.len()));
    let all: Vec<usize> = (0..plan.runs.len())
        .filter(|&index| wanted(index))
        .collect();
    match (refuse(&all), arguments.fresh) {
        (Ok(()), _) => Ok(()),
        (Err(error), true) => Err(error),
        // The journal is only read if it makes a difference.
        (Err(error), false) => match Store::peek(directory)? {
            Some(store) => refuse(&store.missing(plan, wanted)),
            None => Err(error),
        },
    }
}

/// Refuses a directory of results that has the experiment file in it, unless the program wrote that
/// file: the results would be mixed with a person's files.
fn refuse_beside(experiment: &Path, directory: &Path) -> Result<(), Error> {
    let (Ok(file), Ok(inside)) = (experiment.canonicalize(), directory.canonicalize()) else {
        return Ok(()); // The directory does not exist yet.
    };
    let own = Ownership::read(directory)?.has("experiment.toml")
        && file
            .file_name()
            .is_some_and(|name| name == "experiment.toml");
    if file.parent() != Some(&inside) || own {
        return Ok(());
    }
    Err(Error::Other(format!(
        "{} lies in {}, where the results would go; choose another directory with --out",
        experiment.display(),
        directory.display()
    )))
}

/// Reports the damage of a journal, and the runs that it costs.
pub fn warn_of_damage(language: Language, directory: &Path, damage: Damage) {
    let journal = directory.join(DIRECTORY).join("journal");
    let journal = journal.display().to_string();
    let runs = |count: u64| text!(language, "runs", runs = count);
    let size = |count: u64| text!(language, "bytes", bytes = count);
    if damage.skipped_frames > 0 {
        say(&text!(
            language,
            "run-journal-damaged",
            journal = &journal,
            bytes = size(damage.skipped),
            runs = runs(damage.skipped_frames)
        ));
    }
    if damage.torn > 0 {
        say(&text!(
            language,
            "run-journal-torn",
            journal = journal,
            bytes = size(damage.torn),
            runs = runs(damage.torn_frames)
        ));
    }
}

/// Trains the missing runs of one experiment, writes its results and shows them. `earlier` are the
/// JSON documents and the expectations of the experiments before it, to which its own are added.
fn run_one(
    plan: &Plan,
    store: &mut Store,
    arguments: &RunArguments,
    stop: &AtomicBool,
    (earlier, suites): (&[Value], &mut Vec<Suite>),
) -> Result<(u8, Value), Error> {
    let answer = Ending {
        plan,
        arguments,
        earlier,
    };
    let interrupt = Interrupt {
        asked: stop,
        answer: Some(&answer),
    };
    let language = arguments.voice.language();
    let started = SystemTime::now();
    let jobs = threads(arguments.jobs);
    begun::note(plan, store.directory())?;
    let mut trained = train_missing(plan, store, arguments, jobs, interrupt)?;
    for _ in 0..MENDINGS {
        let Some(lost) = store.mend()? else {
            break;
        };
        say(&text!(
            language,
            "run-journal-removed",
            directory = store.directory().display().to_string(),
            lost = lost
        ));
        if lost > 0 && !trained.cut_short {
            let again = train_missing(plan, store, arguments, jobs, interrupt)?;
            trained.seconds += again.seconds;
            trained.cut_short = again.cut_short;
        }
    }
    let execution = Execution {
        started,
        command: std::env::args_os().collect(),
        jobs,
        trained: trained.trained,
        train_seconds: trained.seconds,
        shard: arguments.shard.map(|shard| shard.to_string()),
        language,
        // The choices of earlier pictures in the directory are kept.
        drawing: arguments.pictures.over(drawing_of(store.directory())),
    };
    if trained.cut_short {
        let interrupted = stop.load(Ordering::Relaxed);
        let ended = cut_short(plan, store, trained, arguments, interrupted)?;
        // A second signal ends the writing; readers then find the runs in the journal.
        if let Err(error) = write_all(plan, store, &execution) {
            say(&text!(
                language,
                "run-tables-not-written",
                error = error.to_string()
            ));
        }
        return Ok(ended);
    }
    let Written {
        results: written,
        ranking,
        expectations: judged,
    } = write_all(plan, store, &execution)?;
    // All runs that were asked for have ended.
    States::of(store.directory()).clear()?;
    let best = ranking.best();
    let edges = best.map(|best| check::at_the_edge(plan, best.configuration, language));
    let edges = edges.unwrap_or_default();
    if !arguments.voice.quiet {
        if !arguments.voice.json {
            let screen = screen(arguments.voice);
            display(&terminal::ending(&ranking, &screen))?;
            expectations::show(language, &judged, &screen)?;
        }
        conclude(language, plan, store.directory(), &written, trained);
        warn(&edges, arguments.voice.color);
    }
    let outcomes = written.outcomes;
    warn_of_failures(language, plan, store, &outcomes)?;
    let mut document = document(plan, store.directory(), &outcomes, trained, false);
    document["ranking"] = json!(ranking);
    let warnings: Vec<&str> = edges.iter().map(|edge| edge.message.as_str()).collect();
    document["warnings"] = json!(warnings);
    document["expectations"] = json!(judged);
    let code = if outcomes.bad() { SOME_FAILED } else { SUCCESS };
    let code = code.max(expectations::conclude(language, &plan.name, &judged));
    suites.push(Suite::of(plan, &execution, judged));
    Ok((code, document))
}

/// Trains the runs that were asked for and are missing in the store. Then, in rare cases, trains
/// the best run of each configuration again, if its model should be kept and is missing.
fn train_missing(
    plan: &Plan,
    store: &mut Store,
    arguments: &RunArguments,
    jobs: usize,
    interrupt: Interrupt<'_>,
) -> Result<Summary, Error> {
    let language = arguments.voice.language();
    let wanted = |index| arguments.shard.is_none_or(|shard| shard.has(index));
    let options = Options {
        jobs,
        fail_fast: arguments.fail_fast,
    };
    let display = Display::for_stderr(arguments.voice.quiet);
    let mut sum = Summary::default();
    let mut train = |indices: &[usize], store: &mut Store| -> Result<bool, Error> {
        if indices.is_empty() {
            return Ok(false);
        }
        let progress = Progress::new(plan, indices, arguments.voice.language());
        let progress = match display {
            Display::Quiet => progress,
            _ => {
                let mut missing = vec![false; plan.runs.len()];
                indices.iter().for_each(|&index| missing[index] = true);
                let asked = (0..plan.runs.len()).filter(|&index| wanted(index));
                progress.going_on(plan, store, asked.filter(|&index| !missing[index]))?
            }
        };
        let summary = hush(|| {
            progress.show(plan, display, || {
                run_interruptible(plan, indices, store, options, &progress, interrupt)
            })
        })?;
        sum.trained += summary.trained;
        sum.seconds += summary.seconds;
        sum.cut_short = summary.cut_short;
        Ok(!summary.cut_short)
    };
    let missing = store.missing(plan, wanted);
    let lacks = |&&index: &&usize| store.lacks_output(&plan.runs[index].key, &plan.output);
    let again = missing.iter().filter(lacks).count();
    if again > 0 {
        say(&text!(
            language,
            "run-output-again",
            count = again,
            every = plan.output.history_every.to_string()
        ));
    }
    // If all runs are trained now, the models to be kept are kept.
    let all = missing.len() == plan.runs.len();
    if missing.is_empty() || (train(&missing, store)? && !all) {
        let best = without_model(plan, store, wanted)?;
        if !best.is_empty() {
            say(&text!(
                language,
                "run-best-again",
                count = best.len(),
                metric = plan.compare.metric.to_string(),
                directory = shell::path(store.directory()).to_string()
            ));
        }
        train(&best, store)?;
    }
    Ok(sum)
}

/// The answer to Ctrl-C while an experiment is trained.
struct Ending<'a> {
    plan: &'a Plan,
    arguments: &'a RunArguments,
    /// The JSON documents of the experiments before it.
    earlier: &'a [Value],
}

impl Answer for Ending<'_> {
    fn noticed(&self, store: &Store) {
        let runs = &self.plan.runs;
        let finished = runs.iter().filter(|run| store.has(&run.key)).count();
        say(&text!(
            self.arguments.voice.language(),
            "run-interrupting",
            count = finished,
            all = runs.len(),
            directory = store.directory().display().to_string()
        ));
    }

    fn abandon(&self, store: &Store, trained: usize) {
        let trained = Summary {
            trained,
            cut_short: true,
            ..Summary::default()
        };
        if let Ok((_, document)) = cut_short(self.plan, store, trained, self.arguments, true) {
            let documents = [self.earlier, &[document]].concat();
            // The program ends even if nobody reads the document.
            let _ = print_json(self.arguments.voice, documents);
        }
        std::process::exit(INTERRUPTED.into());
    }
}

/// The message about a training that ended before its last run.
fn cut_short(
    plan: &Plan,
    store: &Store,
    trained: Summary,
    arguments: &RunArguments,
    interrupted: bool,
) -> Result<(u8, Value), Error> {
    let language = arguments.voice.language();
    let outcomes = Outcomes::of(plan, store)?;
    warn_of_failures(language, plan, store, &outcomes)?;
    let states = States::of(store.directory()).names();
    let under_way = plan.runs.iter().map(|run| run.key.to_string());
    let under_way = under_way.filter(|key| states.contains(key)).count();
    say(&text!(
        language,
        "run-cut-short",
        why = if interrupted { "interrupted" } else { "failed" },
        count = outcomes.finished() - outcomes.failed,
        all = plan.runs.len(),
        directory = store.directory().display().to_string(),
        under_way = under_way,
        how = if arguments.fresh { "fresh" } else { "same" },
        look = readout::look(store.directory())
    ));
    let code = if interrupted {
        INTERRUPTED
    } else {
        SOME_FAILED
    };
    Ok((
        code,
        document(plan, store.directory(), &outcomes, trained, interrupted),
    ))
}

/// Prints the lines below the table.
fn conclude(
    language: Language,
    plan: &Plan,
    directory: &Path,
    written: &ResultFiles,
    trained: Summary,
) {
    let outcomes = &written.outcomes;
    let kept = outcomes.finished().saturating_sub(trained.trained);
    let finished = outcomes.finished();
    let mut line = text!(
        language,
        "run-done",
        name = &plan.name,
        count = finished,
        all = plan.runs.len(),
        trained = trained.trained,
        seconds = format!("{:.2}", trained.seconds),
        kept = kept
    );
    for (count, ending) in [
        (outcomes.stopped, "stopped"),
        (outcomes.diverged, "diverged"),
        (outcomes.exploded, "exploded"),
        (outcomes.failed, "failed"),
    ] {
        if count > 0 {
            line += " · ";
            line += &text!(language, "run-done-of", ending = ending, count = count);
        }
    }
    say(&line);
    if outcomes.diverged > 0 {
        say(&text!(
            language,
            "run-diverged",
            count = outcomes.diverged,
            all = finished
        ));
    }
    if outcomes.exploded > 0 {
        say(&text!(
            language,
            "run-exploded",
            count = outcomes.exploded,
            all = finished,
            times = crate::execute::explosion::EXPLODED.to_string()
        ));
    }
    if outcomes.unwatched > 0 {
        say(&text!(
            language,
            "run-unwatched",
            count = outcomes.unwatched,
            all = finished
        ));
    }
    let directory = directory.display().to_string();
    if written.models_missing > 0 {
        say(&text!(
            language,
            "run-models-missing",
            count = written.models_missing,
            directory = &directory
        ));
    }
    say(&text!(language, "results-in", place = directory));
}

/// Names the first runs that failed, with their reasons, or says that all diverged.
fn warn_of_failures(
    language: Language,
    plan: &Plan,
    store: &Store,
    outcomes: &Outcomes,
) -> Result<(), Error> {
    if outcomes.failed == 0 {
        if outcomes.bad() {
            say(&text!(language, "run-all-diverged", name = &plan.name));
        }
        return Ok(());
    }
    let mut named = 0;
    for (index, run) in plan.runs.iter().enumerate() {
        if named == NAMED {
            let more = outcomes.failed - named;
            say(&text!(language, "run-more-failed", count = more));
            break;
        }
        if let Some(head) = store.head(&run.key)?
            && let Status::Failed { reason } = &head.status
        {
            say(&text!(language, "run-failed", run = index, reason = reason));
            named += 1;
            if named == outcomes.failed {
                break;
            }
        }
    }
    Ok(())
}

fn document(
    plan: &Plan,
    directory: &Path,
    outcomes: &Outcomes,
    trained: Summary,
    interrupted: bool,
) -> Value {
    json!({
        "name": plan.name,
        "description": plan.description,
        "results": directory.display().to_string(),
        "runs": plan.runs.len(),
        "finished": outcomes.finished(),
        "trained": trained.trained,
        "train_seconds": trained.seconds,
        "ok": outcomes.ok,
        "stopped": outcomes.stopped,
        "diverged": outcomes.diverged,
        "exploded": outcomes.exploded,
        "failed": outcomes.failed,
        "interrupted": interrupted,
    })
}
