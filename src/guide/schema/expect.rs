//! The schema of `[expect]`: subjects, columns and bounds. The names of configurations are beyond a
//! schema.

use choices::{Choice, Word};
use serde_json::{Map, Value, json};

use crate::config::{End, Kind, NUMBER_COLUMN};

/// The schema of the table.
pub(super) fn table(definitions: &mut Map<String, Value>) -> Value {
    let ends = End::WORDS.iter();
    let ends: Map<String, Value> = ends
        .map(|end| {
            let number = json!({ "type": "number", "description": end.doc });
            (end.word.to_owned(), number)
        })
        .collect();
    let bounds = json!({
        "type": "object",
        "additionalProperties": false,
        "minProperties": 1,
        "properties": ends,
    });
    let columns: Map<String, Value> = words(&NUMBER_COLUMN)
        .into_iter()
        .map(|column| {
            // In draft-07 a reference hides all other keywords beside it.
            let bounds = json!({
                "allOf": [{ "$ref": "#/definitions/bounds" }],
                "description": column.doc,
            });
            (column.word.to_owned(), bounds)
        })
        .collect();
    let subject = json!({
        "type": "object",
        "additionalProperties": false,
        "minProperties": 1,
        "properties": columns.clone(),
    });
    definitions.insert("bounds".to_owned(), bounds);
    definitions.insert("subject".to_owned(), subject);
    let of = |whose: &str| {
        json!({
            "allOf": [{ "$ref": "#/definitions/subject" }],
            "description": format!("Bounds of {whose}, by columns of runs.csv."),
        })
    };
    let mut properties = columns;
    properties.insert("best".to_owned(), of("the best configuration"));
    properties.insert("every".to_owned(), of("every configuration"));
    let name = json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] });
    properties.insert(
        "better".to_owned(),
        json!({
            "type": "array",
            "minItems": 1,
            "items": { "type": "array", "items": name, "minItems": 2, "maxItems": 2 },
            "description": "Pairs of configurations by their names: the first is better than the second.",
        }),
    );
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": of("the configuration of this name"),
    })
}

/// The words of a choice.
fn words(kind: &Kind) -> Vec<Word> {
    match kind {
        Kind::Choice(words) => words.to_vec(),
        Kind::OneOf(kinds) => kinds.iter().flat_map(words).collect(),
        _ => Vec::new(),
    }
}
