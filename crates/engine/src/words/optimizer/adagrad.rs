//! AdaGrad: a parameter's steps shorten with the squares of its gradients (Duchi et al. 2011).

use serde::{Deserialize, Serialize};

use super::method::{COUNTS, Formula, Lanes, Method, Update, Visit, descend, formulas};
use numbers::real::Real;

/// s ← s + g², w ← w − η g / (√s + ε).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adagrad {
    /// ε, added to the root.
    pub eps: f64,
}

impl Method for Adagrad {
    type Terms = ();

    fn slots(self) -> &'static [&'static str] {
        &["sum of squares"]
    }

    fn terms(self) {}
}

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    eps: T::Wide,
}

impl<T: Real> Lanes<T> for Rule<T> {
    type Method = Adagrad;
    type Factors = Factors<T>;

    fn new(method: Adagrad) -> Self {
        Self {
            eps: T::Wide::splat(method.eps),
        }
    }

    fn start_lane(&mut self, lane: usize, method: Adagrad) {
        self.eps = self.eps.with_lane(lane, method.eps);
    }

    fn counts(&self, _: usize) -> [f64; COUNTS] {
        [0.0; COUNTS]
    }

    fn resume_lane(&mut self, _: usize, _: [f64; COUNTS]) {}

    #[inline(always)]
    fn advance(&mut self, _: T::Mask, rate: T::Wide) -> Factors<T> {
        Factors {
            rate: T::narrow(rate),
            eps: T::narrow(self.eps),
        }
    }
}

/// The numbers of one update.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    rate: T,
    eps: T,
}

impl<T: Real> Update<T> for Factors<T> {
    #[inline(always)]
    fn update(self, visit: impl Visit<T>) {
        visit.visit(Scaled(self));
    }
}

formulas! {
    /// The update by the root of the sum of squares.
    Scaled: 1, |f, w, g, [sum]| {
        let sum = g.mul_add(g, sum);
        (descend(w, f.rate, g / (sum.sqrt() + f.eps)), [sum])
    };
}
