//! The Python programs of the pages: they run, and their predictions from a stored model are those
//! of `runner predict`.
//!
//! If `python3` (or `$RUNNER_PYTHON`) cannot import the packages of a test, the test reports that
//! and is skipped.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::predict::{iris, scaled_targets, shipped, table, train};
use crate::program::Place;
use choices::Choice;
use engine::types::Activation;

/// float32 has 24 bits, and the programs add in other orders; the outputs are below 20.
const FLOAT32: f64 = 1e-5;
/// float64 has 53 bits, with the same orders and outputs.
const FLOAT64: f64 = 1e-12;
const PRECISIONS: [(&str, f64); 2] = [("f32", FLOAT32), ("f64", FLOAT64)];

/// A Python that can import `packages`; `None` if there is none.
fn python(test: &str, packages: &str) -> Option<String> {
    let python = std::env::var("RUNNER_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python)
        .args(["-c", &format!("import {packages}")])
        .output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    // The message bypasses the capture of the test's output, so that a skipped test is visible.
    writeln!(
        std::io::stderr(),
        "SKIPPED: {test}: {python} cannot import {packages}"
    )
    .expect("stderr can be written");
    None
}

/// The first program of a page with the word `word`.
fn program(page: &str, word: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = std::fs::read_to_string(path).expect("the page is there");
    text.split("```python\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("a block ends"))
        .find(|block| block.contains(word))
        .unwrap_or_else(|| panic!("{page} has no Python with {word}"))
        .to_owned()
}

/// The output of a program: a row of numbers per line.
fn rows(python: &str, place: &Place, script: &str, arguments: &[&str]) -> Vec<Vec<f64>> {
    run(python, place, script, arguments)
        .lines()
        .map(|line| {
            let cells = line.split(' ');
            cells.map(|cell| cell.parse().expect("a number")).collect()
        })
        .collect()
}

fn run(python: &str, place: &Place, script: &str, arguments: &[&str]) -> String {
    place.write("page.py", script);
    let output = Command::new(python)
        .arg("page.py")
        .args(arguments)
        .current_dir(place.path(""))
        .output()
        .expect("Python has just been started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("numbers are text")
}

/// The columns of `runner predict` whose names begin with `word`.
fn ours(place: &Place, model: &str, data: &str, word: &str) -> Vec<Vec<f64>> {
    let (header, rows) = table(&place.succeed(&["predict", model, data]).stdout);
    let is_wanted = |name: &String| name.starts_with(word);
    rows.iter()
        .map(|row| {
            let cells = header.iter().zip(row).filter(|(name, _)| is_wanted(name));
            cells
                .map(|(_, cell)| cell.parse().expect("a number"))
                .collect()
        })
        .collect()
}

fn assert_agree(theirs: &[Vec<f64>], ours: &[Vec<f64>], tolerance: f64, what: &str) {
    assert_eq!(theirs.len(), ours.len(), "{what}");
    for (theirs, ours) in theirs.iter().zip(ours) {
        assert!(!ours.is_empty(), "{what}");
        assert_eq!(theirs.len(), ours.len(), "{what}");
        for (theirs, ours) in theirs.iter().zip(ours) {
            let close = (theirs - ours).abs() < tolerance;
            assert!(close, "{what}: {theirs} against our {ours}");
        }
    }
}

#[test]
fn the_numpy_of_the_models_page_predicts_the_same() {
    let Some(python) = python("NumPy", "numpy, safetensors") else {
        return;
    };
    let script = program("docs/models.md", "numpy");
    for (precision, tolerance) in PRECISIONS {
        let (place, model) = iris(precision);
        std::fs::copy(&model, place.path("model.safetensors")).expect("it can be copied");
        std::fs::copy(shipped("iris.csv"), place.path("new.csv")).expect("it can be copied");
        let theirs = rows(&python, &place, &script, &[]);
        assert_eq!(theirs.len(), 150);
        let ours = ours(&place, &model, "new.csv", "logit");
        assert_agree(&theirs, &ours, tolerance, precision);
    }
}

#[test]
fn the_numpy_of_the_models_page_gives_scaled_targets_in_their_own_units() {
    let Some(python) = python("NumPy, scaled targets", "numpy, safetensors") else {
        return;
    };
    let script = program("docs/models.md", "numpy");
    for (precision, tolerance) in PRECISIONS {
        let (place, model) = scaled_targets(precision);
        std::fs::copy(&model, place.path("model.safetensors")).expect("it can be copied");
        let theirs = rows(&python, &place, &script, &[]);
        let ours = ours(&place, &model, "new.csv", "prediction");
        // The targets are in thousands.
        assert_agree(&theirs, &ours, 1e4 * tolerance, precision);
    }
}

/// A model of the plane's two numbers, with one hidden layer of `activation`.
fn plane(precision: &str, activation: &str) -> (Place, String) {
    train(&format!(
        r#"
data = {{ source = "csv", path = {:?} }}
model = {{ layers = [2, 5, 1], hidden = "{activation}" }}
training = {{ epochs = 3, learning_rate = 0.05, precision = "{precision}" }}
"#,
        shipped("plane_train.csv")
    ))
}

/// A model of two classes.
fn gaussian(precision: &str) -> (Place, String) {
    train(&format!(
        r#"
data = {{ source = "gaussian", samples = 60, scale = "min_max" }}
model = {{ layers = [2, 3, 1], hidden = "relu" }}
training = {{ loss = "bce", epochs = 30, learning_rate = 0.3, precision = "{precision}" }}
"#
    ))
}

#[test]
fn the_pytorch_of_the_models_page_predicts_the_same() {
    let Some(python) = python("PyTorch", "torch, safetensors") else {
        return;
    };
    let plane_data = shipped("plane_valid.csv");
    let iris_data = shipped("iris.csv");
    let script = program("docs/models.md", "torch");
    for (precision, tolerance) in PRECISIONS {
        let (place, model) = plane(precision, "sigmoid");
        let theirs = rows(&python, &place, &script, &[&model, &plane_data]);
        assert_eq!(theirs.len(), 600);
        let expected = ours(&place, &model, &plane_data, "prediction");
        assert_agree(&theirs, &expected, tolerance, precision);

        let (place, model) = iris(precision);
        let theirs = rows(&python, &place, &script, &[&model, &iris_data]);
        assert_eq!(theirs.len(), 150);
        let expected = ours(&place, &model, &iris_data, "probability");
        assert_agree(&theirs, &expected, tolerance, precision);

        let (place, model) = gaussian(precision);
        place.write("new.csv", "x2,x1\n2,2\n-2,-2.5\n0.1,0.2\n");
        let theirs = rows(&python, &place, &script, &[&model, "new.csv"]);
        let expected = ours(&place, &model, "new.csv", "probability");
        assert_agree(&theirs, &expected, tolerance, precision);
    }
}

#[test]
fn the_pytorch_of_the_models_page_has_every_activation() {
    let Some(python) = python("PyTorch, activations", "torch, safetensors") else {
        return;
    };
    let script = program("docs/models.md", "torch");
    let data = shipped("plane_valid.csv");
    for &activation in Activation::ALL {
        let name = serde_json::to_value(activation).expect("it has a name");
        let name = name.as_str().expect("a word");
        let (place, model) = plane("f64", name);
        let theirs = rows(&python, &place, &script, &[&model, &data]);
        let expected = ours(&place, &model, &data, "prediction");
        assert_agree(&theirs, &expected, FLOAT64, name);
    }
}

#[test]
fn the_pandas_of_the_pages_reads_the_results() {
    let Some(python) = python("pandas", "pandas") else {
        return;
    };
    let place = Place::with("");
    let experiment = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/plane.toml");
    let experiment = experiment.display().to_string();
    place.succeed(&[&experiment, "--set", "replicates=1", "--quiet"]);
    let pages = [
        "README.md",
        "README.ja.md",
        "docs/tutorial.md",
        "docs/tutorial.ja.md",
    ];
    for page in pages {
        let said = run(&python, &place, &program(page, "pandas"), &[]);
        assert!(said.contains("mini-batch"), "{page}: {said}");
    }
}
