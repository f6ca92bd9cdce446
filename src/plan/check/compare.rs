//! Warnings about comparisons of losses that have no ranking, and of undefined metrics.

use crate::likeness::{Quantity, Side, differences};
use crate::plan::compare::alike;
use crate::plan::{Configuration, Plan};
use crate::text;
use data::Dataset;
use engine::types::{Metric, Monitor};
use problems::Problems;

use super::Site;

pub fn check(site: &Site<'_>, warnings: &mut Problems) {
    if let Some(side) = Side::of(site.plan.compare.asked.name()) {
        check_scales(site, side, warnings);
        check_parts(site, side, warnings);
    }
}

/// Warns of losses with different scales.
fn check_scales(site: &Site<'_>, side: Side, warnings: &mut Problems) {
    let plan = site.plan;
    let (asked, metric) = (plan.compare.asked, plan.compare.metric);
    if Quantity::of(asked.name()) != Quantity::Loss || alike(plan, side) {
        return;
    }
    let scales = plan.scales();
    for difference in differences(&scales) {
        let other = scales.iter().position(|scale| *scale != scales[0]);
        let configuration = &plan.configurations[other.unwrap_or(0)];
        let remedy = match metric == asked {
            true => text!(site.language, "check-scales-no-metric"),
            false => text!(
                site.language,
                "check-scales-instead",
                metric = metric.to_string()
            ),
        };
        warnings.push(
            site.warn(
                configuration,
                &[difference.key],
                text!(
                    site.language,
                    "check-scales",
                    key = difference.key.replace('.', "-"),
                    values = difference
                        .values
                        .join(&text!(site.language, "list-between")),
                    metric = asked.to_string()
                ),
                remedy,
            )
            .note(text!(site.language, "check-scales-note")),
        );
    }
}

/// Warns of configurations that are judged on different samples.
fn check_parts(site: &Site<'_>, side: Side, warnings: &mut Problems) {
    let plan = site.plan;
    let Some(first) = plan.configurations.first() else {
        return;
    };
    let part = first.part(side);
    let mut others = plan.configurations.iter();
    if let Some(other) = others.find(|other| other.part(side) != part) {
        let keys = data_keys(plan, other);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        warnings.push(
            site.warn(
                other,
                &keys,
                text!(site.language, "check-parts", part = side.word()),
                text!(site.language, "check-parts-remedy"),
            )
            .note(text!(site.language, "check-parts-note")),
        );
    }
}

/// The keys of `[data]` that the sweep or the configuration's variant gives.
fn data_keys(plan: &Plan, configuration: &Configuration) -> Vec<String> {
    let swept = plan.swept.iter().filter(|key| key.starts_with("data."));
    let mut variants = plan.experiment.variants();
    let variant = variants.find(|variant| variant.key == configuration.variant);
    let own = variant.and_then(|variant| variant.node.as_table()?.get("data")?.as_table());
    let own = own.into_iter().flat_map(|table| &table.entries);
    let own = own.map(|entry| format!("data.{}", entry.key));
    let general = ["training.loss", "data.source"].map(str::to_owned);
    swept.cloned().chain(own).chain(general).collect()
}

/// Warns of metrics that are undefined for their samples.
pub fn check_undefined(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let dataset = &configuration.data[0];
    let stopping = configuration.settings.early_stopping;
    let watched = stopping.and_then(|stopping| match stopping.metric {
        Monitor::Valid(Metric::R2) => Some(Side::Valid),
        Monitor::Train(Metric::R2) => Some(Side::Train),
        _ => None,
    });
    let compared = site.plan.compare.metric.name();
    let compared = Side::of(compared).filter(|_| compared.ends_with("_r2"));
    for (side, key) in [
        (watched, "training.early_stopping.metric"),
        (compared, "compare.metric"),
    ] {
        let Some(side) = side.filter(|&side| targets_are_equal(dataset, side)) else {
            continue;
        };
        warnings.push(site.warn(
            configuration,
            &[key],
            text!(site.language, "check-undefined", part = side.word()),
            text!(site.language, "check-undefined-remedy", part = side.word()),
        ));
    }
}

/// Whether the targets of a part are all equal.
fn targets_are_equal(dataset: &Dataset, side: Side) -> bool {
    let samples = match side {
        Side::Train => Some(&dataset.train),
        Side::Valid => dataset.valid.as_ref(),
    };
    samples.is_some_and(|samples| {
        (0..samples.y.ncols()).all(|output| {
            let mut targets = samples.y.column(output);
            let first = targets.next();
            targets.all(|target| Some(target) == first)
        })
    })
}
