//! The check of a table: its keys, their types, their ranges.
//!
//! Each layer of an experiment (a file, a `--set`, a variant, a swept value) is checked alone with
//! [`check_layer`], so that a mistake is found even where another layer hides it. The merged table
//! of a configuration is checked with [`check_whole`](super::whole::check_whole) for mistakes of
//! the whole: missing keys, and keys that exclude each other.

use super::keys::{Key, Keys, Kind};
use super::kinds::{check_tag, check_value};
use super::tree::{Node, Table};
use super::unknown::unknown;
use problems::Problems;

/// Checks the keys and values of one layer. `path` is the table's dotted name, empty for the whole
/// file.
pub fn check_layer(table: &Table, keys: &'static Keys, path: &str, problems: &mut Problems) {
    let case = match &keys.tag {
        Some(tag) => table
            .get(tag.key)
            .and_then(Node::as_str)
            .and_then(|word| keys.case(word)),
        None => None,
    };
    for entry in &table.entries {
        let path = join(path, &entry.key);
        if let Some(tag) = &keys.tag
            && tag.key == entry.key
        {
            check_tag(&entry.node, tag, &path, problems);
            continue;
        }
        let candidates = match keys.find_in(&entry.key, case) {
            Some(key) => vec![key],
            None => keys.find_all(&entry.key),
        };
        let mut first = None;
        for key in candidates {
            let mut found = Problems::new();
            check_value(&entry.node, &key.kind, &path, &mut found);
            let fits = found.is_empty();
            first.get_or_insert(found);
            if fits {
                first = Some(Problems::new());
                break;
            }
        }
        match first {
            Some(found) => problems.extend(found),
            None if problems.is_full() => problems.count_further(),
            None => problems.push(unknown(entry, &path, &keys.names())),
        }
    }
}

/// A dotted path with one more key.
pub fn join(path: &str, key: &str) -> String {
    let key = super::tree::key_to_toml(key);
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

/// The part of the schema that a dotted path names.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A key.
    Key(&'static Key),
    /// The word that decides a table's keys.
    Tag(&'static Keys),
}

/// The key that a dotted path of the experiment file names.
///
/// # Errors
/// If there is no such key: the position of the first unknown name, and the names that could stand
/// there.
pub fn find(path: &[&str]) -> Result<Target, (usize, Vec<&'static str>)> {
    let mut keys = &super::schema::EXPERIMENT;
    for (position, name) in path.iter().enumerate() {
        let last = position + 1 == path.len();
        if last && keys.tag.as_ref().is_some_and(|tag| tag.key == *name) {
            return Ok(Target::Tag(keys));
        }
        let Some(key) = keys.find(name) else {
            return Err((position, keys.names()));
        };
        if last {
            return Ok(Target::Key(key));
        }
        let Kind::Table(inner) = key.kind else {
            return Err((position + 1, Vec::new()));
        };
        keys = inner;
    }
    Err((0, keys.names()))
}
