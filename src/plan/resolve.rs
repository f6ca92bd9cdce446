//! The resolution of the sections of a point: `[data]`, `[model]` and `[training]` are resolved
//! separately, each only once for the values that it depends on.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::Arc;

use super::dataset::Draws;
use super::expansion::Expansion;
use super::layers::{Variant, merged, place};
use super::partial::Broken;
use super::sweep::Point;
use super::{Sampling, dataset, fit, held, key, network};
use crate::config::{self, Block, DATA, Keys, MODEL, TRAINING, Table};
use data::{Dataset, TargetKind};
use engine::types::{Architecture, Init, Loss};
use problems::Problems;

/// The variant, block and point from which a configuration is made.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) variant: &'a Variant,
    pub(super) block: &'a Block,
    pub(super) point: &'a Point,
}

impl Site<'_> {
    /// The addresses of the values that a section depends on.
    fn addresses(self, section: &str) -> Vec<usize> {
        let values = self.block.axes.iter().zip(self.point);
        let own = values.filter(|(axis, _)| axis.path[0] == section);
        own.map(|(_, node)| Arc::as_ptr(node) as usize).collect()
    }
}

/// A resolved `[model]`.
pub(super) struct Model {
    pub(super) table: Table,
    pub(super) architecture: Arc<Architecture>,
    pub(super) init: Arc<Init>,
    pub(super) dropout: Vec<f64>,
    pub(super) digest: [u8; 32],
}

/// A loaded `[data]`.
pub(super) struct Data {
    pub(super) datasets: Arc<Vec<Arc<Dataset>>>,
    pub(super) digests: Vec<[u8; 32]>,
    pub(super) sampling: Sampling,
}

impl Data {
    /// The index of the dataset for the configuration's run of this number.
    pub(super) fn place(&self, number: usize) -> usize {
        // There is one dataset for all runs, or one for each run.
        if self.datasets.len() == 1 { 0 } else { number }
    }
}

/// All that a dataset depends on, beside the variant and the block.
#[derive(PartialEq, Eq, Hash)]
struct Request {
    /// The addresses of the swept values of `[data]`.
    values: Vec<usize>,
    kind: u8,
    /// The nodes of the output layer, if they are classes.
    classes: Option<usize>,
    seed: u64,
}

/// The sections that have been resolved for one variant and one block, by the addresses of the
/// swept values that each depends on.
#[derive(Default)]
pub(super) struct Resolved {
    models: HashMap<Vec<usize>, Option<Arc<Model>>>,
    tables: HashMap<Vec<usize>, Option<Arc<Table>>>,
    data: HashMap<Request, Option<Arc<Data>>>,
    training: HashMap<Vec<usize>, Option<Arc<Table>>>,
}

/// The section that was resolved before for this key, or else the result of `resolve`; `None` if it
/// has a problem, which is reported once.
fn remembered<K: Eq + Hash, V>(
    known: &mut HashMap<K, Option<Arc<V>>>,
    key: K,
    resolve: impl FnOnce() -> Option<V>,
) -> Option<Arc<V>> {
    match known.entry(key) {
        Entry::Occupied(entry) => entry.get().clone(),
        Entry::Vacant(entry) => entry.insert(resolve().map(Arc::new)).clone(),
    }
}

impl Expansion<'_> {
    /// The point's `[training]`.
    pub(super) fn training(
        &mut self,
        site: Site<'_>,
        resolved: &mut Resolved,
    ) -> Option<Arc<Table>> {
        let addresses = site.addresses("training");
        let mut section = || self.section(site, "training", &TRAINING);
        if addresses.is_empty() {
            remembered(&mut resolved.training, addresses, section)
        } else {
            // Points seldom share these values, so the settings are not remembered.
            section().map(Arc::new)
        }
    }

    /// The point's `[model]`.
    pub(super) fn model(&mut self, site: Site<'_>, resolved: &mut Resolved) -> Option<Arc<Model>> {
        remembered(&mut resolved.models, site.addresses("model"), || {
            let table = self.section(site, "model", &MODEL)?;
            let architecture = network::architecture(&table, &mut self.problems)?;
            let init = network::init(&table, &architecture.layers, &mut self.problems)?;
            let dropout = network::dropout(&table, &architecture.layers, &mut self.problems)?;
            Some(Model {
                dropout,
                digest: key::network(&architecture, &init),
                architecture: Arc::new(architecture),
                init: Arc::new(init),
                table,
            })
        })
    }

    /// The point's `[data]`, before it is loaded.
    pub(super) fn data_table(
        &mut self,
        site: Site<'_>,
        resolved: &mut Resolved,
    ) -> Option<Arc<Table>> {
        remembered(&mut resolved.tables, site.addresses("data"), || {
            self.section(site, "data", &DATA)
        })
    }

    /// The point's data, loaded. `wanted`: the kind of the targets, and the nodes of the output
    /// layer if they are known.
    pub(super) fn data(
        &mut self,
        site: Site<'_>,
        table: &Table,
        wanted: (TargetKind, Option<usize>),
        seed: u64,
        resolved: &mut Resolved,
    ) -> Option<Arc<Data>> {
        let (kind, outputs) = wanted;
        let classes = outputs.filter(|_| kind == TargetKind::Classes);
        let request = Request {
            values: site.addresses("data"),
            kind: kind as u8,
            classes,
            seed,
        };
        remembered(&mut resolved.data, request, || {
            let mut found = Problems::new();
            let (wanted, places) = dataset::request(table, kind, classes, &mut found);
            held::check_folds(self.folds, &wanted, table, &mut found);
            let fine = found.is_empty();
            self.problems.extend(found);
            let datasets = fine.then(|| {
                let draws = Draws {
                    experiment: self.seed,
                    seed,
                    replicates: self.replicates,
                    vary: self.vary,
                };
                self.library
                    .load(&wanted, &places, draws, &mut self.problems)
            })??;
            Some(Data {
                digests: datasets.iter().map(|dataset| dataset.digest()).collect(),
                sampling: dataset::sampling(&wanted, self.vary),
                datasets,
            })
        })
    }

    /// Checks once that a model and a dataset fit each other.
    pub(super) fn check_fit(&mut self, model: &Arc<Model>, data: &Arc<Data>, loss: Loss) {
        let pair = (
            Arc::as_ptr(model) as usize ^ loss as usize,
            Arc::as_ptr(&data.datasets) as usize,
        );
        if self.fitted.insert(pair) {
            fit::check(
                &model.table,
                &model.architecture,
                &data.datasets[0],
                loss,
                &mut self.problems,
            );
        }
    }

    /// A section with the point's values, checked as a whole.
    fn section(&mut self, site: Site<'_>, section: &str, keys: &'static Keys) -> Option<Table> {
        let is_it = |broken: &Broken| broken.0 == site.variant.name && broken.1 == section;
        if self.broken.iter().any(is_it) {
            return None;
        }
        let values = site
            .block
            .axes
            .iter()
            .zip(site.point)
            .filter(|(axis, _)| axis.path[0] == section);
        let table = merged(&site.variant.table, section, keys, values);
        let mut found = Problems::new();
        let place = place(self.experiment, &site.variant.table, section);
        config::check_whole(&table, &place, keys, section, &mut found);
        let fine = found.is_empty();
        self.problems.extend(found);
        fine.then_some(table)
    }
}
