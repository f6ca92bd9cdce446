//! The checks after a mistake: parts that are independent of it are still checked, so that all
//! mistakes are reported at once.
//!
//! A section of a variant is broken if one of its values is wrong by itself; nothing is made of it.
//! Wrong values outside the sections are removed, and their defaults are used.

use super::layers::{SECTIONS, Variant, merged, place};
use super::sweep::Point;
use crate::config::{
    self, Axis, Block, EXPERIMENT, Experiment, Keys, Kind, Mode, Node, Table, Value, Values,
};
use problems::{Problems, nearest};
use std::sync::Arc;

/// The name of a variant, and a section of it that has a mistake.
pub type Broken = (String, &'static str);

/// Removes values that are wrong by themselves. Returns the broken sections, and the blocks of the
/// sweep from which points can be made.
pub fn sound(
    experiment: &mut Experiment,
    variants: &mut [Variant],
    blocks: Vec<Block>,
    problems: &mut Problems,
) -> (Vec<Broken>, Vec<Block>) {
    let flawed = match experiment.root.get("sweep") {
        Some(sweep) => config::flawed_sections(sweep),
        None => Vec::new(),
    };
    let mut broken = Vec::new();
    for variant in variants.iter_mut() {
        drop_flawed(&mut variant.table, &EXPERIMENT);
        for (section, keys) in SECTIONS {
            if flawed.iter().any(|flawed| flawed == section) {
                broken.push((variant.name.clone(), section));
                continue;
            }
            let entry = variant.table.entry(section);
            let renamed = variant.table.entries.iter().any(|entry| {
                EXPERIMENT.find(&entry.key).is_none()
                    && nearest(&entry.key, EXPERIMENT.names()) == Some(section)
            });
            let fine = match entry.map(|entry| &entry.node.value) {
                Some(Value::Table(table)) => {
                    let mut found = Problems::new();
                    config::check_layer(table, keys, section, &mut found);
                    if !found.is_empty() {
                        check_whole(experiment, variant, section, keys, &blocks, problems);
                    }
                    found.is_empty()
                }
                Some(_) => false,
                None => !renamed,
            };
            if !fine {
                broken.push((variant.name.clone(), section));
            }
        }
    }
    drop_flawed(&mut experiment.root, &EXPERIMENT);
    (broken, blocks.into_iter().map(first_point).collect())
}

/// Reports further missing keys of a broken section.
fn check_whole(
    experiment: &Experiment,
    variant: &Variant,
    section: &str,
    keys: &'static Keys,
    blocks: &[Block],
    problems: &mut Problems,
) {
    let axes = blocks.iter().flat_map(|block| &block.axes);
    let axes: Vec<&Axis> = axes.filter(|axis| axis.path[0] == section).collect();
    let point: Point = axes.iter().map(|axis| Arc::new(first(axis))).collect();
    let table = merged(&variant.table, section, keys, axes.into_iter().zip(&point));
    let place = place(experiment, &variant.table, section);
    config::check_whole(&table, &place, keys, section, problems);
}

/// The first value of an axis.
fn first(axis: &Axis) -> Node {
    match &axis.values {
        Values::List(values) => values[0].clone(),
        Values::Drawn(range, node) => range.node(range.drawn(0.5), node),
    }
}

/// A block with a mistake is reduced to one point.
fn first_point(mut block: Block) -> Block {
    if !block.sound {
        for axis in &mut block.axes {
            axis.values = Values::List(vec![first(axis)]);
        }
        block.mode = Mode::Grid;
        block.exclude = Vec::new();
    }
    block
}

/// Removes every wrong value outside the sections.
fn drop_flawed(table: &mut Table, keys: &'static Keys) {
    table.entries.retain_mut(|entry| {
        let Some(key) = keys.find(&entry.key) else {
            return true;
        };
        if SECTIONS.iter().any(|(section, _)| *section == entry.key) {
            return true;
        }
        let mut found = Problems::new();
        config::check_value(&entry.node, &key.kind, &entry.key, &mut found);
        match (&mut entry.node.value, key.kind) {
            (_, Kind::Sweep | Kind::Variants) => true,
            (Value::Table(inner), Kind::Table(keys)) => {
                drop_flawed(inner, keys);
                true
            }
            _ => found.is_empty(),
        }
    });
}
