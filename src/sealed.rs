//! The opened test part: the evaluation of one configuration's networks on samples that were not
//! used before.
//!
//! Every run's network is evaluated on all samples of the part. There are two intervals: the one
//! over runs shows the influence of the seed (and the fold), the one over samples shows the
//! influence of the choice of test samples. `test.csv` has a row per run, then the figures of all
//! runs.

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::baseline::Constant;
use crate::plan::{Plan, RunKey};
use crate::record::Store;
use crate::record::numbers::{put_count, put_float, put_optional, put_text};
use choices::Choice;
use data::Samples;
use engine::predict::{evaluate, predict};
use engine::types::{Measures, Metric, Parameters, Settings};
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, substream};
use problems::Error;
use statistics::description::describe_as;
use statistics::design::Design;
use statistics::proportion::{middle, wilson};

/// The resampled test parts for an interval over samples.
const RESAMPLES: u64 = 1_000;

/// The results of a configuration's networks on the test part.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The number of the configuration in the plan.
    pub configuration: usize,
    /// The number of samples in the test part.
    pub samples: usize,
    /// The columns: `test_loss`, then the metrics.
    pub columns: Vec<String>,
    /// The configuration's runs, in the order of the plan.
    pub runs: Vec<TestedRun>,
    /// The figures of all runs, for each column.
    pub figures: Vec<Figures>,
}

/// The results of one run's network on the test part.
#[derive(Debug, Clone, PartialEq)]
pub struct TestedRun {
    /// The index of the run in [`Plan::runs`].
    pub run: usize,
    /// How the run ended, as in `runs.csv`.
    pub status: String,
    /// A value for each column; `None` for a lost run, or if the value is undefined.
    pub values: Vec<Option<f64>>,
}

/// The figures of all runs in one column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// The mean over the runs that have a value.
    pub mean: Option<f64>,
    /// The mean's 95 % interval over the runs.
    pub over_runs: Option<(f64, f64)>,
    /// The mean's 95 % interval over the samples.
    pub over_samples: Option<(f64, f64)>,
    /// The value of the constant answer.
    pub always: Option<f64>,
    /// The constant answer in words.
    pub said: String,
}

/// A run of the configuration: its index in the plan, its status, and its network if it has one.
pub type Network = (usize, String, Option<Parameters>);

/// Evaluates the networks of a configuration on its test part; `networks` are all its runs, in
/// order.
///
/// # Panics
/// If the configuration has no test part.
pub fn open(plan: &Plan, configuration: usize, networks: &[Network]) -> Opened {
    let of = &plan.configurations[configuration];
    let settings = &of.settings;
    let tested: Vec<Option<Tested<'_>>> = networks
        .iter()
        .map(|(run, _, parameters)| {
            let dataset = of.dataset(&plan.runs[*run]);
            let sealed = dataset.test.as_ref();
            let samples = sealed.expect("the caller has seen a test part").open();
            let parameters = parameters.as_ref()?;
            let precision = settings.precision;
            Some(Tested {
                outputs: predict(&of.architecture, parameters, precision, &samples.x),
                samples,
                settings,
                class_weights: settings
                    .class_weights
                    .resolve(dataset.train.y.iter(), dataset.outputs()),
                units: dataset.target_units(),
            })
        })
        .collect();
    let runs = networks.iter().zip(&tested);
    let runs: Vec<TestedRun> = runs
        .map(|((run, status, _), tested)| TestedRun {
            run: *run,
            status: status.clone(),
            values: match tested {
                Some(tested) => tested.values(&tested.samples.y, &tested.outputs),
                None => vec![None; 1 + settings.metrics.len()],
            },
        })
        .collect();
    let dataset = of.dataset(&plan.runs[networks[0].0]);
    let sealed = dataset.test.as_ref().expect("it has just been opened");
    let samples = sealed.count();
    let tested: Vec<Tested<'_>> = tested.into_iter().flatten().collect();
    let resampled = resampled(plan, &tested, samples);
    let names = settings.metrics.iter().map(|metric| metric.word());
    let columns: Vec<String> = std::iter::once("loss")
        .chain(names)
        .map(|name| format!("test_{name}"))
        .collect();
    let design = plan.design(configuration);
    let figures = columns.iter().enumerate().map(|(column, name)| {
        let values: Vec<f64> = runs.iter().filter_map(|run| run.values[column]).collect();
        let description = describe_as(&values, design);
        let lost = values.len() < runs.len() && design != Design::Independent;
        let is_share = column > 0 && settings.metrics[column - 1] == Metric::Accuracy;
        let draws: Option<Vec<f64>> = resampled.iter().map(|draw| draw[column]).collect();
        let valid = name.replacen("test_", "valid_", 1);
        // There is no constant answer that is best for a weighted loss.
        let has_constant = column > 0 || settings.class_weights.are_equal();
        let always = Constant::of(&valid, settings.loss, dataset).filter(|_| has_constant);
        Figures {
            mean: description.mean,
            over_runs: description.interval.filter(|_| !lost),
            over_samples: match (description.mean, draws) {
                (Some(mean), _) if is_share => Some(wilson(mean, samples)),
                (Some(_), Some(draws)) if samples > 1 && !draws.is_empty() => Some(middle(&draws)),
                _ => None,
            },
            always: always
                .as_ref()
                .and_then(|always| always.value(&valid, settings.loss, sealed.open())),
            said: always.map_or(String::new(), |always| always.said.to_string()),
        }
    });
    Opened {
        configuration,
        samples,
        figures: figures.collect(),
        columns,
        runs,
    }
}

/// The bytes of `test.csv` for a configuration whose networks are all in a store; `None` if a run
/// or the test part is missing.
///
/// # Errors
/// If the store cannot be read.
pub fn of_store(plan: &Plan, configuration: u64, store: &Store) -> Result<Option<Vec<u8>>, Error> {
    let number = usize::try_from(configuration).ok();
    let Some(of) = number.and_then(|number| plan.configurations.get(number)) else {
        return Ok(None);
    };
    let mut networks: Vec<Network> = Vec::new();
    for (index, run) in plan.runs.iter().enumerate() {
        if Some(run.configuration) != number {
            continue;
        }
        let Some(record) = store.read(&run.key)? else {
            return Ok(None);
        };
        if of.dataset(run).test.is_none() {
            return Ok(None);
        }
        let status = record.head.status.word().to_owned();
        networks.push((
            index,
            status,
            record.model.map(|(_, parameters)| parameters),
        ));
    }
    let opened = number.map(|number| open(plan, number, &networks));
    Ok(opened.map(|opened| to_csv(plan, &opened)))
}

/// A network's outputs on the test part.
struct Tested<'a> {
    outputs: Array2<f64>,
    samples: &'a Samples,
    settings: &'a Settings,
    class_weights: Vec<f64>,
    units: &'a [[f64; 2]],
}

impl Tested<'_> {
    /// The loss and the metrics of these outputs; `None` where one is undefined.
    fn values(&self, y: &DataMatrix, outputs: &Array2<f64>) -> Vec<Option<f64>> {
        let settings = self.settings;
        let measures = Measures {
            positive: settings.positive,
            ..Measures::new(
                settings.loss,
                &settings.metrics,
                outputs.ncols(),
                self.units,
            )
        };
        let weights = &self.class_weights;
        let (loss, metrics) = evaluate(measures, weights, settings.precision, outputs, y);
        let values = std::iter::once(loss).chain(metrics);
        values
            .map(|value| value.is_finite().then_some(value))
            .collect()
    }

    /// The figures on a resampled test part with these rows.
    fn values_of(&self, rows: &[usize]) -> Vec<Option<f64>> {
        let y = &self.samples.y;
        let targets = Array2::from_shape_fn((rows.len(), y.ncols()), |(row, column)| {
            y.get(rows[row], column)
        });
        self.values(&targets.into(), &self.outputs.select(Axis(0), rows))
    }
}

/// The means over the networks on resampled test parts, which have as many samples, drawn with
/// replacement. Each part has random numbers of its own, so that the order of the threads does not
/// matter.
fn resampled(plan: &Plan, tested: &[Tested<'_>], samples: usize) -> Vec<Vec<Option<f64>>> {
    let Some(first) = tested.first() else {
        return Vec::new();
    };
    let columns = 1 + first.settings.metrics.len();
    let count = u32::try_from(samples).expect("no more than 2^32 - 1 samples");
    (0..RESAMPLES)
        .into_par_iter()
        .map(|part| {
            let mut random = substream(plan.seed, Stream::Bootstrap, part);
            let rows: Vec<usize> = (0..samples).map(|_| random.below(count) as usize).collect();
            let values: Vec<Vec<Option<f64>>> = tested
                .iter()
                .map(|tested| tested.values_of(&rows))
                .collect();
            let mean = |column: usize| -> Option<f64> {
                let values: Option<Vec<f64>> = values.iter().map(|run| run[column]).collect();
                Some(statistics::description::mean(&values?))
            };
            (0..columns).map(mean).collect()
        })
        .collect()
}

/// A row below those of the runs: its name, and the function that gives its value in a column.
type SummaryRow<'a> = (&'a str, &'a dyn Fn(&Figures) -> Option<f64>);

/// The bytes of `test.csv`: a row per run, then the mean, the ends of its intervals over the runs
/// (`ci_low`, `ci_high`) and over the samples (`samples_low`, `samples_high`), and the constant
/// answer (`always`).
pub fn to_csv(plan: &Plan, opened: &Opened) -> Vec<u8> {
    let folded = plan.folds.is_some();
    let mut text = b"what,configuration,run,key,replicate".to_vec();
    if folded {
        text.extend(b",fold");
    }
    text.extend(b",seed,status,samples");
    for column in &opened.columns {
        text.push(b',');
        put_text(column, &mut text);
    }
    text.push(b'\n');
    for tested in &opened.runs {
        let run = &plan.runs[tested.run];
        let key: RunKey = run.key;
        text.extend(b"run,");
        put_count(opened.configuration as u64, &mut text);
        text.push(b',');
        put_count(tested.run as u64, &mut text);
        text.extend(format!(",{key},").as_bytes());
        put_count(run.replicate.into(), &mut text);
        text.push(b',');
        if let Some(fold) = run.fold {
            put_count(fold.into(), &mut text);
            text.push(b',');
        }
        put_count(run.seed, &mut text);
        text.extend(format!(",{},", tested.status).as_bytes());
        put_count(opened.samples as u64, &mut text);
        for value in &tested.values {
            text.push(b',');
            put_optional(*value, &mut text);
        }
        text.push(b'\n');
    }
    let ends = |interval: fn(&Figures) -> Option<(f64, f64)>| {
        let low = move |figures: &Figures| interval(figures).map(|(low, _)| low);
        let high = move |figures: &Figures| interval(figures).map(|(_, high)| high);
        (low, high)
    };
    let (runs_low, runs_high) = ends(|figures| figures.over_runs);
    let (samples_low, samples_high) = ends(|figures| figures.over_samples);
    let rows: [SummaryRow<'_>; 6] = [
        ("mean", &|figures| figures.mean),
        ("ci_low", &runs_low),
        ("ci_high", &runs_high),
        ("samples_low", &samples_low),
        ("samples_high", &samples_high),
        ("always", &|figures| figures.always),
    ];
    for (what, value) in rows {
        text.extend(what.as_bytes());
        text.push(b',');
        put_count(opened.configuration as u64, &mut text);
        // The cells of run, key, replicate, fold, seed and status are empty here.
        text.extend(if folded {
            b",,,,,,,".as_slice()
        } else {
            b",,,,,,"
        });
        put_count(opened.samples as u64, &mut text);
        for figures in &opened.figures {
            text.push(b',');
            if let Some(value) = value(figures) {
                put_float(value, &mut text);
            }
        }
        text.push(b'\n');
    }
    text
}
