//! The public interface of the crate: an experiment, its plan, its results.
//!
//! It uses the same modules as the program, so that a run has the same bits. Unlike the program it
//! leaves the process as it is: it prints nothing, watches no signal, replaces no panic hook, and
//! trains on threads of its own.

use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::digest::hexadecimal;
use crate::execute::{self, Observer, Summary};
use crate::language::Language;
use crate::likeness::{Column, Quantity, Side};
use crate::plan::{self, check};
use crate::record::keeping::without_model;
use crate::record::manifest::{Execution, drawing_of};
use crate::record::unfinished::States;
use crate::record::{self, RunRecord, Status, Store, begun, summary};
use crate::report;
use crate::report::expectations::{self, Judgement};
use crate::writing::write_all;
use engine::types::{EpochRow, Parameters};
use problems::{Error, Problems};

/// An experiment before it is read: a file or a text, and values that override its keys.
#[derive(Debug, Clone)]
pub struct Experiment {
    origin: Origin,
    values: Vec<String>,
}

#[derive(Debug, Clone)]
enum Origin {
    File(PathBuf),
    Text(String),
}

impl Experiment {
    /// The experiment in a file.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        Self {
            origin: Origin::File(path.into()),
            values: Vec::new(),
        }
    }

    /// The experiment in a TOML text. Its relative paths start at the current directory.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            origin: Origin::Text(text.into()),
            values: Vec::new(),
        }
    }

    /// Overrides a key of the experiment, as `--set` on the command line does. `key` is a path such
    /// as `training.learning_rate` or `sweep.training.learning_rate`.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<toml::Value>) -> Self {
        self.values.push(format!("{key} = {}", value.into()));
        self
    }

    /// Reads the experiment and its data, and makes the plan of its runs.
    ///
    /// # Errors
    /// All mistakes of the experiment and its data, together. The error's `Display` shows each
    /// problem with its place in the text; [`Error::Experiment`] has them one by one.
    pub fn plan(&self) -> Result<Plan, Error> {
        let plan = match &self.origin {
            Origin::File(path) => plan::plan(path, &self.values),
            Origin::Text(text) => plan::plan_text(text, &self.values),
        };
        plan.map(Plan)
    }

    /// Plans and trains the experiment, with its results in memory.
    ///
    /// # Errors
    /// The mistakes of the experiment, or the reason why its threads cannot be started.
    pub fn run(&self) -> Result<Results, Error> {
        self.plan()?.run(&Training::default())
    }
}

/// The runs to be trained, with every default filled in and the sweep expanded.
#[derive(Debug, Clone)]
pub struct Plan(plan::Plan);

/// The options of a training. None of them changes a number.
#[derive(Clone, Copy, Default)]
pub struct Training<'a> {
    /// The number of threads; `None` for one per core.
    pub threads: Option<NonZero<usize>>,
    /// Called after each epoch of each run, by the thread that trains it, with the run's index in
    /// the plan and the epoch's row. `Break` ends the training; runs that have finished by then are
    /// kept.
    pub observer: Option<&'a EpochObserver<'a>>,
}

/// A function that receives every epoch of every run.
pub type EpochObserver<'a> = dyn Fn(usize, &EpochRow) -> ControlFlow<()> + Sync + 'a;

impl Plan {
    /// The experiment's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The number of runs: the replicates of each configuration, one configuration after the other.
    pub fn runs(&self) -> usize {
        self.0.runs.len()
    }

    /// The name of each configuration in a few words: its variant and its swept values.
    pub fn configurations(&self) -> impl Iterator<Item = String> {
        let configurations = self.0.configurations.iter();
        configurations.map(|configuration| configuration.label(&self.0.swept))
    }

    /// The warnings of `runner check`: settings that are legal but probably not meant.
    pub fn warnings(&self) -> Problems {
        check::warnings(&self.0, Language::English)
    }

    /// The experiment as TOML with every default and value written out, which has the same results.
    /// Paths in it are relative to `directory`.
    ///
    /// # Errors
    /// If a path in it cannot be written as text.
    pub fn document(&self, directory: impl AsRef<Path>) -> Result<String, Error> {
        self.0.document(directory.as_ref())
    }

    /// Trains every run without leaving a file: the results are in memory. Runs whose models are
    /// kept by the experiment's `output.models` have their parameters there.
    ///
    /// # Errors
    /// If the journal of the training, a temporary file, cannot be made.
    pub fn run(&self, training: &Training<'_>) -> Result<Results, Error> {
        let place = std::env::temp_dir();
        let directory = tempfile::Builder::new()
            .prefix("runner-")
            .tempdir_in(&place)
            .map_err(Error::file("cannot make", &place))?;
        let mut store = Store::open(directory.path(), false)?;
        training.on_threads(|options| {
            let sum = self.train(&mut store, training, options)?;
            let mut results = read(&self.0, &store)?;
            if !sum.cut_short && !self.0.expectations().is_empty() {
                record::results::write(&self.0, &store, &[])?;
                results.expectations = expectations::read(store.directory(), Language::English)?;
            }
            Ok(results)
        })
    }

    /// Trains the runs that the store lacks. Then, in rare cases, trains the best run of each
    /// configuration again, if its model should be kept and is missing.
    fn train(
        &self,
        store: &mut Store,
        training: &Training<'_>,
        options: execute::Options,
    ) -> Result<Summary, Error> {
        let plan = &self.0;
        let train = |runs: &[usize], store: &mut Store| {
            let stop = AtomicBool::new(false);
            execute::run_all(plan, runs, store, options, &Watch(training), &stop)
        };
        let missing = store.missing(plan, |_| true);
        let mut sum = train(&missing, store)?;
        if !sum.cut_short {
            let more = train(&without_model(plan, store, |_| true)?, store)?;
            sum.trained += more.trained;
            sum.seconds += more.seconds;
            sum.cut_short = more.cut_short;
        }
        Ok(sum)
    }

    /// Trains the runs that `directory` lacks, and writes the files of the program there: the CSV
    /// files, the models, the page. Existing runs are not trained again. If the observer ends the
    /// training, the files have the runs that finished by then.
    ///
    /// # Errors
    /// If another program is writing to the directory, or it cannot be read or written.
    pub fn run_in(
        &self,
        directory: impl AsRef<Path>,
        training: &Training<'_>,
    ) -> Result<Results, Error> {
        let plan = &self.0;
        // The document of the results must be writable before anything is trained.
        plan.document(directory.as_ref())?;
        let mut store = Store::open(directory.as_ref(), false)?;
        let started = SystemTime::now();
        training.on_threads(|options| {
            begun::note(plan, store.directory())?;
            let sum = self.train(&mut store, training, options)?;
            let judged = write(plan, &store, started, options.jobs, sum)?;
            if !sum.cut_short {
                // All runs have ended.
                States::of(store.directory()).clear()?;
            }
            let mut results = read(plan, &store)?;
            results.expectations = judged;
            Ok(results)
        })
    }

    /// Reads the finished runs of the plan from a directory of results, even after an interrupted
    /// training. A run is only read if all its settings are those of the plan. Nothing is trained.
    ///
    /// # Errors
    /// If the directory has no results, or they cannot be read.
    pub fn read(&self, directory: impl AsRef<Path>) -> Result<Results, Error> {
        let directory = directory.as_ref();
        match Store::peek(directory)? {
            Some(store) => {
                let mut results = read(&self.0, &store)?;
                results.expectations = self.judged(directory);
                Ok(results)
            }
            None => Err(Error::Other(format!(
                "{} holds no results: it has no journal",
                directory.display()
            ))),
        }
    }
}

impl Plan {
    /// The judgements of the expectations, by the tables of a directory; empty unless these have
    /// exactly the runs of the plan.
    fn judged(&self, directory: &Path) -> Vec<Judgement> {
        let Ok(tables) = report::results::Results::read(directory, Language::English) else {
            return Vec::new(); // No experiment has ended in this directory.
        };
        let keys = self.0.runs.iter().map(|run| run.key.to_string());
        let are_these = tables
            .runs
            .iter()
            .map(|run| &run.key)
            .eq(&keys.collect::<Vec<_>>());
        match are_these {
            true => expectations::judge_alone(&tables),
            false => Vec::new(),
        }
    }
}

/// Writes the result files from a directory's store, and judges the expectations.
fn write(
    plan: &plan::Plan,
    store: &Store,
    started: SystemTime,
    jobs: usize,
    sum: Summary,
) -> Result<Vec<Judgement>, Error> {
    let execution = Execution {
        started,
        command: Vec::new(),
        jobs,
        trained: sum.trained,
        train_seconds: sum.seconds,
        shard: None,
        language: Language::English,
        drawing: drawing_of(store.directory()),
    };
    write_all(plan, store, &execution).map(|written| written.expectations)
}

/// The runs of the plan that the store has.
fn read(plan: &plan::Plan, store: &Store) -> Result<Results, Error> {
    let mut runs = Vec::new();
    for (index, run) in plan.runs.iter().enumerate() {
        if let Some(record) = store.read(&run.key)? {
            runs.push(RunResult::new(plan, index, record));
        }
    }
    Ok(Results::new(plan, runs))
}

impl Training<'_> {
    /// Does `work` on threads of its own pool.
    fn on_threads<T: Send>(
        &self,
        work: impl FnOnce(execute::Options) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
        let jobs = self.threads.map_or_else(cores, NonZero::get);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool =
            pool.map_err(|cause| Error::Other(format!("cannot start {jobs} threads: {cause}")))?;
        pool.install(|| {
            work(execute::Options {
                jobs,
                fail_fast: false,
            })
        })
    }
}

/// Passes every epoch to the observer of a training.
struct Watch<'a>(&'a Training<'a>);

impl Observer for Watch<'_> {
    fn epoch(&self, run: usize, row: &EpochRow) -> ControlFlow<()> {
        match self.0.observer {
            Some(observer) => observer(run, row),
            None => ControlFlow::Continue(()),
        }
    }
}

/// The finished runs of a plan.
#[derive(Debug, Clone)]
pub struct Results {
    /// The column by which runs are compared: the experiment's `compare.metric`.
    pub metric: String,
    /// The name of each configuration in a few words, in the order of the plan.
    pub configurations: Vec<String>,
    /// The finished runs, in the order of the plan.
    pub runs: Vec<RunResult>,
    /// The number of runs in the plan; it is greater than that of `runs` if the training was
    /// interrupted.
    pub planned: usize,
    column: Column,
    /// Whether the metric has the same meaning in every configuration.
    comparable: bool,
    expectations: Vec<Judgement>,
}

/// One finished run.
#[derive(Debug, Clone)]
pub struct RunResult {
    /// The run's index in the plan, as in `runs.csv`.
    pub run: usize,
    /// The index of its configuration in [`Results::configurations`].
    pub configuration: usize,
    /// The number of the replicate in its configuration, from 0.
    pub replicate: u32,
    /// The number of the fold that is its validation part, from 0, if there are folds.
    pub fold: Option<u32>,
    /// The replicate's seed.
    pub seed: u64,
    /// How the run ended.
    pub status: Status,
    /// The kept rows of its history.
    pub history: Vec<EpochRow>,
    /// The row of the epoch whose network is kept: the last one, or the one that early stopping
    /// restored. `None` if the run diverged or failed.
    pub kept: Option<EpochRow>,
    /// The value of [`Results::metric`] in that row.
    pub value: Option<f64>,
    /// The weights and biases of that epoch, if they were kept.
    pub parameters: Option<Parameters>,
}

impl RunResult {
    fn new(plan: &plan::Plan, index: usize, record: RunRecord) -> Self {
        let run = &plan.runs[index];
        Self {
            run: index,
            configuration: run.configuration,
            replicate: run.replicate,
            fold: run.fold,
            seed: run.seed,
            value: summary::result(plan, index, &record.head),
            kept: record.head.kept().copied(),
            status: record.head.status,
            history: record.history,
            parameters: record.model.map(|(_, parameters)| parameters),
        }
    }

    /// The SHA-256 of every bit of the run in hexadecimal: its status, history and parameters. It is
    /// the same on every machine and with any number of threads.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.hash(&mut hash);
        hexadecimal(&hash.finalize())
    }

    fn hash(&self, hash: &mut Sha256) {
        hash.update(self.status.word());
        for row in &self.history {
            for whole in [row.epoch, row.updates, row.samples] {
                hash.update(whole.to_le_bytes());
            }
            let valid_loss = row.valid_loss.unwrap_or(f64::NAN);
            let values = [row.learning_rate, row.train_loss, valid_loss];
            let metrics = row.train_metrics.iter().chain(&row.valid_metrics);
            // NaN stands for a missing value.
            for value in values.iter().chain(metrics).filter(|value| !value.is_nan()) {
                hash.update(value.to_le_bytes());
            }
        }
        for value in self.parameters.iter().flat_map(|p| p.slices().flatten()) {
            hash.update(value.to_le_bytes());
        }
    }
}

impl Results {
    fn new(plan: &plan::Plan, runs: Vec<RunResult>) -> Self {
        let configurations = plan.configurations.iter();
        Self {
            metric: plan.compare.metric.name().to_owned(),
            column: plan.compare.metric,
            configurations: configurations.map(|c| c.label(&plan.swept)).collect(),
            runs,
            planned: plan.runs.len(),
            comparable: comparable(plan),
            expectations: Vec::new(),
        }
    }

    /// The judgements of the experiment's `[expect]`, in the order of the file. Empty if there are
    /// no expectations; nothing is judged before the training is finished.
    pub fn expectations(&self) -> &[Judgement] {
        &self.expectations
    }

    /// The runs of a configuration.
    pub fn of(&self, configuration: usize) -> impl Iterator<Item = &RunResult> {
        let runs = self.runs.iter();
        runs.filter(move |run| run.configuration == configuration)
    }

    /// The mean of the metric over the runs of a configuration; `None` if one of them has no value,
    /// for example because it diverged.
    pub fn mean(&self, configuration: usize) -> Option<f64> {
        let values: Option<Vec<f64>> = self.of(configuration).map(|run| run.value).collect();
        let values = values.filter(|values| !values.is_empty())?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    }

    /// The configuration with the best mean, the first of equal ones. `None` if none has a mean, or
    /// if the metric has different meanings in the configurations: losses of different kinds, or
    /// values of different validation data, are not ranked.
    pub fn best(&self) -> Option<usize> {
        let means = (0..self.configurations.len()).filter_map(|c| Some((c, self.mean(c)?)));
        let best = means.reduce(|best, other| {
            let better = self.column.is_better(other.1, best.1);
            if better { other } else { best }
        });
        best.filter(|_| self.comparable).map(|(best, _)| best)
    }

    /// The SHA-256 of every bit of every run in hexadecimal; see [`RunResult::digest`].
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        self.runs.iter().for_each(|run| run.hash(&mut hash));
        hexadecimal(&hash.finalize())
    }
}

/// Whether the metric has the same meaning in all configurations.
fn comparable(plan: &plan::Plan) -> bool {
    let mut configurations = plan.configurations.iter();
    let Some(first) = configurations.next() else {
        return true;
    };
    let metric = plan.compare.metric.name();
    let is_loss = Quantity::of(metric) == Quantity::Loss;
    let side = Side::of(metric);
    configurations.all(|other| {
        let scale = |one: &plan::Configuration| {
            let scaling = one.data[0].preparation.target_scaling.clone();
            (
                one.settings.loss,
                one.settings.class_weights.clone(),
                scaling,
            )
        };
        let loss = !is_loss || scale(other) == scale(first);
        let data = side.is_none_or(|side| other.part(side) == first.part(side));
        loss && data
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn experiment() -> Experiment {
        Experiment::from_text(
            "replicates = 2
             data = { source = \"xor\", samples = 60, validation = 0.5 }
             model = { layers = [2, 3, 1] }
             training = { epochs = 4, learning_rate = 0.1 }
             output = { models = \"all\" }",
        )
        .set("sweep.training.learning_rate", vec![0.01, 0.1])
    }

    #[test]
    fn a_directory_holds_the_bits_of_the_results_in_memory_on_any_number_of_threads() {
        let plan = experiment().plan().expect("it is sound");
        let memory = plan.run(&Training::default()).expect("it trains");
        let directory = tempfile::tempdir().expect("a place for files");
        let one = Training {
            threads: NonZero::new(1),
            ..Training::default()
        };
        let written = plan.run_in(directory.path(), &one).expect("it trains");
        let read = plan.read(directory.path()).expect("it is there");
        assert_eq!(memory.runs.len(), 4);
        for other in [&written, &read] {
            assert_eq!(other.digest(), memory.digest());
            assert_eq!(other.best(), memory.best());
        }
        for name in ["runs.csv", "history.csv", "manifest.json", "report.html"] {
            assert!(directory.path().join(name).is_file(), "{name}");
        }
        let again = plan.run_in(directory.path(), &Training::default());
        assert_eq!(again.expect("nothing is missing").digest(), memory.digest());
    }

    #[test]
    fn a_value_that_differs_in_a_bit_has_another_digest() {
        let mut results = experiment().run().expect("it trains");
        let before = results.digest();
        let loss = &mut results.runs[3].history[2].train_loss;
        *loss = f64::from_bits(loss.to_bits() ^ 1);
        assert_ne!(results.digest(), before);
    }

    #[test]
    fn an_observer_ends_the_training_and_what_is_finished_is_kept() {
        let plan = experiment().plan().expect("it is sound");
        let stop = |_: usize, row: &EpochRow| match row.epoch {
            1 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        };
        let training = Training {
            observer: Some(&stop),
            ..Training::default()
        };
        let results = plan.run(&training).expect("it begins");
        assert_eq!(results.runs.len(), 0);
        assert_eq!(results.best(), None);
    }

    #[test]
    fn losses_of_different_kinds_are_ranked_by_a_metric_and_different_samples_by_none() {
        let kinds = experiment().set("sweep.training.loss", vec!["mse", "mae"]);
        let results = kinds.run().expect("it trains");
        assert_eq!(results.metric, "valid_accuracy");
        assert!(results.best().is_some());
        let samples = experiment().set("sweep.data.samples", vec![60, 80]);
        let results = samples.run().expect("it trains");
        assert!(results.mean(0).is_some());
        assert_eq!(results.best(), None);
        assert!(experiment().run().expect("it trains").best().is_some());
    }
}
