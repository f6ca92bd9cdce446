//! RMSProp: a parameter's gradient is divided by the root of its running mean square (Hinton 2012).

use serde::{Deserialize, Serialize};

use super::method::{COUNTS, Formula, Lanes, Method, Update, Visit, descend, formulas};
use numbers::real::Real;

/// v ← α v + (1 − α) g², w ← w − η g / (√v + ε).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rmsprop {
    /// α, the smoothing constant.
    pub alpha: f64,
    /// ε, added to the root.
    pub eps: f64,
    /// The share of the last step that is kept; 0 for no momentum.
    pub momentum: f64,
    /// Whether the gradient is normalised by its estimated variance (Graves 2013).
    pub centered: bool,
}

/// The terms that the formula has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    momentum: bool,
    centered: bool,
}

impl Method for Rmsprop {
    type Terms = Terms;

    fn slots(self) -> &'static [&'static str] {
        let Terms { momentum, centered } = self.terms();
        match (centered, momentum) {
            (false, false) => &["mean square"],
            (false, true) => &["mean square", "momentum"],
            (true, false) => &["mean square", "mean"],
            (true, true) => &["mean square", "mean", "momentum"],
        }
    }

    fn terms(self) -> Terms {
        Terms {
            momentum: self.momentum != 0.0,
            centered: self.centered,
        }
    }
}

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    terms: Terms,
    alpha: T::Wide,
    eps: T::Wide,
    momentum: T::Wide,
}

impl<T: Real> Lanes<T> for Rule<T> {
    type Method = Rmsprop;
    type Factors = Factors<T>;

    fn new(method: Rmsprop) -> Self {
        Self {
            terms: method.terms(),
            alpha: T::Wide::splat(method.alpha),
            eps: T::Wide::splat(method.eps),
            momentum: T::Wide::splat(method.momentum),
        }
    }

    fn start_lane(&mut self, lane: usize, method: Rmsprop) {
        self.alpha = self.alpha.with_lane(lane, method.alpha);
        self.eps = self.eps.with_lane(lane, method.eps);
        self.momentum = self.momentum.with_lane(lane, method.momentum);
    }

    fn counts(&self, _: usize) -> [f64; COUNTS] {
        [0.0; COUNTS]
    }

    fn resume_lane(&mut self, _: usize, _: [f64; COUNTS]) {}

    #[inline(always)]
    fn advance(&mut self, _: T::Mask, rate: T::Wide) -> Factors<T> {
        Factors {
            terms: self.terms,
            rate: T::narrow(rate),
            keep: T::narrow(self.alpha),
            take: T::narrow(T::Wide::one() - self.alpha),
            eps: T::narrow(self.eps),
            momentum: T::narrow(self.momentum),
        }
    }
}

/// The numbers of one update.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    terms: Terms,
    rate: T,
    /// α.
    keep: T,
    /// 1 − α.
    take: T,
    eps: T,
    momentum: T,
}

impl<T: Real> Factors<T> {
    /// The running mean of the gradient's square.
    #[inline(always)]
    fn mean_square(&self, g: T, v: T) -> T {
        (self.take * g).mul_add(g, self.keep * v)
    }

    /// The running mean of the gradient.
    #[inline(always)]
    fn mean(&self, g: T, m: T) -> T {
        self.take.mul_add(g - m, m)
    }

    /// The square root of the variance, which rounding may make negative.
    #[inline(always)]
    fn deviation(&self, v: T, m: T) -> T {
        (-m).mul_add(m, v).at_least(T::zero()).sqrt()
    }
}

impl<T: Real> Update<T> for Factors<T> {
    #[inline(always)]
    fn update(self, visit: impl Visit<T>) {
        match (self.terms.centered, self.terms.momentum) {
            (false, false) => visit.visit(Scaled(self)),
            (false, true) => visit.visit(Heavy(self)),
            (true, false) => visit.visit(Centered(self)),
            (true, true) => visit.visit(CenteredHeavy(self)),
        }
    }
}

formulas! {
    /// The update by the root of the mean square.
    Scaled: 1, |f, w, g, [v]| {
        let v = f.mean_square(g, v);
        (descend(w, f.rate, g / (v.sqrt() + f.eps)), [v])
    };

    /// The update by the root of the mean square, with momentum.
    Heavy: 2, |f, w, g, [v, b]| {
        let v = f.mean_square(g, v);
        let b = f.momentum.mul_add(b, g / (v.sqrt() + f.eps));
        (descend(w, f.rate, b), [v, b])
    };

    /// The update by the root of the variance.
    Centered: 2, |f, w, g, [v, m]| {
        let (v, m) = (f.mean_square(g, v), f.mean(g, m));
        (descend(w, f.rate, g / (f.deviation(v, m) + f.eps)), [v, m])
    };

    /// The update by the root of the variance, with momentum.
    CenteredHeavy: 3, |f, w, g, [v, m, b]| {
        let (v, m) = (f.mean_square(g, v), f.mean(g, m));
        let b = f.momentum.mul_add(b, g / (f.deviation(v, m) + f.eps));
        (descend(w, f.rate, b), [v, m, b])
    };
}
