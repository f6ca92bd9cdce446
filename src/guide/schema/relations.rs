//! Rules between several keys, as far as a schema can express them.
//!
//! The table of keys describes each key by itself, and rules between keys are checked when a plan
//! is made. This module has those of the rules that need no data and no arithmetic. The bad cases
//! of the tests show that both checks agree.

use serde_json::{Value, json};

use choices::Choice;

use crate::config::DATA;
use data::Synthetic;
use engine::types::{Loss, Metric, Monitor};

/// The rules within a complete table of this name.
pub fn within(name: &str) -> Vec<Value> {
    match name {
        "data" => data(),
        "init" => vec![needs("biases", "weights")],
        "optimizer" => vec![json!({
            "if": { "required": ["nesterov"], "properties": { "nesterov": { "const": true } } },
            "then": { "required": ["momentum"], "properties": { "momentum": above(0.0) } },
        })],
        _ => Vec::new(),
    }
}

fn data() -> Vec<Value> {
    let archive =
        |x: &str| json!({ "required": [x], "properties": { x: { "pattern": "\\.npz$" } } });
    // An .npz stands alone, and an .npy has its targets in another file.
    let with_targets = |x: &str, y: &str| {
        json!({
            "if": { "required": [x] },
            "then": {
                "if": archive(x),
                "then": { "properties": { y: false } },
                "else": { "required": [y] },
            },
        })
    };
    let both = |one: &str, other: &str| json!({ "allOf": [needs(one, other), needs(other, one)] });
    vec![
        of_source("idx", both("validation_images", "validation_labels")),
        of_source("idx", both("test_images", "test_labels")),
        of_source("inline", both("validation_x", "validation_y")),
        of_source("inline", both("test_x", "test_y")),
        of_source("npy", with_targets("x", "y")),
        of_source("npy", with_targets("validation_x", "validation_y")),
        of_source("npy", needs("validation_y", "validation_x")),
        of_source("npy", with_targets("test_x", "test_y")),
        of_source("npy", needs("test_y", "test_x")),
        json!({
            "if": { "required": ["stratify"], "properties": { "stratify": { "const": true } } },
            "then": {
                "anyOf": [
                    { "required": ["validation"], "properties": { "validation": above(0.0) } },
                    { "required": ["folds"] },
                    { "required": ["test"] },
                ],
            },
        }),
    ]
}

/// The rules between the sections of a file that stands alone and has one configuration.
pub fn of_sections() -> Vec<Value> {
    let columns = Monitor::WORDS.iter().map(|column| column.word);
    let of_validation =
        |name: &&str| Monitor::from_column(name).is_some_and(Monitor::is_of_validation);
    let valid: Vec<&str> = columns.filter(of_validation).collect();
    let metric = json!({ "required": ["metric"], "properties": { "metric": { "enum": valid } } });
    let validated = json!({ "properties": { "data": validated() } });
    let classes = json!({ "enum": ["bce", "cross_entropy"] });
    let fit: Vec<&str> = Metric::that_fit(Loss::CrossEntropy, false)
        .into_iter()
        .map(Metric::word)
        .collect();
    let metrics_of_classes = json!(fit);
    let of_classes = json!({
        "properties": { "training": { "required": ["loss"], "properties": { "loss": classes } } },
    });
    let generators = Synthetic::ALL.iter();
    let of_numbers = generators.filter(|generator| !generator.has_two_classes());
    let of_numbers: Vec<&str> = of_numbers.map(|generator| generator.word()).collect();
    vec![
        json!({
            "if": { "required": ["compare"], "properties": { "compare": metric } },
            "then": validated,
        }),
        json!({
            "if": {
                "properties": {
                    "training": {
                        "required": ["early_stopping"],
                        "properties": { "early_stopping": metric },
                    },
                },
            },
            "then": validated,
        }),
        // These losses take logits and classes.
        json!({
            "if": of_classes,
            "then": {
                "properties": {
                    "model": { "properties": { "output": { "const": "identity" } } },
                    "data": {
                        "properties": {
                            "source": { "not": { "enum": of_numbers } },
                            "scale_targets": { "const": "none" },
                        },
                    },
                    "training": {
                        "properties": { "metrics": { "items": { "enum": metrics_of_classes } } },
                    },
                },
            },
            "else": {
                "properties": { "training": { "properties": { "class_weights": false } } },
            },
        }),
    ]
}

/// The rules for `compare.by` in a file that extends no other file.
pub fn of_comparison() -> Vec<Value> {
    let by = |rule: Value| {
        json!({
            "not": { "required": ["extends"] },
            "required": ["compare"],
            "properties": { "compare": { "required": ["by"], "properties": { "by": rule } } },
        })
    };
    vec![
        json!({ "if": by(json!({ "const": "variant" })), "then": { "required": ["variants"] } }),
        json!({
            "if": by(json!({ "not": { "const": "variant" } })),
            "then": { "required": ["sweep"] },
        }),
    ]
}

/// The condition that some of the data is kept for validation: a share above 0, or separate files
/// or rows.
fn validated() -> Value {
    let ways = DATA.alternatives[0].iter();
    let ways: Vec<Value> = ways
        .map(|keys| match keys {
            ["validation"] => json!({
                "required": ["validation"],
                "properties": { "validation": above(0.0) },
            }),
            keys => json!({ "required": keys }),
        })
        .collect();
    // A separate .npz has no targets beside it.
    let archive = vec![json!({ "required": ["validation_x"] })];
    let ways = [ways, archive].concat();
    json!({ "anyOf": ways })
}

fn of_source(source: &str, rule: Value) -> Value {
    json!({
        "if": { "required": ["source"], "properties": { "source": { "const": source } } },
        "then": rule,
    })
}

fn needs(one: &str, other: &str) -> Value {
    json!({ "if": { "required": [one] }, "then": { "required": [other] } })
}

fn above(bound: f64) -> Value {
    json!({ "exclusiveMinimum": bound })
}
