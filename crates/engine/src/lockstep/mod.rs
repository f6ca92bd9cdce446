//! Many runs in lockstep: one lane of a vector, one run.
//!
//! Runs of one [`Signature`] (the same architecture, data and formulas) are trained together, each
//! lane with its own rate, order, weights, batch size and schedule. An epoch is the common beat: all
//! lanes see as many samples. A lane whose run has ended gets the next run of the [`Queue`]. What is
//! computed is the same text as in the reference ([`layer`](crate::reference::layer),
//! [`Loss`](crate::words::loss::Loss), [`Factors`](crate::words::optimizer::Factors), …) over vectors
//! instead of numbers; so a run's bits are the reference's, whatever runs beside it.

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
/// lanes. Gives both back where the CPU has no vectors that pay.
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

/// Trains one run whose network the compiler knows, in one lane, from the state on if there is one,
/// which it takes. `None` if the compiler does not know it, or the state is within an epoch.
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
    /// Trains them where there are vectors that pay; else gives back what there is to do.
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

/// One run of f64 in one lane, the samples of a batch in the lanes of these vectors.
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
