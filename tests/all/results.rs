//! The results of a run: their files and columns, and the same bytes every time.

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
             kept_epoch,train_loss,valid_loss,best_valid_loss,best_epoch,train_r2,train_mae,valid_r2,valid_mae,reason"
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
            "configuration,variant,training.learning_rate,metric,replicates,diverged,exploded,failed,\
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

/// A spiral that a network learns with early stopping, at four rates.
const STOPPED: &str = r#"
name = "stopped"
replicates = 3

[data]
source = "spiral"
samples = 80
validation = 0.3

[model]
layers = [2, 8, 1]
activations = ["tanh", "identity"]

[training]
loss = "bce"
optimizer = "adam"
epochs = 120
learning_rate = 0.1
batch_size = 10
early_stopping = { patience = 12, restore_best = true }

[sweep]
training.learning_rate = [0.03, 0.1, 0.3, 1.0]

[output]
models = "all"
"#;

#[test]
fn a_run_has_the_numbers_of_the_network_that_is_kept() {
    let place = Place::with(STOPPED);
    for delta in ["0.0", "0.02"] {
        let delta = format!("training.early_stopping.min_delta={delta}");
        place.succeed(&["e.toml", "--set", &delta, "--set", "output.history_every=7"]);
        let runs = table(&place.read("results/stopped/runs.csv"));
        let history = table(&place.read("results/stopped/history.csv"));
        let kept_early = runs.iter().filter(|run| run["kept_epoch"] != run["epochs"]);
        assert!(
            kept_early.count() >= 6,
            "early stopping restores most of them"
        );
        for run in &runs {
            let own = history.iter().filter(|row| row["run"] == run["run"]);
            let epochs: Vec<u64> = own
                .clone()
                .map(|row| row["epoch"].parse().unwrap())
                .collect();
            assert!(epochs.is_sorted_by(|a, b| a < b), "{epochs:?}");
            let kept: Vec<_> = own
                .filter(|row| row["epoch"] == run["kept_epoch"])
                .collect();
            assert_eq!(kept.len(), 1, "the kept epoch has its row");
            for column in [
                "train_loss",
                "valid_loss",
                "train_accuracy",
                "valid_accuracy",
            ] {
                assert_eq!(kept[0][column], run[column], "{column}");
            }
        }
        // A run that ends with its kept epoch has the same numbers and the same network.
        let run = runs
            .iter()
            .find(|run| run["kept_epoch"] != run["epochs"])
            .unwrap();
        let model = |directory: &str, run: &BTreeMap<String, String>| {
            let path = format!("{directory}/models/{}.safetensors", run["key"]);
            runner::model::read(&place.path(&path))
                .expect("all are kept")
                .parameters
        };
        let shorter = place.path("shorter");
        place.succeed(&[
            "e.toml",
            "--set",
            &format!("training.epochs={}", run["kept_epoch"]),
            "--set",
            "training.early_stopping={ patience = 1000 }",
            "--out",
            "shorter",
        ]);
        let again = table(&place.read("shorter/runs.csv"));
        let again = &again[run["run"].parse::<usize>().unwrap()];
        assert_eq!(again["valid_loss"], run["valid_loss"]);
        assert_eq!(model("shorter", again), model("results/stopped", run));
        std::fs::remove_dir_all(shorter).expect("it was written");
    }
}

#[test]
fn an_improvement_that_is_too_small_moves_the_best_epoch_and_not_the_kept_one() {
    let place = Place::with(STOPPED);
    place.succeed(&["e.toml", "--set", "training.early_stopping.min_delta=0.02"]);
    let runs = table(&place.read("results/stopped/runs.csv"));
    let apart = runs
        .iter()
        .find(|run| run["kept_epoch"] != run["best_epoch"]);
    let apart = apart.expect("some run improves by less than 0.02");
    let number = |column: &str| apart[column].parse::<f64>().expect("a number");
    assert!(number("best_valid_loss") < number("valid_loss"));
}

#[test]
fn a_diverged_run_has_neither_a_kept_epoch_nor_numbers_even_if_the_best_is_restored() {
    let place = Place::with(SWEEP);
    place.succeed(&[
        "e.toml",
        "--set",
        "sweep.training.learning_rate=[0.01, 50.0]",
        "--set",
        "training.loss=\"mse\"",
        "--set",
        "model.activations=[\"relu\",\"identity\"]",
        "--set",
        "training.early_stopping={ patience = 20, restore_best = true }",
    ]);
    let runs = table(&place.read("results/small/runs.csv"));
    let diverged: Vec<_> = runs
        .iter()
        .filter(|run| run["status"] == "diverged")
        .collect();
    assert!(!diverged.is_empty());
    for run in diverged {
        for column in [
            "kept_epoch",
            "train_loss",
            "valid_loss",
            "train_r2",
            "valid_mae",
        ] {
            assert_eq!(run[column], "", "{column}");
        }
    }
}

#[test]
fn a_finite_run_that_ends_far_above_its_beginning_is_counted_as_exploded() {
    let place = Place::with(SWEEP);
    // This is a linear regression with a rate at which each step is longer than the one before.
    place.succeed(&[
        "e.toml",
        "--set",
        "training.loss=\"mse\"",
        "--set",
        "model={ layers = [2, 1], output = \"identity\" }",
        "--set",
        "training.epochs=12",
        "--set",
        "sweep.training.learning_rate=[0.001, 3.0]",
    ]);
    let runs = table(&place.read("results/small/runs.csv"));
    let exploded = |run: &BTreeMap<String, String>| run["reason"].starts_with("exploded");
    for run in runs.iter().filter(|run| run["variant"] == "full") {
        assert_eq!(run["status"], "ok", "it stays finite");
        let fast = run["training.learning_rate"] == "3.0";
        assert_eq!(exploded(run), fast, "{run:?}");
    }
    for row in table(&place.read("results/small/summary.csv")) {
        let own = runs.iter().filter(|run| {
            run["variant"] == row["variant"]
                && run["training.learning_rate"] == row["training.learning_rate"]
        });
        let counted = own.filter(|run| exploded(run)).count();
        assert_eq!(row["exploded"], counted.to_string());
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
    // There is a number for each row of summary.csv: the seconds of an epoch.
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
    // All cases use the same directory: missing models are trained again, and extra ones removed.
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
        let model = runner::model::read(&model).expect("the best run has a model");
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
    // The journal is first used with every epoch, then with fewer; and first with fewer, then with
    // more.
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
