//! The check of a merged table: missing keys, and keys that exclude each other.

use super::description::describe;
use super::keys::{Case, Fallback, Keys, Kind, Tag};
use super::kinds::check_value;
use super::tree::{Entry, Table};
use super::unknown::misspelt;
use super::validate::join;
use crate::language::Language;
use problems::{Place, Problem, Problems};

/// Checks a merged table, whose layers have passed [`check_layer`](super::validate::check_layer),
/// for missing keys and for keys that exclude each other. `place` is where a missing key would
/// belong.
pub fn check_whole(
    table: &Table,
    place: &Place,
    keys: &'static Keys,
    path: &str,
    problems: &mut Problems,
) {
    let case = case_of(table, keys);
    let misspelt = misspelt(table, keys);
    if let Some(tag) = &keys.tag {
        match (table.get(tag.key), case) {
            (None, None) if misspelt.contains(&tag.key) => return,
            (None, None) => {
                let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
                problems.push(
                    missing(place, &join(path, tag.key), tag.doc)
                        .note(format!("it can be: {}", words.join(", "))),
                );
                return;
            }
            // The word is wrong, which the check of its kind has reported.
            (Some(_), None) => return,
            (_, Some(case)) => {
                for entry in table.entries.iter().filter(|entry| entry.key != tag.key) {
                    if keys.find_in(&entry.key, Some(case)).is_none()
                        && keys.find(&entry.key).is_some()
                    {
                        problems.push(misplaced(entry, table, keys, case, tag, path));
                    }
                }
            }
        }
    }
    for groups in keys.alternatives {
        check_alternatives(table, groups, path, problems);
    }
    for key in keys.of(case) {
        match (table.get(key.name), key.kind) {
            (None, _) if misspelt.contains(&key.name) => {}
            (None, _) if matches!(key.fallback, Fallback::Required) => {
                problems.push(missing(place, &join(path, key.name), key.doc).note(format!(
                    "it must be {}",
                    describe(Language::English, &key.kind)
                )));
            }
            (None, Kind::Table(keys))
                if !matches!(key.fallback, Fallback::Absent | Fallback::Word(_)) =>
            {
                check_whole(
                    &Table::default(),
                    place,
                    keys,
                    &join(path, key.name),
                    problems,
                );
            }
            (Some(node), Kind::Table(keys)) => {
                if let Some(table) = node.as_table() {
                    check_whole(table, &node.place, keys, &join(path, key.name), problems);
                }
            }
            // The check of a layer may not have known which of several keys with this name it is.
            (Some(node), kind) if keys.is_ambiguous(key.name) => {
                check_value(node, &kind, &join(path, key.name), problems);
            }
            _ => {}
        }
    }
}

/// The case of a table, if its tag can be read.
pub fn case_of(table: &Table, keys: &'static Keys) -> Option<&'static Case> {
    let tag = keys.tag.as_ref()?;
    let word = match table.get(tag.key) {
        Some(node) => node.as_str()?,
        None => tag.fallback?,
    };
    keys.case(word)
}

/// The problem of a key that belongs to another word of the tag.
fn misplaced(
    entry: &Entry,
    table: &Table,
    keys: &'static Keys,
    case: &'static Case,
    tag: &Tag,
    path: &str,
) -> Problem {
    let with: Vec<String> = tag
        .cases
        .iter()
        .filter(|case| case.keys.iter().any(|key| key.name == entry.key))
        .map(|case| format!("\"{}\"", case.word))
        .collect();
    let rivals = keys
        .alternatives
        .iter()
        .filter(|groups| groups.iter().any(|group| group.contains(&tag.key)));
    let rivals: Vec<&str> = rivals
        .flat_map(|groups| groups.iter().filter(|group| !group.contains(&tag.key)))
        .flat_map(|group| group.iter().copied())
        .collect();
    let accepted: Vec<&str> = keys
        .of(Some(case))
        .map(|key| key.name)
        .filter(|name| !rivals.contains(name))
        .collect();
    let said = if table.get(tag.key).is_some() {
        ""
    } else {
        " (the default)"
    };
    let mut problem = Problem::at(
        entry.key_place.clone(),
        format!(
            "`{}` does not go with {} = \"{}\"{said}",
            join(path, &entry.key),
            tag.key,
            case.word
        ),
        format!("it goes with {}", with.join(", ")),
    );
    if !accepted.is_empty() {
        problem = problem.note(format!(
            "\"{}\" accepts: {}",
            case.word,
            accepted.join(", ")
        ));
    }
    problem
}

/// Refuses a table with keys of several groups that exclude each other.
fn check_alternatives(table: &Table, groups: &[&[&str]], path: &str, problems: &mut Problems) {
    let first_of = |group: &&[&str]| {
        let mut entries = table.entries.iter();
        entries.find(|entry| group.contains(&entry.key.as_str()))
    };
    let mut given: Vec<&Entry> = groups.iter().filter_map(first_of).collect();
    given.sort_by_key(|entry| entry.key_place.span.start);
    if let [first, second, ..] = given[..] {
        problems.push(Problem::at(
            second.key_place.clone(),
            format!(
                "`{}` and `{}` are two ways of saying one thing",
                join(path, &first.key),
                join(path, &second.key)
            ),
            format!("leave out this or `{}`", first.key),
        ));
    }
}

fn missing(place: &Place, path: &str, doc: &str) -> Problem {
    let label = match path.rsplit_once('.') {
        Some((_, key)) => format!("`{key}` is not given here"),
        None => "not given".to_owned(),
    };
    Problem::at(
        place.clone(),
        format!("`{path}` is missing: {}", decapitalise(doc)),
        label,
    )
}

fn decapitalise(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(characters).collect()
    })
}
