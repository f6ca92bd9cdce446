//! The check whether a value has the kind of its key, and the messages about it.

use super::description::describe;
use super::directory_name;
use super::expectation::check_expectations;
use super::keys::{Kind, Tag};
use super::range::is_range;
use super::synonyms;
use super::tree::{Node, Value};
use super::validate::{check_layer, join};
use super::variants::check_variants;
use crate::language::Language;
use problems::{Problem, Problems, nearest};

/// Checks one value against the kind of its key.
pub fn check_value(node: &Node, kind: &Kind, path: &str, problems: &mut Problems) {
    let wrong = |label: String| {
        Problem::at(
            node.place.clone(),
            format!("`{path}` must be {}", describe(Language::English, kind)),
            label,
        )
    };
    match (kind, &node.value) {
        (Kind::Bool, Value::Bool(_)) | (Kind::Text, Value::String(_)) => {}
        (Kind::Path, Value::String(text)) if !text.is_empty() => {}
        (Kind::Name, Value::String(text)) => {
            if let Some(fault) = directory_name::fault(text) {
                problems.push(wrong(fault));
            }
        }
        (Kind::Integer(least), Value::Integer(number)) => {
            if number < least {
                problems.push(wrong(format!("{number} is below {least}")));
            }
        }
        (Kind::Integer(_), Value::Float(number)) if number.fract() == 0.0 => {
            problems.push(wrong(format!("write it without a point: {number:.0}")));
        }
        (Kind::Number(interval), Value::Integer(_) | Value::Float(_)) => {
            let number = node.as_f64().expect("both are numbers");
            if !interval.contains(number) {
                problems.push(wrong(format!("{} is not", node.value.to_toml())));
            }
        }
        (Kind::Choice(choices), Value::String(_)) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            check_word(node, &words, path, problems);
        }
        (Kind::List(item, least), Value::Array(items)) => {
            if items.len() < *least {
                problems.push(wrong(match items.len() {
                    0 => "it is empty".to_owned(),
                    1 => "it has only 1".to_owned(),
                    n => format!("it has only {n}"),
                }));
            }
            for (index, node) in items.iter().enumerate() {
                check_value(node, item, &format!("{path}[{index}]"), problems);
            }
        }
        (Kind::Pair(item), Value::Array(items)) => {
            if items.len() != 2 {
                problems.push(wrong(format!("it has {}", items.len())));
            }
            for (index, node) in items.iter().enumerate() {
                check_value(node, item, &format!("{path}[{index}]"), problems);
            }
        }
        (Kind::OneOf(kinds), value) => check_one_of(kinds, value, wrong, node, path, problems),
        (Kind::Named(kind), Value::Table(table)) => {
            if table.entries.is_empty() {
                problems.push(wrong("it is empty".to_owned()));
            }
            for entry in &table.entries {
                let path = join(path, &entry.key);
                check_value(&entry.node, kind, &path, problems);
            }
        }
        (Kind::Table(keys), Value::Table(table)) => check_layer(table, keys, path, problems),
        (Kind::Table(keys), Value::String(_)) if keys.tag.as_ref().is_some_and(|tag| tag.short) => {
            let tag = keys.tag.as_ref().expect("it has just been seen");
            check_tag(node, tag, path, problems);
        }
        // A sweep is read when all layers are merged, since one layer may have its mode and another
        // its keys.
        (Kind::Sweep, Value::Table(_)) => {}
        (Kind::Sweep, Value::Array(blocks)) if blocks.iter().all(|b| b.as_table().is_some()) => {}
        (Kind::Variants, Value::Table(variants)) => check_variants(variants, problems),
        (Kind::Expect, Value::Table(table)) => check_expectations(table, path, problems),
        (_, Value::Array(_)) if is_single(kind) => {
            problems.push(wrong(
                "this is a list; several values belong in [sweep]".to_owned(),
            ));
        }
        (_, Value::Table(table)) if is_single(kind) && is_range(table) => {
            problems.push(wrong("this is a range; it belongs in [sweep]".to_owned()));
        }
        (Kind::Variants, Value::Array(_)) => {
            problems.push(
                wrong("this is a list".to_owned())
                    .note("each variant has a header of its own, such as [variants.small]"),
            );
        }
        _ => problems.push(wrong(format!("this is {}", node.value.kind()))),
    }
}

/// Checks a value against several kinds. If none fits, the problem is that of the kind with the
/// value's type.
fn check_one_of(
    kinds: &[Kind],
    value: &Value,
    wrong: impl Fn(String) -> Problem,
    node: &Node,
    path: &str,
    problems: &mut Problems,
) {
    let mut likely: Option<(usize, Problems, bool)> = None;
    for kind in kinds.iter().filter(|kind| can_be(kind, value)) {
        let mut found = Problems::new();
        check_value(node, kind, path, &mut found);
        if found.is_empty() {
            return;
        }
        let count = found.len();
        if likely.as_ref().is_none_or(|(least, _, _)| count < *least) {
            let speaks = matches!(kind, Kind::List(..) | Kind::Named(_));
            likely = Some((count, found, speaks));
        }
    }
    match likely {
        // A mistake in an item of a list or a table is reported itself; for a single value all
        // kinds are listed.
        Some((_, found, true)) => problems.extend(found),
        Some((_, found, false)) => {
            let label = found
                .iter()
                .next()
                .map_or(String::new(), |problem| problem.label.clone());
            problems.push(wrong(label));
        }
        None => problems.push(match value {
            Value::Array(_) if kinds.iter().all(is_single) => {
                wrong("this is a list; several values belong in [sweep]".to_owned())
            }
            Value::Table(table) if is_range(table) => {
                wrong("this is a range; it belongs in [sweep]".to_owned())
            }
            _ => wrong(format!("this is {}", value.kind())),
        }),
    }
}

/// Checks whether a value is one of a tag's words.
pub fn check_tag(node: &Node, tag: &Tag, path: &str, problems: &mut Problems) {
    let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
    check_word(node, &words, path, problems);
}

/// Checks whether a node is one of these words.
fn check_word(node: &Node, words: &[&str], path: &str, problems: &mut Problems) {
    match node.as_str() {
        Some(word) if words.contains(&word) => {}
        Some(word) => {
            let synonym = synonyms::value(word).filter(|right| words.contains(right));
            let label = match synonym.or_else(|| nearest(word, words.iter().copied())) {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => "not one of them".to_owned(),
            };
            problems.push(
                Problem::at(
                    node.place.clone(),
                    format!("`{path}` cannot be \"{word}\""),
                    label,
                )
                .note(format!("it can be: {}", words.join(", "))),
            );
        }
        None => problems.push(
            Problem::at(
                node.place.clone(),
                format!("`{path}` must be a word in quotes"),
                format!("this is {}", node.value.kind()),
            )
            .note(format!("it can be: {}", words.join(", "))),
        ),
    }
}

/// Whether the values of a kind are single numbers, words or truth values.
fn is_single(kind: &Kind) -> bool {
    match kind {
        Kind::Bool | Kind::Integer(_) | Kind::Number(_) | Kind::Choice(_) => true,
        Kind::OneOf(kinds) => kinds.iter().all(is_single),
        _ => false,
    }
}

/// Whether a value has the type of a kind, without a check of its content.
fn can_be(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Bool => matches!(value, Value::Bool(_)),
        Kind::Integer(_) => {
            matches!(value, Value::Integer(_))
                || matches!(value, Value::Float(number) if number.fract() == 0.0)
        }
        Kind::Number(_) => matches!(value, Value::Integer(_) | Value::Float(_)),
        Kind::Choice(_) | Kind::Text | Kind::Name | Kind::Path => {
            matches!(value, Value::String(_))
        }
        Kind::List(..) | Kind::Pair(_) => matches!(value, Value::Array(_)),
        Kind::OneOf(kinds) => kinds.iter().any(|kind| can_be(kind, value)),
        Kind::Table(keys) if keys.tag.as_ref().is_some_and(|tag| tag.short) => {
            matches!(value, Value::Table(_) | Value::String(_))
        }
        Kind::Named(_) | Kind::Table(_) | Kind::Variants | Kind::Sweep | Kind::Expect => {
            matches!(value, Value::Table(_))
        }
    }
}
