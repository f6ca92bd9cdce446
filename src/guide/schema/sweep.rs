//! The schema of `[sweep]`: blocks, ranges and exclusions.

use choices::Choice;
use serde_json::{Map, Value, json};

use super::{bare_words, of_kind, overridable};
use crate::config::{DATA, EXPERIMENT, Joining, Keys, Kind, WHOLE_EXPERIMENT, held_keys, join};

/// Adds the definitions of a block, its ranges and its exclusions.
pub fn define(root: &Value, definitions: &mut Map<String, Value>) {
    let mut exclusion = overridable(root);
    exclusion.insert("variant".to_owned(), json!({ "type": "string" }));
    definitions.insert(
        "exclusion".to_owned(),
        json!({
            "type": "object",
            "additionalProperties": false,
            "minProperties": 1,
            "properties": exclusion,
        }),
    );
    definitions.insert("stepped".to_owned(), stepped());
    let block = block(definitions);
    definitions.insert("block".to_owned(), block);
}

/// The names that `compare.by` accepts: `variant`, and the dotted name of every key that can be
/// swept.
pub fn names() -> Vec<String> {
    fn collect(keys: &'static Keys, path: &str, found: &mut Vec<String>) {
        for own in keys.names() {
            let held = path == "data" && held_keys().any(|key| key == own);
            if held || (path.is_empty() && WHOLE_EXPERIMENT.contains(&own)) {
                continue;
            }
            let name = join(path, own);
            let tables = keys.find_all(own).into_iter();
            let tables: Vec<&'static Keys> = tables
                .filter_map(|key| match key.kind {
                    Kind::Table(inner) => Some(inner),
                    _ => None,
                })
                .collect();
            if !path.is_empty() || tables.is_empty() {
                found.push(name.clone());
            }
            for inner in tables {
                collect(inner, &name, found);
            }
        }
    }
    let mut found = vec!["variant".to_owned()];
    collect(&EXPERIMENT, "", &mut found);
    found
}

/// The schema of a block: each key has a list of its values, or a range.
fn block(definitions: &mut Map<String, Value>) -> Value {
    let mut block = table(&EXPERIMENT, true, definitions);
    let properties = &mut block["properties"];
    properties["mode"] = json!({
        "enum": Joining::ALL.iter().map(|mode| mode.word()).collect::<Vec<_>>(),
        "default": "grid",
        "description": "How the lists of the block are joined.",
    });
    properties["samples"] = json!({
        "type": "integer",
        "minimum": 1,
        "maximum": 10_000_000,
        "description": "How many points a random block draws.",
    });
    properties["exclude"] = json!({
        "type": "array",
        "items": { "$ref": "#/definitions/exclusion" },
        "description": "Points that are left out.",
    });
    block["if"] = json!({ "required": ["mode"], "properties": { "mode": { "const": "random" } } });
    block["then"] = json!({ "required": ["samples"] });
    block["else"] = json!({
        "properties": { "samples": false },
        "allOf": [{ "$ref": "#/definitions/stepped" }],
    });
    block
}

/// The schema of a table in a block.
fn table(keys: &'static Keys, is_root: bool, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for own in keys.names() {
        let held = std::ptr::eq(keys, &DATA) && held_keys().any(|key| key == own);
        if held || (is_root && WHOLE_EXPERIMENT.contains(&own)) {
            continue;
        }
        let value = match &keys.tag {
            Some(tag) if tag.key == own => list_of(bare_words(tag)),
            _ => {
                let mut forms = Vec::new();
                for key in keys.find_all(own) {
                    for form in swept(&key.kind, key.name, definitions) {
                        if !forms.contains(&form) {
                            forms.push(form);
                        }
                    }
                }
                json!({ "anyOf": forms })
            }
        };
        properties.insert(own.to_owned(), value);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "minProperties": 1,
        "properties": properties,
    })
}

/// The schemas of the ways in which a key of a kind can be swept.
fn swept(kind: &Kind, name: &str, definitions: &mut Map<String, Value>) -> Vec<Value> {
    let mut forms = vec![list_of(of_kind(kind, name, definitions))];
    match kind {
        Kind::Table(keys) => forms.push(table(keys, false, definitions)),
        kind => forms.extend(ranges(kind, name, definitions)),
    }
    forms
}

fn list_of(items: Value) -> Value {
    json!({ "type": "array", "items": items, "minItems": 1 })
}

/// The schemas of the ranges for the numbers that a kind accepts, as references, so that keys of
/// one kind share them.
fn ranges(kind: &Kind, name: &str, definitions: &mut Map<String, Value>) -> Vec<Value> {
    match kind {
        Kind::Integer(_) | Kind::Number(_) => {
            let range = range(&of_kind(kind, name, definitions));
            let same = definitions.iter().find(|(_, known)| **known == range);
            let own = match same {
                Some((known, _)) => known.clone(),
                None => format!("range_of_{name}"),
            };
            let reference = json!({ "$ref": format!("#/definitions/{own}") });
            definitions.insert(own, range);
            vec![reference]
        }
        Kind::OneOf(kinds) => kinds
            .iter()
            .flat_map(|kind| ranges(kind, name, definitions))
            .collect(),
        _ => Vec::new(),
    }
}

/// The schema of a range of numbers that each fit `number`.
fn range(number: &Value) -> Value {
    let mut positive = number.clone();
    let least = number.get("exclusiveMinimum").and_then(Value::as_f64);
    if least.is_none_or(|least| least < 0.0) {
        positive["exclusiveMinimum"] = json!(0.0);
    }
    // A range has two different bounds.
    let bounds = |item: &Value| {
        json!({
            "type": "array",
            "items": item,
            "minItems": 2,
            "maxItems": 2,
            "uniqueItems": true,
        })
    };
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "log": bounds(&positive),
            "linear": bounds(number),
            "steps": { "type": "integer", "minimum": 2, "maximum": 1_000_000 },
        },
        "oneOf": [{ "required": ["log"] }, { "required": ["linear"] }],
    })
}

/// The rule that every range in a block has the number of its values; only a random block can leave
/// it out.
fn stepped() -> Value {
    json!({
        "if": { "anyOf": [{ "required": ["log"] }, { "required": ["linear"] }] },
        "then": { "required": ["steps"] },
        "else": { "additionalProperties": { "$ref": "#/definitions/stepped" } },
    })
}
