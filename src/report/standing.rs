//! A kept network against the constant answer, sample by sample.

use std::borrow::Cow;

use ndarray::Array2;

use super::exhibit::Exhibit;
use super::results::Results;
use crate::baseline::Constant;
use crate::likeness::{Quantity, Side};
use crate::record::grounds::Standing;
use data::Samples;
use engine::predict::predict;
use numbers::matrix::DataMatrix;
use statistics::description::describe;

/// More samples than these tell no more: of a larger part, as many are compared, evenly spread.
const COMPARED: usize = 4_000;

/// The samples that are compared.
fn compared(samples: &Samples) -> Cow<'_, Samples> {
    let rows = samples.x.nrows();
    if rows <= COMPARED {
        return Cow::Borrowed(samples);
    }
    let pick = |matrix: &DataMatrix| {
        let chosen = (0..COMPARED).map(|index| index * rows / COMPARED);
        let numbers: Vec<f64> = chosen.flat_map(|row| matrix.row(row)).collect();
        DataMatrix::new(COMPARED, matrix.ncols(), numbers)
    };
    Cow::Owned(Samples {
        x: pick(&samples.x),
        y: pick(&samples.y),
    })
}

/// How the network of an exhibit stands in these columns; nothing where its samples are not at hand,
/// or a column is no mean over samples of constants that are known.
pub fn standings(results: &Results, exhibit: &Exhibit, columns: &[String]) -> Vec<Standing> {
    let (Some(origin), model) = (&exhibit.origin, &exhibit.model) else {
        return Vec::new();
    };
    let configuration = &results.configurations[exhibit.configuration];
    // Of folds, the first is kept.
    let mut runs = configuration.runs.iter().map(|&run| &results.runs[run]);
    let run = runs.find(|run| run.replicate == exhibit.replicate);
    let judged = &results.judged[exhibit.configuration];
    let mut sides: [Option<(Cow<'_, Samples>, Array2<f64>)>; 2] = [None, None];
    let standing = |column: &String| {
        let side = Side::of(column)?;
        let samples = match side {
            Side::Train => &origin.data.train,
            Side::Valid => origin.data.valid.as_ref()?,
        };
        // Weighted losses are those of other constants.
        if Quantity::of(column) == Quantity::Loss && judged.scale.class_weights != "none" {
            return None;
        }
        let constant = Constant::of(column, model.loss, &origin.data)?;
        let network = run?.numbers[results.column(column)?]?;
        let (part, outputs) = sides[usize::from(side == Side::Valid)].get_or_insert_with(|| {
            let (architecture, parameters) = (&model.architecture, &model.parameters);
            let part = compared(samples);
            let outputs = predict(architecture, parameters, model.precision, &part.x);
            (part, outputs)
        });
        let of_network = constant.terms_of(outputs, &part.y);
        let of_constant = constant.terms(part);
        let pairs = of_constant.iter().zip(&of_network);
        // A term that is infinite is one of a class that the training part does not have.
        let gains: Vec<f64> = pairs
            .map(|(constant, network)| constant - network)
            .collect();
        Some(Standing {
            configuration: configuration.number,
            replicate: exhibit.replicate,
            column: column.clone(),
            samples: gains.len(),
            network,
            baseline: constant.value(column, model.loss, samples)?,
            said: constant.said,
            better: describe(&gains).interval.is_some_and(|(low, _)| low > 0.0),
        })
    };
    columns.iter().filter_map(standing).collect()
}
