//! The state of a run in training: with its task, all that the rest of its course depends on.
//!
//! The state is the same for every way of training: one way goes on from the state of another, and
//! the run's bits are those of a run without interruption. Numbers of f32 are held as f64, which
//! holds each of them exactly.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::parameters::Parameters;
use crate::run::stopping::Memory;
use crate::run::sums::{Measures, Sums};
use crate::run::task::Task;
use crate::words::optimizer::COUNTS;
use numbers::real::Scalar;

/// The state of a run in training.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct State {
    /// The course so far.
    pub(crate) course: CourseState,
    /// The place of the run within its epoch; `None` between two epochs.
    pub(crate) within: Option<Within>,
    /// What the network and the optimizer have learnt so far.
    pub(crate) learnt: Learnt,
    /// The order of the samples.
    pub(crate) order: OrderState,
}

/// The course so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CourseState {
    /// How many epochs have ended.
    pub epochs: u64,
    /// The best epochs so far.
    pub memory: Memory,
    /// The parameters that early stopping may restore.
    pub restored: Option<Vec<f64>>,
    /// The snapshots so far, where the task asks for them.
    pub snapshots: Vec<SnapshotState>,
}

/// The parameters at one moment of a training.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SnapshotState {
    /// The epoch after which the parameters were these.
    pub epoch: u64,
    /// The parameters, as flat numbers.
    pub numbers: Vec<f64>,
}

/// A place within an epoch, after one of its batches.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Within {
    /// How many samples of the epoch have been learnt from.
    pub trained: u64,
    /// The sums of losses and metrics of the samples that have been learnt from.
    pub sums: Sums<f64>,
}

/// What a network and its optimizer have learnt, parameter by parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Learnt {
    /// The parameters: layer by layer, the weights row by row and then the biases.
    pub parameters: Vec<f64>,
    /// The optimizer's slots, each in the order of the parameters.
    pub slots: Vec<Vec<f64>>,
    /// The counts of the optimizer.
    pub counts: [f64; COUNTS],
}

/// The order of the samples.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OrderState {
    /// In the epoch that was trained last.
    pub samples: Vec<u32>,
    /// Words of the stream that have been drawn for it and for those before it.
    pub drawn: u64,
}

impl State {
    /// How many epochs have ended.
    pub fn epochs(&self) -> u64 {
        self.course.epochs
    }

    /// Whether the state lies within an epoch. A run goes on from such a state alone; lockstep
    /// needs a state between two epochs.
    pub fn is_within_an_epoch(&self) -> bool {
        self.within.is_some()
    }

    /// Whether the state has the shape that this task needs: the sizes of all its parts, and an
    /// order that has each sample once.
    pub fn fits(&self, task: &Task<'_>) -> bool {
        let (settings, samples) = (task.settings, task.train.x.nrows());
        let parameters = task.architecture.parameters();
        let Learnt {
            parameters: values,
            slots,
            ..
        } = &self.learnt;
        let snapshots = &self.course.snapshots;
        // Snapshots are due after 1, 2, 4, 8, … epochs.
        let snapshots_due = match (task.snapshots, self.course.epochs) {
            (false, _) | (_, 0) => 0,
            (true, epochs) => epochs.ilog2() as usize + 1,
        };
        let of_each_parameter = |numbers: &Vec<f64>| numbers.len() == parameters;
        let mut seen = vec![false; samples];
        let is_new = |&sample: &u32| {
            let seen = seen.get_mut(sample as usize);
            seen.is_some_and(|seen| !core::mem::replace(seen, true))
        };
        let measures = Measures::of(task);
        let batch = settings.batch_size.samples(samples);
        let is_between_batches = |within: &Within| {
            usize::try_from(within.trained).is_ok_and(|trained| {
                (trained == samples || (trained < samples && trained.is_multiple_of(batch)))
                    && within.sums.are_of(measures, trained)
            })
        };
        of_each_parameter(values)
            && self.course.restored.iter().all(of_each_parameter)
            && (snapshots.iter()).all(|snapshot| of_each_parameter(&snapshot.numbers))
            && snapshots.len() == snapshots_due
            && slots.len() == settings.optimizer.slots().len()
            && slots.iter().all(of_each_parameter)
            && self.order.samples.len() == samples
            && self.order.samples.iter().all(is_new)
            && self.within.iter().all(is_between_batches)
            && self.course.epochs < settings.epochs
    }
}

impl<T: Scalar> Parameters<T> {
    /// All numbers, layer by layer, the weights row by row and then the biases.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        self.slices()
            .flatten()
            .map(|number| number.to_f64())
            .collect()
    }

    /// Sets the numbers to what [`Parameters::numbers`] of the same shape gave.
    pub(crate) fn set_numbers(&mut self, numbers: &[f64]) {
        for (own, &number) in self.slices_mut().flatten().zip(numbers) {
            *own = T::nearest(number);
        }
    }
}
