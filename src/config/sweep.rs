//! The blocks of a sweep: which keys they sweep, and over what.
//!
//! A leaf of a block is a list of values or a range; each value is checked as if it stood in the
//! file itself.

use super::keys::{Keys, Kind, Tag};
use super::range::{Range, is_range, read_range};
use super::schema::EXPERIMENT;
use super::tree::{Entry, Node, Table, Value};
use super::validate::{WHOLE_EXPERIMENT, check_tag, check_value, join, unknown};
use crate::error::{Place, Problem, Problems, nearest};

/// Keys of a block that are no keys of an experiment.
const OWN_KEYS: [&str; 3] = ["mode", "samples", "exclude"];

/// One block of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// How its axes are joined.
    pub mode: Mode,
    /// What it sweeps, in the order of the file.
    pub axes: Vec<Axis>,
    /// The points that are left out: each a set of keys and values that all must agree.
    pub exclude: Vec<Exclusion>,
    /// Where it stands.
    pub place: Place,
    /// Whether nothing is wrong with it.
    pub sound: bool,
}

/// How the axes of a block are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Their product; the last axis is fastest.
    Grid,
    /// The first values together, the second values together, and so on.
    Zip,
    /// So many points, each axis drawn by itself.
    Random(usize),
}

/// One swept key.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The names on the way to the key.
    pub path: Vec<String>,
    /// The same, joined by dots.
    pub name: String,
    /// What it is swept over.
    pub values: Values,
    /// Where they stand.
    pub place: Place,
}

/// What a key is swept over.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// These, at least one.
    List(Vec<Node>),
    /// Any number of a range, drawn at random; the node is the range's.
    Drawn(Range, Node),
}

/// A set of keys and values; a point that has them all is left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclusion {
    /// Dotted names, or `variant`, and the value each must have.
    pub conditions: Vec<(String, Node)>,
    /// Where it stands.
    pub place: Place,
}

/// Reads the blocks of a sweep.
pub fn read_sweep(sweep: &Node, problems: &mut Problems) -> Vec<Block> {
    match &sweep.value {
        Value::Table(table) => vec![read_block(table, &sweep.place, problems)],
        Value::Array(blocks) => blocks
            .iter()
            .filter_map(|node| Some(read_block(node.as_table()?, &node.place, problems)))
            .collect(),
        _ => Vec::new(), // Its type is checked with the other keys of the file.
    }
}

fn read_block(table: &Table, place: &Place, problems: &mut Problems) -> Block {
    let mut found = Problems::new();
    let mode = read_mode(table, place, &mut found);
    let drawn = matches!(mode, Mode::Random(_));
    let mut axes = Vec::new();
    for entry in axis_entries(table) {
        read_axes(entry, &EXPERIMENT, &[], drawn, &mut axes, &mut found);
    }
    let exclude = match table.get("exclude") {
        Some(node) => read_exclusions(node, &axes, &mut found),
        None => Vec::new(),
    };
    check_overlaps(&axes, &mut found);
    if mode == Mode::Zip {
        check_lengths(&axes, &mut found);
    }
    if axis_entries(table).next().is_none() {
        found.push(
            Problem::at(
                place.clone(),
                "the sweep sweeps nothing",
                "no key with a list of values",
            )
            .note("as in training.learning_rate = [0.01, 0.1]"),
        );
    }
    let sound = found.is_empty();
    problems.extend(found);
    Block {
        mode,
        axes,
        exclude,
        place: place.clone(),
        sound,
    }
}

/// The keys of a block that are keys of an experiment.
fn axis_entries(table: &Table) -> impl Iterator<Item = &Entry> {
    let entries = table.entries.iter();
    entries.filter(|entry| !OWN_KEYS.contains(&entry.key.as_str()))
}

/// The sections of the file in which a sweep says something wrong.
pub fn flawed_sections(sweep: &Node) -> Vec<String> {
    let blocks: Vec<&Table> = match &sweep.value {
        Value::Table(table) => vec![table],
        Value::Array(blocks) => blocks.iter().filter_map(Node::as_table).collect(),
        _ => Vec::new(),
    };
    let mut sections = Vec::new();
    for entry in blocks.into_iter().flat_map(axis_entries) {
        let mut found = Problems::new();
        read_axes(entry, &EXPERIMENT, &[], true, &mut Vec::new(), &mut found);
        if !found.is_empty() {
            sections.push(entry.key.clone());
        }
    }
    sections
}

fn read_mode(table: &Table, place: &Place, problems: &mut Problems) -> Mode {
    let word = match table.get("mode") {
        None => "grid",
        Some(node) => match node.as_str() {
            Some(word @ ("grid" | "zip" | "random")) => word,
            found => {
                let label = match found.and_then(|word| nearest(word, ["grid", "zip", "random"])) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => format!("{} is not", node.value.to_toml()),
                };
                problems.push(Problem::at(
                    node.place.clone(),
                    "`sweep.mode` must be one of grid, zip, random",
                    label,
                ));
                "grid"
            }
        },
    };
    let samples = table.entry("samples");
    match (word, samples.map(|entry| &entry.node.value)) {
        ("zip", None) => Mode::Zip,
        ("random", Some(Value::Integer(samples @ 1..=10_000_000))) => {
            Mode::Random(*samples as usize)
        }
        ("random", Some(other)) => {
            problems.push(Problem::at(
                samples.expect("it has just been seen").node.place.clone(),
                "`sweep.samples` must be a whole number, at least 1 and at most 10000000",
                format!("{} is not", other.to_toml()),
            ));
            Mode::Random(1)
        }
        ("random", None) => {
            problems.push(Problem::at(
                table.get("mode").map_or(place, |node| &node.place).clone(),
                "a random sweep needs to know how many points to draw",
                "add samples = 50, or however many",
            ));
            Mode::Random(1)
        }
        (_, Some(_)) => {
            problems.push(Problem::at(
                samples.expect("it has just been seen").key_place.clone(),
                "`sweep.samples` goes with mode = \"random\" alone",
                format!("the mode is {word}"),
            ));
            Mode::Grid
        }
        _ => Mode::Grid,
    }
}

/// What a swept path leads to.
enum Target {
    Kinds(Vec<Kind>),
    Tag(&'static Tag),
}

/// The axes below one key of a block.
fn read_axes(
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
        axes.push(Axis {
            path,
            name,
            values,
            place: entry.node.place.clone(),
        });
    }
}

/// What one key is swept over.
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

/// Whether a list is itself a value of its key, written where a list of values should be.
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

/// No key is swept twice in one block, and no table together with a key in it.
fn check_overlaps(axes: &[Axis], problems: &mut Problems) {
    for (index, axis) in axes.iter().enumerate() {
        for earlier in &axes[..index] {
            if axis.path.starts_with(&earlier.path) || earlier.path.starts_with(&axis.path) {
                problems.push(Problem::at(
                    axis.place.clone(),
                    format!(
                        "`{}` and `{}` are swept in one block",
                        earlier.name, axis.name
                    ),
                    "one would override the other",
                ));
            }
        }
    }
}

/// The lists of a zip are of one length.
fn check_lengths(axes: &[Axis], problems: &mut Problems) {
    let length = |axis: &Axis| match &axis.values {
        Values::List(values) => values.len(),
        Values::Drawn(..) => 0,
    };
    let Some(first) = axes.first() else {
        return;
    };
    for axis in &axes[1..] {
        if length(axis) != length(first) {
            problems.push(Problem::at(
                axis.place.clone(),
                format!(
                    "a zip needs lists of one length: `{}` has {} values, `{}` has {}",
                    first.name,
                    length(first),
                    axis.name,
                    length(axis)
                ),
                format!("{} values", length(axis)),
            ));
        }
    }
}

fn read_exclusions(node: &Node, axes: &[Axis], problems: &mut Problems) -> Vec<Exclusion> {
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

/// The keys and values below one key of an exclusion.
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

/// Whether two values say the same: 1 and 1.0 do.
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
