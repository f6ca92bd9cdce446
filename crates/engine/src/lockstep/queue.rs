//! The queue of the runs that are trained in lockstep: what they have in common, where they come
//! from, and where their results go.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use crate::reference::shaping::ShapingForm;
use crate::run::observer::Observer;
use crate::run::outcome::{EpochRow, Trained};
use crate::run::requests::{self, Requests};
use crate::run::state::State;
use crate::run::task::Task;
use crate::words::architecture::Architecture;
use crate::words::class_weights::ClassWeights;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::optimizer;
use crate::words::settings::Precision;
use numbers::matrix::DataMatrix;

/// What runs must have in common to be trained in lockstep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature {
    architecture: Architecture,
    loss: Loss,
    metrics: Vec<Metric>,
    positive: usize,
    optimizer: optimizer::OptimizerTerms,
    shaping: ShapingForm,
    precision: Precision,
    /// The bits of each class's weight; `None` where the weights are balanced, since then the data
    /// decide.
    class_weights: Option<Vec<u64>>,
    /// Whether outputs are dropped. The rates may differ among the runs.
    drops: bool,
    /// The addresses of the data: runs of one signature share the same matrices in memory.
    data: [Option<usize>; 4],
}

impl Signature {
    /// The signature of a task. It is valid as long as the task's borrowed matrices live.
    pub fn of(task: &Task<'_>) -> Self {
        let settings = task.settings;
        let address = |matrix| Some(core::ptr::from_ref::<DataMatrix>(matrix) as usize);
        Self {
            architecture: task.architecture.clone(),
            loss: settings.loss,
            metrics: settings.metrics.clone(),
            positive: settings.positive,
            optimizer: settings.optimizer.terms(),
            shaping: ShapingForm::of(settings),
            precision: settings.precision,
            class_weights: match &settings.class_weights {
                ClassWeights::Equal => Some(Vec::new()),
                ClassWeights::Balanced => None,
                ClassWeights::Given(weights) => {
                    Some(weights.iter().map(|weight| weight.to_bits()).collect())
                }
            },
            drops: !settings.dropout.is_empty(),
            data: [
                address(task.train.x),
                address(task.train.y),
                task.valid.and_then(|valid| address(valid.x)),
                task.valid.and_then(|valid| address(valid.y)),
            ],
        }
    }

    /// Weights and biases of one run.
    pub fn parameters(&self) -> usize {
        self.architecture.parameters()
    }
}

/// Where the runs come from, and where their results go.
pub trait Queue<'a> {
    /// The next run, with a number of the caller's choice. All runs of a queue have one signature.
    fn next(&mut self) -> Option<(usize, Task<'a>)>;
    /// Receives an epoch of a run in which all numbers stayed finite. `Break` ends the run.
    fn observe(&mut self, run: usize, row: &EpochRow) -> ControlFlow<()>;
    /// Receives the result of a run at its end.
    fn done(&mut self, run: usize, trained: Trained<f64>);

    /// What another thread asks of the runs.
    fn requests(&self) -> &'a Requests {
        &requests::NONE
    }

    /// The state that a run goes on from, which lies between two epochs; `None` if the run begins.
    /// It is asked for once, after [`next`](Queue::next).
    fn state(&mut self, _run: usize) -> Option<State> {
        None
    }

    /// Whether the state of a run is wanted now, as in [`Observer::wants_state`].
    fn wants_state(&mut self, _run: usize) -> bool {
        false
    }

    /// Receives the state that was wanted, as in [`Observer::keep`].
    fn keep(&mut self, _run: usize, _state: State) {}
}

/// A run with the number that its queue gave it.
pub(crate) type Numbered<'a> = (usize, Task<'a>);

/// The queue of a run that is trained alone.
pub(super) struct Alone<'o> {
    /// The observer of the run.
    pub observer: &'o mut dyn Observer,
    /// What another thread asks of the run.
    pub requests: &'o Requests,
    /// The state that the run goes on from.
    pub state: &'o mut Option<State>,
    /// The result of the run, when it has ended.
    pub trained: Option<Trained<f64>>,
}

impl<'a, 'o: 'a> Queue<'a> for Alone<'o> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        None
    }

    fn observe(&mut self, _: usize, row: &EpochRow) -> ControlFlow<()> {
        self.observer.epoch(row)
    }

    fn requests(&self) -> &'a Requests {
        self.requests
    }

    fn state(&mut self, _: usize) -> Option<State> {
        self.state.take()
    }

    fn wants_state(&mut self, _: usize) -> bool {
        self.observer.wants_state()
    }

    fn keep(&mut self, _: usize, state: State) {
        self.observer.keep(state);
    }

    fn done(&mut self, _: usize, trained: Trained<f64>) {
        self.trained = Some(trained);
    }
}
