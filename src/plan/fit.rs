//! The check whether layers, activations and data fit each other.

use crate::config::{Node, Table};
use data::{Dataset, TargetKind};
use engine::types::{Activation, Architecture, Loss};
use problems::{Problem, Problems};

use super::network::counted;

/// Checks that the first and the last layer have the width of the data, and that the output has the
/// form that the loss takes.
pub fn check(
    model: &Table,
    architecture: &Architecture,
    dataset: &Dataset,
    loss: Loss,
    problems: &mut Problems,
) {
    let layers = model
        .get("layers")
        .and_then(Node::as_array)
        .expect("the check has seen it");
    let (first, last) = (&layers[0], &layers[layers.len() - 1]);
    let inputs = dataset.train.x.ncols();
    if architecture.layers[0] != inputs {
        let names = &dataset.preparation.features;
        let problem = Problem::at(
            first.place.clone(),
            format!(
                "the input layer has {}, but the data has {}",
                counted(architecture.layers[0], "node"),
                counted(inputs, "feature")
            ),
            format!("{inputs} expected"),
        );
        problems.push(if names.is_empty() {
            problem
        } else {
            problem.note(format!("the features are: {}", listed(names)))
        });
    }
    let outputs = dataset.outputs();
    if architecture.layers[layers.len() - 1] != outputs {
        let (noun, names) = match dataset.preparation.kind {
            TargetKind::Classes => ("class", &dataset.preparation.classes),
            _ => ("target", &dataset.preparation.targets),
        };
        let found = match (outputs, noun) {
            (1, noun) => format!("1 {noun}"),
            (n, "class") => format!("{n} classes"),
            (n, noun) => format!("{n} {noun}s"),
        };
        let mut problem = Problem::at(
            last.place.clone(),
            format!(
                "the output layer has {}, but the data has {found}",
                counted(architecture.layers[layers.len() - 1], "node")
            ),
            format!("{outputs} expected"),
        );
        if !names.is_empty() {
            let are = if noun == "class" {
                "the classes are"
            } else {
                "the targets are"
            };
            problem = problem.note(format!("{are}: {}", listed(names)));
        }
        problems.push(problem);
    }
    let output = architecture
        .activations
        .last()
        .expect("there is an output layer");
    if matches!(loss, Loss::Bce | Loss::CrossEntropy) && *output != Activation::Identity {
        let node = model
            .get("output")
            .or_else(|| model.get("activations")?.as_array()?.last())
            .unwrap_or(last);
        let (name, function) = match loss {
            Loss::Bce => ("bce", "sigmoid"),
            _ => ("cross_entropy", "softmax"),
        };
        problems.push(Problem::at(
            node.place.clone(),
            format!("the loss {name} takes logits: the output's activation must be \"identity\""),
            format!("the loss has the {function} in itself"),
        ));
    }
}

/// The first names of a list, for a message.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut text = names
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text += &format!(" and {} more", names.len() - SHOWN);
    }
    text
}
