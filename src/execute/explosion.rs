//! Whether a run that stayed finite ended far above where it began.
//!
//! Such a run has an outcome like any other, and counts with it; the tables and the page say that
//! it exploded wherever they count those that diverged.

use engine::train::train;
use engine::types::{BatchSize, Loss, Schedule, Settings, Task};
use numbers::matrix::DataMatrix;

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
    above(loss_of_zeros(
        task.settings.loss,
        task.train.y,
        outputs(task),
    )) && initial_loss(task).is_some_and(above)
}

fn outputs(task: &Task<'_>) -> usize {
    *task
        .architecture
        .layers
        .last()
        .expect("a network has layers")
}

/// The mean loss of a network whose outputs are all 0, for targets (samples, outputs).
fn loss_of_zeros(loss: Loss, targets: &DataMatrix, outputs: usize) -> f64 {
    let count = targets.nrows() * targets.ncols();
    targets
        .iter()
        .map(|target| loss.of_zero(target, outputs))
        .sum::<f64>()
        / count as f64
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
