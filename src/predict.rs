//! Predictions of a stored model for new data, as CSV, and how good they are.
//!
//! The columns:
//!
//! - a model of numbers: `prediction`, or `prediction_<target>` for each of several targets;
//! - bce: `class`, `probability` (of the second class, or of 1) and `logit`, likewise;
//! - cross_entropy: `class`, then `probability_<class>` and `logit_<class>` for each class;
//! - and where the data has targets, `target`, or `target_<target>`: the number or the class.
//!
//! A row per sample, in the order of the data.

use std::path::Path;

use choices::Choice;
use ndarray::Array2;

use crate::model::Model;
use crate::record::numbers::put_float;
use data::{NewSamples, Preparation};
use engine::predict::{evaluate, predict, probability, softmax};
use engine::types::{Loss, Measures, Metric};
use problems::Error;

/// What a model says of new data.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// The table, as CSV.
    pub csv: Vec<u8>,
    /// How many samples it has.
    pub samples: usize,
    /// The loss and the metrics, where the data has targets: names and values.
    pub figures: Vec<(&'static str, f64)>,
}

/// Reads new data, prepares it as the training data was, and predicts.
///
/// # Errors
/// The data cannot be read or does not fit the model.
pub fn predictions(
    model: &Model,
    data: &Path,
    targets: Option<&Path>,
) -> Result<Predictions, Error> {
    let samples = model
        .preparation
        .read(data, targets)
        .map_err(Error::Experiment)?;
    let inputs = model.architecture.layers[0];
    if samples.x.ncols() != inputs {
        return Err(Error::Other(format!(
            "the model has {inputs} input nodes, but its preparation gives {}",
            samples.x.ncols()
        )));
    }
    let mut outputs = predict(
        &model.architecture,
        &model.parameters,
        model.precision,
        &samples.x,
    );
    let figures = figures(model, &outputs, &samples);
    model.preparation.unscale_targets(&mut outputs);
    Ok(Predictions {
        csv: table(model, &outputs, &samples)?,
        samples: outputs.nrows(),
        figures,
    })
}

/// The loss and every metric that fits, of the targets as they were learnt and in their own units. The
/// loss is unweighted.
fn figures(model: &Model, outputs: &Array2<f64>, samples: &NewSamples) -> Vec<(&'static str, f64)> {
    let Some(y) = &samples.y else {
        return Vec::new();
    };
    let signs = y.ncols() == 1 && y.iter().all(|y| y.abs() == 1.0);
    let metrics = Metric::that_fit(model.loss, signs);
    let scaling = model.preparation.target_scaling.iter();
    let units: Vec<[f64; 2]> = scaling
        .map(|scaling| [scaling.offset, scaling.divisor])
        .collect();
    let measures = Measures::new(model.loss, &metrics, outputs.ncols(), &units);
    let y = model.preparation.scale_targets(y.clone());
    let (loss, values) = evaluate(measures, &[], model.precision, outputs, &y);
    let names = metrics.iter().map(|metric| metric.word());
    std::iter::once(("loss", loss))
        .chain(names.zip(values))
        .collect()
}

/// The table of predictions.
fn table(model: &Model, outputs: &Array2<f64>, samples: &NewSamples) -> Result<Vec<u8>, Error> {
    let preparation = &model.preparation;
    let cannot = |cause: csv::Error| Error::Other(format!("cannot write the predictions: {cause}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let with_targets = samples.y.is_some();
    writer
        .write_record(header(model, outputs.ncols(), with_targets))
        .map_err(cannot)?;
    for (row, outputs) in outputs.rows().into_iter().enumerate() {
        let mut cells = cells(model, &outputs.to_vec());
        if let Some(y) = &samples.y {
            cells.extend(y.row(row).map(|target| match model.loss {
                Loss::Bce | Loss::CrossEntropy => class(preparation, target as usize),
                _ => number(target),
            }));
        }
        writer.write_record(cells).map_err(cannot)?;
    }
    writer
        .into_inner()
        .map_err(|error| cannot(error.into_error().into()))
}

/// The names of the columns.
fn header(model: &Model, outputs: usize, with_targets: bool) -> Vec<String> {
    let preparation = &model.preparation;
    let of_targets = |word: &str| -> Vec<String> {
        match preparation.targets.as_slice() {
            [] | [_] => vec![word.to_owned()],
            targets => targets
                .iter()
                .map(|target| format!("{word}_{target}"))
                .collect(),
        }
    };
    let mut names = match model.loss {
        Loss::CrossEntropy => {
            let of_classes = |word: &str| -> Vec<String> {
                (0..outputs)
                    .map(|index| format!("{word}_{}", class(preparation, index)))
                    .collect()
            };
            let class = vec!["class".to_owned()];
            [class, of_classes("probability"), of_classes("logit")].concat()
        }
        Loss::Bce => ["class", "probability", "logit"].map(of_targets).concat(),
        _ => of_targets("prediction"),
    };
    if with_targets {
        names.extend(of_targets("target"));
    }
    names
}

/// The cells of one sample, from the network's outputs.
fn cells(model: &Model, outputs: &[f64]) -> Vec<String> {
    let preparation = &model.preparation;
    let numbers = |values: &[f64]| values.iter().map(|&value| number(value)).collect();
    match model.loss {
        Loss::CrossEntropy => {
            // The first of equal ones, as the accuracy counts.
            let mut best = 0;
            for (index, &logit) in outputs.iter().enumerate() {
                if logit > outputs[best] {
                    best = index;
                }
            }
            let class = vec![class(preparation, best)];
            [class, numbers(&softmax(outputs)), numbers(outputs)].concat()
        }
        Loss::Bce => {
            let classes = outputs
                .iter()
                .map(|&logit| class(preparation, usize::from(logit > 0.0)));
            let probabilities: Vec<f64> = outputs.iter().map(|&logit| probability(logit)).collect();
            [classes.collect(), numbers(&probabilities), numbers(outputs)].concat()
        }
        _ => numbers(outputs),
    }
}

/// A class's name, or its index where it has none.
fn class(preparation: &Preparation, index: usize) -> String {
    match preparation.classes.get(index) {
        Some(name) => name.clone(),
        None => index.to_string(),
    }
}

fn number(value: f64) -> String {
    let mut text = Vec::new();
    put_float(value, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
