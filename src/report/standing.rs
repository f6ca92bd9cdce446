//! The comparison of a kept network with the constant answer, sample by sample.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use super::comparison::Comparison;
use super::exhibit::{self, Exhibit, Origins};
use super::results::Results;
use super::verdict;
use crate::baseline::Constant;
use crate::likeness::{Quantity, Side};
use crate::record::grounds::Standing;
use data::Samples;
use engine::predict::predict;
use engine::types::Architecture;
use problems::Error;
use statistics::description::describe;

/// The networks that are compared with constants. A model is read and predicts once, for any number
/// of columns by which the results are ranked.
#[derive(Debug, Default)]
pub struct Networks {
    /// The exhibits by the index of the run; `None` if the model cannot be shown.
    exhibits: HashMap<usize, Option<Arc<Exhibit>>>,
    /// The standings by the index of the run and the column.
    standings: HashMap<(usize, String), Standing>,
}

/// The networks and columns for results that are ranked by one column: the run with the best
/// network of each part, and the columns in which it is compared with a constant.
#[derive(Debug)]
pub struct Asked {
    /// The best networks, each as its configuration and its run.
    best: Vec<[usize; 2]>,
    columns: Vec<String>,
}

impl Asked {
    /// The networks and columns for these results with this ranking.
    pub fn of(directory: &Path, results: &Results, comparison: &Comparison) -> Self {
        let columns = verdict::beside(results).into_iter();
        let parts = 0..results.terms.parts.len();
        let best = parts.filter_map(|part| {
            let mut ranked = comparison.ranked.iter().copied();
            let best = ranked.find(|&c| results.terms.part[c] == part)?;
            Some([best, exhibit::shown(directory, results, best)?])
        });
        Self {
            best: best.collect(),
            columns: columns.chain([comparison.metric.clone()]).collect(),
        }
    }
}

impl Networks {
    /// The networks of these requests.
    ///
    /// # Errors
    /// If the system cannot read the file of a network.
    pub fn of(
        directory: &Path,
        results: &Results,
        asked: &[Asked],
        origins: &Origins<'_>,
    ) -> Result<Self, Error> {
        let mut columns: Vec<([usize; 2], Vec<&String>)> = Vec::new();
        for asked in asked {
            for &best in &asked.best {
                let known = columns.iter().position(|(known, _)| *known == best);
                let place = known.unwrap_or_else(|| {
                    columns.push((best, Vec::new()));
                    columns.len() - 1
                });
                let of = &mut columns[place].1;
                of.extend(asked.columns.iter());
                of.sort_unstable();
                of.dedup();
            }
        }
        let read = columns.into_par_iter().map(|(best, columns)| {
            let exhibit = exhibit::read(directory, results, best, origins)?.map(Arc::new);
            let of = exhibit.as_ref();
            let standings = of.map(|exhibit| standings(results, exhibit, &columns));
            Ok((best[1], exhibit, standings.unwrap_or_default()))
        });
        let mut networks = Self::default();
        for (run, exhibit, standings) in read.collect::<Result<Vec<_>, Error>>()? {
            networks.exhibits.insert(run, exhibit);
            let named = standings.into_iter();
            let named = named.map(|standing| ((run, standing.column.clone()), standing));
            networks.standings.extend(named);
        }
        Ok(networks)
    }

    /// The standings of these networks, part by part, in each of these columns.
    pub fn standings(&self, asked: &Asked) -> Vec<Standing> {
        let each = asked.best.iter().flat_map(|&[_, run]| {
            let columns = asked.columns.iter();
            columns.filter_map(move |column| self.standings.get(&(run, column.clone())))
        });
        each.cloned().collect()
    }

    /// The network of a run, which is read unless it was read before.
    ///
    /// # Errors
    /// If the system cannot read its file.
    pub fn exhibit(
        &self,
        directory: &Path,
        results: &Results,
        [configuration, run]: [usize; 2],
        origins: &Origins<'_>,
    ) -> Result<Option<Arc<Exhibit>>, Error> {
        Ok(match self.exhibits.get(&run) {
            Some(exhibit) => exhibit.clone(),
            None => exhibit::read(directory, results, [configuration, run], origins)?.map(Arc::new),
        })
    }
}

/// The most samples that are compared, evenly spread over a larger part; more of them would not
/// change the result.
const COMPARED: usize = 4_000;
/// The least samples that are compared, whatever the size of the network.
const COMPARED_AT_LEAST: usize = 1_000;
/// The multiply-adds that further samples may take: about a twentieth of a second.
const WORK: usize = 4_000_000_000;

/// The number of samples that are compared for a network of this size.
fn compared(architecture: &Architecture) -> usize {
    let affordable = WORK / architecture.multiply_adds().forward.max(1);
    affordable.clamp(COMPARED_AT_LEAST, COMPARED)
}

/// The standings of an exhibit's network in these columns; empty if its samples are missing, or if
/// a column is not a mean over samples with a known constant.
fn standings(results: &Results, exhibit: &Exhibit, columns: &[&String]) -> Vec<Standing> {
    let (Some(origin), model) = (&exhibit.origin, &exhibit.model) else {
        return Vec::new();
    };
    let configuration = &results.configurations[exhibit.configuration];
    // For folds, the first fold of the replicate is the kept one.
    let mut runs = configuration.runs.iter().map(|&run| &results.runs[run]);
    let run = runs.find(|run| run.replicate == exhibit.replicate);
    let judged = &results.judged[exhibit.configuration];
    let mut sides: [Option<(Cow<'_, Samples>, Array2<f64>)>; 2] = [None, None];
    let standing = |column: &&String| {
        let column: &str = column;
        let side = Side::of(column)?;
        let samples = match side {
            Side::Train => &origin.data.train,
            Side::Valid => origin.data.valid.as_ref()?,
        };
        // With class weights, another constant would have the least loss.
        if Quantity::of(column) == Quantity::Loss && judged.scale.class_weights != "none" {
            return None;
        }
        let constant = Constant::of(column, model.loss, &origin.data)?;
        let known = judged.baseline(column).filter(|_| judged.has_one_dataset());
        let network = run?.numbers[results.column(column)?]?;
        let (part, outputs) = sides[usize::from(side == Side::Valid)].get_or_insert_with(|| {
            let (architecture, parameters) = (&model.architecture, &model.parameters);
            let part = exhibit::spread(samples, compared(architecture));
            let outputs = predict(architecture, parameters, model.precision, &part.x);
            (part, outputs)
        });
        let of_network = constant.terms_of(outputs, &part.y);
        let of_constant = constant.terms(part);
        let pairs = of_constant.iter().zip(&of_network);
        // An infinite term comes from a class that the training part does not have.
        let gains: Vec<f64> = pairs
            .map(|(constant, network)| constant - network)
            .collect();
        Some(Standing {
            configuration: configuration.number,
            replicate: exhibit.replicate,
            column: column.to_owned(),
            samples: gains.len(),
            network,
            baseline: match known {
                Some(known) => known.value,
                None => constant.value(column, model.loss, samples)?,
            },
            said: constant.said,
            better: describe(&gains).interval.is_some_and(|(low, _)| low > 0.0),
        })
    };
    columns.iter().filter_map(standing).collect()
}
