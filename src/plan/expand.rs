//! The expansion of an experiment: variants × sweep → configurations → runs.
//!
//! Sections that no axis changes are resolved once for each variant. `[data]`, `[model]` and
//! `[training]` are resolved separately, so that a point of the sweep costs only what it changes.

use std::collections::HashSet;
use std::sync::Arc;

use super::compare::{bridge, compare, output};
use super::dataset::{self, Library};
use super::expansion::Expansion;
use super::key;
use super::layers::{Variant, variants};
use super::partial;
use super::read::Reader;
use super::resolve::{Resolved, Site};
use super::sweep::{self, Point};
use super::{Configuration, Plan, Run, Vary, expect, held, training};
use crate::config::{
    self, Block, EXPERIMENT, Experiment, Fallback, Mode, Table, Target, Value, Varied,
};
use numbers::random::replicate_seed;
use problems::{Error, Problem, Problems, nearest};

/// The number of problems after which the search for more ends.
const ENOUGH_PROBLEMS: usize = 50;

/// The most runs of one experiment.
const MOST_RUNS: usize = 10_000_000;

/// Makes the plan of the experiment that `load` reads; see [`super::plan`].
pub fn plan(load: impl FnOnce(&mut Problems) -> Result<Experiment, Error>) -> Result<Plan, Error> {
    let mut problems = Problems::new();
    let mut experiment = load(&mut problems)?;
    let blocks = experiment.sweep(&mut problems);
    let mut variants = variants(&experiment);
    // After a mistake, the independent parts are still checked.
    let (broken, blocks) = if problems.is_empty() {
        (Vec::new(), blocks)
    } else {
        partial::sound(&mut experiment, &mut variants, blocks, &mut problems)
    };
    let root = Reader::new(&experiment.root, &EXPERIMENT);
    let varied: Vec<Varied> = root.choices("vary");
    let varies = |what| varied.contains(&what);
    let replicates = u32::try_from(root.whole("replicates")).unwrap_or(u32::MAX);
    let folds = held::folds(&experiment);
    held::check_vary(&experiment, &mut problems);
    let mut expansion = Expansion {
        experiment: &experiment,
        swept: swept(&blocks),
        vary: Vary {
            data: varies(Varied::Data),
            split: varies(Varied::Split),
            init: varies(Varied::Init),
            shuffle: varies(Varied::Shuffle),
        },
        seed: root.whole("seed"),
        replicates,
        folds,
        library: Library::default(),
        fitted: HashSet::new(),
        broken,
        configurations: Vec::new(),
        runs: Vec::new(),
        problems,
    };
    expansion.expand(&variants, &blocks);
    let Expansion {
        seed,
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
    if problems.is_empty() {
        held::check_test(&experiment, &configurations, &swept, &mut problems);
    }
    problems.sort();
    problems.into_result(())?;
    let name = match experiment.root.get("name") {
        Some(node) => node.value.plain(),
        None => experiment.stem.clone(),
    };
    let mut plan = Plan {
        name,
        description: Reader::new(&experiment.root, &EXPERIMENT)
            .word("description")
            .to_owned(),
        seed,
        vary,
        replicates,
        folds,
        swept,
        configurations,
        runs,
        compare,
        output,
        experiment,
    };
    if let Some(metric) = bridge(&plan) {
        plan.compare.metric = metric;
    }
    let mut problems = Problems::new();
    expect::check(&plan, &mut problems);
    problems.sort();
    problems.into_result(plan)
}

/// The swept keys of all blocks in the order of the file, each of them once.
fn swept(blocks: &[Block]) -> Vec<String> {
    let mut swept: Vec<String> = Vec::new();
    for axis in blocks.iter().flat_map(|block| &block.axes) {
        if !swept.contains(&axis.name) {
            swept.push(axis.name.clone());
        }
    }
    swept
}

impl Expansion<'_> {
    fn expand(&mut self, variants: &[Variant], blocks: &[Block]) {
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
                    self.seed,
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
        let folds = u128::from(self.folds.unwrap_or(1));
        let runs = points.len() as u128 * u128::from(self.replicates) * folds;
        if runs + self.runs.len() as u128 > MOST_RUNS as u128 {
            self.problems.push(self.too_many(block));
            return;
        }
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
            let site = Site {
                variant,
                block,
                point,
            };
            self.add_point(site, &columns, &mut resolved, seen);
        }
    }

    fn too_many(&self, block: &Block) -> Problem {
        let place = self.experiment.root.entry("replicates");
        let place = place.map_or(&block.place, |entry| &entry.key_place);
        Problem::at(
            place.clone(),
            format!("the experiment has more than {MOST_RUNS} runs"),
            "sweep less, or take fewer replicates or folds",
        )
    }

    fn add_point(
        &mut self,
        site: Site<'_>,
        columns: &[Column],
        resolved: &mut Resolved,
        seen: &mut HashSet<super::RunKey>,
    ) -> Option<()> {
        let Site {
            variant,
            block: _,
            point,
        } = site;
        // All three are resolved first, so that the problems of each are reported together.
        let data_table = self.data_table(site, resolved);
        let model = self.model(site, resolved);
        let training_table = self.training(site, resolved);
        let loss = match &training_table {
            Some(table) => training::loss(table),
            None => training::likely_loss(&variant.table)?,
        };
        let kind = dataset::kind(loss);
        let seed = seed(site);
        let data = data_table.and_then(|table| {
            let layers = model.as_ref().map(|model| &model.architecture.layers);
            let outputs = layers.and_then(|layers| layers.last().copied());
            self.data(site, &table, (kind, outputs), seed, resolved)
        });
        if let (Some(model), Some(data)) = (&model, &data) {
            self.check_fit(model, data, loss);
        }
        let settings = match (&training_table, &data) {
            (Some(table), Some(data)) => Some(training::settings(
                table,
                &data.datasets,
                &mut self.problems,
            )),
            _ => None,
        };
        let (mut settings, model, data) = (settings?, model?, data?);
        settings.dropout.clone_from(&model.dropout);
        let settings_digest = key::settings(&settings);
        let configuration = self.configurations.len();
        let folds = self.folds;
        let folds_of = move |replicate| {
            (0..folds.unwrap_or(1)).map(move |fold| (replicate, folds.map(|_| fold)))
        };
        for (number, (replicate, fold)) in (0..self.replicates).flat_map(folds_of).enumerate() {
            let own = replicate_seed(seed, replicate);
            let mut run = Run {
                configuration,
                replicate,
                fold,
                dataset: data.place(number),
                seed: own,
                init_seed: if self.vary.init { own } else { seed },
                shuffle_seed: if self.vary.shuffle { own } else { seed },
                key: super::RunKey([0; 16]),
            };
            let dataset = &data.digests[run.dataset];
            run.key = key::key(&model.digest, &settings_digest, dataset, folds, &run);
            if number == 0 && !seen.insert(run.key) {
                return None; // This point was reached before.
            }
            self.runs.push(run);
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
            sampling: data.sampling,
            architecture: Arc::clone(&model.architecture),
            init: Arc::clone(&model.init),
            settings,
        });
        Some(())
    }
}

/// The source of a value in a column of `runs.csv`.
enum Column {
    /// An axis of the block.
    Swept(usize),
    /// The variant's file, since only another block sweeps the key.
    Fixed(String),
}

/// The value in the file for a key that this block does not sweep.
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

/// The seed of a point: the swept one, the variant's, or the experiment's.
fn seed(site: Site<'_>) -> u64 {
    let mut axes = site.block.axes.iter().zip(site.point);
    match axes
        .find(|(axis, _)| axis.name == "seed")
        .map(|(_, node)| &node.value)
    {
        Some(Value::Integer(seed)) => u64::try_from(*seed).expect("the check has seen it"),
        _ => Reader::new(&site.variant.table, &EXPERIMENT).whole("seed"),
    }
}
