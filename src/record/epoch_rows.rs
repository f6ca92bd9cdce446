//! Rows of history as bytes, column by column.
//!
//! A column is one byte for its form, followed by its values. Form 0: each value in 8 bytes. Form
//! 1: the first value, for a column in which all values are equal. Form 2: the first value and the
//! step, for whole numbers with equal steps. The columns are epoch, updates, samples,
//! learning_rate, train_loss, valid_loss (NaN where missing), the train_metrics and the
//! valid_metrics.

use std::fmt;

use engine::types::{EpochRow, MAX_METRICS};

/// The error of bytes that are not a record.
#[derive(Debug)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the record of a run")
    }
}

/// Appends rows of history, column by column.
pub(super) fn encode_rows(rows: &[EpochRow], bytes: &mut Vec<u8>) {
    for column in COUNTS {
        encode_counts(rows.iter().map(column), bytes);
    }
    for column in FLOATS {
        encode_floats(rows.iter().map(column), bytes);
    }
    encode_metrics(rows, |row| &row.train_metrics, bytes);
    encode_metrics(rows, |row| &row.valid_metrics, bytes);
}

/// Reads `rows` rows that [`encode_rows`] wrote, and leaves the bytes that follow them.
pub(super) fn decode_rows(rows: u64, rest: &mut &[u8]) -> Result<Vec<EpochRow>, Malformed> {
    let rows = usize::try_from(rows).map_err(|_| Malformed)?;
    // Rows of constant columns take no bytes, so the number of rows is only checked against the
    // memory.
    let memory = rows.checked_mul(size_of::<EpochRow>()).ok_or(Malformed)?;
    if !data::memory::fits(memory as u128) {
        return Err(Malformed);
    }
    let [epoch, updates, samples] = [
        decode_column(rows, rest)?,
        decode_column(rows, rest)?,
        decode_column(rows, rest)?,
    ];
    let mut floats: [Column; FLOATS.len()] = [Column::default(); FLOATS.len()];
    for column in &mut floats {
        *column = decode_column(rows, rest)?;
    }
    let train_metrics = decode_metrics(rows, rest)?;
    let valid_metrics = decode_metrics(rows, rest)?;
    let history = (0..rows).map(|row| {
        let float = |column: usize| f64::from_bits(floats[column].get(row));
        let valid_loss = float(2);
        EpochRow {
            epoch: epoch.get(row),
            updates: updates.get(row),
            samples: samples.get(row),
            learning_rate: float(0),
            train_loss: float(1),
            valid_loss: (!valid_loss.is_nan()).then_some(valid_loss),
            train_metrics: train_metrics.get(row),
            valid_metrics: valid_metrics.get(row),
        }
    });
    Ok(history.collect())
}

/// The columns of whole numbers, in the journal's order.
const COUNTS: [fn(&EpochRow) -> u64; 3] = [|row| row.epoch, |row| row.updates, |row| row.samples];

/// The columns of floats, in the journal's order.
const FLOATS: [fn(&EpochRow) -> f64; 3] = [
    |row| row.learning_rate,
    |row| row.train_loss,
    |row| row.valid_loss.unwrap_or(f64::NAN),
];

/// The metrics of one part of the data, row by row. Most of their columns have one value in all
/// rows.
struct Metrics<'a> {
    /// The values of the first row.
    first: [f64; MAX_METRICS],
    /// The columns whose values change, with their places.
    changing: Vec<(usize, Column<'a>)>,
}

impl Metrics<'_> {
    fn get(&self, row: usize) -> [f64; MAX_METRICS] {
        let mut metrics = self.first;
        for (place, column) in &self.changing {
            metrics[*place] = f64::from_bits(column.get(row));
        }
        metrics
    }
}

fn decode_metrics<'a>(rows: usize, bytes: &mut &'a [u8]) -> Result<Metrics<'a>, Malformed> {
    let mut metrics = Metrics {
        first: [f64::NAN; MAX_METRICS],
        changing: Vec::new(),
    };
    for (place, first) in metrics.first.iter_mut().enumerate() {
        match decode_column(rows, bytes)? {
            Column::Steps(value, 0) => *first = f64::from_bits(value),
            column => metrics.changing.push((place, column)),
        }
    }
    Ok(metrics)
}

/// The form of a column with 8 bytes for each value.
const RAW: u8 = 0;
/// The form of a column whose values are all equal.
const CONSTANT: u8 = 1;
/// The form of a column of whole numbers with equal steps.
const STEPS: u8 = 2;

fn encode_counts(values: impl Iterator<Item = u64> + Clone, bytes: &mut Vec<u8>) {
    let mut firsts = values.clone();
    let (first, second) = (firsts.next().unwrap_or(0), firsts.next());
    let step = second.map_or(0, |second| second.wrapping_sub(first));
    let expected = std::iter::successors(Some(first), |value| Some(value.wrapping_add(step)));
    if values.clone().zip(expected).all(|(a, b)| a == b) {
        bytes.push(STEPS);
        bytes.extend(first.to_le_bytes());
        bytes.extend(step.to_le_bytes());
    } else {
        bytes.push(RAW);
        values.for_each(|value| bytes.extend(value.to_le_bytes()));
    }
}

fn encode_floats(values: impl Iterator<Item = f64> + Clone, bytes: &mut Vec<u8>) {
    let first = values.clone().next().unwrap_or(0.0).to_bits();
    if values.clone().all(|value| value.to_bits() == first) {
        bytes.push(CONSTANT);
        bytes.extend(first.to_le_bytes());
    } else {
        bytes.push(RAW);
        values.for_each(|value| bytes.extend(value.to_le_bytes()));
    }
}

/// Encodes each metric as [`encode_floats`] does. The changing metrics are found row by row, since
/// the values of a row lie together in memory.
fn encode_metrics(
    history: &[EpochRow],
    of: impl Fn(&EpochRow) -> &[f64; MAX_METRICS],
    bytes: &mut Vec<u8>,
) {
    let first = history.first().map_or([0.0; MAX_METRICS], |row| *of(row));
    let mut changes = [0; MAX_METRICS];
    for row in history {
        for ((changes, value), first) in changes.iter_mut().zip(of(row)).zip(&first) {
            *changes |= value.to_bits() ^ first.to_bits();
        }
    }
    for (metric, changes) in changes.into_iter().enumerate() {
        if changes == 0 {
            bytes.push(CONSTANT);
            bytes.extend(first[metric].to_le_bytes());
        } else {
            bytes.push(RAW);
            let values = history.iter().map(|row| of(row)[metric]);
            values.for_each(|value| bytes.extend(value.to_le_bytes()));
        }
    }
}

/// A column as its bytes encode it.
#[derive(Debug, Clone, Copy)]
enum Column<'a> {
    Raw(&'a [u8]),
    Steps(u64, u64),
}

impl Default for Column<'_> {
    fn default() -> Self {
        Column::Steps(0, 0)
    }
}

impl Column<'_> {
    fn get(&self, row: usize) -> u64 {
        match self {
            Column::Raw(bytes) => {
                let value = bytes[row * 8..row * 8 + 8].try_into();
                u64::from_le_bytes(value.expect("the slice has eight bytes"))
            }
            Column::Steps(first, step) => first.wrapping_add(step.wrapping_mul(row as u64)),
        }
    }
}

fn decode_column<'a>(rows: usize, rest: &mut &'a [u8]) -> Result<Column<'a>, Malformed> {
    let mut take = |count: usize| -> Result<&'a [u8], Malformed> {
        let (taken, left) = rest.split_at_checked(count).ok_or(Malformed)?;
        *rest = left;
        Ok(taken)
    };
    let form = take(1)?[0];
    if form == RAW {
        return Ok(Column::Raw(take(rows.checked_mul(8).ok_or(Malformed)?)?));
    }
    let mut number = || {
        let bytes = take(8)?.try_into();
        Ok(u64::from_le_bytes(bytes.expect("eight bytes were taken")))
    };
    match form {
        CONSTANT => Ok(Column::Steps(number()?, 0)),
        STEPS => Ok(Column::Steps(number()?, number()?)),
        _ => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_take_no_bytes_are_believed_as_far_as_the_memory_reaches() {
        let mut bytes = Vec::new();
        encode_rows(&[], &mut bytes);
        for (rows, are_read) in [(1_000, true), (1 << 50, false), (u64::MAX, false)] {
            let read = decode_rows(rows, &mut &bytes[..]);
            assert_eq!(read.is_ok(), are_read, "{rows}");
        }
    }
}
