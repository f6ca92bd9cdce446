//! Warnings about targets that fit another loss, and about features of very different scale.

use std::collections::BTreeSet;

use crate::plan::Configuration;
use crate::text;
use data::{Dataset, TargetKind};
use problems::Problems;

use super::{Site, rounded};

/// The ratio of the spreads of two features from which there is a warning.
const SPREAD: f64 = 100.0;

/// The relative rounding error of a target that was scaled and scaled back.
const ROUNDING: f64 = 1e-9;

/// Whole numbers with at most this many different values look like classes.
const MOST_CLASSES: usize = 20;

pub fn check(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let dataset = &configuration.data[0];
    check_classes(site, configuration, dataset, warnings);
    check_loss(site, configuration, dataset, warnings);
    check_scale(site, configuration, dataset, warnings);
    check_constant(site, configuration, dataset, warnings);
}

/// Warns of targets of one class, or of one value, in the whole training part.
fn check_classes(
    site: &Site<'_>,
    configuration: &Configuration,
    dataset: &Dataset,
    warnings: &mut Problems,
) {
    let y = &dataset.train.y;
    let mut column = y.column(0);
    let Some(first) = column.next().filter(|_| y.ncols() == 1 && y.nrows() > 1) else {
        return;
    };
    if !column.all(|target| target == first) {
        return;
    }
    let message = match dataset.preparation.kind {
        TargetKind::Numbers => text!(site.language, "check-one-value"),
        TargetKind::Binary | TargetKind::Classes => {
            let name = dataset.preparation.classes.get(first as usize);
            let class = name.map_or(first.to_string(), Clone::clone);
            text!(site.language, "check-one-class", class = class)
        }
    };
    warnings.push(site.warn(
        configuration,
        &[
            "data.target",
            "data.path",
            "data.labels",
            "data.y",
            "data.source",
        ],
        message,
        text!(site.language, "check-one-class-remedy"),
    ));
}

/// A column whose spread is below this share of its size is constant up to rounding.
const NEARLY_CONSTANT: f64 = 1e-9;

/// Warns of scaled features that are constant, or nearly so, in the whole training part.
fn check_constant(
    site: &Site<'_>,
    configuration: &Configuration,
    dataset: &Dataset,
    warnings: &mut Problems,
) {
    let preparation = &dataset.preparation;
    let (mut constant, mut nearly) = (Vec::new(), Vec::new());
    let named = preparation.scaling.iter().zip(&preparation.features);
    for (index, (scaling, name)) in named.enumerate() {
        if scaling.divisor == 1.0 && dataset.train.x.column(index).all(|x| x == 0.0) {
            // Pixels in the corners of images are often always dark.
            if !are_pixels(dataset) {
                constant.push(name.clone());
            }
        } else if scaling.divisor < NEARLY_CONSTANT * scaling.offset.abs() {
            nearly.push(name.clone());
        }
    }
    for (names, how) in [(constant, "same"), (nearly, "nearly")] {
        let language = site.language;
        let count = names.len();
        let message = match names.as_slice() {
            [] => continue,
            [one] => text!(language, "check-constant", name = one, how = how),
            _ => text!(language, "check-constants", count = count, how = how),
        };
        let remedy = text!(language, "check-constant-remedy", count = count, how = how);
        let mut warning = site.warn(
            configuration,
            &["data.scale", "data.path", "data.source"],
            message,
            remedy,
        );
        if names.len() > 1 {
            let shown = names.iter().take(10).map(String::as_str);
            let shown = shown.collect::<Vec<_>>().join(", ");
            warning = warning.note(text!(
                language,
                "check-constant-names",
                names = shown,
                more = count.saturating_sub(10)
            ));
        }
        warnings.push(warning);
    }
}

/// Warns of targets that are numbers but look like classes.
fn check_loss(
    site: &Site<'_>,
    configuration: &Configuration,
    dataset: &Dataset,
    warnings: &mut Problems,
) {
    if dataset.preparation.kind != TargetKind::Numbers {
        return;
    }
    let mut targets = dataset.own_targets(&dataset.train);
    if !dataset.preparation.target_scaling.is_empty() {
        // A target that was scaled and scaled back has a rounding error, but must still count as a
        // whole number.
        let near_whole = |y: f64| match y.round() {
            whole if (y - whole).abs() < ROUNDING * whole.abs().max(1.0) => whole,
            _ => y,
        };
        targets = targets.into_array().mapv_into(near_whole).into();
    }
    let keys = ["training.loss", "data.target", "data.source"];
    if targets.iter().all(|y| y == 0.0 || y == 1.0)
        && targets.iter().any(|y| y == 1.0)
        && targets.iter().any(|y| y == 0.0)
        && targets.nrows() > 2
    {
        let warning = site.warn(
            configuration,
            &keys,
            text!(site.language, "check-binary"),
            text!(site.language, "check-binary-remedy"),
        );
        warnings.push(warning.note(text!(site.language, "check-binary-note")));
        return;
    }
    let whole = targets
        .iter()
        .all(|y| y >= 0.0 && y.fract() == 0.0 && y < MOST_CLASSES as f64);
    let values: BTreeSet<u64> = if whole && targets.ncols() == 1 {
        targets.iter().map(|y| y as u64).collect()
    } else {
        BTreeSet::new()
    };
    let count = values.len();
    let all_of_them = values.iter().copied().eq(0..count as u64);
    if count > 2 && all_of_them && targets.nrows() >= 5 * count {
        warnings.push(
            site.warn(
                configuration,
                &keys,
                text!(site.language, "check-classes", last = count - 1),
                text!(site.language, "check-classes-remedy"),
            )
            .note(text!(site.language, "check-classes-note", count = count)),
        );
    }
}

/// Warns of features that are very small beside others.
fn check_scale(
    site: &Site<'_>,
    configuration: &Configuration,
    dataset: &Dataset,
    warnings: &mut Problems,
) {
    if !dataset.preparation.scaling.is_empty() {
        return;
    }
    let x = &dataset.train.x;
    let mut widest: Option<(f64, usize)> = None;
    let mut narrowest: Option<(f64, usize)> = None;
    let count = x.nrows() as f64;
    for index in 0..x.ncols() {
        let column = x.column(index);
        let mean = column.clone().sum::<f64>() / count;
        let deviation = (column.map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
        if deviation == 0.0 {
            continue; // A constant column has no scale.
        }
        if widest.is_none_or(|(most, _)| deviation > most) {
            widest = Some((deviation, index));
        }
        if narrowest.is_none_or(|(least, _)| deviation < least) {
            narrowest = Some((deviation, index));
        }
    }
    if let (Some((most, wide)), Some((least, narrow))) = (widest, narrowest)
        && most > SPREAD * least
        && !are_pixels(dataset)
    {
        let name = |index: usize| match dataset.preparation.features.get(index) {
            Some(name) => format!("`{name}`"),
            None => text!(site.language, "check-feature", number = index + 1),
        };
        warnings.push(site.warn(
            configuration,
            &["data.scale", "data.path", "data.source"],
            text!(
                site.language,
                "check-scale",
                wide = name(wide),
                most = rounded(most),
                narrow = name(narrow),
                least = rounded(least)
            ),
            text!(site.language, "check-scale-remedy"),
        ));
    }
}

/// Whether the features are pixels, which share one scale although some are nearly always dark.
fn are_pixels(dataset: &Dataset) -> bool {
    let x = &dataset.train.x;
    x.ncols() >= 64 && x.iter().all(|x| (0.0..=255.0).contains(&x))
}
