//! A trace as JSON: the page as it is shown, and all numbers in arrays of the network's shapes.

use serde_json::{Value, json};

use super::check::Check;
use super::notation::{Notation, Show, Writer};
use super::number::Digits;
use super::page::{Item, Page, Quantity, Section};
use super::plain::{self, Plain};
use engine::observe::Divergence;
use engine::observe::Observation;
use engine::types::Parameters;

/// The data beside the page.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The digits of numbers in formulas.
    pub digits: Digits,
    /// The index of the run, from 0.
    pub run: usize,
    /// The observed step of the engine.
    pub observation: &'a Observation,
    /// The comparison with difference quotients.
    pub check: Option<&'a Check>,
    /// The steps before a divergence.
    pub divergence: Option<&'a Divergence>,
}

/// The page as one JSON document. A number that is not finite becomes a text, since JSON cannot
/// have it.
pub fn render(page: &Page, context: &Context<'_>) -> String {
    let observation = context.observation;
    let writer = Writer {
        notation: &Plain,
        digits: context.digits,
        terms: usize::MAX,
    };
    let facts: serde_json::Map<String, Value> = page
        .facts
        .iter()
        .map(|(name, fact)| (name.clone(), json!(fact)))
        .collect();
    let stages = &observation.stages;
    let sample = &observation.sample;
    let slots = |slots: &[Parameters]| -> Vec<Value> { slots.iter().map(parameters).collect() };
    let mut document = json!({
        "title": page.title,
        "facts": facts,
        "run": context.run,
        "epoch": observation.at.epoch,
        "step": observation.at.step,
        "update": observation.update,
        "sample": observation.at.sample,
        "batch": observation.batch,
        "learning_rate": number(observation.learning_rate),
        "losses": numbers(&observation.losses),
        "parameters_before": parameters(&observation.before),
        "forward": {
            "inputs": numbers(&sample.x),
            "targets": numbers(&sample.targets),
            "sums": vectors(&sample.pass.sums),
            "outputs": vectors(&sample.pass.outputs),
            "loss": number(sample.loss),
        },
        "backward": {
            "errors": vectors(&sample.pass.errors),
            "activation_derivatives": vectors(&sample.slopes),
            "deltas": vectors(&sample.pass.deltas),
            "gradients": parameters(&sample.gradients),
            "input_gradients": numbers(&sample.input_errors),
        },
        "batch_gradients": {
            "summed": parameters(&stages.summed),
            "averaged": parameters(&stages.averaged),
            "penalised": stages.penalised.as_ref().map(parameters),
            "clipped": stages.clipped.as_ref().map(parameters),
            "norm": stages.norm.map(number),
        },
        "optimizer_state_before": slots(&observation.slots_before),
        "optimizer_state_after": slots(&observation.slots_after),
        "parameters_after": parameters(&observation.after),
        "parameters_after_by_summed_gradient": parameters(&observation.after_by_sum),
        "sections": page.sections.iter().map(|section| self::section(section, &writer)).collect::<Vec<_>>(),
    });
    if let Some(check) = context.check {
        document["check"] = self::check(check);
    }
    if let Some(divergence) = context.divergence {
        document["path"] = divergence
            .path
            .iter()
            .map(|milestone| {
                json!({
                    "epoch": milestone.epoch,
                    "step": milestone.step,
                    "loss": number(milestone.loss),
                    "largest_gradient": number(milestone.gradient),
                    "largest_parameter": number(milestone.parameter),
                })
            })
            .collect();
    }
    format!("{document:#}\n")
}

fn number(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        json!(value.to_string())
    }
}

fn numbers(values: &[f64]) -> Value {
    values.iter().map(|&value| number(value)).collect()
}

fn vectors(values: &[Vec<f64>]) -> Value {
    values.iter().map(|values| numbers(values)).collect()
}

fn parameters(parameters: &Parameters) -> Value {
    let weights: Value = parameters
        .weights
        .iter()
        .map(|matrix| {
            matrix
                .rows()
                .into_iter()
                .map(|row| numbers(&row.to_vec()))
                .collect::<Value>()
        })
        .collect();
    let biases: Value = parameters
        .biases
        .iter()
        .map(|vector| numbers(&vector.to_vec()))
        .collect();
    json!({ "weights": weights, "biases": biases })
}

fn section(section: &Section, writer: &Writer<'_, Plain>) -> Value {
    let items: Vec<Value> = section
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Quantity(quantity) => Some(self::quantity(quantity, writer)),
            Item::Note(note) => Some(json!({ "note": note })),
            Item::Folded(_) | Item::Table(_) => None,
        })
        .collect();
    json!({ "level": section.level, "heading": section.heading, "items": items })
}

fn quantity(quantity: &Quantity, writer: &Writer<'_, Plain>) -> Value {
    let mut value = json!({
        "quantity": quantity.kind,
        "symbol": writer.notation.symbol(&quantity.symbol).0,
        "layer": quantity.symbol.layer,
        "indices": quantity.symbol.lower,
        "value": number(quantity.value),
    });
    if let Some(formula) = &quantity.formula {
        value["formula"] = json!(writer.write(formula, Show::Symbols));
        value["numbers"] = json!(writer.write(formula, Show::Numbers));
    }
    value
}

fn check(check: &Check) -> Value {
    let gradients: Vec<Value> = check
        .compared
        .iter()
        .map(|one| {
            json!({
                "parameter": plain::text(&one.place.symbol()),
                "gradient": number(one.gradient),
                "difference_quotient": number(one.difference),
                "relative_error": one.error.map(number),
            })
        })
        .collect();
    json!({
        "largest_relative_error": number(check.largest),
        "tolerance": check.tolerance,
        "agrees": check.agrees(),
        "compared": check.compared.len(),
        "of": check.count,
        "at_corners": check.corners(),
        "gradients": gradients,
    })
}
