//! Variants: partial experiments with names. They cannot change keys that hold for the whole
//! experiment.

use super::held::check_held_table;
use super::keys::{Key, Kind};
use super::kinds::check_value;
use super::schema::EXPERIMENT;
use super::tree::Table;
use super::unknown::unknown;
use super::validate::join;
use problems::{Problem, Problems};

/// The keys that hold for the whole experiment, so that no variant and no sweep can change them.
pub const WHOLE_EXPERIMENT: [&str; 10] = [
    "name",
    "description",
    "replicates",
    "vary",
    "extends",
    "variants",
    "sweep",
    "compare",
    "expect",
    "output",
];

/// Checks the overrides of each variant.
pub fn check_variants(variants: &Table, problems: &mut Problems) {
    for variant in &variants.entries {
        let path = join("variants", &variant.key);
        let Some(table) = variant.node.as_table() else {
            let label = match EXPERIMENT.find(&variant.key) {
                Some(_) => "this stands in [variants], not in a variant".to_owned(),
                None => format!("this is {}", variant.node.value.kind()),
            };
            problems.push(
                Problem::at(
                    variant.node.place.clone(),
                    format!("`{path}` must be a table of overrides"),
                    label,
                )
                .note(format!("as in [{path}] with training.batch_size = 1 in it")),
            );
            continue;
        };
        if variant.key.is_empty() || variant.key.chars().any(char::is_control) {
            problems.push(Problem::at(
                variant.key_place.clone(),
                "a variant needs a name that can be shown",
                "",
            ));
        }
        let names: Vec<&str> = EXPERIMENT
            .names()
            .into_iter()
            .filter(|name| !WHOLE_EXPERIMENT.contains(name))
            .collect();
        if let Some(Key {
            kind: Kind::Table(keys),
            ..
        }) = EXPERIMENT.find(&variant.key)
            && let Some(entry) = table
                .entries
                .iter()
                .find(|entry| keys.names().contains(&entry.key.as_str()))
        {
            problems.push(
                Problem::at(
                    variant.key_place.clone(),
                    format!("`{}.{}` stands in no variant", variant.key, entry.key),
                    "a variant needs a name",
                )
                .note(format!(
                    "as in [variants.small] with {}.{} in it",
                    variant.key, entry.key
                )),
            );
            continue;
        }
        for entry in &table.entries {
            let path = join(&path, &entry.key);
            match EXPERIMENT.find(&entry.key) {
                Some(key) if names.contains(&key.name) => {
                    check_value(&entry.node, &key.kind, &path, problems);
                    check_held_table(&entry.key, &entry.node, "a variant", problems);
                }
                Some(_) => problems.push(Problem::at(
                    entry.key_place.clone(),
                    format!("a variant cannot override `{}`", entry.key),
                    "it holds for the whole experiment",
                )),
                None => problems.push(unknown(entry, &path, &names)),
            }
        }
    }
}
