//! The text of a stored model, for a person or a program: its inputs, its outputs and its
//! parameters.

use choices::Choice;
use serde_json::{Value, json};

use crate::language::Language;
use crate::model::Model;
use crate::report::number::short;
use crate::screen::{Screen, columns};
use crate::text;
use data::{Scaling, TargetKind};
use engine::types::Loss;

/// The most weights and biases of a network that is shown with all of them.
const SHOWN: usize = 400;
/// The most features, classes or categories that are named.
const NAMED: usize = 40;

/// The least columns of a line's label; labels in some languages take more.
const LABEL: usize = 12;

/// The columns of a weight or a bias.
const NUMBER: usize = 12;
/// The columns before the further lines of a row.
const FURTHER: usize = 4;

/// A line: its label, by the label's name in the messages, and its text, which takes several lines on a
/// narrow screen.
pub fn line(language: Language, screen: &Screen, about: &str, text: &str) -> String {
    let label = |about: &str| text!(language, "show-label", about = about);
    let width = LABEL.max(columns(&label("network")) + 4);
    let label = match about {
        "" => String::new(),
        about => label(about),
    };
    let padding = " ".repeat(width.saturating_sub(columns(&label)));
    let line = screen.indented(text, &format!("{label}{padding}"), &" ".repeat(width));
    format!("{line}\n")
}

/// A model on a few lines, with the parameters of a small one.
pub fn text(model: &Model, language: Language, screen: &Screen) -> String {
    let line = |about: &str, text: &str| line(language, screen, about, text);
    let preparation = &model.preparation;
    let architecture = &model.architecture;
    let layers: Vec<String> = architecture.layers.iter().map(usize::to_string).collect();
    let activations = architecture.activations.iter();
    let activations: Vec<&str> = activations.map(|activation| activation.word()).collect();
    let count: usize = model.parameters.slices().map(<[f64]>::len).sum();
    let parameters = text!(language, "show-parameters", count = count);
    let mut text = line(
        "network",
        &format!(
            "{} · {} · {parameters} · {}",
            layers.join("-"),
            activations.join(", "),
            model.precision.word()
        ),
    );
    let loss = model.loss.word();
    let loss = match model.loss {
        Loss::Bce | Loss::CrossEntropy => text!(language, "show-logits", loss = loss),
        _ => loss.to_owned(),
    };
    text += &line("loss", &loss);
    text += &training(model, language, screen);
    text += &features(model, language, screen);
    let targets = preparation.targets.iter().enumerate();
    for (index, target) in targets.take(NAMED) {
        let scaling = preparation.target_scaling.get(index);
        let target = match scaling {
            Some(scaling) => text!(
                language,
                "show-scaled-target",
                target = target,
                divisor = number(scaling.divisor),
                offset = signed(scaling.offset)
            ),
            None => target.clone(),
        };
        text += &line(if index == 0 { "targets" } else { "" }, &target);
    }
    text += &more(preparation.targets.len(), "targets", language, screen);
    if !preparation.classes.is_empty() {
        text += &line("classes", &list(&preparation.classes, language));
    }
    if count <= SHOWN {
        text += &numbers(model, language, screen);
    } else {
        let all = text!(language, "show-all-numbers", count = count);
        text += &format!("\n{}\n", screen.prose(&all));
    }
    text
}

/// The settings of the training that are not the defaults.
fn training(model: &Model, language: Language, screen: &Screen) -> String {
    let line = |about: &str, text: &str| line(language, screen, about, text);
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
        let weights = list(&weights.collect::<Vec<_>>(), language);
        let weights = text!(language, "show-class-weights", weights = weights);
        text += &line("weights", &weights);
    }
    if let Some(positive) = training.positive {
        text += &line("positive", &class(positive));
    }
    if !training.dropout.is_empty() {
        let rates: Vec<String> = training.dropout.iter().map(|&rate| number(rate)).collect();
        let rates = text!(language, "show-dropout", rates = rates.join(", "));
        text += &line("dropout", &rates);
    }
    text
}

/// The features, with the preparation of each.
fn features(model: &Model, language: Language, screen: &Screen) -> String {
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
            let feature = scaled(&column.name, input);
            lines.push(match column.fill {
                Some(fill) => text!(
                    language,
                    "show-filled",
                    feature = feature,
                    value = number(fill)
                ),
                None => feature,
            });
            input += 1;
        } else {
            let categories = list(&column.categories, language);
            lines.push(format!("{}: {categories}", column.name));
            input += column.categories.len();
        }
    }
    for derived in &preparation.derive {
        lines.push(scaled(derived.word(), input));
        input += 1;
    }
    for (index, feature) in lines.iter().take(NAMED).enumerate() {
        let about = if index == 0 { "features" } else { "" };
        text += &line(language, screen, about, feature);
    }
    text + &more(lines.len(), "features", language, screen)
}

/// The note that there are more than the named ones.
fn more(count: usize, what: &str, language: Language, screen: &Screen) -> String {
    match count {
        0..=NAMED => String::new(),
        _ => {
            let more = text!(language, "show-more", what = what, count = count - NAMED);
            line(language, screen, "", &more)
        }
    }
}

/// The parameters of every layer: a row for each node, with its weights and its bias. A row that is
/// wider than the screen takes several lines.
fn numbers(model: &Model, language: Language, screen: &Screen) -> String {
    let mut text = String::new();
    let layers = model
        .parameters
        .weights
        .iter()
        .zip(&model.parameters.biases);
    for (layer, (weights, biases)) in layers.enumerate() {
        let activation = model.architecture.activations[layer].word();
        let heading = text!(
            language,
            "show-layer",
            layer = layer + 1,
            activation = activation
        );
        text += &format!("\n{}\n", screen.prose(&heading));
        for (row, bias) in weights.rows().into_iter().zip(biases) {
            let row = row.iter().chain([bias]);
            let cells: Vec<String> = row
                .map(|&value| format!("{:>NUMBER$}", number(value)))
                .collect();
            let fitting = if cells.len() * NUMBER <= screen.width {
                cells.len()
            } else {
                (screen.width - FURTHER) / NUMBER
            };
            for (place, cells) in cells.chunks(fitting).enumerate() {
                let before = if place == 0 { 0 } else { FURTHER };
                text += &format!("{}{}\n", " ".repeat(before), cells.concat());
            }
        }
    }
    text
}

/// A model with all parameters, as JSON.
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
fn list(names: &[String], language: Language) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len() {
        0..=NAMED => shown,
        count => text!(language, "show-list", shown = shown, count = count - NAMED),
    }
}

/// A number with enough digits to recognise it.
fn number(value: f64) -> String {
    short(&value.to_string())
}

/// A number as in " + 2" and " − 2"; empty for 0.
fn signed(value: f64) -> String {
    match value {
        0.0 => String::new(),
        _ if value < 0.0 => format!(" − {}", number(-value)),
        _ => format!(" + {}", number(value)),
    }
}
