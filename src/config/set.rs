//! `--set KEY=VALUE`: a layer of one key, from the command line.

use std::sync::Arc;

use super::keys::Kind;
use super::merge::merge;
use super::schema::EXPERIMENT;
use super::tree::{Node, Table, Value, parse};
use super::validate::{Target, check_layer, find};
use problems::{Place, Problem, Problems, Source};

/// Lays each `KEY=VALUE` over the experiment, in their order.
pub fn apply(root: &mut Table, sets: &[String], problems: &mut Problems) {
    let mut earlier = Table::default();
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
            check_it_keeps_blocks(root, &table, &mut found);
            check_it_keeps_earlier(&mut earlier, &table, &mut found);
        }
        if found.is_empty() {
            merge(root, &table, &EXPERIMENT);
        }
        problems.extend(found);
    }
}

/// Reads the override as a table of one key.
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
        // A word may stand without quotes, since the shell removes them.
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
            let several = format!("{key}=[{value}]");
            let reads_as_list = parse(&whole(&several).0, &mut Problems::new()).is_ok();
            if value.contains(',') && reads_as_list {
                problems.push(a_list(key.trim(), value, whole(text).1));
            } else {
                problems.extend(found);
            }
            None
        }
    }
}

/// The problem of several values for a list that has no brackets.
fn a_list(key: &str, value: &str, place: Place) -> Problem {
    let target = find(&key.split('.').collect::<Vec<_>>());
    let takes_a_list = matches!(target, Ok(Target::Key(known)) if is_list(&known.kind));
    let start = place.span.end - value.len();
    let place = Place {
        span: start..place.span.end,
        ..place
    };
    let sweeps = key.starts_with("sweep.");
    let problem = Problem::at(
        place,
        "several values are a list, in brackets",
        format!("write [{value}]"),
    );
    match takes_a_list || sweeps {
        true => problem.note(format!("--set '{key}=[{value}]'")),
        false => problem.note(format!(
            "a number's decimals stand behind a point; several values to compare are a sweep: \
             --set 'sweep.{key}=[{value}]'"
        )),
    }
}

/// Whether a key's value can be a list.
fn is_list(kind: &Kind) -> bool {
    match kind {
        Kind::List(..) | Kind::Pair(_) => true,
        Kind::OneOf(kinds) => kinds.iter().any(is_list),
        _ => false,
    }
}

/// Checks that a swept key does not replace several blocks.
fn check_it_keeps_blocks(root: &Table, set: &Table, problems: &mut Problems) {
    let blocks = root
        .get("sweep")
        .and_then(Node::as_array)
        .map_or(0, <[Node]>::len);
    if let Some(entry) = set.entry("sweep")
        && entry.node.as_table().is_some()
        && blocks > 0
    {
        let plural = if blocks == 1 { "block" } else { "blocks" };
        problems.push(
            Problem::at(
                entry.key_place.clone(),
                format!("the sweep is {blocks} [[sweep]] {plural}, and this names none of them"),
                "it would take the place of all",
            )
            .note("--set 'sweep=[{ training.learning_rate = [0.1] }]' gives all blocks anew"),
        );
    }
}

/// Checks that the override keeps the settings of the overrides before it (`earlier`), and adds it
/// to them.
fn check_it_keeps_earlier(earlier: &mut Table, set: &Table, problems: &mut Problems) {
    let before: Vec<String> = leaves(earlier, "")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    merge(earlier, set, &EXPERIMENT);
    let own = leaves(set, "");
    let Some((own, place)) = own.first() else {
        return;
    };
    let after = leaves(earlier, "");
    let is_gone = |path: &&String| {
        let below = format!("{path}.");
        let mut after = after.iter().map(|(path, _)| path);
        !after.any(|other| other == *path || other.starts_with(&below))
    };
    for path in before.iter().filter(is_gone) {
        // A table that replaces one of its own keys is recognised by the paths.
        if !path.starts_with(&format!("{own}.")) && !own.starts_with(&format!("{path}.")) {
            problems.push(Problem::at(
                (*place).clone(),
                format!("`{own}` takes the place of `{path}`, which another --set gives"),
                "give one of them",
            ));
        }
    }
}

/// Checks that the override has an effect: the sweep or every variant may set its key too.
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

/// The dotted path and the place of every value that is not a table.
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
