//! The diagram of a small network with its weights.

use super::exhibit::Exhibit;
use super::number::significant;
use crate::language::Language;
use crate::text;
use pictures::axis::SMALL;
use pictures::{Anchor, Dash, Figure, Ink, Item, cut, diverging, text};

/// The most nodes in a layer, and the most layers, of a legible diagram.
const NODES: usize = 16;
const LAYERS: usize = 8;

/// The figure of a model's network; `None` if the network is too large.
pub fn figure(language: Language, exhibit: &Exhibit, name: &str) -> Option<Figure> {
    let model = &exhibit.model;
    let layers = &model.architecture.layers;
    if layers.len() > LAYERS || layers.iter().any(|&nodes| nodes > NODES) {
        return None;
    }
    let tallest = layers.iter().copied().max().unwrap_or(1);
    let gap = if tallest > 8 { 30.0 } else { 46.0 };
    let (left, top) = (96.0, 52.0);
    let height = top + gap * tallest as f64 + 34.0;
    let width = (left * 2.0 + 120.0 * (layers.len() - 1) as f64).max(380.0);
    let mut figure = Figure::new(
        width,
        height,
        text!(language, "figure-network-of", name = name),
    );
    let across = (width - 2.0 * left) / (layers.len() - 1) as f64;
    let at = |layer: usize, node: usize| {
        let middle = top + gap * tallest as f64 / 2.0;
        let y = middle + (node as f64 - (layers[layer] - 1) as f64 / 2.0) * gap;
        (left + across * layer as f64, y)
    };
    figure.head(name, 48);
    let greatest = model
        .parameters
        .weights
        .iter()
        .flatten()
        .fold(0.0f64, |most, weight| most.max(weight.abs()));
    for (layer, weights) in model.parameters.weights.iter().enumerate() {
        for ((node, input), &weight) in weights.indexed_iter() {
            let strength = if greatest > 0.0 {
                weight.abs() / greatest
            } else {
                0.0
            };
            figure.items.push(Item::Line {
                points: vec![at(layer, input), at(layer + 1, node)],
                ink: Ink::Fixed(diverging(weight.signum() * (0.35 + 0.65 * strength))),
                width: 0.6 + 5.4 * strength,
                dash: Dash::Solid,
            });
        }
    }
    for (layer, &nodes) in layers.iter().enumerate() {
        for node in 0..nodes {
            let title = match layer {
                0 => String::new(),
                _ => text!(
                    language,
                    "figure-bias",
                    bias = significant(model.parameters.biases[layer - 1][node], 4)
                ),
            };
            figure.items.push(Item::Disc {
                at: at(layer, node),
                radius: if tallest > 8 { 8.0 } else { 11.0 },
                ink: Ink::Text,
                title,
            });
            let names = &model.preparation.features;
            let (x, y) = at(layer, node);
            if layer == 0
                && let Some(feature) = names.get(node)
            {
                figure.items.push(text(
                    (x - 18.0, y + 4.0),
                    cut(feature, 12),
                    Anchor::End,
                    SMALL,
                    Ink::Muted,
                ));
            }
            if layer + 1 == layers.len() {
                let outputs = if model.preparation.classes.len() == nodes {
                    &model.preparation.classes
                } else {
                    &model.preparation.targets
                };
                if let Some(output) = outputs.get(node) {
                    figure.items.push(text(
                        (x + 18.0, y + 4.0),
                        cut(output, 12),
                        Anchor::Start,
                        SMALL,
                        Ink::Muted,
                    ));
                }
            }
        }
        if layer > 0 {
            let activation = serde_json::to_value(model.architecture.activations[layer - 1]).ok();
            let word = activation
                .as_ref()
                .and_then(|word| word.as_str())
                .unwrap_or("")
                .to_owned();
            figure.items.push(text(
                (at(layer, 0).0, 36.0),
                word,
                Anchor::Middle,
                SMALL,
                Ink::Muted,
            ));
        }
    }
    let legend = text!(
        language,
        "figure-network-legend",
        greatest = significant(greatest, 3)
    );
    figure.items.push(text(
        (0.0, height - 6.0),
        legend,
        Anchor::Start,
        SMALL,
        Ink::Muted,
    ));
    let sizes: Vec<String> = layers.iter().map(ToString::to_string).collect();
    figure.description = text!(language, "figure-network", sizes = sizes.join(", "));
    Some(figure)
}
