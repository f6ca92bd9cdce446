//! The merge of an experiment's layers, one over the other: a base file, the file, `--set`, a
//! variant, a point of the sweep.

use super::keys::{Case, Keys, Kind};
use super::range::is_range;
use super::tree::{Entry, Node, Table, Value};

/// Lays `over` on `base`, key by key. Where `over` gives a setting in another way (another
/// `data.source`, `hidden` instead of `activations`), the keys that only the old way needs are
/// removed.
pub fn merge(base: &mut Table, over: &Table, keys: &'static Keys) {
    drop_what_is_replaced(base, over, keys);
    for entry in &over.entries {
        let kind = keys.find(&entry.key).map(|key| key.kind);
        match base.entry_mut(&entry.key) {
            None => base.entries.push(entry.clone()),
            Some(below) => {
                below.key_place = entry.key_place.clone();
                merge_node(&mut below.node, &entry.node, kind);
            }
        }
    }
}

fn merge_node(below: &mut Node, over: &Node, kind: Option<Kind>) {
    if let Some(Kind::Table(keys)) = kind {
        lengthen(below, keys);
    }
    match (kind, &mut below.value, &over.value) {
        (Some(Kind::Table(keys)), Value::Table(base), Value::Table(table)) => {
            merge(base, table, keys);
            below.place = over.place.clone();
        }
        (Some(Kind::Variants), Value::Table(base), Value::Table(table)) => {
            for variant in &table.entries {
                match (base.entry_mut(&variant.key), &variant.node.value) {
                    (Some(Entry { node, .. }), Value::Table(over)) => match &mut node.value {
                        Value::Table(base) => merge(base, over, &super::schema::EXPERIMENT),
                        _ => *node = variant.node.clone(),
                    },
                    (Some(below), _) => below.node = variant.node.clone(),
                    (None, _) => base.entries.push(variant.clone()),
                }
            }
        }
        (Some(Kind::Sweep), Value::Table(base), Value::Table(table)) => merge_sweep(base, table),
        (Some(Kind::Expect), Value::Table(base), Value::Table(table)) => merge_names(base, table),
        _ => *below = over.clone(),
    }
}

/// Merges sweeps by the paths of their keys. A leaf, whether a list or a range, is replaced as a
/// whole.
fn merge_sweep(base: &mut Table, over: &Table) {
    for entry in &over.entries {
        match (base.entry_mut(&entry.key), &entry.node.value) {
            (Some(below), Value::Table(table)) if !is_range(table) => match &mut below.node.value {
                Value::Table(base) if !is_range(base) => merge_sweep(base, table),
                _ => below.node = entry.node.clone(),
            },
            (Some(below), _) => below.node = entry.node.clone(),
            (None, _) => base.entries.push(entry.clone()),
        }
    }
}

/// Merges expectations name by name. A bound or a list is replaced.
fn merge_names(base: &mut Table, over: &Table) {
    for entry in &over.entries {
        match (base.entry_mut(&entry.key), &entry.node.value) {
            (Some(below), Value::Table(table)) => match &mut below.node.value {
                Value::Table(base) => merge_names(base, table),
                _ => below.node = entry.node.clone(),
            },
            (Some(below), _) => below.node = entry.node.clone(),
            (None, _) => base.entries.push(entry.clone()),
        }
    }
}

/// Replaces the short form of a tagged table (`"sgd"`) by its table (`{ name = "sgd" }`).
pub fn lengthen(node: &mut Node, keys: &'static Keys) {
    if let (Value::String(_), Some(tag)) = (&node.value, &keys.tag)
        && tag.short
    {
        let entry = Entry {
            key: tag.key.to_owned(),
            key_place: node.place.clone(),
            node: node.clone(),
        };
        node.value = Value::Table(Table {
            entries: vec![entry],
        });
    }
}

/// Replaces every short form in a table of these keys by its table.
pub fn lengthen_all(table: &mut Table, keys: &'static Keys) {
    for entry in &mut table.entries {
        match keys.find(&entry.key).map(|key| key.kind) {
            Some(Kind::Table(inner)) => {
                lengthen(&mut entry.node, inner);
                if let Value::Table(table) = &mut entry.node.value {
                    lengthen_all(table, inner);
                }
            }
            Some(Kind::Variants) => {
                if let Value::Table(variants) = &mut entry.node.value {
                    for variant in &mut variants.entries {
                        if let Value::Table(table) = &mut variant.node.value {
                            lengthen_all(table, keys);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn drop_what_is_replaced(base: &mut Table, over: &Table, keys: &'static Keys) {
    if let Some(tag) = &keys.tag
        && let Some(word) = over.get(tag.key).and_then(Node::as_str)
        && let Some(case) = keys.case(word)
    {
        let said = base.get(tag.key).and_then(Node::as_str).or(tag.fallback);
        if said != Some(word) {
            let before = said.and_then(|word| keys.case(word));
            keep_only(base, keys, tag.key, before, case);
        }
    }
    for groups in keys.alternatives {
        let given =
            |table: &Table, group: &[&str]| group.iter().any(|name| table.get(name).is_some());
        for (index, group) in groups.iter().enumerate() {
            if given(over, group) {
                let others = groups
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index);
                for name in others.flat_map(|(_, others)| others.iter()) {
                    base.remove(name);
                }
            }
        }
    }
}

/// Keeps the keys that have the same meaning with the new word of the tag as with the old one. The
/// weight decay of one optimizer, for example, is not that of another.
fn keep_only(
    base: &mut Table,
    keys: &'static Keys,
    tag: &str,
    before: Option<&'static Case>,
    case: &'static Case,
) {
    base.entries.retain(|entry| {
        let new = keys.find_in(&entry.key, Some(case));
        let old = keys.find_in(&entry.key, before);
        let same = match (old, new) {
            (Some(old), Some(new)) => old.is_like(new),
            (None, Some(_)) => before.is_none(),
            (_, None) => false,
        };
        // An unknown key stays, to be reported.
        entry.key == tag || same || keys.find(&entry.key).is_none()
    });
}
