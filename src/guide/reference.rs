//! The reference page of every key, as Markdown: `docs/reference.md`.

use super::entries::{Entry, entries};

/// The whole page.
pub fn markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    let entries = entries();
    let mut tables: Vec<&str> = Vec::new();
    for entry in &entries {
        let table = table(entry);
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    for name in tables {
        let title = match name {
            "" => "## The file".to_owned(),
            "sweep" => "## [sweep] and [[sweep]]".to_owned(),
            name => format!("## [{name}]"),
        };
        text += &format!("\n{title}\n\n");
        text += &about(name);
        text += "| key | values | default | meaning |\n|---|---|---|---|\n";
        let own: Vec<&Entry> = entries
            .iter()
            .filter(|entry| table(entry) == name)
            .collect();
        for entry in &own {
            text += &row(entry);
        }
        for entry in own.iter().filter(|entry| !entry.words.is_empty()) {
            text += &format!("\n`{}` can say:\n\n", key(entry));
            for (word, doc) in &entry.words {
                text += &format!("- `{word}`: {doc}\n");
            }
        }
    }
    text
}

const INTRODUCTION: &str = "# Every key of an experiment file

This page is written by the program from the table that also checks the files; a test compares the
two. `runner explain KEY` tells the same of one key, and `runner schema` gives it to editors.

A file is strict: an unknown key, a wrong type or a value out of range is an error that shows its
place. A relative path is relative to the file that says it. `--set KEY=VALUE` overrides any key.
";

/// What a table's section begins with.
fn about(table: &str) -> String {
    match table {
        "sweep" => "Every other key of a block is a key of the file, with a list of values or a range:\n\n\
```toml\n[sweep]\ntraining.learning_rate = [0.01, 0.1]\ntraining.l2 = { log = [1e-5, 0.1], steps = 5 }\ntraining.epochs = { linear = [10, 50], steps = 5 }\n```\n\n\
Both bounds of a range belong to it; what lies between is rounded to twelve digits. In a random block\n`steps` can be left out: then any value between the bounds is drawn. Blocks written `[[sweep]]` are\njoined one after the other; a point that is reached twice is trained once.\n\n"
            .to_owned(),
        "expect" => "What is expected of the results is judged after the run, by `runner compare` and by `runner report`. A\nmiss is exit code 1 and a line that says by how much; `--junit FILE` writes a test for each. A bound is\nabout the mean over all runs of a configuration: a run that diverged misses it.\n\n\
```toml\n[expect]\nbest.valid_loss.max = 0.01\nevery.valid_accuracy.min = 0.9\nmini-batch.valid_loss.max = 0.02\n\"learning_rate=0.1\".epochs.max = 50\nbetter = [[\"mini-batch\", \"full-batch\"]]\n```\n\n"
            .to_owned(),
        "" => "`[variants.NAME]` overrides keys of `[data]`, `[model]`, `[training]` and `seed`:\n\n\
```toml\n[variants.sgd]\ntraining.batch_size = 1\n[variants.full-batch]\ntraining.batch_size = \"full\"\n```\n\n"
            .to_owned(),
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

fn row(entry: &Entry) -> String {
    let mut doc = entry.doc.clone();
    if !entry.goes_with.is_empty() {
        let words: Vec<String> = entry
            .goes_with
            .iter()
            .map(|word| format!("`{word}`"))
            .collect();
        doc += &format!(" (with {})", words.join(", "));
    }
    let default = match entry.default.as_str() {
        // Values are code, sentences are not.
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
