//! The test part: nothing uses it before `runner test`, which counts how often it is opened.

use crate::program::Place;

const SEALED: &str = r#"
name = "small"
seed = 5
replicates = 3

[data]
source = "spiral"
samples = 80
noise = 0.1
validation = 0.25
test = 0.25
stratify = true

[model]
layers = [2, 6, 1]
hidden = "tanh"

[training]
loss = "bce"
epochs = 20
learning_rate = 0.3

[sweep]
training.batch_size = [4, 30]
"#;

/// The rows of test.csv, with the header first.
fn rows(place: &Place) -> Vec<Vec<String>> {
    let text = place.read("results/small/test.csv");
    let lines = text.lines();
    lines
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn cell(place: &Place, what: &str, column: &str) -> String {
    let rows = rows(place);
    let column = rows[0]
        .iter()
        .position(|name| name == column)
        .expect("the column is there");
    rows.iter()
        .find(|row| row[0] == what)
        .expect("the row is there")[column]
        .clone()
}

#[test]
fn looks_are_counted_and_said_and_survive_fresh() {
    let place = Place::with(SEALED);
    place.succeed(&["e.toml"]);
    assert!(!place.path("results/small/test.csv").exists());
    let page = place.read("results/small/report.html");
    assert!(!page.contains("test_loss"));
    let first = place.succeed(&["test", "results/small"]);
    assert!(first.stdout.contains("the first look"), "{}", first.stdout);
    let table = place.read("results/small/test.csv");
    assert!(
        place
            .read("results/small/report.html")
            .contains("test_loss")
    );
    place.succeed(&["test", "results/small"]);
    assert_eq!(
        place.read("results/small/test.csv"),
        table,
        "the bits repeat"
    );

    place.succeed(&["e.toml", "--fresh"]);
    assert!(!place.path("results/small/test.csv").exists());
    let third = place.succeed(&["test", "results/small"]);
    assert!(third.stdout.contains("the third look"), "{}", third.stdout);
    assert_eq!(place.read("results/small/test.csv"), table);
    let document = place.succeed(&["test", "results/small", "--json"]).json();
    assert_eq!(document["look"], 4);
}

#[test]
fn a_look_stays_with_results_that_did_not_change() {
    let place = Place::with(SEALED);
    place.succeed(&["e.toml"]);
    place.succeed(&["test", "results/small"]);
    let table = place.read("results/small/test.csv");
    let page = place.read("results/small/report.html");
    place.succeed(&["e.toml"]);
    assert_eq!(place.read("results/small/test.csv"), table);
    assert_eq!(place.read("results/small/report.html"), page);
    let manifest: serde_json::Value =
        serde_json::from_str(&place.read("results/small/manifest.json")).expect("it is JSON");
    assert!(manifest["files"]["test.csv"].is_string());
    // Other networks are not the tested ones.
    place.write("e.toml", &SEALED.replace("epochs = 20", "epochs = 21"));
    place.succeed(&["e.toml"]);
    assert!(!place.path("results/small/test.csv").exists());
}

#[test]
fn every_replicate_is_tested_and_those_that_were_not_kept_are_trained_again() {
    let place = Place::with(SEALED);
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["test", "results/small", "--configuration", "1"]);
    assert!(
        ended.stderr.contains("2 of 3 networks were not kept"),
        "{}",
        ended.stderr
    );
    let some = place.read("results/small/test.csv");
    assert_eq!(rows(&place).iter().filter(|row| row[0] == "run").count(), 3);
    place.succeed(&["verify", "results/small"]);
    place.write(
        "results/small/test.csv",
        &some.replacen("mean,", "Mean,", 1),
    );
    assert_eq!(place.run(&["verify", "results/small"]).code, Some(3));
    place.write("results/small/test.csv", &some);
    // If all models are kept, nothing is trained again, and the figures are the same.
    place.succeed(&["e.toml", "--set", "output.models=\"all\""]);
    let ended = place.succeed(&["test", "results/small", "--configuration", "1"]);
    assert!(!ended.stderr.contains("trained again"), "{}", ended.stderr);
    assert_eq!(place.read("results/small/test.csv"), some);
}

#[test]
fn the_figures_are_those_of_predictions_of_the_same_samples() {
    let table = |rows: std::ops::Range<usize>| -> String {
        let row = |i: usize| {
            let x = (i * 37 % 50) as f64 / 25.0 - 1.0;
            format!("{x},{}\n", if x * x > 0.3 { "far" } else { "near" })
        };
        format!("x,y\n{}", rows.map(row).collect::<String>())
    };
    let place = Place::with(
        &SEALED
            .replace(
                "source = \"spiral\"",
                "source = \"csv\"\npath = \"train.csv\"",
            )
            .replace("samples = 80\nnoise = 0.1\n", "")
            .replace("test = 0.25", "test_path = \"test.csv\"")
            .replace("layers = [2, 6, 1]", "layers = [1, 6, 1]")
            .replace("replicates = 3", "replicates = 1"),
    );
    place.write("train.csv", &table(0..60));
    place.write("test.csv", &table(60..97));
    place.succeed(&["e.toml"]);
    let keys = place.read("results/small/runs.csv");
    place.succeed(&["test", "results/small"]);
    assert_eq!(cell(&place, "run", "samples"), "37");
    let key = cell(&place, "run", "key");
    let model = format!("results/small/models/{key}.safetensors");
    let ended = place.succeed(&["predict", &model, "test.csv"]);
    let accuracy: f64 = cell(&place, "mean", "test_accuracy")
        .parse()
        .expect("a number");
    let loss: f64 = cell(&place, "mean", "test_loss").parse().expect("a number");
    assert!(
        ended.stderr.contains(&format!("accuracy {accuracy:.6}")),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains(&format!("loss {loss:.6}")),
        "{}",
        ended.stderr
    );
    // The interval is Wilson's for 37 samples.
    let (z, n) = (1.959963984540054_f64, 37.0);
    let centre = (accuracy + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let margin =
        z / (1.0 + z * z / n) * (accuracy * (1.0 - accuracy) / n + z * z / (4.0 * n * n)).sqrt();
    let low: f64 = cell(&place, "samples_low", "test_accuracy")
        .parse()
        .expect("a number");
    assert!((low - (centre - margin)).abs() < 1e-12);
    // One replicate has no interval over replicates.
    assert_eq!(cell(&place, "ci_low", "test_accuracy"), "");

    // A test file that was changed after the training is not the sealed one.
    let sealed = place.read("test.csv");
    place.write("test.csv", &table(61..97));
    let ended = place.run(&["test", "results/small"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("others than those that were sealed"),
        "{}",
        ended.stderr
    );
    place.write("test.csv", &sealed);

    // A separate test file changes no run.
    place.write(
        "e.toml",
        &place.read("e.toml").replace("test_path = \"test.csv\"", ""),
    );
    place.succeed(&["e.toml", "--fresh"]);
    assert_eq!(place.read("results/small/runs.csv"), keys);
}

#[test]
fn the_mean_lies_between_the_ends_of_its_interval_over_samples() {
    let place = Place::with(SEALED);
    place.succeed(&["e.toml"]);
    place.succeed(&["test", "results/small"]);
    for column in ["test_loss", "test_accuracy"] {
        let of = |what| cell(&place, what, column).parse::<f64>().expect("a number");
        assert!(
            of("samples_low") < of("mean") && of("mean") < of("samples_high"),
            "{column}"
        );
        assert!(
            of("ci_low") < of("mean") && of("mean") < of("ci_high"),
            "{column}"
        );
    }
    // The two classes have equal shares, so the constant answer is right in half of the cases.
    assert_eq!(cell(&place, "always", "test_accuracy"), "0.5");
}

#[test]
fn folds_are_tested_too() {
    let place = Place::with(
        &SEALED
            .replace("validation = 0.25", "folds = 3")
            .replace("replicates = 3", "replicates = 2"),
    );
    place.succeed(&["e.toml"]);
    let ended = place.succeed(&["test", "results/small"]);
    assert!(ended.stdout.contains("6 folds"), "{}", ended.stdout);
    assert_eq!(rows(&place).iter().filter(|row| row[0] == "run").count(), 6);
    assert!(
        rows(&place)
            .iter()
            .all(|row| row.len() == rows(&place)[0].len())
    );
}

#[test]
fn what_cannot_be_opened_is_refused_and_no_look_is_counted() {
    let place = Place::with(&SEALED.replace("test = 0.25\n", ""));
    place.succeed(&["e.toml"]);
    let refused = |arguments: &[&str], words: &str| {
        let ended = place.run(arguments);
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{}", ended.stderr);
    };
    refused(&["test", "results/small"], "has no test part");
    refused(&["test", "nowhere"], "holds no results");
    place.write("e.toml", SEALED);
    place.succeed(&["e.toml", "--shard", "1/2", "--out", "part"]);
    refused(&["test", "part"], "are not trained yet");
    place.succeed(&["e.toml"]);
    refused(
        &["test", "results/small", "--configuration", "7"],
        "there is no configuration 7",
    );
    let ended = place.succeed(&["test", "results/small"]);
    assert!(ended.stdout.contains("the first look"), "{}", ended.stdout);
}
