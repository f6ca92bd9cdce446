//! Kills, interruptions and failed runs: no finished run is lost, and no incomplete file looks
//! complete.
#![cfg(unix)]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use engine::types::Init;
use runner::execute::progress::Progress;
use runner::execute::{Options, run_all};
use runner::record::result_files::Outcomes;
use runner::record::results;
use runner::record::{Status, Store};

use crate::program::{Ended, Place, SWEEP, assert_same_bytes};

/// An experiment with about a second of training on one core, in a hundred runs.
fn longer() -> String {
    SWEEP
        .replace("replicates = 2", "replicates = 17")
        .replace("samples = 60", "samples = 400")
}

fn runs_kept(place: &Place) -> u64 {
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    plan["existing"].as_u64().expect("a number")
}

#[test]
fn five_kills_at_random_moments_and_a_restart_leave_the_same_bytes() {
    let place = Place::with(&longer());
    let seed = std::process::id() as u64;
    let mut kept = 0;
    for kill in 0..5u64 {
        let mut child = place
            .command(&["e.toml", "--quiet"])
            .spawn()
            .expect("the program starts");
        // The moment is random: from the first instructions to some way into the runs.
        let pause = (seed.wrapping_mul(2_654_435_761).wrapping_add(kill * 7919)) % 150;
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().expect("it can be killed");
        child.wait().expect("it was killed");
        let now = runs_kept(&place);
        assert!(now >= kept, "a finished run was lost: {kept} {now}");
        kept = now;
        if place.path("results/small/manifest.json").exists() {
            assert_eq!(
                kept, 102,
                "results are complete only when every run is there"
            );
        }
    }
    let ended = place.succeed(&["e.toml", "--json"]);
    assert_eq!(ended.json()["trained"], 102 - kept);
    place.succeed(&["e.toml", "--out", "at-once"]);
    assert_same_bytes(&place.path("results/small"), &place.path("at-once"));
}

#[test]
fn a_kill_while_results_are_written_leaves_whole_files_or_none() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--out", "whole"]);
    place.succeed(&["e.toml"]);
    for pause in 0..20 {
        let mut child = place
            .command(&["e.toml", "--quiet"])
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_micros(500 * pause));
        child.kill().expect("it can be killed");
        child.wait().expect("it was killed");
        for name in ["runs.csv", "history.csv", "summary.csv"] {
            let path = place.path("results/small").join(name);
            if path.exists() {
                let whole = place.read(&format!("whole/{name}"));
                assert_eq!(
                    place.read(&format!("results/small/{name}")),
                    whole,
                    "{name}"
                );
            }
        }
    }
    place.succeed(&["e.toml"]);
    assert_same_bytes(&place.path("results/small"), &place.path("whole"));
}

#[test]
fn an_interrupted_experiment_exits_with_130_and_goes_on() {
    for signal in ["-INT", "-TERM"] {
        let place = Place::with(&longer());
        let endless = ["e.toml", "--set", "training.epochs=2000", "--jobs", "1"];
        let child = place
            .command(&endless)
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        let journal = place.path("results/small/.runner/journal");
        // The test waits until the first run is finished.
        while std::fs::metadata(&journal).map_or(0, |file| file.len()) < 100 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let status = std::process::Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(status.expect("kill is there").success());
        let ended = Ended::from(child.wait_with_output().expect("it ends"));
        assert_eq!(ended.code, Some(130), "{}", ended.stderr);
        assert!(ended.stderr.contains("interrupted"), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("the same command goes on"),
            "{}",
            ended.stderr
        );
        let manifest = place.read("results/small/manifest.json");
        assert!(manifest.contains("\"complete\": false"), "{manifest}");
        let plan = place.succeed(&["plan", "e.toml", "--json", "--set", "training.epochs=2000"]);
        assert!(plan.json()["existing"].as_u64().expect("a number") >= 1);
    }
}

/// Trains an experiment with one configuration that the plan would refuse, so that its runs panic.
fn with_a_panic(place: &Place, fail_fast: bool) -> (Vec<Option<Status>>, Outcomes) {
    let mut plan = runner::plan::plan(&place.path("e.toml"), &[]).expect("it is good");
    plan.configurations[1].init = Arc::new(Init::Explicit {
        weights: vec![],
        biases: vec![],
    });
    let mut store = Store::open(&place.path("out"), false).expect("it opens");
    let missing = store.missing(&plan, |_| true);
    let progress = Progress::new(&plan, &missing, runner::language::Language::English);
    let options = Options { jobs: 1, fail_fast };
    let stop = AtomicBool::new(false);
    run_all(&plan, &missing, &mut store, options, &progress, &stop).expect("there is room");
    let statuses = plan.runs.iter().map(|run| {
        let head = store.head(&run.key).expect("it is readable");
        head.map(|head| head.status)
    });
    let statuses = statuses.collect();
    let outcomes = results::write(&plan, &store, &[])
        .expect("there is room")
        .outcomes;
    (statuses, outcomes)
}

#[test]
fn a_run_that_panics_is_failed_with_its_reason_and_the_others_go_on() {
    let place = Place::with(SWEEP);
    let (statuses, outcomes) = with_a_panic(&place, false);
    for (index, status) in statuses.iter().enumerate() {
        match status.as_ref().expect("every run has its outcome") {
            Status::Failed { reason } => {
                assert!([2, 3].contains(&index));
                assert!(reason.contains("the plan promises"), "{reason}");
            }
            status => assert_eq!(status, &Status::Ok),
        }
    }
    assert_eq!((outcomes.ok, outcomes.failed), (10, 2));
    assert!(outcomes.bad());
    let runs = place.read("out/runs.csv");
    let failed: Vec<&str> = runs
        .lines()
        .filter(|line| line.contains(",failed,"))
        .collect();
    assert_eq!(failed.len(), 2);
    assert!(failed[0].contains("the plan promises"), "{}", failed[0]);

    // A failed run is tried again; the experiment is now good, so the run succeeds.
    let ended = place.succeed(&["e.toml", "--out", "out", "--json"]);
    assert_eq!(ended.json()["trained"], 2);
    place.succeed(&["e.toml", "--out", "at-once"]);
    assert_same_bytes(&place.path("out"), &place.path("at-once"));
}

#[test]
fn fail_fast_stops_at_the_first_run_that_fails() {
    let place = Place::with(SWEEP);
    let (statuses, outcomes) = with_a_panic(&place, true);
    assert_eq!(outcomes.failed, 1);
    assert!(outcomes.missing > 0);
    assert!(matches!(statuses[2], Some(Status::Failed { .. })));
    assert!(statuses[4..].iter().all(Option::is_none));
}
