//! The key of a run: the digest of everything that its numbers depend on.
//!
//! The key is a SHA-256 over these parts, each with its length before it: the engine's version; the
//! architecture, the initial weights and the settings as JSON (with names rather than positions,
//! and numbers in the shortest form that reads back); the digest of the dataset's numbers; the
//! seeds; and, if there are folds, the number of the run's fold and of all folds. The key is
//! independent of name, description, variant, output and the position in the plan.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Run, RunKey};
use engine::ENGINE_VERSION;
use engine::types::{Architecture, Init, Settings};

/// The digest of one serialisable part.
pub fn digest(part: &impl Serialize) -> [u8; 32] {
    let json = serde_json::to_vec(part).expect("a part of a plan is plain data");
    Sha256::digest(json).into()
}

/// The digest of an architecture and its initial weights.
pub fn network(architecture: &Architecture, init: &Init) -> [u8; 32] {
    digest(&(architecture, init))
}

/// The key of a run of a configuration. `network` is the digest of [`network`], `settings` that of
/// the settings, `dataset` that of the numbers; `folds` is the plan's number of folds.
pub fn key(
    network: &[u8; 32],
    settings: &[u8; 32],
    dataset: &[u8; 32],
    folds: Option<u32>,
    run: &Run,
) -> RunKey {
    let mut hash = Sha256::new();
    hash.update(b"runner");
    hash.update(ENGINE_VERSION.to_le_bytes());
    hash.update(network);
    hash.update(settings);
    hash.update(dataset);
    hash.update(run.init_seed.to_le_bytes());
    hash.update(run.shuffle_seed.to_le_bytes());
    if let (Some(folds), Some(fold)) = (folds, run.fold) {
        hash.update(folds.to_le_bytes());
        hash.update(fold.to_le_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    RunKey(key)
}

/// The digest of the settings.
pub fn settings(settings: &Settings) -> [u8; 32] {
    digest(settings)
}
