//! The textbook's formulas of activations and losses, as trees.
//!
//! The formulas are for reading. The numbers beside them come from the engine, and a test compares
//! the two.

use super::math::{Condition, Function, Math, Symbol, number};
use engine::types::{Activation, Loss};
use engine::words::activation::{GELU_CUBE, LEAK, SELU_ALPHA, SELU_SCALE};
use engine::words::loss::HUBER_DELTA;

/// The formula `then` if left > right, else `otherwise`.
fn if_above(left: Math, right: Math, then: Math, otherwise: Math) -> Math {
    Math::Cases {
        condition: Box::new(Condition {
            left,
            greater: true,
            right,
        }),
        then: Box::new(then),
        otherwise: Box::new(otherwise),
    }
}

fn selu_constants() -> (Math, Math) {
    let lambda = Math::Value(Symbol::plain("λ"), SELU_SCALE);
    let alpha = Math::Value(Symbol::plain("α"), SELU_ALPHA);
    (lambda, alpha)
}

/// √(2 / π).
fn root_two_over_pi() -> Math {
    let pi = Math::Value(Symbol::plain("π"), std::f64::consts::PI);
    number(2.0).over(pi).root()
}

/// The inner term of gelu_tanh: √(2/π) (u + 0.044715 u³).
fn gelu_inner(u: &Math) -> Math {
    let cube = Math::Power(Box::new(u.clone()), Box::new(number(3.0)));
    root_two_over_pi() * (u.clone() + number(GELU_CUBE) * cube)
}

/// z = f(u).
pub fn activation(activation: Activation, u: &Math) -> Math {
    let one = || number(1.0);
    let zero = || number(0.0);
    let u = || u.clone();
    match activation {
        Activation::Identity => u(),
        Activation::Sigmoid => one().over(one() + (-u()).exp()),
        Activation::Tanh => u().of(Function::Tanh),
        Activation::Relu => Math::Call(Function::Max, vec![zero(), u()]),
        Activation::LeakyRelu => if_above(u(), zero(), u(), number(LEAK) * u()),
        Activation::Elu => if_above(u(), zero(), u(), u().exp() - one()),
        Activation::Selu => {
            let (lambda, alpha) = selu_constants();
            let below = lambda.clone() * alpha * (u().exp() - one());
            if_above(u(), zero(), lambda * u(), below)
        }
        Activation::Gelu => u() * u().of(Function::NormalCdf),
        Activation::GeluTanh => {
            u().over(number(2.0)) * (one() + gelu_inner(&u()).of(Function::Tanh))
        }
        Activation::Silu => u() * u().of(Function::Sigmoid),
        Activation::Softplus => u().of(Function::Softplus),
        Activation::HardSigmoid => {
            let line = u().over(number(6.0)) + one().over(number(2.0));
            let above = Math::Call(Function::Max, vec![zero(), line]);
            Math::Call(Function::Min, vec![one(), above])
        }
        Activation::Mish => u() * u().of(Function::Softplus).of(Function::Tanh),
    }
}

/// f′(u), from u and z = f(u).
pub fn derivative(activation: Activation, u: &Math, z: &Math) -> Math {
    let one = || number(1.0);
    let zero = || number(0.0);
    let (u, z) = (|| u.clone(), || z.clone());
    match activation {
        Activation::Identity => one(),
        Activation::Sigmoid => z() * (one() - z()),
        Activation::Tanh => one() - z().squared(),
        Activation::Relu => if_above(u(), zero(), one(), zero()),
        Activation::LeakyRelu => if_above(u(), zero(), one(), number(LEAK)),
        Activation::Elu => if_above(u(), zero(), one(), u().exp()),
        Activation::Selu => {
            let (lambda, alpha) = selu_constants();
            if_above(u(), zero(), lambda.clone(), lambda * alpha * u().exp())
        }
        Activation::Gelu => u().of(Function::NormalCdf) + u() * u().of(Function::NormalDensity),
        Activation::GeluTanh => {
            let tanh = gelu_inner(&u()).of(Function::Tanh);
            let slope =
                root_two_over_pi() * (one() + number(3.0) * number(GELU_CUBE) * u().squared());
            (one() + tanh.clone()).over(number(2.0))
                + u().over(number(2.0)) * (one() - tanh.squared()) * slope
        }
        Activation::Silu => {
            let sigmoid = || u().of(Function::Sigmoid);
            sigmoid() * (one() + u() * (one() - sigmoid()))
        }
        Activation::Softplus => u().of(Function::Sigmoid),
        Activation::HardSigmoid => {
            if_above(number(3.0), u().absolute(), one().over(number(6.0)), zero())
        }
        Activation::Mish => {
            let tanh = || u().of(Function::Softplus).of(Function::Tanh);
            tanh() + u() * (one() - tanh().squared()) * u().of(Function::Sigmoid)
        }
    }
}

/// The part of one output in the sample's loss E, from its prediction and its target; `None` for
/// cross_entropy, which has no separate parts.
pub fn loss_term(loss: Loss, p: &Math, t: &Math) -> Option<Math> {
    let (p, t) = (|| p.clone(), || t.clone());
    let half = |math: Math| math.over(number(2.0));
    let difference = || p() - t();
    Some(match loss {
        Loss::HalfMse => half(difference().squared()),
        Loss::Mse => difference().squared(),
        Loss::Mae => difference().absolute(),
        Loss::Huber => if_above(
            difference().absolute(),
            number(HUBER_DELTA),
            difference().absolute() - half(number(HUBER_DELTA)),
            half(difference().squared()),
        ),
        Loss::Bce => p().of(Function::Softplus) - t() * p(),
        Loss::CrossEntropy => return None,
    })
}

/// ln Σ exp(pₖ − m) + m − p, with p of the target class; m is the greatest logit.
pub fn cross_entropy(logits: &[Math], class: usize) -> Math {
    let m = greatest(logits);
    let sum = exponentials(logits, &m);
    Math::Sum(vec![
        Math::Sum(sum).of(Function::Ln),
        m,
        -logits[class].clone(),
    ])
}

fn exponentials(logits: &[Math], m: &Math) -> Vec<Math> {
    logits
        .iter()
        .map(|logit| (logit.clone() - m.clone()).exp())
        .collect()
}

/// The greatest logit, as a quantity named m.
fn greatest(logits: &[Math]) -> Math {
    let greatest = logits
        .iter()
        .map(Math::evaluate)
        .fold(f64::NEG_INFINITY, f64::max);
    Math::Value(Symbol::plain("m"), greatest)
}

/// ∂E/∂p of one output; for cross_entropy the softmax, minus 1 at the target class.
pub fn error(loss: Loss, predictions: &[Math], targets: &[Math], output: usize) -> Math {
    let p = || predictions[output].clone();
    let difference = || p() - targets[output].clone();
    match loss {
        Loss::HalfMse => difference(),
        Loss::Mse => number(2.0) * difference(),
        Loss::Mae => difference().of(Function::Sign),
        Loss::Huber => if_above(
            difference().absolute(),
            number(HUBER_DELTA),
            difference().of(Function::Sign),
            difference(),
        ),
        Loss::Bce => p().of(Function::Sigmoid) - targets[output].clone(),
        Loss::CrossEntropy => {
            let m = greatest(predictions);
            let softmax = (p() - m.clone())
                .exp()
                .over(Math::Sum(exponentials(predictions, &m)));
            let class = targets[0].evaluate();
            if class == output as f64 {
                softmax - number(1.0)
            } else {
                softmax
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use choices::Choice;

    /// The trees are evaluated with other roundings than the engine's. The tolerance is a few units
    /// in the last place of numbers of size 1, with room for the cancellation in 1 − tanh².
    const TOLERANCE: f64 = 1e-14;

    #[test]
    fn the_formulas_give_what_the_engine_computes() {
        for &activation in Activation::ALL {
            for step in -60..=60 {
                let u = f64::from(step) * 0.11;
                let z = activation.apply(u);
                let u_math = Math::Value(Symbol::plain("u"), u);
                let z_math = Math::Value(Symbol::plain("z"), z);
                let value = super::activation(activation, &u_math).evaluate();
                assert!(
                    (value - z).abs() < TOLERANCE * (1.0 + z.abs()),
                    "{activation:?} at {u}"
                );
                let slope = derivative(activation, &u_math, &z_math).evaluate();
                let engine = activation.derivative(u, z);
                // The engine's slope of hard_sigmoid is 1/6 in 24 bits, as in PyTorch.
                let slope_tolerance = match activation {
                    Activation::HardSigmoid => 1e-8,
                    _ => TOLERANCE * 4.0,
                };
                assert!(
                    (slope - engine).abs() < slope_tolerance,
                    "{activation:?}′ at {u}"
                );
            }
        }
    }

    #[test]
    fn the_formulas_of_losses_give_what_the_engine_computes() {
        let losses = [Loss::HalfMse, Loss::Mse, Loss::Mae, Loss::Huber, Loss::Bce];
        for loss in losses {
            for step in -20..=20 {
                let predictions = [f64::from(step) * 0.37, 0.5, -2.0];
                let targets = [1.0, 0.0, 1.0];
                let named = |values: &[f64]| -> Vec<Math> {
                    let named = values.iter().map(|&v| Math::Value(Symbol::plain("p"), v));
                    named.collect()
                };
                let (p, t) = (named(&predictions), named(&targets));
                let terms = p.iter().zip(&t).filter_map(|(p, t)| loss_term(loss, p, t));
                let value = terms.map(|term| term.evaluate()).sum::<f64>() / 3.0;
                let engine = loss.value(&predictions, &targets);
                assert!(
                    (value - engine).abs() < TOLERANCE * (1.0 + engine.abs()),
                    "{loss:?}"
                );
                let mut errors = [0.0; 3];
                loss.error(&predictions, &targets, &mut errors);
                for (output, engine) in errors.into_iter().enumerate() {
                    let value = error(loss, &p, &t, output).evaluate();
                    assert!((value - engine).abs() < TOLERANCE * 10.0, "{loss:?}′");
                }
            }
        }
    }
}
