//! Every key of the experiment file, in the order of the tables, ready to be explained.

use choices::{Choice, Word};

use crate::config::{EXPERIMENT, Fallback, Joining, Key, Keys, Kind, Tag, Value, describe, join};

use super::examples::example;

/// One key, as it is explained to a person.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The dotted name.
    pub path: String,
    /// What it means.
    pub doc: String,
    /// What its value can be.
    pub values: String,
    /// The words that it can say, each with its meaning.
    pub words: Vec<(&'static str, &'static str)>,
    /// What holds where it is not given.
    pub default: String,
    /// `key = "word"` of those cases that it goes with; empty: all.
    pub goes_with: Vec<String>,
    /// A value that could stand in a file, as TOML; empty for a table with a header of its own.
    pub example: &'static str,
    /// Whether it is a table with a header of its own.
    pub is_table: bool,
}

/// Every key.
pub fn entries() -> Vec<Entry> {
    let mut found = Vec::new();
    collect(&EXPERIMENT, "", &mut found);
    for (path, values, doc, example) in EXPECT {
        found.push(Entry {
            path: path.to_owned(),
            doc: doc.to_owned(),
            values: values.to_owned(),
            words: Vec::new(),
            default: "none".to_owned(),
            goes_with: Vec::new(),
            example,
            is_table: false,
        });
    }
    for (name, values, default, doc, example) in SWEEP {
        found.push(Entry {
            path: format!("sweep.{name}"),
            doc: doc.to_owned(),
            values: values.to_owned(),
            words: if name == "mode" {
                Joining::WORDS
                    .iter()
                    .map(|word| (word.word, word.doc))
                    .collect()
            } else {
                Vec::new()
            },
            default: default.to_owned(),
            goes_with: if name == "samples" {
                vec!["mode = \"random\"".to_owned()]
            } else {
                Vec::new()
            },
            example,
            is_table: false,
        });
    }
    found
}

/// What a block of the sweep can say beside the keys that it sweeps.
const SWEEP: [(&str, &str, &str, &str, &str); 3] = [
    (
        "mode",
        "one of grid, zip, random",
        "\"grid\"",
        "How the lists of the block are joined",
        "\"zip\"",
    ),
    (
        "samples",
        "a whole number, at least 1",
        "must be given",
        "How many points are drawn; more of them keep the first ones",
        "50",
    ),
    (
        "exclude",
        "a list of tables",
        "none",
        "Points that are left out: each table names swept keys (or `variant`) and the values that must all agree",
        "[{ training.batch_size = 1, training.learning_rate = 1.0 }]",
    ),
];

const BOUNDS: &str = "bounds (max, min) of any column of numbers of runs.csv";

/// What `[expect]` can say.
const EXPECT: [(&str, &str, &str, &str); 4] = [
    (
        "expect.best",
        BOUNDS,
        "What the mean over the runs of the best configuration may be; `best.` can be left out",
        "{ valid_loss.max = 0.01 }",
    ),
    (
        "expect.every",
        BOUNDS,
        "What the mean over the runs of every configuration may be",
        "{ valid_accuracy.min = 0.9 }",
    ),
    (
        "expect.NAME",
        BOUNDS,
        "What the mean over the runs of one configuration may be. NAME is a variant (mini-batch), a swept value (\"learning_rate=0.1\") or several of these with commas between them; of several configurations with this name the best is meant",
        "{ valid_loss.max = 0.02 }",
    ),
    (
        "expect.better",
        "a list of pairs of names",
        "Verdicts: of each pair the first is better than the second, by the comparison that the program makes anyway; no clear difference is a miss",
        "[[\"mini-batch\", \"full-batch\"]]",
    ),
];

/// The keys of one table, then those of the tables in it.
fn collect(keys: &'static Keys, path: &str, found: &mut Vec<Entry>) {
    if let Some(tag) = &keys.tag {
        found.push(of_tag(tag, path));
    }
    let mut tables = Vec::new();
    let mut own: Vec<Entry> = Vec::new();
    for key in keys.keys {
        own.push(of_key(key, path, Vec::new()));
        if let Kind::Table(inner) = key.kind {
            tables.push((inner, join(path, key.name)));
        }
    }
    if let Some(tag) = &keys.tag {
        for case in tag.cases {
            for key in case.keys {
                let word = format!("{} = \"{}\"", tag.key, case.word);
                let entry = of_key(key, path, vec![word.clone()]);
                let like = own.iter_mut().find(|other| {
                    !other.goes_with.is_empty()
                        && (&other.path, &other.doc, &other.values, &other.default)
                            == (&entry.path, &entry.doc, &entry.values, &entry.default)
                });
                match like {
                    Some(other) => other.goes_with.push(word),
                    None => own.push(entry),
                }
            }
        }
    }
    found.extend(own);
    for (inner, path) in tables {
        collect(inner, &path, found);
    }
}

fn of_tag(tag: &'static Tag, path: &str) -> Entry {
    let path = join(path, tag.key);
    Entry {
        doc: tag.doc.to_owned(),
        values: "one of the words below".to_owned(),
        words: tag.cases.iter().map(|case| (case.word, case.doc)).collect(),
        default: match tag.fallback {
            Some(word) => format!("\"{word}\""),
            None => "must be given".to_owned(),
        },
        goes_with: Vec::new(),
        example: example(&path),
        is_table: false,
        path,
    }
}

fn of_key(key: &'static Key, path: &str, goes_with: Vec<String>) -> Entry {
    let path = join(path, key.name);
    let words = words(&key.kind);
    let is_table = match key.kind {
        Kind::Table(keys) => keys.tag.as_ref().is_none_or(|tag| !tag.short),
        Kind::Variants | Kind::Sweep | Kind::Expect => true,
        _ => false,
    };
    Entry {
        doc: key.doc.to_owned(),
        values: describe(&key.kind),
        words: words
            .iter()
            .map(|choice| (choice.word, choice.doc))
            .collect(),
        default: default(key.fallback),
        goes_with,
        example: example(&path),
        is_table,
        path,
    }
}

/// The words among the values of a kind.
fn words(kind: &Kind) -> Vec<Word> {
    match kind {
        Kind::Choice(choices) => choices.to_vec(),
        Kind::List(item, _) | Kind::Pair(item) => words(item),
        Kind::OneOf(kinds) => kinds.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

/// A default as a person reads it: a value as TOML, or what it depends on.
pub fn default(fallback: Fallback) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match fallback {
        Fallback::Required => "must be given".to_owned(),
        Fallback::Absent => "none".to_owned(),
        Fallback::Depends(text) => text.to_owned(),
        Fallback::Bool(value) => value.to_string(),
        Fallback::Integer(value) => value.to_string(),
        Fallback::Float(value) => Value::Float(value).to_toml(),
        Fallback::Word(word) => format!("\"{word}\""),
        Fallback::Floats(numbers) => list(
            numbers
                .iter()
                .map(|&number| Value::Float(number).to_toml())
                .collect(),
        ),
        Fallback::Words(words) => list(words.iter().map(|word| format!("\"{word}\"")).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Target, check_value, find};
    use problems::{Problems, Source};

    #[test]
    fn every_key_has_an_example_that_passes_its_check() {
        for entry in entries() {
            let is_listed = ["sweep.", "expect."];
            if entry.is_table || is_listed.iter().any(|table| entry.path.starts_with(table)) {
                continue;
            }
            assert!(!entry.example.is_empty(), "{} has no example", entry.path);
            let path: Vec<&str> = entry.path.split('.').collect();
            let source = Source::argument("example", format!("x = {}", entry.example));
            let table = crate::config::parse(&source, &mut Problems::new())
                .unwrap_or_else(|problems| panic!("{}: {}", entry.path, problems.render(false)));
            let node = table.get("x").expect("it has just been written");
            match find(&path).unwrap_or_else(|_| panic!("{} is no key", entry.path)) {
                Target::Key(key) => {
                    let mut found = Problems::new();
                    check_value(node, &key.kind, &entry.path, &mut found);
                    assert!(found.is_empty(), "{}", found.render(false));
                }
                Target::Tag(keys) => {
                    let word = node.as_str().expect("a tag says a word");
                    assert!(keys.case(word).is_some(), "{}: {word}", entry.path);
                }
            }
        }
    }
}
