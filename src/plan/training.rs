//! From `[training]` to [`Settings`].

use std::sync::Arc;

use choices::Choice;

use super::classes;
use super::read::Reader;
use crate::config::{self, TRAINING, Table, Target, Value};
use crate::likeness::Column;
use data::Dataset;
use engine::types::{
    BatchSize, EarlyStopping, Loss, Metric, Monitor, Optimizer, Schedule, Settings,
};
use problems::{Problem, Problems};

/// The loss of a checked `[training]`.
pub fn loss(training: &Table) -> Loss {
    Reader::new(training, &TRAINING).choice("loss")
}

/// The loss that a file probably means, if its `[training]` has mistakes.
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

/// The settings of a checked table, without those that depend on the network. `datasets` are the
/// training data of the replicates.
pub fn settings(training: &Table, datasets: &[Arc<Dataset>], problems: &mut Problems) -> Settings {
    let reader = Reader::new(training, &TRAINING);
    let loss = loss(training);
    let validated = datasets[0].valid.is_some();
    let metrics = classes::metrics(&reader, loss, &datasets[0], problems);
    let epochs = reader.whole("epochs");
    let early_stopping = reader.node("early_stopping").and_then(|node| {
        let table = node.as_table()?;
        early_stopping(table, &metrics, validated, problems)
    });
    Settings {
        loss,
        batch_size: match reader.node("batch_size").map(|node| &node.value) {
            Some(Value::String(_)) => BatchSize::Full,
            _ => BatchSize::Samples(reader.whole("batch_size") as usize),
        },
        epochs,
        learning_rate: reader.number("learning_rate"),
        schedule: schedule(&reader.inner("schedule"), epochs, problems),
        optimizer: optimizer(&reader.inner("optimizer"), problems),
        l1: reader.number("l1"),
        l2: reader.number("l2"),
        clip_norm: reader.optional_number("clip_norm"),
        clip_value: reader.optional_number("clip_value"),
        early_stopping,
        shuffle: reader.truth("shuffle"),
        precision: reader.choice("precision"),
        metrics,
        positive: classes::positive(&reader, loss, &datasets[0], problems),
        class_weights: classes::weights(&reader, loss, datasets, problems),
        dropout: Vec::new(),
    }
}

fn schedule(reader: &Reader<'_>, epochs: u64, problems: &mut Problems) -> Schedule {
    let schedule = reader.typed(&[("t_max", epochs)]);
    if let Schedule::Multistep { milestones, .. } = &schedule
        && let Some(index) = milestones.windows(2).position(|pair| pair[0] >= pair[1])
    {
        let node = reader.node("milestones").expect("the check has seen it");
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
    schedule
}

fn optimizer(reader: &Reader<'_>, problems: &mut Problems) -> Optimizer {
    let optimizer = reader.typed(&[]);
    if let Optimizer::Sgd(sgd) = optimizer
        && sgd.nesterov
        && sgd.momentum == 0.0
    {
        let node = reader.node("nesterov");
        let node = node.expect("it is true, which is not the default");
        problems.push(Problem::at(
            node.place.clone(),
            "`training.optimizer.nesterov` needs a momentum above 0",
            "add momentum = 0.9, or leave this out",
        ));
    }
    optimizer
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

/// The reason why runs with these metrics cannot be judged by a column; `None` if they can.
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

/// The reason why such runs cannot be judged by a column of `runs.csv`; `None` if they can.
pub fn refusal_of(column: Column, metrics: &[Metric], validated: bool) -> Option<String> {
    match column {
        Column::Kept(monitor) => refusal(monitor, metrics, validated),
        Column::BestValidLoss => refusal(Monitor::ValidLoss, metrics, validated),
        Column::BestEpoch | Column::KeptEpoch | Column::Epochs | Column::Updates => None,
    }
}
