//! What identifies a dataset: a digest of its numbers.

use ndarray::Array2;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{Preparation, Samples};

/// How many numbers are digested by themselves before the digests are: 1 MiB of them.
const CHUNK: usize = 1 << 17;

/// SHA-256 of the preparation's JSON and of each matrix of training and validation samples.
pub(super) fn digest(
    preparation: &Preparation,
    train: &Samples,
    valid: Option<&Samples>,
) -> [u8; 32] {
    let mut hash = Sha256::new();
    let json = serde_json::to_vec(preparation).expect("a preparation has only texts and numbers");
    hash.update((json.len() as u64).to_le_bytes());
    hash.update(&json);
    for matrix in std::iter::once(train)
        .chain(valid)
        .flat_map(|samples| [&samples.x, &samples.y])
    {
        hash.update((matrix.nrows() as u64).to_le_bytes());
        hash.update((matrix.ncols() as u64).to_le_bytes());
        hash.update(numbers(matrix));
    }
    hash.finalize().into()
}

/// The digests of a matrix's numbers (little-endian bits, row by row), [`CHUNK`] at a time, one
/// after the other: they can be computed side by side, in any order.
fn numbers(matrix: &Array2<f64>) -> Vec<u8> {
    let rows = matrix.as_standard_layout();
    let values = rows.as_slice().expect("the standard layout is one slice");
    let digests: Vec<[u8; 32]> = values
        .par_chunks(CHUNK)
        .map(|chunk| {
            let mut hash = Sha256::new();
            let mut bytes = [0; 4096];
            for block in chunk.chunks(bytes.len() / 8) {
                for (bytes, value) in bytes.chunks_exact_mut(8).zip(block) {
                    bytes.copy_from_slice(&value.to_bits().to_le_bytes());
                }
                hash.update(&bytes[..block.len() * 8]);
            }
            hash.finalize().into()
        })
        .collect();
    digests.concat()
}
