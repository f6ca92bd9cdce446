//! `runner schema`: the experiment file as a JSON Schema (draft-07), for editors.
//!
//! The schema is made from the same table of keys that checks the files. A key that a variant, a
//! sweep or another file can give is not required in a file that has one of these.

use serde_json::{Map, Value, json};

mod expect;
mod relations;
mod sweep;

use super::meanings::default;
use crate::config::{
    Case, EXPERIMENT, Fallback, Interval, Key, Keys, Kind, Tag, WHOLE_EXPERIMENT, held_keys,
};
use crate::language::Language;

/// The schema of the whole file.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let mut root = table(&EXPERIMENT, "experiment", &mut definitions);
    let sections = ["data", "model", "training"];
    let whole: Map<String, Value> = sections
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({ "$ref": format!("#/definitions/{name}_whole") }),
            )
        })
        .collect();
    let elsewhere = ["extends", "variants", "sweep"].map(|name| json!({ "required": [name] }));
    root["if"] = json!({ "not": { "anyOf": elsewhere } });
    root["then"] = json!({
        "required": sections,
        "properties": whole,
        "allOf": relations::of_sections(),
    });
    root["allOf"] = Value::Array(relations::of_comparison());
    definitions.insert("variant".to_owned(), variant(&root));
    sweep::define(&root, &mut definitions);
    definitions["compare"]["properties"]["by"]["enum"] = json!(sweep::names());
    root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    root["title"] = json!("An experiment of runner");
    root["definitions"] = Value::Object(definitions);
    open_branches(&mut root, false);
    root
}

/// Marks each branch of a rule as open to other keys. By the standard it is, but an editor in
/// strict mode (Tombi) takes a branch for the whole table and warns of all keys that it does not
/// name.
fn open_branches(schema: &mut Value, in_branch: bool) {
    let Value::Object(keywords) = schema else {
        return;
    };
    let speaks_of_a_value = [
        "$ref",
        "additionalProperties",
        "const",
        "enum",
        "type",
        "items",
    ]
    .iter()
    .any(|keyword| keywords.contains_key(*keyword));
    for (keyword, inner) in keywords.iter_mut() {
        match (keyword.as_str(), inner) {
            ("if" | "then" | "else" | "not", inner) => open_branches(inner, true),
            ("allOf" | "anyOf", Value::Array(branches)) => {
                branches
                    .iter_mut()
                    .for_each(|branch| open_branches(branch, true));
            }
            ("properties", Value::Object(inner)) => {
                inner
                    .values_mut()
                    .for_each(|value| open_branches(value, in_branch));
            }
            ("definitions", Value::Object(inner)) => {
                inner
                    .values_mut()
                    .for_each(|value| open_branches(value, false));
            }
            ("items" | "additionalProperties", inner) => open_branches(inner, in_branch),
            _ => {}
        }
    }
    let bounds = [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minItems",
    ];
    let is_bound = bounds.iter().any(|keyword| keywords.contains_key(*keyword));
    if in_branch && !speaks_of_a_value && !is_bound {
        keywords.insert("additionalProperties".to_owned(), json!(true));
    }
}

/// The schema as a text.
pub fn text() -> String {
    format!("{:#}\n", schema())
}

/// The schema of a table: its keys in all cases of the tag, and the keys that each word of the tag
/// allows.
fn table(keys: &'static Keys, name: &str, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for own in keys.names() {
        let mut kinds: Vec<Value> = Vec::new();
        for key in keys.find_all(own) {
            let value = described(key, definitions);
            if !kinds.contains(&value) {
                kinds.push(value);
            }
        }
        let value = match (&keys.tag, kinds.len()) {
            (Some(tag), _) if tag.key == own => words(tag),
            (_, 1) => kinds.remove(0),
            _ => json!({ "anyOf": kinds }),
        };
        properties.insert(own.to_owned(), value);
    }
    let mut rules: Vec<Value> = Vec::new();
    if let Some(tag) = &keys.tag {
        for case in tag.cases {
            let mut then = Map::new();
            for own in keys.names() {
                if own == tag.key {
                    continue;
                }
                match keys.find_in(own, Some(case)) {
                    None => {
                        then.insert(own.to_owned(), json!(false));
                    }
                    Some(key) if keys.is_ambiguous(own) => {
                        then.insert(own.to_owned(), described(key, definitions));
                    }
                    Some(_) => {}
                }
            }
            rules.push(json!({
                "if": { "required": [tag.key], "properties": { tag.key: { "const": case.word } } },
                "then": { "properties": then },
            }));
        }
    }
    for groups in keys.alternatives {
        for (index, group) in groups.iter().enumerate() {
            for other in groups[..index].iter().flat_map(|other| other.iter()) {
                for own in group.iter() {
                    rules.push(json!({ "not": { "required": [own, other] } }));
                }
            }
        }
    }
    let mut partial = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !rules.is_empty() {
        partial["allOf"] = Value::Array(rules);
    }
    if name != "experiment" {
        definitions.insert(format!("{name}_whole"), whole(keys, name));
    }
    partial
}

/// The schema of a complete table, in which no required key is missing.
fn whole(keys: &'static Keys, name: &str) -> Value {
    let required = |keys: &mut dyn Iterator<Item = &'static Key>| -> Vec<&str> {
        keys.filter(|key| matches!(key.fallback, Fallback::Required))
            .map(|key| key.name)
            .collect()
    };
    let mut own = required(&mut keys.keys.iter());
    let mut rules = vec![json!({ "$ref": format!("#/definitions/{name}") })];
    if let Some(tag) = &keys.tag {
        if tag.fallback.is_none() {
            own.push(tag.key);
        }
        for case in tag.cases {
            let more = required(&mut case.keys.iter());
            if !more.is_empty() {
                rules.push(json!({
                    "if": { "required": [tag.key], "properties": { tag.key: { "const": case.word } } },
                    "then": { "required": more },
                }));
            }
        }
    }
    rules.extend(relations::within(name));
    let mut inner = Map::new();
    for key in keys.keys {
        if let Kind::Table(keys) = key.kind {
            let reference = json!({ "$ref": format!("#/definitions/{}_whole", key.name) });
            let short = keys.tag.as_ref().filter(|tag| tag.short);
            inner.insert(
                key.name.to_owned(),
                match short {
                    Some(tag) => json!({ "anyOf": [sufficient_words(tag), reference] }),
                    None => reference,
                },
            );
        }
    }
    let mut whole = json!({ "allOf": rules });
    if !own.is_empty() {
        whole["required"] = json!(own);
    }
    if !inner.is_empty() {
        whole["properties"] = Value::Object(inner);
    }
    whole
}

/// The schema of a key's value, with its meaning and its default.
fn described(key: &'static Key, definitions: &mut Map<String, Value>) -> Value {
    let mut value = of_kind(&key.kind, key.name, definitions);
    // In draft-07 a reference hides all other keywords beside it.
    if value.get("$ref").is_some() {
        value = json!({ "allOf": [value] });
    }
    value["description"] = json!(match key.fallback {
        Fallback::Depends(text) => format!("{}. Default: {text}.", key.doc),
        Fallback::Required => format!("{}. It must be given.", key.doc),
        fallback => {
            // The texts of a schema are in English.
            let default = default(Language::English, key.name, fallback);
            format!("{}. Default: {default}.", key.doc)
        }
    });
    match key.fallback {
        Fallback::Bool(given) => value["default"] = json!(given),
        Fallback::Integer(given) => value["default"] = json!(given),
        Fallback::Float(given) => value["default"] = json!(given),
        Fallback::Word(given) => value["default"] = json!(given),
        Fallback::Floats(given) => value["default"] = json!(given),
        Fallback::Words(given) => value["default"] = json!(given),
        Fallback::Required | Fallback::Absent | Fallback::Depends(_) => {}
    }
    value
}

fn of_kind(kind: &Kind, name: &str, definitions: &mut Map<String, Value>) -> Value {
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        // A JSON integer may be written as 3.0, while a TOML integer may not; a schema cannot
        // express that.
        Kind::Integer(least) => json!({ "type": "integer", "minimum": least }),
        Kind::Number(interval) => number(interval),
        Kind::Choice(choices) => json!({
            "oneOf": choices
                .iter()
                .map(|choice| json!({ "const": choice.word, "description": choice.doc }))
                .collect::<Vec<Value>>(),
        }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Name => json!({ "type": "string", "pattern": "^[^./\\\\:][^/\\\\:]*$" }),
        Kind::Path => json!({ "type": "string", "minLength": 1 }),
        Kind::List(item, least) => json!({
            "type": "array",
            "items": of_kind(item, name, definitions),
            "minItems": least,
        }),
        Kind::Pair(item) => json!({
            "type": "array",
            "items": of_kind(item, name, definitions),
            "minItems": 2,
            "maxItems": 2,
        }),
        Kind::OneOf(kinds) => {
            let kinds: Vec<Value> = kinds
                .iter()
                .map(|kind| of_kind(kind, name, definitions))
                .collect();
            json!({ "anyOf": kinds })
        }
        Kind::Table(keys) => {
            if !definitions.contains_key(name) {
                let made = table(keys, name, definitions);
                definitions.insert(name.to_owned(), made);
            }
            let reference = json!({ "$ref": format!("#/definitions/{name}") });
            match keys.tag.as_ref().filter(|tag| tag.short) {
                Some(tag) => json!({ "anyOf": [bare_words(tag), reference] }),
                None => reference,
            }
        }
        Kind::Named(kind) => json!({
            "type": "object",
            "additionalProperties": of_kind(kind, name, definitions),
            "minProperties": 1,
        }),
        Kind::Variants => json!({
            "type": "object",
            "additionalProperties": { "$ref": "#/definitions/variant" },
        }),
        Kind::Expect => expect::table(definitions),
        Kind::Sweep => json!({
            "anyOf": [
                { "$ref": "#/definitions/block" },
                { "type": "array", "items": { "$ref": "#/definitions/block" } },
            ],
        }),
    }
}

fn number(interval: &Interval) -> Value {
    let mut value = json!({ "type": "number" });
    let mut bound = |closed: bool, with: &str, without: &str, number: f64| {
        if number.is_finite() {
            value[if closed { with } else { without }] = json!(number);
        }
    };
    bound(
        interval.with_low,
        "minimum",
        "exclusiveMinimum",
        interval.low,
    );
    bound(
        interval.with_high,
        "maximum",
        "exclusiveMaximum",
        interval.high,
    );
    value
}

/// The words of a tag.
fn words(tag: &'static Tag) -> Value {
    let mut value = bare_words(tag);
    value["description"] = json!(tag.doc);
    if let Some(word) = tag.fallback {
        value["default"] = json!(word);
    }
    value
}

fn bare_words(tag: &'static Tag) -> Value {
    one_of(&mut tag.cases.iter())
}

/// The words of a tag that need no other key.
fn sufficient_words(tag: &'static Tag) -> Value {
    let is_required = |key: &Key| matches!(key.fallback, Fallback::Required);
    let cases = tag.cases.iter();
    one_of(&mut cases.filter(|case| !case.keys.iter().any(is_required)))
}

fn one_of(cases: &mut dyn Iterator<Item = &'static Case>) -> Value {
    let words: Vec<Value> = cases
        .map(|case| json!({ "const": case.word, "description": case.doc }))
        .collect();
    json!({ "oneOf": words })
}

/// The schema of a variant: the sections and the seed.
fn variant(root: &Value) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": overridable(root),
    })
}

/// The part of the file's schema that a variant may override.
fn overridable(root: &Value) -> Map<String, Value> {
    let properties = root["properties"]
        .as_object()
        .expect("a table has properties");
    let held: Map<String, Value> = held_keys()
        .map(|key| (key.to_owned(), json!(false)))
        .collect();
    properties
        .iter()
        .filter(|(name, _)| !WHOLE_EXPERIMENT.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = match name.as_str() {
                "data" => json!({ "allOf": [value, { "properties": held }] }),
                _ => value.clone(),
            };
            (name.clone(), value)
        })
        .collect()
}
