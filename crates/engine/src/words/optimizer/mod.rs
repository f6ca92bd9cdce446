//! Optimizers: how the averaged gradient changes the parameters.
//!
//! [`Optimizer`] is what a run asks for. [`Rule`] is the same as numbers of the engine's type, one
//! per lane; [`Factors`] are what a rule needs to know of the step it is at, and hold the formulas.
//! What a rule remembers of each parameter are its *slots*.

mod update;

use serde::{Deserialize, Serialize};

use numbers::functions::{exp, ln};
use numbers::real::Real;
pub use update::{Factors, Formula, Walk};

/// The rule of the update, with PyTorch's names and meanings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Optimizer {
    /// Gradient descent: w ← w − η g.
    Sgd {
        /// 0: none.
        momentum: f64,
        /// Nesterov's form of momentum.
        nesterov: bool,
        /// Times the parameter, added to its gradient; all parameters.
        weight_decay: f64,
    },
    /// Duchi et al. 2011.
    Adagrad {
        /// Added to the root.
        eps: f64,
    },
    /// Hinton 2012.
    Rmsprop {
        /// The smoothing constant.
        alpha: f64,
        /// Added to the root.
        eps: f64,
        /// 0: none.
        momentum: f64,
        /// Whether the gradient is normalised by its estimated variance.
        centered: bool,
    },
    /// Kingma and Ba 2015.
    Adam {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// Reddi et al. 2018.
        amsgrad: bool,
    },
    /// Loshchilov and Hutter 2019.
    Adamw {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// Reddi et al. 2018.
        amsgrad: bool,
        /// Times the learning rate and the parameter, taken from it.
        weight_decay: f64,
    },
    /// Dozat 2016.
    Nadam {
        /// Of the two running means.
        betas: [f64; 2],
        /// Added to the root.
        eps: f64,
        /// The decay of the momentum schedule.
        momentum_decay: f64,
    },
}

/// NAdam's base of the momentum schedule (Dozat 2016, §4; PyTorch's constant).
const NADAM_BASE: f64 = 0.96;

impl Optimizer {
    /// The names of what it remembers of each parameter.
    pub fn slots(self) -> &'static [&'static str] {
        match self {
            Optimizer::Sgd { momentum: 0.0, .. } => &[],
            Optimizer::Sgd { .. } => &["momentum"],
            Optimizer::Adagrad { .. } => &["sum of squares"],
            Optimizer::Rmsprop {
                momentum, centered, ..
            } => match (centered, momentum != 0.0) {
                (false, false) => &["mean square"],
                (false, true) => &["mean square", "momentum"],
                (true, false) => &["mean square", "mean"],
                (true, true) => &["mean square", "mean", "momentum"],
            },
            Optimizer::Adam { amsgrad: false, .. }
            | Optimizer::Adamw { amsgrad: false, .. }
            | Optimizer::Nadam { .. } => &["mean", "mean square"],
            Optimizer::Adam { amsgrad: true, .. } | Optimizer::Adamw { amsgrad: true, .. } => {
                &["mean", "mean square", "greatest mean square"]
            }
        }
    }

    /// What of it decides which formula is used, apart from its numbers: runs whose optimizers have
    /// one form can be updated in one pack.
    pub fn form(self) -> Form {
        match self {
            Optimizer::Sgd {
                momentum,
                nesterov,
                weight_decay,
            } => Form::Sgd {
                momentum: match (momentum != 0.0, nesterov) {
                    (false, _) => Momentum::None,
                    (true, false) => Momentum::Heavy,
                    (true, true) => Momentum::Nesterov,
                },
                weight_decay: weight_decay != 0.0,
            },
            Optimizer::Adagrad { .. } => Form::Adagrad,
            Optimizer::Rmsprop {
                momentum, centered, ..
            } => Form::Rmsprop {
                momentum: momentum != 0.0,
                centered,
            },
            Optimizer::Adam { amsgrad, .. } => Form::Adam {
                amsgrad,
                decoupled: false,
            },
            Optimizer::Adamw { amsgrad, .. } => Form::Adam {
                amsgrad,
                decoupled: true,
            },
            Optimizer::Nadam { .. } => Form::Nadam,
        }
    }

    /// Its numbers, in an order that [`Rule`] knows.
    fn numbers(self) -> [f64; 4] {
        match self {
            Optimizer::Sgd {
                momentum,
                weight_decay,
                ..
            } => [momentum, weight_decay, 0.0, 0.0],
            Optimizer::Adagrad { eps } => [eps, 0.0, 0.0, 0.0],
            Optimizer::Rmsprop {
                alpha,
                eps,
                momentum,
                ..
            } => [alpha, eps, momentum, 0.0],
            Optimizer::Adam { betas, eps, .. } => [betas[0], betas[1], eps, 0.0],
            Optimizer::Adamw {
                betas,
                eps,
                weight_decay,
                ..
            } => [betas[0], betas[1], eps, weight_decay],
            Optimizer::Nadam {
                betas,
                eps,
                momentum_decay,
            } => [betas[0], betas[1], eps, momentum_decay],
        }
    }
}

/// Which formula an optimizer uses. A number that is 0 leaves its term out of the formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Of sgd.
    Sgd {
        /// Which kind.
        momentum: Momentum,
        /// Whether there is any.
        weight_decay: bool,
    },
    /// Of adagrad.
    Adagrad,
    /// Of rmsprop.
    Rmsprop {
        /// Whether there is any.
        momentum: bool,
        /// Whether by the variance.
        centered: bool,
    },
    /// Of adam and adamw.
    Adam {
        /// Whether by the greatest mean square so far.
        amsgrad: bool,
        /// Whether the weights decay apart from the gradient (adamw).
        decoupled: bool,
    },
    /// Of nadam.
    Nadam,
}

impl Form {
    /// Gradient descent and nothing else.
    pub const PLAIN_SGD: Self = Self::Sgd {
        momentum: Momentum::None,
        weight_decay: false,
    };
}

/// The kinds of momentum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Momentum {
    /// None.
    None,
    /// A running sum of gradients (Polyak 1964).
    Heavy,
    /// The same, looking one step ahead (Nesterov 1983).
    Nesterov,
}

/// An optimizer at some step, its numbers in every lane those of that lane's run.
#[derive(Debug, Clone, Copy)]
pub struct Rule<T: Real> {
    form: Form,
    numbers: [T::Wide; 4],
    /// Of adam and its kin β₁ᵗ and β₂ᵗ after t updates; of nadam Π μ and β₂ᵗ.
    powers: [T::Wide; 2],
    /// Updates so far.
    time: T::Wide,
}

impl<T: Real> Rule<T> {
    /// The rule of an optimizer, in every lane, before its first update.
    pub fn new(optimizer: Optimizer) -> Self {
        let one = T::Wide::one();
        Self {
            form: optimizer.form(),
            numbers: optimizer.numbers().map(T::Wide::splat),
            powers: [one, one],
            time: T::Wide::zero(),
        }
    }

    /// Another optimizer of the same form in one lane, before its first update.
    pub fn start_lane(&mut self, lane: usize, optimizer: Optimizer) {
        assert_eq!(self.form, optimizer.form(), "a pack has one form");
        for (number, value) in self.numbers.iter_mut().zip(optimizer.numbers()) {
            *number = number.with_lane(lane, value);
        }
        self.powers = self.powers.map(|power| power.with_lane(lane, 1.0));
        self.time = self.time.with_lane(lane, 0.0);
    }

    /// Goes to the next update where the mask says so; the factors of that update with learning
    /// rate η.
    #[inline(always)]
    pub fn advance(&mut self, mask: T::Mask, rate: T::Wide) -> Factors<T> {
        let one = T::Wide::one();
        let [first, second, third, fourth] = self.numbers;
        let mut factors = Factors {
            form: self.form,
            rate: T::narrow(rate),
            keep: [T::narrow(first), T::narrow(second)],
            take: [T::narrow(one - first), T::narrow(one - second)],
            eps: T::narrow(third),
            root_scale: T::one(),
            extra: T::narrow(fourth),
        };
        match self.form {
            Form::Sgd { .. } => factors.extra = T::narrow(second),
            Form::Adagrad => factors.eps = T::narrow(first),
            Form::Rmsprop { .. } => {
                factors.eps = T::narrow(second);
                factors.extra = T::narrow(third);
            }
            Form::Adam { decoupled, .. } => {
                self.raise(mask, first);
                factors.rate = T::narrow(rate / (one - self.powers[0]));
                factors.root_scale = self.root_scale();
                if decoupled {
                    factors.extra = T::narrow((-rate).mul_add(fourth, one));
                }
            }
            Form::Nadam => {
                let next = self.time + one;
                let mu = nadam_momentum(first, fourth, next);
                self.raise(mask, mu);
                let product = self.powers[0];
                let mu_next = nadam_momentum(first, fourth, next + one);
                factors.rate = T::narrow(rate * mu_next / (one - product * mu_next));
                factors.extra = T::narrow(rate * (one - mu) / (one - product));
                factors.root_scale = self.root_scale();
            }
        }
        self.time = T::Wide::select(T::widen_mask(mask), self.time + one, self.time);
        factors
    }

    /// Multiplies the powers by their bases, where the mask says so.
    #[inline(always)]
    fn raise(&mut self, mask: T::Mask, first: T::Wide) {
        let mask = T::widen_mask(mask);
        let [power, second_power] = self.powers;
        self.powers = [
            T::Wide::select(mask, power * first, power),
            T::Wide::select(mask, second_power * self.numbers[1], second_power),
        ];
    }

    /// 1 / √(1 − β₂ᵗ).
    #[inline(always)]
    fn root_scale(&self) -> T {
        let one = T::Wide::one();
        T::narrow(one / (one - self.powers[1]).sqrt())
    }
}

/// μ_t = β₁ (1 − ½ · 0.96^(t ψ)).
#[inline(always)]
fn nadam_momentum<W: Real>(beta: W, decay: W, time: W) -> W {
    let power = exp(time * decay * ln(W::from_f64(NADAM_BASE)));
    beta * (-W::from_f64(0.5)).mul_add(power, W::one())
}
