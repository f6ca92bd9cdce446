//! One update of a parameter: the optimizers' formulas.

use super::{Form, Momentum};
use numbers::real::Real;

/// The numbers of one update: what a rule's formula needs beside value, gradient and slots.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    /// Which formula.
    pub form: Form,
    /// η, or η with the correction of a mean that started from 0.
    pub rate: T,
    /// The smoothing constants, or momentum.
    pub keep: [T; 2],
    /// 1 − the smoothing constants.
    pub take: [T; 2],
    /// Added to the root.
    pub eps: T,
    /// What the root is multiplied by: the correction of a mean square that started from 0.
    pub root_scale: T,
    /// Of sgd the weight decay; of adamw 1 − η · weight decay; of nadam the rate of the gradient;
    /// of rmsprop the momentum.
    pub extra: T,
}

/// A way over all parameters: applies a formula to each (value, gradient, slots), wherever they lie.
pub trait Walk<T> {
    /// Calls `formula.apply(value, gradient, slots)` for each parameter and stores what it returns.
    fn walk<const SLOTS: usize>(self, formula: impl Formula<T, SLOTS>);
}

/// What an update makes of one parameter. A type and no closure: the compiler may leave a closure a
/// function of its own, made for any CPU.
pub trait Formula<T, const SLOTS: usize>: Copy {
    /// The new value and slots, from (value, gradient, slots).
    fn apply(self, w: T, g: T, slots: [T; SLOTS]) -> (T, [T; SLOTS]);
}

impl<T: Real> Factors<T> {
    /// The factors of [`Form::PLAIN_SGD`].
    #[inline(always)]
    pub fn plain_sgd(rate: T) -> Self {
        let zero = T::zero();
        Self {
            form: Form::PLAIN_SGD,
            rate,
            keep: [zero; 2],
            take: [zero; 2],
            eps: zero,
            root_scale: zero,
            extra: zero,
        }
    }

    /// As [`Factors::update`], for [`Form::PLAIN_SGD`].
    #[inline(always)]
    pub fn descend(self, walk: impl Walk<T>) {
        walk.walk(Plain(self));
    }

    /// One update of all parameters that `walk` passes by.
    #[inline(always)]
    pub fn update(self, walk: impl Walk<T>) {
        match self.form {
            Form::Sgd { momentum, .. } => match momentum {
                Momentum::None => walk.walk(Plain(self)),
                Momentum::Heavy => walk.walk(Heavy(self)),
                Momentum::Nesterov => walk.walk(Nesterov(self)),
            },
            Form::Adagrad => walk.walk(Adagrad(self)),
            Form::Rmsprop { momentum, centered } => match (centered, momentum) {
                (false, false) => walk.walk(Rmsprop(self)),
                (false, true) => walk.walk(RmspropMomentum(self)),
                (true, false) => walk.walk(RmspropCentered(self)),
                (true, true) => walk.walk(RmspropCenteredMomentum(self)),
            },
            Form::Adam { amsgrad: false, .. } => walk.walk(Adam(self)),
            Form::Adam { amsgrad: true, .. } => walk.walk(Amsgrad(self)),
            Form::Nadam => walk.walk(Nadam(self)),
        }
    }

    /// w − η d.
    #[inline(always)]
    fn step(&self, w: T, direction: T) -> T {
        (-self.rate).mul_add(direction, w)
    }

    /// The gradient with sgd's weight decay.
    #[inline(always)]
    fn decayed_gradient(&self, w: T, g: T) -> T {
        match self.form {
            Form::Sgd {
                weight_decay: true, ..
            } => self.extra.mul_add(w, g),
            _ => g,
        }
    }

    /// The weight with adamw's decay.
    #[inline(always)]
    fn decayed_weight(&self, w: T) -> T {
        match self.form {
            Form::Adam {
                decoupled: true, ..
            } => w * self.extra,
            _ => w,
        }
    }

    /// The running means of the gradient and of its square.
    #[inline(always)]
    fn means(&self, g: T, m: T, v: T) -> (T, T) {
        let ([_, keep], [take_1, take_2]) = (self.keep, self.take);
        (take_1.mul_add(g - m, m), (take_2 * g).mul_add(g, keep * v))
    }

    /// √v̂ + ε.
    #[inline(always)]
    fn root(&self, v: T) -> T {
        v.sqrt().mul_add(self.root_scale, self.eps)
    }

    /// rmsprop's running mean of the square.
    #[inline(always)]
    fn mean_square(&self, g: T, v: T) -> T {
        (self.take[0] * g).mul_add(g, self.keep[0] * v)
    }

    /// rmsprop's running mean of the gradient.
    #[inline(always)]
    fn mean(&self, g: T, m: T) -> T {
        self.take[0].mul_add(g - m, m)
    }

    /// The root of the variance, which rounding can take below 0.
    #[inline(always)]
    fn deviation(&self, v: T, m: T) -> T {
        (-m).mul_add(m, v).at_least(T::zero()).sqrt()
    }
}

/// Types of a [`Formula`] each, over the factors of the update.
macro_rules! formulas {
    ($($(#[$doc:meta])* $name:ident: $count:literal, |$f:ident, $w:ident, $g:ident, $slots:pat_param| $body:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            struct $name<T>(Factors<T>);

            impl<T: Real> Formula<T, $count> for $name<T> {
                #[inline(always)]
                fn apply(self, $w: T, $g: T, $slots: [T; $count]) -> (T, [T; $count]) {
                    let $f = self.0;
                    $body
                }
            }
        )*
    };
}

// The formulas are PyTorch's.
formulas! {
    /// sgd without momentum.
    Plain: 0, |f, w, g, []| (f.step(w, f.decayed_gradient(w, g)), []);

    /// sgd with momentum.
    Heavy: 1, |f, w, g, [m]| {
        let m = f.keep[0].mul_add(m, f.decayed_gradient(w, g));
        (f.step(w, m), [m])
    };

    /// sgd with Nesterov's momentum.
    Nesterov: 1, |f, w, g, [m]| {
        let g = f.decayed_gradient(w, g);
        let m = f.keep[0].mul_add(m, g);
        (f.step(w, f.keep[0].mul_add(m, g)), [m])
    };

    /// adagrad.
    Adagrad: 1, |f, w, g, [sum]| {
        let sum = g.mul_add(g, sum);
        (f.step(w, g / (sum.sqrt() + f.eps)), [sum])
    };

    /// rmsprop.
    Rmsprop: 1, |f, w, g, [v]| {
        let v = f.mean_square(g, v);
        (f.step(w, g / (v.sqrt() + f.eps)), [v])
    };

    /// rmsprop with momentum.
    RmspropMomentum: 2, |f, w, g, [v, b]| {
        let v = f.mean_square(g, v);
        let b = f.extra.mul_add(b, g / (v.sqrt() + f.eps));
        (f.step(w, b), [v, b])
    };

    /// Centred rmsprop.
    RmspropCentered: 2, |f, w, g, [v, m]| {
        let (v, m) = (f.mean_square(g, v), f.mean(g, m));
        (f.step(w, g / (f.deviation(v, m) + f.eps)), [v, m])
    };

    /// Centred rmsprop with momentum.
    RmspropCenteredMomentum: 3, |f, w, g, [v, m, b]| {
        let (v, m) = (f.mean_square(g, v), f.mean(g, m));
        let b = f.extra.mul_add(b, g / (f.deviation(v, m) + f.eps));
        (f.step(w, b), [v, m, b])
    };

    /// adam and adamw.
    Adam: 2, |f, w, g, [m, v]| {
        let (m, v) = f.means(g, m, v);
        (f.step(f.decayed_weight(w), m / f.root(v)), [m, v])
    };

    /// adam and adamw with the greatest second moment so far.
    Amsgrad: 3, |f, w, g, [m, v, greatest]| {
        let (m, v) = f.means(g, m, v);
        let greatest = v.at_least(greatest);
        (f.step(f.decayed_weight(w), m / f.root(greatest)), [m, v, greatest])
    };

    /// nadam.
    Nadam: 2, |f, w, g, [m, v]| {
        let (m, v) = f.means(g, m, v);
        let root = f.root(v);
        let w = (-f.extra).mul_add(g / root, w);
        (f.step(w, m / root), [m, v])
    };
}
