//! Several experiments joined into one, with `experiment` as a key; the rest of a report works as
//! for one.

use std::path::Path;

use super::results::{Configuration, Results};
use crate::record::history::History;
use crate::text;
use problems::Error;

/// The key whose values are the experiments.
const KEY: &str = "experiment";

/// Joins finished results, to compare them by experiment. The metric is that of the first, or one
/// that all have if the values of that one have no ranking.
///
/// # Errors
/// If one of them lacks the metric of the first.
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
    for results in &all {
        if results.column(&metric).is_none() {
            return Err(Error::Other(format!(
                "{} has no column `{metric}`, by which {} is compared",
                results.directory.join("runs.csv").display(),
                first.directory.display()
            )));
        }
    }
    // The columns that all experiments have, in the order of the first.
    let columns = first.columns.iter().filter(|name| {
        let mut others = all.iter();
        others.all(|results| results.column(name).is_some())
    });
    let planned = |results: &Results| results.planned.unwrap_or(results.runs.len() as u64);
    let mut joined = Results {
        planned: Some(all.iter().map(planned).sum()),
        keys,
        configurations: Vec::new(),
        runs: Vec::new(),
        columns: columns.cloned().collect(),
        judged: Vec::new(),
        ..first.clone()
    };
    joined.experiment.by = KEY.to_owned();
    let mut offsets = Vec::new();
    for (results, name) in all.into_iter().zip(names) {
        let columns = joined.columns.iter().map(|name| results.column(name));
        let columns: Vec<usize> = columns.map(|column| column.expect("all have it")).collect();
        joined.judged.extend(results.judged);
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
            run.numbers = columns.iter().map(|&column| run.numbers[column]).collect();
            joined.runs.push(run);
        }
    }
    joined.settle();
    let history = History::join(histories, &offsets);
    Ok((joined, history))
}

/// The name of each: that of the experiment, or its directory if two experiments have the same
/// name.
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

/// The reasons why the comparison may be unfair, in sentences.
pub fn doubts(all: &[Results]) -> Vec<String> {
    let language = all[0].language;
    let mut doubts = Vec::new();
    let data = |results: &Results| results.experiment.document.get("data").cloned();
    if all.iter().any(|results| data(results) != data(&all[0])) {
        doubts.push(text!(language, "across-data"));
    }
    if all
        .iter()
        .any(|results| results.experiment.seed != all[0].experiment.seed)
    {
        doubts.push(text!(language, "across-seed"));
    }
    doubts
}
