//! The keys of `[data]` that hold for the whole experiment. No variant and no sweep can change
//! them, since all configurations are judged on the same parts.

use super::tree::{Node, Table};
use super::validate::join;
use problems::{Place, Problem, Problems};

/// The keys, with the reason why they hold for all configurations.
const HELD: [(&[&str], &str); 2] = [
    (
        &[
            "test",
            "test_path",
            "test_images",
            "test_labels",
            "test_x",
            "test_y",
        ],
        "the test part is the same for all configurations",
    ),
    (&["folds"], "all configurations have the same folds"),
];

/// The names of these keys.
pub fn held_keys() -> impl Iterator<Item = &'static str> {
    HELD.iter().flat_map(|(keys, _)| keys.iter().copied())
}

/// The reason why this key of `[data]` holds for the whole experiment; `None` if it does not.
fn held(key: &str) -> Option<&'static str> {
    let mut groups = HELD.iter();
    groups
        .find(|(keys, _)| keys.contains(&key))
        .map(|(_, why)| *why)
}

/// Refuses a table of a variant or a sweep, for the section `path`, that changes a key which all
/// configurations share.
pub fn check_held_table(path: &str, node: &Node, whose: &str, problems: &mut Problems) {
    let entries = node
        .as_table()
        .map_or(&[][..], |table: &Table| &table.entries);
    for entry in entries.iter().filter(|_| path == "data") {
        if let Some(why) = held(&entry.key) {
            problems.push(refused(
                &join(path, &entry.key),
                entry.key_place.clone(),
                whose,
                why,
            ));
        }
    }
}

/// The problem of sweeping this key, if it holds for the whole experiment.
pub fn held_axis(path: &[String], place: &Place) -> Option<Problem> {
    match path {
        [section, key] if section == "data" => {
            let why = held(key)?;
            Some(refused(&join(section, key), place.clone(), "a sweep", why))
        }
        _ => None,
    }
}

fn refused(name: &str, place: Place, whose: &str, why: &str) -> Problem {
    Problem::at(
        place,
        format!("{whose} cannot change `{name}`"),
        "it holds for the whole experiment",
    )
    .note(why)
}
