//! A trained model beside the data it learnt and the weights it began with.
//!
//! The tables do not hold samples or initial weights; whoever asks for a report hands them over, as
//! a function from configuration and run. Without it the pictures of models are left out.

use std::path::{Path, PathBuf};
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

/// The run of a configuration whose model is shown: of those that kept one, the run with the best
/// metric; the first of them, where the replicates are judged on different validation parts.
pub fn shown(directory: &Path, results: &Results, configuration: usize) -> Option<usize> {
    let column = results.column(&results.experiment.metric);
    let all = &results.runs;
    let of = results.configurations[configuration].runs.iter().copied();
    let mut runs: Vec<usize> = of.filter(|&run| all[run].status.has_result()).collect();
    let loss = |run: usize| match column.and_then(|column| all[run].numbers[column]) {
        Some(value) if results.higher_is_better() => -value,
        Some(value) => value,
        None => f64::INFINITY,
    };
    if results.ranks_replicates() {
        runs.sort_by(|&a, &b| loss(a).total_cmp(&loss(b)));
    }
    runs.into_iter()
        .find(|&run| path(directory, &all[run]).exists())
}

fn path(directory: &Path, run: &Run) -> PathBuf {
    let models = directory.join("models");
    models.join(format!("{}.safetensors", run.key))
}

/// The model of one of a configuration's runs. A model that was damaged or exchanged is not shown; who
/// reads the results says so.
pub fn read(
    directory: &Path,
    results: &Results,
    [configuration, run]: [usize; 2],
    origins: &Origins<'_>,
) -> Option<Exhibit> {
    let run = &results.runs[run];
    Some(Exhibit {
        configuration,
        replicate: run.replicate,
        model: model::read_of(&path(directory, run), &run.key).ok()?,
        origin: origins(&results.configurations[configuration], run),
    })
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
