//! The part of the work that is done, and the time that the rest takes.
//!
//! The work of a run is counted from its shapes. Runs of one kind take as long as the finished runs
//! of that kind. For a kind without a finished run, the time is guessed from the shapes.

use std::collections::HashMap;

use super::cost::{Cost, kind};
use super::units::LOCKSTEP_PARAMETERS;
use crate::plan::{Plan, Run};
use engine::types::{Optimizer, Precision};

/// The runs to be trained.
#[derive(Debug)]
pub struct Workload {
    runs: Vec<Piece>,
    kinds: usize,
    multiply_adds: f64,
}

/// One run.
#[derive(Debug)]
struct Piece {
    run: usize,
    kind: usize,
    epochs: f64,
    /// The updates of an epoch.
    updates: f64,
    /// The multiply-adds of an epoch.
    multiply_adds: f64,
    /// The guess, from the shapes, of the nanoseconds that an epoch takes.
    guess: f64,
}

/// The work that is done at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Done {
    /// The seconds since the beginning.
    pub elapsed: f64,
    /// The multiply-adds of the trained epochs; a run that ended early counts with all its epochs.
    pub multiply_adds: f64,
    /// The multiply-adds of all epochs of all runs.
    pub all_multiply_adds: f64,
    /// The updates of the parameters.
    pub updates: f64,
    /// The seconds that the rest takes, as soon as they can be estimated.
    pub seconds_left: Option<f64>,
}

impl Done {
    /// The share of the multiply-adds that is done.
    pub fn share(&self) -> f64 {
        match self.all_multiply_adds > 0.0 {
            true => (self.multiply_adds / self.all_multiply_adds).clamp(0.0, 1.0),
            false => 1.0,
        }
    }
}

/// The finished runs of a kind, summed.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The seconds of the finished runs.
    seconds: f64,
    /// The guess of their time, in nanoseconds.
    guessed: f64,
    /// The shares of their epochs that the finished runs trained, summed, and the number of these
    /// runs.
    shares: f64,
    finished: f64,
}

/// The share of the work after which the time left is shown.
const EARLIEST: f64 = 0.02;

impl Workload {
    /// The workload of these runs of a plan.
    pub fn of(plan: &Plan, indices: &[usize]) -> Self {
        let mut kinds: HashMap<String, usize> = HashMap::new();
        let mut of_configuration: Vec<Option<usize>> = vec![None; plan.configurations.len()];
        let mut workload = Self {
            runs: Vec::with_capacity(indices.len()),
            kinds: 0,
            multiply_adds: 0.0,
        };
        for &index in indices {
            let run = &plan.runs[index];
            let next = kinds.len();
            let kind = *of_configuration[run.configuration].get_or_insert_with(|| {
                let kind = kind(&plan.configurations[run.configuration], run);
                *kinds.entry(kind).or_insert(next)
            });
            let cost = Cost::of(plan, run);
            workload.multiply_adds += cost.multiply_adds;
            let epochs = cost.epochs.max(1.0);
            workload.runs.push(Piece {
                run: index,
                kind,
                epochs,
                updates: cost.updates / epochs,
                multiply_adds: cost.multiply_adds / epochs,
                guess: guess(plan, run, &cost) / epochs,
            });
        }
        workload.kinds = kinds.len();
        workload
    }

    /// The work that is done after `elapsed` seconds. `state` gives for a run of the plan the
    /// number of its epochs, and its seconds if it has its outcome.
    pub fn count(&mut self, elapsed: f64, state: impl Fn(usize) -> (u64, Option<f64>)) -> Done {
        let mut known = vec![Known::default(); self.kinds];
        let mut done = Done {
            elapsed,
            multiply_adds: 0.0,
            all_multiply_adds: self.multiply_adds,
            updates: 0.0,
            seconds_left: None,
        };
        for piece in &self.runs {
            let (epochs, seconds) = state(piece.run);
            let epochs = epochs as f64;
            let counted = if seconds.is_some() {
                piece.epochs
            } else {
                epochs
            };
            done.multiply_adds += counted * piece.multiply_adds;
            done.updates += epochs * piece.updates;
            if let Some(seconds) = seconds {
                let kind = &mut known[piece.kind];
                kind.seconds += seconds;
                kind.guessed += epochs * piece.guess;
                kind.shares += epochs / piece.epochs;
                kind.finished += 1.0;
            }
        }
        let seconds: f64 = known.iter().map(|kind| kind.seconds).sum();
        let guessed: f64 = known.iter().map(|kind| kind.guessed).sum();
        let general = if guessed > 0.0 {
            seconds / guessed
        } else {
            1.0
        };
        let (mut past, mut left) = (0.0, 0.0);
        for piece in &self.runs {
            let (epochs, seconds) = state(piece.run);
            let kind = &known[piece.kind];
            let pace = match kind.guessed > 0.0 {
                true => kind.seconds / kind.guessed,
                false => general,
            };
            past += epochs as f64 * piece.guess * pace;
            if seconds.is_none() {
                // Runs are expected to end as early as the finished runs of their kind did.
                let share = match kind.finished > 0.0 {
                    true => kind.shares / kind.finished,
                    false => 1.0,
                };
                let expected = (piece.epochs * share).max(epochs as f64);
                left += (expected - epochs as f64) * piece.guess * pace;
            }
        }
        if past > 0.0 && past / (past + left) > EARLIEST {
            done.seconds_left = Some(elapsed * left / past);
        }
        done
    }
}

/// The guess, from the shapes, of the nanoseconds that a run takes on one core: the multiply-adds,
/// the activation functions, and the updates of the parameters. Several small networks are trained
/// at once; in a large network a multiply-add is cheaper the larger the batch is.
fn guess(plan: &Plan, run: &Run, cost: &Cost) -> f64 {
    let configuration = &plan.configurations[run.configuration];
    let settings = &configuration.settings;
    let data = configuration.dataset(run);
    let samples = data.train.x.nrows();
    let valid = data.valid.as_ref().map_or(0, |valid| valid.x.nrows());
    let batch = settings.batch_size.samples(samples) as f64;
    let parameters = configuration.architecture.parameters();
    let nodes: usize = configuration.architecture.layers[1..].iter().sum();
    let narrow = match settings.precision {
        Precision::F32 => 0.6,
        Precision::F64 => 1.0,
    };
    let is_large = parameters > LOCKSTEP_PARAMETERS;
    let multiply_add = if is_large { 0.1 + 3.3 / batch } else { 0.6 };
    let of_parameter = match settings.optimizer {
        Optimizer::Sgd(_) => 0.6,
        _ => 4.0,
    };
    narrow * multiply_add * cost.multiply_adds
        + 10.0 * (nodes * (samples + valid)) as f64 * cost.epochs
        + of_parameter * parameters as f64 * cost.updates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(runs: &[(usize, f64)]) -> Workload {
        let piece = |(run, &(kind, guess)): (usize, &(usize, f64))| Piece {
            run,
            kind,
            epochs: 10.0,
            updates: 1.0,
            multiply_adds: 100.0,
            guess,
        };
        Workload {
            runs: runs.iter().enumerate().map(piece).collect(),
            kinds: 2,
            multiply_adds: 1_000.0 * runs.len() as f64,
        }
    }

    #[test]
    fn the_epochs_of_one_long_run_tell_the_time_left() {
        let mut workload = workload(&[(0, 5.0)]);
        assert_eq!(workload.count(1.0, |_| (0, None)).seconds_left, None);
        let done = workload.count(3.0, |_| (3, None));
        assert_eq!((done.share(), done.updates), (0.3, 3.0));
        assert!(
            done.seconds_left
                .is_some_and(|left| (left - 7.0).abs() < 1e-9)
        );
    }

    #[test]
    fn a_kind_takes_as_long_as_its_finished_runs_whatever_was_guessed() {
        // The runs are of two kinds with equal guesses; a run of the second kind takes ten times as
        // long.
        let mut workload = workload(&[(0, 1.0), (0, 1.0), (1, 1.0), (1, 1.0)]);
        let state = |run: usize| match run {
            0 => (10, Some(1.0)),
            2 => (10, Some(10.0)),
            _ => (0, None),
        };
        let done = workload.count(11.0, state);
        assert!(
            done.seconds_left
                .is_some_and(|left| (left - 11.0).abs() < 1e-9)
        );
        assert_eq!(done.share(), 0.5);
    }

    #[test]
    fn a_run_that_ended_early_is_done_and_others_of_its_kind_are_expected_to() {
        let mut workload = workload(&[(0, 1.0), (0, 1.0)]);
        let done = workload.count(2.0, |run| match run {
            0 => (5, Some(2.0)),
            _ => (0, None),
        });
        assert_eq!((done.share(), done.updates), (0.5, 5.0));
        assert!(
            done.seconds_left
                .is_some_and(|left| (left - 2.0).abs() < 1e-9)
        );
    }
}
