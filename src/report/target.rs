//! The training that each leading configuration needs to reach one loss: in epochs, updates,
//! samples and, if the time of an epoch is known, seconds.

use serde::Serialize;

use super::comparison::Comparison;
use super::results::Results;
use super::timing::Timing;
use crate::language::Language;
use crate::likeness::Quantity;
use crate::record::history::History;
use crate::text;
use statistics::description::median;

/// The training that is needed to reach a target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// The target: the worst of the leading configurations' medians at the end of training, so that
    /// at least half of the replicates of each reach it.
    pub value: f64,
    /// The column of the history that is compared with the target.
    pub metric: String,
    /// A row for each of the first [`LEADING`] leading configurations.
    pub rows: Vec<Reached>,
    /// The number of all leading configurations.
    pub of: usize,
}

/// The most leading configurations for which the target is computed.
pub const LEADING: usize = 12;

/// The training that one configuration needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reached {
    /// The configuration's index in plan order.
    pub configuration: usize,
    /// The configuration in a few words.
    pub name: String,
    /// The number of replicates that reach the target.
    pub reached: usize,
    /// The number of all replicates.
    pub of: usize,
    /// Whether the numbers are upper bounds: the history lacks epochs between the record that
    /// reaches the target and the one before.
    pub at_most: bool,
    /// The median epochs over the replicates that reach it.
    pub epochs: Option<f64>,
    /// The median updates over the replicates that reach it.
    pub updates: Option<f64>,
    /// The median samples over the replicates that reach it.
    pub samples: Option<f64>,
    /// The epochs times the seconds of one epoch, if these are known. They may differ from one
    /// execution to the next.
    pub seconds: Option<f64>,
}

impl Reached {
    /// A number of this row as a text, with a sign for an upper bound.
    pub fn words(&self, value: f64) -> String {
        match self.at_most {
            true => format!("≤ {value}"),
            false => value.to_string(),
        }
    }
}

impl Target {
    /// Notes on the numbers, in a sentence or two.
    pub fn note(&self, language: Language) -> Option<String> {
        let mut notes = Vec::new();
        if self.rows.iter().any(|row| row.at_most) {
            notes.push(text!(language, "target-at-most"));
        }
        let shown = self.rows.len();
        if shown < self.of {
            notes.push(text!(
                language,
                "target-first",
                shown = shown,
                all = self.of
            ));
        }
        (!notes.is_empty()).then(|| language.sentences(notes))
    }

    /// Fills in the seconds.
    pub fn time(&mut self, timing: &Timing) {
        for row in &mut self.rows {
            let epoch = timing.epoch(row.configuration);
            row.seconds = epoch.zip(row.epochs).map(|(epoch, epochs)| epoch * epochs);
        }
    }
}

/// The target for the configurations that lead their values of `by`; `None` for fewer than two, and
/// if their values cannot be compared.
pub fn reach(results: &Results, comparison: &Comparison, history: &History) -> Option<Target> {
    let (metric, values) = results.course(history)?;
    let terms = &results.terms;
    if terms.parts.len() > 1
        || (Quantity::of(metric) == Quantity::Loss && !terms.differences.is_empty())
    {
        return None;
    }
    let keys = comparison.naming_keys(results);
    let higher = comparison.higher_is_better;
    let leading = comparison.levels.iter().map(|level| level.best);
    // The end of an exploded run is no target.
    let sound = |c: usize| {
        let runs = &results.configurations[c].runs;
        let exploded = runs
            .iter()
            .filter(|&&run| results.runs[run].exploded())
            .count();
        comparison.descriptions[c].median.is_some() && 2 * exploded < runs.len()
    };
    let all: Vec<usize> = leading.filter(|&c| sound(c)).collect();
    let leading = all[..all.len().min(LEADING)].to_vec();
    // The last value of each run that ended with a result, since the metric itself may be from
    // another epoch.
    let last = |configuration: usize| -> Vec<f64> {
        let runs = results.configurations[configuration].runs.iter();
        let runs = runs.filter(|&&run| results.runs[run].status.has_result());
        runs.filter_map(|&run| results.rows(history, run).last())
            .map(|row| values[row])
            .filter(|v| v.is_finite())
            .collect()
    };
    let ends: Vec<f64> = leading
        .iter()
        .map(|&c| last(c))
        .filter(|ends| !ends.is_empty())
        .map(|ends| median(&ends))
        .collect();
    if ends.len() < 2 {
        return None;
    }
    let value = ends
        .into_iter()
        .reduce(if higher { f64::min } else { f64::max })?;
    let rows = leading.into_iter().map(|configuration| {
        let runs = &results.configurations[configuration].runs;
        let reaches = |&row: &usize| match higher {
            true => values[row] >= value,
            false => values[row] <= value,
        };
        let mut at_most = false;
        let first: Vec<usize> = runs
            .iter()
            .filter_map(|&run| {
                let rows = results.rows(history, run);
                let row = rows.clone().find(reaches)?;
                let before = if row == rows.start {
                    0
                } else {
                    history.epoch[row - 1]
                };
                at_most |= history.epoch[row] > before + 1;
                Some(row)
            })
            .collect();
        let of = |counts: &[u64]| {
            let counts: Vec<f64> = first.iter().map(|&row| counts[row] as f64).collect();
            (!counts.is_empty()).then(|| median(&counts))
        };
        Reached {
            configuration,
            name: results.label(configuration, &keys),
            reached: first.len(),
            of: runs.len(),
            at_most,
            epochs: of(&history.epoch),
            updates: of(&history.updates),
            samples: of(&history.samples),
            seconds: None,
        }
    });
    Some(Target {
        value,
        metric: metric.to_owned(),
        rows: rows.collect(),
        of: all.len(),
    })
}
