//! Exclusions: the points that a sweep's block leaves out.

use super::axes::{Axis, Values};
use super::tree::{Entry, Node, Table, Value};
use super::validate::join;
use problems::{Place, Problem, Problems, nearest};

/// A set of keys and values; a point that agrees with all of them is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// The conditions: dotted names, or `variant`, with the value that each must have.
    pub conditions: Vec<(String, Node)>,
    /// The place of the exclusion in the file.
    pub place: Place,
}

/// Reads the exclusions of a block that has these axes.
pub fn read_exclusions(node: &Node, axes: &[Axis], problems: &mut Problems) -> Vec<Exclusion> {
    let tables: Option<Vec<(&Node, &Table)>> = node.as_array().and_then(|items| {
        items
            .iter()
            .map(|item| Some((item, item.as_table()?)))
            .collect()
    });
    let Some(tables) = tables else {
        problems.push(Problem::at(
            node.place.clone(),
            "`sweep.exclude` must be a list of tables",
            "as in exclude = [{ training.batch_size = 1, training.learning_rate = 1.0 }]",
        ));
        return Vec::new();
    };
    let mut exclusions = Vec::new();
    for (node, table) in tables {
        let mut conditions = Vec::new();
        for entry in &table.entries {
            read_conditions(entry, "", axes, &mut conditions, problems);
        }
        if table.entries.is_empty() {
            problems.push(Problem::at(
                node.place.clone(),
                "this exclusion names no key",
                "it would leave out every point",
            ));
        }
        exclusions.push(Exclusion {
            conditions,
            place: node.place.clone(),
        });
    }
    exclusions
}

/// Reads the keys and values below one key of an exclusion.
fn read_conditions(
    entry: &Entry,
    above: &str,
    axes: &[Axis],
    conditions: &mut Vec<(String, Node)>,
    problems: &mut Problems,
) {
    let name = join(above, &entry.key);
    if name == "variant" {
        conditions.push((name, entry.node.clone()));
        return;
    }
    if let Some(axis) = axes.iter().find(|axis| axis.name == name) {
        if let Values::List(values) = &axis.values
            && !values.iter().any(|value| same(value, &entry.node))
        {
            let values: Vec<String> = values
                .iter()
                .take(20)
                .map(|value| value.value.to_toml())
                .collect();
            problems.push(
                Problem::at(
                    entry.node.place.clone(),
                    format!(
                        "the sweep of `{name}` has no value {}",
                        entry.node.value.to_toml()
                    ),
                    "this excludes nothing",
                )
                .note(format!("it has: {}", values.join(", "))),
            );
        }
        conditions.push((name, entry.node.clone()));
        return;
    }
    if let Value::Table(table) = &entry.node.value
        && axes
            .iter()
            .any(|axis| axis.name.starts_with(&format!("{name}.")))
    {
        for entry in &table.entries {
            read_conditions(entry, &name, axes, conditions, problems);
        }
        return;
    }
    let names: Vec<&str> = axes
        .iter()
        .map(|axis| axis.name.as_str())
        .chain(["variant"])
        .collect();
    let label = match nearest(&name, names.iter().copied()) {
        Some(right) => format!("did you mean `{right}`?"),
        None => "this block does not sweep it".to_owned(),
    };
    problems.push(
        Problem::at(
            entry.key_place.clone(),
            format!("`{name}` cannot be excluded: it is not swept here"),
            label,
        )
        .note(format!("an exclusion can name: {}", names.join(", "))),
    );
}

/// Whether two values are equal; 1 and 1.0 are.
pub fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len()
                && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        (Value::Table(ones), Value::Table(others)) => {
            ones.entries.len() == others.entries.len()
                && ones.entries.iter().all(|entry| {
                    others
                        .get(&entry.key)
                        .is_some_and(|other| same(&entry.node, other))
                })
        }
        (one_value, other_value) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => one == other,
            _ => one_value == other_value,
        },
    }
}
