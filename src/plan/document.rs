//! The document of an experiment: the file with every default and override written out, as TOML.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::Plan;
use super::dataset::resolved;
use crate::config::{
    EXPERIMENT, Fallback, Keys, Kind, Node, Table, Value, case_of, key_to_toml, parse,
};
use problems::{Error, Problems, Source};

/// The text of the document. Paths are relative to `directory`, so that the file works from there.
///
/// # Errors
/// If a path is not UTF-8, so that no text can have it. The returned text was read back and has the
/// same content.
pub fn document(plan: &Plan, directory: &Path) -> Result<String, Error> {
    let mut table = plan.experiment.root.clone();
    for name in ["data", "model", "training", "compare", "output"] {
        if table.get(name).is_none() {
            table
                .entries
                .push(entry(name, Value::Table(Table::default()), plan));
        }
    }
    set(&mut table, "name", Value::String(plan.name.clone()), plan);
    if let Some(Value::Table(compare)) = table
        .entry_mut("compare")
        .map(|entry| &mut entry.node.value)
    {
        if !plan.compare.by.is_empty() {
            set(compare, "by", Value::String(plan.compare.by.clone()), plan);
        }
        set(
            compare,
            "metric",
            Value::String(plan.compare.metric.name().to_owned()),
            plan,
        );
    }
    complete(&mut table, &EXPERIMENT, plan);
    let new_home = Home {
        directory: absolute(directory),
        unsayable: RefCell::default(),
    };
    move_paths(&mut table, &EXPERIMENT, &new_home);
    if let Some(path) = new_home.unsayable.into_inner() {
        return Err(Error::Other(format!(
            "the results could not say where their data is: the path {path:?} is not UTF-8; rename \
             it, or put the results beside the data with --out"
        )));
    }
    let mut text =
        String::from("# The experiment as it ran, every default and override written out.\n");
    // Tables are written after values, since values after a header would belong to its table.
    write_table(&mut text, &table, &EXPERIMENT, "");
    read_back(&text, table, directory)?;
    Ok(text)
}

/// Reads the text again and checks that it has the content of the table.
fn read_back(text: &str, table: Table, directory: &Path) -> Result<(), Error> {
    let source = Source::file(&directory.join("experiment.toml"), text.to_owned());
    let mut problems = Problems::new();
    let again = parse(&source, &mut problems)?;
    problems.into_result(())?;
    if Value::Table(again).to_json() != Value::Table(table).to_json() {
        return Err(Error::Other(
            "the experiment cannot be written down as it ran: its TOML reads back as another one"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The directory in which the document will be.
struct Home {
    directory: PathBuf,
    /// A path that no TOML text can have.
    unsayable: RefCell<Option<PathBuf>>,
}

fn entry(key: &str, value: Value, plan: &Plan) -> crate::config::Entry {
    let place = plan.experiment.end.clone();
    crate::config::Entry {
        key: key.to_owned(),
        key_place: place.clone(),
        node: Node { value, place },
    }
}

fn set(table: &mut Table, key: &str, value: Value, plan: &Plan) {
    match table.entry_mut(key) {
        Some(entry) => entry.node.value = value,
        None => table.entries.push(entry(key, value, plan)),
    }
}

/// Adds the defaults of keys that are not given, in the order of the schema.
fn complete(table: &mut Table, keys: &'static Keys, plan: &Plan) {
    let losing: Vec<&str> = keys
        .alternatives
        .iter()
        .flat_map(|groups| {
            let given = groups
                .iter()
                .position(|group| group.iter().any(|name| table.get(name).is_some()));
            let groups = groups.iter().enumerate();
            groups.filter(move |(index, _)| given.is_some_and(|given| given != *index))
        })
        .flat_map(|(_, group)| group.iter().copied())
        .collect();
    let mut wanted = Vec::new();
    if let Some(tag) = &keys.tag
        && table.get(tag.key).is_none()
        && !losing.contains(&tag.key)
        && let Some(word) = tag.fallback
    {
        wanted.push((tag.key, Value::String(word.to_owned())));
    }
    for key in keys.of(case_of(table, keys)) {
        if table.get(key.name).is_none()
            && !losing.contains(&key.name)
            && let Some(value) = default(key.kind, key.fallback, plan)
        {
            wanted.push((key.name, value));
        }
    }
    for (name, value) in wanted {
        table.entries.push(entry(name, value, plan));
    }
    let order = keys.names();
    table
        .entries
        .sort_by_key(|entry| order.iter().position(|name| *name == entry.key));
    for entry in &mut table.entries {
        if let Some(Kind::Table(inner)) = keys.find(&entry.key).map(|key| key.kind)
            && let Value::Table(table) = &mut entry.node.value
        {
            complete(table, inner, plan);
        }
    }
}

/// A default as a value of the tree; `None` if there is no default to write.
fn default(kind: Kind, fallback: Fallback, plan: &Plan) -> Option<Value> {
    let list = |values: Vec<Value>| {
        let place = &plan.experiment.end;
        let node = |value| Node {
            value,
            place: place.clone(),
        };
        Value::Array(values.into_iter().map(node).collect())
    };
    match (kind, fallback) {
        (Kind::Table(keys), Fallback::Word(word)) => {
            let tag = keys.tag.as_ref()?;
            let mut table = Table::default();
            table
                .entries
                .push(entry(tag.key, Value::String(word.to_owned()), plan));
            Some(Value::Table(table))
        }
        (Kind::Table(_), Fallback::Depends(_)) => Some(Value::Table(Table::default())),
        (_, Fallback::Bool(value)) => Some(Value::Bool(value)),
        (_, Fallback::Integer(value)) => Some(Value::Integer(value)),
        (_, Fallback::Float(value)) => Some(Value::Float(value)),
        (_, Fallback::Word(word)) => Some(Value::String(word.to_owned())),
        (_, Fallback::Words(words)) => Some(list(
            words
                .iter()
                .map(|&word| Value::String(word.to_owned()))
                .collect(),
        )),
        (_, Fallback::Floats(numbers)) => Some(list(
            numbers.iter().map(|&number| Value::Float(number)).collect(),
        )),
        (_, Fallback::Required | Fallback::Absent | Fallback::Depends(_)) => None,
    }
}

/// Rewrites every path in a table of these keys, and in its variants and sweeps.
fn move_paths(table: &mut Table, keys: &'static Keys, home: &Home) {
    for entry in &mut table.entries {
        let named = |kind: Kind| match kind {
            Kind::Table(inner) => Some(inner),
            _ => None,
        };
        let candidates = keys.find_all(&entry.key);
        if let Some(inner) = candidates.first().and_then(|key| named(key.kind)) {
            move_node(&mut entry.node, &|node| {
                if let Value::Table(table) = &mut node.value {
                    move_paths(table, inner, home);
                }
            });
        } else if candidates.iter().any(|key| matches!(key.kind, Kind::Path)) {
            move_node(&mut entry.node, &|node| {
                if let Value::String(_) = &node.value {
                    let path = relative(&absolute(&resolved(node)), &home.directory);
                    if path.to_str().is_none() {
                        home.unsayable.replace(Some(path.clone()));
                    }
                    node.value = Value::String(path.to_string_lossy().into_owned());
                }
            });
        } else if candidates
            .iter()
            .any(|key| matches!(key.kind, Kind::Variants))
        {
            if let Value::Table(variants) = &mut entry.node.value {
                for variant in &mut variants.entries {
                    if let Value::Table(table) = &mut variant.node.value {
                        move_paths(table, &EXPERIMENT, home);
                    }
                }
            }
        } else if candidates.iter().any(|key| matches!(key.kind, Kind::Sweep)) {
            move_node(&mut entry.node, &|node| {
                if let Value::Table(block) = &mut node.value {
                    move_paths(block, &EXPERIMENT, home);
                }
            });
        }
    }
}

/// Applies a change to a node, or, for a sweep, to each item of a list.
fn move_node(node: &mut Node, change: &dyn Fn(&mut Node)) {
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| move_node(item, change)),
        _ => change(node),
    }
}

/// The absolute path, without `.`, `..` and links if the file system knows it.
fn absolute(path: &Path) -> PathBuf {
    // The parent of a bare name is empty, which stands for the current directory.
    let here = Path::new(".");
    let path = if path.as_os_str().is_empty() {
        here
    } else {
        path
    };
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    // If the directory does not exist yet, its existing parent is made absolute, and the rest
    // appended.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    match (whole.parent(), whole.file_name()) {
        (Some(parent), Some(name)) => absolute(parent).join(name),
        _ => whole,
    }
}

/// The path relative to `directory`, with `/` between the names.
pub fn relative_path(path: &Path, directory: &Path) -> String {
    let path = relative(&absolute(path), &absolute(directory));
    path.to_string_lossy().into_owned()
}

/// The path relative to `directory`; both are absolute.
fn relative(path: &Path, directory: &Path) -> PathBuf {
    let (own, base): (Vec<Component>, Vec<Component>) = (
        path.components().collect(),
        directory.components().collect(),
    );
    let common = own
        .iter()
        .zip(&base)
        .take_while(|(one, other)| one == other)
        .count();
    if common == 0 {
        return on_another_drive(path);
    }
    let up = base[common..].iter().map(|_| OsStr::new(".."));
    let down = own[common..].iter().map(|name| name.as_os_str());
    let names: Vec<&OsStr> = up.chain(down).collect();
    names.join(OsStr::new("/")).into()
}

/// A path on another drive as a person writes it: `D:\data` instead of the `\\?\D:\data` of
/// Windows.
fn on_another_drive(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    match text.strip_prefix(r"\\?\") {
        Some(rest) => match rest.strip_prefix(r"UNC\") {
            Some(share) => format!(r"\\{share}").into(),
            None => rest.into(),
        },
        None => path.to_path_buf(),
    }
}

/// Writes a table below its header: first values, then tables.
fn write_table(text: &mut String, table: &Table, keys: &'static Keys, path: &str) {
    let inner = |key: &str| match keys.find(key).map(|key| key.kind) {
        Some(Kind::Table(inner)) if inner.tag.as_ref().is_none_or(|tag| !tag.short) => Some(inner),
        _ => None,
    };
    let mut later = Vec::new();
    for entry in &table.entries {
        let kind = keys.find(&entry.key).map(|key| key.kind);
        match (&entry.node.value, kind) {
            (Value::Table(_), Some(Kind::Variants | Kind::Sweep | Kind::Expect)) => {
                later.push(entry);
            }
            (Value::Array(_), Some(Kind::Sweep)) => later.push(entry),
            (Value::Table(_), _) if inner(&entry.key).is_some() => later.push(entry),
            (value, _) => *text += &format!("{} = {}\n", key_to_toml(&entry.key), written(value)),
        }
    }
    for entry in later {
        let path = crate::config::join(path, &entry.key);
        match (&entry.node.value, inner(&entry.key)) {
            (Value::Table(table), Some(inner)) => {
                *text += &format!("\n[{path}]\n");
                write_table(text, table, inner, &path);
            }
            (Value::Table(table), None) if entry.key == "variants" => {
                for variant in &table.entries {
                    *text += &format!("\n[{}]\n", crate::config::join(&path, &variant.key));
                    if let Value::Table(table) = &variant.node.value {
                        write_leaves(text, table, &EXPERIMENT, "");
                    }
                }
            }
            (Value::Table(expect), None) if entry.key == "expect" => {
                *text += &format!("\n[{path}]\n");
                write_names(text, expect, "");
            }
            (Value::Table(block), None) => {
                *text += &format!("\n[{path}]\n");
                write_leaves(text, block, &EXPERIMENT, "");
            }
            (Value::Array(blocks), _) => {
                for block in blocks {
                    *text += &format!("\n[[{path}]]\n");
                    if let Value::Table(block) = &block.value {
                        write_leaves(text, block, &EXPERIMENT, "");
                    }
                }
            }
            _ => {}
        }
    }
}

/// Writes a partial file with one line per value and dotted keys.
fn write_leaves(text: &mut String, table: &Table, keys: &'static Keys, path: &str) {
    for entry in &table.entries {
        let path = crate::config::join(path, &entry.key);
        let kind = keys.find(&entry.key).map(|key| key.kind);
        match (&entry.node.value, kind) {
            (Value::Table(table), Some(Kind::Table(inner))) if !table.entries.is_empty() => {
                write_leaves(text, table, inner, &path);
            }
            (value, _) => *text += &format!("{path} = {}\n", written(value)),
        }
    }
}

/// Writes nested tables with one line per value and dotted names.
fn write_names(text: &mut String, table: &Table, path: &str) {
    for entry in &table.entries {
        let path = crate::config::join(path, &entry.key);
        match &entry.node.value {
            Value::Table(table) => write_names(text, table, &path),
            value => *text += &format!("{path} = {}\n", written(value)),
        }
    }
}

/// The TOML text of a value; a long list of lists has one line per item.
fn written(value: &Value) -> String {
    const LINE: usize = 90;
    let one = value.to_toml();
    match value {
        Value::Array(items)
            if one.len() > LINE
                && items
                    .iter()
                    .any(|item| matches!(item.value, Value::Array(_))) =>
        {
            let items: Vec<String> = items
                .iter()
                .map(|item| format!("    {},\n", item.value.to_toml()))
                .collect();
            format!("[\n{}]", items.concat())
        }
        _ => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_another_drive_is_written_as_a_person_does() {
        let plain = [
            (r"\\?\D:\data\a.csv", r"D:\data\a.csv"),
            (r"\\?\UNC\server\share\a.csv", r"\\server\share\a.csv"),
            (r"D:\a.csv", r"D:\a.csv"),
        ];
        for (said, plain) in plain {
            assert_eq!(on_another_drive(Path::new(said)), Path::new(plain));
        }
    }
}
