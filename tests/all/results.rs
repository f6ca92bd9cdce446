//! What a run leaves behind: which files, which columns, the same bytes every time.

use std::collections::BTreeMap;

use crate::program::{Place, SWEEP, assert_same_bytes, promised};

/// The rows of a CSV file as maps from column to cell.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("it is a CSV file")
}

#[test]
fn one_two_and_eight_threads_write_the_same_bytes() {
    let place = Place::with(SWEEP);
    for jobs in ["1", "2", "8"] {
        place.succeed(&["e.toml", "--jobs", jobs, "--out", jobs]);
    }
    assert_same_bytes(&place.path("1"), &place.path("2"));
    assert_same_bytes(&place.path("1"), &place.path("8"));
}

#[test]
fn the_tables_have_the_columns_and_rows_that_are_promised() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let runs = place.read("results/small/runs.csv");
    assert_eq!(
        runs.lines().next(),
        Some(
            "run,key,variant,training.learning_rate,replicate,seed,status,epochs,updates,\
             train_loss,valid_loss,best_valid_loss,best_epoch,train_r2,train_mae,valid_r2,valid_mae,reason"
        )
    );
    let rows = table(&runs);
    assert_eq!(rows.len(), 12);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row["run"], index.to_string());
        assert_eq!(row["variant"], if index < 6 { "online" } else { "full" });
        assert_eq!(
            row["training.learning_rate"],
            ["0.01", "0.1", "0.3"][index / 2 % 3]
        );
        assert_eq!(row["replicate"], (index % 2).to_string());
        assert_eq!(
            row["seed"],
            rows[index % 2]["seed"],
            "replicates are paired"
        );
        assert_eq!(
            (row["status"].as_str(), row["epochs"].as_str()),
            ("ok", "30")
        );
        assert_eq!(row["updates"], if index < 6 { "900" } else { "30" });
    }

    let history = place.read("results/small/history.csv");
    assert_eq!(
        history.lines().next(),
        Some(
            "run,epoch,updates,samples,learning_rate,train_loss,valid_loss,\
             train_r2,train_mae,valid_r2,valid_mae"
        )
    );
    let history = table(&history);
    assert_eq!(history.len(), 12 * 30);
    for row in &rows {
        let own: Vec<_> = history
            .iter()
            .filter(|other| other["run"] == row["run"])
            .collect();
        let last = own.last().expect("every run has a history");
        for column in ["train_loss", "valid_loss", "valid_r2", "updates"] {
            assert_eq!(last[column], row[column], "{column}");
        }
        let best = own.iter().min_by(|a, b| {
            let loss = |row: &BTreeMap<String, String>| -> f64 {
                row["valid_loss"].parse().expect("a number")
            };
            loss(a).total_cmp(&loss(b))
        });
        let best = best.expect("every run has a history");
        assert_eq!(best["valid_loss"], row["best_valid_loss"]);
        assert_eq!(best["epoch"], row["best_epoch"]);
    }

    let summary = place.read("results/small/summary.csv");
    assert_eq!(
        summary.lines().next(),
        Some(
            "configuration,variant,training.learning_rate,metric,replicates,diverged,failed,\
             mean,sd,median,iqm,ci_low,ci_high"
        )
    );
    for (index, row) in table(&summary).iter().enumerate() {
        let losses: Vec<f64> = rows[2 * index..2 * index + 2]
            .iter()
            .map(|run| run["valid_loss"].parse().expect("a number"))
            .collect();
        let mean: f64 = row["mean"].parse().expect("a number");
        assert_eq!(mean, (losses[0] + losses[1]) / 2.0);
        assert_eq!(
            (row["metric"].as_str(), row["replicates"].as_str()),
            ("valid_loss", "2")
        );
    }
}

#[test]
fn the_manifest_has_the_digest_of_every_other_file() {
    use sha2::{Digest, Sha256};
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml"]);
    let manifest: serde_json::Value =
        serde_json::from_str(&place.read("results/small/manifest.json")).expect("it is JSON");
    let files = manifest["files"].as_object().expect("it names the files");
    let promised = promised(&place.path("results/small"));
    for (name, bytes) in &promised {
        let digest: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(files[name], digest, "{name}");
    }
    assert_eq!(files.len(), promised.len());
    assert_eq!(manifest["complete"], true);
    assert!(manifest["train_seconds"].as_f64().expect("a number") > 0.0);
    // A number for each row of summary.csv: what an epoch of it took.
    let seconds = manifest["epoch_seconds"].as_array().expect("a list");
    assert_eq!(seconds.len(), 6);
    let of_a_run = |seconds: &serde_json::Value| seconds.as_f64().expect("a number");
    assert!(seconds.iter().all(|seconds| of_a_run(seconds) > 0.0));
    assert_eq!(manifest["runs"]["ok"], 12);
    assert_eq!(manifest["data"][0]["train_samples"], 30);
}

#[test]
fn the_best_model_of_each_configuration_is_kept_or_all_or_none() {
    let place = Place::with(SWEEP);
    let count = |place: &Place| match std::fs::read_dir(place.path("results/small/models")) {
        Ok(files) => files.count(),
        Err(_) => 0,
    };
    // The same directory serves all: what is lacking is trained again, what is too much goes.
    for (models, expected) in [
        ("none", 0),
        ("best", 6),
        ("all", 12),
        ("best", 6),
        ("none", 0),
    ] {
        place.succeed(&["e.toml", "--set", &format!("output.models=\"{models}\"")]);
        assert_eq!(count(&place), expected, "{models}");
    }
    place.succeed(&["e.toml", "--out", "fresh"]);
    place.succeed(&["e.toml"]);
    assert_same_bytes(&place.path("fresh"), &place.path("results/small"));

    let runs = table(&place.read("results/small/runs.csv"));
    for pair in runs.chunks(2) {
        let loss = |run: &BTreeMap<String, String>| -> f64 {
            run["valid_loss"].parse().expect("a number")
        };
        let best = if loss(&pair[0]) <= loss(&pair[1]) {
            &pair[0]
        } else {
            &pair[1]
        };
        let model = place.path(&format!("results/small/models/{}.safetensors", best["key"]));
        let model = runner::record::model::read(&model).expect("the best run has a model");
        assert_eq!(model.architecture.layers, [2, 3, 1]);
    }
}

#[test]
fn a_change_of_the_metric_changes_which_model_is_the_best() {
    let place = Place::with(SWEEP);
    for metric in ["valid_loss", "train_loss", "valid_r2"] {
        let set = format!("compare.metric=\"{metric}\"");
        place.succeed(&["e.toml", "--set", &set]);
        place.succeed(&["e.toml", "--set", &set, "--out", metric]);
        assert_same_bytes(&place.path("results/small"), &place.path(metric));
    }
}

#[test]
fn history_every_keeps_its_multiples_and_the_last_epoch() {
    let place = Place::with(SWEEP);
    let epochs = |name: &str| -> Vec<u64> {
        table(&place.read(name))
            .iter()
            .filter(|row| row["run"] == "3")
            .map(|row| row["epoch"].parse().expect("a number"))
            .collect()
    };
    // First every epoch, then fewer from the same journal; and fewer first, then more.
    place.succeed(&["e.toml", "--out", "a"]);
    let ended = place.succeed(&[
        "e.toml",
        "--out",
        "a",
        "--set",
        "output.history_every=7",
        "--json",
    ]);
    assert_eq!(ended.json()["trained"], 0, "the rows are there");
    assert_eq!(epochs("a/history.csv"), [7, 14, 21, 28, 30]);
    place.succeed(&["e.toml", "--out", "b", "--set", "output.history_every=7"]);
    assert_same_bytes(&place.path("a"), &place.path("b"));
    place.succeed(&["e.toml", "--out", "b"]);
    place.succeed(&["e.toml", "--out", "c"]);
    assert_same_bytes(&place.path("b"), &place.path("c"));
}

#[test]
fn the_experiment_as_it_ran_runs_again_to_the_same_results() {
    let place = Place::with(SWEEP);
    place.succeed(&["e.toml", "--set", "training.epochs=5", "--out", "first"]);
    place.succeed(&["first/experiment.toml", "--out", "second"]);
    assert_same_bytes(&place.path("first"), &place.path("second"));
}

#[test]
fn a_diverged_run_keeps_its_history_and_harms_no_other() {
    let place = Place::with(SWEEP);
    let sets = [
        "--set",
        "training.loss=\"mse\"",
        "--set",
        "model.activations=[\"relu\",\"identity\"]",
    ];
    let mut arguments = vec![
        "e.toml",
        "--set",
        "sweep.training.learning_rate=[0.01, 50.0]",
    ];
    arguments.extend(sets);
    let ended = place.succeed(&arguments);
    assert!(ended.stderr.contains("DIVERGED"), "{}", ended.stderr);
    let runs = table(&place.read("results/small/runs.csv"));
    let history = table(&place.read("results/small/history.csv"));
    let mut diverged = 0;
    for run in &runs {
        let rows = history
            .iter()
            .filter(|row| row["run"] == run["run"])
            .count();
        if run["training.learning_rate"] == "0.01" {
            assert_eq!((run["status"].as_str(), rows), ("ok", 30));
        } else if run["status"] == "diverged" {
            diverged += 1;
            let epoch: usize = run["epochs"].parse().expect("a number");
            assert_eq!(rows, epoch - 1, "the finite epochs are kept");
            assert_eq!(
                (run["train_loss"].as_str(), run["valid_loss"].as_str()),
                ("", "")
            );
            assert!(
                run["reason"].contains(&format!("in epoch {epoch}")),
                "{}",
                run["reason"]
            );
        }
    }
    assert!(diverged > 0);
    let summary = table(&place.read("results/small/summary.csv"));
    let counted: usize = summary
        .iter()
        .map(|row| row["diverged"].parse::<usize>().expect("a number"))
        .sum();
    assert_eq!(counted, diverged);
}

#[test]
fn when_every_run_diverges_the_exit_code_is_1() {
    let place = Place::with(SWEEP);
    let ended = place.run(&[
        "e.toml",
        "--set",
        "sweep.training.learning_rate=[1e30]",
        "--set",
        "model.activations=[\"relu\",\"identity\"]",
        "--set",
        "training.loss=\"mse\"",
    ]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("every run of small diverged"),
        "{}",
        ended.stderr
    );
    assert!(
        place.path("results/small/manifest.json").exists(),
        "it is an outcome"
    );
}
