//! The comparison in sentences.

use super::comparison::{Basis, Comparison, Family, Level, Pair};
use super::number::{list, short, significant};
use super::results::{Results, short_key, short_others};
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

/// How many names a sentence lists.
const LISTED: usize = 4;

/// Which is better, in a sentence or two.
pub fn headline(results: &Results, comparison: &Comparison) -> String {
    let metric = &comparison.metric;
    let Some(&best) = comparison.ranked.first() else {
        return "No run is finished yet.".to_owned();
    };
    let Some(mean) = comparison.descriptions[best].mean else {
        return format!("Every run diverged or failed: there is no {metric} to compare.");
    };
    let Some(answer) = comparison.answer() else {
        let description = &comparison.descriptions[best];
        return match description.interval {
            Some((low, high)) => format!(
                "One configuration: its mean {metric} is {}, with a 95 % interval from {} to {}.",
                significant(mean, 3),
                significant(low, 3),
                significant(high, 3)
            ),
            None => format!(
                "One configuration, one replicate: its {metric} is {}.",
                significant(mean, 3)
            ),
        };
    };
    let leader = &comparison.levels[0];
    let name = named(results, comparison, leader, true);
    let extreme = if comparison.higher_is_better {
        "highest"
    } else {
        "lowest"
    };
    let at = short_others(results, leader.best, comparison.by.as_deref());
    let at = if at.is_empty() {
        at
    } else {
        format!(" (at {at})")
    };
    let (mut better, mut unclear, mut untold) = (Vec::new(), Vec::new(), Vec::new());
    let mut contrary = Vec::new();
    for level in &comparison.levels[1..] {
        let pair = answer
            .pairs
            .iter()
            .find(|pair| pair.a == leader.best && pair.b == level.best);
        match pair.map(|pair| (pair, pair.paired.verdict)) {
            Some((_, Verdict::Better)) => better.push(level),
            Some((pair, Verdict::NoClearDifference)) => unclear.push((level, pair)),
            Some((pair, Verdict::Worse)) => contrary.push((level, pair)),
            _ => untold.push(level),
        }
    }
    let value = format!("a mean {metric} of {}", significant(mean, 3));
    if better.is_empty() && unclear.is_empty() && contrary.is_empty() {
        let replicates = comparison.descriptions[best].count + comparison.lost[best];
        let why = if results.resampled() && comparison.lost.iter().any(|&lost| lost > 0) {
            "Runs were lost: with folds or splits there are counts and no verdict."
        } else if replicates < 2 {
            "One replicate gives no verdict; with replicates = 5 or more there would be one."
        } else {
            "The difference is the same in every replicate, so there is nothing to tell chance by: no verdict."
        };
        return format!(
            "{name}{at} has the {extreme} {metric}, {}. {why}",
            significant(mean, 3)
        );
    }
    let levels = |levels: &[&Level]| names(results, comparison, levels);
    let unclear_levels: Vec<&Level> = unclear.iter().map(|(level, _)| *level).collect();
    let unclear_names = match names(results, comparison, &unclear_levels) {
        all if unclear.len() > LISTED => all.replacen("all ", "any of the ", 1),
        names => names,
    };
    let mut text = if better.is_empty() && unclear.is_empty() {
        format!(
            "{name}{at} has the {extreme} {metric} on average, {}.",
            significant(mean, 3)
        )
    } else if unclear.is_empty() {
        format!(
            "{name}{at} is better than {}, with {value}.",
            levels(&better)
        )
    } else if better.is_empty() {
        format!(
            "{name}{at} has the {extreme} {metric}, {}, but there is no clear difference from {}{}.",
            significant(mean, 3),
            unclear_names,
            needed(&unclear)
        )
    } else {
        format!(
            "{name}{at} leads with {value}: better than {}; no clear difference from {}{}.",
            levels(&better),
            unclear_names,
            needed(&unclear)
        )
    };
    for (level, pair) in contrary.iter().take(LISTED) {
        let of = &pair.paired;
        text += &format!(
            " But {} is better in {} of {} replicates: {}.",
            named(results, comparison, level, false),
            of.wins_b,
            of.pairs,
            if of.lost_b > of.lost_a {
                "it stands lower for those that it lost"
            } else {
                "a few bad runs spoil its mean"
            }
        );
    }
    if !untold.is_empty() {
        text += &format!(" No verdict on {}.", levels(&untold));
    }
    text
}

/// How many replicates the nearest of the unclear pairs would take.
fn needed(unclear: &[(&Level, &Pair)]) -> String {
    if unclear.iter().all(|(_, pair)| pair.paired.never_tells) {
        return " (more replicates of these samples cannot tell)".to_owned();
    }
    match unclear
        .iter()
        .filter_map(|(_, pair)| pair.paired.replicates_needed)
        .min()
    {
        Some(needed) if needed <= MOST_REPLICATES => {
            format!(" (about {needed} replicates could tell)")
        }
        Some(_) => format!(" (more than {MOST_REPLICATES} replicates would be needed to tell)"),
        None => String::new(),
    }
}

/// A value of `by`: a variant by its name, any other with its key where `full`.
fn named(results: &Results, comparison: &Comparison, level: &Level, full: bool) -> String {
    let value = short(&level.value);
    match comparison.by.as_deref() {
        Some("variant") | None => value,
        Some(key) if full && results.keys.iter().any(|k| k == key) => {
            format!("{} {value}", short_key(key))
        }
        Some(_) => value,
    }
}

/// Several values of `by`, or how many they are.
fn names(results: &Results, comparison: &Comparison, levels: &[&Level]) -> String {
    if levels.len() == comparison.levels.len() - 1 && levels.len() > LISTED {
        return format!("all {} others", levels.len());
    }
    if levels.len() > LISTED {
        return format!("{} others", levels.len());
    }
    let names: Vec<String> = levels
        .iter()
        .map(|level| named(results, comparison, level, false))
        .collect();
    list(&names)
}

/// Why pairs of a family have no verdict, where they have no record in common, and what would help.
pub fn no_record(family: &Family) -> Option<String> {
    let nearest = family.pairs.iter().filter_map(|pair| pair.nearest);
    let epochs = nearest.map(|nearest| nearest.epochs_needed).max()?;
    Some(format!(
        "No record in common: one side ends before the first record of the other, and what lies before a \
         record is not known. The means are the nearest there are, each after its own {}. With \
         {epochs} epochs for the shorter side there would be one.",
        family.basis.name()
    ))
}

/// Where the sides differ in their updates but not in their samples, the comparison at the end is
/// the one at equal samples: said, so that nobody looks for another.
pub fn equal_samples(comparison: &Comparison) -> Option<&'static str> {
    let has = |basis| {
        comparison
            .families
            .iter()
            .any(|family| family.basis == basis)
    };
    (has(Basis::Updates) && !has(Basis::Samples)).then_some(
        "Both sides of every pair see as many samples in all: the comparison at the end of training \
         is the one at equal samples seen.",
    )
}

/// How the values of `by` were compared and what varied, for beneath the headline.
pub fn footing(results: &Results, comparison: &Comparison) -> Vec<String> {
    let mut sentences = Vec::new();
    let tried = comparison
        .levels
        .iter()
        .map(|level| level.configurations.len())
        .max()
        .unwrap_or(0);
    if let (Some(by), true) = (comparison.by.as_deref(), tried > 1) {
        let others: Vec<String> = results
            .differing()
            .into_iter()
            .map(|key| short_key(&results.keys[key]).to_owned())
            .filter(|key| key != short_key(by))
            .collect();
        sentences.push(format!(
            "Each {} stands at its own best {}, chosen among up to {tried} by the same {}: the winner of many looks a little better than it is.",
            short_key(by),
            list(&others),
            comparison.metric,
        ));
    }
    let replicates = results
        .configurations
        .iter()
        .map(|c| c.runs.len())
        .max()
        .unwrap_or(0);
    match results.folds() {
        Some(folds) => sentences.push(format!(
            "Each configuration is judged on each of {folds} folds {}; each replicate draws its folds anew, \
             and {}. Of each configuration the network of replicate 0, fold 0 is kept and drawn.",
            match (replicates as u64).div_ceil(folds) {
                1 => "once".to_owned(),
                2 => "twice".to_owned(),
                times => format!("{times} times"),
            },
            varied(results)
        )),
        None if replicates > 1 => sentences.push(format!(
            "Between the {replicates} replicates {}.",
            varied(results)
        )),
        None => {}
    }
    if results.resampled() {
        sentences.push(
            "The runs learn from overlapping parts of the same samples, so the t-test and the intervals \
             are the corrected ones (Nadeau and Bengio 2003): they stay wide however many replicates \
             there are."
                .to_owned(),
        );
    }
    let lost: usize = comparison.lost.iter().sum();
    if lost > 0 {
        sentences.push(format!(
            "{lost} of {} runs diverged or did not finish; they count against their configuration.",
            results.runs.len()
        ));
    }
    sentences
}

/// What varied between replicates.
fn varied(results: &Results) -> String {
    let words = |list: &[String]| -> Vec<String> {
        let name = |word: &String| match word.as_str() {
            "init" => "the initial weights".to_owned(),
            "shuffle" => "the order of the samples".to_owned(),
            "data" => "the data".to_owned(),
            "split" => "the split".to_owned(),
            other => other.to_owned(),
        };
        list.iter().map(name).collect()
    };
    let vary = &results.experiment.vary;
    let same: Vec<String> = ["data", "split", "init", "shuffle"]
        .iter()
        // Folds are drawn anew for each replicate.
        .filter(|word| **word != "split" || results.folds().is_none())
        .filter(|word| !vary.iter().any(|other| other == *word))
        .map(|word| (*word).to_owned())
        .collect();
    match (vary.is_empty(), same.is_empty()) {
        (true, _) => "nothing varied".to_owned(),
        (_, true) => format!("{} varied", list(&words(vary))),
        _ => format!(
            "{} varied; {} stayed the same",
            list(&words(vary)),
            list(&words(&same))
        ),
    }
}
