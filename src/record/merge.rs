//! The merge of the stores of an experiment's shards.

use std::path::{Path, PathBuf};

use super::journal::Damage;
use super::store::Store;
use crate::plan::Plan;
use problems::Error;

/// Copies into `store` the runs of `plan` from the stores of `shards` that `store` lacks or has in
/// a worse form: a run that failed here and ended there, or whose model is only there. Returns the
/// damage of each shard's journal.
///
/// # Errors
/// If a shard has no store, or a store cannot be read or written.
pub fn merge(
    plan: &Plan,
    shards: &[PathBuf],
    store: &mut Store,
) -> Result<Vec<(PathBuf, Damage)>, Error> {
    let mut damaged = Vec::new();
    for shard in shards {
        if same_directory(shard, store.directory()) {
            continue;
        }
        let other = Store::peek(shard)?.ok_or_else(|| {
            Error::Other(format!(
                "{} holds no runs: it is not the directory of a shard's results",
                shard.display()
            ))
        })?;
        if other.damage() != Damage::default() {
            damaged.push((shard.clone(), other.damage()));
        }
        for run in &plan.runs {
            let key = &run.key;
            let better = !store.has(key)
                || (!store.usable(key, &plan.output) && other.usable(key, &plan.output))
                || (!store.has_model(key) && other.has_model(key));
            if better && let Some(record) = other.read(key)? {
                store.append(&record)?;
            }
        }
    }
    store.sync()?;
    Ok(damaged)
}

fn same_directory(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
