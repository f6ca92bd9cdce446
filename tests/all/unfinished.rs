//! Results of an experiment that was killed or interrupted, or is in training: readers show the
//! finished runs and say that the results are unfinished, and a later run ends with the bytes of a
//! run without interruption.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::program::{Ended, Place, SWEEP, assert_same_bytes};

/// An experiment that is ended before three of its six configurations are finished.
fn long() -> String {
    let full = "training.batch_size = \"full\"\n";
    SWEEP.replace(full, &format!("{full}training.epochs = 10000000\n"))
        + "[output]\nhistory_every = 100000\n"
}

/// The arguments that turn [`long`] into an experiment that ends soon, with the same short
/// configurations.
const SHORTER: [&str; 2] = ["--set", "variants.full.training.epochs=20"];

/// Trains in the background until this many runs are finished.
fn begin(place: &Place, runs: u64) -> Child {
    let mut child = place
        .command(&["e.toml", "--jobs", "2"])
        .env("RUNNER_TEST_STATE_SECONDS", "0.05")
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    while finished(place) < runs {
        assert!(
            child.try_wait().expect("it can be asked").is_none(),
            "it ended"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// The number of runs in the journal, according to `plan`.
fn finished(place: &Place) -> u64 {
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    plan["existing"].as_u64().expect("a number")
}

fn end(child: Child, signal: &str) -> Ended {
    let id = child.id().to_string();
    let status = std::process::Command::new("kill")
        .args([signal, &id])
        .status();
    assert!(status.expect("kill is there").success());
    Ended::from(child.wait_with_output().expect("it ends"))
}

/// Checks that every reader reports `count` of the twelve runs.
fn readers_say(place: &Place, count: u64) {
    let words = format!("{count} of 12 runs");
    let directory = "results/small";
    let shown = place.succeed(&["compare", directory]);
    let headline = format!("Unfinished: {words}.");
    assert!(shown.stdout.contains(&headline), "{}", shown.stdout);
    for format in ["md", "latex"] {
        let shown = place.succeed(&["compare", directory, "--format", format]);
        assert!(shown.stdout.contains(&headline), "{}", shown.stdout);
    }
    let json = place.succeed(&["compare", directory, "--json"]).json();
    assert_eq!([&json["finished"], &json["planned"]], [count, 12]);
    let mut readers = vec![
        vec!["export", directory, "--to", "csv", "--out", "exported"],
        vec!["verify", directory],
    ];
    place.write("new.csv", "x1,x2\n0.1,0.2\n");
    if count > 0 {
        readers.push(vec!["show", directory]);
        readers.push(vec!["predict", directory, "new.csv"]);
    }
    for reader in readers {
        let ended = place.succeed(&reader);
        assert!(ended.stderr.contains(&words), "{reader:?} {}", ended.stderr);
    }
    let table = place.read("exported/history_with_configurations.csv");
    let finished = table.lines().skip(1);
    let finished = finished.filter(|row| !row.contains(",unfinished,"));
    assert_eq!(finished.count() > 0, count > 0);
}

/// Checks the page of `report` and the tables beside it.
fn report_says(place: &Place, count: u64) {
    place.succeed(&["report", "results/small"]);
    let page = place.read("results/small/report.html");
    let headline = format!("<p class=\"headline\">Unfinished: {count} of 12 runs.");
    assert!(page.contains(&headline));
    let runs = place.read("results/small/runs.csv");
    assert_eq!(runs.lines().count() as u64, 1 + count);
}

#[test]
fn a_killed_experiment_is_shown_from_its_journal_and_goes_on() {
    let place = Place::with(&long());
    for runs in [0, 3, 6] {
        let child = begin(&place, runs);
        end(child, "-KILL");
        assert!(!place.path("results/small/runs.csv").exists());
        let count = finished(&place);
        assert!((runs..=6).contains(&count));
        if place
            .path("results/small/.runner/experiment.toml")
            .is_file()
        {
            readers_say(&place, count);
        }
    }
    report_says(&place, 6);
    readers_say(&place, 6);
    ends_like_an_undisturbed_one(&place);
}

#[test]
fn an_interrupted_experiment_leaves_the_results_of_its_finished_runs() {
    for signal in ["-INT", "-TERM"] {
        let place = Place::with(&long());
        let ended = end(begin(&place, 6), signal);
        assert_eq!(ended.code, Some(130), "{}", ended.stderr);
        for words in [
            "6 of 12 runs are finished and kept",
            "under way",
            "the same command goes on",
            "`runner compare results/small`",
        ] {
            assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        }
        assert_eq!(place.read("results/small/runs.csv").lines().count(), 7);
        let manifest = place.read("results/small/manifest.json");
        assert!(manifest.contains("\"complete\": false"), "{manifest}");
        assert!(
            !place
                .path("results/small/.runner/experiment.toml")
                .is_file()
        );
        readers_say(&place, 6);
        report_says(&place, 6);
        ends_like_an_undisturbed_one(&place);
    }
}

#[test]
fn a_reader_beside_a_training_shows_what_is_finished() {
    let place = Place::with(&long());
    let child = begin(&place, 6);
    readers_say(&place, 6);
    let shown = place.succeed(&["compare", "results/small"]);
    assert!(shown.stderr.contains("under way: run "), "{}", shown.stderr);
    // Its output would belong to the other program.
    let refused = place.run(&["report", "results/small"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("another runner"),
        "{}",
        refused.stderr
    );
    let refused = place.run(&["test", "results/small"]);
    assert!(
        refused.stderr.contains("not trained yet"),
        "{}",
        refused.stderr
    );
    end(child, "-KILL");
}

#[test]
fn an_earlier_result_does_not_stand_for_a_later_training() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--set", "sweep.training.learning_rate=[0.1]"]);
    place.write("e.toml", &long());
    end(begin(&place, 6), "-KILL");
    readers_say(&place, 6);
    ends_like_an_undisturbed_one(&place);
}

#[test]
fn states_that_no_run_of_the_experiment_has_go_with_its_end() {
    let place = Place::with(&long());
    end(begin(&place, 6), "-INT");
    let states = place.path("results/small/.runner/states");
    assert!(states.is_dir(), "the long runs are under way");
    ends_like_an_undisturbed_one(&place);
    assert!(!states.exists());
}

/// Trains the missing runs of the shorter experiment, here and in another directory.
fn ends_like_an_undisturbed_one(place: &Place) {
    place.succeed(&[&["e.toml"], &SHORTER[..]].concat());
    let elsewhere = Place::with(&long());
    let whole = elsewhere.path("whole");
    let whole_name = whole.display().to_string();
    let mut arguments = vec!["e.toml"];
    arguments.extend(SHORTER);
    arguments.extend(["--out", &whole_name]);
    elsewhere.succeed(&arguments);
    same(&place.path("results/small"), &whole);
    let page = place.read("results/small/report.html");
    assert!(!page.contains("Unfinished"));
}

fn same(a: &Path, b: &Path) {
    assert_same_bytes(a, b);
    for directory in [a, b] {
        assert!(!directory.join(".runner/experiment.toml").is_file());
    }
}
