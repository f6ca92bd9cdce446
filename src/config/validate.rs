//! Whether a table says what it may: its keys, their types, their ranges.
//!
//! Each layer of an experiment (a file, a `--set`, a variant, a swept value) is checked by itself
//! with [`check_layer`], so that a mistake is found even where another layer hides it; the merged
//! table of a configuration is checked with [`check_whole`] for what only the whole can say: which
//! keys are missing, and which do not go with each other.

use super::keys::{Case, Fallback, Key, Keys, Kind, Tag};
use super::range::is_range;
use super::sweep::read_sweep;
use super::synonyms;
use super::tree::{Entry, Node, Table, Value};
use crate::error::{Place, Problem, Problems, nearest};

/// Checks the keys and values that one layer gives. `path` is the table's dotted name, empty for
/// the whole file.
pub fn check_layer(table: &Table, keys: &'static Keys, path: &str, problems: &mut Problems) {
    let case = match &keys.tag {
        Some(tag) => table
            .get(tag.key)
            .and_then(Node::as_str)
            .and_then(|word| keys.case(word)),
        None => None,
    };
    for entry in &table.entries {
        let path = join(path, &entry.key);
        if let Some(tag) = &keys.tag
            && tag.key == entry.key
        {
            check_tag(&entry.node, tag, &path, problems);
            continue;
        }
        let candidates = match keys.find_in(&entry.key, case) {
            Some(key) => vec![key],
            None => keys.find_all(&entry.key),
        };
        let mut first = None;
        for key in candidates {
            let mut found = Problems::new();
            check_value(&entry.node, &key.kind, &path, &mut found);
            let fits = found.is_empty();
            first.get_or_insert(found);
            if fits {
                first = Some(Problems::new());
                break;
            }
        }
        match first {
            Some(found) => problems.extend(found),
            None => problems.push(unknown(entry, &path, &keys.names())),
        }
    }
}

/// An unknown key: where it belongs, or the nearest right one.
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
    // As it reads in the file, without [variants.name] before it.
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

/// The key that an unknown one surely stands for: a slip of the finger, or another program's name.
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

/// Whether an unknown key of the table was meant to be this one: then it is not missing too.
fn is_misspelt(table: &Table, keys: &'static Keys, name: &str) -> bool {
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

/// The dotted paths of every key of the file with this name.
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
    search(&super::schema::EXPERIMENT, "", name, &mut found);
    found
}

/// Whether a value is one of a tag's words.
pub fn check_tag(node: &Node, tag: &Tag, path: &str, problems: &mut Problems) {
    let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
    check_word(node, &words, path, problems);
}

/// Whether a node is one of these words.
fn check_word(node: &Node, words: &[&str], path: &str, problems: &mut Problems) {
    match node.as_str() {
        Some(word) if words.contains(&word) => {}
        Some(word) => {
            let synonym = synonyms::value(word).filter(|right| words.contains(right));
            let label = match synonym.or_else(|| nearest(word, words.iter().copied())) {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => "not one of them".to_owned(),
            };
            problems.push(
                Problem::at(
                    node.place.clone(),
                    format!("`{path}` cannot be \"{word}\""),
                    label,
                )
                .note(format!("it can be: {}", words.join(", "))),
            );
        }
        None => problems.push(
            Problem::at(
                node.place.clone(),
                format!("`{path}` must be a word in quotes"),
                format!("this is {}", node.value.kind()),
            )
            .note(format!("it can be: {}", words.join(", "))),
        ),
    }
}

/// Checks one value against what its key can be.
pub fn check_value(node: &Node, kind: &Kind, path: &str, problems: &mut Problems) {
    let wrong = |label: String| {
        Problem::at(
            node.place.clone(),
            format!("`{path}` must be {}", describe(kind)),
            label,
        )
    };
    match (kind, &node.value) {
        (Kind::Bool, Value::Bool(_)) | (Kind::Text, Value::String(_)) => {}
        (Kind::Path, Value::String(text)) if !text.is_empty() => {}
        (Kind::Name, Value::String(text)) => {
            let control = text.chars().any(|c| c.is_control() || "/\\:".contains(c));
            if text.is_empty() || text.starts_with('.') || control {
                problems.push(wrong("it names the directory of the results".to_owned()));
            }
        }
        (Kind::Integer(least), Value::Integer(number)) => {
            if number < least {
                problems.push(wrong(format!("{number} is below {least}")));
            }
        }
        (Kind::Integer(_), Value::Float(number)) if number.fract() == 0.0 => {
            problems.push(wrong(format!("write it without a point: {number:.0}")));
        }
        (Kind::Number(interval), Value::Integer(_) | Value::Float(_)) => {
            let number = node.as_f64().expect("both are numbers");
            if !interval.contains(number) {
                problems.push(wrong(format!("{} is not", node.value.to_toml())));
            }
        }
        (Kind::Choice(choices), Value::String(_)) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            check_word(node, &words, path, problems);
        }
        (Kind::List(item, least), Value::Array(items)) => {
            if items.len() < *least {
                problems.push(wrong(match items.len() {
                    0 => "it is empty".to_owned(),
                    1 => "it has only 1".to_owned(),
                    n => format!("it has only {n}"),
                }));
            }
            for (index, node) in items.iter().enumerate() {
                check_value(node, item, &format!("{path}[{index}]"), problems);
            }
        }
        (Kind::Pair(item), Value::Array(items)) => {
            if items.len() != 2 {
                problems.push(wrong(format!("it has {}", items.len())));
            }
            for (index, node) in items.iter().enumerate() {
                check_value(node, item, &format!("{path}[{index}]"), problems);
            }
        }
        (Kind::OneOf(kinds), value) => check_one_of(kinds, value, wrong, node, path, problems),
        (Kind::Table(keys), Value::Table(table)) => check_layer(table, keys, path, problems),
        (Kind::Table(keys), Value::String(_)) if keys.tag.as_ref().is_some_and(|tag| tag.short) => {
            let tag = keys.tag.as_ref().expect("it has just been seen");
            check_tag(node, tag, path, problems);
        }
        (Kind::Sweep, Value::Table(_)) => {
            read_sweep(node, problems);
        }
        (Kind::Sweep, Value::Array(blocks)) if blocks.iter().all(|b| b.as_table().is_some()) => {
            read_sweep(node, problems);
        }
        (Kind::Variants, Value::Table(variants)) => check_variants(variants, problems),
        (_, Value::Array(_)) if is_single(kind) => {
            problems.push(wrong(
                "this is a list; several values belong in [sweep]".to_owned(),
            ));
        }
        (_, Value::Table(table)) if is_single(kind) && is_range(table) => {
            problems.push(wrong("this is a range; it belongs in [sweep]".to_owned()));
        }
        (Kind::Variants, Value::Array(_)) => {
            problems.push(
                wrong("this is a list".to_owned())
                    .note("each variant has a header of its own, such as [variants.small]"),
            );
        }
        _ => problems.push(wrong(format!("this is {}", node.value.kind()))),
    }
}

/// Whether any of several kinds fits; if none does, the one of the value's own type speaks.
fn check_one_of(
    kinds: &[Kind],
    value: &Value,
    wrong: impl Fn(String) -> Problem,
    node: &Node,
    path: &str,
    problems: &mut Problems,
) {
    let mut likely: Option<(usize, Problems, bool)> = None;
    for kind in kinds.iter().filter(|kind| can_be(kind, value)) {
        let mut found = Problems::new();
        check_value(node, kind, path, &mut found);
        if found.is_empty() {
            return;
        }
        let count = found.len();
        if likely.as_ref().is_none_or(|(least, _, _)| count < *least) {
            likely = Some((count, found, matches!(kind, Kind::List(..))));
        }
    }
    match likely {
        // A list's items speak for themselves; a single value is told all it can be.
        Some((_, found, true)) => problems.extend(found),
        Some((_, found, false)) => {
            let label = found
                .iter()
                .next()
                .map_or(String::new(), |problem| problem.label.clone());
            problems.push(wrong(label));
        }
        None => problems.push(match value {
            Value::Array(_) if kinds.iter().all(is_single) => {
                wrong("this is a list; several values belong in [sweep]".to_owned())
            }
            Value::Table(table) if is_range(table) => {
                wrong("this is a range; it belongs in [sweep]".to_owned())
            }
            _ => wrong(format!("this is {}", value.kind())),
        }),
    }
}

/// Whether a kind's values are single numbers, words or truth values.
fn is_single(kind: &Kind) -> bool {
    match kind {
        Kind::Bool | Kind::Integer(_) | Kind::Number(_) | Kind::Choice(_) => true,
        Kind::OneOf(kinds) => kinds.iter().all(is_single),
        _ => false,
    }
}

/// Keys of the file that hold for the whole experiment: no variant and no sweep changes them.
pub const WHOLE_EXPERIMENT: [&str; 9] = [
    "name",
    "description",
    "replicates",
    "vary",
    "extends",
    "variants",
    "sweep",
    "compare",
    "output",
];

fn check_variants(variants: &Table, problems: &mut Problems) {
    for variant in &variants.entries {
        let path = join("variants", &variant.key);
        let Some(table) = variant.node.as_table() else {
            let label = match super::schema::EXPERIMENT.find(&variant.key) {
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
        let names: Vec<&str> = super::schema::EXPERIMENT
            .names()
            .into_iter()
            .filter(|name| !WHOLE_EXPERIMENT.contains(name))
            .collect();
        if let Some(Key {
            kind: Kind::Table(keys),
            ..
        }) = super::schema::EXPERIMENT.find(&variant.key)
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
            match super::schema::EXPERIMENT.find(&entry.key) {
                Some(key) if names.contains(&key.name) => {
                    check_value(&entry.node, &key.kind, &path, problems);
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

/// Whether a value has the type of a kind, whatever it says.
fn can_be(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Bool => matches!(value, Value::Bool(_)),
        Kind::Integer(_) => {
            matches!(value, Value::Integer(_))
                || matches!(value, Value::Float(number) if number.fract() == 0.0)
        }
        Kind::Number(_) => matches!(value, Value::Integer(_) | Value::Float(_)),
        Kind::Choice(_) | Kind::Text | Kind::Name | Kind::Path => {
            matches!(value, Value::String(_))
        }
        Kind::List(..) | Kind::Pair(_) => matches!(value, Value::Array(_)),
        Kind::OneOf(kinds) => kinds.iter().any(|kind| can_be(kind, value)),
        Kind::Table(keys) if keys.tag.as_ref().is_some_and(|tag| tag.short) => {
            matches!(value, Value::Table(_) | Value::String(_))
        }
        Kind::Table(_) | Kind::Variants | Kind::Sweep => matches!(value, Value::Table(_)),
    }
}

/// As in "`training.epochs` must be …".
pub fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Integer(least) => format!("a whole number, at least {least}"),
        Kind::Number(interval) => interval.describe(),
        Kind::Choice(choices) => match choices {
            [only] => format!("\"{}\"", only.word),
            _ => {
                let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
                format!("one of {}", words.join(", "))
            }
        },
        Kind::Text => "a text in quotes".to_owned(),
        Kind::Name => "a text that can name a directory".to_owned(),
        Kind::Path => "a path in quotes".to_owned(),
        Kind::List(item, least) => {
            let item = match item {
                Kind::Integer(low) => format!("whole numbers, each at least {low}"),
                Kind::Number(_) => "finite numbers".to_owned(),
                Kind::Choice(_) => "words in quotes".to_owned(),
                Kind::Text => "texts in quotes".to_owned(),
                Kind::List(Kind::List(..), _) => "matrices, each a list of rows".to_owned(),
                Kind::List(Kind::Choice(_), _) => "lists of words".to_owned(),
                Kind::List(..) => "lists of numbers".to_owned(),
                other => describe(other),
            };
            match least {
                0 | 1 => format!("a list of {item}"),
                n => format!("a list of at least {n} {item}"),
            }
        }
        Kind::Pair(item) => format!("a list of two numbers, each {}", describe(item)),
        Kind::OneOf(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(describe).collect();
            kinds.join(", or ")
        }
        Kind::Table(keys) => match &keys.tag {
            Some(tag) if tag.short => {
                let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
                format!(
                    "one of {}, or a table with such a `{}`",
                    words.join(", "),
                    tag.key
                )
            }
            _ => "a table".to_owned(),
        },
        Kind::Variants => "a table of named variants".to_owned(),
        Kind::Sweep => "a table, or a list of tables written [[sweep]]".to_owned(),
    }
}

/// The case that a table is in, as far as its tag can be read.
pub fn case_of(table: &Table, keys: &'static Keys) -> Option<&'static Case> {
    let tag = keys.tag.as_ref()?;
    let word = match table.get(tag.key) {
        Some(node) => node.as_str()?,
        None => tag.fallback?,
    };
    keys.case(word)
}

/// Checks a merged table, whose layers have passed [`check_layer`]: that nothing is missing, and
/// that its keys go with each other. `place` is where a missing key would belong.
pub fn check_whole(
    table: &Table,
    place: &Place,
    keys: &'static Keys,
    path: &str,
    problems: &mut Problems,
) {
    let case = case_of(table, keys);
    if let Some(tag) = &keys.tag {
        match (table.get(tag.key), case) {
            (None, None) if is_misspelt(table, keys, tag.key) => return,
            (None, None) => {
                let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
                problems.push(
                    missing(place, &join(path, tag.key), tag.doc)
                        .note(format!("it can be: {}", words.join(", "))),
                );
                return;
            }
            // Its word is wrong, which has been said.
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
            (None, _) if is_misspelt(table, keys, key.name) => {}
            (None, _) if matches!(key.fallback, Fallback::Required) => {
                problems.push(
                    missing(place, &join(path, key.name), key.doc)
                        .note(format!("it must be {}", describe(&key.kind))),
                );
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
            // Which of several keys of this name it is, a layer by itself may not have known.
            (Some(node), kind) if keys.is_ambiguous(key.name) => {
                check_value(node, &kind, &join(path, key.name), problems);
            }
            _ => {}
        }
    }
}

/// A key that another word of the tag would have.
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

/// That the keys of only one group are there.
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

/// A dotted path with one more key.
pub fn join(path: &str, key: &str) -> String {
    let key = super::tree::key_to_toml(key);
    if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

/// What a dotted path leads to in the schema.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A key.
    Key(&'static Key),
    /// The word that decides a table's keys.
    Tag(&'static Keys),
}

/// The key that a dotted path of the experiment file names.
///
/// # Errors
/// The names that could have stood where the first unknown name stands, and its position.
pub fn find(path: &[&str]) -> Result<Target, (usize, Vec<&'static str>)> {
    let mut keys = &super::schema::EXPERIMENT;
    for (position, name) in path.iter().enumerate() {
        let last = position + 1 == path.len();
        if last && keys.tag.as_ref().is_some_and(|tag| tag.key == *name) {
            return Ok(Target::Tag(keys));
        }
        let Some(key) = keys.find(name) else {
            return Err((position, keys.names()));
        };
        if last {
            return Ok(Target::Key(key));
        }
        let Kind::Table(inner) = key.kind else {
            return Err((position + 1, Vec::new()));
        };
        keys = inner;
    }
    Err((0, keys.names()))
}
