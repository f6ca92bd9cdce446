//! Which trained parameters go into the journal.
//!
//! Where the best model of each configuration is kept, a run's parameters are journaled if the run
//! is better than every run of its configuration whose parameters are already there. So a sweep
//! stores few models and the best is always among them, in whatever order the runs finish. Runs that
//! are judged on different validation parts are not ranked: the first of them is kept.

use super::run_record::Head;
use super::store::Store;
use super::summary::{Tally, result};
use crate::plan::{Models, Plan};
use problems::Error;

/// What decides it.
#[derive(Debug)]
pub struct Keeping {
    models: Models,
    /// For each configuration the best run whose parameters are in the store, and its result.
    best: Vec<Option<(f64, usize)>>,
}

impl Keeping {
    /// Continues from what `store` holds.
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

    /// Whether the parameters of this finished run go into the journal; if so, counts them as there.
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
                // Of equals the first of the plan is the best, as in the summary.
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

/// The best runs of their configurations, as far as finished, that lack their model in the store
/// though it is to be kept: they are trained once more. It takes a change of the metric or of what
/// is kept, after the runs were trained, to make one.
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
