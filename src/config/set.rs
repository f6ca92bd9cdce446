//! `--set KEY=VALUE`: a layer of one key, from the command line.

use std::sync::Arc;

use super::merge::merge;
use super::schema::EXPERIMENT;
use super::tree::{Node, Table, Value, parse};
use super::validate::check_layer;
use problems::{Place, Problem, Problems, Source};

/// Lays each `KEY=VALUE` over the experiment, in their order.
pub fn apply(root: &mut Table, sets: &[String], problems: &mut Problems) {
    for text in sets {
        let Some(table) = read(text, problems) else {
            continue;
        };
        let mut found = Problems::new();
        check_layer(&table, &EXPERIMENT, "", &mut found);
        if let Some(extends) = table.entry("extends") {
            found.push(Problem::at(
                extends.key_place.clone(),
                "`extends` can only stand in a file",
                "",
            ));
        }
        if found.is_empty() {
            check_it_has_an_effect(root, &table, &mut found);
        }
        if found.is_empty() {
            merge(root, &table, &EXPERIMENT);
        }
        problems.extend(found);
    }
}

/// The override as a table of one key.
fn read(text: &str, problems: &mut Problems) -> Option<Table> {
    let whole = |text: &str| {
        let source = Source::argument("--set", text.to_owned());
        let span = 0..source.text.len();
        (Arc::clone(&source), Place { source, span })
    };
    let (source, place) = whole(text);
    let Some((key, value)) = text.split_once('=') else {
        problems.push(Problem::at(
            place,
            "`--set` needs KEY=VALUE",
            "as in training.epochs=200",
        ));
        return None;
    };
    let mut unfit = Problems::new();
    match parse(&source, &mut unfit) {
        Ok(_) if !unfit.is_empty() => {
            problems.extend(unfit);
            None
        }
        Ok(table) => Some(table),
        // A word needs no quotes here: the shell takes them away.
        Err(found) => {
            let word = value.trim();
            let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
            let quoted = format!("{key}={}", toml::Value::String(word.to_owned()));
            if !word.is_empty()
                && word.chars().all(plain)
                && let Ok(table) = parse(&whole(&quoted).0, &mut Problems::new())
            {
                return Some(table);
            }
            problems.extend(found);
            None
        }
    }
}

/// A key that the sweep or every variant sets anyway would be overridden in silence.
fn check_it_has_an_effect(root: &Table, set: &Table, problems: &mut Problems) {
    for (path, place) in leaves(set, "") {
        if path.starts_with("sweep.") || path.starts_with("variants.") {
            continue;
        }
        let blocks: Vec<&Table> = match root.get("sweep").map(|node| &node.value) {
            Some(Value::Table(block)) => vec![block],
            Some(Value::Array(blocks)) => blocks.iter().filter_map(Node::as_table).collect(),
            _ => Vec::new(),
        };
        let swept = blocks.iter().any(|block| block.at(&path).is_some());
        if swept {
            problems.push(
                Problem::at(
                    place.clone(),
                    format!("`{path}` is swept: the sweep would override this value"),
                    "",
                )
                .note(format!("override the sweep: --set 'sweep.{path}=[…]'")),
            );
        }
        let variants = root.get("variants").and_then(Node::as_table);
        let variants: Vec<&super::Entry> = variants
            .into_iter()
            .flat_map(|variants| &variants.entries)
            .collect();
        let sets_it = |variant: &&super::Entry| {
            variant
                .node
                .as_table()
                .is_some_and(|table| table.at(&path).is_some())
        };
        if !variants.is_empty() && variants.iter().all(sets_it) {
            problems.push(
                Problem::at(
                    place.clone(),
                    format!("every variant sets `{path}` itself"),
                    "each would override this value",
                )
                .note(format!(
                    "override the variant: --set 'variants.{}.{path}=…'",
                    super::key_to_toml(&variants[0].key)
                )),
            );
        }
    }
}

/// The dotted path and the place of every value that is no table.
fn leaves<'a>(table: &'a Table, path: &str) -> Vec<(String, &'a Place)> {
    let mut found = Vec::new();
    for entry in &table.entries {
        let path = super::validate::join(path, &entry.key);
        match &entry.node.value {
            Value::Table(table) => found.extend(leaves(table, &path)),
            _ => found.push((path, &entry.node.place)),
        }
    }
    found
}
