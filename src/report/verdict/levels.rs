//! The headline for the values of one compared key.

use super::{LISTED, after, beside_words, extreme, value};
use crate::language::Language;
use crate::report::comparison::{Basis, Comparison, Family, Level, Pair};
use crate::report::number::{short, significant};
use crate::report::results::{Results, short_key, short_others};
use crate::text;
use statistics::paired::Verdict;
use statistics::power::MOST_REPLICATES;

/// The levels after the first, grouped by their verdicts against it.
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

/// The headline for many values of a number, such as randomly drawn learning rates.
pub(super) fn of_numbers(
    results: &Results,
    comparison: &Comparison,
    answer: &Family,
    levels: &[&Level],
    all: &[usize],
) -> String {
    let language = results.language;
    let number = |level: &Level| level.value.parse::<f64>().unwrap_or(f64::NAN);
    let range = |of: &[&Level]| {
        let numbers = of.iter().map(|level| number(level));
        let (low, high) = numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let [low, high] = [low, high].map(|end| significant(end, 3));
        text!(language, "verdict-range", low = low, high = high)
    };
    let key = short_key(comparison.by.as_deref().unwrap_or("value"));
    let leader = levels[0];
    let verdicts = Verdicts::of(answer, levels);
    let first = text!(
        language,
        "verdict-of-numbers",
        count = levels.len(),
        key = key,
        range = range(levels),
        leader = significant(number(leader), 3),
        extreme = extreme(comparison),
        metric = &comparison.metric,
        after = after(results, all),
        mean = mean(results, comparison, leader.best),
    );
    let open = verdicts.unclear.iter().map(|(level, _)| *level);
    let open: Vec<&Level> = open.chain(verdicts.tied.iter().copied()).collect();
    let others = match (&open[..], verdicts.better.len()) {
        ([], 0) => no_verdict(results, comparison, leader.best),
        ([], worse) => text!(language, "verdict-all-worse", count = worse),
        (open, 0) => text!(language, "verdict-none-worse", count = open.len()),
        (open, worse) => text!(
            language,
            "verdict-some-worse",
            worse = worse,
            open = open.len(),
            range = range(open)
        ),
    };
    language.sentences([first, others])
}

/// The mean of a configuration with the metric beside it, as in `0.02 (valid_accuracy 0.97)`.
fn mean(results: &Results, comparison: &Comparison, configuration: usize) -> String {
    let mean = comparison.descriptions[configuration].mean;
    let mean = mean.map_or(String::new(), |mean| significant(mean, 3));
    mean + &beside_words(results, configuration)
}

/// The reason why there is no verdict on the leader.
pub(super) fn no_verdict(results: &Results, comparison: &Comparison, best: usize) -> String {
    let language = results.language;
    if results.resampled() && comparison.lost.iter().any(|&lost| lost > 0) {
        text!(language, "verdict-none-since-lost")
    } else if comparison.descriptions[best].count + comparison.lost[best] < 2 {
        text!(language, "verdict-none-of-one-replicate")
    } else {
        text!(language, "verdict-none-since-the-same")
    }
}

/// The headline for a few values of `by`.
pub(super) fn of_levels(
    results: &Results,
    comparison: &Comparison,
    answer: &Family,
    levels: &[&Level],
    all: &[usize],
) -> String {
    let language = results.language;
    let leader = levels[0];
    let best = leader.best;
    let verdicts = Verdicts::of(answer, levels);
    let names = |of: &[&Level]| names(results, comparison, of, levels.len());
    let (better, tied) = (&verdicts.better, &verdicts.tied);
    let mut sentences = vec![leading(results, comparison, levels, all, &verdicts)];
    let unclear = &verdicts.unclear;
    if better.is_empty() && unclear.is_empty() && tied.is_empty() && verdicts.contrary.is_empty() {
        sentences.push(no_verdict(results, comparison, best));
    }
    let others = !better.is_empty() || !unclear.is_empty();
    if others && !tied.is_empty() {
        sentences.push(text!(
            language,
            "verdict-ties-with-it",
            count = tied.len(),
            names = names(tied)
        ));
    }
    for (level, pair) in verdicts.contrary.iter().take(LISTED) {
        let of = &pair.paired;
        sentences.push(text!(
            language,
            "verdict-but",
            name = named(results, comparison, level, false),
            wins = of.wins_b,
            pairs = of.pairs,
            why = if of.lost_b > of.lost_a {
                "lost"
            } else {
                "spoiled"
            }
        ));
    }
    sentences.push(at_equal_updates(results, comparison, answer, levels));
    let decided = better.len() + unclear.len() + tied.len() + verdicts.contrary.len();
    if !verdicts.undecided.is_empty() && decided > 0 {
        let names = names(&verdicts.undecided);
        sentences.push(text!(language, "verdict-undecided", names = names));
    }
    language.sentences(sentences)
}

/// The first sentence of the headline: the leader, and the levels that it is compared with.
fn leading(
    results: &Results,
    comparison: &Comparison,
    levels: &[&Level],
    all: &[usize],
    verdicts: &Verdicts<'_>,
) -> String {
    let language = results.language;
    let metric = &comparison.metric;
    let best = levels[0].best;
    let name = named(results, comparison, levels[0], true);
    let at = short_others(results, best, comparison.by.as_deref());
    let name = match at.is_empty() {
        true => name,
        false => text!(language, "verdict-name-at", name = name, at = at),
    };
    let after = after(results, all);
    let extreme = extreme(comparison);
    let mean = mean(results, comparison, best);
    let names = |of: &[&Level]| names(results, comparison, of, levels.len());
    let (better, tied) = (&verdicts.better, &verdicts.tied);
    let unclear: Vec<&Level> = verdicts.unclear.iter().map(|(level, _)| *level).collect();
    let unclear_names = match unclear.len() {
        count if count > LISTED && count + 1 == levels.len() => {
            text!(language, "verdict-any-other", count = count)
        }
        _ => names(&unclear),
    };
    let unclear_names = unclear_names + &needed(language, &verdicts.unclear);
    match (better.is_empty(), unclear.is_empty()) {
        (true, true) if !tied.is_empty() => text!(
            language,
            "verdict-tie",
            name = name,
            others = names(tied),
            extreme = extreme,
            metric = metric,
            after = after,
            mean = mean
        ),
        (true, true) if verdicts.contrary.is_empty() => text!(
            language,
            "verdict-extreme",
            name = name,
            extreme = extreme,
            metric = metric,
            after = after,
            mean = mean
        ),
        (true, true) => text!(
            language,
            "verdict-extreme-on-average",
            name = name,
            extreme = extreme,
            metric = metric,
            after = after,
            mean = mean
        ),
        (false, true) => text!(
            language,
            "verdict-better",
            name = name,
            others = names(better),
            after = after,
            value = value(results, comparison, best)
        ),
        (true, false) => text!(
            language,
            "verdict-unclear",
            name = name,
            extreme = extreme,
            metric = metric,
            after = after,
            mean = mean,
            others = unclear_names
        ),
        (false, false) => text!(
            language,
            "verdict-leads",
            name = name,
            after = after,
            value = value(results, comparison, best),
            better = names(better),
            unclear = unclear_names
        ),
    }
}

/// The sentence with the levels that are better than the leader at equal updates.
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
    let names = names(results, comparison, &worse, levels.len());
    text!(results.language, "verdict-at-equal-updates", names = names)
}

/// The number of replicates that each of the unclear pairs would need.
fn needed(language: Language, unclear: &[(&Level, &Pair)]) -> String {
    if unclear.len() > LISTED {
        return String::new();
    }
    if !unclear.is_empty() && unclear.iter().all(|(_, pair)| pair.paired.never_tells) {
        return text!(language, "verdict-needs-other-samples");
    }
    let numbers = unclear
        .iter()
        .map(|(_, pair)| pair.paired.replicates_needed);
    let numbers: Option<Vec<u64>> = numbers.collect();
    match numbers.as_deref() {
        None | Some([]) => String::new(),
        Some(all) if all.iter().all(|&needed| needed > MOST_REPLICATES) => {
            text!(language, "verdict-needs-too-many", most = MOST_REPLICATES)
        }
        Some(all) => {
            let words = all.iter().map(|&needed| match needed > MOST_REPLICATES {
                true => text!(language, "verdict-more-than", most = MOST_REPLICATES),
                false => needed.to_string(),
            });
            let counts = language.list(&words.collect::<Vec<_>>());
            text!(language, "verdict-needs", counts = counts)
        }
    }
}

/// The name of a value of `by`: that of a variant, or the value, with its key if `full`.
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

/// The names of several values of `by`, or their number.
fn names(results: &Results, comparison: &Comparison, levels: &[&Level], of: usize) -> String {
    let language = results.language;
    if levels.len() + 1 == of && levels.len() > LISTED {
        return text!(language, "verdict-all-others", count = levels.len());
    }
    if levels.len() > LISTED {
        return text!(language, "verdict-others", count = levels.len());
    }
    let names: Vec<String> = levels
        .iter()
        .map(|level| named(results, comparison, level, false))
        .collect();
    language.list(&names)
}
