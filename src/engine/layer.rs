//! One dense layer and one sample: the three walks over a matrix that learning is made of.
//!
//! A matrix (nodes, inputs) is a flat slice, row by row. Every sum has one order: over a layer's
//! inputs from first to last, over its nodes from first to last, over a batch's samples in theirs.
//! These loops are the definition that any other walk equals bit for bit.

use super::activation::Activation;
use super::real::Real;

/// u = W x + b: a node's sum starts from its bias and adds one fused term per input.
#[inline(always)]
pub fn sums<T: Real>(weights: &[T], biases: &[T], input: &[T], u: &mut [T]) {
    for ((row, &bias), u) in weights.chunks_exact(input.len()).zip(biases).zip(u) {
        let mut sum = bias;
        for (&w, &x) in row.iter().zip(input) {
            sum = w.mul_add(x, sum);
        }
        *u = sum;
    }
}

/// dW += δ xᵀ, db += δ.
#[inline(always)]
pub fn accumulate<T: Real>(delta: &[T], input: &[T], d_weights: &mut [T], d_biases: &mut [T]) {
    let rows = d_weights.chunks_exact_mut(input.len());
    for ((&delta, row), d_bias) in delta.iter().zip(rows).zip(d_biases) {
        for (d_weight, &x) in row.iter_mut().zip(input) {
            *d_weight = delta.mul_add(x, *d_weight);
        }
        *d_bias += delta;
    }
}

/// The error of the layer before, Wᵀ δ: one fused term per node, from first to last.
#[inline(always)]
pub fn errors_before<T: Real>(weights: &[T], delta: &[T], error: &mut [T]) {
    error.fill(T::zero());
    for (&delta, row) in delta.iter().zip(weights.chunks_exact(error.len())) {
        for (error, &w) in error.iter_mut().zip(row) {
            *error = w.mul_add(delta, *error);
        }
    }
}

/// Does `$body` with `$name` a constant of each activation in turn, so that the choice is made once
/// and not for each number.
macro_rules! for_activation {
    ($value:expr, $name:ident, $body:block, $($variant:ident)*) => {
        match $value {
            $(Activation::$variant => {
                const $name: Activation = Activation::$variant;
                $body
            })*
        }
    };
    ($value:expr, $name:ident, $body:block) => {
        for_activation!(
            $value, $name, $body,
            Identity Sigmoid Tanh Relu LeakyRelu Elu Selu Gelu GeluTanh Silu Softplus HardSigmoid
            Mish
        )
    };
}

/// z = f(u).
#[inline(always)]
pub fn activate<T: Real>(activation: Activation, u: &[T], z: &mut [T]) {
    for_activation!(activation, F, {
        for (z, &u) in z.iter_mut().zip(u) {
            *z = F.apply(u);
        }
    });
}

/// δ = error ⊙ f'(u).
#[inline(always)]
pub fn deltas<T: Real>(activation: Activation, error: &[T], u: &[T], z: &[T], delta: &mut [T]) {
    for_activation!(activation, F, {
        for (((delta, &error), &u), &z) in delta.iter_mut().zip(error).zip(u).zip(z) {
            *delta = error * F.derivative(u, z);
        }
    });
}

/// As [`activate`], a vector at a time; there are whole vectors of numbers.
#[inline(always)]
pub fn activate_vectors<V: Real>(activation: Activation, u: &[V::Scalar], z: &mut [V::Scalar]) {
    for_activation!(activation, F, {
        for (z, u) in z.chunks_exact_mut(V::LANES).zip(u.chunks_exact(V::LANES)) {
            F.apply(V::load(u)).store(z);
        }
    });
}

/// As [`deltas`], a vector at a time, written over the error; there are whole vectors of numbers.
#[inline(always)]
pub fn deltas_vectors<V: Real>(
    activation: Activation,
    u: &[V::Scalar],
    z: &[V::Scalar],
    delta: &mut [V::Scalar],
) {
    for_activation!(activation, F, {
        let sums = u.chunks_exact(V::LANES).zip(z.chunks_exact(V::LANES));
        for (delta, (u, z)) in delta.chunks_exact_mut(V::LANES).zip(sums) {
            (V::load(delta) * F.derivative(V::load(u), V::load(z))).store(delta);
        }
    });
}
