//! `[training]` → [`Settings`].

use choices::Choice;

use super::read::Reader;
use crate::config::{self, Node, OPTIMIZER, SCHEDULE, TRAINING, Table, Target, Value};
use engine::types::{
    BatchSize, EarlyStopping, Loss, Metric, Monitor, Optimizer, Precision, Schedule, Settings,
};
use problems::{Problem, Problems};

/// What the target columns of a loss are.
pub fn loss(training: &Table) -> Loss {
    match Reader::new(training, &TRAINING).word("loss") {
        "half_mse" => Loss::HalfMse,
        "mse" => Loss::Mse,
        "mae" => Loss::Mae,
        "huber" => Loss::Huber,
        "bce" => Loss::Bce,
        "cross_entropy" => Loss::CrossEntropy,
        other => unreachable!("the check knows no loss {other}"),
    }
}

/// The loss that a file seems to mean whose `[training]` is wrong somewhere.
pub fn likely_loss(file: &Table) -> Option<Loss> {
    let Some(node) = file.at("training.loss") else {
        return Some(Loss::HalfMse);
    };
    let Ok(Target::Key(key)) = config::find(&["training", "loss"]) else {
        return None;
    };
    let mut found = Problems::new();
    config::check_value(node, &key.kind, "training.loss", &mut found);
    let mut alone = Table::default();
    alone
        .entries
        .push(file.get("training")?.as_table()?.entry("loss")?.clone());
    found.is_empty().then(|| loss(&alone))
}

/// The settings of a checked table. `metrics` and `validated` (whether there is validation data)
/// come from the data.
pub fn settings(
    training: &Table,
    metrics: Vec<Metric>,
    validated: bool,
    problems: &mut Problems,
) -> Settings {
    let reader = Reader::new(training, &TRAINING);
    let epochs = reader.whole("epochs");
    let early_stopping = reader.node("early_stopping").and_then(|node| {
        let table = node.as_table()?;
        early_stopping(table, &metrics, validated, problems)
    });
    Settings {
        loss: loss(training),
        batch_size: match reader.node("batch_size").map(|node| &node.value) {
            Some(Value::String(_)) => BatchSize::Full,
            _ => BatchSize::Samples(reader.whole("batch_size") as usize),
        },
        epochs,
        learning_rate: reader.number("learning_rate"),
        schedule: schedule(reader.node("schedule"), epochs, problems),
        optimizer: optimizer(reader.node("optimizer"), problems),
        l1: reader.number("l1"),
        l2: reader.number("l2"),
        clip_norm: reader.optional_number("clip_norm"),
        clip_value: reader.optional_number("clip_value"),
        early_stopping,
        shuffle: reader.truth("shuffle"),
        precision: match reader.word("precision") {
            "f32" => Precision::F32,
            _ => Precision::F64,
        },
        metrics,
    }
}

fn schedule(node: Option<&Node>, epochs: u64, problems: &mut Problems) -> Schedule {
    let Some(table) = node.and_then(Node::as_table) else {
        return Schedule::Constant;
    };
    let reader = Reader::new(table, &SCHEDULE);
    match reader.case() {
        "constant" => Schedule::Constant,
        "step" => Schedule::Step {
            step_size: reader.whole("step_size"),
            gamma: reader.number("gamma"),
        },
        "exponential" => Schedule::Exponential {
            gamma: reader.number("gamma"),
        },
        "multistep" => {
            let node = reader.node("milestones").expect("the check has seen it");
            let milestones: Vec<u64> = super::read::numbers(node)
                .iter()
                .map(|&epoch| epoch as u64)
                .collect();
            if let Some(index) = milestones.windows(2).position(|pair| pair[0] >= pair[1]) {
                let later = &node.as_array().expect("the check has seen a list")[index + 1];
                problems.push(Problem::at(
                    later.place.clone(),
                    "`training.schedule.milestones` must rise",
                    format!(
                        "{} does not come after {}",
                        milestones[index + 1],
                        milestones[index]
                    ),
                ));
            }
            Schedule::Multistep {
                milestones,
                gamma: reader.number("gamma"),
            }
        }
        "cosine" => Schedule::Cosine {
            t_max: match reader.node("t_max") {
                Some(_) => reader.whole("t_max"),
                None => epochs,
            },
            eta_min: reader.number("eta_min"),
        },
        "linear" => Schedule::Linear {
            start_factor: reader.number("start_factor"),
            end_factor: reader.number("end_factor"),
            total_iters: reader.whole("total_iters"),
        },
        other => unreachable!("the check knows no schedule {other}"),
    }
}

fn optimizer(node: Option<&Node>, problems: &mut Problems) -> Optimizer {
    let Some(table) = node.and_then(Node::as_table) else {
        return Optimizer::Sgd {
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        };
    };
    let reader = Reader::new(table, &OPTIMIZER);
    let betas = || {
        let betas = reader.numbers("betas");
        [betas[0], betas[1]]
    };
    match reader.case() {
        "sgd" => {
            let (momentum, nesterov) = (reader.number("momentum"), reader.truth("nesterov"));
            if nesterov && momentum == 0.0 {
                let node = reader
                    .node("nesterov")
                    .expect("it is true, which is not the default");
                problems.push(Problem::at(
                    node.place.clone(),
                    "`training.optimizer.nesterov` needs a momentum above 0",
                    "add momentum = 0.9, or leave this out",
                ));
            }
            Optimizer::Sgd {
                momentum,
                nesterov,
                weight_decay: reader.number("weight_decay"),
            }
        }
        "adagrad" => Optimizer::Adagrad {
            eps: reader.number("eps"),
        },
        "rmsprop" => Optimizer::Rmsprop {
            alpha: reader.number("alpha"),
            eps: reader.number("eps"),
            momentum: reader.number("momentum"),
            centered: reader.truth("centered"),
        },
        "adam" => Optimizer::Adam {
            betas: betas(),
            eps: reader.number("eps"),
            amsgrad: reader.truth("amsgrad"),
        },
        "adamw" => Optimizer::Adamw {
            betas: betas(),
            eps: reader.number("eps"),
            amsgrad: reader.truth("amsgrad"),
            weight_decay: reader.number("weight_decay"),
        },
        "nadam" => Optimizer::Nadam {
            betas: betas(),
            eps: reader.number("eps"),
            momentum_decay: reader.number("momentum_decay"),
        },
        other => unreachable!("the check knows no optimizer {other}"),
    }
}

fn early_stopping(
    table: &Table,
    metrics: &[Metric],
    validated: bool,
    problems: &mut Problems,
) -> Option<EarlyStopping> {
    let reader = Reader::new(table, &crate::config::EARLY_STOPPING);
    let metric = match reader.node("metric") {
        None if validated => Monitor::ValidLoss,
        None => Monitor::TrainLoss,
        Some(node) => {
            let name = node.as_str().expect("the check has seen a word");
            let monitor = Monitor::from_column(name).expect("the check has seen a column");
            if let Some(reason) = refusal(monitor, metrics, validated) {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`training.early_stopping.metric` cannot be \"{name}\""),
                    reason,
                ));
                return None;
            }
            monitor
        }
    };
    Some(EarlyStopping {
        patience: reader.whole("patience"),
        min_delta: reader.number("min_delta"),
        metric,
        restore_best: reader.truth("restore_best"),
    })
}

/// Why runs with these metrics cannot be judged by a column; `None` if they can.
pub fn refusal(monitor: Monitor, metrics: &[Metric], validated: bool) -> Option<String> {
    if monitor.is_of_validation() && !validated {
        return Some("there is no validation data: set data.validation".to_owned());
    }
    monitor
        .metric()
        .filter(|metric| !metrics.contains(metric))?;
    let names: Vec<&str> = metrics.iter().map(|metric| metric.word()).collect();
    Some(format!(
        "loss and data of this experiment have: {}",
        names.join(", ")
    ))
}
