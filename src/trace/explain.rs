//! The explanation of an observed step: forward, backward, the batch and the update, layer by layer
//! and node by node.

use super::formulas;
use super::math::{Math, Symbol, number};
use super::page::{Item, Quantity, Section};
use crate::language::Language;
use crate::text;
use engine::observe::{Observation, Sample};
use engine::types::{Activation, Architecture, Loss, Settings};

/// Layers and inputs with more nodes than this are folded.
pub const NODES: usize = 6;
/// The number of shown nodes before the folded ones; one node is shown after them.
const NODES_BEFORE: usize = 3;

/// The data of the explanation.
#[derive(Debug, Clone, Copy)]
pub struct Explainer<'a> {
    /// The language of headings and notes.
    pub language: Language,
    /// The network's shape.
    pub architecture: &'a Architecture,
    /// The settings of the training.
    pub settings: &'a Settings,
    /// The observed step of the engine.
    pub observation: &'a Observation,
    /// Layers with more nodes than this are folded.
    pub nodes: usize,
}

impl Explainer<'_> {
    /// How many layers there are after the input.
    pub fn layers(&self) -> usize {
        self.architecture.activations.len()
    }

    /// The indices of the shown nodes of `count`; `None` stands for the folded ones.
    pub fn shown(&self, count: usize) -> Vec<Option<usize>> {
        if count <= self.nodes.max(NODES_BEFORE + 2) {
            return (0..count).map(Some).collect();
        }
        let mut shown: Vec<Option<usize>> = (0..NODES_BEFORE).map(Some).collect();
        shown.push(None);
        shown.push(Some(count - 1));
        shown
    }

    /// Calls `item` for each shown node, and adds a note with the number of folded ones.
    pub fn each_node(
        &self,
        section: &mut Section,
        count: usize,
        mut item: impl FnMut(&mut Section, usize),
    ) {
        for node in self.shown(count) {
            match node {
                Some(node) => item(section, node),
                None => {
                    let hidden = count - NODES_BEFORE - 1;
                    let folded = text!(self.language, "trace-folded", count = hidden);
                    section.items.push(Item::Folded(folded));
                }
            }
        }
    }

    /// The outputs of a layer (0 is the input) for the next one, with their symbols: z, or d after
    /// dropout.
    fn outputs(&self, sample: &Sample, layer: usize) -> Vec<Math> {
        let (letter, values) = match layer.checked_sub(1) {
            None => ("x", &sample.x),
            Some(above) => match sample.pass.dropped.get(above) {
                Some(dropped) => ("d", dropped),
                None => ("z", &sample.pass.outputs[above]),
            },
        };
        let symbol = |node: usize| match layer {
            0 => Symbol::indexed(letter, &[node + 1]),
            _ => Symbol::of_layer(letter, layer, &[node + 1]),
        };
        let values = values.iter().enumerate();
        values
            .map(|(node, &value)| Math::Value(symbol(node), value))
            .collect()
    }

    /// The factor of dropout for an output of a hidden layer (from 0), if there is dropout.
    fn mask(sample: &Sample, layer: usize, node: usize) -> Option<Math> {
        let mask = sample.pass.masks.get(layer)?;
        Some(Math::Value(
            Symbol::of_layer("r", layer + 1, &[node + 1]),
            mask[node],
        ))
    }

    /// The weight of the sample in the loss, if samples have weights.
    fn weight(sample: &Sample) -> Option<Math> {
        let weight = sample.pass.weight?;
        Some(Math::Value(Symbol::plain("ω"), weight))
    }

    fn layer_heading(&self, layer: usize) -> String {
        let name = activation_name(self.architecture.activations[layer]);
        let (number, nodes) = (layer + 1, self.architecture.layers[layer + 1]);
        text!(
            self.language,
            "trace-layer",
            layer = number,
            nodes = nodes,
            activation = name,
            place = if number == self.layers() {
                "output"
            } else {
                "hidden"
            }
        )
    }

    /// The section with the inputs, the targets, and the parameters before the step.
    pub fn given(&self, sample: &Sample) -> Vec<Section> {
        let mut section = Section::new(1, text!(self.language, "trace-given"));
        section.note(text!(self.language, "trace-indices"));
        self.each_node(&mut section, sample.x.len(), |section, node| {
            let symbol = Symbol::indexed("x", &[node + 1]);
            section.quantity(Quantity::given("input", symbol, sample.x[node]));
        });
        self.each_node(&mut section, sample.targets.len(), |section, node| {
            let symbol = self.target_symbol(node);
            section.quantity(Quantity::given("target", symbol, sample.targets[node]));
        });
        if self.settings.loss == Loss::CrossEntropy {
            section.note(text!(self.language, "trace-class-index"));
        }
        vec![section]
    }

    fn target_symbol(&self, node: usize) -> Symbol {
        match self.settings.loss {
            Loss::CrossEntropy => Symbol::plain("t"),
            _ => Symbol::indexed("t", &[node + 1]),
        }
    }

    /// The sections of the forward pass: weighted sums and activations, and the sample's loss.
    pub fn forward(&self, sample: &Sample) -> Vec<Section> {
        let mut head = Section::new(1, text!(self.language, "trace-forward"));
        head.note(text!(self.language, "trace-forward-note"));
        let mut sections = vec![head];
        for layer in 0..self.layers() {
            sections.push(self.forward_layer(sample, layer));
        }
        sections.push(self.loss(sample));
        sections
    }

    fn forward_layer(&self, sample: &Sample, layer: usize) -> Section {
        let mut section = Section::new(2, self.layer_heading(layer));
        let inputs = self.outputs(sample, layer);
        let parameters = &self.observation.before;
        let activation = self.architecture.activations[layer];
        let nodes = self.architecture.layers[layer + 1];
        self.each_node(&mut section, nodes, |section, node| {
            let lower = [node + 1];
            let bias = parameters.biases[layer][node];
            let mut terms = vec![Math::Value(Symbol::of_layer("b", layer + 1, &lower), bias)];
            for (i, input) in inputs.iter().enumerate() {
                let symbol = Symbol::of_layer("w", layer + 1, &[node + 1, i + 1]);
                let weight = Math::Value(symbol, parameters.weights[layer][[node, i]]);
                terms.push(weight * input.clone());
            }
            let u = Symbol::of_layer("u", layer + 1, &lower);
            let sum = sample.pass.sums[layer][node];
            section.quantity(Quantity::new(
                "weighted_sum",
                u.clone(),
                Math::Sum(terms),
                sum,
            ));
            let z = Symbol::of_layer("z", layer + 1, &lower);
            let formula = formulas::activation(activation, &Math::Value(u, sum));
            let output = sample.pass.outputs[layer][node];
            section.quantity(Quantity::new("activation", z.clone(), formula, output));
            if let Some(mask) = Self::mask(sample, layer, node) {
                let dropped = Symbol::of_layer("d", layer + 1, &lower);
                let formula = mask * Math::Value(z, output);
                let value = sample.pass.dropped[layer][node];
                section.quantity(Quantity::new("dropout", dropped, formula, value));
            }
        });
        if let Some(&rate) = self.settings.dropout.get(layer) {
            let rate = rate.to_string();
            section.note(text!(self.language, "trace-dropout", rate = rate));
        }
        section
    }

    fn loss(&self, sample: &Sample) -> Section {
        let loss = self.settings.loss;
        let heading = text!(self.language, "trace-loss", loss = loss_name(loss));
        let mut section = Section::new(2, heading);
        let predictions = self.outputs(sample, self.layers());
        let targets = self.targets(sample);
        let symbol = Symbol::plain("L");
        let outputs = predictions.len();
        let formula = match loss {
            Loss::CrossEntropy => {
                section.note(text!(self.language, "trace-logits"));
                formulas::cross_entropy(&predictions, sample.targets[0] as usize)
            }
            _ => {
                let terms = predictions.iter().zip(&targets);
                let terms = terms.filter_map(|(p, t)| formulas::loss_term(loss, p, t));
                let count = Math::Constant(outputs as f64);
                match outputs {
                    1 => terms.into_iter().next().unwrap_or(number(0.0)),
                    _ => Math::Sum(terms.collect()).over(count),
                }
            }
        };
        let formula = match Self::weight(sample) {
            Some(weight) => {
                section.note(text!(self.language, "trace-sample-weight"));
                weight * formula
            }
            None => formula,
        };
        section.quantity(Quantity::new("loss", symbol, formula, sample.loss));
        if outputs > 1 && loss != Loss::CrossEntropy {
            let note = text!(self.language, "trace-loss-of-outputs", outputs = outputs);
            section.note(note);
        } else {
            section.note(text!(self.language, "trace-loss-of-one-output"));
        }
        section
    }

    fn targets(&self, sample: &Sample) -> Vec<Math> {
        sample
            .targets
            .iter()
            .enumerate()
            .map(|(node, &value)| Math::Value(self.target_symbol(node), value))
            .collect()
    }

    /// The sections of the backward pass: errors, derivatives, deltas and gradients, from the last
    /// layer to the first.
    pub fn backward(&self, sample: &Sample) -> Vec<Section> {
        let mut head = Section::new(1, text!(self.language, "trace-backward"));
        head.note(text!(self.language, "trace-backward-note"));
        let mut sections = vec![head];
        for layer in (0..self.layers()).rev() {
            sections.push(self.backward_layer(sample, layer));
        }
        sections.push(self.backward_input(sample));
        sections
    }

    /// The section with ∂E/∂x.
    fn backward_input(&self, sample: &Sample) -> Section {
        let mut section = Section::new(2, text!(self.language, "trace-input"));
        section.note(text!(self.language, "trace-input-note"));
        self.each_node(&mut section, sample.x.len(), |section, node| {
            let symbol = Symbol::indexed("x", &[node + 1]).derivative();
            let formula = self.error_from(sample, 0, node);
            let value = sample.input_errors[node];
            section.quantity(Quantity::new("input_gradient", symbol, formula, value));
        });
        section
    }

    fn backward_layer(&self, sample: &Sample, layer: usize) -> Section {
        let mut section = Section::new(2, self.layer_heading(layer));
        let nodes = self.architecture.layers[layer + 1];
        let inputs = self.outputs(sample, layer);
        self.each_node(&mut section, nodes, |section, node| {
            let of = |letter| Symbol::of_layer(letter, layer + 1, &[node + 1]);
            let (error, slope, delta) = self.delta(section, sample, layer, node);
            let formula = error * slope;
            let value = sample.pass.deltas[layer][node];
            section.quantity(Quantity::new("delta", delta.clone(), formula, value));
            let delta = Math::Value(delta, value);
            self.gradients(section, sample, layer, node, &delta, &inputs);
            let symbol = of("b").derivative();
            let gradient = sample.gradients.biases[layer][node];
            section.quantity(Quantity::new("bias_gradient", symbol, delta, gradient));
        });
        section
    }

    /// The error and the derivative of the activation, whose product is δ; and the symbol of δ.
    fn delta(
        &self,
        section: &mut Section,
        sample: &Sample,
        layer: usize,
        node: usize,
    ) -> (Math, Math, Symbol) {
        let of = |letter| Symbol::of_layer(letter, layer + 1, &[node + 1]);
        let z = sample.pass.outputs[layer][node];
        let u = sample.pass.sums[layer][node];
        let error = sample.pass.errors[layer][node];
        let formula = if layer + 1 == self.layers() {
            let predictions = self.outputs(sample, layer + 1);
            let error = formulas::error(
                self.settings.loss,
                &predictions,
                &self.targets(sample),
                node,
            );
            match Self::weight(sample) {
                Some(weight) => weight * error,
                None => error,
            }
        } else {
            let error = self.error_from(sample, layer + 1, node);
            match Self::mask(sample, layer, node) {
                Some(mask) => mask * error,
                None => error,
            }
        };
        let symbol = of("z").derivative();
        section.quantity(Quantity::new("error", symbol.clone(), formula, error));

        let activation = self.architecture.activations[layer];
        let formula = formulas::derivative(
            activation,
            &Math::Value(of("u"), u),
            &Math::Value(of("z"), z),
        );
        let slope = sample.slopes[layer][node];
        section.quantity(Quantity::new(
            "activation_derivative",
            of("f′"),
            formula,
            slope,
        ));
        (
            Math::Value(symbol, error),
            Math::Value(of("f′"), slope),
            of("δ"),
        )
    }

    /// Σ w δ over the nodes of layer `above` (from 0), for one of its inputs.
    fn error_from(&self, sample: &Sample, above: usize, node: usize) -> Math {
        let weights = &self.observation.before.weights[above];
        let deltas = &sample.pass.deltas[above];
        let term = |(k, &delta): (usize, &f64)| {
            let weight = Symbol::of_layer("w", above + 1, &[k + 1, node + 1]);
            let symbol = Symbol::of_layer("δ", above + 1, &[k + 1]);
            Math::Value(weight, weights[[k, node]]) * Math::Value(symbol, delta)
        };
        let mut terms: Vec<Math> = deltas.iter().enumerate().map(term).collect();
        match terms.len() {
            1 => terms.remove(0),
            _ => Math::Sum(terms),
        }
    }

    /// The quantities ∂E/∂w of a node's weights.
    fn gradients(
        &self,
        section: &mut Section,
        sample: &Sample,
        layer: usize,
        node: usize,
        delta: &Math,
        inputs: &[Math],
    ) {
        self.each_node(section, inputs.len(), |section, i| {
            let symbol = Symbol::of_layer("w", layer + 1, &[node + 1, i + 1]).derivative();
            let formula = delta.clone() * inputs[i].clone();
            let gradient = sample.gradients.weights[layer][[node, i]];
            section.quantity(Quantity::new("weight_gradient", symbol, formula, gradient));
        });
    }
}

/// The name of an activation in the experiment file.
pub fn activation_name(activation: Activation) -> String {
    word(&activation)
}

/// The name of a loss in the experiment file.
pub fn loss_name(loss: Loss) -> String {
    word(&loss)
}

/// The word of the experiment file for a value of the vocabulary.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
