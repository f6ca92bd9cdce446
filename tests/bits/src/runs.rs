//! Small runs, each with one setting that the others lack.

use core::ops::ControlFlow;

use choices::Choice as _;
use engine::train::train;
use engine::types::{
    Activation, Architecture, BatchSize, Init, Loss, Metric, Samples, Settings, Task,
};
use numbers::matrix::DataMatrix;
use numbers::random::{Random, Stream, stream};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::digest::Digest;

/// The numbers of training and of validation samples.
const SAMPLES: [usize; 2] = [26, 9];

/// A network and the settings of its training.
#[derive(Debug, Clone)]
pub struct Run {
    layers: Vec<usize>,
    activations: Vec<Activation>,
    init: Value,
    loss: Loss,
    /// The keys of the settings, with their values.
    settings: Value,
}

impl Run {
    /// A plain run.
    fn new(loss: Loss) -> Self {
        Self {
            layers: vec![3, 7, 2],
            activations: vec![Activation::Tanh, Activation::Identity],
            init: json!({"xavier_uniform": {"gain": 1.0}}),
            loss,
            settings: json!({}),
        }
    }

    fn activation(self, hidden: Activation) -> Self {
        Self {
            activations: vec![hidden, Activation::Identity],
            ..self
        }
    }

    fn network(self, layers: &[usize]) -> Self {
        let mut activations = vec![Activation::Tanh; layers.len() - 2];
        activations.push(Activation::Identity);
        Self {
            layers: layers.to_vec(),
            activations,
            ..self
        }
    }

    fn init(self, init: Value) -> Self {
        Self { init, ..self }
    }

    fn settings(mut self, settings: Value) -> Self {
        merge(&mut self.settings, settings);
        self
    }

    /// A name for the run in one line.
    pub fn name(&self) -> String {
        let Self {
            layers,
            activations,
            init,
            loss,
            settings,
        } = self;
        format!("{layers:?} {activations:?} {loss:?} {init} {settings}")
    }

    /// The digest of the run's history and parameters.
    pub fn digest(&self) -> Digest {
        let mut settings = Settings::plain(self.loss, BatchSize::Samples(8), 4, 0.05);
        settings.metrics = Metric::of(self.loss, false);
        let mut keys = serde_json::to_value(&settings).expect("settings are data");
        merge(&mut keys, self.settings.clone());
        let architecture = Architecture {
            layers: self.layers.clone(),
            activations: self.activations.clone(),
        };
        let mut random = stream(3, Stream::Data);
        let [train_data, valid_data] = SAMPLES.map(|count| self.samples(&mut random, count));
        let [train_samples, valid_samples] =
            [&train_data, &valid_data].map(|[x, y]| Samples { x, y });
        let task = Task {
            architecture: &architecture,
            init: &Init::Scheme(read(self.init.clone())),
            train: train_samples,
            valid: Some(valid_samples),
            settings: &read(keys),
            init_seed: 5,
            shuffle_seed: 7,
            target_units: &[],
            snapshots: false,
        };
        let mut digest = Digest::new();
        let trained = train(&task, &mut |row| {
            [row.epoch, row.updates, row.samples]
                .into_iter()
                .for_each(|count| digest.add(count));
            let losses = [
                row.learning_rate,
                row.train_loss,
                row.valid_loss.unwrap_or(f64::NAN),
            ];
            let metrics = row.train_metrics.iter().chain(&row.valid_metrics);
            losses
                .iter()
                .chain(metrics)
                .for_each(|&number| digest.add_f64(number));
            ControlFlow::Continue(())
        });
        digest.add(trained.kept.map_or(0, |row| row.epoch));
        let parameters = trained.parameters.slices().flatten();
        parameters.for_each(|&number| digest.add_f64(number));
        digest
    }

    /// Inputs and targets of the samples.
    fn samples(&self, random: &mut Random, count: usize) -> [DataMatrix; 2] {
        let (features, outputs) = (self.layers[0], self.layers[self.layers.len() - 1]);
        let x = (0..count * features).map(|_| random.uniform(-1.5, 1.5));
        let x = DataMatrix::new(count, features, x.collect::<Vec<f64>>());
        let columns = self.loss.targets(outputs);
        let y = (0..count * columns).map(|_| match self.loss {
            Loss::Bce => f64::from(random.below(2)),
            Loss::CrossEntropy => f64::from(random.below(outputs as u32)),
            _ => random.uniform(-1.0, 1.0),
        });
        [x, DataMatrix::new(count, columns, y.collect::<Vec<f64>>())]
    }
}

/// A value of the engine from the form in a record.
fn read<T: DeserializeOwned>(value: Value) -> T {
    let text = value.to_string();
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Sets these keys.
fn merge(keys: &mut Value, with: Value) {
    let (Value::Object(keys), Value::Object(with)) = (keys, with) else {
        panic!("settings are keys and values");
    };
    keys.extend(with);
}

/// All runs, each in f64 and in f32.
pub fn all() -> Vec<Run> {
    let plain = || Run::new(Loss::Mse);
    let setting = |key: &str, value: Value| plain().settings(json!({ key: value }));
    let mut runs = Vec::new();
    // The runs have three layers of weights, and enough weights for matrix products.
    runs.extend([
        plain().network(&[4, 5, 6, 3]),
        plain().network(&[5, 33, 17, 2]),
    ]);
    runs.extend(
        Activation::ALL
            .iter()
            .map(|&hidden| plain().activation(hidden)),
    );
    runs.extend(
        Loss::ALL
            .iter()
            .map(|&loss| Run::new(loss).network(&[3, 6, 3])),
    );
    runs.extend(inits().into_iter().map(|init| plain().init(init)));
    runs.extend(
        optimizers()
            .into_iter()
            .map(|optimizer| setting("optimizer", optimizer)),
    );
    runs.extend(
        schedules()
            .into_iter()
            .map(|schedule| setting("schedule", schedule)),
    );
    for size in [1, 2, 5, 16, 25] {
        let batch = json!({ "batch_size": {"samples": size} });
        runs.push(plain().settings(batch.clone()));
        runs.push(plain().network(&[5, 33, 17, 2]).settings(batch));
    }
    runs.push(setting("batch_size", json!("full")));
    runs.push(setting("shuffle", json!(false)));
    for (key, value) in [
        ("l1", 0.003),
        ("l2", 0.01),
        ("clip_norm", 0.3),
        ("clip_value", 0.05),
    ] {
        runs.push(setting(key, json!(value)));
    }
    for (metric, restore_best, learning_rate) in [
        ("train_loss", true, 0.9),
        ("valid_loss", true, 0.4),
        ("valid_loss", false, 0.4),
    ] {
        runs.push(plain().settings(json!({
            "epochs": 40,
            "learning_rate": learning_rate,
            "early_stopping": {
                "patience": 2, "min_delta": 0.001, "metric": metric, "restore_best": restore_best,
            },
        })));
    }
    // The run diverges.
    runs.push(plain().settings(json!({ "epochs": 40, "learning_rate": 1e3 })));
    let single = runs.clone().into_iter();
    let single = single.map(|run| run.settings(json!({ "precision": "f32" })));
    runs.extend(single.collect::<Vec<_>>());
    runs
}

fn inits() -> Vec<Value> {
    vec![
        json!("zeros"),
        json!({"xavier_normal": {"gain": 1.5}}),
        json!("he_uniform"),
        json!("he_normal"),
        json!("lecun_uniform"),
        json!("lecun_normal"),
        json!({"uniform": {"low": -0.3, "high": 0.4}}),
        json!({"normal": {"mean": 0.1, "std": 0.2}}),
    ]
}

fn optimizers() -> Vec<Value> {
    let (betas, eps) = ([0.9, 0.99], 1e-8);
    let mut all = Vec::new();
    for (momentum, nesterov, weight_decay) in [
        (0.0, false, 0.01),
        (0.9, false, 0.0),
        (0.9, true, 0.0),
        (0.9, true, 0.01),
    ] {
        all.push(json!({
            "name": "sgd", "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay,
        }));
    }
    all.push(json!({"name": "adagrad", "eps": eps}));
    for centered in [false, true] {
        for momentum in [0.0, 0.9] {
            all.push(json!({
                "name": "rmsprop", "alpha": 0.9, "eps": eps, "momentum": momentum, "centered": centered,
            }));
        }
    }
    for amsgrad in [false, true] {
        all.push(json!({"name": "adam", "betas": betas, "eps": eps, "amsgrad": amsgrad}));
        all.push(json!({
            "name": "adamw", "betas": betas, "eps": eps, "amsgrad": amsgrad, "weight_decay": 0.01,
        }));
    }
    all.push(json!({"name": "nadam", "betas": betas, "eps": eps, "momentum_decay": 0.004}));
    all
}

fn schedules() -> Vec<Value> {
    vec![
        json!({"name": "step", "step_size": 2, "gamma": 0.5}),
        json!({"name": "exponential", "gamma": 0.9}),
        json!({"name": "multistep", "milestones": [1, 3], "gamma": 0.5}),
        json!({"name": "cosine", "t_max": 3, "eta_min": 0.001}),
        json!({"name": "linear", "start_factor": 0.3, "end_factor": 1.0, "total_iters": 3}),
    ]
}
