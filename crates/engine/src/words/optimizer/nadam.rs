//! NAdam: Adam with Nesterov's momentum, whose constant follows a schedule (Dozat 2016).

use serde::{Deserialize, Serialize};

use super::method::{COUNTS, Formula, Lanes, Method, Update, Visit, descend, formulas};
use super::moments::{self, Means, Moments};
use numbers::functions::{exp, ln};
use numbers::real::Real;

/// The base of the momentum's schedule (Dozat 2016, §4; PyTorch's constant).
pub const BASE: f64 = 0.96;

/// The means of Adam, with μₜ = β₁ (1 − ½ · 0.96^(t ψ)) and Πₜ = μ₁ ⋯ μₜ:
/// w ← w − η (μₜ₊₁ m / (1 − Πₜ₊₁) + (1 − μₜ) g / (1 − Πₜ)) / (√v̂ + ε).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Nadam {
    /// β₁ and β₂, the constants of the two running means.
    pub betas: [f64; 2],
    /// ε, added to the root.
    pub eps: f64,
    /// ψ, the decay of the momentum's schedule.
    pub momentum_decay: f64,
}

impl Method for Nadam {
    type Terms = ();

    fn slots(self) -> &'static [&'static str] {
        moments::SLOTS
    }

    fn terms(self) {}
}

/// The numbers of the rule, in each lane.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    moments: Moments<T>,
    momentum_decay: T::Wide,
    /// The number of updates so far.
    time: T::Wide,
}

impl<T: Real> Rule<T> {
    /// The momentum μₜ at time t.
    #[inline(always)]
    fn momentum(&self, time: T::Wide) -> T::Wide {
        let base = ln(T::Wide::from_f64(BASE));
        let power = exp(time * self.momentum_decay * base);
        self.moments.betas[0] * (-T::Wide::from_f64(0.5)).mul_add(power, T::Wide::one())
    }
}

impl<T: Real> Lanes<T> for Rule<T> {
    type Method = Nadam;
    type Factors = Factors<T>;

    fn new(method: Nadam) -> Self {
        Self {
            moments: Moments::new(method.betas, method.eps),
            momentum_decay: T::Wide::splat(method.momentum_decay),
            time: T::Wide::zero(),
        }
    }

    fn start_lane(&mut self, lane: usize, method: Nadam) {
        self.moments.start_lane(lane, method.betas, method.eps);
        self.momentum_decay = self.momentum_decay.with_lane(lane, method.momentum_decay);
        self.time = self.time.with_lane(lane, 0.0);
    }

    fn counts(&self, lane: usize) -> [f64; COUNTS] {
        let [power, second_power] = self.moments.counts(lane);
        [power, second_power, self.time.lane(lane)]
    }

    fn resume_lane(&mut self, lane: usize, [power, second_power, time]: [f64; COUNTS]) {
        self.moments.resume_lane(lane, [power, second_power]);
        self.time = self.time.with_lane(lane, time);
    }

    #[inline(always)]
    fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Factors<T> {
        let one = T::Wide::one();
        let time = self.time + one;
        let (now, next) = (self.momentum(time), self.momentum(time + one));
        let means = self.moments.advance(mask, now);
        let product = self.moments.powers[0];
        self.time = T::Wide::select(T::widen_mask(mask), time, self.time);
        Factors {
            mean_rate: T::narrow(rate * next / (one - product * next)),
            gradient_rate: T::narrow(rate * (one - now) / (one - product)),
            means,
        }
    }
}

/// The numbers of one update.
#[derive(Debug, Clone, Copy)]
pub struct Factors<T> {
    /// η μₜ₊₁ / (1 − Πₜ₊₁), the rate of the mean.
    mean_rate: T,
    /// η (1 − μₜ) / (1 − Πₜ), the rate of the gradient.
    gradient_rate: T,
    means: Means<T>,
}

impl<T: Real> Update<T> for Factors<T> {
    #[inline(always)]
    fn update(self, visit: impl Visit<T>) {
        visit.visit(Ahead(self));
    }
}

formulas! {
    /// The update by the mean and, one step ahead, the gradient.
    Ahead: 2, |f, w, g, slots| {
        let [m, v] = f.means.update(g, slots);
        let root = f.means.root(v);
        let w = descend(w, f.gradient_rate, g / root);
        (descend(w, f.mean_rate, m / root), [m, v])
    };
}
