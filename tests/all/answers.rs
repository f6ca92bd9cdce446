//! The shipped experiments on real data answer as their comments say.

use std::process::Command;

/// Trains a shipped experiment and gives a table of its results, a map from column to cell per row.
struct Results(tempfile::TempDir);

impl Results {
    fn of(experiment: &str) -> Self {
        let place = tempfile::tempdir().expect("a place for files");
        let output = Command::new(env!("CARGO_BIN_EXE_runner"))
            .arg(format!("experiments/{experiment}.toml"))
            .args(["--quiet", "--out"])
            .arg(place.path())
            .output()
            .expect("the program starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self(place)
    }

    /// The cells of some columns, a row each.
    fn table<const N: usize>(&self, file: &str, columns: [&str; N]) -> Vec<[String; N]> {
        let mut reader = csv::Reader::from_path(self.0.path().join(file)).unwrap();
        let header = reader.headers().unwrap().clone();
        let places = columns.map(|column| {
            let place = header.iter().position(|name| name == column);
            place.unwrap_or_else(|| panic!("{file} has no column {column}"))
        });
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            places.map(|place| row[place].to_owned())
        });
        rows.collect()
    }

    /// The mean of each variant at its best swept value; `sign` 1 where more is better, else −1.
    fn best(&self, by: &str, sign: f64) -> Vec<(String, f64)> {
        let mut best: Vec<(String, f64)> = Vec::new();
        for [name, mean] in self.table("summary.csv", [by, "mean"]) {
            let mean: f64 = mean.parse().unwrap();
            match best.iter_mut().find(|(known, _)| *known == name) {
                Some((_, value)) if sign * mean > sign * *value => *value = mean,
                Some(_) => {}
                None => best.push((name, mean)),
            }
        }
        best
    }
}

fn value(best: &[(String, f64)], name: &str) -> f64 {
    best.iter()
        .find(|(known, _)| known == name)
        .expect("the variant is there")
        .1
}

#[test]
fn iris_needs_no_hidden_layer() {
    let results = Results::of("iris");
    for (name, accuracy) in results.best("variant", 1.0) {
        assert!((0.93..0.96).contains(&accuracy), "{name}: {accuracy}");
    }
    for [verdict] in results.table("comparison.csv", ["verdict"]) {
        assert_eq!(verdict, "no clear difference");
    }
}

#[test]
fn diabetes_is_foretold_best_by_the_linear_model() {
    let best = Results::of("diabetes").best("variant", 1.0);
    assert!((0.46..0.49).contains(&value(&best, "linear")), "{best:?}");
    for name in ["hidden", "hidden-stopped", "hidden-l2"] {
        assert!((0.28..0.35).contains(&value(&best, name)), "{best:?}");
    }
}

#[test]
fn the_playgrounds_network_learns_the_circle_nine_times_out_of_ten() {
    let runs = Results::of("playground").table("runs.csv", ["valid_accuracy"]);
    assert_eq!(runs.len(), 10);
    assert_eq!(runs.iter().filter(|[accuracy]| accuracy == "1").count(), 9);
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn adam_and_momentum_read_digits_better_than_plain_descent() {
    let best = Results::of("digits").best("variant", 1.0);
    assert!(value(&best, "adam") > 0.97, "{best:?}");
    assert!(value(&best, "momentum") > 0.965, "{best:?}");
    assert!((0.94..0.965).contains(&value(&best, "sgd")), "{best:?}");
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn adam_winds_along_the_spiral_best() {
    let best = Results::of("optimizers").best("training.optimizer", -1.0);
    assert_eq!(best.len(), 6);
    let adam = value(&best, "adam");
    assert!(adam < 0.17, "{best:?}");
    assert!(best.iter().all(|&(_, loss)| loss >= adam), "{best:?}");
    assert!(value(&best, "sgd") > 0.45, "{best:?}");
}

#[test]
#[ignore = "takes minutes without optimisation"]
fn mnist_is_read_at_95_percent() {
    let runs = Results::of("mnist").table("runs.csv", ["valid_accuracy"]);
    let accuracy: f64 = runs[0][0].parse().unwrap();
    assert!(accuracy >= 0.955, "{accuracy}");
}
