//! The predictions of a stored model for new data as a table, with their loss and metrics.
//!
//! The columns are:
//!
//! - for a model of numbers: `prediction`, or `prediction_<target>` for each of several targets;
//! - for bce: `class`, `probability` (of the second class, or of 1) and `logit`, with `_<target>`
//!   for several targets;
//! - for cross_entropy: `class`, then `probability_<class>` and `logit_<class>` for each class;
//! - if the data has targets: `target`, or `target_<target>`, with the number or the class;
//! - if some rows cannot be predicted: `problem`, with the reason in one word.
//!
//! The table has a row per sample, in the order of the data. A row without a prediction has only
//! its problem.

use std::path::Path;

use choices::Choice;
use ndarray::{Array2, Axis};
use serde_json::{Map, Value, json};

use crate::model::Model;
use crate::record::numbers::put_float;
use data::{Fault, NewSamples, NewSource, Preparation, Reason};
use engine::predict::{evaluate, predict, probability, softmax};
use engine::types::{Loss, Measures, Metric};
use numbers::matrix::DataMatrix;
use problems::Error;

/// The predictions of a model for new data.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions<'a> {
    model: &'a Model,
    /// (predicted samples, outputs), in the targets' own units.
    outputs: Array2<f64>,
    samples: NewSamples,
    /// The names and values of the loss and the metrics, if the data has targets.
    pub figures: Vec<(&'static str, f64)>,
    /// The number of samples from which the figures are computed.
    pub judged: usize,
}

/// A cell of the table.
enum Cell {
    Number(f64),
    Text(String),
    Empty,
}

/// Reads new data, prepares it like the training data, and predicts.
///
/// # Errors
/// If the data cannot be read or does not fit the model, or none of its rows can be predicted.
pub fn predictions<'a>(
    model: &'a Model,
    source: NewSource<'_>,
    targets: Option<&Path>,
) -> Result<Predictions<'a>, Error> {
    let samples = model
        .preparation
        .read(source, targets)
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
    let (figures, judged) = figures(model, &outputs, &samples);
    model.preparation.unscale_targets(&mut outputs);
    Ok(Predictions {
        model,
        outputs,
        samples,
        figures,
        judged,
    })
}

/// The loss (of the scaled targets, without class weights) and all metrics that fit (in the
/// targets' own units), and the number of samples with all targets, from which they are computed.
fn figures(
    model: &Model,
    outputs: &Array2<f64>,
    samples: &NewSamples,
) -> (Vec<(&'static str, f64)>, usize) {
    let Some(y) = &samples.y else {
        return (Vec::new(), 0);
    };
    let is_known = |row: &usize| y.row(*row).all(|y| !y.is_nan());
    let known: Vec<usize> = (0..y.nrows()).filter(is_known).collect();
    if known.is_empty() {
        return (Vec::new(), 0);
    }
    let all = known.len() == y.nrows();
    let (y, outputs) = match all {
        true => (y.clone(), outputs.clone()),
        false => {
            let targets = known.iter().flat_map(|&row| y.row(row)).collect();
            let targets: Vec<f64> = targets;
            let y = DataMatrix::new(known.len(), y.ncols(), targets);
            (y, outputs.select(Axis(0), &known))
        }
    };
    let signs = y.ncols() == 1 && y.iter().all(|y| y.abs() == 1.0);
    let metrics = Metric::that_fit(model.loss, signs);
    let scaling = model.preparation.target_scaling.iter();
    let units: Vec<[f64; 2]> = scaling
        .map(|scaling| [scaling.offset, scaling.divisor])
        .collect();
    let mut measures = Measures::new(model.loss, &metrics, outputs.ncols(), &units);
    if let Some(positive) = model.training.positive {
        measures.positive = positive;
    }
    let y = model.preparation.scale_targets(y);
    let (loss, values) = evaluate(measures, &[], model.precision, &outputs, &y);
    let names = metrics.iter().map(|metric| metric.word());
    let figures = std::iter::once(("loss", loss)).chain(names.zip(values));
    (figures.collect(), known.len())
}

impl Predictions<'_> {
    /// The number of rows in the data.
    pub fn rows(&self) -> usize {
        self.samples.count
    }

    /// The number of predicted rows.
    pub fn predicted(&self) -> usize {
        self.samples.rows.len()
    }

    /// The problems, each with the number of its rows and the first of them.
    pub fn problems(&self) -> Vec<(Reason, usize, &Fault)> {
        let faults = &self.samples.faults;
        let of_reason = Reason::ALL.iter().filter_map(|reason| {
            let mut of_reason = faults.iter().filter(|fault| fault.reason == *reason);
            let first = of_reason.next()?;
            Some((*reason, 1 + of_reason.count(), first))
        });
        of_reason.collect()
    }

    /// The name of the column with a fault, if the fault is in one column.
    pub fn column(&self, fault: &Fault) -> Option<&str> {
        let column = self.model.preparation.columns.get(fault.column?)?;
        Some(&column.name)
    }

    /// The dialect of the table, as lines of `[data]`, if it differs from that of the training
    /// data.
    pub fn dialect(&self) -> &[String] {
        &self.samples.dialect
    }

    /// The table as CSV.
    ///
    /// # Errors
    /// If the table cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, Error> {
        let cannot =
            |cause: csv::Error| Error::Other(format!("cannot write the predictions: {cause}"));
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.header()).map_err(cannot)?;
        for cells in self.cells() {
            let cells = cells.into_iter().map(|cell| match cell {
                Cell::Number(value) => number(value),
                Cell::Text(text) => text,
                Cell::Empty => String::new(),
            });
            writer.write_record(cells).map_err(cannot)?;
        }
        writer
            .into_inner()
            .map_err(|error| cannot(error.into_error().into()))
    }

    /// The table as one object per row; an empty cell is null.
    pub fn json(&self) -> Value {
        let header = self.header();
        let row = |cells: Vec<Cell>| -> Value {
            let values = cells.into_iter().map(|cell| match cell {
                Cell::Number(value) => json!(value),
                Cell::Text(text) => json!(text),
                Cell::Empty => Value::Null,
            });
            Value::Object(header.iter().cloned().zip(values).collect::<Map<_, _>>())
        };
        self.cells().map(row).collect()
    }

    /// The names of the columns.
    fn header(&self) -> Vec<String> {
        let preparation = &self.model.preparation;
        let of_targets = |word: &str| -> Vec<String> {
            match preparation.targets.as_slice() {
                [] | [_] => vec![word.to_owned()],
                targets => targets
                    .iter()
                    .map(|target| format!("{word}_{target}"))
                    .collect(),
            }
        };
        let of_classes = |word: &str| -> Vec<String> {
            let outputs = 0..self.outputs.ncols();
            outputs
                .map(|index| format!("{word}_{}", class(preparation, index)))
                .collect()
        };
        let one = |word: &str| vec![word.to_owned()];
        let (mut names, targets) = match self.model.loss {
            Loss::CrossEntropy => (
                [one("class"), of_classes("probability"), of_classes("logit")].concat(),
                one("target"),
            ),
            Loss::Bce => (
                ["class", "probability", "logit"].map(of_targets).concat(),
                of_targets("target"),
            ),
            _ => (of_targets("prediction"), of_targets("target")),
        };
        if self.samples.y.is_some() {
            names.extend(targets);
        }
        if !self.samples.faults.is_empty() {
            names.extend(one("problem"));
        }
        names
    }

    /// The cells of each row of the data, in its order.
    fn cells(&self) -> impl Iterator<Item = Vec<Cell>> {
        let width = self.header().len();
        let mut samples = self.samples.rows.iter().enumerate().peekable();
        let mut faults = self.samples.faults.iter().peekable();
        (0..self.samples.count).map(move |row| {
            let mut cells = Vec::with_capacity(width);
            if let Some((sample, _)) = samples.next_if(|(_, at)| **at == row) {
                self.put_sample(sample, &mut cells);
            }
            if let Some(fault) = faults.next_if(|fault| fault.row == row) {
                cells.resize_with(width - 1, || Cell::Empty);
                cells.push(Cell::Text(fault.reason.word().to_owned()));
            }
            cells.resize_with(width, || Cell::Empty);
            cells
        })
    }

    /// Adds the cells of one sample, from the network's outputs and the targets.
    fn put_sample(&self, sample: usize, cells: &mut Vec<Cell>) {
        let preparation = &self.model.preparation;
        let outputs = self.outputs.row(sample).to_vec();
        let name = |index: usize| Cell::Text(class(preparation, index));
        match self.model.loss {
            Loss::CrossEntropy => {
                // The first of equal classes is chosen, as in the accuracy.
                let mut best = 0;
                for (index, &logit) in outputs.iter().enumerate() {
                    if logit > outputs[best] {
                        best = index;
                    }
                }
                cells.push(name(best));
                cells.extend(softmax(&outputs).into_iter().map(Cell::Number));
            }
            Loss::Bce => {
                cells.extend(outputs.iter().map(|&logit| name(usize::from(logit > 0.0))));
                cells.extend(
                    outputs
                        .iter()
                        .map(|&logit| Cell::Number(probability(logit))),
                );
            }
            _ => {}
        }
        cells.extend(outputs.into_iter().map(Cell::Number));
        let targets = self.samples.y.iter().flat_map(|y| y.row(sample));
        cells.extend(targets.map(|target| match self.model.loss {
            _ if target.is_nan() => Cell::Empty,
            Loss::Bce | Loss::CrossEntropy => name(target as usize),
            _ => Cell::Number(target),
        }));
    }
}

/// The name of a class, or its index if it has no name.
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
