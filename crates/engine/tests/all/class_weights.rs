//! Class weights: the curves of golden/class_weights.json (NumPy), and the numbers that weights
//! leave as they are.

use std::ops::ControlFlow;

use choices::Choice;
use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, ClassWeights, EpochRow, Init, Loss, Metric, Samples,
    Settings, Task, Trained,
};
use ndarray::Array2;
use numbers::matrix::DataMatrix;
use serde_json::Value;

/// The sums of twelve epochs are in another order than NumPy's.
const TOLERANCE: f64 = 1e-9;

fn numbers(value: &Value) -> Vec<f64> {
    let items = value.as_array().expect("a list");
    items
        .iter()
        .map(|item| item.as_f64().expect("a number"))
        .collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value
        .as_array()
        .expect("rows")
        .iter()
        .map(numbers)
        .collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(row, column)| {
        rows[row][column]
    })
}

/// The network and the samples of a golden case.
struct Case {
    architecture: Architecture,
    init: Init,
    x: DataMatrix,
    y: DataMatrix,
    settings: Settings,
}

fn case(golden: &Value) -> Case {
    let loss: Loss = serde_json::from_value(golden["loss"].clone()).expect("a loss");
    let batch_size = match golden["batch_size"].as_u64() {
        Some(samples) => BatchSize::Samples(samples as usize),
        None => BatchSize::Full,
    };
    let layers = numbers(&golden["layers"])
        .iter()
        .map(|&nodes| nodes as usize)
        .collect();
    let words = golden["activations"].as_array().expect("words").iter();
    let activations: Vec<Activation> = words
        .map(|word| serde_json::from_value(word.clone()).expect("an activation"))
        .collect();
    let list = |value: &Value| value.as_array().expect("layers").clone();
    let (epochs, rate) = (golden["epochs"].as_u64(), golden["learning_rate"].as_f64());
    Case {
        architecture: Architecture {
            layers,
            activations,
        },
        init: Init::Explicit {
            weights: list(&golden["weights"])
                .iter()
                .map(|rows| rows.as_array().expect("rows").iter().map(numbers).collect())
                .collect(),
            biases: list(&golden["biases"]).iter().map(numbers).collect(),
        },
        x: matrix(&golden["x"]).into(),
        y: DataMatrix::new(30, 1, numbers(&golden["y"])),
        settings: Settings {
            shuffle: false,
            class_weights: match golden["class_weights"].as_array() {
                Some(_) => ClassWeights::Given(numbers(&golden["class_weights"])),
                None => ClassWeights::Balanced,
            },
            metrics: Metric::that_fit(loss, false),
            ..Settings::plain(
                loss,
                batch_size,
                epochs.expect("a count"),
                rate.expect("a rate"),
            )
        },
    }
}

/// Trains a case, with its samples as validation data too.
fn run(case: &Case, settings: &Settings) -> (Vec<EpochRow>, Trained) {
    let samples = Samples {
        x: &case.x,
        y: &case.y,
    };
    let task = Task {
        architecture: &case.architecture,
        init: &case.init,
        train: samples,
        valid: Some(samples),
        settings,
        init_seed: 0,
        shuffle_seed: 0,
        target_units: &[],
        snapshots: false,
    };
    let mut rows = Vec::new();
    let trained = train(&task, &mut |row| {
        rows.push(*row);
        ControlFlow::Continue(())
    });
    (rows, trained)
}

fn cases() -> Vec<Value> {
    let golden: Value =
        serde_json::from_str(include_str!("../golden/class_weights.json")).expect("golden values");
    golden["cases"].as_array().expect("cases").clone()
}

#[test]
fn losses_and_metrics_agree_with_numpy_and_scikit_learn() {
    for golden in cases() {
        let case = case(&golden);
        let (rows, _) = run(&case, &case.settings);
        let expected = numbers(&golden["loss_history"]);
        assert_eq!(rows.len(), expected.len());
        for (row, expected) in rows.iter().zip(expected) {
            let difference = (row.train_loss - expected).abs();
            assert!(difference < TOLERANCE, "{}: {expected}", row.train_loss);
        }
        let last = rows.last().expect("there are epochs");
        let after = golden["metrics_after"].as_object().expect("metrics");
        assert_eq!(after.len(), case.settings.metrics.len());
        for (metric, found) in case.settings.metrics.iter().zip(last.valid_metrics) {
            let expected = after[metric.word()].as_f64().expect("a number");
            assert!((found - expected).abs() < TOLERANCE, "{}", metric.word());
        }
    }
}

#[test]
fn weights_of_1_are_no_weights_bit_for_bit() {
    for golden in cases() {
        let case = case(&golden);
        let classes = golden["classes"].as_u64().expect("a count") as usize;
        let with = |class_weights| Settings {
            class_weights,
            ..case.settings.clone()
        };
        let ones = run(&case, &with(ClassWeights::Given(vec![1.0; classes])));
        let none = run(&case, &with(ClassWeights::Equal));
        // The rows are compared as text, in which NaN equals NaN.
        assert_eq!(format!("{:?}", ones.0), format!("{:?}", none.0));
        assert_eq!(ones.1.parameters, none.1.parameters);
    }
}

#[test]
fn the_validation_loss_is_weighted_as_the_training_loss_is() {
    for golden in cases() {
        let mut case = case(&golden);
        // With a rate of almost 0 the network stays as it was.
        case.settings.learning_rate = 1e-300;
        let (rows, _) = run(&case, &case.settings);
        for row in rows {
            let valid = row.valid_loss.expect("there is validation data");
            assert!((row.train_loss - valid).abs() < 1e-15, "{valid}");
        }
    }
}
