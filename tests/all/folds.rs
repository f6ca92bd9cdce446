//! k-fold cross-validation as a person sees it: rows, intervals, tests, kept models, shards.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::Place;

const FOLDED: &str = r#"
name = "small"
seed = 5
replicates = 2

[data]
source = "spiral"
samples = 60
noise = 0.2
folds = 3
stratify = true

[model]
layers = [2, 4, 1]
hidden = "tanh"

[training]
loss = "bce"
epochs = 6
learning_rate = 0.1

[sweep]
training.batch_size = [4, 20]
"#;

/// The rows of a table, each by the names of its columns.
fn rows(place: &Place, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = place.read(&format!("results/small/{name}"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("it has a header").clone();
    let record = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        cells
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect()
    };
    reader
        .records()
        .map(|row| record(row.expect("it is a row")))
        .collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|_| panic!("{column} is `{}`", row[column]))
}

#[test]
fn every_configuration_is_trained_once_per_fold_and_replicate() {
    let place = Place::with(FOLDED);
    place.succeed(&["e.toml"]);
    let runs = rows(&place, "runs.csv");
    let header = place.read("results/small/runs.csv");
    assert!(header.contains(",replicate,fold,seed,"), "{header}");
    let parts: Vec<(String, String, String)> = runs
        .iter()
        .map(|run| {
            let of = |name: &str| run[name].clone();
            (of("training.batch_size"), of("replicate"), of("fold"))
        })
        .collect();
    let mut expected = Vec::new();
    for batch in ["4", "20"] {
        for replicate in ["0", "1"] {
            expected
                .extend(["0", "1", "2"].map(|fold| (batch.into(), replicate.into(), fold.into())));
        }
    }
    assert_eq!(parts, expected);
    let keys: BTreeSet<&str> = runs.iter().map(|run| run["key"].as_str()).collect();
    assert_eq!(keys.len(), 12);
    // The folds of a replicate share its seed, and replicates have different seeds.
    for run in &runs {
        let like: BTreeSet<&str> = runs
            .iter()
            .filter(|other| other["replicate"] == run["replicate"])
            .map(|other| other["seed"].as_str())
            .collect();
        assert_eq!(like.len(), 1);
    }
    assert_ne!(runs[0]["seed"], runs[3]["seed"]);
}

#[test]
fn intervals_have_the_variance_of_resampled_runs() {
    let place = Place::with(FOLDED);
    place.succeed(&["e.toml"]);
    let runs = rows(&place, "runs.csv");
    for (index, row) in rows(&place, "summary.csv").iter().enumerate() {
        let losses: Vec<f64> = runs[index * 6..index * 6 + 6]
            .iter()
            .map(|run| number(run, "valid_loss"))
            .collect();
        let mean = losses.iter().sum::<f64>() / 6.0;
        let variance = losses.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 5.0;
        // t of 5 degrees of freedom, with 20 validation samples for 40 training samples.
        let margin = 2.570581835636314 * (variance * (1.0 / 6.0 + 0.5)).sqrt();
        assert_eq!(
            (row["replicates"].as_str(), row["folds"].as_str()),
            ("2", "3")
        );
        assert_eq!(number(row, "valid_per_train"), 0.5);
        assert!((number(row, "ci_high") - mean - margin).abs() < 1e-12);
        assert!((mean - number(row, "ci_low") - margin).abs() < 1e-12);
    }
}

#[test]
fn folds_and_splits_are_compared_by_the_corrected_test_and_fresh_data_are_not() {
    let split = FOLDED.replace("folds = 3", "validation = 0.25").replace(
        "replicates = 2",
        "replicates = 4\nvary = [\"split\", \"init\"]",
    );
    let drawn = split.replace("\"split\"", "\"data\"");
    let both = split.replace("\"split\"", "\"split\", \"data\"");
    for (text, test, ratio) in [
        (FOLDED.to_owned(), "corrected_t_log", Some(0.5)),
        (split, "corrected_t_log", Some(15.0 / 45.0)),
        (drawn, "paired_t_log", None),
        (both, "paired_t_log", None),
    ] {
        let place = Place::with(&text);
        place.succeed(&["e.toml"]);
        let pairs = rows(&place, "comparison.csv");
        let pair = &pairs[0];
        assert_eq!(pair["test"], test);
        let n = number(pair, "pairs");
        let error = match ratio {
            Some(ratio) => (1.0 / n + ratio).sqrt(),
            None => (1.0 / n).sqrt(),
        };
        let t = number(pair, "effect") / error;
        assert!(
            (number(pair, "statistic") - t).abs() < 1e-9 * t.abs(),
            "{text}"
        );
        // A comparison made from the finished tables alone is the same.
        let before = place.read("results/small/comparison.csv");
        place.succeed(&["report", "results/small"]);
        assert_eq!(place.read("results/small/comparison.csv"), before);
    }
}

#[test]
fn of_each_configuration_the_first_fold_is_kept() {
    for (folds, vary) in [
        ("folds = 3", ""),
        ("validation = 0.25", "vary = [\"split\"]\n"),
    ] {
        let place = Place::with(&format!("{vary}{}", FOLDED.replace("folds = 3", folds)));
        place.succeed(&["e.toml"]);
        let runs = rows(&place, "runs.csv");
        let first = |run: &&BTreeMap<String, String>| {
            run["replicate"] == "0" && run.get("fold").is_none_or(|fold| fold == "0")
        };
        let expected: BTreeSet<String> = runs
            .iter()
            .filter(first)
            .map(|run| format!("{}.safetensors", run["key"]))
            .collect();
        let models =
            std::fs::read_dir(place.path("results/small/models")).expect("there are models");
        let kept: BTreeSet<String> = models
            .map(|model| {
                model
                    .expect("it is listed")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(kept, expected);
    }
}

#[test]
fn shards_and_threads_do_not_change_what_folds_leave() {
    let place = Place::with(FOLDED);
    place.succeed(&["e.toml", "--jobs", "1"]);
    for shard in ["1/2", "2/2"] {
        let out = format!("part{}", &shard[..1]);
        place.succeed(&["e.toml", "--shard", shard, "--out", &out, "--jobs", "3"]);
    }
    place.succeed(&["merge", "part1", "part2", "--out", "joined"]);
    for name in [
        "runs.csv",
        "history.csv",
        "summary.csv",
        "comparison.csv",
        "report.html",
    ] {
        let [one, other] =
            ["results/small", "joined"].map(|at| place.read(&format!("{at}/{name}")));
        assert!(one == other, "{name} differs");
    }
    place.succeed(&["verify", "joined"]);
    // With more replicates only the new runs are trained.
    place.write(
        "e.toml",
        &FOLDED.replace("replicates = 2", "replicates = 3"),
    );
    let ended = place.succeed(&["e.toml"]);
    assert!(ended.stderr.contains("(6 trained in"), "{}", ended.stderr);
}

#[test]
fn a_lost_run_leaves_counts_and_no_verdict() {
    let place = Place::with(&FOLDED.replace("bce", "half_mse").replace(
        "training.batch_size = [4, 20]",
        "training.learning_rate = [0.1, 1e200]",
    ));
    place.run(&["e.toml"]);
    let pairs = rows(&place, "comparison.csv");
    let lost: f64 = ["lost_a", "lost_b"]
        .map(|side| number(&pairs[0], side))
        .iter()
        .sum();
    assert!(lost > 0.0);
    for column in ["test", "verdict", "p_value", "ci_low", "ratio_low"] {
        assert_eq!(pairs[0][column], "", "{column}");
    }
}
