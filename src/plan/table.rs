//! The keys of `[data]` for tables of text: the dialect, and the treatment of missing cells.

use super::read::Reader;
use crate::config::{Node, Value};
use data::{DecimalMark, Dialect, Fill, Header, Missing, MissingWay, is_encoding};
use problems::{Problem, Problems};

/// The treatment of missing cells: one way for all, or one for each kind of cell.
pub fn missing(reader: &Reader<'_>) -> Missing {
    let mut missing = Missing::REFUSE;
    if reader.node("missing").is_none() {
        return missing;
    }
    for way in reader.choices("missing") {
        match way {
            MissingWay::Refuse => {}
            MissingWay::Drop => missing.drop = true,
            MissingWay::Mean => missing.numbers = Some(Fill::Mean),
            MissingWay::Median => missing.numbers = Some(Fill::Median),
            MissingWay::Category => missing.category = true,
        }
    }
    missing
}

/// The dialect of the table. Impossible values are reported, and their defaults used.
pub fn dialect(reader: &Reader<'_>, problems: &mut Problems) -> Dialect {
    let default = Dialect::default();
    let mut dialect = Dialect {
        missing_values: reader.optional_words("missing_values"),
        ..default.clone()
    };
    if let Some(mark) = one_character(reader, "delimiter", problems) {
        if Dialect::is_delimiter(mark) {
            dialect.delimiter = mark;
        } else {
            refuse(
                reader,
                "delimiter",
                "an ASCII character that is no part of a number, a word or a quotation",
                problems,
            );
        }
    }
    dialect.decimal = match reader.choice("decimal") {
        DecimalMark::Point => '.',
        DecimalMark::Comma => ',',
    };
    if let Some(mark) = one_character(reader, "thousands", problems) {
        if !Dialect::is_thousands_mark(mark) {
            let accepted = "a character that is no part of a number, such as \",\"";
            refuse(reader, "thousands", accepted, problems);
        } else if mark == dialect.decimal {
            refuse(
                reader,
                "thousands",
                "another character than `decimal`",
                problems,
            );
        } else {
            dialect.thousands = Some(mark);
        }
    }
    if is_encoding(reader.word("encoding")) {
        dialect.encoding = reader.word("encoding").to_lowercase();
    } else {
        let accepted = "a label of the WHATWG Encoding Standard, such as \"shift_jis\"";
        refuse(reader, "encoding", accepted, problems);
    }
    let names = reader.optional_words("names");
    match reader.node("header").map(|node| &node.value) {
        Some(Value::Bool(true)) => dialect.header = Header::Declared,
        Some(Value::Bool(false)) => dialect.header = Header::None,
        _ => {}
    }
    if let Some(node) = reader.node("names") {
        if dialect.header != Header::None {
            problems.push(Problem::at(
                node.place.clone(),
                "`data.names` names the columns of a table whose first line does not",
                "add header = false",
            ));
        }
        check_names(node, problems);
    }
    if dialect.header == Header::None {
        dialect.names = names.unwrap_or_default();
    }
    dialect
}

/// Refuses empty and repeated names.
fn check_names(node: &Node, problems: &mut Problems) {
    let items = node.as_array().unwrap_or(&[]);
    let mut seen = std::collections::HashSet::new();
    for item in items {
        let name = item.as_str().unwrap_or_default().trim();
        if name.is_empty() || !seen.insert(name.to_owned()) {
            let message = if name.is_empty() {
                "a name of `data.names` is empty".to_owned()
            } else {
                format!("`data.names` names `{name}` twice")
            };
            problems.push(Problem::at(
                item.place.clone(),
                message,
                "each column has a name of its own",
            ));
        }
    }
}

/// The single character of a text.
fn one_character(reader: &Reader<'_>, key: &'static str, problems: &mut Problems) -> Option<char> {
    let text = reader.node(key)?.as_str()?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Some(character),
        _ => {
            refuse(reader, key, "one character", problems);
            None
        }
    }
}

fn refuse(reader: &Reader<'_>, key: &'static str, accepted: &str, problems: &mut Problems) {
    let Some(node) = reader.node(key) else {
        return;
    };
    problems.push(Problem::at(
        node.place.clone(),
        format!("`data.{key}` must be {accepted}"),
        format!("this is {}", node.value.to_toml()),
    ));
}
