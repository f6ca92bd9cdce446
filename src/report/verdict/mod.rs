//! The comparison in sentences.

mod constants;
mod levels;
mod notes;

use super::comparison::{Comparison, Level};
use super::number::significant;
use super::results::Results;
use crate::likeness::{Quantity, Side};
use crate::record::grounds::Standing;
use crate::text;
pub use constants::always_heading;
use constants::without_a_network;
use levels::{of_levels, of_numbers};
pub use notes::{equal_samples, footing, no_record, notes};
use statistics::description::describe;

/// The most names that a sentence lists.
const LISTED: usize = 4;

/// Of more values of a number than this, a sentence gives the range.
const MANY: usize = 10;

/// The verdict in one or two sentences, with the constant answers beside it. For an unfinished
/// experiment, the number of its runs stands first.
pub fn headline(results: &Results, comparison: &Comparison, standings: &[Standing]) -> String {
    let language = results.language;
    let answer = answer(results, comparison, standings);
    match results.unfinished() {
        None => answer,
        Some([finished, planned]) => {
            let unfinished = text!(
                language,
                "verdict-unfinished",
                count = finished,
                all = planned
            );
            language.sentences([unfinished, answer])
        }
    }
}

fn answer(results: &Results, comparison: &Comparison, standings: &[Standing]) -> String {
    let language = results.language;
    let metric = &comparison.metric;
    if comparison.ranked.is_empty() {
        return text!(language, "verdict-no-run");
    }
    if comparison.descriptions.iter().all(|of| of.mean.is_none()) {
        return no_value(results, comparison);
    }
    let terms = &results.terms;
    if !terms.ranked {
        return text!(
            language,
            "verdict-nothing-in-common",
            differences = language.list(&terms.differences),
            metric = metric
        );
    }
    let parts = terms.parts.iter().enumerate().take(LISTED);
    let mut parts: Vec<String> = parts
        .map(|(part, name)| {
            let text = of_part(results, comparison, standings, part);
            if name.is_empty() {
                text
            } else {
                text!(language, "verdict-on-part", part = name, verdict = text)
            }
        })
        .collect();
    if terms.parts.len() > LISTED {
        let more = terms.parts.len() - LISTED;
        parts.push(text!(language, "verdict-more-parts", count = more));
    }
    language.sentences(parts)
}

/// The reason why no configuration has a value.
fn no_value(results: &Results, comparison: &Comparison) -> String {
    let language = results.language;
    let metric = &comparison.metric;
    let ended = results
        .runs
        .iter()
        .filter(|run| run.status.has_result())
        .count();
    if ended == 0 {
        return text!(language, "verdict-no-run-with", metric = metric);
    }
    let why = match metric.ends_with("_r2") {
        true => "targets",
        false => "samples",
    };
    let others: Vec<String> = results
        .columns
        .iter()
        .enumerate()
        .filter(|(_, name)| Side::of(name) == Side::of(metric))
        .filter(|(index, _)| results.runs.iter().any(|run| run.numbers[*index].is_some()))
        .map(|(_, name)| name.clone())
        .collect();
    text!(
        language,
        "verdict-undefined",
        metric = metric,
        why = why,
        others = language.list(&others)
    )
}

/// The headline for the configurations that are judged on the same samples.
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
        let metric = &comparison.metric;
        return text!(results.language, "verdict-no-value", metric = metric);
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
    results.language.sentences([before, text, beneath])
}

/// The value of the best configuration, as in `a mean valid_loss of 0.02 (valid_accuracy 0.97)`.
fn value(results: &Results, comparison: &Comparison, best: usize) -> String {
    let description = &comparison.descriptions[best];
    let mean = description
        .mean
        .map_or(String::new(), |mean| significant(mean, 3));
    text!(
        results.language,
        "verdict-value",
        count = description.count,
        metric = &comparison.metric,
        mean = mean + &beside_words(results, best)
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
        let value = significant(mean, 3);
        text!(
            results.language,
            "verdict-beside",
            column = column,
            value = value
        )
    })
}

/// The metric that is shown beside a compared loss: the first one of the same side that a run has.
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

/// The epochs after which the networks of these configurations are compared; the text stands before
/// or after the metric and has the space that it needs.
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
    let language = results.language;
    match (epochs.iter().min(), epochs.iter().max()) {
        (Some(least), Some(most)) if least == most => {
            text!(language, "verdict-after", epochs = most)
        }
        (Some(least), Some(most)) => {
            text!(language, "verdict-after-range", least = least, most = most)
        }
        _ => String::new(),
    }
}

/// The headline for a single configuration, or for several without a compared key.
fn of_one(results: &Results, comparison: &Comparison, best: usize, all: &[usize]) -> String {
    let language = results.language;
    let description = &comparison.descriptions[best];
    let metric = &comparison.metric;
    let mean = description
        .mean
        .map_or(String::new(), |mean| significant(mean, 3));
    let after = after(results, &[best]);
    let mean = mean + &beside_words(results, best);
    if all.len() > 1 {
        let keys = comparison.naming_keys(results);
        return text!(
            language,
            "verdict-extreme",
            name = results.label(best, &keys),
            extreme = extreme(comparison),
            metric = metric,
            after = after,
            mean = mean
        );
    }
    match description.interval.filter(|_| description.count > 2) {
        Some((low, high)) => text!(
            language,
            "verdict-one-with-interval",
            metric = metric,
            after = after,
            mean = mean,
            low = significant(low, 3),
            high = significant(high, 3)
        ),
        None => text!(
            language,
            "verdict-one",
            count = description.count,
            metric = metric,
            after = after,
            mean = mean
        ),
    }
}

/// The best end of the values, by its name in the messages.
fn extreme(comparison: &Comparison) -> &'static str {
    if comparison.higher_is_better {
        "highest"
    } else {
        "lowest"
    }
}
