//! The step at which a value of a run stops being finite, and the steps before it.

use std::collections::VecDeque;

use super::observe::{At, Walk};
use engine::run::examples::Examples;
use engine::types::{Parameters, Precision, Task};
use numbers::real::{Mask, Scalar};

/// How many steps before the divergence are told of.
pub const STEPS_BEFORE: usize = 8;

/// Where a run diverges, and what led there.
#[derive(Debug, Clone)]
pub struct Divergence {
    /// The step, and the first sample of its batch whose loss is not finite (else the first).
    pub at: At,
    /// The steps before it and the step itself, from first to last.
    pub path: Vec<Milestone>,
}

/// One step on the way.
#[derive(Debug, Clone, Copy)]
pub struct Milestone {
    /// The epoch, from 1.
    pub epoch: u64,
    /// The batch of that epoch, from 1.
    pub step: usize,
    /// The mean loss of the batch.
    pub loss: f64,
    /// The largest absolute gradient that the optimizer got.
    pub gradient: f64,
    /// The largest absolute parameter after the update.
    pub parameter: f64,
}

/// The first step of the run at which a loss or a parameter is not finite; `None` if there is none
/// in its epochs.
pub fn find(task: &Task<'_>) -> Option<Divergence> {
    match task.settings.precision {
        Precision::F32 => find_in::<f32>(task),
        Precision::F64 => find_in::<f64>(task),
    }
}

fn find_in<T: Scalar>(task: &Task<'_>) -> Option<Divergence> {
    let mut data = Examples::<T>::new(task.train);
    let mut walk = Walk::<T>::new(task, data.count());
    let mut path = VecDeque::new();
    for _ in 0..task.settings.epochs {
        let (epoch, learning_rate) = walk.next_epoch(task);
        let order = walk.order.clone();
        for (index, batch) in order.chunks(walk.batch_size).enumerate() {
            let (mut sum, mut sample, mut broken) = (0.0, 0, None);
            walk.session
                .step(&mut data, batch, learning_rate, |loss, _, _| {
                    sample += 1;
                    sum += loss.to_f64();
                    if broken.is_none() && !loss.to_f64().is_finite() {
                        broken = Some(sample);
                    }
                });
            if path.len() > STEPS_BEFORE {
                path.pop_front();
            }
            path.push_back(Milestone {
                epoch,
                step: index + 1,
                loss: sum / batch.len() as f64,
                gradient: greatest(&walk.session.gradients),
                parameter: greatest(&walk.session.network.parameters),
            });
            if broken.is_some() || !walk.session.network.parameters.are_finite().all() {
                return Some(Divergence {
                    at: At {
                        epoch,
                        step: index + 1,
                        sample: broken.unwrap_or(1),
                    },
                    path: path.into(),
                });
            }
        }
    }
    None
}

/// The largest absolute value; NaN where one is NaN.
fn greatest<T: Scalar>(parameters: &Parameters<T>) -> f64 {
    let mut greatest = 0.0_f64;
    for value in parameters.slices().flatten() {
        let size = value.to_f64().abs();
        if size.is_nan() {
            return size;
        }
        greatest = greatest.max(size);
    }
    greatest
}
