//! The six synthetic data sets of the TensorFlow playground.
//!
//! The formulas, the order of the draws and the noise are those of `dataset.ts` in
//! <https://github.com/tensorflow/playground>; the random numbers are those of this project. Noise
//! 0.5 is the playground's slider at 50. In `plane`, `multi_gaussian`, `circle` and `xor` noise
//! moves a point only when its label is computed; in `gaussian` it widens the clouds, and in
//! `spiral` it moves the points themselves. Noise is drawn even if it is 0, so that the points stay
//! the same when it changes (but for the width of `gaussian`).
//!
//! The playground makes two equal halves of its two-class sets. With an odd number of samples the
//! first class (+1) gets one more.

use std::sync::Arc;

use choices::{Choice, choices};

use super::raw::{Origin, Raw, Targets, number_columns};
use super::{TargetKind, memory};
use numbers::matrix::DataMatrix;
use numbers::random::{Random, Stream, stream};
use problems::Problem;

choices! {
    /// The playground's six synthetic data sets.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Synthetic {
        /// Regression: y = (x1 + x2) / 10
        Plane = "plane",
        /// Regression: six bumps of alternating sign
        MultiGaussian = "multi_gaussian",
        /// Two classes: a disc inside a ring
        Circle = "circle",
        /// Two classes: the sign of x1 · x2
        Xor = "xor",
        /// Two classes: two clouds
        Gaussian = "gaussian",
        /// Two classes: two arms
        Spiral = "spiral",
    }
}

impl Synthetic {
    /// Whether the labels are the two classes −1 and +1.
    pub fn has_two_classes(self) -> bool {
        match self {
            Synthetic::Plane | Synthetic::MultiGaussian => false,
            Synthetic::Circle | Synthetic::Xor | Synthetic::Gaussian | Synthetic::Spiral => true,
        }
    }
}

/// The coordinates of a point, and its label.
type Point = [f64; 3];

/// Draws the samples, with features x1 and x2 and target y.
///
/// # Errors
/// If classes are asked of a formula with numbers; or the machine has too little memory.
pub(super) fn draw(
    shape: Synthetic,
    samples: usize,
    noise: f64,
    kind: TargetKind,
    seed: u64,
) -> Result<Raw, Problem> {
    let name = shape.word();
    if kind != TargetKind::Numbers && !shape.has_two_classes() {
        let all = Synthetic::ALL.iter();
        let with_classes = all.filter(|shape| shape.has_two_classes());
        let with_classes: Vec<&str> = with_classes.map(|shape| shape.word()).collect();
        return Err(Problem::new(format!(
            "the targets of `{name}` are numbers, but this loss needs classes"
        ))
        .note(format!(
            "the data sets with classes are: {}",
            with_classes.join(", ")
        ))
        .note("the losses for numbers are: half_mse, mse, mae, huber"));
    }
    // The memory per sample is that of a point while it is drawn, then of a row of x and y and the
    // row's number.
    memory::check(samples as u128 * 8 * 7, || {
        format!("{samples} samples of `{name}`")
    })?;

    let mut random = stream(seed, Stream::Data);
    let mut points = Vec::with_capacity(samples);
    match shape {
        Synthetic::Plane => plane(samples, noise, &mut random, &mut points),
        Synthetic::MultiGaussian => multi_gaussian(samples, noise, &mut random, &mut points),
        Synthetic::Circle => circle(samples, noise, &mut random, &mut points),
        Synthetic::Xor => xor(samples, noise, &mut random, &mut points),
        Synthetic::Gaussian => gaussian(samples, noise, &mut random, &mut points),
        Synthetic::Spiral => spiral(samples, noise, &mut random, &mut points),
    }
    let x: Vec<f64> = points.iter().flat_map(|&[x1, x2, _]| [x1, x2]).collect();
    let y = match kind {
        TargetKind::Numbers => Targets::Numbers(DataMatrix::new(
            samples,
            1,
            points.iter().map(|point| point[2]).collect::<Vec<f64>>(),
        )),
        TargetKind::Binary | TargetKind::Classes => {
            let names = vec!["-1".to_owned(), "1".to_owned()];
            Targets::Words {
                words: Arc::new(names.clone()),
                index: points
                    .iter()
                    .map(|point| usize::from(point[2] > 0.0))
                    .collect(),
                known: Some(names),
            }
        }
    };
    Ok(Raw {
        columns: number_columns(2)?,
        x: DataMatrix::new(samples, 2, x),
        targets: vec!["y".to_owned()],
        y,
        fill: None,
        rows: (0..samples).collect(),
        origin: Arc::new(Origin {
            name: format!("`{name}`"),
            text: None,
        }),
    })
}

/// The number of samples in each of the two classes.
fn halves(samples: usize) -> [usize; 2] {
    [samples.div_ceil(2), samples / 2]
}

/// The distance between two points.
fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (d1, d2) = (a[0] - b[0], a[1] - b[1]);
    (d1 * d1 + d2 * d2).sqrt()
}

/// x1, x2 ~ U(−6, 6); the label is (x1 + x2) / 10 for the point moved by noise · U(−6, 6).
fn plane(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    for _ in 0..samples {
        let (x1, x2) = (random.uniform(-6.0, 6.0), random.uniform(-6.0, 6.0));
        let (n1, n2) = (
            random.uniform(-6.0, 6.0) * noise,
            random.uniform(-6.0, 6.0) * noise,
        );
        points.push([x1, x2, ((x1 + n1) + (x2 + n2)) / 10.0]);
    }
}

/// The centres and the signs of the six bumps.
const BUMPS: [([f64; 2], f64); 6] = [
    ([-4.0, 2.5], 1.0),
    ([0.0, 2.5], -1.0),
    ([4.0, 2.5], 1.0),
    ([-4.0, -2.5], -1.0),
    ([0.0, -2.5], 1.0),
    ([4.0, -2.5], -1.0),
];

/// The label of a point: the value farthest from 0 among all bumps' sign · max(0,
/// 1 − distance / 2).
fn bump(point: [f64; 2]) -> f64 {
    let mut label: f64 = 0.0;
    for (centre, sign) in BUMPS {
        let height = sign * (1.0 - distance(point, centre) / 2.0).clamp(0.0, 1.0);
        if height.abs() > label.abs() {
            label = height;
        }
    }
    label
}

/// x1, x2 ~ U(−6, 6); the label is that of the bumps at the point moved by noise · U(−6, 6).
fn multi_gaussian(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    for _ in 0..samples {
        let (x1, x2) = (random.uniform(-6.0, 6.0), random.uniform(-6.0, 6.0));
        let (n1, n2) = (
            random.uniform(-6.0, 6.0) * noise,
            random.uniform(-6.0, 6.0) * noise,
        );
        points.push([x1, x2, bump([x1 + n1, x2 + n2])]);
    }
}

/// A disc of radius 2.5 inside a ring from 3.5 to 5. The label is +1 if the point, moved by
/// noise · U(−5, 5), is nearer than 2.5 to the centre.
fn circle(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    let radius = 5.0;
    let radii = [(0.0, radius * 0.5), (radius * 0.7, radius)];
    for ((low, high), count) in radii.into_iter().zip(halves(samples)) {
        for _ in 0..count {
            let r = random.uniform(low, high);
            let angle = random.uniform(0.0, 2.0 * std::f64::consts::PI);
            let (x1, x2) = (r * libm::sin(angle), r * libm::cos(angle));
            let n1 = random.uniform(-radius, radius) * noise;
            let n2 = random.uniform(-radius, radius) * noise;
            let inside = distance([x1 + n1, x2 + n2], [0.0, 0.0]) < radius * 0.5;
            points.push([x1, x2, if inside { 1.0 } else { -1.0 }]);
        }
    }
}

/// x1, x2 ~ U(−5, 5), moved 0.3 away from the axes. The label is +1 if x1 · x2 ≥ 0 for the point
/// moved by noise · U(−5, 5).
fn xor(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    let padded = |value: f64| value + if value > 0.0 { 0.3 } else { -0.3 };
    for _ in 0..samples {
        let x1 = padded(random.uniform(-5.0, 5.0));
        let x2 = padded(random.uniform(-5.0, 5.0));
        let (n1, n2) = (
            random.uniform(-5.0, 5.0) * noise,
            random.uniform(-5.0, 5.0) * noise,
        );
        let positive = (x1 + n1) * (x2 + n2) >= 0.0;
        points.push([x1, x2, if positive { 1.0 } else { -1.0 }]);
    }
}

/// Normal clouds around (2, 2) with label +1, and around (−2, −2) with label −1. The variance grows
/// from 0.5 without noise to 4 with noise 0.5.
fn gaussian(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    let deviation = (0.5 + noise * 7.0).sqrt();
    for ((centre, label), count) in [(2.0, 1.0), (-2.0, -1.0)].into_iter().zip(halves(samples)) {
        for _ in 0..count {
            let x1 = centre + deviation * random.normal();
            let x2 = centre + deviation * random.normal();
            points.push([x1, x2, label]);
        }
    }
}

/// Two arms of 1.75 turns from the centre to radius 5, half a turn apart. Each point is moved by
/// noise · U(−1, 1).
fn spiral(samples: usize, noise: f64, random: &mut Random, points: &mut Vec<Point>) {
    use std::f64::consts::PI;
    let n = samples as f64 / 2.0;
    for ((start, label), count) in [(0.0, 1.0), (PI, -1.0)].into_iter().zip(halves(samples)) {
        for i in 0..count {
            let i = i as f64;
            let r = i / n * 5.0;
            let t = 1.75 * i / n * 2.0 * PI + start;
            let x1 = r * libm::sin(t) + random.uniform(-1.0, 1.0) * noise;
            let x2 = r * libm::cos(t) + random.uniform(-1.0, 1.0) * noise;
            points.push([x1, x2, label]);
        }
    }
}
