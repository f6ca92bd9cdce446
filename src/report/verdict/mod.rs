//! The comparison in sentences.

mod constants;
mod levels;
mod notes;

use super::comparison::{Comparison, Level};
use super::number::{list, significant};
use super::results::Results;
use crate::likeness::{Quantity, Side};
use crate::record::grounds::Standing;
use constants::without_a_network;
use levels::{of_levels, of_numbers};
pub use notes::{equal_samples, footing, no_record, notes};
use statistics::description::describe;

/// How many names a sentence lists.
const LISTED: usize = 4;

/// Of more values of a number than these a sentence gives the range.
const MANY: usize = 10;

/// Which is better, in a sentence or two, and what needs no network beside it; before it, how many
/// runs there are of an experiment that is not finished.
pub fn headline(results: &Results, comparison: &Comparison, standings: &[Standing]) -> String {
    let answer = answer(results, comparison, standings);
    match results.unfinished() {
        None => answer,
        Some([finished, planned]) => format!("Unfinished: {finished} of {planned} runs. {answer}"),
    }
}

fn answer(results: &Results, comparison: &Comparison, standings: &[Standing]) -> String {
    let metric = &comparison.metric;
    if comparison.ranked.is_empty() {
        return "No run is finished yet.".to_owned();
    }
    if comparison.descriptions.iter().all(|of| of.mean.is_none()) {
        return no_value(results, comparison);
    }
    let terms = &results.terms;
    if !terms.ranked {
        return format!(
            "No verdict: the configurations differ in {}, so their {metric} means different things, and \
             there is no metric that all have.",
            list(&terms.differences)
        );
    }
    let parts = terms.parts.iter().enumerate().take(LISTED);
    let parts: Vec<String> = parts
        .map(|(part, name)| {
            let text = of_part(results, comparison, standings, part);
            if name.is_empty() {
                text
            } else {
                format!("On {name}: {text}")
            }
        })
        .collect();
    let mut text = parts.join(" ");
    if terms.parts.len() > LISTED {
        text += &format!(" And {} more.", terms.parts.len() - LISTED);
    }
    text
}

/// Why no configuration has a value.
fn no_value(results: &Results, comparison: &Comparison) -> String {
    let metric = &comparison.metric;
    let ended = results
        .runs
        .iter()
        .filter(|run| run.status.has_result())
        .count();
    if ended == 0 {
        return format!("Every run diverged or failed: there is no {metric} to compare.");
    }
    let why = match metric.ends_with("_r2") {
        true => "the targets that it is judged on do not vary",
        false => "the samples that it is judged on do not give one",
    };
    let others: Vec<String> = results
        .columns
        .iter()
        .enumerate()
        .filter(|(_, name)| Side::of(name) == Side::of(metric))
        .filter(|(index, _)| results.runs.iter().any(|run| run.numbers[*index].is_some()))
        .map(|(_, name)| name.clone())
        .collect();
    format!(
        "{metric} is undefined in every run that ended: {why}. It can be compared by {}.",
        list(&others)
    )
}

/// The headline of the configurations that are judged on the same samples.
fn of_part(
    results: &Results,
    comparison: &Comparison,
    standings: &[Standing],
    part: usize,
) -> String {
    let of_part = |c: &usize| results.terms.part[*c] == part;
    let all: Vec<usize> = comparison.ranked.iter().copied().filter(of_part).collect();
    let Some(&best) = all.first() else {
        return String::new();
    };
    if comparison.descriptions[best].mean.is_none() {
        return format!("there is no {} to compare.", comparison.metric);
    }
    let (before, beneath) = without_a_network(results, comparison, standings, best);
    let levels = comparison.levels.iter().filter(|level| level.part == part);
    let levels: Vec<&Level> = levels.collect();
    let text = match comparison.answer() {
        Some(answer) if levels.len() > 1 => {
            if levels.len() > MANY
                && levels
                    .iter()
                    .all(|level| level.value.parse::<f64>().is_ok())
            {
                of_numbers(results, comparison, answer, &levels, &all)
            } else {
                of_levels(results, comparison, answer, &levels, &all)
            }
        }
        _ => of_one(results, comparison, best, &all),
    };
    before + &text + &beneath
}

/// The value of the best configuration, as in `a mean valid_loss of 0.02 (valid_accuracy 0.97)`.
fn value(results: &Results, comparison: &Comparison, best: usize) -> String {
    let description = &comparison.descriptions[best];
    let mean = description
        .mean
        .map_or(String::new(), |mean| significant(mean, 3));
    let article = if description.count > 1 { "a mean" } else { "a" };
    format!(
        "{article} {} of {mean}{}",
        comparison.metric,
        beside_words(results, best)
    )
}

/// The mean of the metric beside the compared one, in brackets.
fn beside_words(results: &Results, configuration: usize) -> String {
    let Some(column) = beside(results) else {
        return String::new();
    };
    let values = results.outcomes_of(&column, configuration).into_iter();
    let values: Vec<f64> = values.filter_map(|value| value.1).collect();
    let mean = describe(&values).mean;
    mean.map_or(String::new(), |mean| {
        format!(" ({column} {})", significant(mean, 3))
    })
}

/// The metric that stands beside a compared loss: the first one of the same side that a run has.
pub fn beside(results: &Results) -> Option<String> {
    let metric = &results.experiment.metric;
    let side = Side::of(metric).filter(|_| Quantity::of(metric) == Quantity::Loss)?;
    let mut columns = results.columns.iter().enumerate();
    let found = columns.find(|(index, name)| {
        Side::of(name) == Some(side)
            && Quantity::of(name) == Quantity::Score
            && results.runs.iter().any(|run| run.numbers[*index].is_some())
    });
    found.map(|(_, name)| name.clone())
}

/// After how many epochs the networks of these configurations are compared.
fn after(results: &Results, configurations: &[usize]) -> String {
    let runs = configurations
        .iter()
        .flat_map(|&c| &results.configurations[c].runs);
    let runs = runs
        .map(|&run| &results.runs[run])
        .filter(|run| run.status.has_result());
    let epochs: Vec<u64> = runs
        .map(|run| run.kept_epoch.unwrap_or(run.epochs))
        .collect();
    match (epochs.iter().min(), epochs.iter().max()) {
        (Some(1), Some(1)) => " after 1 epoch".to_owned(),
        (Some(least), Some(most)) if least == most => format!(" after {most} epochs"),
        (Some(least), Some(most)) => format!(" after {least} to {most} epochs"),
        _ => String::new(),
    }
}

/// The headline of a single configuration, or of several that no key sets against each other.
fn of_one(results: &Results, comparison: &Comparison, best: usize, all: &[usize]) -> String {
    let description = &comparison.descriptions[best];
    let metric = &comparison.metric;
    let mean = description
        .mean
        .map_or(String::new(), |mean| significant(mean, 3));
    let after = after(results, &[best]);
    let beside = beside_words(results, best);
    if all.len() > 1 {
        let keys = comparison.naming_keys(results);
        return format!(
            "{} has the {} {metric}{after}, {mean}{beside}.",
            results.label(best, &keys),
            extreme(comparison)
        );
    }
    match description.interval.filter(|_| description.count > 2) {
        Some((low, high)) => format!(
            "One configuration: its mean {metric}{after} is {mean}{beside}, with a 95 % interval from {} to {}.",
            significant(low, 3),
            significant(high, 3)
        ),
        None if description.count > 1 => format!(
            "One configuration, {} replicates: its mean {metric}{after} is {mean}{beside}.",
            description.count
        ),
        None => format!("One configuration, one replicate: its {metric}{after} is {mean}{beside}."),
    }
}

fn extreme(comparison: &Comparison) -> &'static str {
    if comparison.higher_is_better {
        "highest"
    } else {
        "lowest"
    }
}
