//! Metrics, class weights, dropout and scaled targets, from the file to the tables.

use crate::predict::{scaled_targets, table};
use crate::program::Place;
use runner::plan::{Plan, check, plan};

/// Six common samples and two rare ones.
const TABLE: &str = "x1,x2,kind\n0,1,common\n1,0,common\n2,1,common\n0,2,common\n1,3,common\n\
                     3,1,common\n4,4,rare\n5,3,rare\n";

fn experiment(model: &str, training: &str, rest: &str) -> String {
    format!(
        r#"
name = "t"
data = {{ source = "csv", path = "t.csv" }}
[model]
layers = [2, 6, 1]
hidden = "tanh"
{model}
[training]
loss = "bce"
epochs = 4
batch_size = 4
learning_rate = 0.3
{training}
{rest}
"#
    )
}

fn place(text: &str) -> Place {
    let place = Place::with(text);
    place.write("t.csv", TABLE);
    place
}

/// The plan of an experiment.
fn planned(text: &str) -> Plan {
    let place = place(text);
    plan(&place.path("e.toml"), &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// A column of a table, as text.
fn column(text: &str, name: &str) -> Vec<String> {
    let (header, rows) = table(text);
    let index = header.iter().position(|column| column == name);
    let index = index.unwrap_or_else(|| panic!("no column {name} in {header:?}"));
    rows.iter().map(|row| row[index].clone()).collect()
}

#[test]
fn the_columns_are_the_metrics_that_are_asked_for_in_their_order() {
    let place = place(&experiment(
        "",
        "metrics = [\"f1\", \"auc\", \"accuracy\"]",
        "",
    ));
    place.succeed(&["e.toml", "--quiet"]);
    let history = place.read("results/t/history.csv");
    let header = history.lines().next().expect("it has a header");
    assert!(
        header.ends_with(",train_f1,train_auc,train_accuracy,valid_f1,valid_auc,valid_accuracy"),
        "{header}"
    );
    // Without validation data, its metrics are empty.
    assert!(column(&history, "valid_f1").iter().all(String::is_empty));
    assert!(
        column(&history, "train_auc")
            .iter()
            .all(|cell| !cell.is_empty())
    );
    let runs = place.read("results/t/runs.csv");
    assert_eq!(
        column(&runs, "train_f1")[0],
        column(&history, "train_f1")[3]
    );
}

#[test]
fn a_metric_that_is_undefined_is_an_empty_cell() {
    let place = Place::with(&experiment("", "metrics = [\"auc\", \"recall\"]", ""));
    place.write("t.csv", "x1,x2,y\n0,1,0\n1,0,0\n2,2,0\n");
    place.succeed(&["e.toml", "--quiet"]);
    let history = place.read("results/t/history.csv");
    assert!(column(&history, "train_auc").iter().all(String::is_empty));
    assert!(
        column(&history, "train_recall")
            .iter()
            .all(|cell| cell == "0")
    );
}

#[test]
fn a_metric_that_is_asked_for_can_be_compared_and_watched() {
    let watched = "metrics = [\"balanced_accuracy\"]\n\
                   early_stopping = { patience = 2, metric = \"train_balanced_accuracy\" }";
    let rest = "[sweep]\ntraining.learning_rate = [0.1, 1.0]\n\
                [compare]\nmetric = \"train_balanced_accuracy\"";
    let place = place(&experiment("", watched, rest));
    place.succeed(&["e.toml", "--quiet"]);
    assert_eq!(
        column(&place.read("results/t/summary.csv"), "metric").len(),
        2
    );
}

#[test]
fn the_positive_class_is_the_one_that_recall_speaks_of() {
    let recall = |positive: &str| {
        let training = format!("metrics = [\"recall\", \"accuracy\"]\n{positive}");
        let place = place(&experiment("", &training, ""));
        place.succeed(&["e.toml", "--quiet"]);
        let history = place.read("results/t/history.csv");
        let number = |name| column(&history, name)[0].parse::<f64>().expect("a number");
        (number("train_recall"), number("train_accuracy"))
    };
    let (rare, accuracy) = recall("positive = \"rare\"");
    let (common, same) = recall("positive = \"common\"");
    assert_eq!((accuracy, recall("").0), (same, rare));
    // The accuracy is the mean of the classes' recalls, weighted by their counts.
    assert!((accuracy - (6.0 * common + 2.0 * rare) / 8.0).abs() < 1e-15);
}

#[test]
fn balanced_weights_are_the_numbers_that_they_stand_for() {
    let history = |weights: &str| {
        let place = place(&experiment("", &format!("class_weights = {weights}"), ""));
        place.succeed(&["e.toml", "--quiet"]);
        place.read("results/t/history.csv")
    };
    let balanced = history("\"balanced\"");
    // The weights 8 / (2 × 6) and 8 / (2 × 2) are given by name or by index.
    let given = format!("{{ rare = 2.0, common = {} }}", 8.0 / 12.0);
    assert_eq!(balanced, history(&given));
    let given = format!("{{ 1 = 2.0, 0 = {} }}", 8.0 / 12.0);
    assert_eq!(balanced, history(&given));
    assert_ne!(balanced, history("{ rare = 1.0, common = 1.0 }"));
}

#[test]
fn what_changes_nothing_keeps_the_runs_key() {
    let key = |model: &str, training: &str| {
        let plan = planned(&experiment(model, training, ""));
        plan.runs[0].key
    };
    let plain = key("", "");
    assert_eq!(key("dropout = 0.0", ""), plain);
    assert_eq!(key("dropout = [0.0]", ""), plain);
    assert_eq!(
        key("", "metrics = [\"accuracy\"]\npositive = \"rare\""),
        plain
    );
    assert_ne!(key("dropout = 0.5", ""), plain);
    assert_ne!(key("", "class_weights = \"balanced\""), plain);
    assert_ne!(key("", "metrics = [\"auc\"]"), plain);
}

#[test]
fn weights_that_cancel_and_dropout_of_nothing_are_warned_of() {
    let warned = |text: &str| {
        check::warnings(&planned(text), runner::language::Language::English).render(false)
    };
    let alone = "class_weights = \"balanced\"";
    assert!(!warned(&experiment("", alone, "")).contains("cancel"));
    let cancel = experiment("", alone, "").replace("batch_size = 4", "batch_size = 1");
    let warning = warned(&cancel);
    assert!(warning.contains("class weights cancel"), "{warning}");
    let nothing = experiment("dropout = 0.5", "", "").replace("[2, 6, 1]", "[2, 1]");
    let warning = warned(&nothing);
    assert!(warning.contains("this network has none"), "{warning}");
}

#[test]
fn threads_and_sweeps_do_not_change_weighted_and_dropped_runs() {
    let rest = "[sweep]\nmodel.dropout = [0.0, 0.3, 0.6]\n\
                training.class_weights = [\"balanced\", { rare = 3.0, common = 1.0 }]\n\
                training.batch_size = [2, 8]";
    let text = experiment("", "metrics = [\"auc\", \"f1\"]", rest);
    let text = format!("replicates = 3\n{text}");
    let files = |arguments: &[&str]| {
        let place = place(&text);
        place.succeed(&[&["e.toml", "--quiet"][..], arguments].concat());
        ["history.csv", "runs.csv", "summary.csv"]
            .map(|name| place.read(&format!("results/t/{name}")))
    };
    let one = files(&["--jobs", "1"]);
    assert_eq!(one, files(&["--jobs", "2"]));
    assert_eq!(one[1].lines().count(), 1 + 36);
    // A run alone has the same rows as in the sweep.
    let place = place(&text.replace("[0.0, 0.3, 0.6]", "[0.6]"));
    place.succeed(&["e.toml", "--quiet"]);
    let few = place.read("results/t/runs.csv");
    let losses = column(&one[1], "train_loss");
    assert!(
        column(&few, "train_loss")
            .iter()
            .all(|loss| losses.contains(loss))
    );
    place.succeed(&["verify", "results/t"]);
}

#[test]
fn metrics_of_scaled_targets_are_those_of_the_predictions() {
    for precision in ["f32", "f64"] {
        let (place, model) = scaled_targets(precision);
        place.succeed(&["predict", &model, "new.csv"]);
        let experiment = place.read("e.toml");
        let again = experiment.replace(
            "[\"price\", \"share\"]",
            "[\"price\", \"share\"], validation_path = \"new.csv\"",
        );
        place.write("e.toml", &again);
        place.succeed(&[
            "e.toml",
            "--quiet",
            "--out",
            "results/u",
            "--set",
            "training.metrics=[\"mae\", \"r2\", \"rmse\"]",
        ]);
        let runs = place.read("results/u/runs.csv");
        let models = std::fs::read_dir(place.path("results/u/models")).expect("it keeps models");
        let model = models.flatten().next().expect("it keeps one").path();
        let (_, rows) = table(
            &place
                .succeed(&["predict", &model.display().to_string(), "new.csv"])
                .stdout,
        );
        let number = |cell: &String| cell.parse::<f64>().expect("a number");
        let of = |value: &dyn Fn(usize, &[f64]) -> f64| {
            let column = |output: usize| {
                let errors: Vec<f64> = rows
                    .iter()
                    .map(|row| number(&row[output]) - number(&row[output + 2]))
                    .collect();
                value(output, &errors)
            };
            (column(0) + column(1)) / 2.0
        };
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / 12.0;
        let mae = of(&|_, errors| mean(&mut errors.iter().map(|error| error.abs())));
        let rmse = of(&|_, errors| mean(&mut errors.iter().map(|error| error * error)).sqrt());
        let r2 = of(&|output, errors| {
            let targets: Vec<f64> = rows.iter().map(|row| number(&row[output + 2])).collect();
            let middle = mean(&mut targets.iter().copied());
            let total = mean(&mut targets.iter().map(|t| (t - middle) * (t - middle)));
            1.0 - mean(&mut errors.iter().map(|error| error * error)) / total
        });
        let tolerance = if precision == "f32" { 1e-4 } else { 1e-11 };
        for (name, expected) in [("valid_mae", mae), ("valid_rmse", rmse), ("valid_r2", r2)] {
            let found = number(&column(&runs, name)[0]);
            let difference = (found - expected).abs();
            assert!(
                difference < tolerance * expected.abs(),
                "{name}: {found} {expected}"
            );
        }
    }
}
