//! A long run that is killed or interrupted several times goes on from its kept state, and its
//! files are those of a run without interruption.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A run with dropout, Adam, a schedule and early stopping that restores the best parameters. It
/// takes some hundred milliseconds.
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
        .env("LC_ALL", "C")
        .args(arguments)
        .args(["--out", "results"])
        .current_dir(place)
        // States are kept all the time, even of short runs.
        .env("RUNNER_TEST_STATE_SECONDS", "0.02")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// A directory with the experiment, which has this many epochs.
fn place(epochs: u32) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a place for files");
    let text = LONG.replace("epochs = 120", &format!("epochs = {epochs}"));
    std::fs::write(place.path().join("e.toml"), text).expect("there is room");
    place
}

/// The tables that must be equal after every execution.
fn tables(place: &Path) -> Vec<Vec<u8>> {
    let files = ["runs.csv", "history.csv", "summary.csv", "comparison.csv"];
    let results = place.join("results");
    files
        .iter()
        .map(|name| std::fs::read(results.join(name)).expect("it is written"))
        .collect()
}

/// The states that are complete.
fn states(place: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(place.join("results/.runner/states"));
    let entries = entries.into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.extension().is_none()).collect()
}

/// The tables of a training without interruption.
fn undisturbed(epochs: u32) -> Vec<Vec<u8>> {
    let place = place(epochs);
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
    let place = place(120);
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
    assert!(tables(place.path()) == undisturbed(120));
    assert!(
        states(place.path()).is_empty(),
        "a finished run has no state"
    );
}

#[cfg(unix)]
#[test]
fn a_damaged_state_is_said_and_the_run_begins_anew() {
    // The run is long enough that the kill comes before its end.
    let place = place(1500);
    let mut child = runner(place.path(), &["e.toml"])
        .spawn()
        .expect("the program starts");
    while states(place.path()).is_empty() && child.try_wait().expect("it can be asked").is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    let kept = states(place.path());
    assert_eq!(kept.len(), 1, "one run, one state");
    let mut bytes = std::fs::read(&kept[0]).expect("it is readable");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&kept[0], bytes).expect("it can be written");

    let output = runner(place.path(), &["e.toml"]).output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("begins anew"), "{said}");
    assert!(tables(place.path()) == undisturbed(1500));
}

/// The table that `export` makes of the results: its header, and its rows.
#[cfg(unix)]
fn exported(place: &Path) -> (String, Vec<String>) {
    let arguments = [
        "export", "results", "--to", "csv", "--out", "exported", "--quiet",
    ];
    let ended = Command::new(env!("CARGO_BIN_EXE_runner"))
        .args(arguments)
        .current_dir(place)
        .output();
    let ended = ended.expect("the program starts");
    assert_eq!(ended.status.code(), Some(0), "{ended:?}");
    let table = place.join("exported/history_with_configurations.csv");
    let table = std::fs::read_to_string(table).expect("it is written");
    let mut lines = table.lines().map(str::to_owned);
    (lines.next().expect("a header"), lines.collect())
}

#[cfg(unix)]
#[test]
fn the_rows_so_far_of_a_run_under_way_are_the_first_of_its_history() {
    let place = place(1500);
    let mut child = runner(place.path(), &["e.toml"])
        .spawn()
        .expect("the program starts");
    while states(place.path()).is_empty() || exported(place.path()).1.is_empty() {
        let ended = child.try_wait().expect("it can be asked");
        assert!(ended.is_none(), "it is long enough");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    let (header, so_far) = exported(place.path());
    assert!(!so_far.is_empty());
    assert!(so_far.len() < 1500);
    let compared = Command::new(env!("CARGO_BIN_EXE_runner"))
        .args(["compare", "results", "--json"])
        .current_dir(place.path())
        .output();
    let compared = compared.expect("the program starts").stdout;
    let compared: serde_json::Value = serde_json::from_slice(&compared).expect("it is JSON");
    assert_eq!(compared["finished"], 0);

    // A state of a finished run, which a kill has left, adds nothing.
    let state = &states(place.path())[0];
    let bytes = std::fs::read(state).expect("it is readable");
    let ended = runner(place.path(), &["e.toml"]).status();
    assert_eq!(ended.expect("the program starts").code(), Some(0));
    std::fs::create_dir_all(state.parent().expect("it has one")).expect("there is room");
    std::fs::write(state, bytes).expect("there is room");
    let (same_header, all) = exported(place.path());
    assert_eq!(same_header, header);
    assert_eq!(all.len(), 1500);
    for (row, finished) in so_far.iter().zip(&all) {
        assert!(row.contains(",unfinished,"), "{row}");
        assert_eq!(&row.replace(",unfinished,", ",ok,"), finished);
    }
}

#[cfg(unix)]
#[test]
fn a_finished_run_is_not_said_to_be_under_way() {
    let place = place(1500);
    let begun = |arguments: &[&str]| {
        let mut child = runner(place.path(), arguments)
            .spawn()
            .expect("the program starts");
        while states(place.path()).is_empty() {
            let ended = child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "it is long enough");
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("it can be ended");
        child.wait().expect("it ends");
        states(place.path())[0].clone()
    };
    let state = begun(&["e.toml"]);
    let bytes = std::fs::read(&state).expect("it is readable");
    let ended = runner(place.path(), &["e.toml"]).status();
    assert_eq!(ended.expect("the program starts").code(), Some(0));
    let other = begun(&["e.toml", "--set", "replicates=2"]);
    assert_ne!(other, state);
    std::fs::write(&state, bytes).expect("there is room");

    let compared = Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .args(["compare", "results"])
        .current_dir(place.path())
        .output();
    let said = compared.expect("the program starts").stderr;
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("run 1"), "{said}");
    assert!(!said.contains("run 0"), "{said}");
}
