//! The choice of the trained parameters that go into the journal.
//!
//! Where the best model of each configuration is kept, a run's parameters go into the journal if
//! the run is better than all runs of its configuration whose parameters are already there. So a
//! sweep stores few models, and the best is among them in any order of finishing. Runs with
//! different validation parts are not ranked: the first of them is kept.

use super::run_record::Head;
use super::store::Store;
use super::summary::{Tally, result};
use crate::plan::{Models, Plan};
use problems::Error;

/// The best runs so far, which decide what is kept.
#[derive(Debug)]
pub struct Keeping {
    models: Models,
    /// For each configuration the best run whose parameters are in the store, with its result.
    best: Vec<Option<(f64, usize)>>,
}

impl Keeping {
    /// Continues from the contents of `store`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn new(plan: &Plan, store: &Store) -> Result<Self, Error> {
        let mut keeping = Self {
            models: plan.output.models,
            best: Vec::new(),
        };
        if keeping.models == Models::Best {
            keeping.best = vec![None; plan.configurations.len()];
            for (index, run) in plan.runs.iter().enumerate() {
                if store.has_model(&run.key)
                    && let Some(head) = store.head(&run.key)?
                {
                    keeping.wants(plan, index, &head);
                }
            }
        }
        Ok(keeping)
    }

    /// Whether the parameters of this finished run go into the journal. If so, they count as
    /// stored.
    pub fn wants(&mut self, plan: &Plan, index: usize, head: &Head) -> bool {
        match self.models {
            Models::None => false,
            Models::All => head.status.has_result(),
            Models::Best => {
                let Some(new) = result(plan, index, head) else {
                    return false;
                };
                let configuration = &plan.configurations[plan.runs[index].configuration];
                let best = &mut self.best[plan.runs[index].configuration];
                // Of equal runs the first in the plan is the best, as in the summary.
                let wanted = best.is_none_or(|(old, old_index)| {
                    if !configuration.ranks_its_runs() {
                        return index <= old_index;
                    }
                    plan.compare.metric.is_better(new, old) || (new == old && index <= old_index)
                });
                if wanted {
                    *best = Some((new, index));
                }
                wanted
            }
        }
    }
}

/// The best finished runs of their configurations whose model should be in the store and is not.
/// They are trained once more. Such a run exists only if the metric, or the choice of models to
/// keep, was changed after the training.
///
/// # Errors
/// If the store cannot be read.
pub fn without_model(
    plan: &Plan,
    store: &Store,
    wanted: impl Fn(usize) -> bool,
) -> Result<Vec<usize>, Error> {
    if plan.output.models != Models::Best {
        return Ok(Vec::new());
    }
    let mut tallies = vec![Tally::default(); plan.configurations.len()];
    for (index, run) in plan.runs.iter().enumerate() {
        if let Some(head) = store.head(&run.key)? {
            tallies[run.configuration].add(plan, index, &head);
        }
    }
    let best = tallies.iter().filter_map(|tally| tally.best);
    Ok(best
        .filter(|&index| wanted(index) && !store.has_model(&plan.runs[index].key))
        .collect())
}
