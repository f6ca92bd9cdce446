//! The values of the history at equal updates or equal samples.

use serde::Serialize;

use super::results::{Part, Results};
use crate::record::history::History;
use statistics::description::describe;
use statistics::paired::Outcome;

/// The nearest records of two sides without a common record: the history of one side begins only
/// after the other has ended, so that a comparison at equal updates or samples is impossible. These
/// are the first record of the one side and the last of the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Nearest {
    /// The updates or samples at which A's value is taken.
    pub at_a: u64,
    /// The updates or samples at which B's value is taken.
    pub at_b: u64,
    /// A's mean of the metric there.
    pub mean_a: Option<f64>,
    /// B's mean of the metric there.
    pub mean_b: Option<f64>,
    /// The number of epochs with which the side that ended first would have a common record with
    /// the other.
    pub epochs_needed: u64,
}

/// The history, to be read at equal updates or samples.
pub struct Budget<'a> {
    /// The results with the runs.
    pub results: &'a Results,
    /// The history of the compared metric.
    pub history: &'a History,
    /// The updates or samples of each row.
    pub counts: &'a [u64],
    /// The compared metric of each row.
    pub metric: &'a [f64],
}

impl Budget<'_> {
    /// The most updates or samples that a finished run of the configuration used for its kept
    /// network.
    pub fn total(&self, configuration: usize) -> Option<u64> {
        let runs = &self.results.configurations[configuration].runs;
        let ends = runs
            .iter()
            .filter(|&&run| self.results.runs[run].status.has_result())
            .filter_map(|&run| {
                let last = self.results.rows(self.history, run).last()?;
                Some(self.counts[last])
            });
        ends.max()
    }

    /// The row of the configuration's first record.
    fn first(&self, configuration: usize) -> Option<usize> {
        let runs = self.results.configurations[configuration].runs.iter();
        let rows = runs.map(|&run| self.results.rows(self.history, run));
        let firsts = rows.filter(|rows| !rows.is_empty()).map(|rows| rows.start);
        firsts.min_by_key(|&row| self.counts[row])
    }

    /// The nearest records of two sides, where one side ends at `least` and the other begins later.
    pub fn nearest(&self, a: usize, b: usize, least: u64) -> Option<Nearest> {
        let [first_a, first_b] = [self.first(a)?, self.first(b)?].map(|row| self.counts[row]);
        let [at_a, at_b] = [first_a.max(least), first_b.max(least)];
        let (shorter, late) = if first_a > least {
            (b, first_a)
        } else {
            (a, first_b)
        };
        let row = self.first(shorter)?;
        let (epochs, count) = (self.history.epoch[row], self.counts[row]);
        let mean = |configuration, at| mean(&self.outcomes(configuration, at)?);
        Some(Nearest {
            at_a,
            at_b,
            mean_a: mean(a, at_a),
            mean_b: mean(b, at_b),
            epochs_needed: (late * epochs).div_ceil(count.max(1)),
        })
    }

    /// Each run's value in its last row within the budget. A run that was lost by then has no
    /// value, and a run with an undefined metric is left out. `None` if the history of a run begins
    /// only later.
    pub fn outcomes(&self, configuration: usize, budget: u64) -> Option<Vec<(Part, Outcome)>> {
        let runs = &self.results.configurations[configuration].runs;
        let outcomes: Option<Vec<(Part, Option<Outcome>)>> = runs
            .iter()
            .map(|&run| {
                let rows = self.results.rows(self.history, run);
                let run = &self.results.runs[run];
                let within = self.counts[rows.clone()].partition_point(|&count| count <= budget);
                if within == 0 {
                    // A run that was lost before its first row is lost here too.
                    return (rows.is_empty() && !run.status.has_result())
                        .then_some((run.part(), Some(None)));
                }
                let ended = within == rows.len() && !run.status.has_result();
                let value = self.metric[rows.start + within - 1];
                Some((
                    run.part(),
                    match ended {
                        true => Some(None),
                        false => value.is_finite().then_some(Some(value)),
                    },
                ))
            })
            .collect();
        let defined = outcomes?.into_iter();
        Some(
            defined
                .filter_map(|(part, outcome)| Some((part, outcome?)))
                .collect(),
        )
    }
}

/// The mean over the runs that have a value.
pub fn mean(runs: &[(Part, Outcome)]) -> Option<f64> {
    describe(&runs.iter().filter_map(|run| run.1).collect::<Vec<_>>()).mean
}
