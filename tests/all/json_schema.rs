//! A validator for the part of JSON Schema (draft-07) that the schema of the experiment file uses.
//! An unknown keyword fails the test.

use serde_json::Value;

/// Keywords that inform a person, or are used by references.
const SILENT: [&str; 6] = [
    "$schema",
    "title",
    "description",
    "default",
    "definitions",
    "then",
];

/// The reasons why `value` is not valid for `schema`, a rule of `root`; empty if it is.
pub fn errors(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(root, schema, value, "", &mut found);
    found
}

fn is_valid(root: &Value, schema: &Value, value: &Value) -> bool {
    errors(root, schema, value).is_empty()
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    let rules = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return found.push(format!("{path}: nothing may stand here")),
        Value::Object(rules) => rules,
        other => panic!("{other} is no schema"),
    };
    let mut wrong = |text: String| found.push(format!("{path}: {text}"));
    for (keyword, rule) in rules {
        let list = || rule.as_array().expect("a list of schemas").iter();
        let count = |rule: &Value| rule.as_u64().expect("a count") as usize;
        match keyword.as_str() {
            "type" if !has_type(value, rule) => wrong(format!("{value} is not of type {rule}")),
            "const" if value != rule => wrong(format!("{value} is not {rule}")),
            "enum" if !list().any(|one| one == value) => wrong(format!("{value} is not in {rule}")),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                let (Some(number), Some(bound)) = (value.as_f64(), rule.as_f64()) else {
                    continue;
                };
                let fine = match keyword.as_str() {
                    "minimum" => number >= bound,
                    "maximum" => number <= bound,
                    "exclusiveMinimum" => number > bound,
                    _ => number < bound,
                };
                if !fine {
                    wrong(format!("{number} is beyond {bound}"));
                }
            }
            "minItems"
                if value
                    .as_array()
                    .is_some_and(|items| items.len() < count(rule)) =>
            {
                wrong("too few items".to_owned());
            }
            "maxItems"
                if value
                    .as_array()
                    .is_some_and(|items| items.len() > count(rule)) =>
            {
                wrong("too many items".to_owned());
            }
            "minLength" if value.as_str().is_some_and(|text| text.len() < count(rule)) => {
                wrong("too short".to_owned());
            }
            "minProperties" if value.as_object().is_some_and(|map| map.len() < count(rule)) => {
                wrong("too few keys".to_owned());
            }
            "pattern" => {
                let matches: fn(&str) -> bool = match rule.as_str().expect("a pattern") {
                    // The pattern is that of a name that cannot lead to another directory.
                    "^[^./\\\\:][^/\\\\:]*$" => |text| {
                        !(text.is_empty()
                            || text.starts_with('.')
                            || text.contains(['/', '\\', ':']))
                    },
                    "\\.npz$" => |text| text.ends_with(".npz"),
                    other => panic!("the validator does not know the pattern {other}"),
                };
                if value.as_str().is_some_and(|text| !matches(text)) {
                    wrong(format!("{value} does not match {rule}"));
                }
            }
            "uniqueItems" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let repeats = |(index, item)| items[..index].contains(item);
                if rule == true && items.iter().enumerate().any(repeats) {
                    wrong("an item twice".to_owned());
                }
            }
            "required" => {
                for name in list().filter_map(Value::as_str) {
                    if value.as_object().is_some_and(|map| !map.contains_key(name)) {
                        wrong(format!("`{name}` is missing"));
                    }
                }
            }
            "not" if is_valid(root, rule, value) => wrong(format!("{rule} must not hold")),
            "anyOf" if !list().any(|one| is_valid(root, one, value)) => {
                wrong(format!("{value} is none of what it can be"));
            }
            "oneOf" if list().filter(|one| is_valid(root, one, value)).count() != 1 => {
                wrong(format!("{value} is not exactly one of {rule}"));
            }
            "else" => {}
            known if SILENT.contains(&known) => {}
            "type" | "const" | "enum" | "minItems" | "maxItems" | "minLength" | "minProperties"
            | "not" | "anyOf" | "oneOf" => {}
            "$ref" | "allOf" | "if" | "items" | "properties" | "additionalProperties" => {}
            unknown => panic!("the validator does not know `{unknown}`"),
        }
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let pointer = name
            .strip_prefix('#')
            .expect("references stay in the schema");
        let target = root
            .pointer(pointer)
            .unwrap_or_else(|| panic!("there is no {name}"));
        check(root, target, value, path, found);
    }
    for rule in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        check(root, rule, value, path, found);
    }
    if let Some(condition) = schema.get("if") {
        let branch = if is_valid(root, condition, value) {
            "then"
        } else {
            "else"
        };
        if let Some(rule) = schema.get(branch) {
            check(root, rule, value, path, found);
        }
    }
    if let (Some(rule), Some(items)) = (schema.get("items"), value.as_array()) {
        for (index, item) in items.iter().enumerate() {
            check(root, rule, item, &format!("{path}/{index}"), found);
        }
    }
    for (name, item) in value.as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        match schema
            .get("properties")
            .and_then(|properties| properties.get(name))
        {
            Some(rule) => check(root, rule, item, &path, found),
            None => {
                if let Some(rule) = schema.get("additionalProperties") {
                    check(root, rule, item, &path, found);
                }
            }
        }
    }
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type has a name") {
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}
