//! The command `runner report DIR …`, which makes the page, the pictures and the comparison again.

use std::path::Path;

use serde_json::json;

use super::exit::SUCCESS;
use super::expectations;
use super::readout::{Readout, begun_plan, no_training};
use super::soundness::{Soundness, TABLES};
use crate::cli::ReportArguments;
use crate::language::Language;
use crate::origins;
use crate::plan::Plan;
use crate::record::grounds::Grounds;
use crate::record::history::History;
use crate::record::manifest;
use crate::record::store::{Lock, Store};
use crate::record::whole_file::settle;
use crate::report::{self, results::Results};
use crate::text;
use crate::voice::{print_json, println, say};
use crate::writing::write_all;
use problems::Error;

/// Makes the report of each directory again, and judges the expectations of its experiment.
///
/// # Errors
/// If a directory has no results, or a file cannot be written.
pub fn remake(arguments: &ReportArguments) -> Result<u8, Error> {
    let mut documents = Vec::new();
    let mut code = SUCCESS;
    for directory in &arguments.directories {
        write_begun(directory, arguments.voice.language())?;
        // A directory without results stays as it is, even without a lock file.
        let experiment = directory.join("experiment.toml");
        std::fs::metadata(&experiment).map_err(Error::file("cannot read", &experiment))?;
        let drawing = arguments.pictures.over(manifest::drawing_of(directory));
        // The results do not include samples and initial weights. Without these, the pictures of
        // models are left out.
        let lock = Lock::take(directory)?;
        let used = |name: &str| TABLES.contains(&name) || name.starts_with("models/");
        let soundness = Soundness::of(directory, used);
        soundness.warn(arguments.voice.language());
        let spoken = arguments.voice.language();
        let asked = arguments.voice.lang;
        let language = asked.unwrap_or_else(|| manifest::language(directory));
        let results = Results::read(directory, language)?;
        let history = History::read(
            directory,
            &report::reported_columns(&results.experiment.metric, &results.columns),
        )?;
        soundness.refuse_mixed(&results, &history)?;
        drop((results, history));
        let made = match crate::plan::plan(&directory.join("experiment.toml"), &[]) {
            Ok(plan) if other_data(&plan, &soundness) => {
                say(&text!(
                    spoken,
                    "report-other-data",
                    directory = directory.display().to_string()
                ));
                report::write(directory, None, &|_, _| None, None, language, &drawing)?
            }
            Ok(plan) => {
                let grounds = Grounds::of(&plan);
                // If the journal cannot be read, only the snapshots are missing in the report.
                let store = Store::peek(directory).ok().flatten();
                let origins = origins::of_plan(&plan, store.as_ref());
                report::write(
                    directory,
                    None,
                    &origins,
                    Some(&grounds),
                    language,
                    &drawing,
                )?
            }
            Err(Error::Experiment(problems)) => {
                let made = report::write(directory, None, &|_, _| None, None, language, &drawing)?;
                let reason = problems
                    .iter()
                    .next()
                    .map_or("", |problem| problem.message.as_str());
                say(&text!(
                    spoken,
                    "report-no-data",
                    directory = directory.display().to_string(),
                    reason = reason
                ));
                made
            }
            Err(other) => return Err(other),
        };
        let manifest = manifest::remade(directory, &made.files, language, &drawing);
        let made = made.put_into_place(manifest.as_deref())?;
        settle(directory)?;
        drop(lock);
        Readout::of(directory, language)?.say_missing();
        if !arguments.voice.quiet && !arguments.voice.json {
            println(&directory.join("report.html").display().to_string())?;
        }
        let name = directory.display().to_string();
        code = code.max(expectations::conclude(language, &name, &made.expectations));
        let files: Vec<&String> = made.files.iter().map(|(name, _)| name).collect();
        documents.push(json!({
            "results": directory.display().to_string(),
            "files": files,
            "warnings": soundness.doubts(spoken),
            "expectations": made.expectations,
        }));
    }
    print_json(arguments.voice, documents)?;
    Ok(code)
}

/// Writes the tables of the finished runs of a killed training.
fn write_begun(directory: &Path, language: Language) -> Result<(), Error> {
    match begun_plan(directory) {
        Some(Ok((plan, _))) => {
            let store = Store::open(directory, false)?;
            let execution = no_training(language, manifest::drawing_of(directory));
            write_all(&plan, &store, &execution).map(drop)
        }
        // Without any table there can be no report.
        Some(Err(reason)) if !directory.join("runs.csv").is_file() => Err(reason),
        Some(Err(_)) | None => Ok(()),
    }
}

/// Whether the experiment's data differs from the data that the manifest names.
fn other_data(plan: &Plan, soundness: &Soundness) -> bool {
    let Some(manifest) = soundness.manifest() else {
        return false;
    };
    let known = manifest.data();
    let data = manifest::data_digests(plan);
    data.iter().any(|digest| !known.contains(digest.as_str()))
}
