//! The face of the crate: an experiment, its plan, its results.
//!
//! Everything stands on the same rooms as the program, so that a run has the same bits. Unlike the
//! program it leaves the process as it is: it prints nothing, watches no signal, replaces no panic
//! hook, and trains on threads of its own.

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

/// An experiment that has not been read yet: a file or a text, and values that are laid over it.
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

    /// The experiment that a text says, in TOML. Its relative paths start at the current directory.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self {
            origin: Origin::Text(text.into()),
            values: Vec::new(),
        }
    }

    /// Lays a value over the experiment, as `--set` of the command line does: `key` is a path such
    /// as `training.learning_rate` or `sweep.training.learning_rate`.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<toml::Value>) -> Self {
        self.values.push(format!("{key} = {}", value.into()));
        self
    }

    /// Reads the experiment and its data, and makes of them the runs that would be trained.
    ///
    /// # Errors
    /// All that is wrong with them, together. The error's `Display` shows each problem with its
    /// place in the text; [`Error::Experiment`] has them one by one.
    pub fn plan(&self) -> Result<Plan, Error> {
        let plan = match &self.origin {
            Origin::File(path) => plan::plan(path, &self.values),
            Origin::Text(text) => plan::plan_text(text, &self.values),
        };
        plan.map(Plan)
    }

    /// Plans and trains the experiment with its results in memory.
    ///
    /// # Errors
    /// What is wrong with the experiment, or that its threads cannot be started.
    pub fn run(&self) -> Result<Results, Error> {
        self.plan()?.run(&Training::default())
    }
}

/// What will be trained: every default filled, the sweep expanded into runs.
#[derive(Debug, Clone)]
pub struct Plan(plan::Plan);

/// How a plan is carried out. Nothing of it changes a number.
#[derive(Clone, Copy, Default)]
pub struct Training<'a> {
    /// How many threads train; `None`: one for each core.
    pub threads: Option<NonZero<usize>>,
    /// Called after each epoch of each run, by the thread that trains it, with the run's index in
    /// the plan and the epoch's row. `Break` ends the training; what is finished by then is kept.
    pub observer: Option<&'a EpochObserver<'a>>,
}

/// Sees every epoch of every run.
pub type EpochObserver<'a> = dyn Fn(usize, &EpochRow) -> ControlFlow<()> + Sync + 'a;

impl Plan {
    /// The experiment's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How many runs it has: each configuration's replicates, configuration by configuration.
    pub fn runs(&self) -> usize {
        self.0.runs.len()
    }

    /// Each configuration in a few words: its variant and its swept values.
    pub fn configurations(&self) -> impl Iterator<Item = String> {
        let configurations = self.0.configurations.iter();
        configurations.map(|configuration| configuration.label(&self.0.swept))
    }

    /// What is legal but probably not meant, as `runner check` warns of it.
    pub fn warnings(&self) -> Problems {
        check::warnings(&self.0, Language::English)
    }

    /// The experiment with every default and value written out, as TOML: it has the same results.
    /// Paths in it are relative to `directory`.
    ///
    /// # Errors
    /// If a path in it cannot be written as text.
    pub fn document(&self, directory: impl AsRef<Path>) -> Result<String, Error> {
        self.0.document(directory.as_ref())
    }

    /// Trains every run and leaves no file: the results are in memory. What the experiment's
    /// `output.models` keeps has its parameters there.
    ///
    /// # Errors
    /// If there is no place for the journal of the training, a temporary file.
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

    /// Trains what the store lacks; then, which is rare, the best of each configuration once more
    /// where its model should be kept and is not there.
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

    /// Trains the runs that `directory` lacks, and writes there what the program writes: the CSV
    /// files, the models, the page. Runs that are there already are not trained again. Where the
    /// observer ends the training, the files are those of the runs that are finished by then.
    ///
    /// # Errors
    /// If another program is at work in the directory, or it cannot be read or written.
    pub fn run_in(
        &self,
        directory: impl AsRef<Path>,
        training: &Training<'_>,
    ) -> Result<Results, Error> {
        let plan = &self.0;
        // What the results will say of themselves must be sayable before anything is trained.
        plan.document(directory.as_ref())?;
        let mut store = Store::open(directory.as_ref(), false)?;
        let started = SystemTime::now();
        training.on_threads(|options| {
            begun::note(plan, store.directory())?;
            let sum = self.train(&mut store, training, options)?;
            let judged = write(plan, &store, started, options.jobs, sum)?;
            if !sum.cut_short {
                // No run is under way any more.
                States::of(store.directory()).clear()?;
            }
            let mut results = read(plan, &store)?;
            results.expectations = judged;
            Ok(results)
        })
    }

    /// Reads back what is finished of the plan in a directory of results, also of an interrupted
    /// training: runs whose every number is the plan's. Nothing is trained.
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
    /// What is expected, judged by the tables of a directory; nothing where these are not of exactly the
    /// plan's runs.
    fn judged(&self, directory: &Path) -> Vec<Judgement> {
        let Ok(tables) = report::results::Results::read(directory, Language::English) else {
            return Vec::new(); // No experiment has ended there.
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

/// Writes the result files of what a directory's store holds, and judges what is expected of them.
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
    /// Does `work` on threads of its own.
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

/// Hands every epoch to the observer of a training.
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
    /// The column that runs are compared by: the experiment's `compare.metric`.
    pub metric: String,
    /// Each configuration in a few words, in the order of the plan.
    pub configurations: Vec<String>,
    /// The finished runs, in the order of the plan.
    pub runs: Vec<RunResult>,
    /// How many runs the plan has: more than there are, where the training was interrupted.
    pub planned: usize,
    column: Column,
    /// Whether the metric means the same in every configuration.
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
    /// Which replicate of its configuration it is, from 0.
    pub replicate: u32,
    /// Which fold is its validation part, from 0, where there are folds.
    pub fold: Option<u32>,
    /// The replicate's seed.
    pub seed: u64,
    /// How it ended.
    pub status: Status,
    /// The rows of its history that are kept.
    pub history: Vec<EpochRow>,
    /// The row of the epoch whose network is kept: the last one, or the one that early stopping
    /// restored. `None` if the run diverged or failed.
    pub kept: Option<EpochRow>,
    /// The value of [`Results::metric`] in that row.
    pub value: Option<f64>,
    /// The weights and biases of that epoch, where they were kept.
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
            // NaN stands where there is no value.
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

    /// What `[expect]` of the experiment asks for, judged, in the order of the file. Empty where nothing
    /// is expected; nothing is judged yet where the training is not finished.
    pub fn expectations(&self) -> &[Judgement] {
        &self.expectations
    }

    /// The runs of a configuration.
    pub fn of(&self, configuration: usize) -> impl Iterator<Item = &RunResult> {
        let runs = self.runs.iter();
        runs.filter(move |run| run.configuration == configuration)
    }

    /// The mean of the metric over the runs of a configuration; `None` if one of them has no value,
    /// as a diverged one.
    pub fn mean(&self, configuration: usize) -> Option<f64> {
        let values: Option<Vec<f64>> = self.of(configuration).map(|run| run.value).collect();
        let values = values.filter(|values| !values.is_empty())?;
        Some(values.iter().sum::<f64>() / values.len() as f64)
    }

    /// The configuration with the best mean, the first of equals. `None` if none has a mean, or if
    /// the metric does not mean the same in all of them: losses of different kinds, or values of
    /// different validation data, are not ranked.
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

/// Whether the metric means the same in all configurations.
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
