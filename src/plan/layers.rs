//! The layers of a configuration: the file, a variant's overrides, a point of the sweep.

use std::sync::Arc;

use crate::config::{
    self, Axis, DATA, EXPERIMENT, Entry, Experiment, Keys, MODEL, Node, TRAINING, Table, Value,
};
use problems::Place;

/// One variant: its name, and the whole file with the variant's overrides.
pub struct Variant {
    /// The name; empty if there are no variants.
    pub name: String,
    /// The whole content but the variants and the sweep.
    pub table: Table,
}

/// The variants in the order of the file. Without variants it is the file itself, with an empty
/// name.
pub fn variants(experiment: &Experiment) -> Vec<Variant> {
    let mut base = experiment.root.clone();
    base.remove("variants");
    base.remove("sweep");
    let variants: Vec<Variant> = experiment
        .variants()
        .filter_map(|entry| {
            let mut table = base.clone();
            config::merge(&mut table, entry.node.as_table()?, &EXPERIMENT);
            Some(Variant {
                name: entry.key.clone(),
                table,
            })
        })
        .collect();
    if variants.is_empty() {
        vec![Variant {
            name: String::new(),
            table: base,
        }]
    } else {
        variants
    }
}

/// The sections of a file that a run is resolved from.
pub const SECTIONS: [(&str, &Keys); 3] =
    [("data", &DATA), ("model", &MODEL), ("training", &TRAINING)];

/// The place of a section, where a missing key of it would belong.
pub fn place(experiment: &Experiment, table: &Table, section: &str) -> Place {
    match table.entry(section) {
        Some(entry) => entry.key_place.clone(),
        None => experiment.end.clone(),
    }
}

/// A section of a variant's file, with the values of a point laid over it.
pub fn merged<'a>(
    table: &Table,
    section: &str,
    keys: &'static Keys,
    values: impl Iterator<Item = (&'a Axis, &'a Arc<Node>)>,
) -> Table {
    let own = table.get(section).and_then(Node::as_table);
    let mut merged = own.cloned().unwrap_or_default();
    let mut over = Table::default();
    for (axis, node) in values {
        match (&axis.path[1..], &node.value) {
            ([], Value::Table(table)) => config::merge(&mut over, table, keys),
            ([], _) => {}
            (path, _) => insert(&mut over, path, node),
        }
    }
    if !over.entries.is_empty() {
        config::lengthen_all(&mut over, keys);
        config::merge(&mut merged, &over, keys);
    }
    merged
}

/// Puts a value at a path and creates the tables on the way.
fn insert(table: &mut Table, path: &[String], node: &Node) {
    let (first, rest) = path.split_first().expect("a path has a name");
    if table.entry(first).is_none() {
        table.entries.push(Entry {
            key: first.clone(),
            key_place: node.place.clone(),
            node: Node {
                value: Value::Table(Table::default()),
                place: node.place.clone(),
            },
        });
    }
    let entry = table.entry_mut(first).expect("it has just been made");
    match (&mut entry.node.value, rest) {
        (_, []) => entry.node = node.clone(),
        (Value::Table(inner), rest) => insert(inner, rest, node),
        (_, _) => {}
    }
}
