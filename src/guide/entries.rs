//! The explanations of all keys of the experiment file, in the order of the tables.

use choices::{Choice, Word};

use crate::config::{EXPERIMENT, Fallback, Joining, Key, Keys, Kind, Tag, describe, join};

use super::examples::example;
use super::meanings;
use crate::language::Language;
use crate::text;

/// The explanation of one key.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The dotted name.
    pub path: String,
    /// The meaning of the key.
    pub doc: String,
    /// The values that it accepts.
    pub values: String,
    /// The words that it accepts, each with its meaning.
    pub words: Vec<(&'static str, String)>,
    /// The default.
    pub default: String,
    /// `key = "word"` of the cases that have this key; empty if all have it.
    pub goes_with: Vec<String>,
    /// An example of a value, as TOML; empty for a table with a header of its own.
    pub example: &'static str,
    /// Whether it is a table with a header of its own.
    pub is_table: bool,
}

/// The explanations of all keys in a language.
pub fn entries(language: Language) -> Vec<Entry> {
    let mut found = Vec::new();
    collect(language, &EXPERIMENT, "", &mut found);
    for (name, doc, example) in EXPECT {
        let values = match name {
            "better" => text!(language, "values-pairs-of-names"),
            _ => text!(language, "values-bounds"),
        };
        let path = format!("expect.{name}");
        found.push(listed(
            language,
            path,
            values,
            Fallback::Absent,
            doc,
            example,
        ));
    }
    for (name, doc, example) in SWEEP {
        let path = format!("sweep.{name}");
        let kind = match name {
            "mode" => Kind::Choice(Joining::WORDS),
            _ => Kind::Integer(1),
        };
        let (values, fallback) = match name {
            "mode" => (describe(language, &kind), Fallback::Word("grid")),
            "samples" => (describe(language, &kind), Fallback::Required),
            _ => (text!(language, "values-tables"), Fallback::Absent),
        };
        let mut entry = listed(language, path, values, fallback, doc, example);
        match name {
            "mode" => entry.words = meanings::of_words(language, &entry.path, words(&kind)),
            "samples" => entry.goes_with.push("mode = \"random\"".to_owned()),
            _ => {}
        }
        found.push(entry);
    }
    found
}

/// The explanation of a key that is not in the schema.
fn listed(
    language: Language,
    path: String,
    values: String,
    fallback: Fallback,
    doc: &str,
    example: &'static str,
) -> Entry {
    Entry {
        doc: meanings::of_key(language, &path, None, doc),
        values,
        words: Vec::new(),
        default: meanings::default(language, &path, fallback),
        goes_with: Vec::new(),
        example,
        is_table: false,
        path,
    }
}

/// The keys of a block of the sweep beside the swept keys.
const SWEEP: [(&str, &str, &str); 3] = [
    ("mode", "How the lists of the block are joined", "\"zip\""),
    (
        "samples",
        "How many points are drawn; more of them keep the first ones",
        "50",
    ),
    (
        "exclude",
        "Points that are left out: each table names swept keys (or `variant`) and the values that must all agree",
        "[{ training.batch_size = 1, training.learning_rate = 1.0 }]",
    ),
];

/// The keys of `[expect]`.
const EXPECT: [(&str, &str, &str); 4] = [
    (
        "best",
        "What the mean over the runs of the best configuration may be; `best.` can be left out",
        "{ valid_loss.max = 0.01 }",
    ),
    (
        "every",
        "What the mean over the runs of every configuration may be",
        "{ valid_accuracy.min = 0.9 }",
    ),
    (
        "NAME",
        "What the mean over the runs of one configuration may be. NAME is a variant (mini-batch), a swept value (\"learning_rate=0.1\") or several of these with commas between them; of several configurations with this name the best is meant",
        "{ valid_loss.max = 0.02 }",
    ),
    (
        "better",
        "Verdicts: of each pair the first is better than the second, by the comparison that the program makes anyway; no clear difference is a miss",
        "[[\"mini-batch\", \"full-batch\"]]",
    ),
];

/// Adds the keys of one table, then those of the tables in it.
fn collect(language: Language, keys: &'static Keys, path: &str, found: &mut Vec<Entry>) {
    if let Some(tag) = &keys.tag {
        found.push(of_tag(language, tag, path));
    }
    let mut tables = Vec::new();
    let mut own: Vec<Entry> = Vec::new();
    for key in keys.keys {
        own.push(of_key(language, key, path, None));
        if let Kind::Table(inner) = key.kind {
            tables.push((inner, join(path, key.name)));
        }
    }
    if let Some(tag) = &keys.tag {
        for case in tag.cases {
            for key in case.keys {
                let entry = of_key(language, key, path, Some((tag.key, case.word)));
                let like = own.iter_mut().find(|other| {
                    !other.goes_with.is_empty()
                        && (&other.path, &other.doc, &other.values, &other.default)
                            == (&entry.path, &entry.doc, &entry.values, &entry.default)
                });
                match like {
                    Some(other) => other.goes_with.extend(entry.goes_with),
                    None => own.push(entry),
                }
            }
        }
    }
    found.extend(own);
    for (inner, path) in tables {
        collect(language, inner, &path, found);
    }
}

fn of_tag(language: Language, tag: &'static Tag, path: &str) -> Entry {
    let path = join(path, tag.key);
    let words = tag.cases.iter().map(|case| Word {
        word: case.word,
        doc: case.doc,
    });
    let fallback = tag.fallback.map_or(Fallback::Required, Fallback::Word);
    Entry {
        doc: meanings::of_key(language, &path, None, tag.doc),
        values: text!(language, "values-words-below"),
        words: meanings::of_words(language, &path, words.collect()),
        default: meanings::default(language, &path, fallback),
        goes_with: Vec::new(),
        example: example(&path),
        is_table: false,
        path,
    }
}

/// The explanation of a key. `case` is the key and the word with which it is used.
fn of_key(language: Language, key: &'static Key, path: &str, case: Option<(&str, &str)>) -> Entry {
    let path = join(path, key.name);
    let is_table = match key.kind {
        Kind::Table(keys) => keys.tag.as_ref().is_none_or(|tag| !tag.short),
        Kind::Variants | Kind::Sweep | Kind::Expect => true,
        _ => false,
    };
    let goes_with = case.map(|(key, word)| format!("{key} = \"{word}\""));
    Entry {
        doc: meanings::of_key(language, &path, case.map(|(_, word)| word), key.doc),
        values: describe(language, &key.kind),
        words: meanings::of_words(language, &path, words(&key.kind)),
        default: meanings::default(language, &path, key.fallback),
        goes_with: goes_with.into_iter().collect(),
        example: example(&path),
        is_table,
        path,
    }
}

/// The words that a kind accepts.
fn words(kind: &Kind) -> Vec<Word> {
    match kind {
        Kind::Choice(choices) => choices.to_vec(),
        Kind::List(item, _) | Kind::Pair(item) => words(item),
        Kind::OneOf(kinds) => kinds.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Target, check_value, find};
    use problems::{Problems, Source};

    #[test]
    fn every_key_has_an_example_that_passes_its_check() {
        for entry in entries(Language::English) {
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
