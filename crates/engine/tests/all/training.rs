//! The promises of training beside its curves: divergence, early stopping, the best epoch, metrics,
//! and numbers that depend on the task alone.

use std::ops::ControlFlow;

use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, EarlyStopping, Ending, EpochRow, Init, Loss, Metric,
    Monitor, Samples, Scheme, Settings, Task, Trained,
};
use ndarray::Array2;
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, stream};

/// Metrics from the same predictions differ by rounding alone.
const ROUNDING: f64 = 1e-12;

fn settings(loss: Loss) -> Settings {
    Settings::plain(loss, BatchSize::Samples(4), 12, 0.05)
}

/// The training and the validation data.
struct Data {
    train: (Array2<f64>, Array2<f64>),
    valid: (Array2<f64>, Array2<f64>),
}

/// Samples of three features with targets that depend on them, of the kind that a loss takes.
fn data(loss: Loss, outputs: usize) -> Data {
    let mut random = stream(21, Stream::Data);
    let mut draw = |count| {
        let x = Array2::from_shape_fn((count, 3), |_| random.uniform(-2.0, 2.0));
        let columns = loss.targets(outputs);
        let y = Array2::from_shape_fn((count, columns), |(i, j)| {
            let value = x[[i, 0]] * x[[i, 1]] + x[[i, 2]] * (j as f64 - 0.5);
            match loss {
                Loss::Bce => f64::from(u8::from(value > 0.0)),
                Loss::CrossEntropy => ((value + 1.0).clamp(0.0, outputs as f64 - 1.0)).floor(),
                _ => value,
            }
        });
        (x, y)
    };
    Data {
        train: draw(41),
        valid: draw(17),
    }
}

fn run(data: &Data, outputs: usize, settings: &Settings) -> (Vec<EpochRow>, Trained) {
    let architecture = Architecture {
        layers: vec![3, 6, outputs],
        activations: vec![Activation::Tanh, Activation::Identity],
    };
    let matrices =
        |(x, y): &(Array2<f64>, Array2<f64>)| [x, y].map(|array| DataMatrix::from(array.clone()));
    let (train_data, valid) = (matrices(&data.train), matrices(&data.valid));
    let task = Task {
        architecture: &architecture,
        init: &Init::Scheme(Scheme::XavierUniform { gain: 1.0 }),
        train: Samples {
            x: &train_data[0],
            y: &train_data[1],
        },
        valid: Some(Samples {
            x: &valid[0],
            y: &valid[1],
        }),
        settings,
        init_seed: 3,
        shuffle_seed: 4,
        target_units: &[],
        snapshots: true,
    };
    let mut rows = Vec::new();
    let trained = train(&task, &mut |row| {
        rows.push(*row);
        ControlFlow::Continue(())
    });
    (rows, trained)
}

#[test]
fn a_rate_that_is_too_large_diverges_in_the_epoch_that_is_said() {
    let data = data(Loss::Mse, 2);
    let settings = Settings {
        learning_rate: 1e6,
        ..settings(Loss::Mse)
    };
    let (rows, trained) = run(&data, 2, &settings);
    let Ending::Diverged { epoch, updates } = trained.ending else {
        panic!("{:?}", trained.ending);
    };
    // 41 samples in batches of 4 are eleven updates per epoch.
    assert_eq!(updates, 11 * epoch);
    assert_eq!(rows.len() as u64, epoch - 1);
    let finite = |row: &EpochRow| row.train_loss.is_finite() && row.valid_loss.is_some();
    assert!(rows.iter().all(finite));
}

#[test]
fn the_best_epoch_is_the_first_of_the_lowest_validation_loss() {
    let data = data(Loss::Mse, 2);
    let settings = Settings {
        learning_rate: 0.3,
        epochs: 40,
        ..settings(Loss::Mse)
    };
    let (rows, trained) = run(&data, 2, &settings);
    let best = trained.best.expect("some epoch stayed finite");
    let lowest = rows
        .iter()
        .min_by(|a, b| a.valid_loss.partial_cmp(&b.valid_loss).expect("finite"))
        .expect("rows");
    assert_eq!(best.epoch, lowest.epoch); // min_by gives the first of equal ones
    assert!(
        best.epoch < 40,
        "the case is one where the last epoch is not the best"
    );
}

#[test]
fn early_stopping_stops_after_its_patience_and_brings_the_best_back() {
    let data = data(Loss::Mse, 2);
    let stopping = EarlyStopping {
        patience: 3,
        min_delta: 0.0,
        metric: Monitor::ValidLoss,
        restore_best: true,
    };
    let stopped = Settings {
        learning_rate: 0.3,
        epochs: 200,
        early_stopping: Some(stopping),
        ..settings(Loss::Mse)
    };
    let (rows, trained) = run(&data, 2, &stopped);
    let best = trained.best.expect("best").epoch;
    assert_eq!(trained.ending, Ending::Stopped { epoch: best + 3 });
    assert_eq!(rows.len() as u64, best + 3);

    // The parameters are those of a run that ends at the best epoch.
    let until_best = Settings {
        epochs: best,
        early_stopping: None,
        ..stopped.clone()
    };
    let (_, shorter) = run(&data, 2, &until_best);
    assert_eq!(trained.parameters, shorter.parameters);

    // Without restore_best, the parameters are those of the last epoch.
    let kept = Settings {
        early_stopping: Some(EarlyStopping {
            restore_best: false,
            ..stopping
        }),
        ..stopped.clone()
    };
    let (_, last) = run(&data, 2, &kept);
    let until_last = Settings {
        epochs: best + 3,
        early_stopping: None,
        ..stopped
    };
    let (_, same) = run(&data, 2, &until_last);
    assert_eq!(last.parameters, same.parameters);
}

#[test]
fn an_improvement_must_exceed_min_delta() {
    let data = data(Loss::Mse, 2);
    let settings = Settings {
        epochs: 100,
        early_stopping: Some(EarlyStopping {
            patience: 2,
            min_delta: 1e9,
            metric: Monitor::Train(Metric::R2),
            restore_best: false,
        }),
        metrics: vec![Metric::R2],
        ..settings(Loss::Mse)
    };
    let (_, trained) = run(&data, 2, &settings);
    assert_eq!(trained.ending, Ending::Stopped { epoch: 3 });
}

/// The predictions of the trained network, computed without the engine's passes.
fn predictions(trained: &Trained, x: &Array2<f64>) -> Array2<f64> {
    let (weights, biases) = (&trained.parameters.weights, &trained.parameters.biases);
    let hidden = (x.dot(&weights[0].t()) + &biases[0]).mapv(f64::tanh);
    hidden.dot(&weights[1].t()) + &biases[1]
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= ROUNDING * expected.abs().max(1.0),
        "{what}: {found} is not {expected}"
    );
}

#[test]
fn r2_and_mae_are_those_of_the_predictions() {
    let data = data(Loss::Mse, 2);
    let settings = Settings {
        metrics: vec![Metric::R2, Metric::Mae],
        ..settings(Loss::Mse)
    };
    let (rows, trained) = run(&data, 2, &settings);
    let (x, y) = &data.valid;
    let residual = y - &predictions(&trained, x);
    let total = y - &y.mean_axis(ndarray::Axis(0)).expect("samples");
    let squares = |values: &Array2<f64>| values.mapv(|v| v * v).sum_axis(ndarray::Axis(0));
    let r2 = (1.0 - squares(&residual) / squares(&total))
        .mean()
        .expect("outputs");
    let mae = residual.mapv(f64::abs).mean().expect("samples");
    let [found_r2, found_mae, ..] = rows.last().expect("rows").valid_metrics;
    assert_near(found_r2, r2, "r2");
    assert_near(found_mae, mae, "mae");
}

#[test]
fn accuracy_counts_the_predicted_classes() {
    for (loss, outputs) in [(Loss::CrossEntropy, 3), (Loss::Bce, 1), (Loss::HalfMse, 1)] {
        let mut data = data(loss, outputs);
        if loss == Loss::HalfMse {
            data.valid
                .1
                .mapv_inplace(|t| if t > 0.0 { 1.0 } else { -1.0 });
        }
        let settings = Settings {
            metrics: vec![Metric::Accuracy],
            ..settings(loss)
        };
        let (rows, trained) = run(&data, outputs, &settings);
        let p = predictions(&trained, &data.valid.0);
        let right = p
            .rows()
            .into_iter()
            .zip(data.valid.1.rows())
            .filter(|(p, t)| {
                if loss == Loss::CrossEntropy {
                    let class = (0..3)
                        .max_by(|&a, &b| p[a].total_cmp(&p[b]))
                        .expect("classes");
                    class as f64 == t[0]
                } else {
                    (p[0] > 0.0) == (t[0] > 0.0)
                }
            });
        let expected = right.count() as f64 / 17.0;
        let [found, ..] = rows.last().expect("rows").valid_metrics;
        assert_near(found, expected, "accuracy");
        assert!(expected > 0.5, "{loss:?} has learnt something: {expected}");
    }
}

#[test]
fn training_metrics_come_from_the_predictions_before_each_update() {
    let data = data(Loss::Mse, 2);
    let settings = Settings {
        batch_size: BatchSize::Full,
        metrics: vec![Metric::Mae],
        ..settings(Loss::Mse)
    };
    // With one batch per epoch, the predictions of epoch 12 are those of the network after epoch
    // 11.
    let (rows, _) = run(&data, 2, &settings);
    let (_, before) = run(
        &data,
        2,
        &Settings {
            epochs: 11,
            ..settings
        },
    );
    let (x, y) = &data.train;
    let mae = (y - &predictions(&before, x)).mapv(f64::abs).mean();
    let found = rows.last().expect("rows").train_metrics[0];
    assert_near(found, mae.expect("samples"), "train mae");
}

#[test]
fn large_logits_neither_overflow_nor_lose_digits() {
    // The values are exact: ln(1 + e^−800) is 0, and e^−30 is right to first order.
    assert_eq!(Loss::Bce.value(&[800.0], &[0.0]), 800.0);
    assert_eq!(Loss::Bce.value(&[800.0], &[1.0]), 0.0);
    assert_near(
        Loss::Bce.value(&[-30.0], &[0.0]) * 1e13,
        (-30.0_f64).exp() * 1e13,
        "bce",
    );
    let logits = [1000.0, 970.0, -1000.0];
    assert_near(
        Loss::CrossEntropy.value(&logits, &[0.0]) * 1e13,
        (-30.0_f64).exp() * 1e13,
        "cross_entropy",
    );
    assert_eq!(Loss::CrossEntropy.value(&logits, &[2.0]), 2000.0);
    let mut error = [0.0; 3];
    Loss::CrossEntropy.error(&logits, &[0.0], &mut error);
    assert_near(error[0] * 1e13, -(-30.0_f64).exp() * 1e13, "error");
    let mut error = [0.0_f32; 1];
    Loss::Bce.error(&[40.0_f32], &[1.0], &mut error);
    let exact = -(-40.0_f64).exp() as f32;
    assert!((error[0] / exact - 1.0).abs() < 1e-6, "{}", error[0]);
}

#[test]
fn snapshots_are_the_parameters_after_1_2_4_and_8_epochs() {
    let data = data(Loss::Mse, 2);
    let after = |epochs| {
        let settings = Settings {
            epochs,
            ..settings(Loss::Mse)
        };
        run(&data, 2, &settings).1
    };
    let taken = after(12).snapshots;
    let epochs: Vec<u64> = taken.iter().map(|snapshot| snapshot.epoch).collect();
    assert_eq!(epochs, [1, 2, 4, 8]);
    for snapshot in taken {
        assert_eq!(snapshot.parameters, after(snapshot.epoch).parameters);
    }
}
