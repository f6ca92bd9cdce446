//! The predictions of stored models, and the reported loss and metrics. predict_python.rs shows
//! that other programs compute the same from the file.

use std::path::{Path, PathBuf};

use crate::program::Place;

/// The path of shipped data, as TOML.
pub fn shipped(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("experiments/data")
        .join(name)
        .display()
        .to_string()
}

/// Trains an experiment in a directory of its own. Returns the path of its only model from there.
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

/// The header of a CSV text, and the cells of the rows below it.
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
    let ended = place.run(&["predict", "results", "new.csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended
            .stderr
            .contains("results is a directory without models"),
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

/// A model with two scaled targets, one in thousands and one in hundredths, and their table
/// `new.csv`.
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
        // The figure is the uniform mean over the outputs.
        let said = ended.stderr.split("mae ").nth(1).expect("it says the mae");
        let said = said.split_whitespace().next().expect("a number follows");
        let found: f64 = said.parse().expect("a number");
        // The scaled targets have the precision of the run.
        assert!((found - error / 24.0).abs() < 1e-3, "{found} {error}");
    }
}

/// A model of two numbers and a word, filled and scaled, whose targets are prices.
fn houses() -> (Place, String) {
    let mut rows = "area,rooms,town,price\n".to_owned();
    for row in 0..24 {
        let town = ["Oslo", "Bern"][row % 2];
        rows += &format!("{},{},{town},{}\n", 20 + row, 1 + row % 4, 1000 + 50 * row);
    }
    let place = Place::with(
        "name = \"t\"
         data = { source = \"csv\", path = \"h.csv\", categorical = [\"town\"], scale = \"standardize\", scale_targets = \"standardize\" }
         model = { layers = [4, 3, 1] }
         training = { epochs = 3, learning_rate = 0.1 }
         output = { models = \"all\" }",
    );
    place.write("h.csv", &rows);
    place.succeed(&["e.toml", "--quiet"]);
    (place, "results/t".to_owned())
}

#[test]
fn a_row_that_cannot_be_predicted_is_empty_with_a_word_and_counted() {
    let (place, model) = houses();
    place.write(
        "new.csv",
        "id,town,area,,x,x,rooms,price\n\
         1,Oslo,30,,1,2,2,1500\n\
         2,Rome,30,,1,2,2,1500\n\
         3,Bern,,,1,2,2,1500\n\
         4,Bern,30,,1,2,many,\n\
         5,Bern,30\n\
         6,Bern,30,,1,2,2,?\n\
         7,Bern,30,,1,2,2,1500,8,9\n\
         8,\"Bern\"x,30,,1,2,2,1500\n\
         9,NA,30,,1,2,2,1500\n\
         10,Bern,31,,1,2,2,1550\n",
    );
    let ended = place.succeed(&["predict", &model, "new.csv"]);
    let (header, rows) = table(&ended.stdout);
    assert_eq!(header, ["prediction", "target", "problem"]);
    let words: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
    let expected = [
        "",
        "new_category",
        "missing",
        "not_a_number",
        "too_few_cells",
        "",
        "too_many_cells",
        "broken_quotes",
        "missing",
        "",
    ];
    assert_eq!(words, expected);
    for row in &rows {
        assert_eq!(row[0].is_empty(), !row[2].is_empty(), "{row:?}");
    }
    assert_eq!([&rows[5][1], &rows[9][1]], ["", "1550"]);
    assert!(
        ended.stderr.contains("3 samples · loss")
            && ended.stderr.contains("(of the 2 with a known target)"),
        "{}",
        ended.stderr
    );
    for words in [
        "7 of 10 rows could not be predicted",
        "2 missing (first in line 4, column `area`)",
        "1 new_category (in line 3, column `town`)",
        "the best by train_loss",
    ] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    let ended = place.succeed(&["predict", &model, "new.csv", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("one document");
    assert_eq!(document["predictions"][1]["problem"], "new_category");
    assert!(document["predictions"][0]["prediction"].is_number());
    assert_eq!(document["problems"]["missing"], 2);
}

#[test]
fn predictions_are_the_same_however_the_table_is_written_and_wherever_it_comes_from() {
    let (place, model) = houses();
    let rows = "area,rooms,town\n30.5,2,Oslo\n1234,3,Bern\n";
    place.write("new.csv", rows);
    let expected = place.succeed(&["predict", &model, "new.csv"]).stdout;
    assert_eq!(table(&expected).1.len(), 2);
    place.write(
        "semicolons.csv",
        "rooms;note;town;area\n2;;Oslo;30,5\n3;a;Bern;1234\n",
    );
    let ended = place.succeed(&["predict", &model, "semicolons.csv"]);
    assert_eq!(ended.stdout, expected);
    // The message about a table that lacks a column names the dialect that the table seems to have.
    place.write("short.csv", "rooms;note;town\n2;;Oslo\n3;a;Bern\n");
    let short = place.run(&["predict", &model, "short.csv"]);
    assert_eq!(short.code, Some(2));
    assert!(short.stderr.contains("`area`"), "{}", short.stderr);
    assert!(!short.stderr.contains("`rooms`"), "{}", short.stderr);
    let said = "read with delimiter = \";\", decimal = \",\"";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
    let wide: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(
        place.path("utf16.csv"),
        [&[0xff, 0xfe], wide.as_slice()].concat(),
    )
    .unwrap();
    assert_eq!(
        place.succeed(&["predict", &model, "utf16.csv"]).stdout,
        expected
    );
    // A directory of results, its directory of models and the model file all name the same model.
    for path in ["results/t/", "results/t/models"] {
        assert_eq!(
            place.succeed(&["predict", path, "new.csv"]).stdout,
            expected
        );
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_and_the_standard_input_are_read_once() {
    let (place, model) = houses();
    place.write("new.csv", "area,rooms,town\n30.5,2,Oslo\n");
    let expected = place.succeed(&["predict", &model, "new.csv"]).stdout;
    let runner = env!("CARGO_BIN_EXE_runner");
    for line in [
        format!("cat new.csv | {runner} predict {model} -"),
        format!("cat new.csv | {runner} predict {model} /dev/stdin"),
        format!("{runner} predict {model} <(cat new.csv)"),
        format!("{runner} predict {model} <(gzip -c new.csv)"),
    ] {
        let ended = std::process::Command::new("bash")
            .args(["-c", &line])
            .env("LC_ALL", "C")
            .current_dir(place.path(""))
            .output()
            .expect("there is a shell");
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(
            String::from_utf8_lossy(&ended.stdout),
            expected,
            "{line}: {stderr}"
        );
    }
}

#[test]
fn a_table_without_names_is_predicted_with_or_without_its_targets() {
    for (names, first) in [("", ""), (", names = [\"a\", \"b\", \"y\"]", "")] {
        let place = Place::with(&format!(
            "name = \"t\"
             data = {{ source = \"csv\", path = \"d.csv\", header = false{names} }}
             model = {{ layers = [2, 1] }}
             training = {{ epochs = 2, learning_rate = 0.1 }}"
        ));
        place.write("d.csv", "1,2,3\n2,4,7\n3,1,5\n");
        place.succeed(&["e.toml", "--quiet"]);
        let whole = place.succeed(&["predict", "results/t", "d.csv"]);
        place.write("new.csv", &format!("{first}1,2\n2,4\n3,1\n"));
        let alone = place.succeed(&["predict", "results/t", "new.csv"]);
        let column = |text: &str| -> Vec<String> {
            table(text)
                .1
                .into_iter()
                .map(|row| row[0].clone())
                .collect()
        };
        assert_eq!(column(&whole.stdout), column(&alone.stdout));
        assert!(whole.stdout.starts_with("prediction,target\n"));
        assert!(alone.stdout.starts_with("prediction\n"));
    }
}

#[test]
fn a_model_is_shown_with_its_features_classes_origin_and_numbers() {
    let (place, model) = houses();
    let ended = place.succeed(&["show", &model]);
    for words in [
        "network     4-3-1 · ",
        "loss        half_mse",
        "run 0 of t: t, replicate 0, epoch 3, train_loss ",
        "(area − 31.5) / ",
        "town: Bern, Oslo",
        "price: output · ",
        "layer 2 (identity): weights, bias of each node",
    ] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    let ended = place.succeed(&["show", &model, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("one document");
    assert_eq!(document["layers"], serde_json::json!([4, 3, 1]));
    assert_eq!(
        document["network"][0]["weights"].as_array().map(Vec::len),
        Some(3)
    );
    let (place, model) = iris("f32");
    let ended = place.succeed(&["show", &model]);
    assert!(
        ended
            .stdout
            .contains("classes     setosa, versicolor, virginica"),
        "{}",
        ended.stdout
    );
    place.write("no.safetensors", "nothing");
    assert_eq!(place.run(&["show", "no.safetensors"]).code, Some(2));
    assert_eq!(place.run(&["show", "results/nothing"]).code, Some(2));
}
