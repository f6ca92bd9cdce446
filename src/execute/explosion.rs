//! The check whether the loss of a finite run ended far above the first one.
//!
//! Such a run is a result like any other. The tables and the page say that it exploded wherever
//! they count diverged runs.

use engine::train::train;
use engine::types::{BatchSize, Schedule, Settings, Task};

use std::ops::ControlFlow;

/// A run exploded if the training loss of its kept epoch is more than this many times the loss of
/// its initial weights, and more than this many times the loss of a network whose outputs are all
/// 0.
pub const EXPLODED: f64 = 10.0;

/// Whether a run with this training loss in its kept epoch exploded.
///
/// The loss of the initial weights takes a pass over the samples. So it is computed only for runs
/// whose loss is far above that of outputs of 0.
pub fn exploded(task: &Task<'_>, train_loss: f64) -> bool {
    let above = |loss: f64| train_loss > EXPLODED * loss;
    above_zeros(task, above) && initial_loss(task).is_some_and(above)
}

/// Whether the loss is `above` the mean loss of a network whose outputs are all 0. The sum ends as
/// soon as the answer is no, since each sample only raises it.
fn above_zeros(task: &Task<'_>, above: impl Fn(f64) -> bool) -> bool {
    let (loss, targets, outputs) = (task.settings.loss, task.train.y, outputs(task));
    let count = (targets.nrows() * targets.ncols()) as f64;
    let mut sum = 0.0;
    targets.iter().all(|target| {
        sum += loss.of_zero(target, outputs);
        above(sum / count)
    })
}

fn outputs(task: &Task<'_>) -> usize {
    *task
        .architecture
        .layers
        .last()
        .expect("a network has layers")
}

/// The training loss of the initial weights, from an epoch of one batch, whose losses are those
/// before its update. `None` if it is not finite.
fn initial_loss(task: &Task<'_>) -> Option<f64> {
    let settings = Settings {
        batch_size: BatchSize::Full,
        epochs: 1,
        schedule: Schedule::Constant,
        early_stopping: None,
        ..task.settings.clone()
    };
    let first = Task {
        settings: &settings,
        valid: None,
        ..*task
    };
    let mut loss = None;
    train(&first, &mut |row| {
        loss = Some(row.train_loss);
        ControlFlow::Continue(())
    });
    loss
}
