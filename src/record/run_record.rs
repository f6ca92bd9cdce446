//! The record of a finished run, and its bytes in the journal.

use serde::{Deserialize, Serialize};

use super::epoch_rows::{Malformed, decode_rows, encode_rows};
use super::status::Status;
use crate::plan::RunKey;
use engine::types::{EpochRow, Parameters, Precision, Snapshot};

/// The facts about a finished run, without its history and its model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The key of the run.
    pub key: RunKey,
    /// How the run ended.
    pub status: Status,
    /// The trained epochs; for a diverged run, the epoch in which a value stopped being finite.
    pub epochs: u64,
    /// The updates up to the end of that epoch.
    pub updates: u64,
    /// The least validation loss (training loss where there is no validation data) and its epoch.
    pub best: Option<(f64, u64)>,
    /// The last epoch in which all values were finite.
    pub last: Option<EpochRow>,
    /// The epoch that early stopping restored, if it is not the last.
    pub restored: Option<EpochRow>,
    /// Whether the loss ended far above the first one; see
    /// [`EXPLODED`](crate::execute::explosion::EXPLODED).
    pub exploded: bool,
    /// The number of epochs between two rows of the history.
    pub history_every: u64,
    /// The run's share of the time of its thread, in seconds. It is for people and stands in no
    /// CSV.
    pub seconds: f64,
}

impl Head {
    /// The epoch whose parameters are the run's model: the restored one, else the last. The loss
    /// and the metrics of the run are those of this epoch. `None` if the run diverged or failed.
    pub fn kept(&self) -> Option<&EpochRow> {
        let kept = self.restored.as_ref().or(self.last.as_ref());
        kept.filter(|_| self.status.has_result())
    }
}

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// All but the history and the model.
    pub head: Head,
    /// The rows of the epochs that are multiples of [`Head::history_every`].
    pub history: Vec<EpochRow>,
    /// The trained parameters, if they are kept, and the precision in which they were computed.
    pub model: Option<(Precision, Parameters)>,
    /// The snapshots on the way to the kept parameters, which are the last of them, if snapshots
    /// are kept; and the precision in which they were computed.
    pub snapshots: Option<(Precision, Vec<Snapshot>)>,
}

/// The bytes of the length that precedes the encoded head.
const LENGTH: usize = 4;

impl RunRecord {
    /// Appends the record's bytes: the length of the head (u32), the head (postcard), the history
    /// ([`encode_rows`]), and the parameters as raw little-endian numbers of their precision. If
    /// there are snapshots, their description ([`EncodedSnapshots`], postcard) and their parameters
    /// follow in the same form.
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

    /// Reads the bytes that [`RunRecord::encode`] wrote.
    ///
    /// # Errors
    /// If the bytes are not a record.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let (decoded, mut rest) = decode_head(bytes)?;
        // A run has at most one row per epoch.
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

/// The head alone, and whether there is a model, from the first bytes of a record.
///
/// # Errors
/// If the bytes are not the beginning of a record, or too few.
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

/// The description of a record's snapshots. Their parameters follow, one after the other.
#[derive(Serialize, Deserialize)]
struct EncodedSnapshots {
    /// The nodes of each layer, the input first.
    layers: Vec<usize>,
    precision: Precision,
    /// The epoch of each snapshot.
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

/// The nodes of each layer, the input first.
fn layers(parameters: &Parameters) -> Vec<usize> {
    let inputs = parameters.weights.first().map(|weights| weights.ncols());
    let nodes = parameters.weights.iter().map(|weights| weights.nrows());
    inputs.into_iter().chain(nodes).collect()
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
        // A record without snapshots has no description either.
        [] if !snapshots.is_empty() => Ok((what.precision, snapshots)),
        _ => Err(Malformed),
    }
}

/// Reads parameters for layers of these sizes from the beginning of `bytes`, and moves past them.
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
    use engine::types::MAX_METRICS;
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

    /// Whether two records are equal to the bit; all NaN are equal.
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
    fn parameters_take_no_memory_before_their_bytes_are_there() {
        let read = |layers: &[usize]| {
            let bytes = [0; 64];
            decode_parameters(layers, Precision::F64, &mut &bytes[..])
        };
        for layers in [[1 << 40, 1 << 20], [usize::MAX; 2], [7, 7]] {
            assert!(read(&layers).is_err(), "{layers:?}");
        }
        // Nodes without weights take no bytes and no memory.
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
