//! The digests that identify a dataset.

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::raw::{Raw, Targets};
use super::source::Source;
use numbers::matrix::{DataMatrix, Element, Numbers};

/// The numbers in a chunk, each of which has its own digest before these are digested: 1 MiB.
const CHUNK: usize = 1 << 17;

/// SHA-256 of the preparation's JSON and of each matrix of training and validation samples.
pub(super) fn digest<'a>(
    preparation: &impl Serialize,
    matrices: impl Iterator<Item = &'a DataMatrix>,
) -> [u8; 32] {
    let mut hash = Sha256::new();
    let json = serde_json::to_vec(preparation).expect("a preparation has only texts and numbers");
    hash.update((json.len() as u64).to_le_bytes());
    hash.update(&json);
    for matrix in matrices {
        hash.update((matrix.nrows() as u64).to_le_bytes());
        hash.update((matrix.ncols() as u64).to_le_bytes());
        hash.update(match matrix.numbers() {
            Numbers::F32(numbers) => digests(numbers),
            Numbers::F64(numbers) => digests(numbers),
        });
    }
    hash.finalize().into()
}

/// SHA-256 of a source's description, its seed, and these of its rows.
pub(super) fn rows(source: &str, seed: u64, rows: &[usize]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((source.len() as u64).to_le_bytes());
    hash.update(source);
    hash.update(seed.to_le_bytes());
    for &row in rows {
        hash.update((row as u64).to_le_bytes());
    }
    hash.finalize().into()
}

/// The digest of a part's samples, whatever their preparation. For a formula it covers the formula
/// and its seed, for all other sources the targets; and it covers the numbers of the rows in the
/// source.
pub(super) fn part(source: &Source, seed: u64, part: &Raw) -> [u8; 32] {
    let mut hash = Sha256::new();
    match (source, &part.y) {
        (Source::Synthetic { .. }, _) => {
            hash.update(format!("{source:?}").as_bytes());
            hash.update(seed.to_le_bytes());
        }
        (_, Targets::None) => {}
        (_, Targets::Numbers(y)) => y.iter().for_each(|target| label(&mut hash, target)),
        (_, Targets::Words { words, index, .. }) => {
            let numbers: Vec<Option<f64>> = words.iter().map(|word| word.parse().ok()).collect();
            for &word in index {
                // A class whose name is a number has the digest of that number.
                match numbers[word] {
                    Some(number) => label(&mut hash, number),
                    None => {
                        hash.update(words[word].as_bytes());
                        hash.update([0]);
                    }
                }
            }
        }
    }
    for &row in &part.rows {
        hash.update((row as u64).to_le_bytes());
    }
    hash.finalize().into()
}

/// Adds a target that is a number; −0 counts as 0.
fn label(hash: &mut Sha256, number: f64) {
    hash.update((number + 0.0).to_le_bytes());
}

/// The digests of numbers as f64 (little-endian bits), whatever their format, one for each
/// [`CHUNK`] of them, in order. They can be computed side by side.
fn digests<T: Element>(numbers: &[T]) -> Vec<u8> {
    let digests: Vec<[u8; 32]> = numbers
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut hash = Sha256::new();
            let mut bytes = [0; 4096];
            for block in chunk.chunks(bytes.len() / 8) {
                for (bytes, &number) in bytes.chunks_exact_mut(8).zip(block) {
                    bytes.copy_from_slice(&number.into().to_le_bytes());
                }
                hash.update(&bytes[..block.len() * 8]);
            }
            hash.finalize().into()
        })
        .collect();
    digests.concat()
}
