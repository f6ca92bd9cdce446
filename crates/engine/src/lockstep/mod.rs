//! Many runs in lockstep: one lane of a vector, one run.
//!
//! Runs of one [`Form`] (the same architecture, data and formulas) are trained together, each lane
//! with its own rate, order, weights, batch size and schedule. An epoch is the common beat: all
//! lanes see as many samples. A lane whose run has ended gets the next run of the queue. What is
//! computed is the same text as in the reference ([`layer`](crate::reference::layer),
//! [`Loss`], [`Factors`](crate::words::optimizer::Factors), …) over vectors instead of
//! numbers; so a run's bits are the reference's, whatever shares its pack.

mod design;
mod network;
mod orders;
mod rows;
mod run;
mod together;

use std::ops::ControlFlow;

use design::{Any, Design, Known, with_known};
use run::OneByOne;
use together::Together;

use crate::reference::shaping::ShapingForm;
use crate::train::{EpochRow, Task, Trained, train};
use crate::words::activation::Activation;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::optimizer;
use crate::words::settings::Precision;
use numbers::dispatch::{VectorKernel, dispatch_vectors, dispatch_wide};
use numbers::matrix::DataMatrix;
use numbers::real::Real;

/// What the runs of a pack have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Form {
    layers: Vec<usize>,
    activations: Vec<Activation>,
    loss: Loss,
    metrics: Vec<Metric>,
    optimizer: optimizer::Form,
    shaping: ShapingForm,
    precision: Precision,
    /// The addresses of the data: the same matrices, not merely equal ones.
    data: [Option<usize>; 4],
}

impl Form {
    /// Of a task. It is about this task's borrowed matrices, and means nothing after them.
    pub fn of(task: &Task<'_>) -> Self {
        let settings = task.settings;
        let address = |matrix| Some(std::ptr::from_ref::<DataMatrix>(matrix) as usize);
        Self {
            layers: task.architecture.layers.clone(),
            activations: task.architecture.activations.clone(),
            loss: settings.loss,
            metrics: settings.metrics.clone(),
            optimizer: settings.optimizer.form(),
            shaping: ShapingForm::of(settings),
            precision: settings.precision,
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
        self.layers
            .windows(2)
            .map(|pair| (pair[0] + 1) * pair[1])
            .sum()
    }
}

/// Where a pack's runs come from, and where what they give goes.
pub trait Queue<'a> {
    /// The next run, under a number of the caller's choice. All have one form.
    fn next(&mut self) -> Option<(usize, Task<'a>)>;
    /// An epoch of a run in which all stayed finite.
    fn observe(&mut self, run: usize, row: &EpochRow) -> ControlFlow<()>;
    /// A run's end.
    fn done(&mut self, run: usize, trained: Trained<f64>);
}

/// Trains the runs of a queue, as many at a time as this CPU's vectors have lanes.
///
/// # Panics
/// If the queue's tasks are not of one form, or their shapes do not fit.
pub fn train_pack<'a>(queue: &mut dyn Queue<'a>) {
    let Some((run, task)) = queue.next() else {
        return;
    };
    let lockstep = with_known!(
        &task,
        design => Pack { design, run, task, queue }.in_lockstep(),
        else Pack { design: Any(task), run, task, queue }.in_lockstep()
    );
    if let Err((run, task, queue)) = lockstep {
        one_by_one(run, task, queue);
    }
}

/// Trains one run whose network the compiler knows, a pack of one lane; `None` if it does not.
pub(super) fn train_known(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Option<Trained<f64>> {
    let mut alone = Alone {
        observer,
        trained: None,
    };
    let (run, task, queue) = (0, *task, &mut alone);
    with_known!(
        &task,
        design => dispatch_vectors(OneLane(Pack { design, run, task, queue })),
        else return None
    );
    alone.trained
}

/// The queue of a run that has been taken.
struct Alone<'o> {
    observer: &'o mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
    trained: Option<Trained<f64>>,
}

impl<'a> Queue<'a> for Alone<'_> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        None
    }

    fn observe(&mut self, _: usize, row: &EpochRow) -> ControlFlow<()> {
        (self.observer)(row)
    }

    fn done(&mut self, _: usize, trained: Trained<f64>) {
        self.trained = Some(trained);
    }
}

/// Where a CPU has no vectors that pay, lockstep has nothing to give.
fn one_by_one<'a>(run: usize, task: Task<'a>, queue: &mut dyn Queue<'a>) {
    let mut next = Some((run, task));
    while let Some((run, task)) = next {
        let trained = train(&task, &mut |row| queue.observe(run, row));
        queue.done(run, trained);
        next = queue.next();
    }
}

/// A pack to be trained.
struct Pack<'q, 'a, D> {
    design: D,
    run: usize,
    task: Task<'a>,
    queue: &'q mut dyn Queue<'a>,
}

/// What there is to do yet.
type Rest<'q, 'a> = (usize, Task<'a>, &'q mut dyn Queue<'a>);

impl<'q, 'a, D: Design> Pack<'q, 'a, D> {
    /// Trains it where there are vectors that pay; else gives back what there is to do.
    fn in_lockstep(self) -> Result<(), Rest<'q, 'a>> {
        dispatch_wide(self).map_err(|pack| (pack.run, pack.task, pack.queue))
    }
}

/// A pack of f64 of one lane.
struct OneLane<'q, 'a, D>(Pack<'q, 'a, D>);

impl<D: Design> VectorKernel for OneLane<'_, '_, D> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let Pack {
            design,
            run,
            task,
            queue,
        } = self.0;
        run::train::<f64, D, Together<F64>>(&design, run, task, queue);
    }
}

impl<D: Design> VectorKernel for Pack<'_, '_, D> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let Self {
            design,
            run,
            task,
            queue,
        } = self;
        if D::F32 && task.settings.precision == Precision::F32 {
            run::train::<F32, D, OneByOne>(&design, run, task, queue);
        } else {
            run::train::<F64, D, OneByOne>(&design, run, task, queue);
        }
    }
}
