//! The page of a trace, put together from its parts.

use super::check::Check;
use super::explain::{Explainer, activation_name, loss_name};
use super::math::{Math, Symbol};
use super::page::{Cell, Item, Page, Quantity, Section, Table};
use super::update::ParameterIndex;
use crate::plan::{Plan, Run};
use crate::text;
use engine::observe::{ASCENT_STEPS, Divergence, Milestone};
use engine::types::Optimizer;
use engine::words::optimizer::Sgd;

/// The whole page.
pub fn page(
    explainer: &Explainer<'_>,
    plan: &Plan,
    run: &Run,
    index: usize,
    divergence: Option<&Divergence>,
    check: Option<&Check>,
) -> Page {
    let observation = explainer.observation;
    let at = observation.at;
    let title = text!(
        explainer.language,
        "trace-title",
        name = plan.name.as_str(),
        epoch = at.epoch,
        step = at.step
    );
    let mut sections = Vec::new();
    if let Some(divergence) = divergence {
        sections.push(path(explainer, divergence));
    }
    sections.extend(explainer.given(&observation.sample));
    sections.extend(explainer.forward(&observation.sample));
    sections.extend(explainer.backward(&observation.sample));
    sections.extend(explainer.batch());
    sections.extend(explainer.update());
    sections.extend(without_mean(explainer));
    if let Some(check) = check {
        sections.push(comparison(explainer, check));
    }
    Page {
        title,
        facts: facts(explainer, plan, run, index),
        sections,
    }
}

/// The facts about the step.
fn facts(explainer: &Explainer<'_>, plan: &Plan, run: &Run, index: usize) -> Vec<(String, String)> {
    let language = explainer.language;
    let (observation, settings) = (explainer.observation, explainer.settings);
    let configuration = &plan.configurations[run.configuration];
    let what = match run.fold {
        None => text!(
            language,
            "trace-run",
            run = index,
            runs = plan.runs.len(),
            replicate = run.replicate
        ),
        Some(fold) => text!(
            language,
            "trace-run-of-fold",
            run = index,
            runs = plan.runs.len(),
            replicate = run.replicate,
            fold = fold
        ),
    };
    let mut facts = vec![(text!(language, "trace-fact-run"), what)];
    if !configuration.variant.is_empty() {
        facts.push(("variant".to_owned(), configuration.variant.clone()));
    }
    for (key, value) in plan.swept.iter().zip(&configuration.values) {
        facts.push((key.clone(), value.clone()));
    }
    let architecture = explainer.architecture;
    let layers: Vec<String> = architecture.layers.iter().map(usize::to_string).collect();
    let activations: Vec<String> = architecture
        .activations
        .iter()
        .map(|&activation| activation_name(activation))
        .collect();
    facts.push((
        text!(language, "trace-fact-network"),
        format!("{} ({})", layers.join("-"), activations.join(", ")),
    ));
    facts.push((text!(language, "trace-fact-loss"), loss_name(settings.loss)));
    let at = observation.at;
    facts.push((
        text!(language, "trace-epoch"),
        text!(
            language,
            "trace-epoch-of",
            epoch = at.epoch,
            epochs = settings.epochs
        ),
    ));
    facts.push((
        text!(language, "trace-step"),
        text!(
            language,
            "trace-step-of",
            step = at.step,
            steps = observation.steps,
            update = observation.update
        ),
    ));
    facts.push((
        text!(language, "trace-fact-sample"),
        text!(
            language,
            "trace-sample-of",
            sample = at.sample,
            samples = observation.batch.len(),
            row = observation.batch[at.sample - 1]
        ),
    ));
    facts.push((
        text!(language, "trace-fact-numbers"),
        text!(language, "trace-numbers"),
    ));
    facts
}

/// The section with the steps that led to the divergence.
fn path(explainer: &Explainer<'_>, divergence: &Divergence) -> Section {
    let language = explainer.language;
    let mut section = Section::new(1, text!(language, "trace-path"));
    section.note(match first_not_finite(explainer) {
        Some((symbol, value)) => text!(
            language,
            "trace-first-not-finite",
            symbol = super::plain::text(&symbol),
            value = value.to_string().replace("inf", "∞")
        ),
        None => text!(language, "trace-all-finite"),
    });
    section.note(text!(language, "trace-path-note", steps = ASCENT_STEPS));
    let rows = thinned(&divergence.path).into_iter().map(|milestone| {
        vec![
            Cell::Rough(milestone.epoch.to_string()),
            Cell::Rough(milestone.step.to_string()),
            Cell::Exact(milestone.loss),
            Cell::Exact(milestone.gradient),
            Cell::Exact(milestone.parameter),
        ]
    });
    section.items.push(Item::Table(Table {
        header: vec![
            text!(language, "trace-epoch"),
            text!(language, "trace-step"),
            text!(language, "trace-batch-loss"),
            text!(language, "trace-largest-gradient"),
            text!(language, "trace-largest-parameter"),
        ],
        rows: rows.collect(),
    }));
    section
}

/// The number of rows at the beginning of a long path that are all shown.
const FIRST_ROWS: usize = 10;
/// The number of rows at its end that are shown.
const LAST_ROWS: usize = 2;

/// The beginning of the path, a decreasing share of its further steps, and its end.
fn thinned(path: &[Milestone]) -> Vec<&Milestone> {
    let end = path.len().saturating_sub(LAST_ROWS);
    let mut next = 0;
    let rows = path.iter().enumerate().filter(|&(row, _)| {
        let stands = row >= end || row >= next;
        if stands && row < end {
            next = if row < FIRST_ROWS { row + 1 } else { row * 2 };
        }
        stands
    });
    rows.map(|(_, milestone)| milestone).collect()
}

/// The first value of the step that is not finite, in the order of computation.
fn first_not_finite(explainer: &Explainer<'_>) -> Option<(Symbol, f64)> {
    let observation = explainer.observation;
    let pass = &observation.sample.pass;
    let scan = |letter: &'static str, layer: usize, values: &[f64], derivative: bool| {
        let node = values.iter().position(|value| !value.is_finite())?;
        let symbol = Symbol::of_layer(letter, layer + 1, &[node + 1]);
        let symbol = if derivative {
            symbol.derivative()
        } else {
            symbol
        };
        Some((symbol, values[node]))
    };
    let layers = explainer.layers();
    for layer in 0..layers {
        let forward = scan("u", layer, &pass.sums[layer], false)
            .or_else(|| scan("z", layer, &pass.outputs[layer], false));
        if forward.is_some() {
            return forward;
        }
    }
    if !observation.sample.loss.is_finite() {
        return Some((Symbol::plain("L"), observation.sample.loss));
    }
    for layer in (0..layers).rev() {
        let backward = scan("z", layer, &pass.errors[layer], true)
            .or_else(|| scan("δ", layer, &pass.deltas[layer], false));
        if backward.is_some() {
            return backward;
        }
    }
    let stages = &observation.stages;
    let gradient = explainer.first_place(&stages.averaged);
    let parameter = explainer.first_place(&observation.after);
    gradient
        .map(|(place, value)| (place.symbol().renamed("g"), value))
        .or_else(|| parameter.map(|(place, value)| (place.symbol(), value)))
}

/// The section on the difference between the summed gradient of some textbooks and the mean
/// gradient of training.
fn without_mean(explainer: &Explainer<'_>) -> Vec<Section> {
    let observation = explainer.observation;
    let plain = matches!(
        explainer.settings.optimizer,
        Optimizer::Sgd(Sgd {
            momentum: 0.0,
            weight_decay: 0.0,
            ..
        })
    );
    let terms = explainer.terms();
    let is_weighted = observation.weight_sum.is_some();
    if terms == 1
        || is_weighted
        || !plain
        || observation.stages.last() != &observation.stages.averaged
    {
        return Vec::new();
    }
    let language = explainer.language;
    let mut head = Section::new(1, text!(language, "trace-sum-or-mean"));
    head.note(text!(
        language,
        "trace-sum-or-mean-note",
        counts = explainer.terms_in_words(),
        terms = terms
    ));
    explainer.by_layer(head, &mut |section, place| {
        let symbol = place.symbol();
        let old = Math::Value(symbol.clone(), place.of(&observation.before));
        let eta = Math::Value(Symbol::plain("η"), observation.learning_rate);
        let gradient = explainer.total(place);
        let value = place.of(&observation.after_by_sum);
        section.quantity(Quantity::assigned(
            "new_parameter_by_summed_gradient",
            symbol,
            old - eta * gradient,
            value,
        ));
    })
}

/// The section with the gradients beside their difference quotients.
fn comparison(explainer: &Explainer<'_>, check: &Check) -> Section {
    let language = explainer.language;
    let mut section = Section::new(1, text!(language, "trace-check"));
    section.note(text!(language, "trace-check-note"));
    let shown: Vec<ParameterIndex> = explainer.shown_places();
    let rows = check
        .compared
        .iter()
        .filter(|one| shown.contains(&one.place) || check.worst == Some(one.place))
        .map(|one| {
            let error = match one.error {
                None => "NaN".to_owned(),
                Some(0.0) => "0".to_owned(),
                Some(error) => format!("{error:.1e}"),
            };
            vec![
                Cell::Symbol(one.place.symbol()),
                Cell::Exact(one.gradient),
                Cell::Exact(one.difference),
                Cell::Rough(error),
            ]
        });
    section.items.push(Item::Table(Table {
        header: vec![
            String::new(),
            text!(language, "trace-gradient"),
            text!(language, "trace-difference"),
            text!(language, "trace-error"),
        ],
        rows: rows.collect(),
    }));
    let compared = check.compared.len();
    if compared < check.count {
        section.note(text!(
            language,
            "trace-compared-some",
            count = compared,
            all = check.count
        ));
    }
    let corners = check.corners();
    if corners > 0 {
        section.note(text!(language, "trace-corners", count = corners));
    }
    section.note(text!(
        language,
        "trace-check-verdict",
        largest = format!("{:.1e}", check.largest),
        tolerance = format!("{:e}", check.tolerance),
        verdict = if check.agrees() { "agree" } else { "differ" }
    ));
    section
}

impl Explainer<'_> {
    /// The batch's summed gradient at a place, as a quantity.
    pub fn total(&self, place: ParameterIndex) -> Math {
        let summed = place.of(&self.observation.stages.summed);
        if self.observation.batch.len() == 1 {
            Math::Value(place.symbol().derivative(), summed)
        } else {
            Math::Value(place.named("G"), summed)
        }
    }

    /// The number of terms in words, as in "4 samples × 2 outputs".
    pub fn terms_in_words(&self) -> String {
        let samples = self.observation.batch.len();
        let outputs = self.terms() / samples;
        text!(
            self.language,
            "trace-terms",
            samples = samples,
            outputs = outputs
        )
    }

    /// The number of terms over which the batch's gradient is averaged.
    pub fn terms(&self) -> usize {
        let outputs = *self.architecture.layers.last().unwrap_or(&1);
        self.settings
            .loss
            .terms(self.observation.batch.len(), outputs)
    }

    /// All parameters that are shown.
    fn shown_places(&self) -> Vec<ParameterIndex> {
        let mut places = Vec::new();
        for layer in 0..self.layers() {
            let mut section = Section::new(2, "");
            self.each_parameter(&mut section, layer, &mut |_, place| places.push(place));
        }
        places
    }

    /// The first number that is not finite, and its parameter.
    fn first_place(&self, parameters: &engine::types::Parameters) -> Option<(ParameterIndex, f64)> {
        let layers = parameters.weights.iter().zip(&parameters.biases);
        for (layer, (weights, biases)) in layers.enumerate() {
            for ((node, input), &value) in weights.indexed_iter() {
                if !value.is_finite() {
                    return Some((
                        ParameterIndex {
                            layer,
                            node,
                            input: Some(input),
                        },
                        value,
                    ));
                }
            }
            for (node, &value) in biases.indexed_iter() {
                if !value.is_finite() {
                    return Some((
                        ParameterIndex {
                            layer,
                            node,
                            input: None,
                        },
                        value,
                    ));
                }
            }
        }
        None
    }
}
