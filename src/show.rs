//! A stored model, for a person or a program: what goes in, what comes out, and every number between.

use choices::Choice;
use serde_json::{Value, json};

use crate::model::Model;
use crate::report::number::short;
use data::{Scaling, TargetKind};
use engine::types::Loss;

/// A network of at most so many weights and biases is shown with all of them.
const SHOWN: usize = 400;
/// So many features, classes or categories are named at most.
const NAMED: usize = 40;

/// A line: what it is about, and what there is.
pub fn line(what: &str, text: &str) -> String {
    format!("{what:<12}{text}\n")
}

/// A model on a few lines, and the numbers of a small one.
pub fn text(model: &Model) -> String {
    let preparation = &model.preparation;
    let architecture = &model.architecture;
    let layers: Vec<String> = architecture.layers.iter().map(usize::to_string).collect();
    let activations = architecture.activations.iter();
    let activations: Vec<&str> = activations.map(|activation| activation.word()).collect();
    let count: usize = model.parameters.slices().map(<[f64]>::len).sum();
    let plural = if count == 1 { "" } else { "s" };
    let mut text = line(
        "network",
        &format!(
            "{} · {} · {count} parameter{plural} · {}",
            layers.join("-"),
            activations.join(", "),
            model.precision.word()
        ),
    );
    let logits = match model.loss {
        Loss::Bce | Loss::CrossEntropy => "; the outputs are logits",
        _ => "",
    };
    text += &line("loss", &format!("{}{logits}", model.loss.word()));
    text += &training(model);
    text += &features(model);
    let targets = preparation.targets.iter().enumerate();
    for (index, target) in targets.take(NAMED) {
        let scaling = preparation.target_scaling.get(index);
        let unit = scaling.map_or(String::new(), |scaling| {
            let offset = signed(scaling.offset);
            format!(": output · {}{offset}", number(scaling.divisor))
        });
        text += &line(
            if index == 0 { "targets" } else { "" },
            &format!("{target}{unit}"),
        );
    }
    text += &more(preparation.targets.len(), "targets");
    if !preparation.classes.is_empty() {
        text += &line("classes", &list(&preparation.classes));
    }
    if count <= SHOWN {
        text += &numbers(model);
    } else {
        text += &format!("\n--json has all {count} weights and biases\n");
    }
    text
}

/// What was special about the training.
fn training(model: &Model) -> String {
    let training = &model.training;
    let class = |index: usize| match model.preparation.classes.get(index) {
        Some(name) => name.clone(),
        None => index.to_string(),
    };
    let mut text = String::new();
    if !training.class_weights.is_empty() {
        let weights = training.class_weights.iter().enumerate();
        let weights =
            weights.map(|(index, weight)| format!("{} {}", class(index), number(*weight)));
        text += &line(
            "weights",
            &format!("of classes: {}", list(&weights.collect::<Vec<_>>())),
        );
    }
    if let Some(positive) = training.positive {
        text += &line("positive", &class(positive));
    }
    if !training.dropout.is_empty() {
        let rates: Vec<String> = training.dropout.iter().map(|&rate| number(rate)).collect();
        text += &line("dropout", &format!("{} while training", rates.join(", ")));
    }
    text
}

/// The features, with what becomes of each.
fn features(model: &Model) -> String {
    let preparation = &model.preparation;
    let mut text = String::new();
    let mut input = 0;
    let scaled = |name: &str, input: usize| match preparation.scaling.get(input) {
        Some(scaling) if *scaling != Scaling::IDENTITY => {
            let offset = signed(-scaling.offset);
            format!("({name}{offset}) / {}", number(scaling.divisor))
        }
        _ => name.to_owned(),
    };
    let mut lines = Vec::new();
    for column in &preparation.columns {
        if column.categories.is_empty() {
            let fill = column.fill.map_or(String::new(), |fill| {
                format!("; {} where it is missing", number(fill))
            });
            lines.push(format!("{}{fill}", scaled(&column.name, input)));
            input += 1;
        } else {
            lines.push(format!("{}: {}", column.name, list(&column.categories)));
            input += column.categories.len();
        }
    }
    for derived in &preparation.derive {
        lines.push(scaled(derived.word(), input));
        input += 1;
    }
    for (index, feature) in lines.iter().take(NAMED).enumerate() {
        text += &line(if index == 0 { "features" } else { "" }, feature);
    }
    text + &more(lines.len(), "features")
}

/// That there are more than are named.
fn more(count: usize, noun: &str) -> String {
    match count {
        0..=NAMED => String::new(),
        _ => line("", &format!("and {} more {noun}", count - NAMED)),
    }
}

/// Every layer: a row for each node, its weights and its bias.
fn numbers(model: &Model) -> String {
    let mut text = String::new();
    let layers = model
        .parameters
        .weights
        .iter()
        .zip(&model.parameters.biases);
    for (layer, (weights, biases)) in layers.enumerate() {
        let activation = model.architecture.activations[layer].word();
        text += &format!(
            "\nlayer {} ({activation}): weights, bias of each node\n",
            layer + 1
        );
        for (row, bias) in weights.rows().into_iter().zip(biases) {
            let row = row
                .iter()
                .chain([bias])
                .map(|&value| format!("{:>12}", number(value)));
            text += &format!("{}\n", row.collect::<String>());
        }
    }
    text
}

/// A model with every number.
pub fn json(model: &Model) -> Value {
    let preparation = &model.preparation;
    let layers = model
        .parameters
        .weights
        .iter()
        .zip(&model.parameters.biases);
    let layers = layers.zip(&model.architecture.activations);
    let layers: Vec<Value> = layers
        .map(|((weights, biases), activation)| {
            let weights: Vec<Vec<f64>> = weights.rows().into_iter().map(|row| row.to_vec()).collect();
            json!({ "activation": activation.word(), "weights": weights, "biases": biases.to_vec() })
        })
        .collect();
    json!({
        "layers": model.architecture.layers,
        "loss": model.loss.word(),
        "precision": model.precision.word(),
        "parameters": model.parameters.slices().map(<[f64]>::len).sum::<usize>(),
        "preparation": preparation,
        "targets": match preparation.kind {
            TargetKind::Numbers => "numbers",
            TargetKind::Binary => "binary",
            TargetKind::Classes => "classes",
        },
        "class_weights": model.training.class_weights,
        "positive": model.training.positive,
        "dropout": model.training.dropout,
        "network": layers,
    })
}

/// The first names of a list.
fn list(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len() {
        0..=NAMED => shown,
        count => format!("{shown} and {} more", count - NAMED),
    }
}

/// A number, with as many digits as tell it apart.
fn number(value: f64) -> String {
    short(&value.to_string())
}

/// As in " + 2" and " − 2"; nothing for 0.
fn signed(value: f64) -> String {
    match value {
        0.0 => String::new(),
        _ if value < 0.0 => format!(" − {}", number(-value)),
        _ => format!(" + {}", number(value)),
    }
}
