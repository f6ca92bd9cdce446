//! The shipped experiments have the results that their comments state.

use std::process::Command;

/// A shipped experiment after training, with the tables of its results.
struct Results(tempfile::TempDir);

impl Results {
    fn of(experiment: &str) -> Self {
        let place = tempfile::tempdir().expect("a place for files");
        let output = Command::new(env!("CARGO_BIN_EXE_runner"))
            .env("LC_ALL", "C")
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

    /// The cells of some columns, one row each.
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

    /// The mean of each variant at its best swept value; `sign` is 1 if more is better, else −1.
    fn best(&self, by: &str, sign: f64) -> Vec<(String, f64)> {
        let mut best: Vec<(String, f64)> = Vec::new();
        for [name, mean] in self.table("summary.csv", [by, "mean"]) {
            let Ok(mean) = mean.parse::<f64>() else {
                continue; // Every replicate diverged.
            };
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

/// Whether a value rounds to the one in a comment.
fn is_about(value: f64, said: f64, rounding: f64) -> bool {
    (value - said).abs() <= rounding
}

#[test]
fn the_plane_is_learnt_best_by_sgd_and_a_larger_batch_wants_a_larger_rate() {
    let results = Results::of("plane");
    let best = results.best("variant", -1.0);
    assert!(is_about(value(&best, "sgd"), 0.00016, 5e-6), "{best:?}");
    let mini_batch = value(&best, "mini-batch");
    assert!(is_about(mini_batch, 0.00046, 5e-6), "{best:?}");
    assert!(is_about(value(&best, "full-batch"), 0.0032, 5e-5));
    let columns = ["variant", "training.learning_rate", "mean", "diverged"];
    for [variant, rate, mean, diverged] in results.table("summary.csv", columns) {
        let mean: f64 = mean.parse().unwrap_or(f64::INFINITY);
        if mean == value(&best, &variant) {
            let rates = [
                ("sgd", "0.03"),
                ("mini-batch", "0.3"),
                ("full-batch", "1.0"),
            ];
            assert!(
                rates.contains(&(variant.as_str(), rate.as_str())),
                "{variant} {rate}"
            );
        }
        match (variant.as_str(), rate.as_str()) {
            ("sgd", "1.0" | "3.0") | ("mini-batch", "3.0") => assert_eq!(diverged, "5"),
            ("full-batch", "3.0") => assert!(mean > 1e100, "{mean}"),
            _ => assert_eq!(diverged, "0", "{variant} {rate}"),
        }
    }
}

#[test]
fn from_four_samples_on_a_larger_batch_learns_less_in_as_many_epochs() {
    let rows = Results::of("batch_regimes").table("summary.csv", ["variant", "mean"]);
    let said = [
        ("sgd", 0.00017, 5e-6),
        ("mini-batch-4", 0.00018, 5e-6),
        ("mini-batch", 0.00053, 5e-6),
        ("mini-batch-64", 0.0019, 5e-5),
        ("mini-batch-256", 0.0048, 5e-5),
        ("full-batch", 0.0096, 5e-5),
    ];
    assert_eq!(rows.len(), said.len());
    for ([variant, mean], (said_variant, said, rounding)) in rows.iter().zip(said) {
        assert_eq!(variant, said_variant);
        let mean = mean.parse().unwrap();
        assert!(is_about(mean, said, rounding), "{variant}: {mean}");
    }
}

#[test]
fn a_learning_rate_may_be_as_large_as_0_3() {
    let columns = ["training.learning_rate", "mean", "median", "diverged"];
    for [rate, mean, median, diverged] in
        Results::of("learning_rates").table("summary.csv", columns)
    {
        let rate: f64 = rate.parse().unwrap();
        assert_eq!(diverged, if rate > 3.0 { "5" } else { "0" }, "{rate}");
        if (0.03..0.4).contains(&rate) {
            let mean: f64 = mean.parse().unwrap();
            assert!((0.00075..0.00155).contains(&mean), "{rate}: {mean}");
        } else if rate == 1.0 {
            assert!(is_about(median.parse().unwrap(), 0.6, 0.05), "{median}");
        } else if rate == 1e-4 {
            assert!(is_about(mean.parse().unwrap(), 0.13, 0.005), "{mean}");
        }
    }
}

/// The mean validation accuracy over the replicates, for each pair of cells in two columns.
fn accuracies(results: &Results, columns: [&str; 2]) -> Vec<(String, f64)> {
    let mut sums: Vec<(String, f64, f64)> = Vec::new();
    let [one, two] = columns;
    for [one, two, accuracy] in results.table("runs.csv", [one, two, "valid_accuracy"]) {
        let name = format!("{one} {two}");
        let accuracy: f64 = accuracy.parse().unwrap();
        match sums.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, sum, count)) => {
                *sum += accuracy;
                *count += 1.0;
            }
            None => sums.push((name, accuracy, 1.0)),
        }
    }
    let means = sums
        .into_iter()
        .map(|(name, sum, count)| (name, sum / count));
    means.collect()
}

#[test]
fn exclusive_or_is_learnt_better_by_more_hidden_nodes() {
    let results = Results::of("xor");
    let means = accuracies(&results, ["model.layers", "variant"]);
    let said = [0.79, 0.88, 0.93, 0.99];
    for ((name, mean), said) in means.iter().zip(said) {
        assert!(is_about(*mean, said, 0.0051), "{name}: {mean}");
    }
    for [verdict] in results.table("comparison.csv", ["verdict"]) {
        assert_ne!(verdict, "no clear difference");
    }
}

#[test]
fn the_deep_network_draws_the_circle_with_the_smaller_loss() {
    let results = Results::of("circle");
    let best = results.best("variant", -1.0);
    assert!(is_about(value(&best, "deep"), 0.058, 5e-4), "{best:?}");
    assert!(is_about(value(&best, "wide"), 0.065, 5e-4), "{best:?}");
    let [wide, deep] = [("wide", 0.98), ("deep", 0.97)];
    for (mean, (name, said)) in accuracies(&results, ["variant", "status"])
        .iter()
        .zip([wide, deep])
    {
        assert!(mean.0.starts_with(name), "{mean:?}");
        assert!(is_about(mean.1, said, 0.0051), "{mean:?}");
    }
}

#[test]
#[ignore = "takes a minute without optimisation"]
fn relu_and_tanh_wind_along_the_spiral_and_the_sigmoid_does_not() {
    let results = Results::of("spiral");
    let best = results.best("variant", -1.0);
    assert!(is_about(value(&best, "relu"), 0.18, 0.005), "{best:?}");
    assert!(is_about(value(&best, "tanh"), 0.25, 0.005), "{best:?}");
    assert!(is_about(value(&best, "sigmoid"), 0.47, 0.005), "{best:?}");
    let means = accuracies(&results, ["variant", "training.learning_rate"]);
    for (name, said) in [
        ("relu 0.1", 0.89),
        ("tanh 0.1", 0.82),
        ("sigmoid 0.01", 0.6),
    ] {
        assert!(is_about(value(&means, name), said, 0.0051), "{means:?}");
    }
}

#[test]
fn iris_cannot_tell_whether_a_hidden_layer_helps() {
    let results = Results::of("iris");
    let best = results.best("variant", 1.0);
    for (name, said) in [("linear", 0.945), ("hidden-4", 0.958), ("hidden-16", 0.96)] {
        assert!(is_about(value(&best, name), said, 0.0006), "{best:?}");
    }
    let columns = ["test", "verdict", "replicates_needed"];
    for [test, verdict, needed] in results.table("comparison.csv", columns) {
        assert_eq!(test, "corrected_t");
        assert_eq!(
            (verdict.as_str(), needed.as_str()),
            ("no clear difference", "")
        );
    }
}

#[test]
fn diabetes_is_foretold_best_by_the_linear_model() {
    let best = Results::of("diabetes").best("variant", 1.0);
    for (name, said) in [
        ("linear", 0.48),
        ("hidden", 0.31),
        ("hidden-stopped", 0.34),
        ("hidden-l2", 0.33),
    ] {
        assert!(is_about(value(&best, name), said, 0.0051), "{best:?}");
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
fn adam_reads_digits_best_and_the_sealed_ones_a_little_less_well() {
    let results = Results::of("digits");
    let best = results.best("variant", 1.0);
    for (name, said) in [("adam", 0.978), ("momentum", 0.976), ("sgd", 0.967)] {
        assert!(is_about(value(&best, name), said, 0.0006), "{best:?}");
    }
    let opened = Command::new(env!("CARGO_BIN_EXE_runner"))
        .env("LC_ALL", "C")
        .args(["test", "--quiet"])
        .arg(results.0.path())
        .output()
        .expect("the program starts");
    assert!(opened.status.success());
    let rows = results.table("test.csv", ["what", "configuration", "test_accuracy"]);
    for (what, said) in [
        ("mean", 0.959),
        ("samples_low", 0.934),
        ("samples_high", 0.975),
    ] {
        let [_, configuration, accuracy] = rows.iter().find(|row| row[0] == what).unwrap();
        assert_eq!(configuration, "12");
        let accuracy: f64 = accuracy.parse().unwrap();
        assert!(is_about(accuracy, said, 0.0006), "{what}: {accuracy}");
    }
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
