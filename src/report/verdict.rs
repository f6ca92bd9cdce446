//! The comparison in sentences.

use super::comparison::{Basis, Comparison, Family, Level, Pair};
use super::number::{list, short, significant};
use super::results::{Results, higher_is_better, short_key, short_others};
use crate::likeness::{Quantity, Side, is_chosen};
use crate::record::grounds::Standing;
use statistics::description::describe;
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

/// How many names a sentence lists.
const LISTED: usize = 4;

/// Of more values of a number than these a sentence gives the range.
const MANY: usize = 10;

/// Which is better, in a sentence or two, and what needs no network beside it.
pub fn headline(results: &Results, comparison: &Comparison, standings: &[Standing]) -> String {
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

/// The levels against the first of them, by the verdict of each.
#[derive(Default)]
struct Verdicts<'a> {
    better: Vec<&'a Level>,
    unclear: Vec<(&'a Level, &'a Pair)>,
    tied: Vec<&'a Level>,
    contrary: Vec<(&'a Level, &'a Pair)>,
    undecided: Vec<&'a Level>,
}

impl<'a> Verdicts<'a> {
    fn of(answer: &'a Family, levels: &[&'a Level]) -> Self {
        let mut verdicts = Self::default();
        for &level in &levels[1..] {
            let of_pair = |pair: &&Pair| pair.a == levels[0].best && pair.b == level.best;
            let pair = answer.pairs.iter().find(of_pair);
            match pair.map(|pair| (pair, pair.paired.verdict)) {
                Some((_, Verdict::Better)) => verdicts.better.push(level),
                Some((pair, Verdict::NoClearDifference)) => verdicts.unclear.push((level, pair)),
                Some((pair, Verdict::Worse)) => verdicts.contrary.push((level, pair)),
                Some((_, Verdict::Tie)) => verdicts.tied.push(level),
                Some((_, Verdict::None)) | None => verdicts.undecided.push(level),
            }
        }
        verdicts
    }
}

/// The headline of many values of a number, such as learning rates that are drawn at random.
fn of_numbers(
    results: &Results,
    comparison: &Comparison,
    answer: &Family,
    levels: &[&Level],
    all: &[usize],
) -> String {
    let number = |level: &Level| level.value.parse::<f64>().unwrap_or(f64::NAN);
    let range = |of: &[&Level]| {
        let numbers = of.iter().map(|level| number(level));
        let (low, high) = numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        format!("from {} to {}", significant(low, 3), significant(high, 3))
    };
    let key = short_key(comparison.by.as_deref().unwrap_or("value"));
    let leader = levels[0];
    let verdicts = Verdicts::of(answer, levels);
    let mut text = format!(
        "Of {} values of {key} {}, {} has the {} {}{}, {}{}.",
        levels.len(),
        range(levels),
        significant(number(leader), 3),
        extreme(comparison),
        comparison.metric,
        after(results, all),
        comparison.descriptions[leader.best]
            .mean
            .map_or(String::new(), |mean| significant(mean, 3)),
        beside_words(results, leader.best),
    );
    let open = verdicts.unclear.iter().map(|(level, _)| *level);
    let open: Vec<&Level> = open.chain(verdicts.tied.iter().copied()).collect();
    match (&open[..], verdicts.better.len()) {
        ([], 0) => text += &format!(" {}", no_verdict(results, comparison, leader.best)),
        ([], worse) => text += &format!(" All {worse} others are clearly worse."),
        (open, 0) => text += &format!(" None of the {} others is clearly worse.", open.len()),
        (open, worse) => {
            text += &format!(
                " {worse} others are clearly worse; {} are not, {}.",
                open.len(),
                range(open)
            );
        }
    }
    text
}

/// Why there is no verdict on the leader.
fn no_verdict(results: &Results, comparison: &Comparison, best: usize) -> &'static str {
    if results.resampled() && comparison.lost.iter().any(|&lost| lost > 0) {
        "Runs were lost: with folds or splits there are counts and no verdict."
    } else if comparison.descriptions[best].count + comparison.lost[best] < 2 {
        "One replicate gives no verdict; with replicates = 5 or more there would be one."
    } else {
        "The difference is the same in every replicate, so there is nothing to tell chance by: no verdict."
    }
}

/// The headline of a few values of `by`.
fn of_levels(
    results: &Results,
    comparison: &Comparison,
    answer: &Family,
    levels: &[&Level],
    all: &[usize],
) -> String {
    let metric = &comparison.metric;
    let leader = levels[0];
    let best = leader.best;
    let name = named(results, comparison, leader, true);
    let extreme = extreme(comparison);
    let after = after(results, all);
    let mean = comparison.descriptions[best]
        .mean
        .map_or(String::new(), |mean| significant(mean, 3));
    let mean = mean + &beside_words(results, best);
    let at = short_others(results, best, comparison.by.as_deref());
    let at = if at.is_empty() {
        at
    } else {
        format!(" (at {at})")
    };
    let verdicts = Verdicts::of(answer, levels);
    let names = |of: &[&Level]| names(results, comparison, of, levels.len());
    let (better, tied) = (&verdicts.better, &verdicts.tied);
    let unclear: Vec<&Level> = verdicts.unclear.iter().map(|(level, _)| *level).collect();
    let unclear_names = match names(&unclear) {
        all if unclear.len() > LISTED => all.replacen("all ", "any of the ", 1),
        names => names,
    };
    let unclear_names = unclear_names + &needed(&verdicts.unclear);
    let mut text = match (better.is_empty(), unclear.is_empty()) {
        (true, true) if !tied.is_empty() => {
            format!(
                "{name}{at} and {} tie at the {extreme} {metric}{after}, {mean}.",
                names(tied)
            )
        }
        (true, true) if verdicts.contrary.is_empty() => format!(
            "{name}{at} has the {extreme} {metric}{after}, {mean}. {}",
            no_verdict(results, comparison, best)
        ),
        (true, true) => format!("{name}{at} has the {extreme} {metric} on average{after}, {mean}."),
        (false, true) => format!(
            "{name}{at} is better than {}{after}, with {}.",
            names(better),
            value(results, comparison, best)
        ),
        (true, false) => format!(
            "{name}{at} has the {extreme} {metric}{after}, {mean}, but there is no clear difference from {unclear_names}."
        ),
        (false, false) => format!(
            "{name}{at} leads{after} with {}: better than {}; no clear difference from {unclear_names}.",
            value(results, comparison, best),
            names(better)
        ),
    };
    let others = !better.is_empty() || !unclear.is_empty();
    if others && !tied.is_empty() {
        let verb = if tied.len() == 1 { "ties" } else { "tie" };
        text += &format!(" {} {verb} with it.", names(tied));
    }
    for (level, pair) in verdicts.contrary.iter().take(LISTED) {
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
    text += &at_equal_updates(results, comparison, answer, levels);
    let decided = better.len() + unclear.len() + tied.len() + verdicts.contrary.len();
    if !verdicts.undecided.is_empty() && decided > 0 {
        text += &format!(" No verdict on {}.", names(&verdicts.undecided));
    }
    text
}

/// Of which levels the leader is worse after as many updates as they make.
fn at_equal_updates(
    results: &Results,
    comparison: &Comparison,
    answer: &Family,
    levels: &[&Level],
) -> String {
    let Some(family) = comparison.family(answer.question, Basis::Updates) else {
        return String::new();
    };
    let worse = levels[1..].iter().copied().filter(|level| {
        let of_pair = |pair: &&Pair| pair.a == levels[0].best && pair.b == level.best;
        let pair = family.pairs.iter().find(of_pair);
        pair.is_some_and(|pair| pair.paired.verdict == Verdict::Worse)
    });
    let worse: Vec<&Level> = worse.collect();
    if worse.is_empty() {
        return String::new();
    }
    format!(
        " After equally many updates it is worse than {}.",
        names(results, comparison, &worse, levels.len())
    )
}

/// What comes before the headline where the best network is no better than a constant answer, and
/// what the constant answers come to, for behind it.
fn without_a_network(
    results: &Results,
    comparison: &Comparison,
    standings: &[Standing],
    best: usize,
) -> (String, String) {
    let always = |said: &str| match said.starts_with("the ") {
        true => format!("always saying {said}"),
        false => format!("always saying `{said}`"),
    };
    let mut before = String::new();
    // What is said, and what it comes to in each column.
    let mut constants: Vec<(String, Vec<String>)> = Vec::new();
    for column in beside(results)
        .into_iter()
        .chain([comparison.metric.clone()])
    {
        let Some(baseline) = results.judged[best].baseline(&column) else {
            continue;
        };
        let value = format!("a {column} of {}", significant(baseline.value, 3));
        match constants
            .iter_mut()
            .find(|(said, _)| *said == baseline.said)
        {
            Some((_, values)) => values.push(value),
            None => constants.push((baseline.said.clone(), vec![value])),
        }
        let number = results.configurations[best].number;
        let standing = standings
            .iter()
            .find(|standing| standing.configuration == number && standing.column == column);
        let refuted = match standing {
            Some(standing) => !standing.better,
            // Without its samples, only a mean that is no better can be judged.
            None => {
                let values = results.outcomes_of(&column, best).into_iter();
                let values: Vec<f64> = values.filter_map(|value| value.1).collect();
                let higher = higher_is_better(&column);
                describe(&values).mean.is_some_and(|mean| match higher {
                    true => mean <= baseline.value,
                    false => mean >= baseline.value,
                })
            }
        };
        if refuted && before.is_empty() {
            let numbers = match standing {
                Some(standing) => format!(
                    "the best network has a {column} of {} on {} samples, it has {}",
                    significant(standing.network, 3),
                    standing.samples,
                    significant(standing.baseline, 3)
                ),
                None => format!("it has a {column} of {}", significant(baseline.value, 3)),
            };
            before = format!("No better than {}: {numbers}. ", always(&baseline.said));
        }
    }
    let constants = constants.iter();
    let constants =
        constants.map(|(said, values)| format!("{} has {}", always(said), list(values)));
    let mut beneath = constants.collect::<Vec<_>>().join("; ");
    if let Some(first) = beneath.get(..1) {
        let first = first.to_uppercase();
        beneath = format!(" {first}{}.", &beneath[1..]);
    }
    (before, beneath)
}

/// What is to be known of a ranking, in sentences.
pub fn notes(results: &Results, comparison: &Comparison) -> Vec<String> {
    let terms = &results.terms;
    let metric = &comparison.metric;
    let mut notes = Vec::new();
    let differ = list(&terms.differences);
    match &terms.instead_of {
        Some(asked) => notes.push(format!(
            "Ranked by {metric} and not by {asked}: the configurations differ in {differ}, so the values \
             of their losses mean different things."
        )),
        None if terms.ranked && !differ.is_empty() && Quantity::of(metric) != Quantity::Loss => {
            notes.push(format!(
                "The configurations differ in {differ}: the values of their losses are not ranked."
            ));
        }
        None => {}
    }
    if terms.parts.len() > 1 {
        let part = Side::of(metric).map_or("samples", Side::part);
        notes.push(format!(
            "The configurations are not judged on the same {part}: those of {} are not ranked against \
             each other.",
            list(&terms.parts.iter().take(LISTED).cloned().collect::<Vec<_>>())
        ));
    }
    let beside = beside(results);
    if let Some(beside) = beside.filter(|_| terms.ranked && terms.instead_of.is_none())
        && !["_r2", "_mae", "_rmse"]
            .iter()
            .any(|ending| beside.ends_with(ending))
    {
        notes.push(format!(
            "Ranked by {metric}, which also counts how sure a network is of its answers; `runner compare \
             DIR --metric {beside}` ranks by {beside}."
        ));
    }
    if is_chosen(metric) {
        notes.push(format!(
            "{metric} was chosen on validation data: the best of all epochs of a run looks better than new \
             data would show it."
        ));
    } else if results
        .runs
        .iter()
        .any(|run| run.kept_epoch.is_some_and(|kept| kept < run.epochs))
        && Side::of(metric) == Some(Side::Valid)
    {
        notes.push(
            "Each network is the one of its kept epoch, which early stopping chose on validation data."
                .to_owned(),
        );
    }
    let undefined: usize = comparison.undefined.iter().sum();
    if undefined > 0 && comparison.descriptions.iter().any(|of| of.mean.is_some()) {
        notes.push(format!(
            "{metric} is undefined in {undefined} of {} runs, which are left out.",
            results.runs.len()
        ));
    }
    let exploded = results.runs.iter().filter(|run| run.exploded()).count();
    if exploded > 0 {
        notes.push(format!(
            "{exploded} of {} runs exploded: they stayed finite, but their training loss ended far above \
             where it began. They count with their values.",
            results.runs.len()
        ));
    }
    if let Some(note) = of_the_last_epoch(results) {
        notes.push(note);
    }
    notes
}

/// Of results of an earlier version that restored the weights of an earlier epoch: whose numbers
/// they are.
fn of_the_last_epoch(results: &Results) -> Option<String> {
    let restores = results.experiment.text.contains("restore_best = true");
    (restores && results.column("kept_epoch").is_none()).then(|| {
        "These results were written by an earlier version: their numbers are of the last epoch, and not \
         of the network that early stopping restored."
            .to_owned()
    })
}

/// How many replicates each of the unclear pairs would take.
fn needed(unclear: &[(&Level, &Pair)]) -> String {
    if unclear.len() > LISTED {
        return String::new();
    }
    if !unclear.is_empty() && unclear.iter().all(|(_, pair)| pair.paired.never_tells) {
        return " (more replicates of these samples cannot tell)".to_owned();
    }
    let numbers = unclear
        .iter()
        .map(|(_, pair)| pair.paired.replicates_needed);
    let numbers: Option<Vec<u64>> = numbers.collect();
    match numbers.as_deref() {
        None | Some([]) => String::new(),
        Some(all) if all.iter().all(|&needed| needed > MOST_REPLICATES) => {
            format!(" (more than {MOST_REPLICATES} replicates would be needed to tell)")
        }
        Some(all) => {
            let words = all.iter().map(|&needed| match needed > MOST_REPLICATES {
                true => format!("more than {MOST_REPLICATES}"),
                false => needed.to_string(),
            });
            format!(
                " (about {} replicates could tell)",
                list(&words.collect::<Vec<_>>())
            )
        }
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
fn names(results: &Results, comparison: &Comparison, levels: &[&Level], of: usize) -> String {
    if levels.len() + 1 == of && levels.len() > LISTED {
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
