//! Variants × sweep → configurations → runs.
//!
//! What no axis touches is resolved once for each variant: `[data]`, `[model]` and `[training]` are
//! resolved apart, so that a point of the sweep costs only what it changes.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::compare::{compare, output};
use super::dataset::Library;
use super::key;
use super::layers::{Variant, merged, place, variants};
use super::partial::{self, Broken};
use super::read::Reader;
use super::sweep::{self, Point};
use super::{Configuration, Plan, Run, Vary, dataset, fit, network, training};
use crate::config::{
    self, Block, DATA, EXPERIMENT, Experiment, Fallback, Keys, MODEL, Mode, TRAINING, Table,
    Target, Value,
};
use crate::data::{Dataset, TargetKind};
use crate::engine::types::{Architecture, Init, Metric};
use crate::error::{Error, Problem, Problems, nearest};
use crate::rng::replicate_seed;

/// With so many problems, further configurations are not looked at.
const ENOUGH_PROBLEMS: usize = 50;

/// The most runs of one experiment.
const MOST_RUNS: usize = 10_000_000;

/// See [`super::plan`].
pub fn plan(path: &Path, sets: &[String]) -> Result<Plan, Error> {
    let mut problems = Problems::new();
    let mut experiment = config::load(path, sets, &mut problems)?;
    let blocks = experiment.sweep(&mut problems);
    let mut variants = variants(&experiment);
    // After a mistake, what does not depend on it is judged all the same.
    let (broken, blocks) = if problems.is_empty() {
        (Vec::new(), blocks)
    } else {
        partial::sound(&mut experiment, &mut variants, blocks, &mut problems)
    };
    let root = Reader::new(&experiment.root, &EXPERIMENT);
    let varied = root.words("vary");
    let varies = |word: &str| varied.iter().any(|varied| varied == word);
    let replicates = u32::try_from(root.whole("replicates")).unwrap_or(u32::MAX);
    let mut expansion = Expansion {
        experiment: &experiment,
        swept: swept(&blocks),
        vary: Vary {
            data: varies("data"),
            split: varies("split"),
            init: varies("init"),
            shuffle: varies("shuffle"),
        },
        replicates,
        library: Library::default(),
        fitted: HashSet::new(),
        broken,
        configurations: Vec::new(),
        runs: Vec::new(),
        problems,
    };
    expansion.expand(&variants, &blocks);
    let Expansion {
        swept,
        vary,
        configurations,
        runs,
        mut problems,
        ..
    } = expansion;
    let compare = compare(
        &experiment,
        &variants,
        &swept,
        &configurations,
        &mut problems,
    );
    let output = output(&experiment);
    problems.sort();
    problems.into_result(())?;
    let name = match experiment.root.get("name") {
        Some(node) => node.value.plain(),
        None => experiment.stem.clone(),
    };
    Ok(Plan {
        name,
        description: Reader::new(&experiment.root, &EXPERIMENT)
            .word("description")
            .to_owned(),
        vary,
        replicates,
        swept,
        configurations,
        runs,
        compare,
        output,
        experiment,
    })
}

/// The swept keys of all blocks, each once, in the order of the file.
fn swept(blocks: &[Block]) -> Vec<String> {
    let mut swept: Vec<String> = Vec::new();
    for axis in blocks.iter().flat_map(|block| &block.axes) {
        if !swept.contains(&axis.name) {
            swept.push(axis.name.clone());
        }
    }
    swept
}

/// What a point of the sweep is made into.
struct Expansion<'a> {
    experiment: &'a Experiment,
    swept: Vec<String>,
    vary: Vary,
    replicates: u32,
    library: Library,
    /// The pairs of architecture and dataset that have been checked, by their addresses.
    fitted: HashSet<(usize, usize)>,
    /// What nothing can be made of.
    broken: Vec<Broken>,
    configurations: Vec<Configuration>,
    runs: Vec<Run>,
    problems: Problems,
}

/// A resolved `[model]`.
struct Model {
    table: Table,
    architecture: Arc<Architecture>,
    init: Arc<Init>,
    digest: [u8; 32],
}

/// A loaded `[data]`.
struct Data {
    datasets: Arc<Vec<Arc<Dataset>>>,
    digests: Vec<[u8; 32]>,
    metrics: Vec<Metric>,
    validated: bool,
}

/// What a dataset depends on, beside the variant and the block.
#[derive(PartialEq, Eq, Hash)]
struct Request {
    /// The addresses of the swept values of `[data]`.
    values: Vec<usize>,
    kind: u8,
    /// The nodes of the output layer, where they are classes.
    classes: Option<usize>,
    seed: u64,
}

/// What has been resolved for one variant and one block, by the addresses of the swept values that
/// it depends on.
#[derive(Default)]
struct Resolved {
    models: HashMap<Vec<usize>, Option<Arc<Model>>>,
    tables: HashMap<Vec<usize>, Option<Arc<Table>>>,
    data: HashMap<Request, Option<Arc<Data>>>,
    training: Option<Option<Arc<Table>>>,
}

impl Expansion<'_> {
    fn expand(&mut self, variants: &[Variant], blocks: &[Block]) {
        let seed = Reader::new(&self.experiment.root, &EXPERIMENT).whole("seed");
        let whole = Block {
            mode: Mode::Grid,
            axes: Vec::new(),
            exclude: Vec::new(),
            place: self.experiment.end.clone(),
            sound: true,
        };
        let blocks = if blocks.is_empty() {
            std::slice::from_ref(&whole)
        } else {
            blocks
        };
        let mut used: Vec<Vec<bool>> = blocks
            .iter()
            .map(|block| vec![false; block.exclude.len()])
            .collect();
        for variant in variants {
            let mut seen = HashSet::new();
            for (index, block) in blocks.iter().enumerate() {
                let earlier = &blocks[..index];
                let points = sweep::points(
                    block,
                    earlier,
                    &variant.name,
                    seed,
                    &mut used[index],
                    &mut self.problems,
                );
                self.add_block(variant, block, &points, &mut seen);
            }
        }
        for (name, node) in blocks
            .iter()
            .flat_map(|block| &block.exclude)
            .flat_map(|exclusion| &exclusion.conditions)
        {
            let known = |word| variants.iter().any(|variant| variant.name == word);
            if name == "variant" && !node.as_str().is_some_and(known) {
                let names = variants.iter().map(|variant| variant.name.as_str());
                let label = match node.as_str().and_then(|word| nearest(word, names)) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => "this excludes nothing".to_owned(),
                };
                self.problems.push(Problem::at(
                    node.place.clone(),
                    format!("there is no variant {}", node.value.to_toml()),
                    label,
                ));
            }
        }
        if !self.problems.is_empty() {
            return;
        }
        for (block, used) in blocks.iter().zip(&used) {
            for (exclusion, _) in block.exclude.iter().zip(used).filter(|(_, used)| !**used) {
                self.problems.push(Problem::at(
                    exclusion.place.clone(),
                    "this exclusion leaves out no point",
                    "no point of the sweep has these values together",
                ));
            }
        }
        if self.configurations.is_empty() && self.problems.is_empty() && self.broken.is_empty() {
            self.problems.push(Problem::at(
                blocks[0].place.clone(),
                "nothing is left of the sweep: every point is excluded",
                "",
            ));
        }
    }

    fn add_block(
        &mut self,
        variant: &Variant,
        block: &Block,
        points: &[Point],
        seen: &mut HashSet<super::RunKey>,
    ) {
        let mut resolved = Resolved::default();
        let columns: Vec<Column> = self
            .swept
            .iter()
            .map(
                |name| match block.axes.iter().position(|axis| axis.name == *name) {
                    Some(axis) => Column::Swept(axis),
                    None => Column::Fixed(shown(&variant.table, name)),
                },
            )
            .collect();
        for point in points {
            if self.problems.len() >= ENOUGH_PROBLEMS {
                return;
            }
            self.add_point(variant, block, point, &columns, &mut resolved, seen);
        }
    }

    fn add_point(
        &mut self,
        variant: &Variant,
        block: &Block,
        point: &Point,
        columns: &[Column],
        resolved: &mut Resolved,
        seen: &mut HashSet<super::RunKey>,
    ) -> Option<()> {
        // All three, so that what is wrong with each is told at once.
        let data_table = self.data_table(variant, block, point, resolved);
        let model = self.model(variant, block, point, resolved);
        let training_table = self.training(variant, block, point, resolved);
        let loss = match &training_table {
            Some(table) => training::loss(table),
            None => training::likely_loss(&variant.table)?,
        };
        let kind = dataset::kind(loss);
        let seed = seed(variant, block, point);
        let data = data_table.and_then(|table| {
            let layers = model.as_ref().map(|model| &model.architecture.layers);
            let outputs = layers.and_then(|layers| layers.last().copied());
            self.data(block, point, &table, kind, outputs, seed, resolved)
        });
        if let (Some(model), Some(data)) = (&model, &data) {
            self.check_fit(model, data, loss);
        }
        let settings = match (&training_table, &data) {
            (Some(table), Some(data)) => Some(training::settings(
                table,
                data.metrics.clone(),
                data.validated,
                &mut self.problems,
            )),
            _ => None,
        };
        let (settings, model, data) = (settings?, model?, data?);
        let settings_digest = key::settings(&settings);
        let configuration = self.configurations.len();
        let first = self.runs.len();
        for replicate in 0..self.replicates {
            let own = replicate_seed(seed, replicate);
            let dataset = &data.digests[if data.digests.len() == 1 {
                0
            } else {
                replicate as usize
            }];
            let mut run = Run {
                configuration,
                replicate,
                seed: own,
                init_seed: if self.vary.init { own } else { seed },
                shuffle_seed: if self.vary.shuffle { own } else { seed },
                key: super::RunKey([0; 16]),
            };
            run.key = key::key(&model.digest, &settings_digest, dataset, &run);
            if replicate == 0 && !seen.insert(run.key) {
                return None; // The sweep has been here before.
            }
            self.runs.push(run);
            if self.runs.len() > MOST_RUNS {
                self.runs.truncate(first);
                let place = self.experiment.root.entry("replicates");
                let place = place.map_or(&block.place, |entry| &entry.key_place);
                self.problems.push(Problem::at(
                    place.clone(),
                    format!("the experiment has more than {MOST_RUNS} runs"),
                    "sweep less, or take fewer replicates",
                ));
                return None;
            }
        }
        self.configurations.push(Configuration {
            variant: variant.name.clone(),
            values: columns
                .iter()
                .map(|column| match column {
                    Column::Swept(axis) => point[*axis].value.plain(),
                    Column::Fixed(text) => text.clone(),
                })
                .collect(),
            data: Arc::clone(&data.datasets),
            architecture: Arc::clone(&model.architecture),
            init: Arc::clone(&model.init),
            settings,
        });
        Some(())
    }

    /// A section with the point's values, checked as a whole.
    fn section(
        &mut self,
        variant: &Variant,
        block: &Block,
        point: &Point,
        section: &str,
        keys: &'static Keys,
    ) -> Option<Table> {
        let is_it = |broken: &Broken| broken.0 == variant.name && broken.1 == section;
        if self.broken.iter().any(is_it) {
            return None;
        }
        let values = block
            .axes
            .iter()
            .zip(point)
            .filter(|(axis, _)| axis.path[0] == section);
        let table = merged(&variant.table, section, keys, values);
        let mut found = Problems::new();
        let place = place(self.experiment, &variant.table, section);
        config::check_whole(&table, &place, keys, section, &mut found);
        let fine = found.is_empty();
        self.problems.extend(found);
        fine.then_some(table)
    }

    fn training(
        &mut self,
        variant: &Variant,
        block: &Block,
        point: &Point,
        resolved: &mut Resolved,
    ) -> Option<Arc<Table>> {
        let swept = block.axes.iter().any(|axis| axis.path[0] == "training");
        if swept {
            return self
                .section(variant, block, point, "training", &TRAINING)
                .map(Arc::new);
        }
        if resolved.training.is_none() {
            let table = self.section(variant, block, point, "training", &TRAINING);
            resolved.training = Some(table.map(Arc::new));
        }
        resolved
            .training
            .clone()
            .expect("it has just been resolved")
    }

    fn model(
        &mut self,
        variant: &Variant,
        block: &Block,
        point: &Point,
        resolved: &mut Resolved,
    ) -> Option<Arc<Model>> {
        let addresses = addresses(block, point, "model");
        if let Some(model) = resolved.models.get(&addresses) {
            return model.clone();
        }
        let table = self.section(variant, block, point, "model", &MODEL);
        let model = table.and_then(|table| {
            let architecture = network::architecture(&table, &mut self.problems)?;
            let init = network::init(&table, &architecture.layers, &mut self.problems)?;
            Some(Arc::new(Model {
                digest: key::network(&architecture, &init),
                architecture: Arc::new(architecture),
                init: Arc::new(init),
                table,
            }))
        });
        resolved.models.insert(addresses, model.clone());
        model
    }

    fn data_table(
        &mut self,
        variant: &Variant,
        block: &Block,
        point: &Point,
        resolved: &mut Resolved,
    ) -> Option<Arc<Table>> {
        let addresses = addresses(block, point, "data");
        if let Some(table) = resolved.tables.get(&addresses) {
            return table.clone();
        }
        let table = self
            .section(variant, block, point, "data", &DATA)
            .map(Arc::new);
        resolved.tables.insert(addresses, table.clone());
        table
    }

    #[allow(clippy::too_many_arguments)]
    fn data(
        &mut self,
        block: &Block,
        point: &Point,
        table: &Table,
        kind: TargetKind,
        outputs: Option<usize>,
        seed: u64,
        resolved: &mut Resolved,
    ) -> Option<Arc<Data>> {
        let classes = outputs.filter(|_| kind == TargetKind::Classes);
        let request = Request {
            values: addresses(block, point, "data"),
            kind: kind as u8,
            classes,
            seed,
        };
        if let Some(data) = resolved.data.get(&request) {
            return data.clone();
        }
        let mut found = Problems::new();
        let (wanted, place) = dataset::request(table, kind, classes, &mut found);
        let fine = found.is_empty();
        self.problems.extend(found);
        let datasets = fine
            .then(|| {
                self.library.load(
                    &wanted,
                    &place,
                    seed,
                    self.replicates,
                    self.vary,
                    &mut self.problems,
                )
            })
            .flatten();
        let data = datasets.map(|datasets| {
            let loss = match kind {
                TargetKind::Numbers => crate::engine::types::Loss::HalfMse,
                TargetKind::Binary => crate::engine::types::Loss::Bce,
                TargetKind::Classes => crate::engine::types::Loss::CrossEntropy,
            };
            Arc::new(Data {
                digests: datasets.iter().map(|dataset| dataset.digest()).collect(),
                metrics: fit::metrics(loss, &datasets[0]),
                validated: datasets[0].valid.is_some(),
                datasets,
            })
        });
        resolved.data.insert(request, data.clone());
        data
    }

    fn check_fit(
        &mut self,
        model: &Arc<Model>,
        data: &Arc<Data>,
        loss: crate::engine::types::Loss,
    ) {
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
}

/// Where the value of a column of `runs.csv` comes from.
enum Column {
    /// An axis of the block.
    Swept(usize),
    /// The variant's file: another block sweeps it.
    Fixed(String),
}

/// What a file says for a key that this block does not sweep.
fn shown(table: &Table, name: &str) -> String {
    if let Some(node) = table.at(name) {
        return node.value.plain();
    }
    let path: Vec<&str> = name.split('.').collect();
    match config::find(&path) {
        Ok(Target::Key(key)) => match key.fallback {
            Fallback::Bool(value) => value.to_string(),
            Fallback::Integer(value) => value.to_string(),
            Fallback::Float(value) => Value::Float(value).to_toml(),
            Fallback::Word(word) => word.to_owned(),
            _ => String::new(),
        },
        Ok(Target::Tag(keys)) => keys
            .tag
            .as_ref()
            .and_then(|tag| tag.fallback)
            .unwrap_or_default()
            .to_owned(),
        Err(_) => String::new(),
    }
}

/// The addresses of the values that a section depends on.
fn addresses(block: &Block, point: &Point, section: &str) -> Vec<usize> {
    let values = block.axes.iter().zip(point);
    let own = values.filter(|(axis, _)| axis.path[0] == section);
    own.map(|(_, node)| Arc::as_ptr(node) as usize).collect()
}

/// The seed of a point: swept, the variant's, or the experiment's.
fn seed(variant: &Variant, block: &Block, point: &Point) -> u64 {
    let mut axes = block.axes.iter().zip(point);
    match axes
        .find(|(axis, _)| axis.name == "seed")
        .map(|(_, node)| &node.value)
    {
        Some(Value::Integer(seed)) => u64::try_from(*seed).expect("the check has seen it"),
        _ => Reader::new(&variant.table, &EXPERIMENT).whole("seed"),
    }
}
