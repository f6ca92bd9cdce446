//! The result files of a directory, written from its store.

use std::collections::HashSet;
use std::path::Path;

use rayon::prelude::*;

use super::layout::{DIRECTORIES, DIRECTORY, FILES, MADE_FROM_TABLES};
use super::looks;
use super::ownership::Ownership;
use super::patience;
use super::result_files::{Content, Files, Outcomes, ResultFiles};
use super::run_record::RunRecord;
use super::store::Store;
use super::summary::{self, Tally};
use super::table_files::write_tables;
use super::whole_file::settle;
use crate::model::{self, Model, Training};
use crate::plan::{Models, Plan};
use problems::Error;

impl Outcomes {
    /// The outcomes of the plan's runs, according to the store.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn of(plan: &Plan, store: &Store) -> Result<Self, Error> {
        let mut outcomes = Self::default();
        for (index, run) in plan.runs.iter().enumerate() {
            outcomes.add(plan, index, store.head(&run.key)?.as_ref());
        }
        Ok(outcomes)
    }
}

/// Writes `experiment.toml`, `runs.csv`, `history.csv`, `summary.csv` and `models/` from the plan's
/// runs in the store, in plan order. Returns also the `wanted` columns that the history has. Runs
/// that are missing in the store have no rows. The manifest is missing from the first replaced file
/// on, until a new one is written.
///
/// # Errors
/// If a file cannot be written or the journal not read, or if a person's file has the name of a
/// result; the store stays as it is.
pub fn write(plan: &Plan, store: &Store, wanted: &[String]) -> Result<ResultFiles, Error> {
    let new = store.directory().join(DIRECTORY).join("new");
    remove_directory(&new)?;
    std::fs::create_dir_all(&new).map_err(Error::file("cannot make", &new))?;
    let written = write_new(plan, store, wanted, &new)
        .and_then(|written| put_into_place(plan, store.directory(), &new, written));
    // After a failure (a full disk), unfinished files are removed.
    let removed = remove_directory(&new);
    let written = written?;
    removed?;
    Ok(written)
}

/// Writes into the empty directory `new` the files that [`write()`] puts into their places.
///
/// # Errors
/// If a file cannot be written or the journal not read.
pub fn write_new(
    plan: &Plan,
    store: &Store,
    wanted: &[String],
    new: &Path,
) -> Result<ResultFiles, Error> {
    let mut written = ResultFiles::default();
    let mut files = Files {
        new,
        written: Vec::new(),
    };
    let document = plan.document(store.directory())?;
    files.write("experiment.toml", document.as_bytes())?;
    let tallies = write_tables(plan, store, &mut files, &mut written, wanted)?;
    written.epoch_seconds = summary::epoch_seconds(&tallies);
    files.write("summary.csv", &summary::table(plan, &tallies))?;
    let (models, missing) = write_models(plan, store, &tallies, new)?;
    written.models_missing = missing;
    written.files = files.written;
    written.files.extend(models);
    Ok(written)
}

/// Puts the files under `new` into their places, once they are on the disk. The program's files
/// that have no successor are removed.
fn put_into_place(
    plan: &Plan,
    directory: &Path,
    new: &Path,
    mut written: ResultFiles,
) -> Result<ResultFiles, Error> {
    let mut own = Ownership::read(directory)?;
    let names = || written.files.iter().map(|(name, _)| name.as_str());
    own.claim(FILES.into_iter().chain(names()))?;
    settle(directory)?;

    own.remove(FILES.into_iter().take(MADE_FROM_TABLES))?;
    let new_names: HashSet<&str> = names().collect();
    for inner in DIRECTORIES {
        let old = own.inside(inner);
        let old = old.iter().map(String::as_str);
        own.remove(old.filter(|name| !new_names.contains(name)))?;
    }
    let models = directory.join("models");
    if new.join("models").is_dir() {
        std::fs::create_dir_all(&models).map_err(Error::file("cannot make", &models))?;
    }
    for name in names() {
        rename(&new.join(name), &directory.join(name))?;
    }
    match looks::of_plan(directory, plan)? {
        Some(bytes) => written
            .files
            .push(("test.csv".to_owned(), Content::of(&bytes))),
        None => own.remove(["test.csv"])?,
    }
    Ok(written)
}

/// Writes the models that are kept. Returns how many of them are missing in the store.
fn write_models(
    plan: &Plan,
    store: &Store,
    tallies: &[Tally],
    new: &Path,
) -> Result<(Vec<(String, Content)>, usize), Error> {
    let mut kept: Vec<usize> = match plan.output.models {
        Models::None => Vec::new(),
        Models::Best => tallies.iter().filter_map(|tally| tally.best).collect(),
        Models::All => (0..plan.runs.len()).collect(),
    };
    // Variants with the same settings share their runs, and so a model.
    let mut seen = HashSet::new();
    kept.retain(|&index| seen.insert(plan.runs[index].key));
    let directory = new.join("models");
    if !kept.is_empty() {
        std::fs::create_dir_all(&directory).map_err(Error::file("cannot make", &directory))?;
    }
    let written: Vec<Option<(String, Content)>> = kept
        .par_iter()
        .map(|&index| {
            let run = &plan.runs[index];
            let Some(record) = store.read(&run.key)? else {
                return Ok(None);
            };
            let Some(model) = to_model(plan, index, record) else {
                return Ok(None);
            };
            let bytes = model::bytes(&model, &run.key.to_string());
            let name = format!("{}.safetensors", run.key);
            let path = directory.join(&name);
            std::fs::write(&path, &bytes).map_err(Error::file("cannot write", &path))?;
            Ok(Some((format!("models/{name}"), Content::of(&bytes))))
        })
        .collect::<Result<_, Error>>()?;
    let written: Vec<(String, Content)> = written.into_iter().flatten().collect();
    let expected = match plan.output.models {
        Models::All => kept
            .iter()
            .filter(|&&index| {
                let head = store.head(&plan.runs[index].key);
                matches!(head, Ok(Some(head)) if head.status.has_result())
            })
            .count(),
        _ => kept.len(),
    };
    let missing = expected.saturating_sub(written.len());
    Ok((written, missing))
}

/// The model of a finished run, if its parameters were kept.
pub fn to_model(plan: &Plan, index: usize, record: RunRecord) -> Option<Model> {
    let run = &plan.runs[index];
    let configuration = &plan.configurations[run.configuration];
    let (precision, parameters) = record.model.filter(|_| record.head.status.has_result())?;
    let settings = &configuration.settings;
    let outputs = configuration
        .architecture
        .layers
        .last()
        .copied()
        .unwrap_or(1);
    let targets = &configuration.dataset(run).train.y;
    // The second class is the positive one by default.
    let positive = Some(settings.positive).filter(|&positive| positive != 1);
    Some(Model {
        training: Training {
            class_weights: settings.class_weights.resolve(targets.iter(), outputs),
            positive,
            dropout: settings.dropout.clone(),
        },
        architecture: (*configuration.architecture).clone(),
        preparation: configuration.dataset(run).preparation.clone(),
        loss: configuration.settings.loss,
        precision,
        parameters,
    })
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    patience::rename(from, to).map_err(Error::file("cannot write", to))
}

fn remove_directory(path: &Path) -> Result<(), Error> {
    patience::remove_directory(path).map_err(Error::file("cannot remove", path))
}
