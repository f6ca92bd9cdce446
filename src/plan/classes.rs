//! The settings of `[training]` about classes: the metrics, the positive class, the weights of the
//! classes.

use std::sync::Arc;

use choices::Choice;

use super::read::Reader;
use crate::config::{Node, Value};
use data::{Dataset, TargetKind};
use engine::types::{ClassWeights, Loss, Metric, Subject};
use problems::{Problem, Problems, nearest};

/// The metrics: those of the file, or by default those that fit the loss and the data.
pub fn metrics(
    reader: &Reader<'_>,
    loss: Loss,
    dataset: &Dataset,
    problems: &mut Problems,
) -> Vec<Metric> {
    let two_class = dataset.is_two_class();
    let Some(node) = reader.node("metrics") else {
        return Metric::of(loss, two_class);
    };
    let fit = Metric::that_fit(loss, two_class);
    let mut metrics = Vec::new();
    for item in node.as_array().expect("the check has seen a list") {
        let word = item.as_str().expect("the check has seen a word");
        let metric = Metric::from_word(word).expect("the check has seen a metric");
        if !fit.contains(&metric) {
            let subject = match metric.subject() {
                Subject::Classes => "is of classes, but loss and targets are numbers",
                Subject::Numbers => "is of numbers, but the loss learns classes",
            };
            let words: Vec<&str> = fit.iter().map(|metric| metric.word()).collect();
            problems.push(
                Problem::at(
                    item.place.clone(),
                    format!("`training.metrics` cannot have \"{word}\""),
                    format!("it {subject}"),
                )
                .note(format!("it can have: {}", words.join(", "))),
            );
        } else if metrics.contains(&metric) {
            problems.push(Problem::at(
                item.place.clone(),
                format!("`training.metrics` has \"{word}\" twice"),
                "leave this one out",
            ));
        } else {
            metrics.push(metric);
        }
    }
    metrics
}

/// The names of the classes, in the order of their indices, if each sample has one class; classes
/// without names are 0, 1 and so on. `None` if samples have no class.
fn names(loss: Loss, dataset: &Dataset) -> Option<Vec<String>> {
    let texts = |words: [&str; 2]| Some(words.map(str::to_owned).to_vec());
    match (loss, dataset.preparation.kind) {
        (Loss::CrossEntropy, TargetKind::Classes) => Some(dataset.preparation.classes.clone()),
        (Loss::Bce, TargetKind::Binary) if dataset.train.y.ncols() == 1 => {
            match &dataset.preparation.classes[..] {
                [] => texts(["0", "1"]),
                names => Some(names.to_vec()),
            }
        }
        _ if dataset.is_two_class() => texts(["-1", "1"]),
        _ => None,
    }
}

/// The index of a class, given by its name or its index.
fn index(names: &[String], text: &str) -> Option<usize> {
    let by_name = names.iter().position(|name| name == text);
    let index = || text.parse().ok().filter(|&index| index < names.len());
    by_name.or_else(index)
}

/// The problem of a class that the data do not have.
fn unknown(node: &Node, key: &str, text: &str, names: &[String]) -> Problem {
    let label = match nearest(text, names.iter().map(String::as_str)) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None => "no such class".to_owned(),
    };
    let message = format!("`{key}` names a class that the data does not have: {text}");
    Problem::at(node.place.clone(), message, label)
        .note(format!("the classes are: {}", names.join(", ")))
}

/// The index of the positive class, to which precision, recall and f1 of two classes refer.
pub fn positive(
    reader: &Reader<'_>,
    loss: Loss,
    dataset: &Dataset,
    problems: &mut Problems,
) -> usize {
    const SECOND: usize = 1;
    const KEY: &str = "training.positive";
    let Some(node) = reader.node("positive") else {
        return SECOND;
    };
    let text = node.value.plain();
    match names(loss, dataset) {
        Some(names) if names.len() == 2 => match index(&names, &text) {
            Some(index) => return index,
            None => problems.push(unknown(node, KEY, &text, &names)),
        },
        found => {
            let has = match found {
                Some(names) => format!("the data has {}", names.len()),
                None => "the samples have none".to_owned(),
            };
            problems.push(Problem::at(
                node.place.clone(),
                format!("`{KEY}` is one of two classes"),
                has,
            ));
        }
    }
    SECOND
}

/// The weights of the classes in the loss.
pub fn weights(
    reader: &Reader<'_>,
    loss: Loss,
    datasets: &[Arc<Dataset>],
    problems: &mut Problems,
) -> ClassWeights {
    const KEY: &str = "training.class_weights";
    let Some(node) = reader.node("class_weights") else {
        return ClassWeights::Equal;
    };
    let names = match loss {
        Loss::Bce | Loss::CrossEntropy => names(loss, &datasets[0]),
        _ => None,
    };
    let Some(names) = names else {
        let problem = Problem::at(
            node.place.clone(),
            format!("`{KEY}` needs samples of one class each"),
            match loss {
                Loss::Bce => "bce of several outputs has none",
                _ => "the loss learns numbers",
            },
        );
        problems
            .push(problem.note("the losses bce, of one output, and cross_entropy learn classes"));
        return ClassWeights::Equal;
    };
    match &node.value {
        Value::Table(table) => {
            let mut weights: Vec<Option<f64>> = vec![None; names.len()];
            for entry in &table.entries {
                let Some(index) = index(&names, &entry.key) else {
                    let named = Node {
                        value: entry.node.value.clone(),
                        place: entry.key_place.clone(),
                    };
                    problems.push(unknown(&named, KEY, &entry.key, &names));
                    continue;
                };
                if weights[index].is_some() {
                    problems.push(Problem::at(
                        entry.key_place.clone(),
                        format!("`{KEY}` gives class {} twice", names[index]),
                        "by its name and by its index",
                    ));
                }
                weights[index] = entry.node.as_f64();
            }
            let missing: Vec<&str> = names
                .iter()
                .zip(&weights)
                .filter(|(_, weight)| weight.is_none())
                .map(|(name, _)| name.as_str())
                .collect();
            if !missing.is_empty() {
                problems.push(
                    Problem::at(
                        node.place.clone(),
                        format!("`{KEY}` must give every class a weight"),
                        format!("none for {}", missing.join(", ")),
                    )
                    .note("1.0 is the weight of a class that counts as without weights"),
                );
            }
            ClassWeights::Given(weights.into_iter().flatten().collect())
        }
        _ => {
            let absent = datasets.iter().find_map(|dataset| {
                let has = |class: &usize| dataset.train.y.iter().any(|y| y as usize == *class);
                (0..names.len()).find(|class| !has(class))
            });
            if let Some(class) = absent {
                problems.push(
                    Problem::at(
                        node.place.clone(),
                        format!("`{KEY}` cannot be balanced"),
                        format!("the training part has no sample of class {}", names[class]),
                    )
                    .note("data.stratify = true keeps some of each class in both parts"),
                );
            }
            ClassWeights::Balanced
        }
    }
}
