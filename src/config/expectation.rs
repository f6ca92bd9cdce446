//! `[expect]`: the expectations of the results, as the file has them.
//!
//! A bound stands below a subject (`best`, `every`, or the name of a configuration) and a column of
//! `runs.csv`: `best.valid_loss.max = 0.01`. Without a subject its subject is the best
//! configuration. A verdict is a pair of names: `better = [["mini-batch", "full-batch"]]`. The
//! module knows no configurations: the plan checks whether a name belongs to one.

use choices::{Choice, choices};

use super::keys::Kind;
use super::kinds::check_value;
use super::schema::NUMBER_COLUMN;
use super::tree::{Entry, Node, Table, Value};
use super::validate::join;
use crate::likeness::Column;
use problems::{Place, Problem, Problems, nearest};

choices! {
    /// Which end of a range a bound is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum End {
        /// At most this
        Max = "max",
        /// At least this
        Min = "min",
    }
}

/// One expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The dotted key with its value: `best.valid_loss.max = 0.01`.
    pub text: String,
    /// The place of the value in the file.
    pub place: Place,
    /// The content of the expectation.
    pub expected: Expected,
}

/// The content of an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// The mean of a column is at most or at least a number.
    Bound(Bound),
    /// The configuration of the first name is better than that of the second. Each name has its
    /// place.
    Better([(String, Place); 2]),
}

/// A limit for the mean of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The configurations whose mean it is.
    pub of: Subject,
    /// The place of the subject's name, or of the column's name where there is no subject.
    pub place: Place,
    /// The column of `runs.csv`.
    pub column: Column,
    /// Whether the number is the greatest or the least accepted mean.
    pub end: End,
    /// The number, which is itself accepted.
    pub limit: f64,
}

/// The configurations that a bound is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The best configuration.
    Best,
    /// Every configuration.
    Every,
    /// The configuration with this name.
    Named(String),
}

/// The key of the verdicts.
const BETTER: &str = "better";
/// The names that are not free for configurations.
pub const RESERVED: [&str; 3] = ["best", "every", BETTER];

/// The expectations of a file that has passed its check; of another file those that can be read.
pub fn expectations_of(root: &Table) -> Vec<Expectation> {
    let table = root.get("expect").and_then(Node::as_table);
    let mut found = Vec::new();
    for entry in table.into_iter().flat_map(|table| &table.entries) {
        match &entry.node.value {
            Value::Array(pairs) if entry.key == BETTER => {
                found.extend(pairs.iter().filter_map(better));
            }
            Value::Table(inner) if is_column(entry, inner) => bounds(entry, None, &mut found),
            Value::Table(inner) => {
                let columns = inner.entries.iter();
                columns.for_each(|column| bounds(column, Some(entry), &mut found));
            }
            _ => {}
        }
    }
    found
}

fn better(pair: &Node) -> Option<Expectation> {
    let [first, second] = pair.as_array()? else {
        return None;
    };
    let named = |node: &Node| (node.value.plain(), node.place.clone());
    Some(Expectation {
        text: format!("{BETTER} = [{}]", pair.value.to_toml()),
        place: pair.place.clone(),
        expected: Expected::Better([named(first), named(second)]),
    })
}

/// Reads the bounds of a column. Without a subject they are about the best configuration.
fn bounds(column: &Entry, subject: Option<&Entry>, found: &mut Vec<Expectation>) {
    let of = match subject.map(|subject| subject.key.as_str()) {
        None | Some("best") => Subject::Best,
        Some("every") => Subject::Every,
        Some(name) => Subject::Named(name.to_owned()),
    };
    let (Some(name), Some(table)) = (Column::from_name(&column.key), column.node.as_table()) else {
        return;
    };
    for entry in &table.entries {
        let (Some(end), Some(limit)) = (End::from_word(&entry.key), entry.node.as_f64()) else {
            continue;
        };
        let subject_key = subject.map_or("best", |subject| &subject.key);
        let key = [subject_key, &column.key, &entry.key]
            .into_iter()
            .fold(String::new(), |path, key| join(&path, key));
        found.push(Expectation {
            text: format!("{key} = {}", entry.node.value.to_toml()),
            place: entry.node.place.clone(),
            expected: Expected::Bound(Bound {
                of: of.clone(),
                place: subject.unwrap_or(column).key_place.clone(),
                column: name,
                end,
                limit,
            }),
        });
    }
}

/// Whether a key of `[expect]` is a column, so that its bounds stand directly below it.
fn is_column(entry: &Entry, table: &Table) -> bool {
    let is_value = |inner: &Entry| inner.node.as_table().is_none();
    !RESERVED.contains(&entry.key.as_str()) && table.entries.iter().any(is_value)
}

/// Checks `[expect]` of one layer; `path` is the table's dotted name.
pub fn check_expectations(table: &Table, path: &str, problems: &mut Problems) {
    for entry in &table.entries {
        let path = join(path, &entry.key);
        match &entry.node.value {
            _ if entry.key == BETTER => check_better(&entry.node, &path, problems),
            Value::Table(inner) if inner.entries.is_empty() => problems.push(empty(entry, &path)),
            Value::Table(inner) if is_column(entry, inner) => check_column(entry, &path, problems),
            Value::Table(inner) => {
                for column in &inner.entries {
                    check_column(column, &join(&path, &column.key), problems);
                }
            }
            _ => problems.push(unbounded(entry, &path)),
        }
    }
}

fn empty(entry: &Entry, path: &str) -> Problem {
    Problem::at(
        entry.key_place.clone(),
        format!("`{path}` expects nothing"),
        "a bound is missing, such as valid_loss.max = 0.01",
    )
}

/// The problem of a key that needs bounds and has none.
fn unbounded(entry: &Entry, path: &str) -> Problem {
    let given = match &entry.node.value {
        number @ (Value::Integer(_) | Value::Float(_)) => number.to_toml(),
        _ => "0.01".to_owned(),
    };
    Problem::at(
        entry.node.place.clone(),
        format!("`{path}` must say `max`, `min` or both"),
        format!("this is {}", entry.node.value.kind()),
    )
    .note(match Column::from_name(&entry.key) {
        Some(column) => format!("as in {column}.max = {given}"),
        None => format!("as in {}.valid_loss.max = {given}", entry.key),
    })
}

/// Checks a column with its bounds.
fn check_column(entry: &Entry, path: &str, problems: &mut Problems) {
    if Column::from_name(&entry.key).is_none() {
        problems.push(no_column(entry, path));
        return;
    }
    let Some(table) = entry.node.as_table() else {
        problems.push(unbounded(entry, path));
        return;
    };
    if table.entries.is_empty() {
        problems.push(empty(entry, path));
    }
    for bound in &table.entries {
        let path = join(path, &bound.key);
        match End::from_word(&bound.key) {
            Some(_) => {
                let any = Kind::Number(super::keys::Interval::ANY);
                check_value(&bound.node, &any, &path, problems);
            }
            None => {
                let ends = End::WORDS.iter().map(|end| end.word);
                let near = nearest(&bound.key, ends);
                problems.push(
                    Problem::at(
                        bound.key_place.clone(),
                        format!("unknown bound `{path}`"),
                        near.map_or("no such bound".to_owned(), |near| {
                            format!("did you mean `{near}`?")
                        }),
                    )
                    .note("a bound is max or min: the number itself is allowed"),
                );
            }
        }
    }
}

fn no_column(entry: &Entry, path: &str) -> Problem {
    if End::from_word(&entry.key).is_some() {
        let before = path.strip_suffix(&entry.key).unwrap_or(path);
        return Problem::at(
            entry.key_place.clone(),
            format!("`{path}` does not say of which column"),
            format!("as in {before}valid_loss.{}", entry.key),
        );
    }
    let words = words(&NUMBER_COLUMN);
    let near = super::synonyms::value(&entry.key).filter(|word| words.contains(word));
    let near = near.or_else(|| nearest(&entry.key, words.iter().copied()));
    Problem::at(
        entry.key_place.clone(),
        format!("`{path}` is no column of runs.csv"),
        near.map_or("no such column".to_owned(), |near| {
            format!("did you mean `{near}`?")
        }),
    )
    .note(format!("it can be: {}", words.join(", ")))
}

/// The words of a kind that is a choice.
fn words(kind: &Kind) -> Vec<&'static str> {
    match kind {
        Kind::Choice(words) => words.iter().map(|word| word.word).collect(),
        Kind::OneOf(kinds) => kinds.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// Checks a list of pairs of names.
fn check_better(node: &Node, path: &str, problems: &mut Problems) {
    let wrong = |node: &Node, label: String| {
        Problem::at(
            node.place.clone(),
            format!("`{path}` must be a list of pairs of names"),
            label,
        )
        .note("the first of a pair is better than the second: better = [[\"small\", \"large\"]]")
    };
    let Some(pairs) = node.as_array() else {
        problems.push(wrong(node, format!("this is {}", node.value.kind())));
        return;
    };
    if pairs.is_empty() {
        problems.push(wrong(node, "it is empty".to_owned()));
    }
    for pair in pairs {
        match pair.as_array() {
            Some([first, second]) => {
                let is_name = |node: &&Node| {
                    let value = &node.value;
                    !matches!(
                        value,
                        Value::String(_) | Value::Integer(_) | Value::Float(_)
                    )
                };
                problems_of(
                    [first, second].into_iter().filter(is_name),
                    &wrong,
                    problems,
                );
            }
            Some(items) => problems.push(wrong(pair, format!("it has {}", items.len()))),
            None => {
                let label = format!("this is {}; a pair stands in brackets", pair.value.kind());
                problems.push(wrong(pair, label));
                return;
            }
        }
    }
}

fn problems_of<'a>(
    nodes: impl Iterator<Item = &'a Node>,
    wrong: &impl Fn(&Node, String) -> Problem,
    problems: &mut Problems,
) {
    for node in nodes {
        problems.push(wrong(node, format!("this is {}", node.value.kind())));
    }
}
