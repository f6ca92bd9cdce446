//! A long run that is killed or interrupted again and again goes on from its kept state, and its files
//! are those of a run that went its course in one piece.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A run of dropout, Adam, a schedule and early stopping whose best parameters come back, some hundred
/// milliseconds long.
const LONG: &str = r#"
name = "long"
seed = 3
[data]
source = "spiral"
samples = 2000
validation = 0.25
[model]
layers = [2, 16, 8, 1]
activations = ["tanh", "tanh", "identity"]
dropout = 0.1
[training]
epochs = 120
batch_size = 16
learning_rate = 0.003
optimizer = "adam"
schedule = { name = "cosine", t_max = 50, eta_min = 0.0001 }
early_stopping = { patience = 200, metric = "valid_loss" }
"#;

fn runner(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner"));
    command
        .args(arguments)
        .args(["--quiet", "--out", "results"])
        .current_dir(place)
        // States are kept at every moment, and of short runs too.
        .env("RUNNER_TEST_STATE_SECONDS", "0.02")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a place for files");
    std::fs::write(place.path().join("e.toml"), LONG).expect("there is room");
    place
}

/// The tables that every execution must leave alike.
fn tables(place: &Path) -> Vec<Vec<u8>> {
    let files = ["runs.csv", "history.csv", "summary.csv", "comparison.csv"];
    let results = place.join("results");
    files
        .iter()
        .map(|name| std::fs::read(results.join(name)).expect("it is written"))
        .collect()
}

/// The names in the directory of states.
fn states(place: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(place.join("results/.runner/states"));
    let entries = entries.into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// Trains in one piece.
fn undisturbed() -> Vec<Vec<u8>> {
    let place = place();
    let ended = runner(place.path(), &["e.toml"]).status();
    assert_eq!(ended.expect("the program starts").code(), Some(0));
    tables(place.path())
}

/// Lets the program work for some time and ends it with this signal.
fn end_after(place: &Path, milliseconds: u64, signal: &str) {
    let mut child = runner(place, &["e.toml"])
        .spawn()
        .expect("the program starts");
    std::thread::sleep(Duration::from_millis(milliseconds));
    let id = child.id().to_string();
    let _ = Command::new("kill").args([signal, &id]).status();
    child.wait().expect("it ends");
}

#[cfg(unix)]
#[test]
fn a_long_run_goes_on_after_kills_and_interruptions_with_the_same_bytes() {
    let place = place();
    for (milliseconds, signal) in [
        (120, "-KILL"),
        (170, "-INT"),
        (140, "-KILL"),
        (160, "-TERM"),
        (150, "-HUP"),
    ] {
        end_after(place.path(), milliseconds, signal);
    }
    let ended = runner(place.path(), &["e.toml", "--jobs", "3"]).status();
    assert_eq!(ended.expect("the program starts").code(), Some(0));
    assert!(tables(place.path()) == undisturbed());
    assert!(
        states(place.path()).is_empty(),
        "a finished run has no state"
    );
}

#[cfg(unix)]
#[test]
fn a_damaged_state_is_said_and_the_run_begins_anew() {
    let place = place();
    // However slow the machine, some state is kept after a while.
    for milliseconds in [150, 300, 600, 1200] {
        if states(place.path()).is_empty() && !place.path().join("results/runs.csv").exists() {
            end_after(place.path(), milliseconds, "-KILL");
        }
    }
    for state in states(place.path()) {
        let mut bytes = std::fs::read(&state).expect("it is readable");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        std::fs::write(&state, bytes).expect("it can be written");
        let output = runner(place.path(), &["e.toml"])
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(0));
    }
    if !place.path().join("results/runs.csv").exists() {
        let ended = runner(place.path(), &["e.toml"]).status();
        assert_eq!(ended.expect("the program starts").code(), Some(0));
    }
    assert!(tables(place.path()) == undisturbed());
}
