//! `runner EXPERIMENT.toml …`: trains what is missing, writes the results, shows them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::exit::{INTERRUPTED, SOME_FAILED, SUCCESS};
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
use crate::machine;
use crate::plan::{Plan, check};
use crate::record::journal::Damage;
use crate::record::keeping::without_model;
use crate::record::layout::DIRECTORY;
use crate::record::manifest::Execution;
use crate::record::ownership::Ownership;
use crate::record::result_files::{Outcomes, ResultFiles};
use crate::record::unfinished::States;
use crate::record::{Status, Store, begun};
use crate::report::terminal;
use crate::shell;
use crate::voice::{complain, display, print_json, say, screen, warn};
use crate::writing::write_all;
use problems::Error;

/// How often a journal that somebody removes is written again.
const MENDINGS: usize = 3;
/// How many failed runs are named.
const NAMED: usize = 3;

/// Runs the experiments one after the other.
///
/// # Errors
/// Whatever stops the program before anything is trained: all experiments are read, and all their
/// directories opened and locked, before the first run.
pub fn run(arguments: &RunArguments) -> Result<u8, Error> {
    let plans = plan_all(&arguments.experiments, &arguments.set)?;
    let directories = directories(&plans, arguments.out.as_deref())?;
    let mut stores = Vec::new();
    let experiments = arguments.experiments.iter();
    for ((plan, directory), experiment) in plans.iter().zip(&directories).zip(experiments) {
        // What the results will say of themselves must be sayable before anything is trained.
        plan.document(directory)?;
        refuse_what_does_not_fit(plan, directory, arguments)?;
        refuse_beside(experiment, directory)?;
        let store = Store::open(directory, arguments.fresh)?;
        warn_of_damage(directory, store.damage());
        stores.push(store);
    }
    let stop = stop_on_signals()?;
    let mut documents = Vec::new();
    let mut worst = SUCCESS;
    for (plan, store) in plans.iter().zip(&mut stores) {
        match run_one(plan, store, arguments, &stop, &documents) {
            Ok((code, document)) => {
                documents.push(document);
                worst = worst.max(code);
            }
            // Something was trained, perhaps: that is not the code of "nothing was".
            Err(error) => {
                complain(&error, "", arguments.voice.color);
                let mut document = machine::error(&error);
                document["name"] = json!(plan.name);
                documents.push(document);
                say(&format!(
                    "all runs that were finished are kept in {}; the same command goes on from there",
                    store.directory().display()
                ));
                worst = worst.max(SOME_FAILED);
            }
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    print_json(arguments.voice, documents)?;
    Ok(worst)
}

/// Refuses training for which there is not enough memory: of the runs that are asked for and not
/// there.
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
        // The journal is read where it matters.
        (Err(error), false) => match Store::peek(directory)? {
            Some(store) => refuse(&store.missing(plan, wanted)),
            None => Err(error),
        },
    }
}

/// Refuses a directory of results in which the experiment file itself lies, unless the program wrote
/// it: beside a person's files, results would be mixed with them.
fn refuse_beside(experiment: &Path, directory: &Path) -> Result<(), Error> {
    let (Ok(file), Ok(inside)) = (experiment.canonicalize(), directory.canonicalize()) else {
        return Ok(()); // The directory is yet to be made.
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

/// Says what of a journal cannot be read, and what that costs.
pub fn warn_of_damage(directory: &Path, damage: Damage) {
    let journal = directory.join(DIRECTORY).join("journal");
    let journal = journal.display();
    let runs = |count: u64| match count {
        1 => "1 run".to_owned(),
        count => format!("{count} runs"),
    };
    if damage.skipped_frames > 0 {
        say(&format!(
            "warning: {journal} is damaged: {} of {} finished are lost and are trained again",
            size(damage.skipped),
            runs(damage.skipped_frames)
        ));
    }
    if damage.torn > 0 {
        say(&format!(
            "warning: {journal} ends in {} that are no whole run (a kill or a power failure cut it off, \
             or they are damaged): {} to train again",
            size(damage.torn),
            runs(damage.torn_frames)
        ));
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    }
}

/// Trains what is missing of one experiment, writes its results and shows them.
fn run_one(
    plan: &Plan,
    store: &mut Store,
    arguments: &RunArguments,
    stop: &AtomicBool,
    earlier: &[Value],
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
    let started = SystemTime::now();
    let jobs = threads(arguments.jobs);
    begun::note(plan, store.directory())?;
    let mut trained = train_missing(plan, store, arguments, jobs, interrupt)?;
    for _ in 0..MENDINGS {
        let Some(lost) = store.mend()? else {
            break;
        };
        say(&format!(
            "warning: the journal in {} was removed, replaced or emptied while runner was at work; it \
             is written again{}",
            store.directory().display(),
            match lost {
                0 => ", and no run is lost".to_owned(),
                1 => ", and 1 lost run is trained again".to_owned(),
                lost => format!(", and {lost} lost runs are trained again"),
            }
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
    };
    if trained.cut_short {
        let interrupted = stop.load(Ordering::Relaxed);
        let ended = cut_short(plan, store, trained, arguments, interrupted)?;
        // A second signal ends this; readers then find the runs in the journal.
        if let Err(error) = write_all(plan, store, &execution) {
            say(&format!(
                "warning: the finished runs are kept, but their tables cannot be written: {error}"
            ));
        }
        return Ok(ended);
    }
    let (written, ranking) = write_all(plan, store, &execution)?;
    // Of what was asked for, no run is under way any more.
    States::of(store.directory()).clear()?;
    let best = ranking.best();
    let edges = best.map(|best| check::at_the_edge(plan, best.configuration));
    let edges = edges.unwrap_or_default();
    if !arguments.voice.quiet {
        if !arguments.voice.json {
            display(&terminal::ending(&ranking, &screen(arguments.voice)))?;
        }
        conclude(plan, store.directory(), &written, trained);
        warn(&edges, arguments.voice.color);
    }
    let outcomes = written.outcomes;
    warn_of_failures(plan, store, &outcomes)?;
    let mut document = document(plan, store.directory(), &outcomes, trained, false);
    document["ranking"] = json!(ranking);
    let warnings: Vec<&str> = edges.iter().map(|edge| edge.message.as_str()).collect();
    document["warnings"] = json!(warnings);
    let code = if outcomes.bad() { SOME_FAILED } else { SUCCESS };
    Ok((code, document))
}

/// Trains the runs that were asked for and are not in the store; then, which is rare, the best of
/// each configuration once more where its model should be kept and is not there.
fn train_missing(
    plan: &Plan,
    store: &mut Store,
    arguments: &RunArguments,
    jobs: usize,
    interrupt: Interrupt<'_>,
) -> Result<Summary, Error> {
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
        let progress = Progress::new(plan, indices);
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
        say(&format!(
            "note: {again} finished runs are trained again, since what [output] asks for was not kept of \
             them: every row of history_every = {}, or every model",
            plan.output.history_every
        ));
    }
    // Where all are trained now, the models that are to be kept are kept.
    let all = missing.len() == plan.runs.len();
    if missing.is_empty() || (train(&missing, store)? && !all) {
        let best = without_model(plan, store, wanted)?;
        if !best.is_empty() {
            say(&format!(
                "note: {} finished runs are trained again: by {} they are the best of their configurations, \
                 whose models are to be kept (`runner compare {} --metric {}` trains nothing)",
                best.len(),
                plan.compare.metric,
                shell::path(store.directory()),
                plan.compare.metric
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
    /// What the experiments before it have ended with.
    earlier: &'a [Value],
}

impl Answer for Ending<'_> {
    fn noticed(&self, store: &Store) {
        let runs = &self.plan.runs;
        say(&format!(
            "interrupting: {} of {} runs are finished and kept in {}; once more ends at once",
            runs.iter().filter(|run| store.has(&run.key)).count(),
            runs.len(),
            store.directory().display()
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
            // The program ends whether or not somebody reads it.
            let _ = print_json(self.arguments.voice, documents);
        }
        std::process::exit(INTERRUPTED.into());
    }
}

/// What is said when training ended before its last run.
fn cut_short(
    plan: &Plan,
    store: &Store,
    trained: Summary,
    arguments: &RunArguments,
    interrupted: bool,
) -> Result<(u8, Value), Error> {
    let outcomes = Outcomes::of(plan, store)?;
    warn_of_failures(plan, store, &outcomes)?;
    let mut command = String::from("the same command goes on from there");
    if arguments.fresh {
        command += ", without --fresh";
    }
    let states = States::of(store.directory()).names();
    let under_way = plan.runs.iter().map(|run| run.key.to_string());
    let under_way = under_way.filter(|key| states.contains(key)).count();
    say(&format!(
        "{}: {} of {} runs are finished and kept in {}{}; {command}, and `{}` shows them",
        if interrupted {
            "interrupted"
        } else {
            "stopped at the first run that failed"
        },
        outcomes.finished() - outcomes.failed,
        plan.runs.len(),
        store.directory().display(),
        match under_way {
            0 => String::new(),
            1 => ", and the state of 1 that is under way".to_owned(),
            count => format!(", and the states of {count} that are under way"),
        },
        readout::look(store.directory())
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

/// The lines under the table.
fn conclude(plan: &Plan, directory: &Path, written: &ResultFiles, trained: Summary) {
    let outcomes = &written.outcomes;
    let kept = outcomes.finished().saturating_sub(trained.trained);
    let mut line = format!(
        "{}: {} of {} runs ({} trained in {:.2} s, {kept} kept)",
        plan.name,
        outcomes.finished(),
        plan.runs.len(),
        trained.trained,
        trained.seconds
    );
    if outcomes.stopped > 0 {
        line += &format!(" · {} stopped early", outcomes.stopped);
    }
    if outcomes.diverged > 0 {
        line += &format!(" · {} DIVERGED", outcomes.diverged);
    }
    if outcomes.exploded > 0 {
        line += &format!(" · {} EXPLODED", outcomes.exploded);
    }
    if outcomes.failed > 0 {
        line += &format!(" · {} FAILED", outcomes.failed);
    }
    say(&line);
    if outcomes.diverged > 0 {
        say(&format!(
            "warning: in {} of {} runs a loss or a weight stopped being finite (status `diverged` in \
             runs.csv): a smaller learning rate may help",
            outcomes.diverged,
            outcomes.finished()
        ));
    }
    if outcomes.exploded > 0 {
        say(&format!(
            "warning: {} of {} runs exploded: they stayed finite, but their training loss ended more than {} \
             times above where it began (`reason` in runs.csv): a smaller learning rate may help",
            outcomes.exploded,
            outcomes.finished(),
            crate::execute::explosion::EXPLODED
        ));
    }
    if outcomes.unwatched > 0 {
        say(&format!(
            "warning: in {} of {} runs early stopping watched a metric that is undefined (`reason` in runs.csv)",
            outcomes.unwatched,
            outcomes.finished()
        ));
    }
    if written.models_missing > 0 {
        say(&format!(
            "warning: {} models are not there: run the experiment with --out {}",
            written.models_missing,
            directory.display()
        ));
    }
    say(&format!("results in {}", directory.display()));
}

/// Names the first runs that failed, with their reasons, or says that all diverged.
fn warn_of_failures(plan: &Plan, store: &Store, outcomes: &Outcomes) -> Result<(), Error> {
    if outcomes.failed == 0 {
        if outcomes.bad() {
            say(&format!("error: every run of {} diverged", plan.name));
        }
        return Ok(());
    }
    let mut named = 0;
    for (index, run) in plan.runs.iter().enumerate() {
        if named == NAMED {
            say(&format!(
                "error: … and {} more runs failed",
                outcomes.failed - named
            ));
            break;
        }
        if let Some(head) = store.head(&run.key)?
            && let Status::Failed { reason } = &head.status
        {
            say(&format!("error: run {index} failed: {reason}"));
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
