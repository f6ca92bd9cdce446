//! The output of `runner plan`: existing runs, new runs, and their cost.

use crate::program::{Place, SWEEP};

#[test]
fn costs_are_counted_from_the_shapes() {
    let place = Place::with(SWEEP);
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    assert_eq!(
        (&plan["configurations"], &plan["runs"]),
        (&6.into(), &12.into())
    );
    assert_eq!(
        (&plan["existing"], &plan["missing"]),
        (&0.into(), &12.into())
    );
    // Mini-batches have 30 samples × 30 epochs, the full batch 30 epochs, each with two replicates.
    let online = &plan["table"][0];
    assert_eq!(
        (&online["variant"], &online["updates"]),
        (&"online".into(), &1800.into())
    );
    assert_eq!(plan["table"][3]["updates"], 60);
    // 2-3-1 has 9 weights, 6 of them at the input: 9 for the forward pass, 9 for the gradient, 3
    // for the error of the hidden layer; 30 samples are trained on, and 30 are for validation.
    let run = 30 * (30 * (9 + 9 + 3) + 30 * 9);
    assert_eq!(online["multiply_adds"], 2 * run);
    assert_eq!(plan["multiply_adds"], 12 * run);
    let seconds = plan["estimated_seconds"].as_f64().expect("a number");
    // The experiment has twelve runs with 30 epochs of 30 samples, which take less than a minute on
    // any machine.
    assert!(seconds > 0.0 && seconds < 60.0, "{seconds}");
    assert!(!place.path("results").exists(), "planning leaves nothing");
}

#[test]
fn what_exists_costs_nothing() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--shard", "1/2"]);
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    assert_eq!(
        (&plan["existing"], &plan["missing"]),
        (&6.into(), &6.into())
    );
    assert_eq!(plan["table"][0]["existing"], 1);
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["plan", "e.toml"]);
    assert!(
        ended
            .stdout
            .contains("12 exist in results/small, 0 are to be trained"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("about"), "{}", ended.stdout);
}

#[test]
fn the_disk_estimate_is_about_right() {
    let place = Place::with(SWEEP);
    let plan = place.succeed(&["plan", "e.toml", "--json"]).json();
    place.succeed(&["e.toml"]);
    let mut found = 0;
    for name in [".runner/journal", "runs.csv", "history.csv"] {
        let file = place.path(&format!("results/small/{name}"));
        found += std::fs::metadata(file).expect("it is there").len();
    }
    let ratio = plan["disk_bytes"].as_f64().expect("a number") / found as f64;
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}
