//! Losses: each value beside its gradient.

use choices::choices;

use numbers::functions::{exp, ln_1p};
use numbers::real::Real;

choices! {
    /// How far a prediction p is from its target t. Names and meanings are PyTorch's.
    ///
    /// A sample's loss is the mean over its outputs (cross_entropy: the one number); a reported loss
    /// is the mean over samples.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub serde enum Loss {
        /// The mean over samples and outputs of (prediction − target)² / 2
        HalfMse = "half_mse",
        /// The mean over samples and outputs of (prediction − target)²
        Mse = "mse",
        /// The mean over samples and outputs of |prediction − target|
        Mae = "mae",
        /// half_mse up to a difference of 1, |prediction − target| − 1/2 beyond
        ///
        /// Huber 1964, with [`HUBER_DELTA`].
        Huber = "huber",
        /// Binary cross-entropy on logits; targets are 0 or 1
        ///
        /// −t ln σ(p) − (1 − t) ln(1 − σ(p)) of a logit p.
        Bce = "bce",
        /// Softmax cross-entropy on logits; one class per sample
        ///
        /// −ln softmax(p)\[t\] of logits p and a class index t.
        CrossEntropy = "cross_entropy",
    }
}

/// δ of `huber`: the difference at which the square ends and the straight line begins.
pub const HUBER_DELTA: f64 = 1.0;

impl Loss {
    /// The number of target columns for a network of `outputs` outputs: one class index for
    /// cross_entropy, else one target per output.
    pub fn targets(self, outputs: usize) -> usize {
        match self {
            Loss::CrossEntropy => 1,
            _ => outputs,
        }
    }

    /// The loss of a network whose outputs are all 0: the part of one output, whose target is t, or
    /// for a class index the loss of all `outputs` outputs.
    pub fn of_zero(self, t: f64, outputs: usize) -> f64 {
        match self {
            Loss::HalfMse => t * t / 2.0,
            Loss::Mse => t * t,
            Loss::Mae => t.abs(),
            Loss::Huber => {
                let near = t.abs().min(HUBER_DELTA);
                near * near / 2.0 + HUBER_DELTA * (t.abs() - near)
            }
            Loss::Bce => core::f64::consts::LN_2,
            Loss::CrossEntropy => libm::log(outputs as f64),
        }
    }

    /// The loss of one sample, from its predictions (outputs) and targets (see [`Loss::targets`]).
    #[inline(always)]
    pub fn value<T: Real>(self, predictions: &[T], targets: &[T]) -> T {
        let outputs = T::from_count(predictions.len());
        match self {
            Loss::HalfMse => squares(predictions, targets) / (outputs + outputs),
            Loss::Mse => squares(predictions, targets) / outputs,
            Loss::Mae | Loss::Huber | Loss::Bce => {
                let mut sum = T::zero();
                for (&p, &t) in predictions.iter().zip(targets) {
                    sum += self.term(p, t);
                }
                sum / outputs
            }
            Loss::CrossEntropy => {
                let (greatest, first) = greatest(predictions);
                let (mut rest, mut target) = (T::zero(), T::zero());
                for (j, &p) in predictions.iter().enumerate() {
                    let j = T::from_count(j);
                    let e = exp(p - greatest);
                    rest += T::select(j.equal(first), T::zero(), e);
                    target = T::select(j.equal(targets[0]), p, target);
                }
                // The loss is ln Σ e^p − p[t]. The greatest p is taken out of the sum, where its
                // own term is 1.
                ln_1p(rest) - (target - greatest)
            }
        }
    }

    /// The part of one output in the loss of a sample, for losses whose parts are independent of
    /// the other outputs and not fused into the sum.
    #[inline(always)]
    fn term<T: Real>(self, p: T, t: T) -> T {
        match self {
            Loss::Mae => (p - t).abs(),
            Loss::Huber => {
                let size = (p - t).abs();
                let delta = T::from_f64(HUBER_DELTA);
                let near = size.at_most(delta);
                // The value is near² / 2 + δ (size − near), where the second term is 0 up to δ and
                // the first is δ² / 2 beyond it.
                (T::from_f64(0.5) * near).mul_add(near, delta * (size - near))
            }
            Loss::Bce => {
                // The value is max(p, 0) − p t + ln(1 + e^−|p|), which does not overflow and keeps
                // its digits.
                let linear = (-p).mul_add(t, p.at_least(T::zero()));
                linear + ln_1p(exp(-p.abs()))
            }
            Loss::HalfMse | Loss::Mse | Loss::CrossEntropy => unreachable!("summed otherwise"),
        }
    }

    /// The error of one sample, (outputs): the derivative of its loss by each prediction, before
    /// the mean over outputs. That mean is taken together with the mean over the batch, see
    /// [`Loss::terms`].
    #[inline(always)]
    pub fn error<T: Real>(self, predictions: &[T], targets: &[T], error: &mut [T]) {
        let (zero, one) = (T::zero(), T::one());
        if let Loss::CrossEntropy = self {
            return softmax_error(predictions, targets[0], error);
        }
        for ((error, &p), &t) in error.iter_mut().zip(predictions).zip(targets) {
            let difference = p - t;
            *error = match self {
                Loss::HalfMse => difference,
                Loss::Mse => difference + difference,
                Loss::Mae => T::select(difference.equal(zero), zero, one.copysign(difference)),
                Loss::Huber => {
                    let delta = T::from_f64(HUBER_DELTA);
                    difference.at_least(-delta).at_most(delta)
                }
                Loss::Bce => {
                    // The error is (1 − t) σ(p) − t σ(−p), whose parts both keep their digits near
                    // 0.
                    let e = exp(-p.abs());
                    let large = one / (one + e);
                    let small = e * large;
                    let positive = zero.less(p);
                    let class_1 = T::select(positive, large, small);
                    let class_0 = T::select(positive, small, large);
                    (one - t).mul_add(class_1, -(t * class_0))
                }
                Loss::CrossEntropy => unreachable!("returned above"),
            };
        }
    }

    /// The number of terms over which a batch's gradient is averaged.
    #[inline(always)]
    pub fn terms(self, samples: usize, outputs: usize) -> usize {
        match self {
            Loss::CrossEntropy => samples,
            _ => samples * outputs,
        }
    }
}

/// Σ (p − t)² over the outputs, from first to last, each term fused into the sum.
#[inline(always)]
pub(super) fn squares<T: Real>(predictions: &[T], targets: &[T]) -> T {
    let mut sum = T::zero();
    for (&p, &t) in predictions.iter().zip(targets) {
        let error = p - t;
        sum = error.mul_add(error, sum);
    }
    sum
}

/// The greatest of the values, and the index of the first that equals it.
#[inline(always)]
pub(super) fn greatest<T: Real>(values: &[T]) -> (T, T) {
    let (mut greatest, mut index) = (values[0], T::zero());
    for (j, &value) in values.iter().enumerate().skip(1) {
        let more = greatest.less(value);
        greatest = T::select(more, value, greatest);
        index = T::select(more, T::from_count(j), index);
    }
    (greatest, index)
}

/// softmax(p) − one-hot(t). The target's entry is minus the sum of the others' shares, so that it
/// keeps its digits if the target's own share is near 1.
#[inline(always)]
fn softmax_error<T: Real>(predictions: &[T], target: T, error: &mut [T]) {
    let (greatest, _) = greatest(predictions);
    let (mut all, mut others) = (T::zero(), T::zero());
    for (j, (error, &p)) in error.iter_mut().zip(predictions).enumerate() {
        let e = exp(p - greatest);
        let is_target = T::from_count(j).equal(target);
        all += e;
        others += T::select(is_target, T::zero(), e);
        *error = T::select(is_target, T::zero(), e);
    }
    let share = T::one() / all;
    for (j, error) in error.iter_mut().enumerate() {
        let is_target = T::from_count(j).equal(target);
        *error = T::select(is_target, -others, *error) * share;
    }
}
