//! A TOML text as a tree of values with their places.
//!
//! The tree keeps the order of the file and the place of every key and value through merging and
//! sweeping, so that a problem found late still points at the text that caused it.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use problems::{Place, Problem, Problems, Source};

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// The place of the value.
    pub place: Place,
}

/// The values that an experiment file can have. TOML's dates and times have no use in an
/// experiment.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, `inf` or `nan`.
    Float(f64),
    /// A text in quotes.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// Keys and values.
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The entries; each key occurs once.
    pub entries: Vec<Entry>,
}

/// One key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key's name.
    pub key: String,
    /// The place of the name.
    pub key_place: Place,
    /// The key's value.
    pub node: Node,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// A key with its value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// A key with its value, to be changed.
    pub fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key == key)
    }

    /// Removes a key and returns its entry.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(index))
    }

    /// The value at a dotted path, which leads through tables.
    pub fn at(&self, path: &str) -> Option<&Node> {
        match path.split_once('.') {
            None => self.get(path),
            Some((first, rest)) => self.get(first)?.as_table()?.at(rest),
        }
    }
}

impl Node {
    /// The table; `None` if the node is not a table.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The list; `None` if the node is not a list.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text; `None` if the node is not a text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number; `None` if the node is not a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self.value {
            Value::Integer(number) => Some(number as f64),
            Value::Float(number) => Some(number),
            _ => None,
        }
    }
}

impl Value {
    /// The value as it stands in a column of `runs.csv`, in a table on the terminal and in a
    /// message: a text without quotes, other values as in TOML.
    pub fn plain(&self) -> String {
        match self {
            Value::String(text) => text.clone(),
            other => other.to_toml(),
        }
    }

    /// The value as TOML on one line.
    pub fn to_toml(&self) -> String {
        match self {
            Value::Bool(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Float(value) => float_to_toml(*value),
            Value::String(text) => toml::Value::String(text.clone()).to_string(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| item.value.to_toml()).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(table) if table.entries.is_empty() => "{}".to_owned(),
            Value::Table(table) => {
                let entries: Vec<String> = table
                    .entries
                    .iter()
                    .map(|entry| {
                        format!(
                            "{} = {}",
                            key_to_toml(&entry.key),
                            entry.node.value.to_toml()
                        )
                    })
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        }
    }

    /// The value as JSON, for serde.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Bool(value) => (*value).into(),
            Value::Integer(value) => (*value).into(),
            Value::Float(value) => (*value).into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => items.iter().map(|item| item.value.to_json()).collect(),
            Value::Table(table) => table
                .entries
                .iter()
                .map(|entry| (entry.key.clone(), entry.node.value.to_json()))
                .collect(),
        }
    }

    /// The kind of the value, for messages with "found …".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "a truth value",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number with a point",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// The shortest text that TOML reads back as the same float.
fn float_to_toml(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    format!("{value:?}")
}

/// A key in the syntax of TOML: bare where it can be, else a basic string on one line (TOML 1.0,
/// "Keys": a key is never a string of several lines).
pub fn key_to_toml(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        basic_string(key)
    }
}

/// A text in double quotes, with TOML's escapes.
fn basic_string(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Reads a TOML text. Parts that are TOML but have no use in an experiment are added to `problems`.
///
/// # Errors
/// If the text is not TOML: each mistake that is not a consequence of an earlier one.
pub fn parse(source: &Arc<Source>, problems: &mut Problems) -> Result<Table, Problems> {
    let (document, mut errors) = DeTable::parse_recoverable(&source.text);
    if errors.is_empty() {
        let reader = Reader { source };
        return Ok(reader.table(document.get_ref(), problems));
    }
    if let Some(problem) = another_format(source) {
        return Err(problem.into());
    }
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    // After a list without its end everything is an error, and only the first one shows the place.
    let unclosed = errors
        .iter()
        .any(|error| error.message().starts_with("unclosed"));
    errors.truncate(if unclosed { 1 } else { errors.len() });
    let mut found = Problems::new();
    let mut last_line = 0;
    for error in errors {
        let place = place(source, error.span().unwrap_or(0..0));
        let (line, _) = place.line_and_column();
        if line == last_line {
            continue; // Several mistakes on one line have one cause.
        }
        last_line = line;
        let mut lines = error.message().lines();
        let message = lines.next().unwrap_or("cannot be read").to_owned();
        let hint = hint(&message, &place);
        let mut problem = Problem::at(place, format!("not TOML: {message}"), hint);
        for line in lines {
            problem = problem.note(line);
        }
        found.push(problem);
    }
    Err(found)
}

/// The problem of a text in another format: one mistake for the whole text, instead of one on each
/// line.
fn another_format(source: &Arc<Source>) -> Option<Problem> {
    let mut lines = source.text.lines().map(str::trim);
    let mut said = lines
        .by_ref()
        .filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    let first = said.next()?;
    let second = said.next().unwrap_or("");
    let assigns = source.text.lines().any(|line| {
        let key = line.split_once('=').map_or("", |(key, _)| key.trim());
        !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || "_.-".contains(c))
    });
    let is_key = |line: &str| {
        let key = line.split_once(':').map_or("", |(key, _)| key.trim());
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
    };
    let cells = first.matches([',', ';', '\t']).count();
    let lower = first.to_lowercase();
    const TOML: &str = "an experiment is TOML: [data] on a line, and source = \"plane\" below it";
    let (what, note) = if lower.starts_with("<!doctype") || lower.starts_with("<html") {
        (
            "a web page",
            "it may be a page that stood in the file's place; download the file itself",
        )
    } else if first.starts_with('{') || (first.starts_with('[') && !first.ends_with(']')) {
        ("JSON", TOML)
    } else if assigns || source.text.is_empty() {
        return None;
    } else if is_key(first) {
        ("YAML", TOML)
    } else if cells > 0 && second.matches([',', ';', '\t']).count() == cells {
        (
            "a table of data",
            "`runner new --from FILE` writes an experiment for a table",
        )
    } else {
        return None;
    };
    let start = source.text.find(first)?;
    let message = format!("{} is {what}, and no experiment", source.name);
    let problem = Problem::at(place(source, start..start + first.len()), message, "");
    Some(problem.note(note))
}

/// The typographic quotes that word processors make from straight ones.
const TYPOGRAPHIC: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»', '＂'];

/// The advice about a syntax error, where the text at its place shows the cause.
fn hint(message: &str, place: &Place) -> String {
    let text = &place.source.text;
    let word = text.get(place.span.clone()).unwrap_or("");
    let rest = &text[place.span.start.min(text.len())..];
    let empty = word.trim().is_empty();
    let line = text[..place.span.start.min(text.len())]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line = text[line..].lines().next().unwrap_or("");
    let items: Vec<&str> = word.split_whitespace().collect();
    let is_item = |item: &&str| item.parse::<f64>().is_ok() || item.starts_with('"');
    let is_escape = message.contains("unicode") || message.contains("escape");
    match message {
        _ if is_escape && line.contains('\\') => {
            "a backslash in double quotes begins an escape: write the text in single quotes, or with /"
                .to_owned()
        }
        _ if line.contains(TYPOGRAPHIC) && !empty => {
            let straight = word.replace(TYPOGRAPHIC, "\"");
            format!("typographic quotes: write {}", straight.trim_end_matches([',', ']']))
        }
        _ if items.len() > 1 && items.iter().all(is_item) => {
            format!("commas stand between the items of a list: write {}", items.join(", "))
        }
        _ if message.contains("must be quoted") && empty => "a value is missing here".to_owned(),
        _ if message.contains("must be quoted") => format!("write \"{word}\""),
        _ if message.contains("invalid boolean") && !empty => {
            format!("write {} in small letters", word.to_lowercase())
        }
        _ if message.contains("newline") && rest.starts_with(',') => {
            "a decimal point is a point, not a comma".to_owned()
        }
        _ if message.contains("missing comma between array elements") => {
            "is a `]` missing before this?".to_owned()
        }
        _ if message.contains("unclosed") => "it is not closed".to_owned(),
        _ if message == "duplicate key" => "it stands further up already".to_owned(),
        _ if message.contains("invalid basic string") => "a quote is missing".to_owned(),
        _ => String::new(),
    }
}

fn place(source: &Arc<Source>, span: Range<usize>) -> Place {
    Place {
        source: Arc::clone(source),
        span,
    }
}

/// Converts the parser's tree into [`Table`]s and [`Node`]s.
struct Reader<'a> {
    source: &'a Arc<Source>,
}

impl Reader<'_> {
    fn table(&self, table: &DeTable<'_>, problems: &mut Problems) -> Table {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_place: place(self.source, key.span()),
            node: self.node(value, problems),
        });
        Table {
            entries: entries.collect(),
        }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Node {
        let place = place(self.source, value.span());
        let value = match value.get_ref() {
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(digits) => {
                match i64::from_str_radix(digits.as_str(), digits.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => {
                        problems.push(Problem::at(
                            place.clone(),
                            "the number has more than 64 bits",
                            "whole numbers go from -9223372036854775808 to 9223372036854775807",
                        ));
                        Value::Integer(0)
                    }
                }
            }
            DeValue::Float(digits) => match digits.as_str().parse() {
                Ok(number) => Value::Float(number),
                Err(_) => {
                    problems.push(Problem::at(place.clone(), "not a number", ""));
                    Value::Float(0.0)
                }
            },
            DeValue::Datetime(date) => {
                problems.push(Problem::at(
                    place.clone(),
                    "no key of an experiment is a date or a time",
                    "a text needs quotes",
                ));
                Value::String(date.to_string())
            }
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.node(item, problems)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table, problems)),
        };
        Node { value, place }
    }
}
