//! `runs.csv` and `history.csv`: the rows of each run as bytes.

use choices::Choice;

use super::numbers::{put_count, put_float, put_optional, put_text};
use super::run_record::{Head, RunRecord};
use super::status::Status;
use super::summary::{RowValue, value};
use crate::digest::hexadecimal;
use crate::plan::{Configuration, Plan};
use engine::types::{EpochRow, Metric, Monitor, Settings};

/// The rows of a run in `history.csv`: those whose epoch is a multiple of the plan's
/// `history_every`, that of the kept epoch, and the last one.
pub fn rows<'a>(plan: &Plan, record: &'a RunRecord) -> impl Iterator<Item = &'a EpochRow> {
    let every = plan.output.history_every;
    let regular = move |row: &&EpochRow| row.epoch.is_multiple_of(every);
    let between = move |row: &&EpochRow| !row.epoch.is_multiple_of(every);
    let restored = record.head.restored.as_ref();
    let before = record
        .history
        .partition_point(|row| restored.is_none_or(|restored| row.epoch < restored.epoch));
    let (before, after) = record.history.split_at(before);
    let before = before.iter().filter(regular);
    let after = after.iter().filter(regular);
    before
        .chain(restored.filter(between))
        .chain(after)
        .chain(record.head.last.as_ref().filter(between))
}

/// The reason of a run whose numbers are finite, but whose loss rose far above the first one.
const EXPLODED_REASON: &str = "exploded: the training loss ended far above where it began";

/// The value of a run's rows that the column of this name shows; `None` if a run with these metrics
/// lacks it.
pub fn row_value(name: &str, metrics: &[Metric]) -> Option<RowValue> {
    RowValue::of(Monitor::from_column(name)?, metrics)
}

/// The metric that early stopping watched, if it was undefined and early stopping ended the run for
/// that.
pub(super) fn unwatched(settings: &Settings, head: &Head) -> Option<Monitor> {
    let watched = settings.early_stopping?.metric;
    watched.metric()?;
    let last = head
        .last
        .as_ref()
        .filter(|_| head.status == Status::Stopped)?;
    value(watched, &settings.metrics, last)
        .is_none()
        .then_some(watched)
}

/// Appends the columns of `runs.csv` that follow from the plan: from the run's number to its seed.
fn put_identity(plan: &Plan, index: usize, text: &mut Vec<u8>) {
    let run = &plan.runs[index];
    let configuration = &plan.configurations[run.configuration];
    put_count(index as u64, text);
    text.push(b',');
    text.extend(hexadecimal(&run.key.0).as_bytes());
    text.push(b',');
    put_text(&configuration.variant, text);
    for value in &configuration.values {
        text.push(b',');
        put_text(value, text);
    }
    text.push(b',');
    put_count(run.replicate.into(), text);
    text.push(b',');
    if let Some(fold) = run.fold {
        put_count(fold.into(), text);
        text.push(b',');
    }
    put_count(run.seed, text);
}

/// The rows of unfinished runs in the two tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnfinishedRows {
    /// A line for each run: the columns of `runs.csv` up to the status, which is [`UNFINISHED`].
    pub runs: Vec<u8>,
    /// The rows of these runs in `history.csv` so far.
    pub history: Vec<u8>,
}

/// The status of a run that is not finished.
const UNFINISHED: &str = "unfinished";

/// The columns that depend on the experiment.
#[derive(Debug, Clone)]
pub struct Columns {
    /// All metrics that any configuration has.
    metrics: Vec<Metric>,
}

impl Columns {
    /// The columns of this experiment's tables.
    pub fn of(plan: &Plan) -> Self {
        Self {
            metrics: plan.metrics(),
        }
    }

    /// The first line of `runs.csv`.
    pub fn runs_header(&self, plan: &Plan) -> Vec<u8> {
        let mut text = b"run,key,variant".to_vec();
        for key in &plan.swept {
            text.push(b',');
            put_text(key, &mut text);
        }
        text.extend(b",replicate");
        if plan.folds.is_some() {
            text.extend(b",fold");
        }
        text.extend(b",seed,status,epochs,updates,kept_epoch,train_loss,valid_loss,best_valid_loss,best_epoch");
        self.put_metric_names(&mut text);
        text.extend(b",reason\n");
        text
    }

    /// The first line of `history.csv`.
    pub fn history_header(&self) -> Vec<u8> {
        let mut text = b"run,epoch,updates,samples,learning_rate,train_loss,valid_loss".to_vec();
        self.put_metric_names(&mut text);
        text.push(b'\n');
        text
    }

    /// The wanted columns that `history.csv` has.
    pub fn kept(&self, wanted: &[String]) -> Vec<String> {
        let there = |name: &&String| row_value(name, &self.metrics).is_some();
        wanted.iter().filter(there).cloned().collect()
    }

    /// Appends the run's row of `runs.csv`.
    pub fn put_run(&self, plan: &Plan, index: usize, record: &RunRecord, text: &mut Vec<u8>) {
        put_identity(plan, index, text);
        self.put_outcome(plan, index, record, text);
    }

    /// Appends the rows of an unfinished run: the kept rows so far, and the row of the last ended
    /// epoch.
    pub fn put_unfinished(
        &self,
        plan: &Plan,
        index: usize,
        (kept, last): (&[EpochRow], Option<&EpochRow>),
        rows: &mut UnfinishedRows,
    ) {
        put_identity(plan, index, &mut rows.runs);
        rows.runs.push(b',');
        rows.runs.extend(UNFINISHED.as_bytes());
        rows.runs.push(b'\n');
        let every = plan.output.history_every;
        let is_regular = |row: &&EpochRow| row.epoch.is_multiple_of(every);
        let regular = kept.iter().filter(is_regular);
        let last = last.filter(|row| !is_regular(row));
        self.put_rows(plan, index, regular.chain(last), &mut rows.history);
    }

    fn put_outcome(&self, plan: &Plan, index: usize, record: &RunRecord, text: &mut Vec<u8>) {
        let run = &plan.runs[index];
        let configuration = &plan.configurations[run.configuration];
        let head = &record.head;
        let kept = head.kept();
        text.push(b',');
        text.extend(head.status.word().as_bytes());
        text.push(b',');
        put_count(head.epochs, text);
        text.push(b',');
        put_count(head.updates, text);
        text.push(b',');
        if let Some(row) = kept {
            put_count(row.epoch, text);
        }
        text.push(b',');
        put_optional(kept.map(|row| row.train_loss), text);
        text.push(b',');
        put_optional(kept.and_then(|row| row.valid_loss), text);
        text.push(b',');
        let has_valid = configuration.dataset(run).valid.is_some();
        put_optional(head.best.filter(|_| has_valid).map(|(loss, _)| loss), text);
        text.push(b',');
        if let Some((_, epoch)) = head.best {
            put_count(epoch, text);
        }
        self.put_metrics(configuration, kept, text);
        text.push(b',');
        match &head.status {
            Status::Ok | Status::Stopped if head.exploded => put_text(EXPLODED_REASON, text),
            Status::Ok | Status::Stopped => {
                if let Some(column) = unwatched(&configuration.settings, head) {
                    put_text(
                        &format!("early stopping watched {column}, which is undefined"),
                        text,
                    );
                }
            }
            Status::Diverged => put_text(
                &format!(
                    "a loss or a weight stopped being finite in epoch {}",
                    head.epochs
                ),
                text,
            ),
            Status::Failed { reason } => put_text(reason, text),
        }
        text.push(b'\n');
    }

    /// Appends the run's [`rows`] of `history.csv`.
    pub fn put_history(&self, plan: &Plan, index: usize, record: &RunRecord, text: &mut Vec<u8>) {
        self.put_rows(plan, index, rows(plan, record), text);
    }

    fn put_rows<'a>(
        &self,
        plan: &Plan,
        index: usize,
        rows: impl Iterator<Item = &'a EpochRow>,
        text: &mut Vec<u8>,
    ) {
        let configuration = &plan.configurations[plan.runs[index].configuration];
        let mut number = Vec::with_capacity(20);
        put_count(index as u64, &mut number);
        number.push(b',');
        // The text of the learning rate is kept, since most rows have the same as the row before.
        let (mut rate, mut rate_text) = (f64::NAN, Vec::new());
        for row in rows {
            text.extend(&number);
            for count in [row.epoch, row.updates, row.samples] {
                put_count(count, text);
                text.push(b',');
            }
            if row.learning_rate.to_bits() != rate.to_bits() {
                rate = row.learning_rate;
                rate_text.clear();
                put_float(rate, &mut rate_text);
                rate_text.push(b',');
            }
            text.extend(&rate_text);
            put_float(row.train_loss, text);
            text.push(b',');
            put_optional(row.valid_loss, text);
            self.put_metrics(configuration, Some(row), text);
            text.push(b'\n');
        }
    }

    fn put_metric_names(&self, text: &mut Vec<u8>) {
        for part in ["train", "valid"] {
            for metric in &self.metrics {
                text.extend(format!(",{part}_{}", metric.word()).as_bytes());
            }
        }
    }

    fn put_metrics(
        &self,
        configuration: &Configuration,
        row: Option<&EpochRow>,
        text: &mut Vec<u8>,
    ) {
        for train in [true, false] {
            for metric in &self.metrics {
                text.push(b',');
                let own = &configuration.settings.metrics;
                let position = own.iter().position(|other| other == metric);
                if let (Some(row), Some(position)) = (row, position) {
                    let values = if train {
                        &row.train_metrics
                    } else {
                        &row.valid_metrics
                    };
                    let value = values.get(position).copied();
                    put_optional(value.filter(|value| !value.is_nan()), text);
                }
            }
        }
    }
}
