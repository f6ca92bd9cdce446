//! Unknown keys: where they belong, or which key was probably meant.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::keys::{Keys, Kind};
use super::schema::EXPERIMENT;
use super::synonyms;
use super::tree::{Entry, Table};
use super::validate::join;
use problems::{Problem, Spelling};

/// The problem of an unknown key: the place where it belongs, or the nearest known key.
pub fn unknown(entry: &Entry, path: &str, names: &[&str]) -> Problem {
    let (table, accepts) = match path.rsplit_once('.') {
        Some((table, _)) if !entry.key.contains('.') => (format!("[{table}] "), "accepts"),
        _ => (String::new(), "the file accepts"),
    };
    let problem = |label: String| {
        Problem::at(
            entry.key_place.clone(),
            format!("unknown key `{path}`"),
            label,
        )
    };
    let accepted = format!("{table}{accepts}: {}", names.join(", "));
    // The path as the file has it, without `variants.NAME` before it.
    let own = path
        .strip_prefix("variants.")
        .and_then(|rest| rest.split_once('.'));
    let own = own.map_or(path, |(_, rest)| rest);
    if entry.key.contains('.') {
        return problem("in quotes, this is one key: leave the quotes out".to_owned())
            .note(accepted);
    }
    let spelling = Spelling::of(&entry.key);
    if let Some(name) = meant(&entry.key, &spelling, names) {
        return problem(format!("did you mean `{name}`?")).note(accepted);
    }
    let homes = homes(&entry.key);
    if !homes.is_empty() && !homes.iter().any(|home| home == own) {
        let homes: Vec<String> = homes.iter().map(|home| format!("`{home}`")).collect();
        return problem(format!("it belongs elsewhere: {}", homes.join(", "))).note(accepted);
    }
    match spelling.nearest(names.iter().copied()) {
        Some(name) => problem(format!("did you mean `{name}`?")).note(accepted),
        None => problem("no such key".to_owned()).note(accepted),
    }
}

/// The key that an unknown one stands for, if that is clear: a typing mistake, or the name of
/// another program.
fn meant<'a>(word: &str, spelling: &Spelling, names: &[&'a str]) -> Option<&'a str> {
    let slip = names
        .iter()
        .copied()
        .find(|name| word.len() > 2 && spelling.is_within(1, name));
    let synonym = || {
        let ours = synonyms::key(word)?;
        names.iter().copied().find(|name| *name == ours)
    };
    slip.or_else(synonym)
}

/// The keys that unknown ones of the table probably mean, so that they are not also reported as
/// missing.
pub fn misspelt(table: &Table, keys: &'static Keys) -> Vec<&'static str> {
    let names = keys.names();
    let unknown = table
        .entries
        .iter()
        .filter(|entry| !names.contains(&entry.key.as_str()));
    let mut found = Vec::new();
    for entry in unknown {
        let spelling = Spelling::of(&entry.key);
        let near = || spelling.nearest(names.iter().copied());
        let name = meant(&entry.key, &spelling, &names).or_else(near);
        found.extend(name.filter(|name| !found.contains(name)));
    }
    found
}

/// The dotted paths of all keys with this name.
fn homes(name: &str) -> &'static [String] {
    static PATHS: LazyLock<BTreeMap<&str, Vec<String>>> = LazyLock::new(|| {
        let mut paths = BTreeMap::new();
        collect(&EXPERIMENT, "", &mut paths);
        paths
    });
    PATHS.get(name).map_or(&[], Vec::as_slice)
}

/// Adds the dotted path of each key in a table, and in the tables within, to those of its name.
fn collect(keys: &'static Keys, above: &str, paths: &mut BTreeMap<&'static str, Vec<String>>) {
    for name in keys.names() {
        let path = join(above, name);
        let of_name = paths.entry(name).or_default();
        if !of_name.contains(&path) {
            of_name.push(path.clone());
        }
        for key in keys.find_all(name) {
            if let Kind::Table(inner) = key.kind {
                collect(inner, &path, paths);
            }
        }
    }
}
