//! The grounds on which results are judged: the scale of each configuration's loss, its samples,
//! and the results of constant answers, which need no network. They stand in the manifest, so that
//! finished results can be compared without their data.

use std::path::Path;

use choices::Choice as _;
use serde::{Deserialize, Serialize};

use crate::baseline::{Answer, Constant};
use crate::digest::hexadecimal;
use crate::likeness::{Quantity, Scale, Side};
use crate::plan::{Configuration, Plan};
use engine::types::Metric;
use statistics::description::mean;

/// The grounds of the configurations of a plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Grounds {
    /// The different grounds, each once.
    pub groups: Vec<Ground>,
    /// The group of each configuration of the plan.
    pub of: Vec<usize>,
}

/// The grounds that some configurations share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ground {
    /// The quantities that their losses depend on.
    pub scale: Scale,
    /// The digests of the training parts: one, or one for each replicate.
    pub train: Vec<String>,
    /// The digests of the validation parts: one, or one for each replicate; empty without
    /// validation data.
    pub valid: Vec<String>,
    /// The results of constant answers.
    pub baselines: Vec<Baseline>,
}

/// The result of a constant answer in one column, as the mean over the datasets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The column.
    pub column: String,
    /// The constant answer; for several datasets, that of the first.
    #[serde(flatten)]
    pub said: Answer,
    /// The value of the column.
    pub value: f64,
}

/// A kept network compared with the constant answer, sample by sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The configuration's number in the plan.
    pub configuration: usize,
    /// The replicate whose network it is.
    pub replicate: u64,
    /// The column that both are judged by.
    pub column: String,
    /// How many samples there are.
    pub samples: usize,
    /// The network's value of the column.
    pub network: f64,
    /// The value of the column for the constant answer.
    pub baseline: f64,
    /// The constant answer.
    #[serde(flatten)]
    pub said: Answer,
    /// Whether the 95 % interval of the samples' mean difference shows the network to be better.
    pub better: bool,
}

impl Grounds {
    /// The grounds of the configurations of a plan.
    pub fn of(plan: &Plan) -> Self {
        let metrics = plan.metrics();
        let mut grounds = Self::default();
        let mut known = std::collections::HashMap::new();
        for (configuration, scale) in plan.configurations.iter().zip(plan.scales()) {
            let data = std::sync::Arc::as_ptr(&configuration.data) as usize;
            let group = *known.entry((data, scale.clone())).or_insert_with(|| {
                let ground = Ground::new(configuration, scale, &metrics);
                let groups = &mut grounds.groups;
                let place = groups.iter().position(|other| *other == ground);
                place.unwrap_or_else(|| {
                    groups.push(ground);
                    groups.len() - 1
                })
            });
            grounds.of.push(group);
        }
        grounds
    }

    /// The grounds in the manifest of `directory`; `None` if there is no manifest, or it has none.
    pub fn read(directory: &Path) -> Option<Self> {
        serde_json::from_value(manifest(directory)?.get("grounds")?.clone()).ok()
    }

    /// The group of the configuration of this number.
    pub fn group(&self, number: usize) -> Option<&Ground> {
        self.groups.get(*self.of.get(number)?)
    }
}

/// The standings in the manifest of `directory`.
pub fn standings(directory: &Path) -> Vec<Standing> {
    let read = || serde_json::from_value(manifest(directory)?.get("standings")?.clone()).ok();
    read().unwrap_or_default()
}

fn manifest(directory: &Path) -> Option<serde_json::Value> {
    let text = data::file_text(&directory.join("manifest.json")).ok()?;
    serde_json::from_str(&text).ok()
}

impl Ground {
    fn new(configuration: &Configuration, scale: Scale, metrics: &[Metric]) -> Self {
        let digests = |side| {
            let parts = configuration.part(side).into_iter();
            parts.map(|digest| hexadecimal(&digest[..8])).collect()
        };
        let mut baselines = Vec::new();
        for side in [Side::Valid, Side::Train] {
            let names = metrics.iter().map(|metric| metric.word());
            for name in std::iter::once("loss").chain(names) {
                let column = format!("{}_{name}", side.word());
                // With class weights, another constant would have the least loss.
                if Quantity::of(&column) == Quantity::Loss && scale.class_weights != "none" {
                    continue;
                }
                baselines.extend(baseline(configuration, side, column));
            }
        }
        Self {
            scale,
            train: digests(Side::Train),
            valid: digests(Side::Valid),
            baselines,
        }
    }
}

/// The result of the constant answer in a column; `None` where it is undefined for one of the
/// datasets.
fn baseline(configuration: &Configuration, side: Side, column: String) -> Option<Baseline> {
    let loss = configuration.settings.loss;
    let (name, has) = (column.split_once('_')?.1, &configuration.settings.metrics);
    if name != "loss" && !has.iter().any(|metric| metric.word() == name) {
        return None;
    }
    // With class weights, another constant would have the least loss.
    if name == "loss" && !configuration.settings.class_weights.are_equal() {
        return None;
    }
    let mut said = None;
    let mut values = Vec::new();
    for dataset in configuration.data.iter() {
        let samples = match side {
            Side::Train => &dataset.train,
            Side::Valid => dataset.valid.as_ref()?,
        };
        let constant = Constant::of(&column, loss, dataset)?;
        values.push(constant.value(&column, loss, samples)?);
        said.get_or_insert(constant.said);
    }
    Some(Baseline {
        column,
        said: said?,
        value: mean(&values),
    })
}
