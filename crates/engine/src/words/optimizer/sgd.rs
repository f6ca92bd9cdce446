//! Gradient descent, with momentum and weight decay.

use serde::{Deserialize, Serialize};

use super::method::{COUNTS, Formula, Lanes, Method, Update, Visit, descend, formulas};
use numbers::real::Real;

/// Gradient descent: w ← w − η g; with momentum μ, m ← μ m + g and w ← w − η m.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sgd {
    /// μ, the share of the last step that is kept; 0 for no momentum.
    pub momentum: f64,
    /// Whether the momentum has Nesterov's form.
    pub nesterov: bool,
    /// The factor of the parameter that is added to its gradient, for all parameters.
    pub weight_decay: f64,
}

impl Sgd {
    /// Gradient descent and nothing else.
    pub const PLAIN: Self = Self {
        momentum: 0.0,
        nesterov: false,
        weight_decay: 0.0,
    };
}

/// The terms that the formula has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    momentum: Momentum,
    weight_decay: bool,
}

impl Terms {
    /// The terms of [`Sgd::PLAIN`].
    pub const PLAIN: Self = Self {
        momentum: Momentum::None,
        weight_decay: false,
    };
}

/// The kinds of momentum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Momentum {
    None,
    /// A running sum of gradients (Polyak 1964).
    Heavy,
    /// Momentum that looks one step ahead (Nesterov 1983).
    Nesterov,
}

impl Method for Sgd {
    type Terms = Terms;

    fn slots(self) -> &'static [&'static str] {
        match self.terms().momentum {
            Momentum::None => &[],
            Momentum::Heavy | Momentum::Nesterov => &["momentum"],
        }
    }

    fn terms(self) -> Terms {
        Terms {
            momentum: match (self.momentum != 0.0, self.nesterov) {
                (false, _) => Momentum::None,
                (true, false) => Momentum::Heavy,
                (true, true) => Momentum::Nesterov,
            },
            weight_decay: self.weight_decay != 0.0,
        }
    }
}

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    terms: Terms,
    momentum: T::Wide,
    weight_decay: T::Wide,
}

impl<T: Real> Lanes<T> for Rule<T> {
    type Method = Sgd;
    type Factors = Factors<T>;

    fn new(method: Sgd) -> Self {
        Self {
            terms: method.terms(),
            momentum: T::Wide::splat(method.momentum),
            weight_decay: T::Wide::splat(method.weight_decay),
        }
    }

    fn start_lane(&mut self, lane: usize, method: Sgd) {
        self.momentum = self.momentum.with_lane(lane, method.momentum);
        self.weight_decay = self.weight_decay.with_lane(lane, method.weight_decay);
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
            momentum: T::narrow(self.momentum),
            weight_decay: T::narrow(self.weight_decay),
        }
    }
}

/// The numbers of one update.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    terms: Terms,
    rate: T,
    momentum: T,
    weight_decay: T,
}

impl<T: Real> Factors<T> {
    /// The factors of [`Sgd::PLAIN`].
    #[inline(always)]
    pub fn plain(rate: T) -> Self {
        Self {
            terms: Terms::PLAIN,
            rate,
            momentum: T::zero(),
            weight_decay: T::zero(),
        }
    }

    /// Does the update of [`Update::update`] for [`Terms::PLAIN`].
    #[inline(always)]
    pub fn descend(self, visit: impl Visit<T>) {
        visit.visit(Plain(self));
    }

    /// The gradient plus the weight decay.
    #[inline(always)]
    fn decayed(&self, w: T, g: T) -> T {
        if self.terms.weight_decay {
            self.weight_decay.mul_add(w, g)
        } else {
            g
        }
    }
}

impl<T: Real> Update<T> for Factors<T> {
    #[inline(always)]
    fn update(self, visit: impl Visit<T>) {
        match self.terms.momentum {
            Momentum::None => visit.visit(Plain(self)),
            Momentum::Heavy => visit.visit(Heavy(self)),
            Momentum::Nesterov => visit.visit(Nesterov(self)),
        }
    }
}

formulas! {
    /// The update without momentum.
    Plain: 0, |f, w, g, []| (descend(w, f.rate, f.decayed(w, g)), []);

    /// The update with momentum.
    Heavy: 1, |f, w, g, [m]| {
        let m = f.momentum.mul_add(m, f.decayed(w, g));
        (descend(w, f.rate, m), [m])
    };

    /// The update with Nesterov's momentum.
    Nesterov: 1, |f, w, g, [m]| {
        let g = f.decayed(w, g);
        let m = f.momentum.mul_add(m, g);
        (descend(w, f.rate, f.momentum.mul_add(m, g)), [m])
    };
}
