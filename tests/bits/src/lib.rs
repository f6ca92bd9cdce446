//! Small runs over the whole vocabulary of the engine, and a digest of the bits of each.
//!
//! Two machines agree if they print the same lines. Beside the runs, the functions and the fused
//! multiply-add are computed for many numbers. The choices of the engine are taken from its enums;
//! choices with numbers of their own are written as in a run's record.

mod digest;
mod functions;
mod runs;

/// A line for each run and each function, with its digest and its name.
pub fn lines() -> impl Iterator<Item = String> {
    let functions = functions::all();
    let runs = runs::all()
        .into_iter()
        .map(|run| (run.name(), run.digest()));
    let digests = functions.into_iter().chain(runs);
    digests.map(|(name, digest)| format!("{digest} {name}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The setting in the name of each run has changed its numbers.
    #[test]
    fn no_two_runs_have_the_same_digest() {
        let mut names = BTreeMap::new();
        for run in runs::all() {
            let name = run.name();
            if let Some(other) = names.insert(run.digest(), name.clone()) {
                panic!("{name} and {other} give the same bits");
            }
        }
    }
}
