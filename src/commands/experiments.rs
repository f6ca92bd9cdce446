//! The first steps of all subcommands with experiment files: the plans, the directories of their
//! results, and the number of threads.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::plan::Plan;
use problems::{Error, Problem, Problems};

/// The number of threads: that of `--jobs`, or that of all cores.
pub fn threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    )
}

/// Plans every experiment. The problems of all experiments are reported together.
pub fn plan_all(files: &[PathBuf], sets: &[String]) -> Result<Vec<Plan>, Error> {
    let mut plans = Vec::new();
    let mut problems = Problems::new();
    for file in files {
        match crate::plan::plan(file, sets) {
            Ok(plan) => plans.push(plan),
            Err(Error::Experiment(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    problems.into_result(plans)
}

/// The directory of each experiment's results: `out` (for several experiments, a directory for each
/// inside it), or `results/<name>`.
pub fn directories(plans: &[Plan], out: Option<&Path>) -> Result<Vec<PathBuf>, Error> {
    let mut names = HashSet::new();
    plans
        .iter()
        .map(|plan| {
            if !names.insert(&plan.name) {
                return Err(Problem::new(format!(
                    "two of the experiments are named `{}`: their results would go to the same directory",
                    plan.name
                ))
                .into());
            }
            Ok(match out {
                Some(out) if plans.len() == 1 => out.to_path_buf(),
                Some(out) => out.join(&plan.name),
                None => Path::new("results").join(&plan.name),
            })
        })
        .collect()
}
