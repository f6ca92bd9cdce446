//! `summary.csv`: a row per configuration, and which of its runs is the best.

use super::numbers::{put_count, put_float, put_optional, put_text};
use super::run_record::Head;
use super::status::Status;
use crate::likeness::Column;
use crate::plan::Plan;
use engine::types::{EpochRow, Metric, Monitor};
use statistics::description::describe_as;
use statistics::design::Design;

/// The value of a column of `history.csv` in a row of a run with these metrics; `None` if the row
/// lacks it.
pub fn value(column: Monitor, metrics: &[Metric], row: &EpochRow) -> Option<f64> {
    let value = RowValue::of(column, metrics)?.value(row);
    (!value.is_nan()).then_some(value)
}

/// The value of a row that a column of the history shows.
#[derive(Debug, Clone, Copy)]
pub enum RowValue {
    /// The training loss.
    TrainLoss,
    /// The validation loss.
    ValidLoss,
    /// The metric with this index, of the training data.
    Train(usize),
    /// The metric with this index, of the validation data.
    Valid(usize),
}

impl RowValue {
    /// The value that a column shows of the rows of a run with these metrics; `None` if they lack it.
    pub fn of(column: Monitor, metrics: &[Metric]) -> Option<Self> {
        let position = |metric| metrics.iter().position(|&other| other == metric);
        Some(match column {
            Monitor::TrainLoss => RowValue::TrainLoss,
            Monitor::ValidLoss => RowValue::ValidLoss,
            Monitor::Train(metric) => RowValue::Train(position(metric)?),
            Monitor::Valid(metric) => RowValue::Valid(position(metric)?),
        })
    }

    /// The value of this row; NaN if it is missing.
    pub fn value(self, row: &EpochRow) -> f64 {
        let metric = |values: &[f64], index: usize| values.get(index).copied();
        let value = match self {
            RowValue::TrainLoss => Some(row.train_loss),
            RowValue::ValidLoss => row.valid_loss,
            RowValue::Train(index) => metric(&row.train_metrics, index),
            RowValue::Valid(index) => metric(&row.valid_metrics, index),
        };
        value.unwrap_or(f64::NAN)
    }
}

/// The metric by which a finished run is compared, at its kept epoch; `None` unless it ended with a
/// result.
pub fn result(plan: &Plan, index: usize, head: &Head) -> Option<f64> {
    let settings = &plan.configurations[plan.runs[index].configuration].settings;
    let kept = head.kept()?;
    match plan.compare.metric {
        Column::BestValidLoss => head.best.map(|(loss, _)| loss),
        Column::BestEpoch => head.best.map(|(_, epoch)| epoch as f64),
        Column::KeptEpoch => Some(kept.epoch as f64),
        Column::Epochs => Some(head.epochs as f64),
        Column::Updates => Some(head.updates as f64),
        Column::Kept(monitor) => value(monitor, &settings.metrics, kept),
    }
}

/// The results of the runs of one configuration.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    results: Vec<f64>,
    runs: u64,
    diverged: u64,
    exploded: u64,
    failed: u64,
    /// The run with the best result, the first of equal ones. If the runs have different validation
    /// parts, their results cannot be ranked, and it is the first run with a result.
    pub best: Option<usize>,
    best_result: f64,
    /// The seconds that training took, without the failed runs.
    seconds: f64,
    epochs: u64,
}

impl Tally {
    /// Counts the run of this index; runs are counted in the order of the plan.
    pub fn add(&mut self, plan: &Plan, index: usize, head: &Head) {
        self.runs += 1;
        match head.status {
            Status::Diverged => self.diverged += 1,
            Status::Failed { .. } => self.failed += 1,
            Status::Ok | Status::Stopped => self.exploded += u64::from(head.exploded),
        }
        if !matches!(head.status, Status::Failed { .. }) {
            self.seconds += head.seconds;
            self.epochs += head.epochs;
        }
        if let Some(result) = result(plan, index, head) {
            self.results.push(result);
            let ranked = plan.configurations[plan.runs[index].configuration].ranks_its_runs();
            let better = || plan.compare.metric.is_better(result, self.best_result);
            if self.best.is_none() || (ranked && better()) {
                self.best = Some(index);
                self.best_result = result;
            }
        }
    }
}

/// The seconds of training for one epoch, for each row of `summary.csv`: the mean over the epochs
/// of all replicates that did not fail.
pub fn epoch_seconds(tallies: &[Tally]) -> Vec<Option<f64>> {
    let counted = tallies.iter().filter(|tally| tally.runs > 0);
    counted
        .map(|tally| (tally.epochs > 0).then(|| tally.seconds / tally.epochs as f64))
        .collect()
}

/// The bytes of `summary.csv`: a row for every configuration that has a finished run.
pub fn table(plan: &Plan, tallies: &[Tally]) -> Vec<u8> {
    let mut text = b"configuration,variant".to_vec();
    for key in &plan.swept {
        text.push(b',');
        put_text(key, &mut text);
    }
    text.extend(b",metric,replicates");
    if plan.folds.is_some() {
        text.extend(b",folds");
    }
    text.extend(b",diverged,exploded,failed,mean,sd,median,iqm,ci_low,ci_high");
    let designs: Vec<Design> = (0..plan.configurations.len())
        .map(|configuration| plan.design(configuration))
        .collect();
    let resampled = designs.iter().any(|design| *design != Design::Independent);
    if resampled {
        text.extend(b",valid_per_train");
    }
    text.push(b'\n');
    let folds = u64::from(plan.folds.unwrap_or(1));
    for (index, (configuration, tally)) in plan.configurations.iter().zip(tallies).enumerate() {
        if tally.runs == 0 {
            continue;
        }
        put_count(index as u64, &mut text);
        text.push(b',');
        put_text(&configuration.variant, &mut text);
        for value in &configuration.values {
            text.push(b',');
            put_text(value, &mut text);
        }
        text.push(b',');
        put_text(plan.compare.metric.name(), &mut text);
        let folds_column = plan.folds.map(u64::from);
        let counts = [Some(tally.runs.div_ceil(folds)), folds_column].into_iter();
        let lost = [tally.diverged, tally.exploded, tally.failed];
        for count in counts.flatten().chain(lost) {
            text.push(b',');
            put_count(count, &mut text);
        }
        let design = designs[index];
        let mut statistics = describe_as(&tally.results, design);
        if design != Design::Independent && tally.results.len() < tally.runs as usize {
            // The results of lost runs on their parts are unknown, so there is no interval.
            statistics.interval = None;
        }
        for value in [
            statistics.mean,
            statistics.sd,
            statistics.median,
            statistics.iqm,
            statistics.interval.map(|(low, _)| low),
            statistics.interval.map(|(_, high)| high),
        ] {
            text.push(b',');
            put_optional(value, &mut text);
        }
        if resampled {
            text.push(b',');
            if let Design::Resampled {
                valid_per_train, ..
            } = design
            {
                put_float(valid_per_train, &mut text);
            }
        }
        text.push(b'\n');
    }
    text
}
