//! Whether a run that stayed finite ended far above where it began.
//!
//! Such a run has an outcome like any other, and counts with it; the tables and the page say that
//! it exploded wherever they count those that diverged.

use engine::train::train;
use engine::types::{BatchSize, Schedule, Settings, Task};

use std::ops::ControlFlow;

/// A run exploded if the training loss of its kept epoch is more than so many times that of its
/// initial weights, and that of a network whose outputs are all 0.
pub const EXPLODED: f64 = 10.0;

/// Whether a run with this training loss in its kept epoch exploded.
///
/// The loss of the initial weights takes a pass over the samples, so it is computed for those runs
/// alone that would be better if they had said 0 all the time.
pub fn exploded(task: &Task<'_>, train_loss: f64) -> bool {
    let above = |loss: f64| train_loss > EXPLODED * loss;
    above_zeros(task, above) && initial_loss(task).is_some_and(above)
}

/// Whether a loss is `above` the mean loss of a network whose outputs are all 0. The samples are looked at
/// until it is not: no sample lowers the sum.
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

/// The training loss of the initial weights: that of an epoch of one batch, whose losses are taken
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
