//! `runner explain KEY`: what one key, table or word means.

use super::entries::{Entry, entries};
use problems::{Problem, nearest};

/// What a key, a table or a word of the experiment file means. `name` is a dotted path, the last
/// part of one, or a word such as `adam`.
///
/// # Errors
/// There is no such name; with the nearest one.
pub fn explain(name: &str) -> Result<String, Problem> {
    let entries = entries();
    let name = name.trim_matches(['[', ']', '`']);
    let exact: Vec<&Entry> = entries.iter().filter(|entry| entry.path == name).collect();
    let tail = format!(".{name}");
    let ends: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.path.ends_with(&tail))
        .collect();
    let keys = if exact.is_empty() { ends } else { exact };
    let words: Vec<String> = entries.iter().flat_map(|entry| word(entry, name)).collect();
    let mut parts: Vec<String> = keys.iter().map(|entry| of(entry, &entries)).collect();
    parts.extend(words);
    if parts.is_empty() {
        return Err(unknown(name, &entries));
    }
    Ok(parts.join("\n"))
}

/// Every key with its meaning, a line each.
pub fn list() -> String {
    let entries = entries();
    let width = entries
        .iter()
        .map(|entry| entry.path.len())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    let mut last = String::new();
    for entry in &entries {
        if entry.path != last {
            text += &format!("{:width$}  {}\n", entry.path, entry.doc);
        }
        last.clone_from(&entry.path);
    }
    text + "\nrunner explain KEY tells more of one of them.\n"
}

fn of(entry: &Entry, entries: &[Entry]) -> String {
    let mut text = format!("{}\n  {}\n", entry.path, entry.doc);
    if entry.is_table {
        text += &below(entry, entries);
        return text;
    }
    if !entry.goes_with.is_empty() {
        text += &format!("\n  goes with  {}\n", entry.goes_with.join(", "));
    }
    text += &format!(
        "\n  values     {}\n  default    {}\n",
        entry.values, entry.default
    );
    if !entry.words.is_empty() {
        text += "\n";
        let width = entry
            .words
            .iter()
            .map(|(word, _)| word.chars().count())
            .max()
            .unwrap_or(0);
        for (word, doc) in &entry.words {
            text += &format!("  {word:width$}  {doc}\n");
        }
    }
    let (table, key) = entry.path.rsplit_once('.').unwrap_or(("", &entry.path));
    text += "\n  example\n";
    // The keys of an optimizer or a schedule stand in braces.
    let braced = ["training.optimizer", "training.schedule"].contains(&table);
    if braced {
        let (outer, name) = table.rsplit_once('.').unwrap_or(("", table));
        let tag = match entry.goes_with.first() {
            Some(word) => format!("{word}, "),
            None => String::new(),
        };
        text += &format!(
            "    [{outer}]\n    {name} = {{ {tag}{key} = {} }}\n",
            entry.example
        );
    } else {
        if !table.is_empty() {
            text += &format!("    [{table}]\n");
        }
        text += &format!("    {key} = {}\n", entry.example);
    }
    text += &below(entry, entries);
    text
}

/// The keys of a table.
fn below(entry: &Entry, entries: &[Entry]) -> String {
    let prefix = format!("{}.", entry.path);
    let below: Vec<&Entry> = entries
        .iter()
        .filter(|other| other.path.starts_with(&prefix))
        .collect();
    let mut text = String::new();
    if !below.is_empty() {
        text += "\n  its keys\n";
        let width = below
            .iter()
            .map(|other| other.path.len())
            .max()
            .unwrap_or(0);
        let mut last = "";
        for other in below {
            if other.path != last {
                text += &format!("    {:width$}  {}\n", other.path, other.doc);
            }
            last = &other.path;
        }
    }
    match entry.path.as_str() {
        "variants" => text += VARIANTS,
        "sweep" => text += SWEEP,
        _ => {}
    }
    text
}

const VARIANTS: &str = "
  example
    [variants.online]
    training.batch_size = 1
    [variants.full-batch]
    training.batch_size = \"full\"
";

const SWEEP: &str = "
  example
    [sweep]
    training.learning_rate = [0.01, 0.1, 1.0]
    training.l2 = { log = [1e-5, 0.1], steps = 5 }
    training.epochs = { linear = [10, 50], steps = 5 }
";

/// A word that a key can say.
fn word(entry: &Entry, name: &str) -> Option<String> {
    let (word, doc) = entry.words.iter().find(|(word, _)| *word == name)?;
    Some(format!("{} = \"{word}\"\n  {doc}\n", entry.path))
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

    #[test]
    fn a_key_is_found_by_its_path_by_its_end_and_by_its_words() {
        let whole = explain("training.batch_size").expect("it is a key");
        assert_eq!(explain("batch_size").expect("it ends a path"), whole);
        assert!(
            whole.contains("a whole number, at least 1, or \"full\""),
            "{whole}"
        );
        assert!(whole.contains("default    32"), "{whole}");
        let word = explain("cosine").expect("it is a word");
        assert!(
            word.starts_with("training.schedule.name = \"cosine\""),
            "{word}"
        );
        let decay = explain("weight_decay").expect("two optimizers have it");
        assert!(
            decay.contains("name = \"sgd\"") && decay.contains("name = \"adamw\""),
            "{decay}"
        );
    }

    #[test]
    fn a_misspelt_key_gets_the_nearest() {
        let problem = explain("learning_rte").expect_err("it is misspelt");
        assert_eq!(problem.notes, ["did you mean `learning_rate`?"]);
    }

    #[test]
    fn every_key_can_be_explained() {
        for entry in entries() {
            assert!(explain(&entry.path).is_ok(), "{}", entry.path);
        }
    }
}
