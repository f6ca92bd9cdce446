//! The blocks of a sweep: how the axes of each are joined, and the points that are left out.

use choices::Choice;

use super::axes::{Axis, Values, read_axes};
use super::exclusion::{Exclusion, read_exclusions};
use super::schema::EXPERIMENT;
use super::tree::{Entry, Node, Table, Value};
use super::words::Joining;
use problems::{Place, Problem, Problems, nearest};

/// The keys of a block that are not keys of an experiment.
pub const OWN_KEYS: [&str; 3] = ["mode", "samples", "exclude"];

/// One block of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// How the axes are joined.
    pub mode: Mode,
    /// The swept keys with their values, in the order of the file.
    pub axes: Vec<Axis>,
    /// The exclusions: a point that agrees with all conditions of one is left out.
    pub exclude: Vec<Exclusion>,
    /// The place of the block in the file.
    pub place: Place,
    /// Whether the block has no mistakes.
    pub sound: bool,
}

/// How the axes of a block are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Every value of each axis with every value of the others. The last axis changes fastest.
    Grid,
    /// The first values together, the second values together, and so on.
    Zip,
    /// This number of points; each axis is drawn independently.
    Random(usize),
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

/// The entries of a block that are keys of an experiment.
fn axis_entries(table: &Table) -> impl Iterator<Item = &Entry> {
    let entries = table.entries.iter();
    entries.filter(|entry| !OWN_KEYS.contains(&entry.key.as_str()))
}

/// The sections of the file for which a sweep has a mistake.
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
    let joining = match table.get("mode") {
        None => Joining::Grid,
        Some(node) => match node.as_str().and_then(Joining::from_word) {
            Some(joining) => joining,
            None => {
                let words = || Joining::WORDS.iter().map(|known| known.word);
                let found = node.as_str();
                let label = match found.and_then(|word| nearest(word, words())) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => format!("{} is not", node.value.to_toml()),
                };
                let words: Vec<&str> = words().collect();
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`sweep.mode` must be one of {}", words.join(", ")),
                    label,
                ));
                Joining::Grid
            }
        },
    };
    let samples = table.entry("samples");
    match (joining, samples.map(|entry| &entry.node.value)) {
        (Joining::Zip, None) => Mode::Zip,
        (Joining::Random, Some(Value::Integer(samples @ 1..=10_000_000))) => {
            Mode::Random(*samples as usize)
        }
        (Joining::Random, Some(other)) => {
            problems.push(Problem::at(
                samples.expect("it has just been seen").node.place.clone(),
                "`sweep.samples` must be a whole number, at least 1 and at most 10000000",
                format!("{} is not", other.to_toml()),
            ));
            Mode::Random(1)
        }
        (Joining::Random, None) => {
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
                format!("the mode is {}", joining.word()),
            ));
            Mode::Grid
        }
        _ => Mode::Grid,
    }
}

/// Checks that each key is swept once in a block, and no table together with a key in it.
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

/// Checks that the lists of a zip have the same length.
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
