//! The step at which a value of a run stops being finite, and the steps before it.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use super::replay::Replay;
use super::step::At;
use crate::parameters::Parameters;
use crate::run::task::Task;
use crate::words::settings::Precision;
use numbers::Product;
use numbers::dispatch::Format;
use numbers::real::Scalar;

/// The step at which a run diverges, and the steps before it.
#[derive(Debug, Clone)]
pub struct Divergence {
    /// The step, and the first sample of its batch whose loss is not finite (the first sample if
    /// all losses are finite).
    pub at: At,
    /// The rise of the loss: for each power of ten, the step after which the greatest loss of the
    /// last [`ASCENT_STEPS`] steps stayed above it; then the step before the divergence, and the
    /// divergent step itself.
    pub path: Vec<Milestone>,
}

/// One step before or at a divergence.
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
    /// The largest absolute value of the gradient that the optimizer received.
    pub parameter: f64,
}

/// The first step of the run at which a loss or a parameter is not finite; `None` if all stay
/// finite in its epochs.
pub fn find_divergence(task: &Task<'_>) -> Option<Divergence> {
    match task.settings.precision {
        Precision::F32 => find_in::<f32>(task),
        Precision::F64 => find_in::<f64>(task),
    }
}

fn find_in<T: Product + Format>(task: &Task<'_>) -> Option<Divergence> {
    let mut replay = Replay::<T>::new(task);
    let mut path = Ascent::default();
    for _ in 0..task.settings.epochs {
        replay.next_epoch();
        let epoch = replay.epoch();
        for (index, batch) in replay.batches().iter().enumerate() {
            let sum = replay.gradients(batch);
            let mut broken = None;
            // If the sum is finite, each of its terms is finite.
            if !sum.is_finite() {
                let losses = replay.losses(batch);
                broken = losses.iter().position(|loss| !loss.is_finite());
            }
            replay.finish(batch);
            path.add(Milestone {
                epoch,
                step: index + 1,
                loss: sum / replay.session.batch_weight(batch.len()),
                gradient: greatest(&replay.session.gradients),
                parameter: greatest(&replay.session.network.parameters),
            });
            if broken.is_some() || !replay.session.network.parameters.are_finite() {
                return Some(Divergence {
                    at: At {
                        epoch,
                        step: index + 1,
                        sample: broken.unwrap_or(0) + 1,
                    },
                    path: path.steps(),
                });
            }
        }
    }
    None
}

/// A loss counts as left behind after this many steps, since the loss of a small batch may be small
/// by chance.
pub const ASCENT_STEPS: usize = 64;

/// The steps after which the greatest of the last losses stayed above a power of ten.
#[derive(Debug, Default)]
struct Ascent {
    /// How many steps have been seen.
    count: usize,
    /// Those of the last steps whose loss is exceeded by no later one, with their numbers. The
    /// first has the greatest loss.
    recent: VecDeque<(usize, Milestone)>,
    /// The steps, each with its power of ten. Both rise.
    steps: Vec<(i32, Milestone)>,
    /// The last two steps.
    last: [Option<Milestone>; 2],
}

impl Ascent {
    fn add(&mut self, milestone: Milestone) {
        self.last = [self.last[1], Some(milestone)];
        if !milestone.loss.is_finite() {
            return;
        }
        self.count += 1;
        let is_less = |(_, step): &(usize, Milestone)| step.loss <= milestone.loss;
        while self.recent.back().is_some_and(is_less) {
            self.recent.pop_back();
        }
        self.recent.push_back((self.count, milestone));
        while self.recent[0].0 + ASCENT_STEPS <= self.count {
            self.recent.pop_front();
        }
        let greatest = self.recent[0].1;
        let power = power_of_ten(greatest.loss);
        while self.steps.last().is_some_and(|&(last, _)| last > power) {
            self.steps.pop();
        }
        if self.steps.last().is_none_or(|&(last, _)| last < power) {
            self.steps.push((power, greatest));
        }
    }

    fn steps(self) -> Vec<Milestone> {
        let mut steps: Vec<Milestone> = self.steps.into_iter().map(|(_, step)| step).collect();
        let place = |step: &Milestone| (step.epoch, step.step);
        for step in self.last.into_iter().flatten() {
            if steps.last().is_none_or(|last| place(last) < place(&step)) {
                steps.push(step);
            }
        }
        steps
    }
}

/// The greatest power of ten that is at most the loss, as an exponent; for a loss of 0 the least
/// exponent of an f64.
fn power_of_ten(loss: f64) -> i32 {
    match loss > 0.0 {
        true => libm::floor(libm::log10(loss)) as i32,
        false => f64::MIN_10_EXP,
    }
}

/// The largest absolute value; NaN if one of the parameters is NaN.
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
