//! The engine compared with numbers that NumPy computed: the worked example, a deep forward pass,
//! and training curves on the plane data. The stored values and their origin are in tests/golden/.

use std::ops::ControlFlow;
use std::path::Path;

use engine::reference::session::Session;
use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, ClassWeights, Ending, Init, Loss, Optimizer, Parameters,
    Precision, Samples, Schedule, Settings, Task, Trained,
};
use engine::words::optimizer::{Adagrad, Adam, Adamw, Nadam, Rmsprop, Sgd};
use numbers::matrix::DataMatrix;
use serde_json::Value;

/// The values of the same formulas differ only in their last digits.
const ONE_STEP: f64 = 1e-12;
/// Over up to a hundred epochs, the rounding of another order of summation grows, but stays below
/// this.
const CURVE: f64 = 1e-9;
/// In float32, PyTorch sums in another order and with other functions, which gives a few units of
/// 2^-24, grown over up to a hundred updates. The greatest difference was 1.6e-6 when the file was
/// made.
const CURVE_F32: f64 = 3e-6;

fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    let text = std::fs::read_to_string(path).expect("golden file");
    serde_json::from_str(&text).expect("JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().expect("number")],
    }
}

fn from_json<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).expect("the golden file's layout")
}

fn architecture(golden: &Value) -> Architecture {
    let layers: Vec<usize> = from_json(&golden["layers"]);
    let mut activations = vec![from_json::<Activation>(&golden["hidden"]); layers.len() - 1];
    *activations.last_mut().expect("layers") = from_json(&golden["output"]);
    Architecture {
        layers,
        activations,
    }
}

fn init(golden: &Value) -> Init {
    Init::Explicit {
        weights: from_json(&golden["weights"]),
        biases: from_json(&golden["biases"]),
    }
}

fn settings(batch_size: BatchSize, epochs: u64, learning_rate: f64) -> Settings {
    Settings {
        shuffle: false,
        ..Settings::plain(Loss::HalfMse, batch_size, epochs, learning_rate)
    }
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f - e).abs() <= tolerance * e.abs().max(1e-3),
            "{what}[{i}]: {f} is not {e}"
        );
    }
}

fn flat(parameters: &Parameters) -> (Vec<f64>, Vec<f64>) {
    (
        parameters.weights.iter().flatten().copied().collect(),
        parameters.biases.iter().flatten().copied().collect(),
    )
}

/// A session with the golden file's network, in f64.
fn session(golden: &Value) -> Session<f64> {
    let architecture = architecture(golden);
    let parameters = init(golden).parameters(&architecture.layers, 0);
    Session::new(
        &architecture,
        parameters,
        &settings(BatchSize::Full, 1, 0.1),
    )
}

/// Trains without validation data. Returns the losses of the epochs, and the result.
fn curve(
    architecture: &Architecture,
    init: &Init,
    (x, y): (&DataMatrix, &DataMatrix),
    settings: &Settings,
) -> (Vec<f64>, Vec<f64>, Trained) {
    let (mut losses, mut rates) = (Vec::new(), Vec::new());
    let task = Task {
        architecture,
        init,
        train: Samples { x, y },
        valid: None,
        settings,
        init_seed: 0,
        shuffle_seed: 0,
        target_units: &[],
        snapshots: false,
    };
    let trained = train(&task, &mut |row| {
        losses.push(row.train_loss);
        rates.push(row.learning_rate);
        ControlFlow::Continue(())
    });
    (losses, rates, trained)
}

#[test]
fn the_worked_example_agrees_in_every_quantity() {
    let golden = golden("worked_example.json");
    let mut session = session(&golden);
    let (x, y) = (numbers(&golden["x"]), numbers(&golden["y"]));
    session.begin();
    session.sample(&x, &y);
    let outputs = golden["outs"].as_array().expect("layers")[1..].to_vec();
    let (sums, outs) = (session.pass.sums.concat(), session.pass.outputs.concat());
    assert_close(&sums, &numbers(&golden["sums"]), ONE_STEP, "sums");
    assert_close(&outs, &numbers(&Value::Array(outputs)), ONE_STEP, "outputs");

    let (d_weights, d_biases) = flat(&session.gradients);
    assert_close(&d_weights, &numbers(&golden["grads_w"]), ONE_STEP, "dW");
    assert_close(&d_biases, &numbers(&golden["grads_b"]), ONE_STEP, "db");

    // The golden update uses the gradient summed over the outputs, so that no mean is taken here.
    session.update(golden["lr"].as_f64().expect("lr"));
    let (weights, biases) = flat(&session.network.parameters);
    let new_weights = numbers(&golden["new_weights"]);
    assert_close(&weights, &new_weights, ONE_STEP, "new W");
    assert_close(&biases, &numbers(&golden["new_biases"]), ONE_STEP, "new b");
}

#[test]
fn the_worked_examples_epoch_loss_agrees() {
    let golden = golden("worked_example.json");
    let x = DataMatrix::new(1, 2, numbers(&golden["x"]));
    let y = DataMatrix::new(1, 2, numbers(&golden["y"]));
    let settings = settings(BatchSize::Full, 1, 0.1);
    let (losses, _, _) = curve(&architecture(&golden), &init(&golden), (&x, &y), &settings);
    let expected = numbers(&golden["epoch_loss"]);
    assert_close(&losses, &expected, ONE_STEP, "epoch loss");
}

#[test]
fn the_deep_forward_pass_agrees() {
    let golden = golden("deep_forward.json");
    let mut session = session(&golden);
    session
        .network
        .forward(&numbers(&golden["x"]), &mut session.pass);
    let sums = session.pass.sums.concat();
    assert_close(&sums, &numbers(&golden["sums"]), ONE_STEP, "sums");
}

fn plane() -> (DataMatrix, DataMatrix) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../experiments/data/plane_train.csv");
    let mut reader = csv::Reader::from_path(path).expect("plane data");
    let rows: Vec<[f64; 3]> = reader.deserialize().map(|row| row.expect("row")).collect();
    let column = |i: usize| rows.iter().map(move |row| row[i]);
    let x: Vec<f64> = column(0).zip(column(1)).flat_map(|(a, b)| [a, b]).collect();
    let y: Vec<f64> = column(2).collect();
    (
        DataMatrix::new(rows.len(), 2, x),
        DataMatrix::new(rows.len(), 1, y),
    )
}

#[test]
fn the_plane_curves_agree_online_in_mini_batches_and_in_one_batch() {
    let (x, y) = plane();
    let mut curves = 0;
    for file in ["plane_zero_init.json", "plane_random_init.json"] {
        let golden = golden(file);
        for case in golden["cases"].as_array().expect("cases") {
            let size = case["batch_size"].as_u64();
            let batch_size = size.map_or(BatchSize::Full, |n| BatchSize::Samples(n as usize));
            let epochs = case["epochs"].as_u64().expect("epochs");
            let learning_rate = case["learning_rate"].as_f64().expect("rate");
            let settings = settings(batch_size, epochs, learning_rate);
            let (losses, _, trained) =
                curve(&architecture(&golden), &init(&golden), (&x, &y), &settings);
            assert_eq!(trained.ending, Ending::Finished);
            let what = format!("{file} batch {batch_size:?}");
            let expected = numbers(&case["loss_history"]);
            for (f, e) in losses.iter().zip(&expected) {
                assert!((f - e).abs() <= CURVE * e.abs(), "{what}: {f} is not {e}");
            }
            assert_eq!(losses.len(), expected.len(), "{what}");
            let (weights, biases) = flat(&trained.parameters);
            assert_close(&weights, &numbers(&case["final_weights"]), CURVE, &what);
            assert_close(&biases, &numbers(&case["final_biases"]), CURVE, &what);
            curves += 1;
        }
    }
    assert_eq!(curves, 5);
}

/// A number in a golden case's table, or PyTorch's default.
fn number_or(table: &Value, key: &str, default: f64) -> f64 {
    table
        .get(key)
        .map_or(default, |value| value.as_f64().expect("number"))
}

fn flag(table: &Value, key: &str) -> bool {
    table
        .get(key)
        .is_some_and(|value| value.as_bool().expect("true or false"))
}

fn optimizer(table: &Value) -> Optimizer {
    let betas = match table.get("betas") {
        Some(betas) => from_json(betas),
        None => [0.9, 0.999],
    };
    let number = |key, default| number_or(table, key, default);
    match table["name"].as_str().expect("name") {
        "sgd" => Optimizer::Sgd(Sgd {
            momentum: number("momentum", 0.0),
            nesterov: flag(table, "nesterov"),
            weight_decay: number("weight_decay", 0.0),
        }),
        "adagrad" => Optimizer::Adagrad(Adagrad {
            eps: number("eps", 1e-10),
        }),
        "rmsprop" => Optimizer::Rmsprop(Rmsprop {
            alpha: number("alpha", 0.99),
            eps: number("eps", 1e-8),
            momentum: number("momentum", 0.0),
            centered: flag(table, "centered"),
        }),
        "adam" => Optimizer::Adam(Adam {
            betas,
            eps: number("eps", 1e-8),
            amsgrad: flag(table, "amsgrad"),
        }),
        "adamw" => Optimizer::Adamw(Adamw {
            betas,
            eps: number("eps", 1e-8),
            amsgrad: flag(table, "amsgrad"),
            weight_decay: number("weight_decay", 0.01),
        }),
        "nadam" => Optimizer::Nadam(Nadam {
            betas,
            eps: number("eps", 1e-8),
            momentum_decay: number("momentum_decay", 0.004),
        }),
        other => panic!("{other}"),
    }
}

fn schedule(case: &Value) -> Schedule {
    match case.get("schedule") {
        None => Schedule::Constant,
        Some(table) => {
            let mut table = table.clone();
            if let Some(t_max) = table.get("T_max").cloned() {
                table["t_max"] = t_max;
            }
            from_json(&table)
        }
    }
}

/// Trains the cases of training.json in one precision, and compares them with the curves in `file`.
fn assert_curves_agree(file: &str, precision: Precision, tolerance: f64) {
    let expected_cases = golden(file)["cases"].clone();
    let golden = golden("training.json");
    let matrix = |value: &Value| {
        let rows: Vec<Vec<f64>> = from_json(value);
        let columns = rows[0].len();
        DataMatrix::new(rows.len(), columns, rows.concat())
    };
    let x = matrix(&golden["x"]);
    let cases = golden["cases"].as_array().expect("cases");
    for (case, expected_case) in cases.iter().zip(expected_cases.as_array().expect("cases")) {
        let name = case["name"].as_str().expect("name");
        assert_eq!(expected_case["name"], case["name"]);
        let target = case["target"].as_str().expect("target");
        let y = matrix(&golden["targets"][target]);
        let settings = Settings {
            loss: from_json(&case["loss"]),
            batch_size: BatchSize::Samples(case["batch_size"].as_u64().expect("size") as usize),
            epochs: case["epochs"].as_u64().expect("epochs"),
            learning_rate: case["optimizer"]["learning_rate"].as_f64().expect("rate"),
            schedule: schedule(case),
            optimizer: optimizer(&case["optimizer"]),
            l1: number_or(case, "l1", 0.0),
            l2: number_or(case, "l2", 0.0),
            clip_norm: case.get("clip_norm").and_then(Value::as_f64),
            clip_value: case.get("clip_value").and_then(Value::as_f64),
            early_stopping: None,
            shuffle: false,
            precision,
            metrics: Vec::new(),
            positive: 1,
            class_weights: ClassWeights::Equal,
            dropout: Vec::new(),
        };
        let architecture = Architecture {
            layers: from_json(&case["layers"]),
            activations: from_json(&case["activations"]),
        };
        let (losses, rates, trained) = curve(&architecture, &init(case), (&x, &y), &settings);
        let assert_near = |found: &[f64], key: &str, tolerance: f64| {
            let expected = numbers(&expected_case[key]);
            assert_eq!(found.len(), expected.len(), "{name}: {key}");
            for (i, (f, e)) in found.iter().zip(&expected).enumerate() {
                // Weights near 0 are differences of larger numbers, so that the error is relative
                // to at least 0.1.
                let scale = if key.starts_with("final") {
                    e.abs().max(0.1)
                } else {
                    e.abs()
                };
                assert!(
                    (f - e).abs() <= tolerance * scale,
                    "{name}: {key}[{i}]: {f} is not {e}"
                );
            }
        };
        assert_close(
            &rates,
            &numbers(&case["learning_rates"]),
            CURVE,
            "learning rates",
        );
        assert_near(&losses, "loss_history", tolerance);
        let (weights, biases) = flat(&trained.parameters);
        assert_near(&weights, "final_weights", tolerance);
        assert_near(&biases, "final_biases", tolerance);
    }
    assert_eq!(cases.len(), 40);
}

#[test]
fn the_whole_vocabularys_curves_agree_in_f64() {
    assert_curves_agree("training.json", Precision::F64, CURVE);
}

#[test]
fn the_whole_vocabularys_curves_agree_in_f32() {
    assert_curves_agree("training_f32.json", Precision::F32, CURVE_F32);
}
