//! Unknown keys: where they belong, or which key was probably meant.

use super::keys::{Keys, Kind};
use super::schema::EXPERIMENT;
use super::synonyms;
use super::tree::{Entry, Table};
use super::validate::join;
use problems::{Problem, nearest};

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
    if let Some(name) = meant(&entry.key, names) {
        return problem(format!("did you mean `{name}`?")).note(accepted);
    }
    let homes = homes(&entry.key);
    if !homes.is_empty() && !homes.iter().any(|home| home == own) {
        let homes: Vec<String> = homes.iter().map(|home| format!("`{home}`")).collect();
        return problem(format!("it belongs elsewhere: {}", homes.join(", "))).note(accepted);
    }
    match nearest(&entry.key, names.iter().copied()) {
        Some(name) => problem(format!("did you mean `{name}`?")).note(accepted),
        None => problem("no such key".to_owned()).note(accepted),
    }
}

/// The key that an unknown one stands for, if that is clear: a typing mistake, or the name of
/// another program.
fn meant<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let slip = names.iter().copied().find(|name| {
        word.len() > 2 && strsim::damerau_levenshtein(&word.to_lowercase(), name) <= 1
    });
    let synonym = || {
        let ours = synonyms::key(word)?;
        names.iter().copied().find(|name| *name == ours)
    };
    slip.or_else(synonym)
}

/// Whether an unknown key of the table probably means this key, so that it is not also reported as
/// missing.
pub fn is_misspelt(table: &Table, keys: &'static Keys, name: &str) -> bool {
    let names = keys.names();
    let unknown = table
        .entries
        .iter()
        .filter(|entry| !names.contains(&entry.key.as_str()));
    unknown.into_iter().any(|entry| {
        let near = || nearest(&entry.key, names.iter().copied());
        meant(&entry.key, &names).or_else(near) == Some(name)
    })
}

/// The dotted paths of all keys with this name.
fn homes(name: &str) -> Vec<String> {
    fn search(keys: &'static Keys, path: &str, name: &str, found: &mut Vec<String>) {
        for own in keys.names() {
            let path = join(path, own);
            if own == name && !found.contains(&path) {
                found.push(path.clone());
            }
            for key in keys.find_all(own) {
                if let Kind::Table(inner) = key.kind {
                    search(inner, &path, name, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    search(&EXPERIMENT, "", name, &mut found);
    found
}
