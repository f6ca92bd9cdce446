//! One dense layer and one sample: the three passes over a weight matrix that learning is made of.
//!
//! A matrix (nodes, inputs) is a flat slice, row by row. Every sum has one order: over a layer's
//! inputs from first to last, over its nodes from first to last, over a batch's samples in their
//! order. These loops are the definition that every faster way equals bit for bit.

use crate::words::activation::{Activation, Function, with_function};
use numbers::real::Real;

/// u = W x + b: a node's sum starts from its bias and adds one fused term per input.
#[inline(always)]
pub fn sums<T: Real>(weights: &[T], biases: &[T], input: &[T], u: &mut [T]) {
    match *input {
        [a] => sums_of(weights, biases, &[a], u),
        [a, b] => sums_of(weights, biases, &[a, b], u),
        [a, b, c] => sums_of(weights, biases, &[a, b, c], u),
        [a, b, c, d] => sums_of(weights, biases, &[a, b, c, d], u),
        _ => {
            let rows = weights.chunks_exact(input.len());
            for ((row, &bias), u) in rows.zip(biases).zip(u) {
                *u = chain(bias, row, input);
            }
        }
    }
}

/// The sums of [`sums`] for a number of inputs that the compiler knows. A narrow layer spends most
/// of its time on the loops themselves, which are unrolled here.
#[inline(always)]
fn sums_of<T: Real, const N: usize>(weights: &[T], biases: &[T], input: &[T; N], u: &mut [T]) {
    let (rows, _) = weights.as_chunks::<N>();
    for ((row, &bias), u) in rows.iter().zip(biases).zip(u) {
        *u = chain(bias, row, input);
    }
}

/// `start` and one fused term per input, from first to last.
#[inline(always)]
fn chain<T: Real>(start: T, row: &[T], input: &[T]) -> T {
    let mut sum = start;
    for (&w, &x) in row.iter().zip(input) {
        sum = w.mul_add(x, sum);
    }
    sum
}

/// dW += δ xᵀ, db += δ.
#[inline(always)]
pub fn accumulate<T: Real>(delta: &[T], input: &[T], d_weights: &mut [T], d_biases: &mut [T]) {
    match *input {
        [a] => accumulate_of(delta, &[a], d_weights),
        [a, b] => accumulate_of(delta, &[a, b], d_weights),
        [a, b, c] => accumulate_of(delta, &[a, b, c], d_weights),
        [a, b, c, d] => accumulate_of(delta, &[a, b, c, d], d_weights),
        _ => {
            let rows = d_weights.chunks_exact_mut(input.len());
            for (&delta, row) in delta.iter().zip(rows) {
                add_product(row, delta, input);
            }
        }
    }
    for (&delta, d_bias) in delta.iter().zip(d_biases) {
        *d_bias += delta;
    }
}

/// The weights' part of [`accumulate`], for a number of inputs that the compiler knows.
#[inline(always)]
fn accumulate_of<T: Real, const N: usize>(delta: &[T], input: &[T; N], d_weights: &mut [T]) {
    let (rows, _) = d_weights.as_chunks_mut::<N>();
    for (&delta, row) in delta.iter().zip(rows) {
        add_product(row, delta, input);
    }
}

/// sums += factor · values.
#[inline(always)]
fn add_product<T: Real>(sums: &mut [T], factor: T, values: &[T]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum = factor.mul_add(value, *sum);
    }
}

/// The error of the layer before, Wᵀ δ: one fused term per node, from first to last.
#[inline(always)]
pub fn errors_before<T: Real>(weights: &[T], delta: &[T], error: &mut [T]) {
    match error {
        [_] => errors_of::<T, 1>(weights, delta, error),
        [_, _] => errors_of::<T, 2>(weights, delta, error),
        [_, _, _] => errors_of::<T, 3>(weights, delta, error),
        [_, _, _, _] => errors_of::<T, 4>(weights, delta, error),
        _ => {
            error.fill(T::zero());
            for (&delta, row) in delta.iter().zip(weights.chunks_exact(error.len())) {
                add_product(error, delta, row);
            }
        }
    }
}

/// The error of [`errors_before`], for a number of nodes that the compiler knows.
#[inline(always)]
fn errors_of<T: Real, const N: usize>(weights: &[T], delta: &[T], error: &mut [T]) {
    let (rows, _) = weights.as_chunks::<N>();
    let mut sums = [T::zero(); N];
    for (&delta, row) in delta.iter().zip(rows) {
        add_product(&mut sums, delta, row);
    }
    error.copy_from_slice(&sums);
}

/// z = f(u).
#[inline(always)]
pub fn activate<T: Real>(activation: Activation, u: &[T], z: &mut [T]) {
    with_function!(activation, F => activate_by::<F, T>(u, z));
}

/// z = f(u), where the compiler knows f.
#[inline(always)]
pub fn activate_by<F: Function, T: Real>(u: &[T], z: &mut [T]) {
    for (z, &u) in z.iter_mut().zip(u) {
        *z = F::value(u);
    }
}

/// δ = error ⊙ f'(u).
#[inline(always)]
pub fn deltas<T: Real>(activation: Activation, error: &[T], u: &[T], z: &[T], delta: &mut [T]) {
    with_function!(activation, F => deltas_by::<F, T>(error, u, z, delta));
}

/// δ = error ⊙ f'(u), where the compiler knows f.
#[inline(always)]
pub fn deltas_by<F: Function, T: Real>(error: &[T], u: &[T], z: &[T], delta: &mut [T]) {
    for (((delta, &error), &u), &z) in delta.iter_mut().zip(error).zip(u).zip(z) {
        *delta = error * F::derivative(u, z);
    }
}

/// products = a ⊙ b.
#[inline(always)]
pub fn products<T: Real>(a: &[T], b: &[T], products: &mut [T]) {
    for ((product, &a), &b) in products.iter_mut().zip(a).zip(b) {
        *product = a * b;
    }
}

/// values ← values ⊙ factors.
#[inline(always)]
pub fn multiply<T: Real>(values: &mut [T], factors: &[T]) {
    for (value, &factor) in values.iter_mut().zip(factors) {
        *value = *value * factor;
    }
}

/// values ← values · factor.
#[inline(always)]
pub fn scale<T: Real>(values: &mut [T], factor: T) {
    for value in values {
        *value = *value * factor;
    }
}

/// z = f(u) of [`activate`], a vector at a time; the slices have a whole number of vectors.
#[inline(always)]
pub fn activate_vectors<V: Real>(activation: Activation, u: &[V::Scalar], z: &mut [V::Scalar]) {
    with_function!(activation, F => {
        for (z, u) in z.chunks_exact_mut(V::LANES).zip(u.chunks_exact(V::LANES)) {
            F::value(V::load(u)).store(z);
        }
    });
}

/// δ of [`deltas`], a vector at a time, written over the error; the slices have a whole number of
/// vectors.
#[inline(always)]
pub fn deltas_vectors<V: Real>(
    activation: Activation,
    u: &[V::Scalar],
    z: &[V::Scalar],
    delta: &mut [V::Scalar],
) {
    with_function!(activation, F => {
        let sums = u.chunks_exact(V::LANES).zip(z.chunks_exact(V::LANES));
        for (delta, (u, z)) in delta.chunks_exact_mut(V::LANES).zip(sums) {
            (V::load(delta) * F::derivative(V::load(u), V::load(z))).store(delta);
        }
    });
}
