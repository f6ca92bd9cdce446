//! Errors and problems as one JSON document for another program.

use serde_json::{Value, json};

use problems::{Error, Place, Problem, Problems};

/// An error: its kind, its message, and for an experiment each problem with its place.
pub fn error(error: &Error) -> Value {
    match error {
        Error::Experiment(problems) => json!({ "error": {
            "kind": "experiment",
            "message": problems.iter().next().map_or("", |problem| &problem.message),
            "count": problems.len(),
            "problems": list(problems),
        }}),
        Error::File {
            action,
            path,
            cause,
        } => json!({ "error": {
            "kind": "file",
            "message": error.to_string(),
            "action": action,
            "file": path.display().to_string(),
            "cause": cause.to_string(),
        }}),
        Error::Other(message) => json!({ "error": { "kind": "other", "message": message } }),
    }
}

/// A mistake on the command line.
pub fn usage(message: &str) -> Value {
    json!({ "error": { "kind": "usage", "message": message } })
}

/// Problems, each with its file, line and column (from 1, in characters), and the key at that
/// place.
pub fn list(problems: &Problems) -> Vec<Value> {
    problems.iter().map(problem).collect()
}

/// Problems as annotations of a workflow on GitHub, one line each.
pub fn annotations(problems: &Problems, level: &str) -> String {
    let escaped = |text: &str| {
        let text = text.replace('%', "%25").replace('\r', "%0D");
        text.replace('\n', "%0A")
    };
    let mut text = String::new();
    for problem in problems.iter() {
        let mut message = vec![problem.message.as_str()];
        message.extend(Some(problem.label.as_str()).filter(|label| !label.is_empty()));
        message.extend(problem.notes.iter().map(String::as_str));
        let place = problem.place.as_ref().map_or(String::new(), |place| {
            let (line, column) = place.line_and_column();
            let file = escaped(&place.source.name);
            let file = file.replace(':', "%3A").replace(',', "%2C");
            format!(" file={file},line={line},col={column}")
        });
        text += &format!("::{level}{place}::{}\n", escaped(&message.join("\n")));
    }
    text
}

fn problem(problem: &Problem) -> Value {
    let mut value = json!({ "message": problem.message, "notes": problem.notes });
    if !problem.label.is_empty() {
        value["label"] = json!(problem.label);
    }
    if let Some(place) = &problem.place {
        let (line, column) = place.line_and_column();
        value["file"] = json!(place.source.name);
        value["line"] = json!(line);
        value["column"] = json!(column);
        value["text"] = json!(place.source.text.get(place.span.clone()));
        value["key"] = json!(key(place));
    }
    value
}

/// The dotted key of a TOML text at whose name or value the place is; `None` in other texts.
fn key(place: &Place) -> Option<String> {
    let source = &place.source;
    let is_toml = source.name.ends_with(".toml") || source.name.starts_with("--set");
    let start = place.span.start.min(source.text.len());
    let end = source.text[start..].find('\n');
    let end = end.map_or(source.text.len(), |newline| start + newline);
    let mut table = None;
    let mut name = None;
    for line in source.text[..end].lines().rev() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[')
            && let Some(header) = header.trim_start_matches('[').split(']').next()
            && !header.contains([',', '"'])
            && !header.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        {
            table = Some(header.trim().to_owned());
            break;
        }
        if name.is_none()
            && let Some((before, _)) = line.split_once('=')
            && is_key(before.trim())
        {
            name = Some(before.trim().to_owned());
        }
    }
    match (is_toml, table, name) {
        (false, ..) | (_, None, None) => None,
        (true, Some(table), Some(name)) => Some(format!("{table}.{name}")),
        (true, table, name) => table.or(name),
    }
}

/// Whether the text before an equals sign is a key.
fn is_key(text: &str) -> bool {
    let is_of_key = |c: char| c.is_alphanumeric() || "_-.\"'".contains(c);
    !text.is_empty() && text.chars().all(is_of_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use problems::Source;
    use std::path::Path;

    fn key_of(text: &str, at: &str) -> Option<String> {
        let start = text.find(at).expect("it is in the text");
        let source = Source::file(Path::new("e.toml"), text.to_owned());
        key(&Place {
            source,
            span: start..start + at.len(),
        })
    }

    #[test]
    fn a_place_has_the_key_of_its_table() {
        let text =
            "seed = 1\n[training]\nepochs = 0\n[model]\nlayers = [\n  2,\n  -3,\n]\n[data]\n";
        assert_eq!(key_of(text, "0").as_deref(), Some("training.epochs"));
        assert_eq!(key_of(text, "seed").as_deref(), Some("seed"));
        assert_eq!(key_of(text, "-3").as_deref(), Some("model.layers"));
        assert_eq!(key_of(text, "data").as_deref(), Some("data"));
        assert_eq!(
            key_of("[variants.\"a b\"]\nx = 1", "x").as_deref(),
            Some("x")
        );
    }
}
