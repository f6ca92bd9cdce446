//! The comparison of a plan, and the output of its runs.

use super::layers::Variant;
use super::read::Reader;
use std::collections::HashMap;

use super::{Compare, Configuration, Output, Plan, training};
use crate::config::{COMPARE, Experiment, Node, OUTPUT, Table};
use crate::likeness::{Column, Quantity, Scale, Side};
use engine::types::{Metric, Monitor};
use problems::{Problem, Problems, nearest};

/// The output of each run.
pub fn output(experiment: &Experiment) -> Output {
    let empty = Table::default();
    let table = experiment
        .root
        .get("output")
        .and_then(Node::as_table)
        .unwrap_or(&empty);
    let reader = Reader::new(table, &OUTPUT);
    Output {
        history_every: reader.whole("history_every"),
        models: reader.choice("models"),
    }
}

/// The comparison; its key and its metric must exist.
pub fn compare(
    experiment: &Experiment,
    variants: &[Variant],
    swept: &[String],
    configurations: &[Configuration],
    problems: &mut Problems,
) -> Compare {
    let empty = Table::default();
    let table = experiment
        .root
        .get("compare")
        .and_then(Node::as_table)
        .unwrap_or(&empty);
    let reader = Reader::new(table, &COMPARE);
    let named = variants.iter().any(|variant| !variant.name.is_empty());
    let mut choices: Vec<&str> = swept.iter().map(String::as_str).collect();
    if named {
        choices.insert(0, "variant");
    }
    let by = match reader.node("by") {
        None => choices
            .first()
            .map_or(String::new(), |&first| first.to_owned()),
        Some(node) => {
            let by = node.as_str().expect("the check has seen a text");
            if !choices.contains(&by) {
                let label = match nearest(by, choices.iter().copied()) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None if by == "variant" => "there are no variants".to_owned(),
                    None => "this is not swept".to_owned(),
                };
                let problem = Problem::at(
                    node.place.clone(),
                    format!("`compare.by` cannot be \"{by}\""),
                    label,
                );
                problems.push(if choices.is_empty() {
                    problem.note("there are neither variants nor a sweep: nothing can be compared")
                } else {
                    problem.note(format!("it can be: {}", choices.join(", ")))
                });
            }
            by.to_owned()
        }
    };
    let validated = |configuration: &Configuration| configuration.data[0].valid.is_some();
    let metric = match reader.node("metric") {
        None if configurations.iter().all(validated) => Column::Kept(Monitor::ValidLoss),
        None => Column::Kept(Monitor::TrainLoss),
        Some(node) => {
            let name = node.as_str().expect("the check has seen a word");
            let column = Column::from_name(name).expect("the check has seen a column");
            let refused = configurations.iter().find_map(|configuration| {
                let metrics = &configuration.settings.metrics;
                training::refusal_of(column, metrics, validated(configuration))
            });
            if let Some(reason) = refused {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`compare.metric` cannot be \"{name}\""),
                    reason,
                ));
            }
            column
        }
    };
    Compare {
        by,
        asked: metric,
        metric,
    }
}

/// The metric that replaces the one that was asked for: if losses were asked for that have no
/// ranking, it is the first metric that all configurations have.
pub fn bridge(plan: &Plan) -> Option<Column> {
    let asked = plan.compare.asked.name();
    let side = Side::of(asked)?;
    if Quantity::of(asked) != Quantity::Loss || alike(plan, side) {
        return None;
    }
    let has = |metric: &&Metric| {
        let mut all = plan.configurations.iter();
        all.all(|configuration| configuration.settings.metrics.contains(metric))
    };
    let first = &plan.configurations.first()?.settings.metrics;
    let common = first.iter().find(has)?;
    Some(Column::Kept(match side {
        Side::Train => Monitor::Train(*common),
        Side::Valid => Monitor::Valid(*common),
    }))
}

/// Whether configurations that are judged on the same samples have losses of one scale.
pub fn alike(plan: &Plan, side: Side) -> bool {
    let said = |(key, _): &(&str, &str)| {
        let mut variants = plan.experiment.variants();
        plan.swept.iter().any(|swept| swept == key)
            || variants.any(|variant| {
                let table = variant.node.as_table();
                table.is_some_and(|table| table.at(key).is_some())
            })
    };
    if !Scale::KEYS.iter().any(said) {
        return true;
    }
    let mut known: HashMap<Vec<[u8; 32]>, Scale> = HashMap::new();
    let scales = plan.scales();
    plan.configurations
        .iter()
        .zip(scales)
        .all(|(configuration, scale)| {
            let first = known
                .entry(configuration.part(side))
                .or_insert_with(|| scale.clone());
            *first == scale
        })
}
