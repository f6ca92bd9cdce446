//! The formulas of the optimizers, in PyTorch's form.

use super::explain::Explainer;
use super::math::{Function, Math, Symbol, number};
use super::page::Quantity;
use super::update::ParameterIndex;
use crate::text;
use engine::types::Optimizer;
use engine::words::optimizer::nadam::BASE as MOMENTUM_BASE;
use engine::words::optimizer::{Adagrad, Adam, Adamw, Nadam, Rmsprop, Sgd};

/// A setting with its letter.
fn setting(letter: &'static str, value: f64) -> Math {
    Math::Value(Symbol::plain(letter), value)
}

/// β m + (1 − β) x.
fn running(beta: &Math, old: Math, new: Math) -> Math {
    beta.clone() * old + (number(1.0) - beta.clone()) * new
}

/// 1 − βᵗ.
fn correction(beta: &Math, t: &Math) -> Math {
    number(1.0) - Math::Power(Box::new(beta.clone()), Box::new(t.clone()))
}

/// One parameter during the update.
struct Track<'a> {
    explainer: &'a Explainer<'a>,
    place: ParameterIndex,
    quantities: Vec<Quantity>,
    slots: usize,
}

impl Track<'_> {
    fn symbol(&self, letter: &'static str) -> Symbol {
        let symbol = self.place.symbol();
        match self.place.input {
            Some(_) => symbol.renamed(letter),
            None => Symbol::of_layer(letter, self.place.layer + 1, &[self.place.node + 1, 0]),
        }
    }

    /// The next slot of the optimizer: `letter ← formula(old)`. Returns the new value.
    fn remember(&mut self, letter: &'static str, formula: impl FnOnce(Math) -> Math) -> Math {
        let observation = self.explainer.observation;
        let slot = self.slots;
        self.slots += 1;
        let symbol = self.symbol(letter);
        let old = self.place.of(&observation.slots_before[slot]);
        let new = self.place.of(&observation.slots_after[slot]);
        let formula = formula(Math::Value(symbol.clone(), old));
        self.quantities.push(Quantity::assigned(
            "optimizer_state",
            symbol.clone(),
            formula,
            new,
        ));
        Math::Value(symbol, new)
    }
}

impl Explainer<'_> {
    /// The quantities of one parameter's update; the last one is the new value.
    pub fn update_of(&self, place: ParameterIndex) -> Vec<Quantity> {
        let observation = self.observation;
        let mut track = Track {
            explainer: self,
            place,
            quantities: Vec::new(),
            slots: 0,
        };
        let w = || Math::Value(place.symbol(), place.of(&observation.before));
        let g = Math::Value(track.symbol("g"), place.of(observation.stages.last()));
        let eta = setting("η", observation.learning_rate);
        let t = setting("t", observation.update as f64);
        let formula = match self.settings.optimizer {
            Optimizer::Sgd(Sgd {
                momentum,
                nesterov,
                weight_decay,
            }) => {
                let g = if weight_decay == 0.0 {
                    g
                } else {
                    g + setting("λ", weight_decay) * w()
                };
                if momentum == 0.0 {
                    w() - eta * g
                } else {
                    let mu = setting("μ", momentum);
                    // PyTorch's first momentum is the first gradient; with a start at 0 the
                    // formula gives the same.
                    let p = track.remember("p", |p| mu.clone() * p + g.clone());
                    if nesterov {
                        w() - eta * (g + mu * p)
                    } else {
                        w() - eta * p
                    }
                }
            }
            Optimizer::Adagrad(Adagrad { eps }) => {
                let s = track.remember("s", |s| s + g.clone().squared());
                w() - eta * g.over(s.root() + setting("ε", eps))
            }
            Optimizer::Rmsprop(Rmsprop {
                alpha,
                eps,
                momentum,
                centered,
            }) => {
                let alpha = setting("α", alpha);
                let v = track.remember("v", |v| running(&alpha, v, g.clone().squared()));
                let square = if centered {
                    let m = track.remember("m", |m| running(&alpha, m, g.clone()));
                    v - m.squared()
                } else {
                    v
                };
                let direction = g.over(square.root() + setting("ε", eps));
                if momentum == 0.0 {
                    w() - eta * direction
                } else {
                    let p = track.remember("p", |p| setting("μ", momentum) * p + direction);
                    w() - eta * p
                }
            }
            Optimizer::Adam(Adam {
                betas,
                eps,
                amsgrad,
            }) => {
                let step = adam_step(&mut track, &g, betas, eps, amsgrad, &t);
                w() - eta * step
            }
            Optimizer::Adamw(Adamw {
                betas,
                eps,
                amsgrad,
                weight_decay,
            }) => {
                let step = adam_step(&mut track, &g, betas, eps, amsgrad, &t);
                w() - eta.clone() * setting("λ", weight_decay) * w() - eta * step
            }
            Optimizer::Nadam(nadam) => {
                let Nadam { betas, eps, .. } = nadam;
                let [beta1, beta2] = [setting("β₁", betas[0]), setting("β₂", betas[1])];
                let m = track.remember("m", |m| running(&beta1, m, g.clone()));
                let v = track.remember("v", |v| running(&beta2, v, g.clone().squared()));
                let [now, next, product, product_next] = self.nadam(nadam);
                let momentum = next.1 * m.over(number(1.0) - product_next.1);
                let gradient = (number(1.0) - now.1) * g.over(number(1.0) - product.1);
                let root = v.over(correction(&beta2, &t)).root() + setting("ε", eps);
                w() - eta * (momentum + gradient).over(root)
            }
        };
        let new = place.of(&observation.after);
        track.quantities.push(Quantity::assigned(
            "new_parameter",
            place.symbol(),
            formula,
            new,
        ));
        track.quantities
    }

    /// Notes on the meaning of the letters.
    pub fn optimizer_notes(&self) -> Vec<String> {
        let language = self.language;
        let update = self.observation.update;
        match self.settings.optimizer {
            Optimizer::Sgd(Sgd { momentum: 0.0, .. }) => vec![text!(language, "trace-sgd")],
            Optimizer::Sgd(_) => vec![text!(language, "trace-momentum")],
            Optimizer::Adagrad(_) => vec![text!(language, "trace-adagrad")],
            Optimizer::Rmsprop(_) => vec![text!(language, "trace-rmsprop")],
            Optimizer::Adam(_) | Optimizer::Adamw(_) | Optimizer::Nadam(_) => vec![
                text!(language, "trace-adam"),
                text!(language, "trace-time", update = update),
            ],
        }
    }

    /// The factors of this update that all parameters share.
    pub fn step_factors(&self) -> Vec<Quantity> {
        match self.settings.optimizer {
            Optimizer::Nadam(nadam) => self.nadam(nadam).map(|(quantity, _)| quantity).to_vec(),
            _ => Vec::new(),
        }
    }

    /// NAdam's μₜ, μₜ₊₁ and their products up to t and t + 1 (Dozat 2016): μₜ = β₁ (1 − ½ 0.96^(tψ)).
    fn nadam(&self, nadam: Nadam) -> [(Quantity, Math); 4] {
        let Nadam {
            betas,
            momentum_decay,
            ..
        } = nadam;
        let t = self.observation.update;
        let mu = |time: u64| {
            let exponent = setting("t", time as f64) * setting("ψ", momentum_decay);
            let power = Math::Power(Box::new(number(MOMENTUM_BASE)), Box::new(exponent));
            setting("β₁", betas[0]) * (number(1.0) - number(0.5) * power)
        };
        let product = |time: u64| (1..=time).map(|time| mu(time).evaluate()).product::<f64>();
        let quantity = |letter: &'static str, formula: Math| {
            let value = formula.evaluate();
            let symbol = Symbol::plain(letter);
            let math = Math::Value(symbol.clone(), value);
            (
                Quantity::new("momentum_factor", symbol, formula, value),
                math,
            )
        };
        let now = quantity("μₜ", mu(t));
        let next = quantity("μₜ₊₁", mu(t + 1));
        let before = Math::Value(Symbol::plain("Πₜ₋₁"), product(t - 1));
        let product_now = quantity("Πₜ", before * now.1.clone());
        let product_next = quantity("Πₜ₊₁", product_now.1.clone() * next.1.clone());
        [now, next, product_now, product_next]
    }
}

/// m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε); with amsgrad, v is the greatest so far.
fn adam_step(
    track: &mut Track<'_>,
    g: &Math,
    betas: [f64; 2],
    eps: f64,
    amsgrad: bool,
    t: &Math,
) -> Math {
    let [beta1, beta2] = [setting("β₁", betas[0]), setting("β₂", betas[1])];
    let m = track.remember("m", |m| running(&beta1, m, g.clone()));
    let mut v = track.remember("v", |v| running(&beta2, v, g.clone().squared()));
    if amsgrad {
        let new = v.clone();
        v = track.remember("r", |r| Math::Call(Function::Max, vec![r, new]));
    }
    let root = v.over(correction(&beta2, t)).root() + setting("ε", eps);
    m.over(correction(&beta1, t)).over(root)
}
