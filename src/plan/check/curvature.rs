//! The warning about a learning rate that is too large for the curvature at the initial weights.
//!
//! On a loss of curvature λ, gradient descent with a rate above 2 / λ moves further away with every
//! step; with momentum m the limit is 2 (1 + m) / λ (Goodfellow et al. 2016, §4.3.1; Goh 2017). λ
//! is the greatest eigenvalue of the loss's second derivatives, computed by power iteration on
//! differences of gradients.

use std::collections::HashMap;
use std::sync::Arc;

use crate::plan::Configuration;
use crate::text;
use engine::observe::Objective;
use engine::types::{Optimizer, Parameters, Samples};
use engine::words::optimizer::Sgd;
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, stream};
use problems::Problems;

use super::{Site, rounded};

/// The number of power iterations. They give two digits of the greatest eigenvalue, which is enough
/// for a warning.
const ITERATIONS: usize = 15;

/// The most samples that the curvature is estimated from.
const MOST_SAMPLES: usize = 128;

/// The most multiply-adds of one estimate, which take about a second.
const MOST_WORK: usize = 1_000_000_000;

/// The most starts that are checked.
const MOST_STARTS: usize = 6;

/// The factor by which a rate must exceed the limit, since the curvature often falls within the
/// first steps.
const MARGIN: f64 = 2.0;

/// Warns of configurations whose learning rate is above the limit by [`MARGIN`].
pub fn check(site: &Site<'_>, warnings: &mut Problems) {
    let mut bounds: HashMap<Start, Option<f64>> = HashMap::new();
    let mut gentlest: Vec<((Start, String), &Configuration)> = Vec::new();
    for configuration in &site.plan.configurations {
        if !matches!(configuration.settings.optimizer, Optimizer::Sgd(_)) {
            continue;
        }
        let start = start(configuration);
        let group = (start, configuration.variant.clone());
        match gentlest.iter().position(|(other, _)| *other == group) {
            Some(index) if rate(configuration) < rate(gentlest[index].1) => {
                gentlest[index].1 = configuration;
            }
            Some(_) => {}
            // Only a part of the architectures of a sweep is checked.
            None if gentlest.len() < MOST_STARTS => gentlest.push((group, configuration)),
            None => {}
        }
    }
    for (_, configuration) in gentlest {
        let curvature = bounds
            .entry(start(configuration))
            .or_insert_with(|| greatest_curvature(site, configuration));
        let Some(curvature) = *curvature else {
            continue;
        };
        let momentum = match configuration.settings.optimizer {
            Optimizer::Sgd(Sgd { momentum, .. }) => momentum,
            _ => 0.0,
        };
        let bound = 2.0 * (1.0 + momentum) / curvature;
        let rate = rate(configuration);
        if rate > MARGIN * bound {
            warnings.push(
                site.warn(
                    configuration,
                    &["training.learning_rate"],
                    text!(site.language, "check-rate", rate = rounded(rate)),
                    text!(site.language, "check-rate-remedy", bound = rounded(bound)),
                )
                .note(text!(
                    site.language,
                    "check-rate-note",
                    curvature = rounded(curvature)
                )),
            );
        }
    }
}

/// All that the curvature depends on: the addresses of architecture, init and data, and the loss.
type Start = (usize, usize, usize, u8);

fn start(configuration: &Configuration) -> Start {
    (
        Arc::as_ptr(&configuration.architecture) as usize,
        Arc::as_ptr(&configuration.init) as usize,
        Arc::as_ptr(&configuration.data) as usize,
        configuration.settings.loss as u8,
    )
}

/// The learning rate of the first epoch.
fn rate(configuration: &Configuration) -> f64 {
    let settings = &configuration.settings;
    settings.schedule.learning_rate(settings.learning_rate, 1)
}

/// The greatest eigenvalue of the second derivatives at the first replicate's initial weights;
/// `None` if it costs too much, or is not a positive number.
fn greatest_curvature(site: &Site<'_>, configuration: &Configuration) -> Option<f64> {
    let layers = &configuration.architecture.layers;
    let plan = site.plan;
    let run = plan
        .runs
        .iter()
        .find(|run| std::ptr::eq(&plan.configurations[run.configuration], configuration))?;
    let weights = configuration.init.parameters(layers, run.init_seed);
    let data = &configuration.data[0].train;
    let affordable = MOST_WORK / (6 * (ITERATIONS * 2 + 1) * weights.count());
    let samples = data.x.nrows().min(MOST_SAMPLES).min(affordable);
    if samples < data.x.nrows().min(16) {
        return None;
    }
    let [x, y] = [&data.x, &data.y].map(|matrix| first_rows(matrix, samples));
    let mut objective = Objective::new(
        &configuration.architecture,
        weights.clone(),
        &configuration.settings,
        Samples { x: &x, y: &y },
    )
    .weighted(
        configuration
            .settings
            .class_weights
            .resolve(data.y.iter(), layers[layers.len() - 1]),
    );
    let mut gradient = |weights: &[f64]| -> Vec<f64> {
        unflatten(weights, objective.parameters_mut());
        flatten(objective.gradient())
    };
    let origin = flatten(&weights);
    let mut random = stream(0, Stream::Init);
    let mut direction: Vec<f64> = origin.iter().map(|_| random.normal()).collect();
    let mut curvature = 0.0;
    for _ in 0..ITERATIONS {
        let length = norm(&direction);
        if !(length > 0.0 && length.is_finite()) {
            return None;
        }
        direction.iter_mut().for_each(|d| *d /= length);
        let step = 1e-4;
        let moved = |sign: f64| -> Vec<f64> {
            origin
                .iter()
                .zip(&direction)
                .map(|(w, d)| w + sign * step * d)
                .collect()
        };
        let (ahead, behind) = (gradient(&moved(1.0)), gradient(&moved(-1.0)));
        let bent: Vec<f64> = ahead
            .iter()
            .zip(&behind)
            .map(|(a, b)| (a - b) / (2.0 * step))
            .collect();
        curvature = bent.iter().zip(&direction).map(|(b, d)| b * d).sum();
        direction = bent;
    }
    (curvature.is_finite() && curvature > 0.0).then_some(curvature)
}

/// The first rows of a matrix.
fn first_rows(matrix: &DataMatrix, rows: usize) -> DataMatrix {
    let numbers: Vec<f64> = (0..rows).flat_map(|row| matrix.row(row)).collect();
    DataMatrix::new(rows, matrix.ncols(), numbers)
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// All parameters in one list.
fn flatten(parameters: &Parameters<f64>) -> Vec<f64> {
    parameters.slices().flatten().copied().collect()
}

fn unflatten(values: &[f64], parameters: &mut Parameters<f64>) {
    let mut values = values.iter();
    for slice in parameters.slices_mut() {
        for (target, value) in slice.iter_mut().zip(&mut values) {
            *target = *value;
        }
    }
}
