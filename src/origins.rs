//! The origins of the models of a report: their samples and initial weights, which the plan knows.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::{Plan, RunKey};
use crate::record::Store;
use crate::report::exhibit::Origin;
use crate::report::results::{Configuration, Run};
use engine::types::Snapshot;

/// A function from a configuration of `runs.csv` and one of its runs to its samples and initial
/// weights.
///
/// The snapshots of the runs come from `store`, if there is one.
pub fn of_plan<'a>(
    plan: &'a Plan,
    store: Option<&'a Store>,
) -> impl Fn(&Configuration, &Run) -> Option<Origin> + Sync + 'a {
    let mut places: HashMap<Vec<&str>, usize> = HashMap::new();
    for (index, configuration) in plan.configurations.iter().enumerate() {
        let values = std::iter::once(&configuration.variant).chain(&configuration.values);
        places.insert(values.map(String::as_str).collect(), index);
    }
    let (each, folds) = (plan.runs_each(), plan.folds);
    move |configuration, wanted| {
        let values: Vec<&str> = configuration.values.iter().map(String::as_str).collect();
        let index = *places.get(&values)?;
        // The runs of a configuration are together, ordered by replicate, and in each replicate by
        // fold.
        let fold = wanted.fold.unwrap_or(0);
        let place = wanted
            .replicate
            .checked_mul(u64::from(folds.unwrap_or(1)))?;
        let place = usize::try_from(place.checked_add(fold)?).ok()?;
        let place = index.checked_mul(each)?.checked_add(place)?;
        let run = plan.runs.get(place)?;
        let planned = &plan.configurations[index];
        if run.configuration != index
            || u64::from(run.replicate) != wanted.replicate
            || run.fold.map(u64::from) != wanted.fold
        {
            return None;
        }
        Some(Origin {
            data: Arc::clone(planned.dataset(run)),
            initial: planned
                .init
                .parameters(&planned.architecture.layers, run.init_seed),
            snapshots: match store {
                Some(store) if plan.takes_snapshots(place) => snapshots(store, &run.key),
                _ => Vec::new(),
            },
        })
    }
}

/// The snapshots of a run; empty if the journal cannot be read, since the page can be made without
/// them.
fn snapshots(store: &Store, key: &RunKey) -> Vec<Snapshot> {
    let record = store.read(key).ok().flatten();
    let snapshots = record.and_then(|record| record.snapshots);
    snapshots.map_or_else(Vec::new, |(_, snapshots)| snapshots)
}
