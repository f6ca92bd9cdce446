//! After a run, a best value at the edge of its sweep is reported.

use crate::program::{Place, SWEEP};

fn said(rates: &str) -> String {
    let place = Place::with(SWEEP);
    let set = format!("sweep.training.learning_rate={rates}");
    let ended = place.succeed(&["e.toml", "--set", &set]);
    let json = place.succeed(&["e.toml", "--set", &set, "--json"]).json();
    let warnings = json["warnings"].as_array().expect("there is a list").len();
    assert_eq!(
        warnings,
        ended.stderr.matches("the best configuration has").count()
    );
    ended.stderr
}

#[test]
fn a_best_value_at_the_end_of_the_sweep_is_said_and_one_inside_is_not() {
    let greatest = said("[1e-6, 1e-5, 1e-4]");
    let expected = "the best configuration has the greatest swept `training.learning_rate`, 0.0001";
    assert!(greatest.contains(expected), "{greatest}");
    let least = said("[0.1, 100.0, 1000.0]");
    assert!(least.contains("has the least swept"), "{least}");
    assert!(!said("[1e-6, 0.1, 1000.0]").contains("the best configuration has"));
    // Of two values one is always at an edge.
    assert!(!said("[1e-5, 1e-4]").contains("the best configuration has"));
}
