//! What is kept of a finished run, and its bytes in the journal.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::status::Status;
use crate::plan::RunKey;
use engine::types::{EpochRow, MAX_METRICS, Parameters, Precision, Snapshot};

/// What is known of a finished run without its history and its model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Whose record it is.
    pub key: RunKey,
    /// How it ended.
    pub status: Status,
    /// Epochs trained; of a diverged run, the epoch in which a value stopped being finite.
    pub epochs: u64,
    /// Updates, up to the end of that epoch.
    pub updates: u64,
    /// The least validation loss (training loss where there is no validation data) and its epoch.
    pub best: Option<(f64, u64)>,
    /// The last epoch in which all was finite.
    pub last: Option<EpochRow>,
    /// The epoch that early stopping restored, where it is not the last.
    pub restored: Option<EpochRow>,
    /// Whether the loss ended far above where it began; see
    /// [`EXPLODED`](crate::execute::explosion::EXPLODED).
    pub exploded: bool,
    /// Epochs between two rows of its history.
    pub history_every: u64,
    /// Its share of the time of the thread that trained it, in seconds: for people; never in a CSV.
    pub seconds: f64,
}

impl Head {
    /// The epoch whose parameters are the run's model: the restored one, else the last. Loss and
    /// metrics of the run are those of this epoch. `None` if it diverged or failed.
    pub fn kept(&self) -> Option<&EpochRow> {
        let kept = self.restored.as_ref().or(self.last.as_ref());
        kept.filter(|_| self.status.has_result())
    }
}

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// Everything but history and model.
    pub head: Head,
    /// The rows of the epochs that are multiples of [`Head::history_every`].
    pub history: Vec<EpochRow>,
    /// The trained parameters, where they are kept, and the format they were computed in.
    pub model: Option<(Precision, Parameters)>,
    /// Parameters on the way to the kept ones, which stand last, where they are kept, and the format
    /// they were computed in.
    pub snapshots: Option<(Precision, Vec<Snapshot>)>,
}

/// Why bytes are not a record.
#[derive(Debug)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the record of a run")
    }
}

/// Bytes of the length that stands before the encoded head.
const LENGTH: usize = 4;

impl RunRecord {
    /// Appends the record's bytes: the length of the head (u32), the head (postcard), the history
    /// column by column, and the parameters as raw little-endian numbers of their precision; then, where
    /// there are snapshots, what they are ([`EncodedSnapshots`], postcard) and their parameters alike.
    ///
    /// A column is one byte for its form and then: 0: each value as 8 bytes; 1: the first value, of
    /// a column that has only this one; 2: the first value and the step, of whole numbers with equal
    /// steps. Columns: epoch, updates, samples, learning_rate, train_loss, valid_loss (NaN where
    /// missing), the train_metrics, the valid_metrics.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        bytes.extend([0; LENGTH]);
        let head = Encoded {
            head: &self.head,
            rows: self.history.len() as u64,
            layers: self
                .model
                .as_ref()
                .map(|(_, parameters)| layers(parameters)),
            precision: self.model.as_ref().map(|(precision, _)| *precision),
        };
        let mut all = postcard::to_extend(&head, std::mem::take(bytes))
            .expect("a vector takes every plain value");
        std::mem::swap(bytes, &mut all);
        let length = u32::try_from(bytes.len() - start - LENGTH).expect("a head is small");
        bytes[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());

        encode_rows(&self.history, bytes);
        if let Some((precision, parameters)) = &self.model {
            encode_parameters(parameters, *precision, bytes);
        }
        if let Some((precision, snapshots)) = &self.snapshots
            && let Some(first) = snapshots.first()
        {
            let what = EncodedSnapshots {
                layers: layers(&first.parameters),
                precision: *precision,
                epochs: snapshots.iter().map(|snapshot| snapshot.epoch).collect(),
            };
            *bytes = postcard::to_extend(&what, std::mem::take(bytes))
                .expect("a vector takes every plain value");
            for snapshot in snapshots {
                encode_parameters(&snapshot.parameters, *precision, bytes);
            }
        }
    }

    /// Reads what [`RunRecord::encode`] wrote.
    ///
    /// # Errors
    /// If the bytes are something else.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let (decoded, mut rest) = decode_head(bytes)?;
        // A run has no more rows than epochs.
        if decoded.rows > decoded.head.epochs {
            return Err(Malformed);
        }
        let history = decode_rows(decoded.rows, &mut rest)?;
        let model = match (&decoded.layers, decoded.precision) {
            (Some(layers), Some(precision)) => {
                Some((precision, decode_parameters(layers, precision, &mut rest)?))
            }
            (None, None) => None,
            _ => return Err(Malformed),
        };
        let snapshots = match rest {
            [] => None,
            rest => Some(decode_snapshots(rest)?),
        };
        Ok(Self {
            head: decoded.head,
            history,
            model,
            snapshots,
        })
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

/// Reads so many rows that [`encode_rows`] wrote, and leaves what follows them.
pub(super) fn decode_rows(rows: u64, rest: &mut &[u8]) -> Result<Vec<EpochRow>, Malformed> {
    let rows = usize::try_from(rows).map_err(|_| Malformed)?;
    // Rows of constant columns take no bytes: `rows` is believed as far as the memory reaches.
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

/// The head alone, whether there is a model, and how many bytes all of that took, from the first
/// bytes of a record.
///
/// # Errors
/// If the bytes are not the beginning of a record, or too few of it.
pub fn peek(bytes: &[u8]) -> Result<(Head, bool), Malformed> {
    let (decoded, _) = decode_head(bytes)?;
    Ok((decoded.head, decoded.layers.is_some()))
}

/// How many bytes of a record [`peek`] needs.
pub fn head_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.get(..LENGTH)?.try_into().ok()?;
    Some(LENGTH + u32::from_le_bytes(length) as usize)
}

#[derive(Serialize)]
struct Encoded<'a> {
    head: &'a Head,
    rows: u64,
    layers: Option<Vec<usize>>,
    precision: Option<Precision>,
}

#[derive(Deserialize)]
struct Decoded {
    head: Head,
    rows: u64,
    layers: Option<Vec<usize>>,
    precision: Option<Precision>,
}

/// What the snapshots of a record are; their parameters follow, one after the other.
#[derive(Serialize, Deserialize)]
struct EncodedSnapshots {
    /// Nodes of each layer, the input first.
    layers: Vec<usize>,
    precision: Precision,
    /// Of each snapshot.
    epochs: Vec<u64>,
}

fn decode_head(bytes: &[u8]) -> Result<(Decoded, &[u8]), Malformed> {
    let end = head_length(bytes).ok_or(Malformed)?;
    let head = bytes.get(LENGTH..end).ok_or(Malformed)?;
    match postcard::take_from_bytes(head) {
        Ok((decoded, [])) => Ok((decoded, &bytes[end..])),
        _ => Err(Malformed),
    }
}

/// Nodes of each layer, the input first.
fn layers(parameters: &Parameters) -> Vec<usize> {
    let inputs = parameters.weights.first().map(|weights| weights.ncols());
    let nodes = parameters.weights.iter().map(|weights| weights.nrows());
    inputs.into_iter().chain(nodes).collect()
}

/// The columns of whole numbers, in the journal's order.
const COUNTS: [fn(&EpochRow) -> u64; 3] = [|row| row.epoch, |row| row.updates, |row| row.samples];

/// The columns of floats, in the journal's order.
const FLOATS: [fn(&EpochRow) -> f64; 3] = [
    |row| row.learning_rate,
    |row| row.train_loss,
    |row| row.valid_loss.unwrap_or(f64::NAN),
];

/// The metrics of one part of the data, row by row: most of their columns hold one value alone.
struct Metrics<'a> {
    /// The values of the first row.
    first: [f64; MAX_METRICS],
    /// The columns that change, and their places.
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

/// Each value stands for itself.
const RAW: u8 = 0;
/// All values are the first.
const CONSTANT: u8 = 1;
/// Whole numbers with equal steps.
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

/// Each metric as [`encode_floats`] does. Which of them change is found row by row, since a row's lie
/// together.
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

/// A column as it stands in the bytes.
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

/// Appends parameters as raw numbers of their precision.
fn encode_parameters(parameters: &Parameters, precision: Precision, bytes: &mut Vec<u8>) {
    for values in parameters.slices() {
        match precision {
            Precision::F64 => values
                .iter()
                .for_each(|value| bytes.extend(value.to_le_bytes())),
            Precision::F32 => values
                .iter()
                .for_each(|&value| bytes.extend((value as f32).to_le_bytes())),
        }
    }
}

/// Reads snapshots from exactly `bytes`.
fn decode_snapshots(bytes: &[u8]) -> Result<(Precision, Vec<Snapshot>), Malformed> {
    let (what, mut rest) =
        postcard::take_from_bytes::<EncodedSnapshots>(bytes).map_err(|_| Malformed)?;
    let snapshots = what.epochs.iter().map(|&epoch| {
        let parameters = decode_parameters(&what.layers, what.precision, &mut rest)?;
        Ok(Snapshot { epoch, parameters })
    });
    let snapshots = snapshots.collect::<Result<Vec<_>, Malformed>>()?;
    match rest {
        // Where there are none, nothing is written.
        [] if !snapshots.is_empty() => Ok((what.precision, snapshots)),
        _ => Err(Malformed),
    }
}

/// Takes parameters for layers of these sizes from the beginning of `bytes`.
fn decode_parameters(
    layers: &[usize],
    precision: Precision,
    bytes: &mut &[u8],
) -> Result<Parameters, Malformed> {
    let width = match precision {
        Precision::F64 => 8,
        Precision::F32 => 4,
    };
    let numbers = layers.windows(2).try_fold(0usize, |sum, pair| {
        sum.checked_add(pair[0].checked_add(1)?.checked_mul(pair[1])?)
    });
    let length = numbers.and_then(|numbers| numbers.checked_mul(width));
    let taken = bytes.split_at_checked(length.ok_or(Malformed)?);
    let (taken, rest) = taken.filter(|_| layers.len() > 1).ok_or(Malformed)?;
    *bytes = rest;
    let mut parameters = Parameters::zeros(layers);
    let mut chunks = taken.chunks_exact(width);
    for value in parameters.slices_mut().flatten() {
        let chunk = chunks.next().ok_or(Malformed)?;
        *value = match precision {
            Precision::F64 => f64::from_le_bytes(chunk.try_into().map_err(|_| Malformed)?),
            Precision::F32 => f32::from_le_bytes(chunk.try_into().map_err(|_| Malformed)?).into(),
        };
    }
    Ok(parameters)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A record with this many rows of history, and a model of these layers.
    pub fn example(key: u8, rows: u64, model: &[usize]) -> RunRecord {
        let history: Vec<EpochRow> = (1..=rows)
            .map(|epoch| EpochRow {
                epoch,
                updates: epoch * 10,
                samples: epoch * 77,
                learning_rate: 0.5,
                train_loss: 1.0 / epoch as f64,
                valid_loss: key.is_multiple_of(2).then_some(2.0 / epoch as f64),
                train_metrics: [f64::NAN; MAX_METRICS],
                valid_metrics: std::array::from_fn(|place| match place {
                    0 => 0.25,
                    1 => f64::NAN,
                    _ => epoch as f64 / place as f64,
                }),
            })
            .collect();
        let mut parameters = (!model.is_empty()).then(|| Parameters::zeros(model));
        if let Some(parameters) = &mut parameters {
            let numbers = parameters.slices_mut().flatten();
            numbers
                .zip(0..)
                .for_each(|(value, i)| *value = f64::from(i) / 8.0);
        }
        RunRecord {
            head: Head {
                key: RunKey([key; 16]),
                status: Status::Ok,
                epochs: rows,
                updates: rows * 10,
                best: history.last().map(|row| (row.train_loss, row.epoch)),
                last: history.last().cloned(),
                restored: history.get(1).copied(),
                exploded: key == 7,
                history_every: 1,
                seconds: 0.125,
            },
            history,
            snapshots: None,
            model: parameters.map(|parameters| (Precision::F32, parameters)),
        }
    }

    /// Equal to the bit: NaN equals NaN.
    pub fn same(a: &RunRecord, b: &RunRecord) -> bool {
        format!("{a:?}") == format!("{b:?}")
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        for (rows, model) in [(0, &[][..]), (1, &[]), (9, &[2, 3, 1]), (5, &[1, 1])] {
            for key in [4, 7] {
                let mut record = example(key, rows, model);
                if rows == 5 {
                    record.history.remove(2);
                    record.head.status = Status::Failed {
                        reason: "why,\nindeed".to_owned(),
                    };
                }
                let mut bytes = Vec::new();
                record.encode(&mut bytes);
                let read = RunRecord::decode(&bytes).expect("it was written so");
                assert!(same(&read, &record), "{read:?}\n{record:?}");
                let (head, has_model) = peek(&bytes).expect("it was written so");
                assert_eq!(head.key, record.head.key);
                assert_eq!(has_model, record.model.is_some());
            }
        }
    }

    #[test]
    fn snapshots_read_back_with_and_without_a_model() {
        for model in [&[][..], &[2, 3, 1]] {
            let mut record = example(4, 3, model);
            let of = |epoch: u64| Snapshot {
                epoch,
                parameters: example(2, 0, &[2, 2, 1]).model.expect("it has one").1,
            };
            record.snapshots = Some((Precision::F64, [1, 2, 3].map(of).to_vec()));
            let mut bytes = Vec::new();
            record.encode(&mut bytes);
            let read = RunRecord::decode(&bytes).expect("it was written so");
            assert!(same(&read, &record), "{read:?}\n{record:?}");
            bytes.push(0);
            assert!(RunRecord::decode(&bytes).is_err(), "a byte too many");
        }
    }

    #[test]
    fn every_shortened_record_is_refused() {
        let mut bytes = Vec::new();
        example(4, 3, &[2, 2]).encode(&mut bytes);
        for length in 0..bytes.len() {
            assert!(RunRecord::decode(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn rows_that_take_no_bytes_are_believed_as_far_as_the_memory_reaches() {
        let mut record = example(4, 1, &[]);
        record.head.epochs = u64::MAX;
        let head = Encoded {
            head: &record.head,
            rows: 1 << 50,
            layers: None,
            precision: None,
        };
        let head =
            postcard::to_extend(&head, Vec::new()).expect("a vector takes every plain value");
        let mut bytes = (head.len() as u32).to_le_bytes().to_vec();
        bytes.extend(head);
        encode_rows(&record.history, &mut bytes);
        assert!(RunRecord::decode(&bytes).is_err());
    }

    #[test]
    fn parameters_take_no_memory_before_their_bytes_are_there() {
        let read = |layers: &[usize]| {
            let bytes = [0; 64];
            decode_parameters(layers, Precision::F64, &mut &bytes[..])
        };
        for layers in [[1 << 40, 1 << 20], [usize::MAX; 2], [7, 7]] {
            assert!(read(&layers).is_err(), "{layers:?}");
        }
        // Nodes without a weight take no bytes, and no memory either.
        assert!(read(&[1 << 40, 0, 1]).is_ok());
    }

    proptest! {
        #[test]
        fn no_bytes_make_decoding_panic(bytes: Vec<u8>) {
            let _ = RunRecord::decode(&bytes);
            let _ = peek(&bytes);
        }
    }
}
