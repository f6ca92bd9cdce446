//! Runs that are trained in lockstep, or alone by the fastest way, have the bits of the reference.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::interrupted::{in_pieces as in_pieces_alone, in_pieces_side_by_side};
use choices::Choice;
use engine::lockstep::Queue;
use engine::train::{train, train_all, train_reference};
use engine::types::{
    Activation, Architecture, BatchSize, ClassWeights, EarlyStopping, EpochRow, Init, Loss, Metric,
    Monitor, Optimizer, Precision, Samples, Schedule, Scheme, Settings, Snapshot, Task, Trained,
};
use engine::words::optimizer::{Adagrad, Adam, Adamw, Nadam, Rmsprop, Sgd};
use ndarray::Array2;
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, stream};
use proptest::prelude::*;

/// The results of a run, as bits.
#[derive(Debug, PartialEq)]
struct Outcome {
    rows: Vec<Vec<u64>>,
    ending: String,
    best: Option<u64>,
    parameters: Vec<u64>,
    snapshots: Vec<Snapshot>,
}

fn bits(row: &EpochRow) -> Vec<u64> {
    let mut numbers = vec![row.learning_rate, row.train_loss];
    numbers.push(row.valid_loss.unwrap_or(f64::NAN));
    numbers.extend(row.train_metrics.iter().chain(&row.valid_metrics));
    let mut bits: Vec<u64> = numbers.iter().map(|number| number.to_bits()).collect();
    bits.extend([row.epoch, row.updates, row.samples]);
    bits
}

fn outcome(rows: Vec<Vec<u64>>, trained: &Trained) -> Outcome {
    // A run that diverged leaves some NaN, whose bits have no meaning.
    let numbers = trained.parameters.slices().flatten();
    Outcome {
        rows,
        ending: format!("{:?}", trained.ending),
        best: trained.best.map(|row| row.epoch),
        parameters: numbers
            .map(|number| if number.is_nan() { 1 } else { number.to_bits() })
            .collect(),
        snapshots: trained.snapshots.clone(),
    }
}

fn reference(task: &Task<'_>) -> Outcome {
    let mut rows = Vec::new();
    let trained = train_reference(task, &mut |row| {
        rows.push(bits(row));
        ControlFlow::Continue(())
    });
    outcome(rows, &trained)
}

fn alone(task: &Task<'_>) -> Outcome {
    let mut rows = Vec::new();
    let trained = train(task, &mut |row| {
        rows.push(bits(row));
        ControlFlow::Continue(())
    });
    outcome(rows, &trained)
}

/// A list of tasks, and their results.
struct List<'a> {
    tasks: Vec<Task<'a>>,
    next: usize,
    rows: BTreeMap<usize, Vec<Vec<u64>>>,
    outcomes: BTreeMap<usize, Outcome>,
}

impl<'a> Queue<'a> for List<'a> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        let run = self.next;
        self.next += 1;
        self.tasks.get(run).map(|&task| (run, task))
    }
    fn observe(&mut self, run: usize, row: &EpochRow) -> ControlFlow<()> {
        self.rows.entry(run).or_default().push(bits(row));
        ControlFlow::Continue(())
    }
    fn done(&mut self, run: usize, trained: Trained<f64>) {
        let rows = self.rows.remove(&run).unwrap_or_default();
        self.outcomes.insert(run, outcome(rows, &trained));
    }
}

/// The settings that all runs of a case share.
#[derive(Debug, Clone)]
struct Case {
    hidden: Vec<(usize, Activation)>,
    features: usize,
    outputs: usize,
    output: Activation,
    loss: Loss,
    optimizer: usize,
    penalties: [bool; 4],
    precision: Precision,
    samples: usize,
    valid: usize,
    runs: usize,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let activation = || proptest::sample::select(Activation::ALL.to_vec());
    let shape = (
        proptest::collection::vec((1usize..9, activation()), 0..4),
        1usize..6,
        1usize..5,
        activation(),
        proptest::sample::select(Loss::ALL.to_vec()),
    );
    let rest = (
        0usize..12,
        any::<[bool; 4]>(),
        proptest::sample::select(vec![Precision::F32, Precision::F64]),
        1usize..40,
        0usize..9,
        1usize..21,
        any::<u64>(),
    );
    (shape, rest).prop_map(|(shape, rest)| {
        let (hidden, features, outputs, output, loss) = shape;
        let (optimizer, penalties, precision, samples, valid, runs, seed) = rest;
        let case = Case {
            hidden,
            features,
            outputs,
            output,
            loss,
            optimizer,
            penalties,
            precision,
            samples,
            valid,
            runs,
            seed,
        };
        // In every third case the step of the network is compiled for its sizes.
        if seed.is_multiple_of(3) {
            known(case)
        } else {
            case
        }
    })
}

/// The same runs with a network that the compiler knows.
fn known(case: Case) -> Case {
    let choice = (case.seed / 3) as usize;
    let nodes = [3, 4, 8][choice % 3];
    let hidden = [Activation::Sigmoid, Activation::Tanh, Activation::Relu][choice / 3 % 3];
    Case {
        hidden: vec![(nodes, hidden)],
        features: 2,
        outputs: 1,
        output: Activation::Identity,
        loss: Loss::HalfMse,
        optimizer: 0,
        penalties: [false; 4],
        precision: Precision::F64,
        ..case
    }
}

/// Optimizer number `which` of twelve forms, with numbers near `x` (0 to 1).
fn optimizer(which: usize, x: f64) -> Optimizer {
    let betas = [0.8 + 0.1 * x, 0.9 + 0.09 * x];
    let eps = 1e-8;
    let momentum = 0.5 + 0.4 * x;
    match which {
        0 => Optimizer::Sgd(Sgd {
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        }),
        1 => Optimizer::Sgd(Sgd {
            momentum,
            nesterov: false,
            weight_decay: 0.0,
        }),
        2 => Optimizer::Sgd(Sgd {
            momentum,
            nesterov: true,
            weight_decay: 0.01 + 0.01 * x,
        }),
        3 => Optimizer::Adagrad(Adagrad { eps }),
        4..=7 => Optimizer::Rmsprop(Rmsprop {
            alpha: 0.9 + 0.05 * x,
            eps,
            momentum: if which.is_multiple_of(2) {
                0.0
            } else {
                momentum
            },
            centered: which > 5,
        }),
        8 | 9 => Optimizer::Adam(Adam {
            betas,
            eps,
            amsgrad: which == 9,
        }),
        10 => Optimizer::Adamw(Adamw {
            betas,
            eps,
            amsgrad: false,
            weight_decay: 0.1 * x,
        }),
        _ => Optimizer::Nadam(Nadam {
            betas,
            eps,
            momentum_decay: 0.004 * x,
        }),
    }
}

/// The settings of run `run` of a case, in which all numbers that may differ in lockstep do differ.
fn settings(case: &Case, run: usize) -> Settings {
    let mut random = stream(case.seed ^ run as u64, Stream::Sweep);
    let [l1, l2, clip_value, clip_norm] = case.penalties;
    let x = random.unit();
    let kind = random.below(5);
    let metrics = match case.seed % 3 {
        0 => Metric::that_fit(case.loss, false),
        _ => Metric::of(case.loss, false),
    };
    let classes = match (case.loss, case.outputs) {
        (Loss::CrossEntropy, outputs) => outputs,
        (Loss::Bce, 1) => 2,
        _ => 0,
    };
    let class_weights = if classes > 0 && case.seed % 5 < 3 {
        ClassWeights::Given((0..classes).map(|class| 0.3 + class as f64).collect())
    } else {
        ClassWeights::Equal
    };
    let dropout = if case.seed % 7 < 4 {
        let rates = case.hidden.iter().enumerate();
        let rate = |layer: usize| [0.0, 0.25, 0.5][(run + layer) % 3];
        rates.map(|(layer, _)| rate(layer)).collect()
    } else {
        Vec::new()
    };
    Settings {
        loss: case.loss,
        batch_size: match random.below(4) {
            0 => BatchSize::Full,
            _ => BatchSize::Samples(1 + random.below(9) as usize),
        },
        epochs: 1 + u64::from(random.below(7)),
        // Some runs diverge.
        learning_rate: if random.below(6) == 0 {
            1e9
        } else {
            0.3 * x + 1e-3
        },
        schedule: match kind {
            0 => Schedule::Exponential { gamma: 0.9 },
            1 => Schedule::Cosine {
                t_max: 5,
                eta_min: 0.0,
            },
            _ => Schedule::Constant,
        },
        optimizer: optimizer(case.optimizer, x),
        l1: if l1 { 0.01 * x + 1e-4 } else { 0.0 },
        l2: if l2 { 0.02 * x + 1e-4 } else { 0.0 },
        clip_norm: (clip_norm && !clip_value).then_some(0.5 * x + 0.1),
        clip_value: clip_value.then_some(0.1 * x + 0.01),
        early_stopping: (kind == 2).then_some(EarlyStopping {
            patience: 1,
            min_delta: 0.0,
            metric: Monitor::TrainLoss,
            restore_best: random.below(2) == 0,
        }),
        shuffle: random.below(3) > 0,
        precision: case.precision,
        metrics,
        positive: (case.seed % 2) as usize,
        class_weights,
        dropout,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_pack_has_the_bits_of_runs_trained_alone(case in cases()) {
        let mut layers = vec![case.features];
        layers.extend(case.hidden.iter().map(|&(nodes, _)| nodes));
        layers.push(case.outputs);
        let mut activations: Vec<_> = case.hidden.iter().map(|&(_, f)| f).collect();
        activations.push(case.output);
        let architecture = Architecture { layers, activations };
        let mut random = stream(case.seed, Stream::Data);
        let mut draw = |samples: usize| {
            let columns = case.loss.targets(case.outputs);
            let x = Array2::from_shape_fn((samples, case.features), |_| random.normal());
            let y = Array2::from_shape_fn((samples, columns), |_| match case.loss {
                Loss::Bce => f64::from(random.below(2)),
                Loss::CrossEntropy => f64::from(random.below(case.outputs as u32)),
                _ => random.normal(),
            });
            // Every other case has numbers that f32 holds exactly.
            match case.seed % 2 {
                0 => (x.mapv(|x| x as f32).into(), y.mapv(|y| y as f32).into()),
                _ => (DataMatrix::from(x), DataMatrix::from(y)),
            }
        };
        let (train, valid) = (draw(case.samples), draw(case.valid.max(1)));
        let wide = |(x, y): &(DataMatrix, DataMatrix)| {
            [x, y].map(|matrix| DataMatrix::from(matrix.clone().into_array()))
        };
        let (wide_train, wide_valid) = (wide(&train), wide(&valid));
        let init = Init::Scheme(Scheme::XavierNormal { gain: 1.0 });
        let units: Vec<[f64; 2]> = (0..case.outputs).map(|_| [1.5, 0.2]).collect();
        let settings: Vec<_> = (0..case.runs).map(|run| settings(&case, run)).collect();
        let tasks: Vec<_> = settings
            .iter()
            .enumerate()
            .map(|(run, settings)| Task {
                target_units: match case.loss {
                    Loss::Mse | Loss::Mae => &units,
                    _ => &[],
                },
                architecture: &architecture,
                init: &init,
                train: Samples { x: &train.0, y: &train.1 },
                valid: (case.valid > 0).then_some(Samples { x: &valid.0, y: &valid.1 }),
                settings,
                init_seed: run as u64,
                shuffle_seed: run as u64 + 1000,
                snapshots: true,
            })
            .collect();
        let mut list = List {
            tasks: tasks.clone(),
            next: 0,
            rows: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        };
        train_all(&mut list);
        prop_assert_eq!(list.outcomes.len(), case.runs);
        let pieces = in_pieces_side_by_side(&tasks, case.seed);
        prop_assert_eq!(pieces.len(), case.runs);
        for (run, task) in tasks.iter().enumerate() {
            let expected = reference(&Task {
                train: Samples { x: &wide_train[0], y: &wide_train[1] },
                valid: task.valid.map(|_| Samples { x: &wide_valid[0], y: &wide_valid[1] }),
                ..*task
            });
            prop_assert_eq!(&list.outcomes[&run], &expected, "run {}", run);
            prop_assert_eq!(&alone(task), &expected, "run {} alone", run);
            let (rows, trained) = &pieces[&run];
            let in_pieces = outcome(rows.iter().map(bits).collect(), trained);
            prop_assert_eq!(&in_pieces, &expected, "run {} in pieces beside others", run);
            let (rows, trained) = in_pieces_alone(task, case.seed ^ run as u64);
            let in_pieces = outcome(rows.iter().map(bits).collect(), &trained);
            prop_assert_eq!(&in_pieces, &expected, "run {} in pieces alone", run);
        }
    }
}
