//! The training of many runs in lockstep: each lane of a vector trains one run.
//!
//! Runs of one [`Signature`] (the same architecture, data and formulas) are trained together, each
//! lane with its own rate, order, weights, batch size and schedule. The lanes begin and end each
//! epoch together, since all see the same number of samples. A lane whose run has ended gets the
//! next run of the [`Queue`]. The code of a step is that of the reference
//! ([`layer`](crate::reference::layer), [`Loss`](crate::words::loss::Loss),
//! [`Factors`](crate::words::optimizer::Factors), …) over vectors instead of numbers, so the bits
//! of a run are those of the reference, whatever the other lanes train.

mod design;
mod dropout;
mod flat;
mod lanes;
mod network;
mod orders;
mod queue;
mod rows;
mod side_by_side;

use design::{Any, Design, Known, with_known};
use lanes::OneByOne;
use queue::{Alone, Numbered};
use side_by_side::SideBySide;

use crate::run::observer::Observer;
use crate::run::outcome::Trained;
use crate::run::requests::Requests;
use crate::run::state::State;
use crate::run::task::Task;
use crate::words::settings::Precision;
use numbers::dispatch::{VectorKernel, dispatch_vectors, dispatch_wide};
use numbers::real::Real;

pub use queue::{Queue, Signature};

/// Trains a run and those that follow in its queue, as many at a time as this CPU's vectors have
/// lanes. Gives both back where this CPU has no vectors that make it faster.
///
/// # Panics
/// If the queue's tasks are not of one signature, or their shapes do not fit.
pub(crate) fn train<'q, 'a>(
    first: Numbered<'a>,
    queue: &'q mut dyn Queue<'a>,
) -> Result<(), (Numbered<'a>, &'q mut dyn Queue<'a>)> {
    with_known!(
        &first.1,
        design => Lockstep { design, first, queue }.train(),
        else Lockstep { design: Any(first.1), first, queue }.train()
    )
}

/// Trains one run in one lane if the compiler knows its network. Takes the state, if there is one,
/// and goes on from it. `None` if the compiler does not know the network, or the state is within an
/// epoch.
pub(crate) fn train_known<'o>(
    state: &mut Option<State>,
    task: &Task<'o>,
    requests: &'o Requests,
    observer: &'o mut dyn Observer,
) -> Option<Trained<f64>> {
    if state.as_ref().is_some_and(State::is_within_an_epoch) {
        return None;
    }
    let mut alone = Alone {
        observer,
        requests,
        state,
        trained: None,
    };
    let (first, queue) = ((0, *task), &mut alone);
    with_known!(
        task,
        design => dispatch_vectors(OneLane(Lockstep { design, first, queue })),
        else return None
    );
    alone.trained
}

/// Runs to be trained in lockstep.
struct Lockstep<'q, 'a, D> {
    design: D,
    first: Numbered<'a>,
    queue: &'q mut dyn Queue<'a>,
}

impl<'q, 'a, D: Design> Lockstep<'q, 'a, D> {
    /// Trains the runs where vectors make it faster; else gives back the first run and the queue.
    fn train(self) -> Result<(), (Numbered<'a>, &'q mut dyn Queue<'a>)> {
        dispatch_wide(self).map_err(|lockstep| (lockstep.first, lockstep.queue))
    }
}

impl<D: Design> VectorKernel for Lockstep<'_, '_, D> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let Self {
            design,
            first,
            queue,
        } = self;
        if D::F32 && first.1.settings.precision == Precision::F32 {
            lanes::train::<F32, D, OneByOne>(&design, first, queue);
        } else {
            lanes::train::<F64, D, OneByOne>(&design, first, queue);
        }
    }
}

/// The training of one run of f64 in one lane: the samples of a batch lie in the lanes of these
/// vectors.
struct OneLane<'q, 'a, D>(Lockstep<'q, 'a, D>);

impl<D: Design> VectorKernel for OneLane<'_, '_, D> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let Lockstep {
            design,
            first,
            queue,
        } = self.0;
        lanes::train::<f64, D, SideBySide<F64>>(&design, first, queue);
    }
}
