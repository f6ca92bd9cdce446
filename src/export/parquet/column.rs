//! The cells of one column in one row group, and their encoded pages.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::kind::Kind;
use super::thrift::{Thrift, put_varint};

/// The format's number of plain encoding.
pub(super) const PLAIN: i64 = 0;
/// The format's number of runs of equal levels.
pub(super) const RUNS: i64 = 3;
/// The format's number of indices into a dictionary.
pub(super) const INDICES: i64 = 8;
/// The format's number of a page with rows.
const DATA_PAGE: i64 = 0;
/// The format's number of a page with a dictionary.
const DICTIONARY_PAGE: i64 = 2;
/// The most distinct values of a column with a dictionary.
const MOST_DISTINCT: usize = 1 << 15;

/// The cells of a column in one row group.
pub(super) struct Cells {
    kind: Kind,
    /// Whether each row has a value.
    levels: Vec<bool>,
    values: Values,
    bounds: Bounds,
}

/// The values in plain encoding: the distinct ones if they are few, else all in order.
enum Values {
    Dictionary {
        distinct: Vec<Box<[u8]>>,
        index: HashMap<Box<[u8]>, u32>,
        indices: Vec<u32>,
    },
    Plain(Vec<u8>),
}

/// The least and the greatest value.
#[derive(Clone, Default)]
enum Bounds {
    #[default]
    None,
    Count(i64, i64),
    Number(f64, f64),
    Text(String, String),
    /// There is a NaN, which has no order.
    Unordered,
}

/// The pages of a column in one row group, with the facts for the footer.
pub(super) struct Pages {
    pub(super) bytes: Vec<u8>,
    /// The bytes before compression, including headers.
    pub(super) uncompressed: i64,
    /// The bytes of the dictionary page; 0 if there is none.
    pub(super) dictionary: i64,
    pub(super) nulls: i64,
    /// The least and the greatest value in plain encoding.
    pub(super) bounds: Option<[Vec<u8>; 2]>,
}

impl Cells {
    pub(super) fn new(kind: Kind) -> Self {
        let values = match kind {
            // The values of a loss are seldom equal.
            Kind::Number => Values::Plain(Vec::new()),
            Kind::Count | Kind::Text => Values::Dictionary {
                distinct: Vec::new(),
                index: HashMap::new(),
                indices: Vec::new(),
            },
        };
        Self {
            kind,
            levels: Vec::new(),
            values,
            bounds: Bounds::None,
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.levels.len()
    }

    /// Appends a cell; an empty one is a null.
    pub(super) fn add(&mut self, cell: &str) {
        self.levels.push(!cell.is_empty());
        if cell.is_empty() {
            return;
        }
        let promise = "the first pass has seen that every cell is of this kind";
        match self.kind {
            Kind::Count => {
                let value = cell.parse::<i64>().expect(promise);
                self.values.add(&value.to_le_bytes());
                self.bounds.count(value);
            }
            Kind::Number => {
                let value = cell.parse::<f64>().expect(promise);
                self.values.add(&value.to_le_bytes());
                self.bounds.number(value);
            }
            Kind::Text => {
                let mut bytes = (cell.len() as u32).to_le_bytes().to_vec();
                bytes.extend(cell.as_bytes());
                self.values.add(&bytes);
                self.bounds.text(cell);
            }
        }
    }

    /// The pages: a dictionary if there is one, then the rows.
    pub(super) fn pages(&self) -> std::io::Result<Pages> {
        // The definition levels are runs of equal levels, each a varint of twice its length
        // followed by the level.
        let mut levels = Vec::new();
        for run in self.levels.chunk_by(|a, b| a == b) {
            put_varint((run.len() as u64) << 1, &mut levels);
            levels.push(u8::from(run[0]));
        }
        let mut body = (levels.len() as u32).to_le_bytes().to_vec();
        body.extend(levels);
        let (mut bytes, mut uncompressed) = (Vec::new(), 0);
        let encoding = match &self.values {
            Values::Plain(values) => {
                body.extend(values);
                PLAIN
            }
            // Distinct values are shorter without a dictionary.
            Values::Dictionary {
                distinct, indices, ..
            } if distinct.len() * 2 > indices.len() || distinct.is_empty() => {
                body.extend(plain(distinct, indices));
                PLAIN
            }
            Values::Dictionary {
                distinct, indices, ..
            } => {
                (bytes, uncompressed) = page(&distinct.concat(), DICTIONARY_PAGE, |header| {
                    header.begin(7);
                    header.int(1, distinct.len() as i64);
                    header.int(2, PLAIN);
                    header.end();
                })?;
                put_indices(indices, distinct.len(), &mut body);
                INDICES
            }
        };
        let dictionary = bytes.len() as i64;
        let (rows, more) = page(&body, DATA_PAGE, |header| {
            header.begin(5);
            header.int(1, self.levels.len() as i64);
            header.int(2, encoding);
            header.int(3, RUNS); // definition levels
            header.int(4, RUNS); // repetition levels, which are empty
            header.end();
        })?;
        bytes.extend(rows);
        Ok(Pages {
            bytes,
            uncompressed: uncompressed + more,
            dictionary,
            nulls: self.levels.iter().filter(|there| !**there).count() as i64,
            bounds: self.bounds.plain(),
        })
    }
}

impl Values {
    fn add(&mut self, value: &[u8]) {
        match self {
            Values::Plain(values) => values.extend(value),
            Values::Dictionary {
                distinct,
                index,
                indices,
            } => {
                let number = match index.get(value) {
                    Some(&number) => number,
                    None => {
                        let number = distinct.len() as u32;
                        distinct.push(value.into());
                        index.insert(value.into(), number);
                        number
                    }
                };
                indices.push(number);
                if distinct.len() > MOST_DISTINCT {
                    *self = Values::Plain(plain(distinct, indices));
                }
            }
        }
    }
}

/// The values one after the other.
fn plain(distinct: &[Box<[u8]>], indices: &[u32]) -> Vec<u8> {
    let values = indices.iter().map(|&number| &*distinct[number as usize]);
    values.collect::<Vec<_>>().concat()
}

impl Bounds {
    fn count(&mut self, value: i64) {
        *self = match std::mem::take(self) {
            Bounds::Count(low, high) => Bounds::Count(low.min(value), high.max(value)),
            _ => Bounds::Count(value, value),
        };
    }

    fn number(&mut self, value: f64) {
        *self = match std::mem::take(self) {
            Bounds::Unordered => Bounds::Unordered,
            _ if value.is_nan() => Bounds::Unordered,
            Bounds::Number(low, high) => Bounds::Number(low.min(value), high.max(value)),
            _ => Bounds::Number(value, value),
        };
    }

    fn text(&mut self, value: &str) {
        match self {
            Bounds::Text(low, high) => {
                if value < low.as_str() {
                    value.clone_into(low);
                }
                if value > high.as_str() {
                    value.clone_into(high);
                }
            }
            _ => *self = Bounds::Text(value.to_owned(), value.to_owned()),
        }
    }

    /// Both bounds in plain encoding, without the length of a text. The format requires that a zero
    /// is −0 as the least and +0 as the greatest number.
    fn plain(&self) -> Option<[Vec<u8>; 2]> {
        match self {
            Bounds::None | Bounds::Unordered => None,
            Bounds::Count(low, high) => Some([low, high].map(|value| value.to_le_bytes().into())),
            Bounds::Number(low, high) => {
                let low = if *low == 0.0 { -0.0 } else { *low };
                let high = if *high == 0.0 { 0.0 } else { *high };
                Some([low, high].map(|value: f64| value.to_le_bytes().into()))
            }
            Bounds::Text(low, high) => Some([low, high].map(|value| value.as_bytes().into())),
        }
    }
}

/// A page with its header, and the number of its bytes before compression, including the header.
fn page(body: &[u8], kind: i64, details: impl Fn(&mut Thrift)) -> std::io::Result<(Vec<u8>, i64)> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    let compressed = encoder.finish()?;
    let mut header = Thrift::default();
    header.int(1, kind);
    header.int(2, body.len() as i64);
    header.int(3, compressed.len() as i64);
    details(&mut header);
    let mut page = header.finish();
    let uncompressed = (page.len() + body.len()) as i64;
    page.extend(compressed);
    Ok((page, uncompressed))
}

/// Indices into a dictionary of `distinct` values: the width of an index in bits, then runs of
/// equal indices, and groups of eight indices packed in that width.
fn put_indices(indices: &[u32], distinct: usize, bytes: &mut Vec<u8>) {
    let width = (usize::BITS - distinct.saturating_sub(1).leading_zeros()).max(1);
    bytes.push(width as u8);
    let run = |rest: &[u32]| rest.iter().take_while(|&&index| index == rest[0]).count();
    let mut rest = indices;
    while !rest.is_empty() {
        let equal = run(rest);
        if equal >= 8 {
            put_varint((equal as u64) << 1, bytes);
            bytes.extend(&rest[0].to_le_bytes()[..width.div_ceil(8) as usize]);
            rest = &rest[equal..];
            continue;
        }
        // The groups of eight up to the next run.
        let mut length = 8.min(rest.len());
        while length < rest.len() && run(&rest[length..]) < 8 {
            length = (length + 8).min(rest.len());
        }
        let groups = length.div_ceil(8);
        put_varint(((groups as u64) << 1) | 1, bytes);
        let (mut buffer, mut bits) = (0u64, 0);
        let padded = rest[..length].iter().chain(std::iter::repeat(&0));
        for &index in padded.take(groups * 8) {
            buffer |= u64::from(index) << bits;
            bits += width;
            while bits >= 8 {
                bytes.push(buffer as u8);
                buffer >>= 8;
                bits -= 8;
            }
        }
        rest = &rest[length..];
    }
}
