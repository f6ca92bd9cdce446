//! How long each leading configuration takes to reach one loss: in epochs, updates, samples and,
//! where the time of an epoch is known, seconds.

use serde::Serialize;

use super::comparison::Comparison;
use super::ranking::course;
use super::results::Results;
use super::timing::Timing;
use crate::record::history::History;
use statistics::description::median;

/// What reaching the target takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// The value: the worst of the leading configurations' medians at the end of training, so that
    /// the better half of each one's replicates reach it.
    pub value: f64,
    /// Which column of the history reaches it.
    pub metric: String,
    /// A row per leading configuration.
    pub rows: Vec<Reached>,
}

/// What it takes one configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reached {
    /// In plan order.
    pub configuration: usize,
    /// In a few words.
    pub name: String,
    /// How many of its replicates reach it.
    pub reached: usize,
    /// Of how many.
    pub of: usize,
    /// The median over those that do.
    pub epochs: Option<f64>,
    /// The median over those that do.
    pub updates: Option<f64>,
    /// The median over those that do.
    pub samples: Option<f64>,
    /// The epochs times what one took, where that is known: it may differ from one execution to the
    /// next.
    pub seconds: Option<f64>,
}

impl Target {
    /// Fills in the seconds.
    pub fn time(&mut self, timing: &Timing) {
        for row in &mut self.rows {
            let epoch = timing.epoch(row.configuration);
            row.seconds = epoch.zip(row.epochs).map(|(epoch, epochs)| epoch * epochs);
        }
    }
}

/// The target of the configurations that lead their values of `by`; `None` for fewer than two.
pub fn reach(results: &Results, comparison: &Comparison, history: &History) -> Option<Target> {
    let (metric, values) = course(results, history)?;
    let keys = comparison.naming_keys(results);
    let higher = comparison.higher_is_better;
    let leading = comparison.levels.iter().map(|level| level.best);
    let leading: Vec<usize> = leading
        .filter(|&c| comparison.descriptions[c].median.is_some())
        .collect();
    // The last value of each run that ended well: the metric itself may be one of another moment.
    let last = |configuration: usize| -> Vec<f64> {
        let runs = results.configurations[configuration].runs.iter();
        let runs = runs
            .map(|&run| &results.runs[run])
            .filter(|run| run.status.counts());
        runs.filter_map(|run| history.rows(run.number).last())
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
        let first: Vec<usize> = runs
            .iter()
            .filter_map(|&run| {
                let mut rows = history.rows(results.runs[run].number);
                rows.find(|&row| {
                    if higher {
                        values[row] >= value
                    } else {
                        values[row] <= value
                    }
                })
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
    })
}
