//! Several experiments as one: `experiment` becomes a key, and all else follows.

use std::path::Path;

use super::results::{Configuration, Results};
use crate::record::history::History;
use problems::Error;

/// The key that tells the experiments apart.
const KEY: &str = "experiment";

/// Joins finished results, to be compared by experiment, by the metric of the first.
///
/// # Errors
/// If one of them lacks that metric.
pub fn join(all: Vec<Results>, histories: Vec<History>) -> Result<(Results, History), Error> {
    let names = names(&all);
    let mut keys = vec![KEY.to_owned()];
    for key in all.iter().flat_map(|results| &results.keys) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    let first = &all[0];
    let metric = first.experiment.metric.clone();
    let mut joined = Results {
        keys,
        configurations: Vec::new(),
        runs: Vec::new(),
        columns: vec![metric.clone()],
        ..first.clone()
    };
    joined.experiment.by = KEY.to_owned();
    let mut offsets = Vec::new();
    for (results, name) in all.into_iter().zip(names) {
        let Some(column) = results.column(&metric) else {
            return Err(Error::Other(format!(
                "{} has no column `{metric}`, by which {} is compared",
                results.directory.join("runs.csv").display(),
                joined.directory.display()
            )));
        };
        let first_run = joined.runs.len();
        let offset = joined.runs.last().map_or(0, |run| run.number + 1);
        offsets.push(offset);
        for configuration in results.configurations {
            let values = joined.keys.iter().map(|key| match key.as_str() {
                KEY => name.clone(),
                key => {
                    let index = results.keys.iter().position(|other| other == key);
                    index.map_or(String::new(), |index| configuration.values[index].clone())
                }
            });
            joined.configurations.push(Configuration {
                design: configuration.design,
                number: joined.configurations.len(),
                values: values.collect(),
                runs: configuration
                    .runs
                    .iter()
                    .map(|run| run + first_run)
                    .collect(),
            });
        }
        for mut run in results.runs {
            run.number += offset;
            run.numbers = vec![run.numbers[column]];
            joined.runs.push(run);
        }
    }
    let history = History::join(histories, &offsets);
    Ok((joined, history))
}

/// A name for each: that of the experiment, or its directory where two have the same.
fn names(all: &[Results]) -> Vec<String> {
    let directory = |path: &Path| path.display().to_string();
    all.iter()
        .map(|results| {
            let name = &results.experiment.name;
            let same = all
                .iter()
                .filter(|other| other.experiment.name == *name)
                .count();
            if same > 1 {
                directory(&results.directory)
            } else {
                name.clone()
            }
        })
        .collect()
}

/// Why the comparison may not be a fair one, in sentences.
pub fn doubts(all: &[Results]) -> Vec<String> {
    let mut doubts = Vec::new();
    let data = |results: &Results| results.experiment.document.get("data").cloned();
    if all.iter().any(|results| data(results) != data(&all[0])) {
        doubts.push(
            "the experiments do not have the same [data]: a difference may lie in it".to_owned(),
        );
    }
    if all
        .iter()
        .any(|results| results.experiment.seed != all[0].experiment.seed)
    {
        doubts.push(
            "the experiments do not have the same seed: their replicates are paired by number alone, \
             and start from nothing in common"
                .to_owned(),
        );
    }
    let loss = |results: &Results| {
        let training = results.experiment.document.get("training");
        training.and_then(|training| training.get("loss")).cloned()
    };
    if all.iter().any(|results| loss(results) != loss(&all[0])) {
        doubts.push(
            "the experiments do not have the same loss: its values mean different things"
                .to_owned(),
        );
    }
    doubts
}
