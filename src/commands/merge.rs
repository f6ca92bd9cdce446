//! The command `runner merge DIR …`, which joins the shards of an experiment.

use std::path::Path;
use std::time::SystemTime;

use serde_json::json;

use super::exit::{SOME_FAILED, SUCCESS};
use super::expectations::{self, Suite};
use super::soundness::Soundness;
use crate::cli::MergeArguments;
use crate::plan::{Plan, RunKey, plan};
use crate::record::manifest::{Execution, drawing_of};
use crate::record::merge::merge;
use crate::record::{Store, begun};
use crate::report::terminal;
use crate::text;
use crate::voice::{display, print_json, say, screen};
use crate::writing::{Written, write_all};
use problems::Error;

/// The most missing runs that are named.
const NAMED: usize = 10;

/// Joins the shards and writes the results of the whole.
///
/// # Errors
/// If a directory is not a shard, the shards are from different experiments, or they lack runs
/// together.
pub fn join(arguments: &MergeArguments) -> Result<u8, Error> {
    let started = SystemTime::now();
    let language = arguments.voice.language();
    let junit = arguments.junit.as_deref();
    expectations::make_room(junit)?;
    let plan = common_plan(arguments)?;
    let directory = arguments
        .out
        .clone()
        .unwrap_or_else(|| Path::new("results").join(&plan.name));
    let mut store = Store::open(&directory, false)?;
    begun::note(&plan, &directory)?;
    for (shard, damage) in merge(&plan, &arguments.shards, &mut store)? {
        super::run::warn_of_damage(language, &shard, damage);
    }
    let missing: Vec<usize> = (0..plan.runs.len())
        .filter(|&index| !store.has(&plan.runs[index].key))
        .collect();
    if !missing.is_empty() {
        return Err(Error::Other(format!(
            "{} of {} runs of {} are in none of the shards: {}; what there is is kept in {}: merge the \
             missing shards into it, or run the experiment with --out {}",
            missing.len(),
            plan.runs.len(),
            plan.name,
            ranges(&missing),
            directory.display(),
            directory.display(),
        )));
    }
    let execution = Execution {
        started,
        command: std::env::args_os().collect(),
        jobs: rayon::current_num_threads(),
        trained: 0,
        train_seconds: 0.0,
        shard: None,
        language,
        drawing: drawing_of(&directory),
    };
    let Written {
        results: written,
        ranking,
        expectations: judged,
    } = write_all(&plan, &store, &execution)?;
    let outcomes = &written.outcomes;
    if !arguments.voice.quiet {
        if !arguments.voice.json {
            let screen = screen(arguments.voice);
            display(&terminal::ending(&ranking, &screen))?;
            expectations::show(language, &judged, &screen)?;
        }
        let directory = directory.display().to_string();
        say(&text!(
            language,
            "merge-joined",
            name = &plan.name,
            runs = outcomes.finished(),
            shards = arguments.shards.len(),
            directory = &directory
        ));
        if written.models_missing > 0 {
            say(&text!(
                language,
                "merge-models-missing",
                count = written.models_missing,
                directory = directory
            ));
        }
    }
    print_json(
        arguments.voice,
        vec![json!({
            "name": plan.name,
            "results": directory.display().to_string(),
            "runs": plan.runs.len(),
            "finished": outcomes.finished(),
            "ok": outcomes.ok,
            "stopped": outcomes.stopped,
            "diverged": outcomes.diverged,
            "failed": outcomes.failed,
            "ranking": ranking,
            "expectations": judged,
        })],
    )?;
    let code = if outcomes.bad() { SOME_FAILED } else { SUCCESS };
    let code = code.max(expectations::conclude(language, &plan.name, &judged));
    expectations::write_junit(language, junit, &[Suite::of(&plan, &execution, judged)])?;
    Ok(code)
}

/// The experiment of all shards.
fn common_plan(arguments: &MergeArguments) -> Result<Plan, Error> {
    let mut common: Option<Plan> = None;
    for shard in &arguments.shards {
        let plan = plan_of(shard)?;
        match &common {
            None => common = Some(plan),
            Some(first) => {
                if keys(first) != keys(&plan) {
                    return Err(Error::Other(format!(
                        "{} and {} hold different experiments; only shards of one can be merged",
                        arguments.shards[0].display(),
                        shard.display()
                    )));
                }
            }
        }
    }
    common.ok_or_else(|| Error::Other("there is no shard to merge".to_owned()))
}

/// The experiment of a shard, even if its training was killed.
fn plan_of(shard: &Path) -> Result<Plan, Error> {
    if let Some(begun) = begun::found(shard) {
        return plan(&begun, &[]);
    }
    let document = shard.join("experiment.toml");
    if !document.is_file() {
        return Err(Error::Other(format!(
            "{} has no experiment.toml: it is not the directory of a shard",
            shard.display()
        )));
    }
    let document_alone = |name: &str| name == "experiment.toml";
    Soundness::of(shard, document_alone).refuse_only(document_alone)?;
    plan(&document, &[])
}

fn keys(plan: &Plan) -> Vec<RunKey> {
    plan.runs.iter().map(|run| run.key).collect()
}

/// Ascending numbers as `0-3, 7, 9-12`; only the first ranges if there are many.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let named = ranges.iter().take(NAMED);
    let mut text: Vec<String> = named
        .map(|&(first, last)| match last - first {
            0 => first.to_string(),
            _ => format!("{first}-{last}"),
        })
        .collect();
    if ranges.len() > NAMED {
        text.push("…".to_owned());
    }
    text.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_joined_to_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2, 5, 7-8");
        let odd: Vec<usize> = (0..100).map(|i| 2 * i + 1).collect();
        assert_eq!(ranges(&odd), "1, 3, 5, 7, 9, 11, 13, 15, 17, 19, …");
    }
}
