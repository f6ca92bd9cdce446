//! Decision surfaces: the outputs of a network over the plane of its two features, before and after
//! training, with the samples, in the colours of the TensorFlow playground.

use super::exhibit::{Exhibit, outputs};
use super::number::significant;
use crate::language::Language;
use crate::model::Model;
use crate::text;
use data::{Dataset, TargetKind};
use engine::types::{Loss, Parameters};
use numbers::matrix::DataMatrix;
use pictures::axis::SMALL;
use pictures::{Anchor, Figure, Ink, Item, LIGHT, cut, diverging, image, text};

/// The pixels of a surface in each direction, before it is enlarged with smoothing.
const GRID: usize = 50;
/// The most samples that are drawn on a surface.
const POINTS: usize = 120;
/// The width of a panel.
const PANEL: f64 = 184.0;
/// The most parameters of a network whose surface is drawn quickly.
const PARAMETERS: usize = 20_000;

/// The way from an output to a colour.
enum Shade {
    /// `(value − middle) / half`: −1 orange, +1 blue.
    Number { middle: f64, half: f64 },
    /// `2 σ(logit) − 1`: −1 orange, +1 blue.
    Logit,
    /// The colour of the likeliest class, paler for a less certain one.
    Classes {
        /// Whether there are two classes, which are orange and blue.
        two: bool,
    },
}

/// The plane of two features over which a network's outputs are drawn, with samples on it.
pub struct Plane {
    /// The range of the first feature.
    across: (f64, f64),
    /// The range of the second feature.
    up: (f64, f64),
    shade: Shade,
    /// The samples: the place of each, and the colour of its target.
    samples: Vec<((f64, f64), [u8; 3])>,
}

impl Plane {
    /// The plane of a model and its data; `None` unless the raw data has exactly two features, both
    /// numbers, and the network is small.
    pub fn of(model: &Model, data: &Dataset) -> Option<Self> {
        let preparation = &model.preparation;
        if !preparation.is_of_two_numbers() || model.parameters.count() > PARAMETERS {
            return None;
        }
        // The samples before scaling.
        let x = &data.train.x;
        let raw = |row: usize, column: usize| match preparation.scaling.get(column) {
            Some(scaling) => scaling.undo(x.get(row, column)),
            None => x.get(row, column),
        };
        let points: Vec<(f64, f64)> = (0..x.nrows())
            .map(|row| (raw(row, 0), raw(row, 1)))
            .collect();
        let range = |values: &dyn Fn(&(f64, f64)) -> f64| {
            let (low, high) = extremes(points.iter().map(values));
            let room = if high > low { (high - low) * 0.06 } else { 1.0 };
            (low - room, high + room)
        };
        let shade = shade(model, data);
        let targets = data.own_targets(&data.train);
        let colour = |row: usize| {
            let target: Vec<f64> = targets.row(row).collect();
            of_target(&target, &shade, preparation.kind)
        };
        let samples = points.iter().enumerate();
        Some(Self {
            across: range(&|point| point.0),
            up: range(&|point| point.1),
            samples: samples.map(|(row, &point)| (point, colour(row))).collect(),
            shade,
        })
    }

    /// The meaning of the colours, in a sentence.
    pub fn legend(&self, language: Language) -> String {
        let colours = match self.shade {
            Shade::Classes { two: false } => "classes",
            Shade::Classes { two: true } => "two-classes",
            Shade::Logit => "logit",
            Shade::Number {
                middle: 0.0,
                half: 1.0,
            } => "signs",
            Shade::Number { .. } => "numbers",
        };
        text!(language, "figure-colours", colours = colours)
    }

    /// The labels at the two ends of the scale of colours; `None` if each class has a colour of its
    /// own.
    pub fn ends(&self, model: &Model) -> Option<[String; 2]> {
        match self.shade {
            Shade::Classes { two: false } => None,
            Shade::Classes { two: true } => model.preparation.classes.clone().try_into().ok(),
            Shade::Logit => match &model.preparation.classes[..] {
                [low, high] => Some([low.clone(), high.clone()]),
                _ => Some(["0", "1"].map(str::to_owned)),
            },
            Shade::Number {
                middle: 0.0,
                half: 1.0,
            } => Some(["−1", "+1"].map(str::to_owned)),
            Shade::Number { middle, half } => {
                Some([middle - half, middle + half].map(|end| significant(end, 3)))
            }
        }
    }

    /// At most `most` samples, evenly spread, on a square with this corner and side (in pixels).
    pub fn discs(&self, corner: (f64, f64), side: f64, most: usize, radius: f64) -> Vec<Item> {
        let place = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low) * side;
        let step = self.samples.len().div_ceil(most).max(1);
        let disc = |&((x, y), colour): &((f64, f64), [u8; 3])| Item::Disc {
            at: (
                corner.0 + place(x, self.across),
                corner.1 + side - place(y, self.up),
            ),
            radius,
            ink: Ink::Fixed(colour),
            title: String::new(),
        };
        self.samples.iter().step_by(step).map(disc).collect()
    }

    /// The ends of both axes, to three digits.
    pub fn axes(&self) -> [[String; 2]; 2] {
        [self.across, self.up].map(|(low, high)| [low, high].map(|end| significant(end, 3)))
    }

    /// The inputs of a model's network at `side` × `side` points, rows from the top: prepared
    /// inputs (points, features).
    pub fn grid(&self, model: &Model, side: usize) -> DataMatrix {
        let preparation = &model.preparation;
        let at =
            |i: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / side as f64;
        let features = 2 + preparation.derive.len();
        let mut inputs = Vec::with_capacity(side * side * features);
        for row in 0..side {
            let x2 = at(side - 1 - row, self.up);
            for column in 0..side {
                let x1 = at(column, self.across);
                let from = inputs.len();
                inputs.extend([x1, x2]);
                inputs.extend(
                    preparation
                        .derive
                        .iter()
                        .map(|derived| derived.value(x1, x2)),
                );
                for (input, scaling) in inputs[from..].iter_mut().zip(&preparation.scaling) {
                    *input = scaling.apply(*input);
                }
            }
        }
        DataMatrix::new(side * side, features, inputs)
    }

    /// The colours of the model's outputs at the points of the grid with these parameters, three
    /// bytes per point.
    pub fn pixels(&self, model: &Model, parameters: &Parameters, grid: &DataMatrix) -> Vec<u8> {
        let outputs = outputs(model, parameters, grid);
        let steps = Steps::new();
        let mut pixels = Vec::with_capacity(grid.nrows() * 3);
        for row in outputs.rows() {
            let row = row.as_slice().expect("rows are contiguous");
            pixels.extend(of_outputs(row, &self.shade, &steps));
        }
        pixels
    }
}

/// The figure of a model before and after its training; `None` if it has no plane.
pub fn figure(language: Language, exhibit: &Exhibit, name: &str) -> Option<Figure> {
    let (origin, model) = (exhibit.origin.as_ref()?, &exhibit.model);
    let plane = Plane::of(model, &origin.data)?;
    let mut figure = Figure::new(
        PANEL * 2.0 + 16.0,
        PANEL + 66.0,
        text!(language, "figure-surface-of", name = name),
    );
    figure.head(name, 48);
    let grid = plane.grid(model, GRID);
    for (index, (parameters, when)) in [
        (&origin.initial, text!(language, "figure-before")),
        (&model.parameters, text!(language, "figure-after")),
    ]
    .into_iter()
    .enumerate()
    {
        let (x0, y0) = ((PANEL + 16.0) * index as f64, 26.0);
        figure.items.push(image(
            [x0, y0, PANEL, PANEL],
            (GRID, GRID),
            plane.pixels(model, parameters, &grid),
        ));
        figure
            .items
            .extend(plane.discs((x0, y0), PANEL, POINTS, 3.0));
        figure.items.push(text(
            (x0, y0 + PANEL + 17.0),
            when,
            Anchor::Start,
            SMALL,
            Ink::Muted,
        ));
    }
    figure.items.push(text(
        (0.0, 26.0 + PANEL + 34.0),
        cut(&features(language, model), 60),
        Anchor::Start,
        SMALL,
        Ink::Muted,
    ));
    figure.description = text!(language, "figure-surface");
    Some(figure)
}

/// The names of the horizontal and the vertical feature, in a sentence.
pub fn features(language: Language, model: &Model) -> String {
    let columns = &model.preparation.columns;
    text!(
        language,
        "figure-features",
        across = &columns[0].name,
        up = &columns[1].name
    )
}

/// The least and the greatest of these values.
fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

/// The scale of colours, which follows from the targets.
fn shade(model: &Model, data: &Dataset) -> Shade {
    match (model.loss, model.preparation.kind) {
        (Loss::CrossEntropy, _) | (_, TargetKind::Classes) => Shade::Classes {
            two: model.preparation.classes.len() == 2,
        },
        (Loss::Bce, _) => Shade::Logit,
        _ => {
            let (low, high) = extremes(data.own_targets(&data.train).column(0));
            // Targets like the playground's, from about −1 to 1, keep its exact colours.
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

/// The colours between both ends, in steps: a surface then has few different colours, and
/// compresses well.
struct Steps([[u8; 3]; 2 * Steps::EACH_WAY + 1]);

impl Steps {
    const EACH_WAY: usize = 48;

    fn new() -> Self {
        let value = |step: usize| step as f64 / Self::EACH_WAY as f64 - 1.0;
        Self(std::array::from_fn(|step| diverging(value(step))))
    }

    /// The step of a number between −1 and 1, counted from −1; NaN is in the middle.
    fn step(value: f64) -> usize {
        let most = Self::EACH_WAY as f64;
        let value = if value.is_nan() { 0.0 } else { value };
        (value.clamp(-1.0, 1.0) * most + most + 0.5) as usize
    }

    /// The colour of a number between −1 and 1.
    fn colour(&self, value: f64) -> [u8; 3] {
        self.0[Self::step(value)]
    }
}

/// The colour of a network's outputs.
fn of_outputs(outputs: &[f64], shade: &Shade, steps: &Steps) -> [u8; 3] {
    match shade {
        Shade::Number { middle, half } => steps.colour((outputs[0] - middle) / half),
        Shade::Logit => steps.colour(2.0 / (1.0 + libm::exp(-outputs[0])) - 1.0),
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
            let sure = 1.0 / total;
            if *two {
                let signed = if class == 0 { -1.0 } else { 1.0 };
                return steps.colour(signed * (2.0 * sure - 1.0));
            }
            let most = Steps::EACH_WAY as f64;
            let sure = (Steps::step(sure) as f64 - most) / most;
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

/// A mixture of a colour and white; `share` is that of the colour.
fn blend(colour: [u8; 3], share: f64) -> [u8; 3] {
    colour.map(|channel| (255.0 + (f64::from(channel) - 255.0) * share).round() as u8)
}
