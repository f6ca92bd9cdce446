//! `manifest.json`: where results come from, and that they are complete. What may differ from one
//! execution to the next (times, machine, command) stands here and in no other file.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::numbers::hexadecimal;
use super::results::{Written, rename};
use super::store::DIRECTORY;
use crate::plan::Plan;
use engine::ENGINE_VERSION;
use problems::Error;

/// One execution of the program.
#[derive(Debug, Clone)]
pub struct Execution {
    /// When it began.
    pub started: SystemTime,
    /// The command line, word by word.
    pub command: Vec<String>,
    /// Threads.
    pub jobs: usize,
    /// Runs trained by it; the others were there.
    pub trained: usize,
    /// The wall time of the training alone, in seconds.
    pub train_seconds: f64,
    /// The shard it was asked for, as `K/N`.
    pub shard: Option<String>,
}

/// Writes the manifest: the last file of a complete set of results. `more` are further files of the
/// directory (with `/`) that belong to the results, made from them, and their digests.
///
/// # Errors
/// If the file cannot be written.
pub fn write(
    directory: &Path,
    plan: &Plan,
    written: &Written,
    more: &[(String, String)],
    execution: &Execution,
) -> Result<(), Error> {
    let files = written.digests.iter().chain(more);
    let files: BTreeMap<&str, &str> = files
        .map(|(name, digest)| (name.as_str(), digest.as_str()))
        .collect();
    let outcomes = &written.outcomes;
    let total = execution.started.elapsed().unwrap_or(Duration::ZERO);
    let manifest = json!({
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
        "files": files,
        "command": execution.command,
        "shard": execution.shard,
        "jobs": execution.jobs,
        "machine": machine(),
        "started": timestamp(execution.started),
        "train_seconds": execution.train_seconds,
        "epoch_seconds": epoch_seconds(written),
        "total_seconds": total.as_secs_f64(),
    });
    replace(directory, &manifest)
}

/// Puts files that were made after the results into the manifest, with their digests.
///
/// # Errors
/// If there is no manifest, or it cannot be written.
pub fn amend(directory: &Path, files: &[(String, String)]) -> Result<(), Error> {
    let path = directory.join("manifest.json");
    let text = std::fs::read_to_string(&path).map_err(Error::file("cannot read", &path))?;
    let broken = |cause| Error::Other(format!("cannot read {}: {cause}", path.display()));
    let mut manifest: Value = serde_json::from_str(&text).map_err(broken)?;
    for (name, digest) in files {
        manifest["files"][name] = json!(digest);
    }
    replace(directory, &manifest)
}

/// Whether the test part is the one that was sealed when the results in `directory` were made, as far as
/// their manifest says.
///
/// # Errors
/// If there is no manifest.
pub fn has_the_test_of(directory: &Path, dataset: &data::Dataset) -> Result<bool, Error> {
    let path = directory.join("manifest.json");
    let text = std::fs::read_to_string(&path).map_err(Error::file("cannot read", &path))?;
    let broken = |cause| Error::Other(format!("cannot read {}: {cause}", path.display()));
    let manifest: Value = serde_json::from_str(&text).map_err(broken)?;
    let own = Value::from(hexadecimal(&dataset.digest()));
    let all = manifest["data"].as_array().map_or(&[][..], Vec::as_slice);
    let stored = all.iter().find(|stored| stored["sha256"] == own);
    let sealed = stored.and_then(|stored| stored["test_sha256"].as_str());
    let test = dataset
        .test
        .as_ref()
        .map(|test| hexadecimal(&test.digest()));
    Ok(sealed.is_none_or(|sealed| test.as_deref() == Some(sealed)))
}

/// Writes the manifest in one step.
fn replace(directory: &Path, manifest: &Value) -> Result<(), Error> {
    let mut text = format!("{manifest:#}");
    text.push('\n');
    let new = directory.join(DIRECTORY).join("manifest.json");
    std::fs::write(&new, text).map_err(Error::file("cannot write", &new))?;
    rename(&new, &directory.join("manifest.json"))
}

/// For each row of `summary.csv` the seconds of one epoch, to three digits: one short number for a
/// configuration, however many runs it has.
fn epoch_seconds(written: &Written) -> Vec<Option<f64>> {
    let rounded = |seconds: f64| format!("{seconds:.2e}").parse().ok();
    let all = written.epoch_seconds.iter();
    all.map(|seconds| seconds.and_then(rounded)).collect()
}

/// Each data set that any configuration trains on, once, in the order of the plan.
fn data(plan: &Plan) -> Vec<Value> {
    let mut seen = HashSet::new();
    plan.configurations
        .iter()
        .flat_map(|configuration| configuration.data.iter())
        .filter(|dataset| seen.insert(dataset.digest()))
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

/// What the machine is.
fn machine() -> Value {
    json!({
        "os": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "cpu": cpu_name(),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
    })
}

/// The processor's name, where the system says it in a file.
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
    // Years begin in March, so that the leap day is a year's last; day 0 is 1 March 0000.
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
