//! The fast ways of training have the same bits as the reference, for any shape.
//!
//! Architectures, activations, losses, optimizers, penalties, batch sizes, precisions and odd sizes
//! are drawn at random from a pinned stream; the heavy form draws many more. Each case is also
//! trained in pieces, alternately by the fast way and by the reference.

use std::ops::ControlFlow;

use super::interrupted::in_pieces;
use choices::Choice;
use engine::train::{train, train_reference};
use engine::types::{
    Activation, Architecture, BatchSize, ClassWeights, EarlyStopping, EpochRow, Init, Loss, Metric,
    Monitor, Optimizer, Precision, Samples, Schedule, Scheme, Settings, Task, Trained,
};
use engine::words::optimizer::{Adagrad, Adam, Adamw, Nadam, Rmsprop, Sgd};
use ndarray::Array2;
use numbers::matrix::DataMatrix;
use numbers::random::{Random, Stream, stream};

/// One of the values.
fn one_of<T: Copy>(random: &mut Random, values: &[T]) -> T {
    values[random.below(values.len() as u32) as usize]
}

fn optimizer(random: &mut Random) -> Optimizer {
    let flag = random.below(2) == 1;
    let weight_decay = one_of(random, &[0.0, 0.01]);
    match random.below(8) {
        0 | 1 => Optimizer::Sgd(Sgd {
            momentum: one_of(random, &[0.0, 0.9]),
            nesterov: false,
            weight_decay,
        }),
        2 => Optimizer::Sgd(Sgd {
            momentum: 0.9,
            nesterov: true,
            weight_decay,
        }),
        3 => Optimizer::Adagrad(Adagrad { eps: 1e-10 }),
        4 => Optimizer::Rmsprop(Rmsprop {
            alpha: 0.99,
            eps: 1e-8,
            momentum: one_of(random, &[0.0, 0.5]),
            centered: flag,
        }),
        5 => Optimizer::Adam(Adam {
            betas: [0.9, 0.999],
            eps: 1e-8,
            amsgrad: flag,
        }),
        6 => Optimizer::Adamw(Adamw {
            betas: [0.9, 0.999],
            eps: 1e-8,
            amsgrad: flag,
            weight_decay,
        }),
        _ => Optimizer::Nadam(Nadam {
            betas: [0.9, 0.999],
            eps: 1e-8,
            momentum_decay: 0.004,
        }),
    }
}

/// Some or all of the metrics of a loss.
fn metrics(random: &mut Random, loss: Loss) -> Vec<Metric> {
    match random.below(2) {
        0 => Metric::of(loss, false),
        _ => Metric::that_fit(loss, false),
    }
}

/// The weights of the classes if samples have one class each, or none.
fn class_weights(random: &mut Random, loss: Loss, outputs: usize) -> ClassWeights {
    let classes = match (loss, outputs) {
        (Loss::CrossEntropy, outputs) => outputs,
        (Loss::Bce, 1) => 2,
        _ => return ClassWeights::Equal,
    };
    match random.below(2) {
        0 => ClassWeights::Equal,
        _ => ClassWeights::Given((0..classes).map(|_| random.uniform(0.1, 5.0)).collect()),
    }
}

/// The dropout rates of `hidden` hidden layers, of which some may be 0; or none.
fn dropout(random: &mut Random, hidden: usize) -> Vec<f64> {
    let rates: Vec<f64> = (0..hidden)
        .map(|_| one_of(random, &[0.0, 0.2, 0.5, 0.9]))
        .collect();
    match random.below(2) {
        0 => Vec::new(),
        _ => rates,
    }
}

fn settings(random: &mut Random, loss: Loss, layers: &[usize]) -> Settings {
    let outputs = layers[layers.len() - 1];
    Settings {
        loss,
        batch_size: match random.below(4) {
            0 => BatchSize::Full,
            _ => BatchSize::Samples(one_of(random, &[1, 2, 5, 6, 8, 16, 17, 31, 32, 48, 1000])),
        },
        epochs: 1 + u64::from(random.below(5)),
        learning_rate: one_of(random, &[0.001, 0.03, 0.3]),
        schedule: one_of(
            random,
            &[
                &Schedule::Constant,
                &Schedule::Exponential { gamma: 0.9 },
                &Schedule::Cosine {
                    t_max: 4,
                    eta_min: 1e-4,
                },
            ],
        )
        .clone(),
        optimizer: optimizer(random),
        l1: one_of(random, &[0.0, 0.0, 0.003]),
        l2: one_of(random, &[0.0, 0.0, 0.01]),
        clip_norm: one_of(random, &[None, None, Some(0.3)]),
        clip_value: one_of(random, &[None, None, Some(0.05)]),
        early_stopping: one_of(random, &[false, false, true]).then_some(EarlyStopping {
            patience: 1,
            min_delta: 0.0,
            metric: Monitor::TrainLoss,
            restore_best: true,
        }),
        shuffle: random.below(4) > 0,
        precision: one_of(random, &[Precision::F32, Precision::F64]),
        metrics: metrics(random, loss),
        positive: random.below(2) as usize,
        class_weights: class_weights(random, loss, outputs),
        dropout: dropout(random, layers.len() - 2),
    }
}

/// Inputs and targets in the format in which they are held, and the same numbers as f64.
struct Data {
    held: [DataMatrix; 2],
    wide: [DataMatrix; 2],
}

/// The engine's view of inputs and targets.
fn view([x, y]: &[DataMatrix; 2]) -> Samples<'_> {
    Samples { x, y }
}

fn samples(random: &mut Random, count: usize, features: usize, outputs: usize, loss: Loss) -> Data {
    let x = Array2::from_shape_fn((count, features), |_| random.uniform(-1.5, 1.5));
    let y = Array2::from_shape_fn((count, loss.targets(outputs)), |_| match loss {
        Loss::Bce => f64::from(random.below(2)),
        Loss::CrossEntropy => f64::from(random.below(outputs as u32)),
        _ => random.uniform(-1.0, 1.0),
    });
    // In every other case f32 holds the numbers exactly.
    let held = match random.below(2) {
        0 => [x, y].map(|array| DataMatrix::from(array.mapv(|number| number as f32))),
        _ => [x, y].map(DataMatrix::from),
    };
    let wide = held
        .each_ref()
        .map(|matrix| DataMatrix::from(matrix.clone().into_array()));
    Data { held, wide }
}

/// The bits of all results of a run. There is no NaN, since a run ends before one is recorded.
fn bits(rows: &[EpochRow], trained: &Trained) -> Vec<u64> {
    let mut bits = Vec::new();
    for row in rows.iter().chain(&trained.best) {
        bits.extend([row.epoch, row.updates, row.samples]);
        let losses = [row.learning_rate, row.train_loss];
        let metrics = row.train_metrics.iter().chain(&row.valid_metrics).copied();
        let numbers = losses.into_iter().chain(row.valid_loss).chain(metrics);
        bits.extend(numbers.filter(|value| !value.is_nan()).map(f64::to_bits));
    }
    let parameters = trained.parameters.slices().flatten();
    bits.extend(
        parameters
            .filter(|value| !value.is_nan())
            .map(|value| value.to_bits()),
    );
    bits
}

/// The sizes are small, odd and round.
const SIZES: [usize; 10] = [1, 2, 3, 5, 8, 13, 16, 17, 33, 64];

/// Checks networks with layers of these sizes.
fn fast_walks_equal_the_reference(cases: u64, sizes: &[usize]) {
    let mut random = stream(77, Stream::Data);
    let (mut at_once, mut diverged) = (0, 0);
    for case in 0..cases {
        let loss = one_of(&mut random, Loss::ALL);
        let depth = 2 + random.below(3) as usize;
        let layers: Vec<usize> = (0..depth).map(|_| one_of(&mut random, sizes)).collect();
        let activations = (1..depth)
            .map(|_| one_of(&mut random, Activation::ALL))
            .collect();
        let architecture = Architecture {
            layers: layers.clone(),
            activations,
        };
        let settings = settings(&mut random, loss, &layers);
        let outputs = layers[depth - 1];
        let units: Vec<[f64; 2]> = match (random.below(3), loss) {
            (0, Loss::HalfMse | Loss::Mse | Loss::Mae | Loss::Huber) => {
                (0..outputs).map(|output| [output as f64, 3.5]).collect()
            }
            _ => Vec::new(),
        };
        let count = 1 + random.below(70) as usize;
        let train_data = samples(&mut random, count, layers[0], outputs, loss);
        let valid_count = random.below(40) as usize;
        let valid = samples(&mut random, valid_count, layers[0], outputs, loss);
        let task = Task {
            architecture: &architecture,
            init: &Init::Scheme(Scheme::XavierUniform { gain: 1.0 }),
            train: view(&train_data.held),
            valid: (valid_count > 0).then(|| view(&valid.held)),
            settings: &settings,
            init_seed: case,
            shuffle_seed: case + 1,
            target_units: &units,
            snapshots: false,
        };
        let (mut fast_rows, mut rows) = (Vec::new(), Vec::new());
        let fast = train(&task, &mut |row| {
            fast_rows.push(*row);
            ControlFlow::Continue(())
        });
        let wide = Task {
            train: view(&train_data.wide),
            valid: (valid_count > 0).then(|| view(&valid.wide)),
            ..task
        };
        let reference = train_reference(&wide, &mut |row| {
            rows.push(*row);
            ControlFlow::Continue(())
        });
        let what = format!("case {case}: {architecture:?} {settings:?} on {count} samples");
        assert_eq!(fast.ending, reference.ending, "{what}");
        assert_eq!(fast_rows.len(), rows.len(), "{what}");
        assert!(bits(&fast_rows, &fast) == bits(&rows, &reference), "{what}");
        let (rows_of_pieces, of_pieces) = in_pieces(&task, case);
        assert_eq!(of_pieces.ending, reference.ending, "in pieces, {what}");
        assert!(
            bits(&rows_of_pieces, &of_pieces) == bits(&rows, &reference),
            "in pieces, {what}"
        );
        at_once += u32::from(settings.batch_size.samples(count) > 5);
        diverged += u32::from(rows.len() < settings.epochs as usize);
    }
    assert!(
        u64::from(at_once) > cases / 4,
        "enough cases have large batches: {at_once}"
    );
    assert!(
        u64::from(diverged) < cases / 2,
        "enough cases stay finite: {diverged}"
    );
}

#[test]
fn the_fast_walks_give_the_references_bits() {
    fast_walks_equal_the_reference(150, &SIZES);
}

/// The sizes give several panels and blocks in each product.
#[test]
fn the_fast_walks_give_the_references_bits_in_large_layers() {
    fast_walks_equal_the_reference(12, &[3, 257, 300]);
}

#[test]
#[ignore = "heavy: some thousand trainings, a minute with --release"]
fn the_fast_walks_give_the_references_bits_in_thousands_of_cases() {
    fast_walks_equal_the_reference(6_000, &SIZES);
}
