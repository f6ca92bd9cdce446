//! Warnings about initial weights that cannot learn, and outputs that cannot reach the targets.

use crate::plan::Configuration;
use crate::text;
use engine::types::{Init, Loss, Scheme};
use problems::Problems;

use super::{Site, rounded};

pub fn check(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    check_symmetry(site, configuration, warnings);
    check_reach(site, configuration, warnings);
}

/// Warns of equal hidden nodes: nodes with the same weights in and out get the same gradients.
fn check_symmetry(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let layers = &configuration.architecture.layers;
    if layers.len() < 3 {
        return;
    }
    match &*configuration.init {
        Init::Scheme(Scheme::Zeros) => warnings.push(
            site.warn(
                configuration,
                &["model.init.scheme", "model.init"],
                text!(site.language, "check-zeros"),
                text!(site.language, "check-zeros-remedy"),
            )
            .note(text!(site.language, "check-stay-equal")),
        ),
        Init::Scheme(_) => {}
        Init::Explicit { weights, biases } => {
            for (layer, &nodes) in layers.iter().enumerate().take(layers.len() - 1).skip(1) {
                let (own, next) = (&weights[layer - 1], &weights[layer]);
                let like_first = |node: usize| {
                    own[node] == own[0]
                        && biases[layer - 1][node] == biases[layer - 1][0]
                        && next.iter().all(|row| row[node] == row[0])
                };
                if nodes > 1 && (1..nodes).all(like_first) {
                    warnings.push(
                        site.warn(
                            configuration,
                            &["model.init.weights", "model.init.file", "model.init"],
                            text!(site.language, "check-equal", layer = layer),
                            text!(site.language, "check-equal-remedy"),
                        )
                        .note(text!(site.language, "check-stay-equal")),
                    );
                }
            }
        }
    }
}

/// Warns of targets outside the interval of the output's activation, which are never reached.
fn check_reach(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    if matches!(configuration.settings.loss, Loss::Bce | Loss::CrossEntropy) {
        return; // These losses take logits.
    }
    let Some(output) = configuration.architecture.activations.last() else {
        return;
    };
    let (low, high) = output.range();
    let targets = &configuration.data[0].train.y;
    let least = targets.iter().fold(f64::INFINITY, f64::min);
    let most = targets.iter().fold(f64::NEG_INFINITY, f64::max);
    if least >= low && most <= high {
        return;
    }
    let name = serde_json::to_value(output).ok();
    let name = name
        .as_ref()
        .and_then(|name| name.as_str())
        .unwrap_or("it")
        .to_owned();
    let reach = match (low.is_finite(), high.is_finite()) {
        (true, true) => "between",
        (true, false) => "above",
        _ => "below",
    };
    warnings.push(site.warn(
        configuration,
        &["model.output", "model.activations", "model.layers"],
        text!(
            site.language,
            "check-reach",
            activation = name,
            reach = reach,
            low = rounded(low),
            high = rounded(high),
            least = rounded(least),
            most = rounded(most)
        ),
        text!(site.language, "check-reach-remedy"),
    ));
}
