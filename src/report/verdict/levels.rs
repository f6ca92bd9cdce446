//! The headline where the values of one key are compared.

use super::{LISTED, after, beside_words, extreme, value};
use crate::report::comparison::{Basis, Comparison, Family, Level, Pair};
use crate::report::number::{list, short, significant};
use crate::report::results::{Results, short_key, short_others};
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

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
pub(super) fn of_numbers(
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
pub(super) fn no_verdict(results: &Results, comparison: &Comparison, best: usize) -> &'static str {
    if results.resampled() && comparison.lost.iter().any(|&lost| lost > 0) {
        "Runs were lost: with folds or splits there are counts and no verdict."
    } else if comparison.descriptions[best].count + comparison.lost[best] < 2 {
        "One replicate gives no verdict; with replicates = 5 or more there would be one."
    } else {
        "The difference is the same in every replicate, so there is nothing to tell chance by: no verdict."
    }
}

/// The headline of a few values of `by`.
pub(super) fn of_levels(
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

/// Says than which levels the leader is worse after as many updates as they make.
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
