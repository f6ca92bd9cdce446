//! The cost of runs: counted from their shapes, and measured in a short calibration.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use super::units::LOCKSTEP_PARAMETERS;
use super::{Options, run_all};
use crate::plan::{Configuration, Models, Plan, Run, samples};
use crate::record::Store;
use engine::run::examples::copied;
use engine::types::{BatchSize, EpochRow, MultiplyAdds, Optimizer, Precision};
use problems::Error;

/// The cost of one run, counted from its shapes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// The passes over the training data; the greatest number, since early stopping may end the run
    /// before.
    pub epochs: f64,
    /// The updates of the parameters.
    pub updates: f64,
    /// The multiply-adds of all forward and backward passes, including validation.
    pub multiply_adds: f64,
    /// About how many bytes its rows, journal and models take on the disk.
    pub disk: f64,
}

impl Cost {
    /// The cost of one run.
    pub fn of(plan: &Plan, run: &Run) -> Self {
        let configuration = &plan.configurations[run.configuration];
        let data = configuration.dataset(run);
        let settings = &configuration.settings;
        let samples = data.train.x.nrows();
        let valid = data.valid.as_ref().map_or(0, |valid| valid.x.nrows());
        let architecture = &configuration.architecture;
        let MultiplyAdds { forward, backward } = architecture.multiply_adds();
        let epochs = settings.epochs as f64;
        let batches = samples.div_ceil(settings.batch_size.samples(samples)) as f64;

        let rows = (epochs / plan.output.history_every as f64).ceil();
        let columns = (2 + 2 * settings.metrics.len()) as f64;
        let parameters = architecture.parameters() as f64;
        let width = if settings.precision == Precision::F32 {
            4.0
        } else {
            8.0
        };
        let model = match plan.output.models {
            Models::None => 0.0,
            Models::Best => 2.0 * parameters * width / plan.runs_each().max(1) as f64,
            Models::All => 2.0 * parameters * width,
        };
        Self {
            epochs,
            updates: epochs * batches,
            multiply_adds: epochs
                * (samples as f64 * (forward + backward) as f64 + valid as f64 * forward as f64),
            // A number takes 8 bytes in the journal and about 20 in the table.
            disk: rows * (30.0 + 28.0 * columns) + 400.0 + model,
        }
    }

    /// Adds the cost of another run.
    pub fn add(&mut self, other: &Cost) {
        self.epochs += other.epochs;
        self.updates += other.updates;
        self.multiply_adds += other.multiply_adds;
        self.disk += other.disk;
    }
}

/// About how many bytes of memory the program itself takes.
const PROGRAM: f64 = 1e7;

/// About how much memory training takes, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// The memory of the program and the data, held as soon as the experiment is planned.
    pub held: f64,
    /// The memory of training: for each thread the numbers that a run copies from the data, and its
    /// parameters, gradients and optimizer's state; and the index of all runs.
    pub working: f64,
}

impl Memory {
    /// The sum of both.
    pub fn sum(self) -> f64 {
        self.held + self.working
    }
}

/// The memory that the training of `runs` on `jobs` threads takes.
pub fn memory(plan: &Plan, runs: &[usize], jobs: usize) -> Memory {
    let mut datasets = HashMap::new();
    let mut working: f64 = 0.0;
    let mut trained = vec![false; plan.configurations.len()];
    for &index in runs {
        trained[plan.runs[index].configuration] = true;
    }
    for (configuration, trained) in plan.configurations.iter().zip(trained) {
        let settings = &configuration.settings;
        let parameters = configuration.architecture.parameters();
        let width = match settings.precision {
            Precision::F32 => 4.0,
            Precision::F64 => 8.0,
        };
        // A run's own copy of the data; in lockstep a small run has a copy of all of it beside the
        // others.
        let mut largest: f64 = 0.0;
        for data in configuration.data.iter() {
            let (mut held, mut own) = (0, 0.0);
            for part in std::iter::once(&data.train).chain(&data.valid) {
                held += part.x.bytes() + part.y.bytes();
                own += if parameters <= LOCKSTEP_PARAMETERS {
                    width * (part.x.len() + part.y.len()) as f64
                } else {
                    copied(samples(part), settings.precision) as f64
                };
            }
            if let Some(test) = &data.test {
                held += test.open().x.bytes() + test.open().y.bytes();
            }
            datasets.insert(data.digest(), held as f64);
            largest = largest.max(own);
        }
        let state = match settings.optimizer {
            Optimizer::Sgd(_) => 3.0,
            _ => 5.0,
        };
        let own = largest + width * parameters as f64 * state + history(plan, settings.epochs);
        if trained {
            working = working.max(own);
        }
    }
    let index = 100.0 * plan.runs.len() as f64 + 500.0 * plan.configurations.len() as f64;
    Memory {
        held: PROGRAM + datasets.values().sum::<f64>(),
        working: working * jobs.min(runs.len()) as f64 + index,
    }
}

/// The bytes of the rows that a run keeps in memory until it ends.
fn history(plan: &Plan, epochs: u64) -> f64 {
    (epochs / plan.output.history_every) as f64 * size_of::<EpochRow>() as f64
}

/// Refuses to train these `runs` if the machine has too little memory, or too little of it is free.
/// The check comes before any of it is taken.
///
/// # Errors
/// If there is too little memory; the message says how much is needed, how much there is, and what
/// would need less.
pub fn refuse_too_large(plan: &Plan, runs: &[usize], jobs: usize) -> Result<(), Error> {
    let needed = memory(plan, runs, jobs);
    let machine = ::memory::Memory::now();
    let bytes = |of: Option<u64>| of.map_or(f64::INFINITY, |bytes| bytes as f64);
    let (total, free) = (bytes(machine.total), bytes(machine.free));
    let fits = |memory: Memory| memory.sum() <= total && memory.working <= free;
    if fits(needed) {
        return Ok(());
    }
    let size = |bytes: f64| data::memory::size(bytes as u128);
    let alone = memory(plan, runs, 1);
    let rows = runs
        .iter()
        .map(|&index| &plan.configurations[plan.runs[index].configuration]);
    let rows = rows
        .map(|c| history(plan, c.settings.epochs))
        .fold(0.0, f64::max);
    let way_out = if rows > total.min(free) / 2.0 {
        "keep fewer rows with output.history_every".to_owned()
    } else if fits(alone) && jobs > 1 {
        let less = if needed.sum() > total {
            alone.sum()
        } else {
            alone.working
        };
        format!("with --jobs 1 it needs about {}", size(less))
    } else {
        "take fewer nodes or samples, or precision = \"f32\"".to_owned()
    };
    let what = format!("training {} on {jobs} threads needs about", plan.name);
    Err(Error::Other(if needed.sum() > total {
        format!(
            "{what} {} of memory, but this machine has {}: {way_out}",
            size(needed.sum()),
            size(total)
        )
    } else {
        format!(
            "{what} {} of memory beside the data, but only {} are free: {way_out}, or end other programs",
            size(needed.working),
            size(free)
        )
    }))
}

/// The runs of each thread that are measured at once.
const SAMPLE: usize = 16;
/// The shortest measurement that is accurate enough, in seconds.
const SHORTEST: f64 = 0.03;
/// The most groups of similar runs that are measured; the cost of other groups follows from their
/// multiply-adds.
const GROUPS: usize = 6;

/// The seconds that the training of these runs takes on `jobs` threads. Runs with the same speed
/// form a group, and some runs of each group are trained for a few epochs.
///
/// # Errors
/// If the temporary directory cannot be written.
pub fn seconds(plan: &Plan, runs: &[usize], jobs: usize, stop: &AtomicBool) -> Result<f64, Error> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for &index in runs {
        let run = &plan.runs[index];
        let group = kind(&plan.configurations[run.configuration], run);
        groups.entry(group).or_default().push(index);
    }
    let work = |indices: &[usize]| -> f64 {
        let cost = |&index: &usize| Cost::of(plan, &plan.runs[index]).multiply_adds;
        indices.iter().map(cost).sum()
    };
    let mut groups: Vec<(f64, Vec<usize>)> = groups
        .into_values()
        .map(|indices| (work(&indices), indices))
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1[0].cmp(&b.1[0])));
    let (mut seconds, mut measured) = (0.0, 0.0);
    for (work, indices) in groups.iter().take(GROUPS) {
        let epochs: f64 = indices
            .iter()
            .map(|&index| {
                plan.configurations[plan.runs[index].configuration]
                    .settings
                    .epochs as f64
            })
            .sum();
        seconds += epochs * seconds_per_epoch(plan, indices, jobs, stop)?;
        measured += work;
    }
    let rest: f64 = groups.iter().skip(GROUPS).map(|(work, _)| work).sum();
    Ok(seconds
        + if measured > 0.0 {
            rest * seconds / measured
        } else {
            0.0
        })
}

/// A text of all that the speed of a run depends on.
pub(super) fn kind(configuration: &Configuration, run: &Run) -> String {
    let settings = &configuration.settings;
    let optimizer = std::mem::discriminant(&settings.optimizer);
    let batch = match settings.batch_size {
        BatchSize::Samples(size) => size,
        BatchSize::Full => usize::MAX,
    };
    format!(
        "{:?} {:?} {:?} {optimizer:?} {batch} {}",
        configuration.architecture,
        settings.precision,
        settings.loss,
        configuration.dataset(run).train.x.nrows(),
    )
}

/// The wall time of an epoch of one of these runs while all threads are working.
fn seconds_per_epoch(
    plan: &Plan,
    indices: &[usize],
    jobs: usize,
    stop: &AtomicBool,
) -> Result<f64, Error> {
    let sample = &indices[..indices.len().min(SAMPLE * jobs)];
    let most = |&index: &usize| {
        plan.configurations[plan.runs[index].configuration]
            .settings
            .epochs
    };
    let most = sample.iter().map(most).min().unwrap_or(1);
    let mut epochs = 1;
    loop {
        let time = measure(&shortened(plan, sample, epochs), jobs, stop)?;
        if time >= SHORTEST || epochs >= most {
            return Ok(time / (epochs as f64 * sample.len() as f64));
        }
        let factor = (1.5 * SHORTEST / time.max(1e-6)).clamp(2.0, 1e3);
        epochs = ((epochs as f64 * factor) as u64).min(most);
    }
}

/// The plan of these runs alone, with `epochs` epochs, which keeps nothing.
fn shortened(plan: &Plan, indices: &[usize], epochs: u64) -> Plan {
    let mut short = plan.clone();
    short.output.models = Models::None;
    short.runs.clear();
    short.configurations.clear();
    for &index in indices {
        let mut run = plan.runs[index].clone();
        let mut configuration = plan.configurations[run.configuration].clone();
        configuration.settings.epochs = epochs;
        run.configuration = short.configurations.len();
        short.configurations.push(configuration);
        short.runs.push(run);
    }
    short
}

fn measure(plan: &Plan, jobs: usize, stop: &AtomicBool) -> Result<f64, Error> {
    let place = tempfile::Builder::new()
        .prefix("runner-plan-")
        .tempdir()
        .map_err(Error::file("cannot make", &std::env::temp_dir()))?;
    let mut store = Store::open(place.path(), false)?;
    let options = Options {
        jobs,
        fail_fast: false,
    };
    let all: Vec<usize> = (0..plan.runs.len()).collect();
    let summary = run_all(plan, &all, &mut store, options, &(), stop)?;
    Ok(summary.seconds)
}
