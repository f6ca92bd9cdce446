//! `runner verify DIR`: trains again what the results in DIR hold, and compares every bit.

use std::collections::BTreeSet;
use std::path::Path;

use comfy_table::{ContentArrangement, Table};
use serde_json::json;

use crate::app::{
    DIFFERENCE, INTERRUPTED, SUCCESS, print_json, println, say, stop_on_signals, threads,
};
use crate::cli::VerifyArguments;
use crate::execute::progress::{Display, Progress};
use crate::execute::{Options, run_all};
use crate::plan::{Models, Plan, plan};
use crate::record::difference::{Difference, Differences, compare};
use crate::record::{Store, results};
use crate::report::terminal::STYLE;
use crate::report::tested::Tested;
use crate::report::{self, comparison_table};
use crate::sealed;
use engine::ENGINE_VERSION;
use problems::Error;

/// How many differences are shown.
const SHOWN: usize = 20;
/// The longest value shown, in characters.
const VALUE: usize = 40;

/// Trains the runs of DIR/runs.csv again in a temporary directory, makes all files from them, and
/// compares these with the files of DIR.
///
/// # Errors
/// If DIR holds no results, or something cannot be read or written.
pub fn verify(arguments: &VerifyArguments) -> Result<u8, Error> {
    let directory = &arguments.directory;
    let document = directory.join("experiment.toml");
    if !document.is_file() || !directory.join("runs.csv").is_file() {
        return Err(Error::Other(format!(
            "{} holds no results: there is no experiment.toml or no runs.csv",
            directory.display()
        )));
    }
    let plan = plan(&document, &[])?;
    let wanted = stored_runs(directory, &plan)?;
    let other_engine = engine_of(directory).filter(|version| *version != u64::from(ENGINE_VERSION));
    if let Some(version) = other_engine {
        say(&format!(
            "warning: the results were made by version {version} of the engine, this is version \
             {ENGINE_VERSION}: the numbers may differ for that reason"
        ));
    }

    let again = tempfile::Builder::new()
        .prefix("runner-verify-")
        .tempdir()
        .map_err(Error::file("cannot make", &std::env::temp_dir()))?;
    let mut store = Store::open(again.path(), false)?;
    let stop = stop_on_signals()?;
    let options = Options {
        jobs: threads(arguments.jobs),
        fail_fast: false,
    };
    // An opened test part was judged by every network of its configuration.
    let tested = Tested::read(directory)?;
    let mut training = plan.clone();
    if tested.is_some() {
        training.output.models = Models::All;
    }
    let progress = Progress::new(wanted.len());
    let display = Display::for_stderr(arguments.voice.quiet);
    let trained = progress.show(&plan, display, || {
        run_all(&training, &wanted, &mut store, options, &progress, &stop)
    })?;
    if trained.cut_short {
        say("interrupted: nothing was compared");
        return Ok(INTERRUPTED);
    }
    let written = results::write(&plan, &store, &report::told(plan.compare.metric.column()))?;
    comparison_table::write(again.path(), &written.history)?;

    let mut names: BTreeSet<String> = written.digests.into_iter().map(|(name, _)| name).collect();
    // The paths in the experiment are relative to where it lies.
    let document = again.path().join("experiment.toml");
    std::fs::write(&document, plan.document(directory))
        .map_err(Error::file("cannot write", &document))?;
    names.insert("comparison.csv".to_owned());
    if let Some(tested) = &tested {
        let place = again.path().join("test.csv");
        if let Some(csv) = sealed::of_store(&plan, tested.configuration, &store)? {
            std::fs::write(&place, csv).map_err(Error::file("cannot write", &place))?;
        }
        names.insert("test.csv".to_owned());
    }
    names.extend(stored_models(directory)?);
    let mut all = Differences::default();
    let mut files = 0;
    for name in order(&names) {
        let found = compare(name, directory, again.path())?;
        files += usize::from(found.count > 0);
        all.count += found.count;
        all.told.extend(found.told);
    }
    conclude(&plan, arguments, &all, files, names.len(), trained.seconds)
}

/// The tables first, in the order in which one follows from the other.
fn order(names: &BTreeSet<String>) -> Vec<&str> {
    let place = |name: &str| {
        let known = results::FILES.iter().position(|file| *file == name);
        known.unwrap_or(results::FILES.len())
    };
    let mut order: Vec<&str> = names.iter().map(String::as_str).collect();
    order.sort_by_key(|name| place(name));
    order
}

fn conclude(
    plan: &Plan,
    arguments: &VerifyArguments,
    all: &Differences,
    files: usize,
    compared: usize,
    seconds: f64,
) -> Result<u8, Error> {
    let directory = arguments.directory.display();
    let same = all.count == 0;
    if !arguments.voice.quiet && !arguments.voice.json {
        if same {
            println(&format!(
                "{directory}: trained again in {seconds:.2} s; all {compared} files are the same to the bit"
            ))?;
        } else {
            let first = &all.told[0];
            println(&format!(
                "{directory}: {} differences in {files} of {compared} files; the first: {}, {}: {} is stored, {} comes out\n{}",
                all.count,
                first.file,
                first.place,
                first.stored,
                first.again,
                table(all)
            ))?;
        }
    }
    print_json(
        arguments.voice,
        vec![json!({
            "name": plan.name,
            "results": arguments.directory,
            "files": compared,
            "same": same,
            "files_that_differ": files,
            "differences": all.count,
            "first_differences": all.told,
            "train_seconds": seconds,
        })],
    )?;
    Ok(if same { SUCCESS } else { DIFFERENCE })
}

fn table(all: &Differences) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(["file", "place", "stored", "again"]);
    for Difference {
        file,
        place,
        stored,
        again,
    } in all.told.iter().take(SHOWN)
    {
        table.add_row([file, place, &short(stored), &short(again)]);
    }
    let mut text = table.to_string();
    let shown = all.told.len().min(SHOWN);
    if all.count > shown {
        text += &format!("\n… and {} more", all.count - shown);
    }
    text
}

fn short(value: &str) -> String {
    if value.chars().count() <= VALUE {
        return value.to_owned();
    }
    value.chars().take(VALUE - 1).chain(['…']).collect()
}

/// The numbers of the runs that DIR has, each a run of the plan.
fn stored_runs(directory: &Path, plan: &Plan) -> Result<Vec<usize>, Error> {
    let path = directory.join("runs.csv");
    let broken = |cause| Error::Other(format!("cannot read {}: {cause}", path.display()));
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(&path)
        .map_err(broken)?;
    let mut runs = BTreeSet::new();
    for row in reader.byte_records() {
        let row = row.map_err(broken)?;
        let number = row.get(0).and_then(|cell| std::str::from_utf8(cell).ok());
        // A row that is none of the plan's is found as a difference.
        if let Some(number) = number.and_then(|text| text.parse().ok())
            && number < plan.runs.len()
        {
            runs.insert(number);
        }
    }
    if runs.is_empty() {
        return Err(Error::Other(format!("{} has no runs", path.display())));
    }
    Ok(runs.into_iter().collect())
}

fn stored_models(directory: &Path) -> Result<Vec<String>, Error> {
    let models = directory.join("models");
    let entries = match std::fs::read_dir(&models) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(Error::file("cannot read", &models)(cause)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry
            .map_err(Error::file("cannot read", &models))?
            .file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".safetensors") {
            names.push(format!("models/{name}"));
        }
    }
    Ok(names)
}

/// The version of the engine that the manifest names.
fn engine_of(directory: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(directory.join("manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    manifest["versions"]["engine"].as_u64()
}
