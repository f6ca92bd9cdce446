//! The public functions for training: each run takes the fastest way for it.

use core::ops::ControlFlow;

use crate::batch::{self, Batch};
use crate::lockstep::{self, Queue};
use crate::reference::epoch::SampleBySample;
use crate::reference::training;
use crate::run::observer::{Epochs, Observer};
use crate::run::outcome::{EpochRow, Trained};
use crate::run::requests::{self, Requests};
use crate::run::state::State;
use crate::run::task::Task;
use crate::words::settings::Precision;
use numbers::Product;
use numbers::dispatch::Format;

/// Draws the initial weights and trains in the precision of the settings, with the fastest
/// instructions of this CPU. The trained parameters are returned as f64, which holds every f32
/// exactly.
///
/// `observer` receives the row of every epoch in which all numbers stayed finite.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit: the plan promises that they do.
pub fn train(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    train_from(None, task, &requests::NONE, &mut Epochs(observer))
}

/// Trains like [`train`], but goes on from a state of the same task if there is one, and answers
/// the requests of another thread. The bits are those of a run without interruption.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit, or the state does not fit the
/// task ([`State::fits`]).
pub fn train_from(
    state: Option<State>,
    task: &Task<'_>,
    requests: &Requests,
    observer: &mut dyn Observer,
) -> Trained<f64> {
    let mut state = state;
    if let Some(trained) = lockstep::train_known(&mut state, task, requests, observer) {
        return trained;
    }
    match task.settings.precision {
        Precision::F32 => train_in::<f32>(state, task, requests, observer),
        Precision::F64 => train_in::<f64>(state, task, requests, observer),
    }
}

/// Trains one run in this number format: in whole batches if that is faster.
fn train_in<T: Product + Format>(
    state: Option<State>,
    task: &Task<'_>,
    requests: &Requests,
    observer: &mut dyn Observer,
) -> Trained<f64> {
    let samples = task.settings.batch_size.samples(task.train.x.nrows());
    if batch::worth_it(task.architecture, samples) {
        let mut batch = Batch::<T>::new(&task.architecture.layers, samples);
        training::train(task, &mut batch, state, requests, observer)
    } else {
        training::train::<T>(task, &mut SampleBySample, state, requests, observer)
    }
}

/// Trains like [`train`], but always a sample at a time. This is the definition of every bit.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit.
pub fn train_reference(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    train_reference_from(None, task, &requests::NONE, &mut Epochs(observer))
}

/// Trains like [`train_from`], but always a sample at a time.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit, or the state does not fit the
/// task ([`State::fits`]).
pub fn train_reference_from(
    state: Option<State>,
    task: &Task<'_>,
    requests: &Requests,
    observer: &mut dyn Observer,
) -> Trained<f64> {
    let way = &mut SampleBySample;
    match task.settings.precision {
        Precision::F32 => training::train::<f32>(task, way, state, requests, observer),
        Precision::F64 => training::train::<f64>(task, way, state, requests, observer),
    }
}

/// Trains the runs of a queue: as many at a time as this CPU's vectors have lanes, or one by one if
/// its vectors do not make it faster.
///
/// # Panics
/// If the queue's tasks are not of one [`Signature`](lockstep::Signature), or their shapes do not fit.
pub fn train_all<'a>(queue: &mut dyn Queue<'a>) {
    let Some(first) = queue.next() else {
        return;
    };
    let Err((first, queue)) = lockstep::train(first, queue) else {
        return;
    };
    let mut next = Some(first);
    while let Some((run, task)) = next {
        let state = queue.state(run);
        let requests = queue.requests();
        let trained = train_from(state, &task, requests, &mut OneOf { queue, run });
        queue.done(run, trained);
        next = queue.next();
    }
}

/// One run of a queue.
struct OneOf<'q, 'a> {
    queue: &'q mut dyn Queue<'a>,
    run: usize,
}

impl Observer for OneOf<'_, '_> {
    fn epoch(&mut self, row: &EpochRow) -> ControlFlow<()> {
        self.queue.observe(self.run, row)
    }

    fn wants_state(&mut self) -> bool {
        self.queue.wants_state(self.run)
    }

    fn keep(&mut self, state: State) {
        self.queue.keep(self.run, state);
    }
}

/// Whether idle threads of the pool can share this run's training.
pub fn can_be_helped(task: &Task<'_>) -> bool {
    let samples = task.settings.batch_size.samples(task.train.x.nrows());
    batch::is_divided(task.architecture, samples)
}
