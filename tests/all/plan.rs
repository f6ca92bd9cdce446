//! From a file to a plan: every shipped experiment, and what the plan promises of keys and seeds.

use std::path::{Path, PathBuf};

use runner::plan::{Plan, plan};

fn shipped() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the experiments are shipped")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 7);
    files
}

fn planned(path: &Path) -> Plan {
    plan(path, &[]).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys(plan: &Plan) -> Vec<String> {
    plan.runs.iter().map(|run| run.key.to_string()).collect()
}

#[test]
fn the_document_of_every_shipped_experiment_plans_the_same_runs() {
    for path in shipped() {
        let first = planned(&path);
        let directory = tempfile::tempdir().expect("a temporary directory");
        let copy = directory.path().join("experiment.toml");
        let text = first.document(directory.path());
        std::fs::write(&copy, &text).expect("it can be written");
        let again = planned(&copy);
        assert_eq!(keys(&first), keys(&again), "{}\n{text}", path.display());
        assert_eq!(first.name, again.name);
        assert_eq!(first.swept, again.swept);
        assert_eq!(first.compare, again.compare);
        assert_eq!(first.output, again.output);
        assert_eq!(
            again.document(directory.path()),
            text,
            "the document of a document is itself"
        );
    }
}
