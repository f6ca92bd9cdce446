//! How long each leading configuration takes to reach one loss: in epochs, updates and samples.

use super::comparison::Comparison;
use super::history::History;
use super::ranking::course;
use super::results::Results;
use super::statistics::median;

/// What reaching the target takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The value: the worst of the leading configurations' medians at the end of training, so that
    /// the better half of each one's replicates reach it.
    pub value: f64,
    /// A row per leading configuration.
    pub rows: Vec<Reached>,
}

/// What it takes one configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// In plan order.
    pub configuration: usize,
    /// How many of its replicates reach it.
    pub reached: usize,
    /// Of how many.
    pub of: usize,
    /// Medians over those that do: epochs, updates, samples.
    pub medians: Option<[f64; 3]>,
}

/// The target of the configurations that lead their values of `by`; `None` for fewer than two.
pub fn reach(results: &Results, comparison: &Comparison, history: &History) -> Option<Target> {
    let values = course(results, history)?;
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
            median(
                &first
                    .iter()
                    .map(|&row| counts[row] as f64)
                    .collect::<Vec<_>>(),
            )
        };
        Reached {
            configuration,
            reached: first.len(),
            of: runs.len(),
            medians: (!first.is_empty()).then(|| {
                [
                    of(&history.epoch),
                    of(&history.updates),
                    of(&history.samples),
                ]
            }),
        }
    });
    Some(Target {
        value,
        rows: rows.collect(),
    })
}
