//! AdamW: Adam with a weight decay that is separate from the gradient (Loshchilov and Hutter 2019).

use serde::{Deserialize, Serialize};

use super::method::{COUNTS, Formula, Lanes, Method, Update, Visit, descend, formulas};
use super::moments::{self, Means, Moments};
use numbers::real::Real;

/// The update of [`Adam`](super::Adam), after w ← w − η λ w.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Adamw {
    /// β₁ and β₂, the constants of the two running means.
    pub betas: [f64; 2],
    /// ε, added to the root.
    pub eps: f64,
    /// Whether the greatest mean square so far is used (Reddi et al. 2018).
    pub amsgrad: bool,
    /// λ: its product with the learning rate and the parameter is subtracted from the parameter.
    pub weight_decay: f64,
}

/// The terms that the formula has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    amsgrad: bool,
}

impl Method for Adamw {
    type Terms = Terms;

    fn slots(self) -> &'static [&'static str] {
        if self.amsgrad {
            moments::AMSGRAD_SLOTS
        } else {
            moments::SLOTS
        }
    }

    fn terms(self) -> Terms {
        Terms {
            amsgrad: self.amsgrad,
        }
    }
}

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    terms: Terms,
    moments: Moments<T>,
    weight_decay: T::Wide,
}

impl<T: Real> Lanes<T> for Rule<T> {
    type Method = Adamw;
    type Factors = Factors<T>;

    fn new(method: Adamw) -> Self {
        Self {
            terms: method.terms(),
            moments: Moments::new(method.betas, method.eps),
            weight_decay: T::Wide::splat(method.weight_decay),
        }
    }

    fn start_lane(&mut self, lane: usize, method: Adamw) {
        self.moments.start_lane(lane, method.betas, method.eps);
        self.weight_decay = self.weight_decay.with_lane(lane, method.weight_decay);
    }

    fn counts(&self, lane: usize) -> [f64; COUNTS] {
        let [power, second_power] = self.moments.counts(lane);
        [power, second_power, 0.0]
    }

    fn resume_lane(&mut self, lane: usize, [power, second_power, _]: [f64; COUNTS]) {
        self.moments.resume_lane(lane, [power, second_power]);
    }

    #[inline(always)]
    fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Factors<T> {
        let one = T::Wide::one();
        let means = self.moments.advance(mask, self.moments.betas[0]);
        Factors {
            terms: self.terms,
            rate: T::narrow(rate / (one - self.moments.powers[0])),
            means,
            keep: T::narrow((-rate).mul_add(self.weight_decay, one)),
        }
    }
}

/// The numbers of one update.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    terms: Terms,
    /// η / (1 − β₁ᵗ).
    rate: T,
    means: Means<T>,
    /// 1 − η λ, the factor by which the decay multiplies a parameter.
    keep: T,
}

impl<T: Real> Update<T> for Factors<T> {
    #[inline(always)]
    fn update(self, visit: impl Visit<T>) {
        if self.terms.amsgrad {
            visit.visit(Amsgrad(self));
        } else {
            visit.visit(Plain(self));
        }
    }
}

formulas! {
    /// The update by the mean square.
    Plain: 2, |f, w, g, slots| {
        let [m, v] = f.means.update(g, slots);
        (descend(w * f.keep, f.rate, m / f.means.root(v)), [m, v])
    };

    /// The update by the greatest mean square so far.
    Amsgrad: 3, |f, w, g, [m, v, greatest]| {
        let [m, v] = f.means.update(g, [m, v]);
        let greatest = v.at_least(greatest);
        (descend(w * f.keep, f.rate, m / f.means.root(greatest)), [m, v, greatest])
    };
}
