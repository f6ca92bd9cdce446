//! Predictions of stored models: what is written, and how good it is said to be. That other programs
//! compute the same from the file is shown by predict_python.rs.

use std::path::{Path, PathBuf};

use crate::program::Place;

/// Where the shipped data is, as a TOML path.
pub fn shipped(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("experiments/data")
        .join(name)
        .display()
        .to_string()
}

/// Trains an experiment in a place of its own; the path of its one model, from there.
pub fn train(experiment: &str) -> (Place, String) {
    let place = Place::with(&format!(
        "name = \"t\"\n{experiment}\n[output]\nmodels = \"all\"\n"
    ));
    place.succeed(&["e.toml", "--quiet"]);
    let models: Vec<PathBuf> = std::fs::read_dir(place.path("results/t/models"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(models.len(), 1);
    (place, models[0].display().to_string())
}

/// The rows of a CSV text below its header, as cells; and the header.
pub fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    (header, rows)
}

pub fn iris(precision: &str) -> (Place, String) {
    train(&format!(
        r#"
data = {{ source = "csv", path = {:?}, scale = "standardize", validation = 0.3, stratify = true }}
model = {{ layers = [4, 5, 3], hidden = "tanh" }}
[training]
loss = "cross_entropy"
precision = "{precision}"
epochs = 40
batch_size = 8
learning_rate = 0.1
"#,
        shipped("iris.csv")
    ))
}

#[test]
fn classes_and_probabilities_are_written_and_the_accuracy_is_theirs() {
    let (place, model) = iris("f64");
    let ended = place.succeed(&["predict", &model, &shipped("iris.csv")]);
    let (header, rows) = table(&ended.stdout);
    let names = ["setosa", "versicolor", "virginica"];
    let columns = |word: &str| names.map(|name| format!("{word}_{name}"));
    let expected = [
        &["class".to_owned()][..],
        &columns("probability"),
        &columns("logit"),
        &["target".to_owned()],
    ];
    assert_eq!(header, expected.concat());
    assert_eq!(rows.len(), 150);
    let mut right = 0;
    for row in &rows {
        let numbers: Vec<f64> = row[1..7].iter().map(|cell| cell.parse().unwrap()).collect();
        let best = (0..3)
            .max_by(|&a, &b| numbers[a].total_cmp(&numbers[b]))
            .unwrap();
        assert_eq!(row[0], names[best]);
        assert!((numbers[..3].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        right += usize::from(row[0] == row[7]);
    }
    let accuracy = format!("accuracy {:.6}", right as f64 / 150.0);
    assert!(ended.stderr.contains(&accuracy), "{}", ended.stderr);
    assert!(right > 135);
}

#[test]
fn the_validation_loss_of_the_run_is_the_loss_of_its_predictions() {
    let (place, model) = train(&format!(
        r#"
data = {{ source = "csv", path = {:?}, validation_path = {:?} }}
model = {{ layers = [2, 3, 1] }}
training = {{ epochs = 3, learning_rate = 0.05, precision = "f32" }}
"#,
        shipped("plane_train.csv"),
        shipped("plane_valid.csv")
    ));
    let out = place.path("p.csv").display().to_string();
    let ended = place.succeed(&[
        "predict",
        &model,
        &shipped("plane_valid.csv"),
        "--out",
        &out,
        "--json",
    ]);
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let (header, runs) = table(&place.read("results/t/runs.csv"));
    let column = header.iter().position(|name| name == "valid_loss").unwrap();
    let valid_loss: f64 = runs[0][column].parse().unwrap();
    assert_eq!(document["metrics"]["loss"].as_f64(), Some(valid_loss));
    assert_eq!(document["samples"], 600);
    let (header, rows) = table(&place.read("p.csv"));
    assert_eq!(header, ["prediction", "target"]);
    assert_eq!(rows.len(), 600);
}

#[test]
fn two_classes_get_a_probability() {
    let (place, model) = train(
        r#"
data = { source = "gaussian", samples = 60 }
model = { layers = [2, 1] }
training = { loss = "bce", epochs = 30, learning_rate = 0.5 }
"#,
    );
    place.write("new.csv", "x2,x1\n2,2\n-2,-2.5\n");
    let ended = place.succeed(&["predict", &model, "new.csv"]);
    let (header, rows) = table(&ended.stdout);
    assert_eq!(header, ["class", "probability", "logit"]);
    assert_eq!([&rows[0][0], &rows[1][0]], ["1", "-1"]);
    for row in rows {
        let [probability, logit] = [1, 2].map(|cell: usize| row[cell].parse::<f64>().unwrap());
        assert!((probability - 1.0 / (1.0 + (-logit).exp())).abs() < 1e-15);
    }
    assert_eq!(ended.stderr, "2 samples\n");
}

#[test]
fn what_does_not_fit_the_model_is_refused() {
    let (place, model) = iris("f64");
    place.write(
        "new.csv",
        "sepal_length,sepal_width,petal_len,petal_width\n1,2,3,4\n",
    );
    let ended = place.run(&["predict", &model, "new.csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("there is no column `petal_length`"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("new.csv:1:"), "{}", ended.stderr);
    let last = ended.stderr.lines().last();
    assert_eq!(last, Some("1 problem; nothing was predicted"));
    let ended = place.run(&["predict", "results/t", "new.csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("name one of its 1 models"),
        "{}",
        ended.stderr
    );
    let ended = place.run(&["predict", "new.csv", "new.csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("is not a model of runner"),
        "{}",
        ended.stderr
    );
}

/// A model of two scaled targets, some thousands and some hundredths, and their table `new.csv`.
pub fn scaled_targets(precision: &str) -> (Place, String) {
    let mut text = "a,b,price,share\n".to_owned();
    for row in 0..12 {
        let (a, b) = (f64::from(row) / 4.0, f64::from((row * 5) % 7));
        text += &format!("{a},{b},{},{}\n", 4000.0 + 900.0 * a, 0.01 * b);
    }
    let place = Place::with("");
    place.write("new.csv", &text);
    place.write(
        "e.toml",
        &format!(
            r#"
name = "t"
data = {{ source = "csv", path = "new.csv", target = ["price", "share"], scale_targets = "standardize" }}
model = {{ layers = [2, 4, 2], hidden = "tanh" }}
training = {{ epochs = 60, batch_size = 4, learning_rate = 0.3, precision = "{precision}" }}
output = {{ models = "all" }}
"#
        ),
    );
    place.succeed(&["e.toml", "--quiet"]);
    let models = std::fs::read_dir(place.path("results/t/models")).expect("it keeps models");
    let model = models.flatten().next().expect("it keeps one").path();
    (place, model.display().to_string())
}

#[test]
fn predictions_of_scaled_targets_are_in_their_own_units() {
    for precision in ["f32", "f64"] {
        let (place, model) = scaled_targets(precision);
        let ended = place.succeed(&["predict", &model, "new.csv"]);
        let (header, rows) = table(&ended.stdout);
        let expected = [
            "prediction_price",
            "prediction_share",
            "target_price",
            "target_share",
        ];
        assert_eq!(header, expected);
        let given = place.read("new.csv");
        let mut error = 0.0;
        for (row, line) in rows.iter().zip(given.lines().skip(1)) {
            let number = |cell: &str| cell.parse::<f64>().expect("a number");
            let given: Vec<f64> = line.split(',').map(number).collect();
            // The targets of the table come back as they were written.
            assert_eq!([number(&row[2]), number(&row[3])], [given[2], given[3]]);
            let [price, share] = [number(&row[0]), number(&row[1])];
            assert!((price - given[2]).abs() < 800.0, "{price} {line}");
            assert!((share - given[3]).abs() < 0.03, "{share} {line}");
            error += (price - given[2]).abs() + (share - given[3]).abs();
        }
        // The uniform mean over the outputs.
        let said = ended.stderr.split("mae ").nth(1).expect("it says the mae");
        let said = said.split_whitespace().next().expect("a number follows");
        let found: f64 = said.parse().expect("a number");
        // The targets as they were learnt have the precision of the run.
        assert!((found - error / 24.0).abs() < 1e-3, "{found} {error}");
    }
}
