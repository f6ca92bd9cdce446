//! The command `runner test DIR`, which opens the test part of finished results for the
//! configuration that was chosen on the validation part, and counts the looks.

use std::path::Path;

use choices::Choice;
use serde_json::{Value, json};

use super::exit::{INTERRUPTED, SUCCESS};
use super::experiments::threads;
use super::readout::begun_plan;
use super::signals::stop_on_signals;
use super::soundness::{Soundness, TABLES};
use crate::cli::TestArguments;
use crate::execute::interrupt::{Answer, Interrupt};
use crate::execute::panics::hush;
use crate::execute::progress::{Display, Progress};
use crate::execute::{Options, run_interruptible};
use crate::language::Language;
use crate::model;
use crate::origins;
use crate::plan::{Models, Plan, plan};
use crate::record::grounds::Grounds;
use crate::record::looks::{Look, Looks};
use crate::record::manifest::drawing_of;
use crate::record::ownership::Ownership;
use crate::record::result_files::Content;
use crate::record::whole_file::{settle, write_durably};
use crate::record::{Store, begun, manifest};
use crate::report::results::Results;
use crate::report::tested::{self, Tested};
use crate::report::{self, ranking};
use crate::sealed::{Network, Opened, open, to_csv};
use crate::shell;
use crate::text;
use crate::voice::{display, print_json, say, screen};
use problems::Error;

/// Evaluates the networks of the best configuration, or of the named one, on the test part; writes
/// test.csv and the page, and records the look.
///
/// # Errors
/// If DIR has no finished results or no test part, or its files do not fit the data.
pub fn test(arguments: &TestArguments) -> Result<u8, Error> {
    let directory = &arguments.directory;
    let document = directory.join("experiment.toml");
    refuse_begun(directory)?;
    if !document.is_file() || !directory.join("runs.csv").is_file() {
        return Err(Error::Other(format!(
            "{} holds no results: there is no experiment.toml or no runs.csv",
            directory.display()
        )));
    }
    let needed = |file: &str| TABLES.contains(&file) || file.starts_with("models/");
    Soundness::of(directory, needed).refuse(arguments.voice.language(), needed)?;
    let plan = plan(&document, &[])?;
    sealed_part(&plan, directory)?;
    let store = Store::open(directory, false)?;
    let results = Results::read(directory, arguments.voice.language())?;
    complete(&plan, &results, directory)?;
    let (configuration, chosen) = choose(&plan, arguments)?;
    let of = &plan.configurations[configuration];
    if !manifest::has_the_test_of(directory, &of.data[0])? {
        return Err(Error::Other(format!(
            "the test samples are others than those that were sealed when {} was made: a file of them has \
             changed since; train the experiment again, or put the file back",
            directory.display()
        )));
    }

    // The file name is claimed before the look counts, since a look without a table would be lost.
    Ownership::read(directory)?.claim(["test.csv"])?;
    let Some(networks) = networks(&plan, configuration, &results, &store, arguments)? else {
        say(&text!(arguments.voice.language(), "test-stays-sealed"));
        return Ok(INTERRUPTED);
    };
    let opened = open(&plan, configuration, &networks);

    let mut looks = Looks::read(directory)?;
    let look = Look::of(&plan, configuration);
    looks.add(directory, look.expect("the test part has just been opened"))?;
    let csv = to_csv(&plan, &opened);
    write_durably(&directory.join("test.csv"), &csv)?;
    let page = arguments
        .voice
        .lang
        .unwrap_or_else(|| manifest::language(directory));
    let drawing = drawing_of(directory);
    let made = report::write(
        directory,
        None,
        &origins::of_plan(&plan, Some(&store)),
        Some(&Grounds::of(&plan)),
        page,
        &drawing,
    )?;
    let mut files = made.files.clone();
    files.push(("test.csv".to_owned(), Content::of(&csv)));
    let manifest = manifest::remade(directory, &files, page, &drawing);
    made.put_into_place(manifest.as_deref())?;
    settle(directory)?;

    if !arguments.voice.quiet && !arguments.voice.json {
        let tested = Tested::read(directory)?;
        let screen = screen(arguments.voice);
        let language = arguments.voice.language();
        let text = tested.map_or(String::new(), |tested| {
            tested::table(language, &tested, &screen)
        });
        let choice = screen.prose(&format!("{}: {chosen}", plan.name));
        display(&format!("{choice}\n{}", text.trim_end()))?;
    }
    let place = directory.join("test.csv").display().to_string();
    say(&text!(
        arguments.voice.language(),
        "results-in",
        place = place
    ));
    print_json(
        arguments.voice,
        vec![summary(&plan, directory, &opened, looks.count())],
    )?;
    Ok(SUCCESS)
}

/// Refuses results without a test part.
fn sealed_part(plan: &Plan, directory: &Path) -> Result<(), Error> {
    let mut data = plan.configurations.iter().flat_map(|of| of.data.iter());
    if data.all(|dataset| dataset.test.is_some()) {
        return Ok(());
    }
    Err(Error::Other(format!(
        "{} has no test part: set data.test in the experiment, as in test = 0.2, and train it; the test \
         samples are then kept from training",
        directory.display()
    )))
}

/// Refuses a directory whose result files are being made.
fn refuse_begun(directory: &Path) -> Result<(), Error> {
    let Some(Ok((plan, store))) = begun_plan(directory) else {
        return Ok(());
    };
    let finished = plan.runs.iter().filter(|run| store.has(&run.key)).count();
    all_trained(&plan, finished, directory)?;
    Err(Error::Other(format!(
        "the results of {0} were not written to their end: the test part stays sealed until they are; \
         `runner report {1}` writes them",
        directory.display(),
        shell::path(directory)
    )))
}

/// Refuses results in which a run has no outcome or belongs to another plan: the test part is
/// opened after the choice has been made.
fn complete(plan: &Plan, results: &Results, directory: &Path) -> Result<(), Error> {
    all_trained(plan, results.runs.len(), directory)?;
    let other = results.runs.iter().find(|run| {
        let place = usize::try_from(run.number).ok();
        let planned = place.and_then(|place| plan.runs.get(place));
        planned.is_none_or(|planned| planned.key.to_string() != run.key)
    });
    match other {
        None => Ok(()),
        Some(run) => Err(Error::Other(format!(
            "run {} in {} was trained on other data, or by another version of runner: train the \
             experiment again before its test part is opened",
            run.number,
            directory.display()
        ))),
    }
}

/// Refuses a directory that lacks runs of the plan.
fn all_trained(plan: &Plan, finished: usize, directory: &Path) -> Result<(), Error> {
    let missing = plan.runs.len().saturating_sub(finished);
    if missing == 0 {
        return Ok(());
    }
    let here = directory.join("experiment.toml");
    let document = match here.is_file() {
        true => here,
        false => begun::path(directory),
    };
    Err(Error::Other(format!(
        "{missing} of {} runs in {} are not trained yet: the test part stays sealed until they are; \
         `runner {} --out {}` trains them",
        plan.runs.len(),
        directory.display(),
        shell::path(&document),
        shell::path(directory)
    )))
}

/// The configuration to be tested, with the reason for the choice.
fn choose(plan: &Plan, arguments: &TestArguments) -> Result<(usize, String), Error> {
    let language = arguments.voice.language();
    let named = |number: usize| plan.configurations[number].label(&plan.swept);
    if let Some(number) = arguments.configuration {
        if number >= plan.configurations.len() {
            return Err(Error::Other(format!(
                "there is no configuration {number}: summary.csv numbers them from 0 to {}",
                plan.configurations.len() - 1
            )));
        }
        let words = text!(
            language,
            "test-chosen-as-asked",
            number = number,
            label = named(number)
        );
        return Ok((number, words));
    }
    let ranking = ranking::read(&arguments.directory, language)?;
    match ranking.rows.first().filter(|best| best.mean.is_some()) {
        Some(best) => {
            let number = best.configuration;
            let words = match plan.configurations.len() {
                1 => text!(language, "test-chosen-only"),
                _ => text!(
                    language,
                    "test-chosen-best",
                    number = number,
                    label = named(number),
                    metric = ranking.metric.to_string()
                ),
            };
            Ok((number, words))
        }
        None => Err(Error::Other(
            "no configuration is the best: name one with --configuration and its number in summary.csv"
                .to_owned(),
        )),
    }
}

/// The network of each run of a configuration, as it was kept or trained again; `None` after an
/// interruption.
fn networks(
    plan: &Plan,
    configuration: usize,
    results: &Results,
    store: &Store,
    arguments: &TestArguments,
) -> Result<Option<Vec<Network>>, Error> {
    let own: Vec<usize> = (0..plan.runs.len())
        .filter(|&index| plan.runs[index].configuration == configuration)
        .collect();
    let mut networks: Vec<Network> = Vec::new();
    let mut unkept = Vec::new();
    for &index in &own {
        let key = plan.runs[index].key;
        let run = results.runs.iter().find(|run| run.key == key.to_string());
        let run = run.ok_or_else(|| Error::Other(format!("runs.csv has no run {index}")))?;
        let mut parameters = None;
        if run.status.has_result() {
            let path = arguments.directory.join("models");
            let path = path.join(format!("{key}.safetensors"));
            if path.exists() {
                parameters = Some(model::read(&path)?.parameters);
            } else {
                unkept.push(index);
            }
        }
        networks.push((index, run.status.word().to_owned(), parameters));
    }
    if unkept.is_empty() {
        return Ok(Some(networks));
    }
    say(&text!(
        arguments.voice.language(),
        "test-again",
        count = unkept.len(),
        all = own.len()
    ));
    let Some(again) = train_again(plan, &unkept, store, arguments)? else {
        return Ok(None);
    };
    for (index, _, parameters) in &mut networks {
        if let Some(place) = unkept.iter().position(|other| other == index) {
            *parameters = again[place].clone();
        }
    }
    Ok(Some(networks))
}

/// The answer to Ctrl-C: the directory of the second training is removed.
struct Sealed<'a> {
    place: &'a Path,
    language: Language,
}

impl Answer for Sealed<'_> {
    fn noticed(&self, _: &Store) {
        say(&text!(self.language, "test-interrupting"));
    }

    fn abandon(&self, _: &Store, _: usize) {
        let _ = std::fs::remove_dir_all(self.place);
        say(&text!(self.language, "test-stays-sealed"));
        std::process::exit(INTERRUPTED.into());
    }
}

/// Trains runs again and returns their networks, which have the same bits; `None` after an
/// interruption.
fn train_again(
    plan: &Plan,
    runs: &[usize],
    store: &Store,
    arguments: &TestArguments,
) -> Result<Option<Vec<Option<engine::types::Parameters>>>, Error> {
    let place = tempfile::Builder::new()
        .prefix("runner-test-")
        .tempdir()
        .map_err(Error::file("cannot make", &std::env::temp_dir()))?;
    let mut plan = plan.clone();
    plan.output.models = Models::All;
    let mut again = Store::open(place.path(), false)?;
    let stop = stop_on_signals()?;
    let options = Options {
        jobs: threads(arguments.jobs),
        fail_fast: false,
    };
    let language = arguments.voice.language();
    let progress = Progress::new(&plan, runs, language);
    let display = Display::for_stderr(arguments.voice.quiet);
    let trained = hush(|| {
        progress.show(&plan, display, || {
            let answer = Sealed {
                place: place.path(),
                language,
            };
            let interrupt = Interrupt {
                asked: &stop,
                answer: Some(&answer),
            };
            run_interruptible(&plan, runs, &mut again, options, &progress, interrupt)
        })
    })?;
    if trained.cut_short {
        return Ok(None);
    }
    let mut networks = Vec::new();
    for &index in runs {
        let key = &plan.runs[index].key;
        let record = again.read(key)?;
        let differs = match (&record, store.head(key)?) {
            (Some(record), Some(stored)) => !same_end(&record.head, &stored),
            _ => false,
        };
        if differs {
            return Err(Error::Other(format!(
                "run {index} comes out otherwise than it did: `runner verify {}` shows where; the test \
                 part stays sealed",
                shell::path(&arguments.directory)
            )));
        }
        networks.push(record.and_then(|record| Some(record.model?.1)));
    }
    Ok(Some(networks))
}

/// Whether two records of one run have the same ending, to the bit.
fn same_end(one: &crate::record::Head, other: &crate::record::Head) -> bool {
    one.status == other.status && format!("{:?}", one.last) == format!("{:?}", other.last)
}

/// The JSON document of the command.
fn summary(plan: &Plan, directory: &Path, opened: &Opened, look: usize) -> Value {
    let interval = |interval: Option<(f64, f64)>| interval.map(|(low, high)| [low, high]);
    let figures: serde_json::Map<String, Value> = opened
        .columns
        .iter()
        .zip(&opened.figures)
        .map(|(column, figures)| {
            let value = json!({
                "mean": figures.mean,
                "over_replicates": interval(figures.over_runs),
                "over_samples": interval(figures.over_samples),
                "always": figures.always,
                "always_saying": figures.said,
            });
            (column.clone(), value)
        })
        .collect();
    json!({
        "name": plan.name,
        "results": directory,
        "configuration": opened.configuration,
        "label": plan.configurations[opened.configuration].label(&plan.swept),
        "samples": opened.samples,
        "look": look,
        "look_word": tested::look(Language::English, look),
        "figures": figures,
        "runs": opened.runs.len(),
    })
}
