//! The notes beneath the headline, on the ranking and its comparisons.

use super::{LISTED, beside};
use crate::language::Language;
use crate::likeness::{Quantity, Side, is_chosen};
use crate::report::comparison::{Basis, Comparison, Family};
use crate::report::results::{Results, short_key};
use crate::text;

/// The notes on a ranking, in sentences.
pub fn notes(results: &Results, comparison: &Comparison) -> Vec<String> {
    let language = results.language;
    let terms = &results.terms;
    let metric = &comparison.metric;
    let mut notes = Vec::new();
    let differ = language.list(&terms.differences);
    match &terms.instead_of {
        Some(asked) => notes.push(text!(
            language,
            "notes-instead-of",
            metric = metric,
            asked = asked,
            differences = differ
        )),
        None if terms.ranked && !differ.is_empty() && Quantity::of(metric) != Quantity::Loss => {
            notes.push(text!(language, "notes-losses", differences = differ));
        }
        None => {}
    }
    if terms.parts.len() > 1 {
        let parts = terms.parts.iter().take(LISTED).cloned();
        notes.push(text!(
            language,
            "notes-parts",
            part = Side::of(metric).map_or("samples", Side::word),
            parts = language.list(&parts.collect::<Vec<_>>())
        ));
    }
    let beside = beside(results);
    if let Some(beside) = beside.filter(|_| terms.ranked && terms.instead_of.is_none())
        && !["_r2", "_mae", "_rmse"]
            .iter()
            .any(|ending| beside.ends_with(ending))
    {
        notes.push(text!(
            language,
            "notes-sureness",
            metric = metric,
            beside = beside
        ));
    }
    if is_chosen(metric) {
        notes.push(text!(language, "notes-chosen", metric = metric));
    } else if results
        .runs
        .iter()
        .any(|run| run.kept_epoch.is_some_and(|kept| kept < run.epochs))
        && Side::of(metric) == Some(Side::Valid)
    {
        notes.push(text!(language, "notes-kept-epoch"));
    }
    let undefined: usize = comparison.undefined.iter().sum();
    let all = results.runs.len();
    if undefined > 0 && comparison.descriptions.iter().any(|of| of.mean.is_some()) {
        notes.push(text!(
            language,
            "notes-undefined",
            metric = metric,
            count = undefined,
            all = all
        ));
    }
    let exploded = results.runs.iter().filter(|run| run.exploded()).count();
    if exploded > 0 {
        notes.push(text!(
            language,
            "notes-exploded",
            count = exploded,
            all = all
        ));
    }
    if of_the_last_epoch(results) {
        notes.push(text!(language, "notes-last-epoch"));
    }
    notes
}

/// Whether the results are from an earlier version that restored the weights of an earlier epoch
/// but wrote the numbers of the last epoch.
fn of_the_last_epoch(results: &Results) -> bool {
    let restores = results.experiment.text.contains("restore_best = true");
    restores && results.column("kept_epoch").is_none()
}

/// The reason why pairs of a family without a common record have no verdict, and the remedy.
pub fn no_record(language: Language, family: &Family) -> Option<String> {
    let nearest = family.pairs.iter().filter_map(|pair| pair.nearest);
    let epochs = nearest.map(|nearest| nearest.epochs_needed).max()?;
    Some(text!(
        language,
        "notes-no-record",
        basis = family.basis.name(),
        epochs = epochs
    ))
}

/// The note for sides that differ in their updates but not in their samples: their comparison at
/// the end is also the one at equal samples.
pub fn equal_samples(language: Language, comparison: &Comparison) -> Option<String> {
    let has = |basis| {
        comparison
            .families
            .iter()
            .any(|family| family.basis == basis)
    };
    (has(Basis::Updates) && !has(Basis::Samples)).then(|| text!(language, "notes-equal-samples"))
}

/// How the values of `by` were compared and what varied between replicates, for a place beneath the
/// headline.
pub fn footing(results: &Results, comparison: &Comparison) -> Vec<String> {
    let language = results.language;
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
        sentences.push(text!(
            language,
            "footing-own-best",
            by = short_key(by),
            others = language.list(&others),
            tried = tried,
            metric = &comparison.metric
        ));
    }
    let replicates = results
        .configurations
        .iter()
        .map(|c| c.runs.len())
        .max()
        .unwrap_or(0);
    match results.folds() {
        Some(folds) => sentences.push(text!(
            language,
            "footing-folds",
            folds = folds,
            times = (replicates as u64).div_ceil(folds),
            varied = varied(results)
        )),
        None if replicates > 1 => sentences.push(text!(
            language,
            "footing-replicates",
            replicates = replicates,
            varied = varied(results)
        )),
        None => {}
    }
    if results.resampled() {
        sentences.push(text!(language, "footing-resampled"));
    }
    let lost: usize = comparison.lost.iter().sum();
    if lost > 0 {
        sentences.push(text!(
            language,
            "footing-lost",
            lost = lost,
            all = results.runs.len()
        ));
    }
    sentences
}

/// The parts that varied between replicates.
fn varied(results: &Results) -> String {
    let language = results.language;
    let words = |list: &[String]| -> String {
        let name = |word: &String| text!(language, "footing-stream", stream = word);
        language.list(&list.iter().map(name).collect::<Vec<_>>())
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
        (true, _) => text!(language, "footing-nothing-varied"),
        (_, true) => text!(language, "footing-varied", varied = words(vary)),
        _ => text!(
            language,
            "footing-varied-and-same",
            varied = words(vary),
            same = words(&same)
        ),
    }
}
