//! The doors to training: each run takes the fastest way that there is for it.

use core::ops::ControlFlow;

use crate::batch::{self, Batch};
use crate::lockstep::{self, Queue};
use crate::reference::epoch::SampleBySample;
use crate::reference::training;
use crate::run::outcome::{EpochRow, Trained};
use crate::run::task::Task;
use crate::words::settings::Precision;
use numbers::Product;
use numbers::dispatch::Format;

/// Draws the initial weights and trains in the precision of the settings, with the fastest
/// instructions of this CPU; the trained parameters come back as f64, which holds every f32 exactly.
///
/// `observer` gets the row of every epoch in which all stayed finite.
///
/// # Panics
/// If the shapes of data, architecture and parameters do not fit: the plan promises that they do.
pub fn train(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    match (
        lockstep::train_known(task, observer),
        task.settings.precision,
    ) {
        (Some(trained), _) => trained,
        (None, Precision::F32) => train_in::<f32>(task, observer),
        (None, Precision::F64) => train_in::<f64>(task, observer),
    }
}

/// Trains one run in this number format: whole batches where that is faster.
fn train_in<T: Product + Format>(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    let samples = task.settings.batch_size.samples(task.train.x.nrows());
    if batch::worth_it(task.architecture, samples) {
        let mut batch = Batch::<T>::new(&task.architecture.layers, samples);
        training::train(task, &mut batch, observer)
    } else {
        training::train::<T>(task, &mut SampleBySample, observer)
    }
}

/// As [`train`], always a sample at a time: the definition of every bit.
///
/// # Panics
/// As [`train`].
pub fn train_reference(
    task: &Task<'_>,
    observer: &mut dyn FnMut(&EpochRow) -> ControlFlow<()>,
) -> Trained<f64> {
    match task.settings.precision {
        Precision::F32 => training::train::<f32>(task, &mut SampleBySample, observer),
        Precision::F64 => training::train::<f64>(task, &mut SampleBySample, observer),
    }
}

/// Trains the runs of a queue: as many at a time as this CPU's vectors have lanes, or one by one where
/// it has no vectors that pay.
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
        let trained = train(&task, &mut |row| queue.observe(run, row));
        queue.done(run, trained);
        next = queue.next();
    }
}

/// Whether idle threads of the pool can help with this run's training.
pub fn can_be_helped(task: &Task<'_>) -> bool {
    let samples = task.settings.batch_size.samples(task.train.x.nrows());
    batch::is_divided(task.architecture, samples)
}
