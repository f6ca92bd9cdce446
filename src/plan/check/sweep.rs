//! Warnings about sweeps without an effect, comparisons that cannot be decided, and a best value at
//! an edge.

use std::collections::BTreeSet;

use crate::config::{Mode, Node, Values};
use crate::language::Language;
use crate::plan::{Configuration, Plan};
use crate::text;
use engine::types::{BatchSize, Init, Scheme};
use problems::{Problem, Problems};

use super::Site;

pub fn check(site: &Site<'_>, warnings: &mut Problems) {
    check_effect(site, warnings);
    check_full_batches(site, warnings);
    check_overridden(site, warnings);
    check_replicates(site, warnings);
}

/// Warns of values of a swept key that give the same run as others.
fn check_effect(site: &Site<'_>, warnings: &mut Problems) {
    for block in &site.blocks {
        if block.mode != Mode::Grid || !block.exclude.is_empty() {
            continue;
        }
        for axis in &block.axes {
            let Values::List(nodes) = &axis.values else {
                continue;
            };
            let Some(column) = site.plan.swept.iter().position(|swept| *swept == axis.name) else {
                continue;
            };
            let configurations = site.plan.configurations.iter();
            let there: BTreeSet<&str> = configurations
                .map(|configuration| configuration.values[column].as_str())
                .collect();
            let mut met = BTreeSet::new();
            let lost: Vec<&Node> = nodes
                .iter()
                .filter(|node| {
                    let text = node.value.plain();
                    !there.contains(text.as_str()) || !met.insert(text)
                })
                .collect();
            let Some(first) = lost.first() else {
                continue;
            };
            if there.len() == 1 && lost.len() + 1 == nodes.len() {
                warnings.push(
                    Problem::at(
                        axis.place.clone(),
                        text!(site.language, "check-no-effect", key = &axis.name),
                        text!(site.language, "check-no-effect-remedy"),
                    )
                    .note(text!(site.language, "check-no-effect-note")),
                );
            } else {
                warnings.push(Problem::at(
                    first.place.clone(),
                    text!(
                        site.language,
                        "check-same-value",
                        value = first.value.to_toml(),
                        key = &axis.name
                    ),
                    text!(site.language, "check-same-value-remedy"),
                ));
            }
        }
    }
}

/// Warns of several batch sizes that all are the full batch.
fn check_full_batches(site: &Site<'_>, warnings: &mut Problems) {
    if !site
        .plan
        .swept
        .iter()
        .any(|swept| swept == "training.batch_size")
    {
        return;
    }
    let full: Vec<&Configuration> = site
        .plan
        .configurations
        .iter()
        .filter(|configuration| {
            let samples = configuration.data[0].train.x.nrows();
            match configuration.settings.batch_size {
                BatchSize::Full => true,
                BatchSize::Samples(size) => size >= samples,
            }
        })
        .collect();
    let mut sizes: Vec<BatchSize> = Vec::new();
    for configuration in &full {
        if !sizes.contains(&configuration.settings.batch_size) {
            sizes.push(configuration.settings.batch_size);
        }
    }
    if sizes.len() > 1 {
        let samples = full[0].data[0].train.x.nrows();
        let names: Vec<String> = sizes
            .iter()
            .map(|size| match size {
                BatchSize::Full => "\"full\"".to_owned(),
                BatchSize::Samples(size) => size.to_string(),
            })
            .collect();
        warnings.push(site.warn(
            full[0],
            &["training.batch_size"],
            text!(
                site.language,
                "check-full-batches",
                samples = samples,
                sizes = names.join(", ")
            ),
            text!(site.language, "check-full-batches-remedy"),
        ));
    }
}

/// Warns of a variant's value that the sweep always overrides.
fn check_overridden(site: &Site<'_>, warnings: &mut Problems) {
    for axis in site.blocks.iter().flat_map(|block| &block.axes) {
        let everywhere =
            |block: &crate::config::Block| block.axes.iter().any(|other| other.name == axis.name);
        if !site.blocks.iter().all(everywhere) {
            continue;
        }
        for variant in site.plan.experiment.variants() {
            if let Some(node) = variant
                .node
                .as_table()
                .and_then(|table| table.at(&axis.name))
            {
                warnings.push(Problem::at(
                    node.place.clone(),
                    text!(
                        site.language,
                        "check-overridden",
                        variant = variant.key.to_string(),
                        key = &axis.name
                    ),
                    text!(site.language, "check-overridden-remedy"),
                ));
            }
        }
    }
}

/// Warns of one replicate where configurations are compared, or of several that cannot differ.
fn check_replicates(site: &Site<'_>, warnings: &mut Problems) {
    let plan = site.plan;
    let place = match plan.experiment.root.entry("replicates") {
        Some(entry) => entry.key_place.clone(),
        None => plan.experiment.end.clone(),
    };
    let still = plan
        .configurations
        .iter()
        .all(|configuration| !varies(plan, configuration));
    if plan.runs_each() == 1 && plan.configurations.len() > 1 && !still {
        warnings.push(
            Problem::at(
                place,
                text!(site.language, "check-one-run"),
                text!(site.language, "check-one-run-remedy"),
            )
            .note(text!(site.language, "check-one-run-note")),
        );
    } else if plan.replicates > 1 && still {
        warnings.push(
            Problem::at(
                place,
                text!(
                    site.language,
                    "check-replicates",
                    replicates = plan.replicates
                ),
                text!(site.language, "check-replicates-remedy"),
            )
            .note(text!(site.language, "check-replicates-note")),
        );
    }
}

/// Whether two replicates of a configuration can differ.
fn varies(plan: &Plan, configuration: &Configuration) -> bool {
    let drawn = match &*configuration.init {
        Init::Scheme(Scheme::Zeros) | Init::Explicit { .. } => false,
        Init::Scheme(_) => plan.vary.init,
    };
    let samples = configuration.data[0].train.x.nrows();
    let ordered = !configuration.settings.shuffle || samples == 1;
    drawn || (plan.vary.shuffle && !ordered) || configuration.data.len() > 1
}

/// The warnings after a run: the best configuration has a value at the edge of a swept range, so
/// that better ones may lie beyond. `best` is its index in the plan.
pub fn at_the_edge(plan: &Plan, best: usize, language: Language) -> Problems {
    let mut warnings = Problems::new();
    let site = Site::new(plan, language);
    let configuration = &plan.configurations[best];
    for (column, name) in plan.swept.iter().enumerate() {
        let number =
            |configuration: &Configuration| configuration.values[column].parse::<f64>().ok();
        let Some(value) = number(configuration) else {
            continue;
        };
        let others = plan.configurations.iter();
        let others = others.filter(|other| other.variant == configuration.variant);
        let mut numbers: Vec<f64> = others.filter_map(number).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        let (Some(&least), Some(&most)) = (numbers.first(), numbers.last()) else {
            continue;
        };
        // A range of fewer than three values has only edges, and seeds have no order.
        if numbers.len() < 3 || name == "seed" || (value > least && value < most) {
            continue;
        }
        if name == "training.batch_size" && value == 1.0 {
            continue; // There is no smaller batch.
        }
        let edge = if value == least { "least" } else { "greatest" };
        warnings.push(
            site.warn(
                configuration,
                &[name],
                text!(
                    language,
                    "check-edge",
                    edge = edge,
                    key = name,
                    value = &configuration.values[column]
                ),
                text!(language, "check-edge-remedy", edge = edge),
            )
            .note(text!(language, "check-edge-note")),
        );
    }
    warnings
}
