//! The reference page of all keys as Markdown: `docs/reference.md`, `docs/reference.ja.md`.

use super::entries::{Entry, entries};
use super::examples::of_table;
use crate::language::Language;
use crate::text;

/// The whole page in a language.
pub fn markdown(language: Language) -> String {
    let mut text = text!(language, "reference-introduction") + "\n";
    let entries = entries(language);
    let mut tables: Vec<&str> = Vec::new();
    for entry in &entries {
        let table = table(entry);
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    for name in tables {
        let title = match name {
            "" => text!(language, "reference-file"),
            "sweep" => text!(language, "reference-sweep"),
            name => format!("[{name}]"),
        };
        text += &format!("\n## {title}\n\n");
        text += &about(language, name);
        text += &text!(language, "reference-columns");
        text += "\n|---|---|---|---|\n";
        let own: Vec<&Entry> = entries
            .iter()
            .filter(|entry| table(entry) == name)
            .collect();
        for entry in &own {
            text += &row(language, entry);
        }
        for entry in own.iter().filter(|entry| !entry.words.is_empty()) {
            let say = text!(language, "reference-can-say", key = key(entry));
            text += &format!("\n{say}\n\n");
            for (word, doc) in &entry.words {
                text += &format!("- `{word}`: {doc}\n");
            }
        }
    }
    text
}

/// The text at the beginning of a table's section.
fn about(language: Language, table: &str) -> String {
    let example = |table: &str| {
        let lines = of_table(table).unwrap_or_default();
        format!("\n\n```toml\n{lines}```\n\n")
    };
    match table {
        "sweep" => {
            text!(language, "reference-about-sweep")
                + &example("sweep")
                + &text!(language, "reference-about-ranges")
                + "\n\n"
        }
        "expect" => text!(language, "reference-about-expect") + &example("expect"),
        "" => text!(language, "reference-about-variants") + &example("variants"),
        _ => String::new(),
    }
}

fn table(entry: &Entry) -> &str {
    entry.path.rsplit_once('.').map_or("", |(table, _)| table)
}

fn key(entry: &Entry) -> &str {
    entry
        .path
        .rsplit_once('.')
        .map_or(&entry.path, |(_, key)| key)
}

fn row(language: Language, entry: &Entry) -> String {
    let mut doc = entry.doc.clone();
    if !entry.goes_with.is_empty() {
        let words: Vec<String> = entry
            .goes_with
            .iter()
            .map(|word| format!("`{word}`"))
            .collect();
        doc += &text!(language, "reference-with", words = words.join(", "));
    }
    let default = match entry.default.as_str() {
        // Values are written as code, sentences as text.
        text if text.starts_with(['"', '['])
            || text.parse::<f64>().is_ok()
            || text == "true"
            || text == "false" =>
        {
            format!("`{text}`")
        }
        text => text.to_owned(),
    };
    let cell = |text: &str| text.replace('|', "\\|");
    format!(
        "| `{}` | {} | {} | {} |\n",
        key(entry),
        cell(&entry.values),
        cell(&default),
        cell(&doc)
    )
}
