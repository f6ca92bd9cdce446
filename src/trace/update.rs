//! The batch's gradient and the update, parameter by parameter.

use choices::Choice;

use super::explain::Explainer;
use super::math::{Derivative, Function, Math, Symbol, number};
use super::page::{Quantity, Section};
use crate::text;
use engine::observe::Stages;
use engine::types::Parameters;

/// One weight or bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParameterIndex {
    /// The layer, from 0 for the first after the input.
    pub layer: usize,
    /// The node, from 0.
    pub node: usize,
    /// The input of the weight, from 0; `None` for the bias.
    pub input: Option<usize>,
}

impl ParameterIndex {
    /// The number of this parameter.
    pub fn of(self, parameters: &Parameters) -> f64 {
        match self.input {
            Some(input) => parameters.weights[self.layer][[self.node, input]],
            None => parameters.biases[self.layer][self.node],
        }
    }

    /// A letter with the parameter's indices; the second index of a bias is 0.
    pub fn named(self, letter: &'static str) -> Symbol {
        match self.input {
            Some(input) => Symbol::of_layer(letter, self.layer + 1, &[self.node + 1, input + 1]),
            None => Symbol::of_layer(letter, self.layer + 1, &[self.node + 1, 0]),
        }
    }

    /// The parameter's own symbol.
    pub fn symbol(self) -> Symbol {
        match self.input {
            Some(_) => self.named("w"),
            None => Symbol::of_layer("b", self.layer + 1, &[self.node + 1]),
        }
    }
}

impl Explainer<'_> {
    /// Calls a function for every shown weight and bias of a layer.
    pub fn each_parameter(
        &self,
        section: &mut Section,
        layer: usize,
        item: &mut dyn FnMut(&mut Section, ParameterIndex),
    ) {
        let (nodes, inputs) = (
            self.architecture.layers[layer + 1],
            self.architecture.layers[layer],
        );
        self.each_node(section, nodes, |section, node| {
            self.each_node(section, inputs, |section, input| {
                let input = Some(input);
                item(section, ParameterIndex { layer, node, input });
            });
            let input = None;
            item(section, ParameterIndex { layer, node, input });
        });
    }

    /// The sections of a stage: a head with a note, and one section per layer.
    pub fn by_layer(
        &self,
        head: Section,
        item: &mut dyn FnMut(&mut Section, ParameterIndex),
    ) -> Vec<Section> {
        let mut sections = vec![head];
        for layer in 0..self.layers() {
            let mut section = Section::new(
                2,
                text!(self.language, "trace-layer-number", layer = layer + 1),
            );
            self.each_parameter(&mut section, layer, item);
            sections.push(section);
        }
        sections
    }

    /// The sections from the samples' gradients to the optimizer's: sum, mean, penalties, clipping.
    pub fn batch(&self) -> Vec<Section> {
        let observation = self.observation;
        let stages = &observation.stages;
        let terms = self.terms();
        let mut head = Section::new(1, text!(self.language, "trace-batch"));
        head.note(match observation.weight_sum {
            Some(_) => text!(self.language, "trace-batch-weighted"),
            None => text!(
                self.language,
                "trace-batch-mean",
                counts = self.terms_in_words(),
                terms = terms
            ),
        });
        self.penalty_notes(&mut head);
        self.clipping(&mut head, stages);
        self.by_layer(head, &mut |section, place| {
            self.stages(section, place, stages, terms);
        })
    }

    fn stages(&self, section: &mut Section, place: ParameterIndex, stages: &Stages, terms: usize) {
        let observation = self.observation;
        let summed = place.of(&stages.summed);
        if observation.batch.len() > 1 {
            let symbol = place.named("G");
            let parts: Vec<Math> = observation
                .gradients
                .iter()
                .enumerate()
                .map(|(index, gradients)| {
                    let symbol = Symbol {
                        derivative: Derivative::OfSample(index + 1),
                        ..place.symbol()
                    };
                    Math::Value(symbol, place.of(gradients))
                })
                .collect();
            section.quantity(if parts.is_empty() {
                Quantity::given("summed_gradient", symbol, summed)
            } else {
                Quantity::new("summed_gradient", symbol, Math::Sum(parts), summed)
            });
        }
        let g = place.named("g");
        let averaged = place.of(&stages.averaged);
        let formula = self.total(place).over(match observation.weight_sum {
            Some(sum) => Math::Value(Symbol::plain("Ω"), sum),
            None => number(terms as f64),
        });
        section.quantity(Quantity::new("gradient", g.clone(), formula, averaged));

        let mut current = averaged;
        if let Some(penalised) = &stages.penalised
            && place.input.is_some()
        {
            let value = place.of(penalised);
            let w = Math::Value(place.symbol(), place.of(&observation.before));
            let mut terms = vec![Math::Value(g.clone(), current)];
            let (l1, l2) = (self.settings.l1, self.settings.l2);
            if l2 != 0.0 {
                terms.push(Math::Value(Symbol::plain("λ₂"), l2) * w.clone());
            }
            if l1 != 0.0 {
                terms.push(Math::Value(Symbol::plain("λ₁"), l1) * w.of(Function::Sign));
            }
            section.quantity(Quantity::assigned(
                "penalised_gradient",
                g.clone(),
                Math::Sum(terms),
                value,
            ));
            current = value;
        }
        if let Some(clipped) = &stages.clipped {
            let value = place.of(clipped);
            let old = Math::Value(g.clone(), current);
            let formula = match (self.settings.clip_value, stages.scale) {
                (Some(limit), _) => {
                    let limit = || Math::Value(Symbol::plain("c"), limit);
                    let above = Math::Call(Function::Max, vec![-limit(), old]);
                    Math::Call(Function::Min, vec![limit(), above])
                }
                (None, Some(scale)) => Math::Value(Symbol::plain("s"), scale) * old,
                (None, None) => old,
            };
            section.quantity(Quantity::assigned("clipped_gradient", g, formula, value));
        }
    }

    fn penalty_notes(&self, head: &mut Section) {
        let (l1, l2) = (self.settings.l1, self.settings.l2);
        if l1 != 0.0 || l2 != 0.0 {
            head.note(text!(self.language, "trace-penalties"));
        }
    }

    /// Adds the factor of all gradients, if their norm is limited.
    fn clipping(&self, head: &mut Section, stages: &Stages) {
        if let Some(limit) = self.settings.clip_value {
            let limit = limit.to_string();
            head.note(text!(self.language, "trace-clip-value", limit = limit));
        }
        if let (Some(limit), Some(scale), Some(norm)) =
            (self.settings.clip_norm, stages.scale, stages.norm)
        {
            head.note(text!(self.language, "trace-clip-norm"));
            let norm_symbol = Symbol::plain("‖g‖");
            head.quantity(Quantity::given("gradient_norm", norm_symbol.clone(), norm));
            let c = Math::Value(Symbol::plain("c"), limit);
            let ratio = c.over(Math::Value(norm_symbol, norm) + number(super::CLIP_EPSILON));
            let formula = Math::Call(Function::Min, vec![number(1.0), ratio]);
            head.quantity(Quantity::new(
                "clip_scale",
                Symbol::plain("s"),
                formula,
                scale,
            ));
        }
    }

    /// The sections of the optimizer's update, old → new, with its slots.
    pub fn update(&self) -> Vec<Section> {
        let optimizer = self.optimizer_name();
        let heading = text!(self.language, "trace-update", optimizer = optimizer);
        let mut head = Section::new(1, heading);
        for note in self.optimizer_notes() {
            head.note(note);
        }
        head.quantity(Quantity::given(
            "learning_rate",
            Symbol::plain("η"),
            self.observation.learning_rate,
        ));
        for quantity in self.step_factors() {
            head.quantity(quantity);
        }
        self.by_layer(head, &mut |section, place| {
            for quantity in self.update_of(place) {
                section.quantity(quantity);
            }
        })
    }

    fn optimizer_name(&self) -> &'static str {
        self.settings.optimizer.name().word()
    }
}
