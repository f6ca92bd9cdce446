//! Variants × sweep → configurations → runs.
//!
//! What no axis touches is resolved once for each variant: `[data]`, `[model]` and `[training]` are
//! resolved apart, so that a point of the sweep costs only what it changes.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::dataset::Library;
use super::key;
use super::read::Reader;
use super::sweep::{self, Point};
use super::{
    Compare, Configuration, Models, Output, Plan, Run, Vary, dataset, fit, network, training,
};
use crate::config::{
    self, Axis, Block, COMPARE, DATA, EXPERIMENT, Entry, Experiment, Fallback, Keys, MODEL, Mode,
    Node, OUTPUT, TRAINING, Table, Target, Value,
};
use crate::data::{Dataset, TargetKind};
use crate::engine::types::{Architecture, Init, Metric};
use crate::error::{Error, Place, Problem, Problems, nearest};
use crate::rng::replicate_seed;

/// With so many problems, further configurations are not looked at.
const ENOUGH_PROBLEMS: usize = 50;

/// The most runs of one experiment.
const MOST_RUNS: usize = 10_000_000;

/// See [`super::plan`].
pub fn plan(path: &Path, sets: &[String]) -> Result<Plan, Error> {
    let mut problems = Problems::new();
    let experiment = config::load(path, sets, &mut problems)?;
    let blocks = experiment.sweep(&mut problems);
    let variants = variants(&experiment);
    if !problems.is_empty() {
        check_roughly(&experiment, &variants, &blocks, &mut problems);
        problems.sort();
        return Err(Error::Experiment(problems));
    }
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

/// One variant: its name, and the whole file with its overrides.
struct Variant {
    name: String,
    table: Table,
}

/// The variants in the order of the file; without any, the file itself, without a name.
fn variants(experiment: &Experiment) -> Vec<Variant> {
    let mut base = experiment.root.clone();
    base.remove("variants");
    base.remove("sweep");
    let variants: Vec<Variant> = experiment
        .variants()
        .filter_map(|entry| {
            let mut table = base.clone();
            config::merge(&mut table, entry.node.as_table()?, &EXPERIMENT);
            Some(Variant {
                name: entry.key.clone(),
                table,
            })
        })
        .collect();
    if variants.is_empty() {
        vec![Variant {
            name: String::new(),
            table: base,
        }]
    } else {
        variants
    }
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

/// The sections of a file that a run is resolved from.
const SECTIONS: [(&str, &Keys); 3] = [("data", &DATA), ("model", &MODEL), ("training", &TRAINING)];

/// After a mistake in some layer: what the whole lacks, so that it is told at the same time.
fn check_roughly(
    experiment: &Experiment,
    variants: &[Variant],
    blocks: &[Block],
    problems: &mut Problems,
) {
    for variant in variants {
        for (section, keys) in SECTIONS {
            let axes: Vec<&Axis> = blocks
                .iter()
                .flat_map(|block| &block.axes)
                .filter(|axis| axis.path[0] == section)
                .collect();
            let point: Point = axes
                .iter()
                .map(|axis| match &axis.values {
                    config::Values::List(values) => Arc::new(values[0].clone()),
                    config::Values::Drawn(range, node) => {
                        Arc::new(range.node(range.drawn(0.5), node))
                    }
                })
                .collect();
            let values = axes.into_iter().zip(&point);
            let table = merged(&variant.table, section, keys, values);
            let renamed = variant.table.entries.iter().any(|entry| {
                EXPERIMENT.find(&entry.key).is_none()
                    && nearest(&entry.key, EXPERIMENT.names()) == Some(section)
            });
            if !renamed {
                let place = place(experiment, &variant.table, section);
                config::check_whole(&table, &place, keys, section, problems);
            }
        }
    }
}

/// Where a section stands: where a missing key of it would belong.
fn place(experiment: &Experiment, table: &Table, section: &str) -> Place {
    match table.entry(section) {
        Some(entry) => entry.key_place.clone(),
        None => experiment.end.clone(),
    }
}

/// A section of a variant's file, with the values of a point laid over it.
fn merged<'a>(
    table: &Table,
    section: &str,
    keys: &'static Keys,
    values: impl Iterator<Item = (&'a Axis, &'a Arc<Node>)>,
) -> Table {
    let own = table.get(section).and_then(Node::as_table);
    let mut merged = own.cloned().unwrap_or_default();
    let mut over = Table::default();
    for (axis, node) in values {
        match (&axis.path[1..], &node.value) {
            ([], Value::Table(table)) => config::merge(&mut over, table, keys),
            ([], _) => {}
            (path, _) => insert(&mut over, path, node),
        }
    }
    if !over.entries.is_empty() {
        config::lengthen_all(&mut over, keys);
        config::merge(&mut merged, &over, keys);
    }
    merged
}

/// Puts a value at a path, making the tables on the way.
fn insert(table: &mut Table, path: &[String], node: &Node) {
    let (first, rest) = path.split_first().expect("a path has a name");
    if table.entry(first).is_none() {
        table.entries.push(Entry {
            key: first.clone(),
            key_place: node.place.clone(),
            node: Node {
                value: Value::Table(Table::default()),
                place: node.place.clone(),
            },
        });
    }
    let entry = table.entry_mut(first).expect("it has just been made");
    match (&mut entry.node.value, rest) {
        (_, []) => entry.node = node.clone(),
        (Value::Table(inner), rest) => insert(inner, rest, node),
        (_, _) => {}
    }
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
    classes: usize,
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
        if self.configurations.is_empty() && self.problems.is_empty() {
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
        let (training_table, model, data_table) = (training_table?, model?, data_table?);
        let loss = training::loss(&training_table);
        let kind = dataset::kind(loss);
        let seed = seed(variant, block, point);
        let data = self.data(block, point, &data_table, kind, &model, seed, resolved)?;
        self.check_fit(&model, &data, loss);
        let settings = training::settings(
            &training_table,
            data.metrics.clone(),
            data.validated,
            &mut self.problems,
        );
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
        model: &Model,
        seed: u64,
        resolved: &mut Resolved,
    ) -> Option<Arc<Data>> {
        let outputs = *model
            .architecture
            .layers
            .last()
            .expect("there is an output layer");
        let classes = if kind == TargetKind::Classes {
            outputs
        } else {
            0
        };
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
        let (wanted, place) = dataset::request(table, kind, Some(outputs), &mut found);
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

fn output(experiment: &Experiment) -> Output {
    let empty = Table::default();
    let table = experiment
        .root
        .get("output")
        .and_then(Node::as_table)
        .unwrap_or(&empty);
    let reader = Reader::new(table, &OUTPUT);
    Output {
        history_every: reader.whole("history_every"),
        models: match reader.word("models") {
            "none" => Models::None,
            "all" => Models::All,
            _ => Models::Best,
        },
    }
}

/// What is compared with what; each must be there to be compared.
fn compare(
    experiment: &Experiment,
    variants: &[Variant],
    swept: &[String],
    configurations: &[Configuration],
    problems: &mut Problems,
) -> Compare {
    let empty = Table::default();
    let table = experiment
        .root
        .get("compare")
        .and_then(Node::as_table)
        .unwrap_or(&empty);
    let reader = Reader::new(table, &COMPARE);
    let named = variants.iter().any(|variant| !variant.name.is_empty());
    let mut choices: Vec<&str> = swept.iter().map(String::as_str).collect();
    if named {
        choices.insert(0, "variant");
    }
    let by = match reader.node("by") {
        None => choices
            .first()
            .map_or(String::new(), |&first| first.to_owned()),
        Some(node) => {
            let by = node.as_str().expect("the check has seen a text");
            if !choices.contains(&by) {
                let label = match nearest(by, choices.iter().copied()) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None if by == "variant" => "there are no variants".to_owned(),
                    None => "this is not swept".to_owned(),
                };
                let problem = Problem::at(
                    node.place.clone(),
                    format!("`compare.by` cannot be \"{by}\""),
                    label,
                );
                problems.push(if choices.is_empty() {
                    problem.note("there are neither variants nor a sweep: nothing can be compared")
                } else {
                    problem.note(format!("it can be: {}", choices.join(", ")))
                });
            }
            by.to_owned()
        }
    };
    let validated = |configuration: &Configuration| configuration.data[0].valid.is_some();
    let metric = match reader.node("metric") {
        None if configurations.iter().all(validated) => "valid_loss".to_owned(),
        None => "train_loss".to_owned(),
        Some(node) => {
            let name = node.as_str().expect("the check has seen a word");
            let refused = configurations.iter().find_map(|configuration| {
                let metrics = &configuration.settings.metrics;
                training::monitor(name, metrics, validated(configuration)).err()
            });
            if let Some(reason) = refused {
                problems.push(Problem::at(
                    node.place.clone(),
                    format!("`compare.metric` cannot be \"{name}\""),
                    reason,
                ));
            }
            name.to_owned()
        }
    };
    Compare { by, metric }
}
