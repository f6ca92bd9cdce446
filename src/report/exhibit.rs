//! A trained model beside the data it learnt and the weights it began with.
//!
//! The tables do not hold samples or initial weights; whoever asks for a report hands them over, as
//! a function from configuration and run. Without it the pictures of models are left out.

use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;

use super::results::{Configuration, Results, Run};
use crate::model::{self, Model};
use data::Dataset;
use engine::predict::predict;
use engine::types::{Loss, Parameters, Precision};
use numbers::matrix::DataMatrix;

/// What a run learnt from, and what it began with.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The samples.
    pub data: Arc<Dataset>,
    /// The weights before the first update.
    pub initial: Parameters,
}

/// From a configuration (its values, as in `runs.csv`) and one of its runs to where it came from.
pub type Origins<'a> = dyn Fn(&Configuration, &Run) -> Option<Origin> + Sync + 'a;

/// A trained model and where it came from.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// Its configuration, in plan order.
    pub configuration: usize,
    /// Which replicate it is.
    pub replicate: u64,
    /// As it was kept.
    pub model: Model,
    /// Its data and its beginning, where they can be had.
    pub origin: Option<Origin>,
}

/// The kept model of a configuration: of several the one with the best metric; the first of them,
/// where the replicates are judged on different validation parts.
pub fn find(
    directory: &Path,
    results: &Results,
    configuration: usize,
    origins: &Origins<'_>,
) -> Option<Exhibit> {
    let column = results.column(&results.experiment.metric);
    let of = &results.configurations[configuration];
    let mut runs: Vec<_> = of.runs.iter().map(|&run| &results.runs[run]).collect();
    let loss = |run: &Run| match column.and_then(|column| run.numbers[column]) {
        Some(value) if results.higher_is_better() => -value,
        Some(value) => value,
        None => f64::INFINITY,
    };
    runs.retain(|run| run.status.counts());
    if results.ranks_replicates() {
        runs.sort_by(|a, b| loss(a).total_cmp(&loss(b)));
    }
    for run in runs {
        let path = directory
            .join("models")
            .join(format!("{}.safetensors", run.key));
        if !path.exists() {
            continue;
        }
        // A model that was damaged or exchanged is not shown; who reads the results says so.
        let model = model::read_of(&path, &run.key).ok()?;
        return Some(Exhibit {
            configuration,
            replicate: run.replicate,
            model,
            origin: origins(of, run),
        });
    }
    None
}

/// The outputs of a model's network, with other parameters where they are given, for rows of
/// prepared inputs (samples, features): (samples, outputs), in the targets' own units.
pub fn outputs(model: &Model, parameters: &Parameters, x: &DataMatrix) -> Array2<f64> {
    let mut outputs = predict(&model.architecture, parameters, Precision::F64, x);
    model.preparation.unscale_targets(&mut outputs);
    outputs
}

/// The class that one sample's outputs stand for.
pub fn class(outputs: &[f64], loss: Loss) -> usize {
    if outputs.len() == 1 || loss != Loss::CrossEntropy {
        // As the accuracy counts.
        return usize::from(outputs[0] > 0.0);
    }
    let mut best = 0;
    for (class, value) in outputs.iter().enumerate() {
        if *value > outputs[best] {
            best = class;
        }
    }
    best
}
