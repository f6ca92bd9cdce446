//! Warnings about settings that are legal but probably not meant, each with a reason, a place and a
//! remedy.
//!
//! A warning is a [`Problem`] that stops nothing. The module reads a finished plan and its data. It
//! trains nothing, but [`curvature`] computes gradients at the initial weights.

mod compare;
mod curvature;
mod data;
mod network;
mod readers;
mod start;
mod sweep;
mod training;

use std::collections::HashMap;

use crate::config::{Axis, Block, Node, Values, directory_name};
use crate::language::Language;
use crate::text;
use problems::{Place, Problem, Problems};

use super::{Configuration, Plan};

pub use sweep::at_the_edge;

/// The number of warnings after which the search ends.
const ENOUGH: usize = 30;

/// The warnings of a plan in this language, in the order of the file.
pub fn warnings(plan: &Plan, language: Language) -> Problems {
    let mut warnings = Problems::new();
    let site = Site::new(plan, language);
    check_name(&site, &mut warnings);
    sweep::check(&site, &mut warnings);
    compare::check(&site, &mut warnings);
    readers::check(&site, &mut warnings);
    let mut seen = std::collections::HashSet::new();
    for configuration in &plan.configurations {
        if warnings.len() >= ENOUGH {
            break;
        }
        // The checks below depend on these settings alone.
        let settings = &configuration.settings;
        let looked_at = (
            std::sync::Arc::as_ptr(&configuration.architecture) as usize,
            std::sync::Arc::as_ptr(&configuration.init) as usize,
            std::sync::Arc::as_ptr(&configuration.data) as usize,
            settings.loss as u8,
            format!(
                "{:?}{:?}{:?}{}{}",
                settings.batch_size,
                settings.early_stopping,
                settings.schedule,
                settings.epochs,
                settings.class_weights.are_equal()
            ),
        );
        if !seen.insert(looked_at) {
            continue;
        }
        network::check(&site, configuration, &mut warnings);
        start::check(&site, configuration, &mut warnings);
        data::check(&site, configuration, &mut warnings);
        training::check(&site, configuration, &mut warnings);
        compare::check_undefined(&site, configuration, &mut warnings);
    }
    curvature::check(&site, &mut warnings);
    warnings.sort();
    warnings
}

/// Warns of a name that is invalid for a directory on Windows.
fn check_name(site: &Site<'_>, warnings: &mut Problems) {
    let experiment = &site.plan.experiment;
    if let Some(fault) = directory_name::fault_on_windows(&site.plan.name) {
        let said = experiment.root.at("name").map(|node| node.place.clone());
        let message = text!(site.language, "check-windows-name", name = &site.plan.name);
        let place = said.unwrap_or_else(|| experiment.end.clone());
        warnings.push(Problem::at(place, message, fault.words(site.language)));
    }
}

/// A plan with the places of its settings in the file, and the language of its warnings.
struct Site<'a> {
    plan: &'a Plan,
    language: Language,
    blocks: Vec<Block>,
    /// For each axis of the blocks in their order: the listed values by their text, `None` for a
    /// range.
    listed: Vec<Option<HashMap<String, Node>>>,
    /// The variants by their names.
    variants: HashMap<&'a str, &'a Node>,
}

impl<'a> Site<'a> {
    fn new(plan: &'a Plan, language: Language) -> Self {
        // A plan exists only if its sweep has no problems.
        let blocks = plan.experiment.sweep(&mut Problems::new());
        let axes = blocks.iter().flat_map(|block| &block.axes);
        let listed = axes.map(|axis| match &axis.values {
            Values::List(nodes) => {
                // The first of equal values stays.
                let nodes = nodes.iter().rev();
                let by_text = nodes.map(|node| (node.value.plain(), node.clone()));
                Some(by_text.collect())
            }
            _ => None,
        });
        let variants = plan.experiment.variants();
        Self {
            plan,
            language,
            listed: listed.collect(),
            variants: variants.map(|of| (of.key.as_str(), &of.node)).collect(),
            blocks,
        }
    }

    /// The place of the first of these keys that is given for a configuration: in the sweep, in its
    /// variant, or in the file. If none is given, it is the end of the file.
    fn place(&self, configuration: &Configuration, keys: &[&str]) -> Place {
        keys.iter()
            .find_map(|key| self.said(configuration, key))
            .unwrap_or_else(|| self.plan.experiment.end.clone())
    }

    fn said(&self, configuration: &Configuration, key: &str) -> Option<Place> {
        let drawn = self
            .axis(key)
            .filter(|axis| !matches!(axis.values, Values::List(_)));
        match self.node(configuration, key) {
            Some(node) => Some(node.place),
            None => drawn.map(|axis| axis.place.clone()),
        }
    }

    fn axis(&self, key: &str) -> Option<&Axis> {
        let mut axes = self.blocks.iter().flat_map(|block| &block.axes);
        axes.find(|axis| axis.name == key)
    }

    /// The value of a key for a configuration: in the sweep, in its variant, or in the file.
    fn node(&self, configuration: &Configuration, key: &str) -> Option<Node> {
        let swept = self.plan.swept.iter().position(|swept| swept == key);
        let value = swept.map(|index| configuration.values[index].as_str());
        let axes = self.blocks.iter().flat_map(|block| &block.axes);
        for (_, listed) in axes.zip(&self.listed).filter(|(axis, _)| axis.name == key) {
            let Some(listed) = listed else { return None };
            if let Some(own) = value.and_then(|value| listed.get(value)) {
                return Some(own.clone());
            }
        }
        let variant = self.variants.get(configuration.variant.as_str());
        let own = variant.and_then(|variant| variant.as_table()?.at(key));
        own.or_else(|| self.plan.experiment.root.at(key)).cloned()
    }

    /// Adds a warning about a configuration.
    fn warn(
        &self,
        configuration: &Configuration,
        keys: &[&str],
        message: String,
        remedy: impl Into<String>,
    ) -> Problem {
        Problem::at(self.place(configuration, keys), message, remedy)
    }
}

/// A number with at most four digits, as a person writes it.
fn rounded(number: f64) -> String {
    let text = format!("{number:.3e}");
    let number: f64 = text.parse().expect("a float's text is a float");
    format!("{number}")
}
