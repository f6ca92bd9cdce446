//! Decision surfaces: what a network of two features says everywhere, before and after training,
//! with the samples on it, in the playground's colours.

use ndarray::Array2;

use super::exhibit::{Exhibit, outputs};
use data::TargetKind;
use engine::types::{Loss, Parameters};
use pictures::axis::SMALL;
use pictures::{Anchor, Figure, Ink, Item, LIGHT, cut, diverging, image, text};

/// Pixels of a surface in each direction, before it is smoothly enlarged.
const GRID: usize = 50;
/// The most samples that are drawn on one.
const POINTS: usize = 120;
/// The width of a panel.
const PANEL: f64 = 184.0;
/// Networks of more parameters would take noticeable time.
const PARAMETERS: usize = 20_000;

/// How an output becomes a colour.
enum Shade {
    /// `(value − middle) / half`: −1 orange, +1 blue.
    Number { middle: f64, half: f64 },
    /// 2 σ(logit) − 1.
    Logit,
    /// The likeliest class's colour, paler where it is less sure.
    Classes {
        /// Orange and blue where there are two.
        two: bool,
    },
}

/// What its colours stand for, in a sentence.
pub fn legend(exhibit: &Exhibit) -> &'static str {
    match shade(exhibit) {
        Shade::Classes { two: false } => {
            "Each class has a colour, paler where the network is less sure."
        }
        Shade::Classes { two: true } => {
            "Orange is the first class, blue the second, grey undecided."
        }
        Shade::Logit => "Orange is 0, blue 1, grey undecided.",
        Shade::Number {
            middle: 0.0,
            half: 1.0,
        } => "Orange is −1, grey 0, blue +1.",
        Shade::Number { .. } => "Orange is the least target, blue the greatest, grey the middle.",
    }
}

/// The figure of a model, `None` unless its raw data has exactly two features, both numbers, and the
/// samples are known.
pub fn figure(exhibit: &Exhibit, name: &str) -> Option<Figure> {
    let preparation = &exhibit.model.preparation;
    let origin = exhibit.origin.as_ref()?;
    let numbers = preparation
        .columns
        .iter()
        .all(|column| column.categories.is_empty());
    if preparation.columns.len() != 2 || !numbers || exhibit.model.parameters.count() > PARAMETERS {
        return None;
    }
    // The samples as they were before scaling.
    let x = &origin.data.train.x;
    let raw = |row: usize, column: usize| match preparation.scaling.get(column) {
        Some(scaling) => scaling.undo(x.get(row, column)),
        None => x.get(row, column),
    };
    let points: Vec<(f64, f64)> = (0..x.nrows())
        .map(|row| (raw(row, 0), raw(row, 1)))
        .collect();
    let range = |values: &dyn Fn(&(f64, f64)) -> f64| {
        let (low, high) = points
            .iter()
            .map(values)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            });
        let room = if high > low { (high - low) * 0.06 } else { 1.0 };
        (low - room, high + room)
    };
    let (across, up) = (range(&|point| point.0), range(&|point| point.1));
    let shade = shade(exhibit);
    let targets = origin.data.own_targets(&origin.data.train);

    let mut figure = Figure::new(
        PANEL * 2.0 + 16.0,
        PANEL + 66.0,
        format!("Decision surface of {name}"),
    );
    figure.head(name, 48);
    for (index, (parameters, when)) in [
        (&origin.initial, "before training"),
        (&exhibit.model.parameters, "after"),
    ]
    .into_iter()
    .enumerate()
    {
        let (x0, y0) = ((PANEL + 16.0) * index as f64, 26.0);
        figure.items.push(image(
            [x0, y0, PANEL, PANEL],
            (GRID, GRID),
            pixels(exhibit, parameters, across, up, &shade),
        ));
        let step = points.len().div_ceil(POINTS).max(1);
        for (i, &(px, py)) in points.iter().enumerate().step_by(step) {
            let place = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low) * PANEL;
            let target: Vec<f64> = targets.row(i).collect();
            figure.items.push(Item::Disc {
                at: (x0 + place(px, across), y0 + PANEL - place(py, up)),
                radius: 3.0,
                ink: Ink::Fixed(of_target(&target, &shade, preparation.kind)),
                title: String::new(),
            });
        }
        figure.items.push(text(
            (x0, y0 + PANEL + 17.0),
            when,
            Anchor::Start,
            SMALL,
            Ink::Muted,
        ));
    }
    let features = format!(
        "{} across, {} up",
        preparation.columns[0].name, preparation.columns[1].name
    );
    figure.items.push(text(
        (0.0, 26.0 + PANEL + 34.0),
        cut(&features, 60),
        Anchor::Start,
        SMALL,
        Ink::Muted,
    ));
    figure.description =
        "What the network says at each point of the plane before and after training, with samples."
            .to_owned();
    Some(figure)
}

/// The scale of colours: that of the targets.
fn shade(exhibit: &Exhibit) -> Shade {
    match (exhibit.model.loss, exhibit.model.preparation.kind) {
        (Loss::CrossEntropy, _) | (_, TargetKind::Classes) => Shade::Classes {
            two: exhibit.model.preparation.classes.len() == 2,
        },
        (Loss::Bce, _) => Shade::Logit,
        _ => {
            let targets = exhibit
                .origin
                .as_ref()
                .map(|origin| origin.data.own_targets(&origin.data.train));
            let targets = targets.iter().flat_map(|targets| targets.column(0));
            let (low, high) = targets.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            });
            // The playground's targets lie about −1 to 1 and keep its very colours.
            if low >= -1.5 && high <= 1.5 && low < 0.0 && high > 0.5 {
                Shade::Number {
                    middle: 0.0,
                    half: 1.0,
                }
            } else if high > low {
                Shade::Number {
                    middle: f64::midpoint(low, high),
                    half: (high - low) / 2.0,
                }
            } else {
                Shade::Number {
                    middle: low,
                    half: 1.0,
                }
            }
        }
    }
}

/// The surface, rows from the top.
fn pixels(
    exhibit: &Exhibit,
    parameters: &Parameters,
    across: (f64, f64),
    up: (f64, f64),
    shade: &Shade,
) -> Vec<u8> {
    let preparation = &exhibit.model.preparation;
    let at =
        |i: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / GRID as f64;
    let mut grid = Array2::zeros((GRID * GRID, 2 + preparation.derive.len()));
    for row in 0..GRID {
        for column in 0..GRID {
            let mut inputs = grid.row_mut(row * GRID + column);
            let (x1, x2) = (at(column, across), at(GRID - 1 - row, up));
            inputs[0] = x1;
            inputs[1] = x2;
            for (input, derived) in inputs.iter_mut().skip(2).zip(&preparation.derive) {
                *input = derived.value(x1, x2);
            }
            for (input, scaling) in inputs.iter_mut().zip(&preparation.scaling) {
                *input = scaling.apply(*input);
            }
        }
    }
    let outputs = outputs(&exhibit.model, parameters, &grid.into());
    let mut pixels = Vec::with_capacity(GRID * GRID * 3);
    for row in outputs.rows() {
        pixels.extend(of_outputs(
            row.as_slice().expect("rows are contiguous"),
            shade,
        ));
    }
    pixels
}

/// The colour of a network's outputs.
fn of_outputs(outputs: &[f64], shade: &Shade) -> [u8; 3] {
    // Colours in steps: a surface then needs few of them, and compresses well.
    let stepped = |value: f64| (value * 48.0).round() / 48.0;
    match shade {
        Shade::Number { middle, half } => diverging(stepped((outputs[0] - middle) / half)),
        Shade::Logit => diverging(stepped(2.0 / (1.0 + libm::exp(-outputs[0])) - 1.0)),
        Shade::Classes { two } => {
            let greatest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = outputs
                .iter()
                .map(|value| libm::exp(value - greatest))
                .sum();
            let class = outputs
                .iter()
                .position(|&value| value == greatest)
                .unwrap_or(0);
            let sure = stepped(1.0 / total);
            if *two {
                let signed = if class == 0 { -1.0 } else { 1.0 };
                return diverging(signed * (2.0 * sure - 1.0));
            }
            let chance = 1.0 / outputs.len() as f64;
            let strength = 0.15 + 0.6 * ((sure - chance) / (1.0 - chance)).clamp(0.0, 1.0);
            blend(LIGHT[class % LIGHT.len()], strength)
        }
    }
}

/// The colour of a sample.
fn of_target(target: &[f64], shade: &Shade, kind: TargetKind) -> [u8; 3] {
    match (shade, kind) {
        (Shade::Classes { two: true }, _) => diverging(2.0 * target[0] - 1.0),
        (Shade::Classes { .. }, _) => LIGHT[target[0] as usize % LIGHT.len()],
        (Shade::Logit, _) => diverging(2.0 * target[0] - 1.0),
        (Shade::Number { middle, half }, _) => diverging((target[0] - middle) / half),
    }
}

/// A colour on white.
fn blend(colour: [u8; 3], share: f64) -> [u8; 3] {
    colour.map(|channel| (255.0 + (f64::from(channel) - 255.0) * share).round() as u8)
}
