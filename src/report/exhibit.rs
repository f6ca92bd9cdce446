//! A trained model together with its data and its initial weights.
//!
//! The tables have neither samples nor initial weights. A caller that has them passes a function
//! from configuration and run to them. Without the function, the pictures of models are left out.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::Array2;

use super::results::{Configuration, Results, Run};
use crate::model::{self, Model};
use data::{Dataset, Samples};
use engine::predict::predict;
use engine::types::{Loss, Parameters, Precision, Snapshot};
use numbers::matrix::DataMatrix;
use problems::Error;

/// The data and the initial weights of a run.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The samples.
    pub data: Arc<Dataset>,
    /// The weights before the first update.
    pub initial: Parameters,
    /// The snapshots of a few epochs, of which the last has the kept weights; empty if no snapshots
    /// were kept.
    pub snapshots: Vec<Snapshot>,
}

/// From a configuration (its values as in `runs.csv`) and one of its runs to the run's origin.
pub type Origins<'a> = dyn Fn(&Configuration, &Run) -> Option<Origin> + Sync + 'a;

/// A trained model with its origin.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// The index of its configuration in plan order.
    pub configuration: usize,
    /// The replicate that trained it.
    pub replicate: u64,
    /// The model as it was kept.
    pub model: Model,
    /// The epoch of its parameters.
    pub epoch: u64,
    /// Its data and initial weights, if they can be had.
    pub origin: Option<Origin>,
    /// The origin of the first run of its configuration, if its outputs can be drawn in a plane.
    pub first: Option<Origin>,
}

/// The run of a configuration whose model is shown: the run with the best metric among those that
/// kept a model; the first of them, if the replicates have different validation parts.
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

/// The path of a run's model.
pub fn path(directory: &Path, run: &Run) -> PathBuf {
    let models = directory.join("models");
    models.join(format!("{}.safetensors", run.key))
}

/// The model of one of a configuration's runs; `None` if the model was damaged or replaced, which a
/// check of the results reports.
///
/// # Errors
/// If the system cannot read its file.
pub fn read(
    directory: &Path,
    results: &Results,
    [configuration, run]: [usize; 2],
    origins: &Origins<'_>,
) -> Result<Option<Exhibit>, Error> {
    let of = &results.configurations[configuration];
    let run = &results.runs[run];
    let model = match model::read_of(&path(directory, run), &run.key) {
        Ok(model) => model,
        Err(error @ Error::File { .. }) => return Err(error),
        Err(_) => return Ok(None),
    };
    let kept_epoch = results.column("kept_epoch");
    let kept_epoch = kept_epoch.and_then(|column| run.numbers[column]);
    let first = of.runs.first().map(|&first| &results.runs[first]);
    let first = first.filter(|_| model.preparation.is_of_two_numbers());
    Ok(Some(Exhibit {
        configuration,
        replicate: run.replicate,
        model,
        epoch: kept_epoch.unwrap_or(0.0) as u64,
        origin: origins(of, run),
        first: first.and_then(|first| origins(of, first)),
    }))
}

/// The outputs of a model's network with these parameters, for rows of prepared inputs (samples,
/// features): (samples, outputs), in the targets' own units.
pub fn outputs(model: &Model, parameters: &Parameters, x: &DataMatrix) -> Array2<f64> {
    let mut outputs = predict(&model.architecture, parameters, Precision::F64, x);
    model.preparation.unscale_targets(&mut outputs);
    outputs
}

/// The predicted class of one sample, from its outputs.
pub fn class(outputs: &[f64], loss: Loss) -> usize {
    if outputs.len() == 1 || loss != Loss::CrossEntropy {
        // The class is counted as in the accuracy.
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

/// The samples; if there are more than `most`, that many of them, evenly spread.
pub fn spread(samples: &Samples, most: usize) -> Cow<'_, Samples> {
    let rows = samples.x.nrows();
    if rows <= most {
        return Cow::Borrowed(samples);
    }
    let pick = |matrix: &DataMatrix| {
        let chosen = (0..most).map(|index| index * rows / most);
        let numbers: Vec<f64> = chosen.flat_map(|row| matrix.row(row)).collect();
        DataMatrix::new(most, matrix.ncols(), numbers)
    };
    Cow::Owned(Samples {
        x: pick(&samples.x),
        y: pick(&samples.y),
    })
}
