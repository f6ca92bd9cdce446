//! `manifest.json`: where results come from, and that they are complete. Facts that differ from one
//! execution to the next (times, machine, command) stand in this file alone.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use choices::Choice;
use rayon::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::drawing::Drawing;
use super::grounds::{Grounds, Standing};
use super::result_files::{Content, ResultFiles};
use crate::digest::hexadecimal;
use crate::language::Language;
use crate::plan::Plan;
use crate::text;
use data::Dataset;
use engine::ENGINE_VERSION;
use problems::Error;

/// The name of the manifest.
pub const NAME: &str = "manifest.json";

/// One execution of the program.
#[derive(Debug, Clone)]
pub struct Execution {
    /// The time when it began.
    pub started: SystemTime,
    /// The command line, word by word.
    pub command: Vec<OsString>,
    /// The number of threads.
    pub jobs: usize,
    /// The runs that it trained; the others were there before.
    pub trained: usize,
    /// The wall time of the training alone, in seconds.
    pub train_seconds: f64,
    /// The shard that was asked for, as `K/N`.
    pub shard: Option<String>,
    /// The language of the page.
    pub language: Language,
    /// The choices for drawing the pictures.
    pub drawing: Drawing,
}

/// The text of the manifest, the last file of a complete set of results. `more` are further files
/// of the directory (with `/`) that are made from the results; `grounds` and `standings` are the
/// grounds on which results are judged and the comparisons of the best networks with constant
/// answers.
pub fn of(
    plan: &Plan,
    written: &ResultFiles,
    more: &[(String, Content)],
    grounds: &Grounds,
    standings: &[Standing],
    execution: &Execution,
) -> String {
    let command: Vec<_> = execution
        .command
        .iter()
        .map(|word| word.to_string_lossy())
        .collect();
    let outcomes = &written.outcomes;
    let total = execution.started.elapsed().unwrap_or(Duration::ZERO);
    let mut manifest = json!({
        "name": plan.name,
        "description": plan.description,
        "complete": outcomes.missing == 0,
        "versions": {
            "runner": env!("CARGO_PKG_VERSION"),
            "engine": ENGINE_VERSION,
        },
        "runs": {
            "planned": plan.runs.len(),
            "ok": outcomes.ok,
            "stopped": outcomes.stopped,
            "diverged": outcomes.diverged,
            "exploded": outcomes.exploded,
            "failed": outcomes.failed,
            "missing": outcomes.missing,
            "trained_now": execution.trained,
        },
        "data": data(plan),
        "grounds": grounds,
        "standings": standings,
        "plots": execution.drawing.to_json(),
        "files": {},
        "sizes": {},
        "command": command,
        "language": execution.language.word(),
        "shard": execution.shard,
        "jobs": execution.jobs,
        "machine": machine(),
        "started": timestamp(execution.started),
        "train_seconds": execution.train_seconds,
        "epoch_seconds": epoch_seconds(written),
        "total_seconds": total.as_secs_f64(),
    });
    for (name, content) in written.files.iter().chain(more) {
        put(&mut manifest, name, content);
    }
    text(&manifest)
}

/// The text of the manifest of a directory whose files made from the tables are now exactly `made`;
/// the page among them has this language, and the pictures are drawn in this way. `None` for a
/// directory without a manifest.
pub fn remade(
    directory: &Path,
    made: &[(String, Content)],
    language: Language,
    drawing: &Drawing,
) -> Option<String> {
    let mut document = Manifest::read(directory)?.document;
    for table in ["files", "sizes"] {
        if let Some(entries) = document[table].as_object_mut() {
            entries.retain(|name, _| !name.starts_with("plots/"));
        }
    }
    document["language"] = json!(language.word());
    document["plots"] = drawing.to_json();
    for (name, content) in made {
        put(&mut document, name, content);
    }
    Some(text(&document))
}

/// The language of the page in `directory`, or English if the manifest does not name one.
pub fn language(directory: &Path) -> Language {
    let manifest = Manifest::read(directory);
    let word = manifest.as_ref();
    let word = word.and_then(|manifest| manifest.document["language"].as_str());
    word.and_then(Language::from_word)
        .unwrap_or(Language::English)
}

/// Whether the test part is the one that was sealed when the results in `directory` were made,
/// according to their manifest.
///
/// # Errors
/// If there is no manifest.
pub fn has_the_test_of(directory: &Path, dataset: &Dataset) -> Result<bool, Error> {
    let Some(manifest) = Manifest::read(directory) else {
        return Err(Error::Other(format!(
            "{} has no {NAME} that says which test part was sealed",
            directory.display()
        )));
    };
    let own = Value::from(hexadecimal(&dataset.digest()));
    let all = manifest.document["data"].as_array();
    let all = all.map_or(&[][..], Vec::as_slice);
    let stored = all.iter().find(|stored| stored["sha256"] == own);
    let sealed = stored.and_then(|stored| stored["test_sha256"].as_str());
    let test = dataset
        .test
        .as_ref()
        .map(|test| hexadecimal(&test.digest()));
    Ok(sealed.is_none_or(|sealed| test.as_deref() == Some(sealed)))
}

fn put(document: &mut Value, name: &str, content: &Content) {
    document["files"][name] = json!(content.digest);
    document["sizes"][name] = json!(content.size);
}

fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

/// The contents of a manifest about the files beside it.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The SHA-256 of each file, by its name with `/`.
    pub files: BTreeMap<String, String>,
    /// The bytes of each file; empty in manifests of older versions of the program.
    pub sizes: BTreeMap<String, u64>,
    /// The whole document.
    pub document: Value,
}

/// How the pictures in `directory` were drawn, according to its manifest; the default if it does
/// not say.
pub fn drawing_of(directory: &Path) -> Drawing {
    let manifest = Manifest::read(directory);
    let said = manifest.and_then(|manifest| Drawing::of(&manifest.document["plots"]));
    said.unwrap_or_default()
}

impl Manifest {
    /// The manifest in `directory`; `None` if it is missing, or was not written by a run.
    pub fn read(directory: &Path) -> Option<Self> {
        let text = data::file_text(&directory.join(NAME)).ok()?;
        let document: Value = serde_json::from_str(&text).ok()?;
        let files = document.get("files")?.as_object()?.iter();
        let files =
            files.filter_map(|(name, digest)| Some((name.clone(), digest.as_str()?.to_owned())));
        let files: BTreeMap<String, String> = files.filter(|(name, _)| is_inside(name)).collect();
        let sizes = document.get("sizes").and_then(Value::as_object);
        let sizes = sizes.into_iter().flatten();
        let sizes = sizes.filter_map(|(name, size)| Some((name.clone(), size.as_u64()?)));
        Some(Self {
            sizes: sizes.filter(|(name, _)| files.contains_key(name)).collect(),
            files,
            document,
        })
    }

    /// The number of finished runs and the number of planned ones; `None` if the manifest does not
    /// say.
    pub fn finished(&self) -> Option<[u64; 2]> {
        let runs = &self.document["runs"];
        let (planned, missing) = (runs["planned"].as_u64()?, runs["missing"].as_u64()?);
        Some([planned.saturating_sub(missing), planned])
    }

    /// The digests of the data that the runs were trained on.
    pub fn data(&self) -> HashSet<&str> {
        let data = self.document["data"].as_array();
        data.into_iter()
            .flatten()
            .filter_map(|data| data["sha256"].as_str())
            .collect()
    }

    /// The files in `directory` that differ from the manifest. The size of every file is checked,
    /// and the digest of those that are `used`.
    pub fn misfits(&self, directory: &Path, used: impl Fn(&str) -> bool + Sync) -> Vec<Misfit> {
        let files: Vec<(&String, &String)> = self.files.iter().collect();
        let misfits = files.par_iter().filter_map(|(name, digest)| {
            let path = directory.join(name);
            let what = match std::fs::metadata(&path) {
                Err(_) => Difference::Gone,
                Ok(found) if !found.is_file() => Difference::Gone,
                Ok(found) => match self.sizes.get(*name) {
                    Some(&size) if size != found.len() => Difference::Size {
                        said: size,
                        found: found.len(),
                    },
                    _ if used(name) => match digest_of(&path) {
                        Ok(found) if found == **digest => return None,
                        Ok(_) => Difference::Content,
                        Err(cause) => Difference::Unreadable(cause.to_string()),
                    },
                    _ => return None,
                },
            };
            Some(Misfit {
                file: (*name).clone(),
                what,
            })
        });
        misfits.collect()
    }
}

/// Whether a name in a manifest leads to a file inside the directory.
fn is_inside(name: &str) -> bool {
    use std::path::Component;
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// The SHA-256 of a file's bytes.
///
/// # Errors
/// If the file cannot be read.
pub fn digest_of(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 18];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hexadecimal(&digest.finalize())),
            count => digest.update(&block[..count]),
        }
    }
}

/// A file that differs from the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The file's name in the directory, with `/`.
    pub file: String,
    /// The kind of difference.
    pub what: Difference,
}

/// The difference between a file and its entry in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The file is missing.
    Gone,
    /// The file has another number of bytes.
    Size {
        /// The number of bytes in the manifest.
        said: u64,
        /// The number of bytes of the file.
        found: u64,
    },
    /// The file has the same number of bytes, but other contents.
    Content,
    /// The file cannot be read, for this reason.
    Unreadable(String),
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Language::English))
    }
}

impl Misfit {
    /// The difference as a message in this language.
    pub fn words(&self, language: Language) -> String {
        let file = &self.file;
        match &self.what {
            Difference::Gone => text!(language, "misfit-gone", file = file),
            Difference::Size { said, found } => text!(
                language,
                "misfit-size",
                file = file,
                found = found.to_string(),
                said = said.to_string()
            ),
            Difference::Content => {
                text!(language, "misfit-content", file = file, manifest = NAME)
            }
            Difference::Unreadable(cause) => {
                text!(language, "misfit-unreadable", file = file, cause = cause)
            }
        }
    }
}

/// The seconds of one epoch for each row of `summary.csv`, to three digits: one short number for a
/// configuration, whatever the number of its runs.
fn epoch_seconds(written: &ResultFiles) -> Vec<Option<f64>> {
    let rounded = |seconds: f64| format!("{seconds:.2e}").parse().ok();
    let all = written.epoch_seconds.iter();
    all.map(|seconds| seconds.and_then(rounded)).collect()
}

/// The digests of the data sets of a plan, each of them once.
pub fn data_digests(plan: &Plan) -> Vec<String> {
    let datasets = datasets(plan);
    datasets
        .map(|dataset| hexadecimal(&dataset.digest()))
        .collect()
}

/// The data sets on which any configuration trains, each of them once, in the order of the plan.
fn datasets(plan: &Plan) -> impl Iterator<Item = &Dataset> {
    let mut seen = HashSet::new();
    plan.configurations
        .iter()
        .flat_map(|configuration| configuration.data.iter())
        .map(AsRef::as_ref)
        .filter(move |dataset: &&Dataset| seen.insert(dataset.digest()))
}

/// The entries about the data sets.
fn data(plan: &Plan) -> Vec<Value> {
    datasets(plan)
        .map(|dataset| {
            json!({
                "sha256": hexadecimal(&dataset.digest()),
                "train_samples": dataset.train.x.nrows(),
                "valid_samples": dataset.valid.as_ref().map_or(0, |valid| valid.x.nrows()),
                "test_samples": dataset.test.as_ref().map_or(0, data::Sealed::count),
                "test_sha256": dataset.test.as_ref().map(|test| hexadecimal(&test.digest())),
                "features": dataset.preparation.features,
                "targets": dataset.preparation.targets,
                "classes": dataset.preparation.classes,
            })
        })
        .collect()
}

/// The entry about the machine.
fn machine() -> Value {
    json!({
        "os": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "cpu": cpu_name(),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
    })
}

/// The name of the processor, where the system has it in a file.
fn cpu_name() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// A time as `2026-01-31T23:59:59Z` (the proleptic Gregorian calendar, Hinnant 2013).
pub fn timestamp(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs();
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March, so that the leap day is the last day of a year; day 0 is 1 March 0000.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_dates_of_the_calendar() {
        let at = |seconds| timestamp(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(at(1_767_225_599), "2025-12-31T23:59:59Z");
        assert_eq!(at(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
