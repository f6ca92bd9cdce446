//! The axes of a sweep's block: the swept keys and their values.
//!
//! A leaf of a block is a list of values or a range. Each value is checked as if it stood in the
//! file itself.

use super::held::{check_held_table, held_axis};
use super::keys::{Keys, Kind, Tag};
use super::kinds::{check_tag, check_value};
use super::range::{Range, is_range, read_range};
use super::sweep::OWN_KEYS;
use super::tree::{Entry, Node, Value};
use super::unknown::unknown;
use super::validate::join;
use super::variants::WHOLE_EXPERIMENT;
use problems::{Place, Problem, Problems};

/// One swept key.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The names on the way to the key.
    pub path: Vec<String>,
    /// The path, joined by dots.
    pub name: String,
    /// The values of the key.
    pub values: Values,
    /// The place of the values in the file.
    pub place: Place,
}

/// The values of a swept key.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// A list of at least one value.
    List(Vec<Node>),
    /// Any number of a range, drawn at random; the node is that of the range.
    Drawn(Range, Node),
}

/// The key or table that a swept path leads to.
enum Target {
    Kinds(Vec<Kind>),
    Tag(&'static Tag),
}

/// Reads the axes below one key of a block.
pub fn read_axes(
    entry: &Entry,
    keys: &'static Keys,
    above: &[String],
    drawn: bool,
    axes: &mut Vec<Axis>,
    problems: &mut Problems,
) {
    let mut path = above.to_vec();
    path.push(entry.key.clone());
    let name = path
        .iter()
        .fold(String::new(), |name, key| join(&name, key));
    if let Some(problem) = held_axis(&path, &entry.key_place) {
        problems.push(problem);
        return;
    }
    let target = match &keys.tag {
        Some(tag) if tag.key == entry.key => Target::Tag(tag),
        _ => Target::Kinds(
            keys.find_all(&entry.key)
                .iter()
                .map(|key| key.kind)
                .collect(),
        ),
    };
    if let Target::Kinds(kinds) = &target {
        if above.is_empty() && WHOLE_EXPERIMENT.contains(&entry.key.as_str()) {
            problems.push(Problem::at(
                entry.key_place.clone(),
                format!("`{}` cannot be swept", entry.key),
                "it holds for the whole experiment",
            ));
            return;
        }
        if kinds.is_empty() {
            let mut names = keys.names();
            if above.is_empty() {
                names.retain(|name| !WHOLE_EXPERIMENT.contains(name));
                names.extend(OWN_KEYS);
            }
            problems.push(unknown(entry, &format!("sweep.{name}"), &names));
            return;
        }
        if let ([Kind::Table(inner), ..], Value::Table(table)) = (&kinds[..], &entry.node.value)
            && !is_range(table)
        {
            for entry in &table.entries {
                read_axes(entry, inner, &path, drawn, axes, problems);
            }
            return;
        }
    }
    if let Some(values) = read_values(&entry.node, &target, &name, drawn, problems) {
        if let Values::List(values) = &values {
            for value in values {
                check_held_table(&name, value, "a sweep", problems);
            }
        }
        axes.push(Axis {
            path,
            name,
            values,
            place: entry.node.place.clone(),
        });
    }
}

/// Reads the values of one key.
fn read_values(
    node: &Node,
    target: &Target,
    name: &str,
    drawn: bool,
    problems: &mut Problems,
) -> Option<Values> {
    match &node.value {
        Value::Array(items) if items.is_empty() => {
            problems.push(Problem::at(
                node.place.clone(),
                format!("the sweep of `{name}` has no values"),
                "it is empty",
            ));
            None
        }
        Value::Array(items) => {
            if is_one_value(node, items, target, name) {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("the sweep of `{name}` must be a list of values, each of them a list"),
                    format!("this is one value: write [{}]", node.value.to_toml()),
                ));
                return None;
            }
            let mut found = Problems::new();
            for item in items {
                check_item(item, target, name, &mut found);
            }
            let fine = found.is_empty();
            problems.extend(found);
            fine.then(|| Values::List(items.clone()))
        }
        Value::Table(table) if is_range(table) => match target {
            Target::Kinds(kinds) => {
                let range = read_range(node, kinds, name, drawn, problems)?;
                Some(match range.steps {
                    Some(steps) => Values::List(
                        (0..steps)
                            .map(|step| range.node(range.value(step), node))
                            .collect(),
                    ),
                    None => Values::Drawn(range, node.clone()),
                })
            }
            Target::Tag(_) => {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`{name}` cannot be swept by a range: its values are words"),
                    "write a list of values",
                ));
                None
            }
        },
        value => {
            let label = match value {
                Value::Table(_) => "this is a table".to_owned(),
                _ => format!("this is one value: write [{}]", value.to_toml()),
            };
            problems.push(
                Problem::at(
                    node.place.clone(),
                    format!("the sweep of `{name}` must be a list or a range"),
                    label,
                )
                .note("a range is { log = [from, to], steps = n } or { linear = [from, to], steps = n }"),
            );
            None
        }
    }
}

/// Whether a list is itself a value of its key, so that it should be in a list of values.
fn is_one_value(node: &Node, items: &[Node], target: &Target, name: &str) -> bool {
    let Target::Kinds(kinds) = target else {
        return false;
    };
    let fits = |node: &Node| {
        kinds.iter().any(|kind| {
            let mut found = Problems::new();
            check_value(node, kind, name, &mut found);
            found.is_empty()
        })
    };
    fits(node) && !items.iter().all(fits)
}

fn check_item(item: &Node, target: &Target, name: &str, problems: &mut Problems) {
    match target {
        Target::Tag(tag) => check_tag(item, tag, name, problems),
        Target::Kinds(kinds) => {
            let mut first = None;
            for kind in kinds {
                let mut found = Problems::new();
                check_value(item, kind, name, &mut found);
                if found.is_empty() {
                    return;
                }
                first.get_or_insert(found);
            }
            problems.extend(first.expect("a key has a kind"));
        }
    }
}
