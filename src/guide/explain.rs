//! The text of `runner explain KEY`: the meaning of one key, table or word.

use serde_json::{Value, json};

use super::entries::{Entry, entries};
use super::examples::of_table;
use crate::language::Language;
use crate::screen::{Screen, columns};
use crate::text;
use problems::{Problem, nearest};

/// The meaning of a key, a table or a word of the experiment file. `name` is a dotted path, the
/// last part of one, or a word such as `adam`.
///
/// # Errors
/// If there is no such name; the problem has the nearest one.
pub fn explain(language: Language, name: &str, screen: &Screen) -> Result<String, Problem> {
    let entries = entries(language);
    let name = bare(name);
    let keys = named(name, &entries);
    let words = entries.iter().flat_map(|entry| word(entry, name, screen));
    let words: Vec<String> = words.collect();
    let keys = keys
        .iter()
        .map(|entry| of(language, entry, &entries, screen));
    let mut parts: Vec<String> = keys.collect();
    parts.extend(words);
    if parts.is_empty() {
        return Err(unknown(name, &entries));
    }
    Ok(parts.join("\n"))
}

/// The explanation for a program: the keys of this name, and those that accept this word.
///
/// # Errors
/// If there is no such name; the problem has the nearest one.
pub fn document(language: Language, name: &str) -> Result<Value, Problem> {
    let entries = entries(language);
    let name = bare(name);
    let keys: Vec<Value> = named(name, &entries).into_iter().map(value).collect();
    let words = entries.iter().filter_map(|entry| {
        let (word, meaning) = entry.words.iter().find(|(word, _)| *word == name)?;
        Some(json!({ "key": entry.path, "word": word, "meaning": meaning }))
    });
    let words: Vec<Value> = words.collect();
    match keys.is_empty() && words.is_empty() {
        true => Err(unknown(name, &entries)),
        false => Ok(json!({ "name": name, "keys": keys, "words": words })),
    }
}

/// The explanations of all keys, for a program.
pub fn all(language: Language) -> Vec<Value> {
    entries(language).iter().map(value).collect()
}

fn value(entry: &Entry) -> Value {
    let words = entry.words.iter();
    let words = words.map(|(word, meaning)| json!({ "word": word, "meaning": meaning }));
    json!({
        "key": entry.path,
        "meaning": entry.doc,
        "table": entry.is_table,
        "values": entry.values,
        "default": entry.default,
        "goes_with": entry.goes_with,
        "words": words.collect::<Vec<_>>(),
        "example": entry.example,
    })
}

/// The name without brackets and backticks around it.
fn bare(name: &str) -> &str {
    name.trim_matches(['[', ']', '`'])
}

/// The entries with this path, or else those whose path ends with it.
fn named<'a>(name: &str, entries: &'a [Entry]) -> Vec<&'a Entry> {
    let exact: Vec<&Entry> = entries.iter().filter(|entry| entry.path == name).collect();
    if !exact.is_empty() {
        return exact;
    }
    let tail = format!(".{name}");
    let ends = entries.iter();
    ends.filter(|entry| entry.path.ends_with(&tail)).collect()
}

/// All keys with their meanings.
pub fn list(language: Language, screen: &Screen) -> String {
    let entries = entries(language);
    let all: Vec<&Entry> = entries.iter().collect();
    let more = screen.prose(&text!(language, "explain-more"));
    format!("{}\n{more}\n", meanings(&all, "", screen))
}

/// The meanings of keys. A key that belongs to several words is listed once.
fn meanings(entries: &[&Entry], indent: &str, screen: &Screen) -> String {
    let paths = entries.iter().map(|entry| columns(&entry.path));
    let width = paths.max().unwrap_or(0);
    let mut text = String::new();
    let mut last = "";
    for entry in entries {
        if entry.path != last {
            text += &screen.definition(indent, &entry.path, width, &entry.doc);
        }
        last = &entry.path;
    }
    text
}

fn of(language: Language, entry: &Entry, entries: &[Entry], screen: &Screen) -> String {
    let meaning = screen.indented(&entry.doc, "  ", "  ");
    let mut text = format!("{}\n{meaning}\n", entry.path);
    if entry.is_table {
        text += &below(language, entry, entries, screen);
        return text;
    }
    let goes_with = text!(language, "explain-goes-with");
    let [values, default] = [
        text!(language, "explain-values"),
        text!(language, "explain-default"),
    ];
    let width = columns(&goes_with)
        .max(columns(&values))
        .max(columns(&default));
    let line = |name: &str, meaning: &str| screen.definition("  ", name, width, meaning);
    if !entry.goes_with.is_empty() {
        text += &format!("\n{}", line(&goes_with, &entry.goes_with.join(", ")));
    }
    text += &format!(
        "\n{}{}",
        line(&values, &entry.values),
        line(&default, &entry.default)
    );
    if !entry.words.is_empty() {
        text += "\n";
        let widths = entry.words.iter().map(|(word, _)| columns(word));
        let width = widths.max().unwrap_or(0);
        for (word, doc) in &entry.words {
            text += &screen.definition("  ", word, width, doc);
        }
    }
    text += &format!("\n  {}\n", text!(language, "explain-example"));
    for line in example(entry).lines() {
        text += &screen.indented(line, "    ", "      ");
        text += "\n";
    }
    text += &below(language, entry, entries, screen);
    text
}

/// The lines of a file with the example of the key.
fn example(entry: &Entry) -> String {
    let (table, key) = entry.path.rsplit_once('.').unwrap_or(("", &entry.path));
    // The keys of an optimizer or a schedule are written in braces.
    let braced = ["training.optimizer", "training.schedule"].contains(&table);
    if braced {
        let (outer, name) = table.rsplit_once('.').unwrap_or(("", table));
        let tag = match entry.goes_with.first() {
            Some(word) => format!("{word}, "),
            None => String::new(),
        };
        let example = entry.example;
        format!("[{outer}]\n{name} = {{ {tag}{key} = {example} }}\n")
    } else if table.is_empty() {
        format!("{key} = {}\n", entry.example)
    } else {
        format!("[{table}]\n{key} = {}\n", entry.example)
    }
}

/// The keys of a table.
fn below(language: Language, entry: &Entry, entries: &[Entry], screen: &Screen) -> String {
    let prefix = format!("{}.", entry.path);
    let below: Vec<&Entry> = entries
        .iter()
        .filter(|other| other.path.starts_with(&prefix))
        .collect();
    let mut text = String::new();
    if !below.is_empty() {
        text += &format!("\n  {}\n", text!(language, "explain-keys"));
        text += &meanings(&below, "    ", screen);
    }
    if let Some(lines) = of_table(&entry.path) {
        text += &format!("\n  {}\n", text!(language, "explain-example"));
        for line in lines.lines() {
            text += &format!("    {line}\n");
        }
    }
    text
}

/// The meaning of a word that a key accepts.
fn word(entry: &Entry, name: &str, screen: &Screen) -> Option<String> {
    let (word, doc) = entry.words.iter().find(|(word, _)| *word == name)?;
    let meaning = screen.indented(doc, "  ", "  ");
    Some(format!("{} = \"{word}\"\n{meaning}\n", entry.path))
}

fn unknown(name: &str, entries: &[Entry]) -> Problem {
    let paths = entries.iter().map(|entry| entry.path.as_str());
    let tails = entries
        .iter()
        .filter_map(|entry| entry.path.rsplit('.').next());
    let words = entries
        .iter()
        .flat_map(|entry| entry.words.iter().map(|(word, _)| *word));
    let near = nearest(name, paths).or_else(|| nearest(name, tails.chain(words)));
    let problem = Problem::new(format!("there is no key and no word `{name}`"));
    match near {
        Some(near) => problem.note(format!("did you mean `{near}`?")),
        None => problem.note("runner explain, without a key, lists all of them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = Screen {
        width: 100,
        styled: false,
    };

    #[test]
    fn a_key_is_found_by_its_path_by_its_end_and_by_its_words() {
        let whole =
            explain(Language::English, "training.batch_size", &SCREEN).expect("it is a key");
        assert_eq!(
            explain(Language::English, "batch_size", &SCREEN).expect("it ends a path"),
            whole
        );
        assert!(
            whole.contains("a whole number, at least 1, or \"full\""),
            "{whole}"
        );
        assert!(whole.contains("default    32"), "{whole}");
        let word = explain(Language::English, "cosine", &SCREEN).expect("it is a word");
        assert!(
            word.starts_with("training.schedule.name = \"cosine\""),
            "{word}"
        );
        let decay =
            explain(Language::English, "weight_decay", &SCREEN).expect("two optimizers have it");
        assert!(
            decay.contains("name = \"sgd\"") && decay.contains("name = \"adamw\""),
            "{decay}"
        );
    }

    #[test]
    fn a_misspelt_key_gets_the_nearest() {
        let problem =
            explain(Language::English, "learning_rte", &SCREEN).expect_err("it is misspelt");
        assert_eq!(problem.notes, ["did you mean `learning_rate`?"]);
    }

    #[test]
    fn every_key_can_be_explained() {
        for entry in entries(Language::English) {
            assert!(
                explain(Language::English, &entry.path, &SCREEN).is_ok(),
                "{}",
                entry.path
            );
        }
    }
}
