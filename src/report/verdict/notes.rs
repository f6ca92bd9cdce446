//! What is to be known of a ranking and of its comparisons, beneath the headline.

use super::{LISTED, beside};
use crate::likeness::{Quantity, Side, is_chosen};
use crate::report::comparison::{Basis, Comparison, Family};
use crate::report::number::list;
use crate::report::results::{Results, short_key};

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
