//! The engine against numbers that NumPy computed: the worked example, a deep forward pass, and
//! training curves on the plane data. The stored values and how they were made are in
//! tests/golden/.

use std::ops::ControlFlow;
use std::path::Path;

use ndarray::Array2;
use runner::engine::network::{Network, Pass};
use runner::engine::train::train_from_init;
use runner::engine::types::{
    Activation, Architecture, BatchSize, Ending, Init, Loss, Optimizer, Parameters, Precision,
    Schedule, Settings,
};
use serde_json::Value;

/// Values printed from the same formulas differ in their last digits only.
const ONE_STEP: f64 = 1e-12;
/// Over up to a hundred epochs, rounding in another order of summation grows; it stays below this.
const CURVE: f64 = 1e-9;

const SGD: Optimizer = Optimizer::Sgd {
    momentum: 0.0,
    nesterov: false,
    weight_decay: 0.0,
};

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
        loss: Loss::HalfMse,
        batch_size,
        epochs,
        learning_rate,
        schedule: Schedule::Constant,
        optimizer: SGD,
        l1: 0.0,
        l2: 0.0,
        clip_norm: None,
        clip_value: None,
        early_stopping: None,
        shuffle: false,
        precision: Precision::F64,
        metrics: Vec::new(),
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

fn forward(golden: &Value) -> (Network<f64>, Pass<f64>) {
    let architecture = architecture(golden);
    let parameters = init(golden).parameters(&architecture.layers, 0);
    let mut pass = Pass::new(&architecture.layers);
    let network = Network {
        architecture,
        parameters,
    };
    network.forward(&numbers(&golden["x"]), &mut pass);
    (network, pass)
}

#[test]
fn the_worked_example_agrees_in_every_quantity() {
    let golden = golden("worked_example.json");
    let (network, mut pass) = forward(&golden);
    assert_close(
        &pass.sums.concat(),
        &numbers(&golden["sums"]),
        ONE_STEP,
        "sums",
    );
    let outputs = golden["outs"].as_array().expect("layers")[1..].to_vec();
    assert_close(
        &pass.outputs.concat(),
        &numbers(&Value::Array(outputs)),
        ONE_STEP,
        "outputs",
    );

    let mut gradients = Parameters::zeros(&network.architecture.layers);
    let (x, y) = (numbers(&golden["x"]), numbers(&golden["y"]));
    network.backward(&x, &y, Loss::HalfMse, &mut pass, &mut gradients);
    let (d_weights, d_biases) = flat(&gradients);
    assert_close(&d_weights, &numbers(&golden["grads_w"]), ONE_STEP, "dW");
    assert_close(&d_biases, &numbers(&golden["grads_b"]), ONE_STEP, "db");

    let mut updated = network.parameters.clone();
    let learning_rate = golden["lr"].as_f64().expect("lr");
    SGD.update(&mut updated, &gradients, learning_rate);
    let (weights, biases) = flat(&updated);
    assert_close(
        &weights,
        &numbers(&golden["new_weights"]),
        ONE_STEP,
        "new W",
    );
    assert_close(&biases, &numbers(&golden["new_biases"]), ONE_STEP, "new b");
}

#[test]
fn the_worked_examples_epoch_loss_agrees() {
    let golden = golden("worked_example.json");
    let x = Array2::from_shape_vec((1, 2), numbers(&golden["x"])).expect("2 inputs");
    let y = Array2::from_shape_vec((1, 2), numbers(&golden["y"])).expect("2 targets");
    let mut losses = Vec::new();
    train_from_init(
        &architecture(&golden),
        &init(&golden),
        (&x, &y),
        None,
        &settings(BatchSize::Full, 1, 0.1),
        0,
        &mut |row| {
            losses.push(row.train_loss);
            ControlFlow::Continue(())
        },
    );
    assert_close(
        &losses,
        &numbers(&golden["epoch_loss"]),
        ONE_STEP,
        "epoch loss",
    );
}

#[test]
fn the_deep_forward_pass_agrees() {
    let golden = golden("deep_forward.json");
    let (_, pass) = forward(&golden);
    assert_close(
        &pass.sums.concat(),
        &numbers(&golden["sums"]),
        ONE_STEP,
        "sums",
    );
}

fn plane() -> (Array2<f64>, Array2<f64>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/data/plane_train.csv");
    let mut reader = csv::Reader::from_path(path).expect("plane data");
    let rows: Vec<[f64; 3]> = reader.deserialize().map(|row| row.expect("row")).collect();
    let column = |i: usize| rows.iter().map(move |row| row[i]);
    let x = column(0).zip(column(1)).flat_map(|(a, b)| [a, b]).collect();
    (
        Array2::from_shape_vec((rows.len(), 2), x).expect("two columns"),
        Array2::from_shape_vec((rows.len(), 1), column(2).collect()).expect("one column"),
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
            let mut losses = Vec::new();
            let trained = train_from_init(
                &architecture(&golden),
                &init(&golden),
                (&x, &y),
                None,
                &settings(batch_size, epochs, learning_rate),
                0,
                &mut |row| {
                    losses.push(row.train_loss);
                    ControlFlow::Continue(())
                },
            );
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
