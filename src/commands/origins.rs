//! Where the models of a report came from: the plan knows the samples and the initial weights.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::Plan;
use crate::report::exhibit::Origin;
use crate::report::results::Configuration;

/// A function from a configuration of `runs.csv` and a replicate to its samples and initial weights.
pub fn of_plan(plan: &Plan) -> impl Fn(&Configuration, u64) -> Option<Origin> + Sync + '_ {
    let mut places: HashMap<Vec<&str>, usize> = HashMap::new();
    for (index, configuration) in plan.configurations.iter().enumerate() {
        let values = std::iter::once(&configuration.variant).chain(&configuration.values);
        places.insert(values.map(String::as_str).collect(), index);
    }
    let replicates = plan.replicates as usize;
    move |configuration, replicate| {
        let values: Vec<&str> = configuration.values.iter().map(String::as_str).collect();
        let index = *places.get(&values)?;
        let replicate = u32::try_from(replicate).ok()?;
        // A configuration's runs lie together, replicate by replicate.
        let run = plan.runs.get(index * replicates + replicate as usize)?;
        let planned = &plan.configurations[index];
        if run.configuration != index || run.replicate != replicate {
            return None;
        }
        Some(Origin {
            data: Arc::clone(planned.dataset(replicate)),
            initial: planned
                .init
                .parameters(&planned.architecture.layers, run.init_seed),
        })
    }
}
