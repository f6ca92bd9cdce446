//! Every operation of every vector has, in every lane, the bits of the scalar operation.

use super::super::functions;
use super::super::real::Scalar;
use super::*;
use alloc::vec::Vec;

/// Numbers of all kinds: ordinary, tiny, huge, subnormal, zeros, infinities, NaN.
fn numbers<S: Scalar>(count: usize) -> Vec<S> {
    let special = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        1e-310,
        -1e-310,
        1e-40,
        f64::MIN_POSITIVE,
        709.0,
        -745.0,
        20.0,
        88.0,
        -103.0,
        1e300,
        -1e300,
        1e38,
    ];
    let mut random = crate::random::stream(1, crate::random::Stream::Data);
    let mut values: Vec<S> = special.map(S::nearest).to_vec();
    while values.len() < count {
        let size = random.uniform(-30.0, 30.0);
        values.push(S::nearest(random.uniform(-1.0, 1.0) * functions::exp(size)));
    }
    values
}

/// Equal bits, or both NaN.
fn same<S: Scalar>(found: S, expected: S) -> bool {
    let (found, expected) = (found.to_f64(), expected.to_f64());
    found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan())
}

fn check_unary<V: Real>(
    name: &str,
    vector: impl Fn(V) -> V,
    scalar: impl Fn(V::Scalar) -> V::Scalar,
) {
    let values = numbers::<V::Scalar>(512);
    for chunk in values.chunks_exact(V::LANES) {
        let result = vector(V::load(chunk));
        for (lane, &x) in chunk.iter().enumerate() {
            let (found, expected) = (result.lane(lane), scalar(x));
            assert!(
                same(found, expected),
                "{name} {x:?}: {found:?} {expected:?}"
            );
        }
    }
}

fn check_binary<V: Real>(
    name: &str,
    vector: impl Fn(V, V) -> V,
    scalar: impl Fn(V::Scalar, V::Scalar) -> V::Scalar,
) {
    let values = numbers::<V::Scalar>(256);
    for shift in 0..24 {
        let mut others = values.clone();
        others.rotate_left(shift);
        for (a, b) in values
            .chunks_exact(V::LANES)
            .zip(others.chunks_exact(V::LANES))
        {
            let result = vector(V::load(a), V::load(b));
            for lane in 0..V::LANES {
                let (found, expected) = (result.lane(lane), scalar(a[lane], b[lane]));
                assert!(
                    same(found, expected),
                    "{name} {:?} {:?}: {found:?} {expected:?}",
                    a[lane],
                    b[lane]
                );
            }
        }
    }
}

fn check_all<V: Real>() {
    check_binary::<V>("+", |a, b| a + b, |a, b| a + b);
    check_binary::<V>("-", |a, b| a - b, |a, b| a - b);
    check_binary::<V>("*", |a, b| a * b, |a, b| a * b);
    check_binary::<V>("/", |a, b| a / b, |a, b| a / b);
    check_binary::<V>("mul_add", |a, b| a.mul_add(b, b), |a, b| a.mul_add(b, b));
    check_binary::<V>("copysign", V::copysign, Real::copysign);
    check_binary::<V>("at_least", V::at_least, Real::at_least);
    check_binary::<V>("at_most", V::at_most, Real::at_most);
    check_binary::<V>(
        "less",
        |a, b| V::select(a.less(b), a, b),
        |a, b| if a < b { a } else { b },
    );
    check_binary::<V>(
        "equal",
        |a, b| V::select(a.equal(b), V::one(), V::zero()),
        |a, b| {
            if a == b {
                V::Scalar::ONE
            } else {
                V::Scalar::ZERO
            }
        },
    );
    check_binary::<V>(
        "masks",
        |a, b| {
            let mask = a.less(b).or(b.less(a)).not().and(a.less(V::one()).not());
            V::select(mask, a, b)
        },
        |a, b| {
            if a < b || b < a || a < V::Scalar::ONE {
                b
            } else {
                a
            }
        },
    );
    check_unary::<V>("-", |x| -x, |x| -x);
    check_unary::<V>("sqrt", V::sqrt, Real::sqrt);
    check_unary::<V>("abs", V::abs, Real::abs);
    check_unary::<V>(
        "f64",
        |x| V::narrow(x.widen() * x.widen()),
        |x| V::Scalar::nearest(x.to_f64() * x.to_f64()),
    );
    check_unary::<V>(
        "f64 masks",
        |x| {
            let mask = V::widen_mask(x.less(V::zero()));
            V::narrow(V::Wide::select(mask, V::Wide::one(), x.widen()))
        },
        |x| {
            if x < V::Scalar::ZERO {
                V::Scalar::ONE
            } else {
                x
            }
        },
    );
    check_unary::<V>("exp", functions::exp, functions::exp);
    check_unary::<V>("expm1", functions::expm1, functions::expm1);
    check_unary::<V>("ln", functions::ln, functions::ln);
    check_unary::<V>("ln_1p", functions::ln_1p, functions::ln_1p);
    check_unary::<V>("tanh", functions::tanh, functions::tanh);
    check_unary::<V>("softplus", functions::softplus, functions::softplus);
    check_unary::<V>(
        "normal",
        |x| functions::normal(x).0,
        |x| functions::normal(x).0,
    );

    let mut mask = V::Mask::splat(false);
    assert!(!mask.any() && !mask.all());
    for lane in 0..V::LANES {
        mask = mask.with_lane(lane, true);
        assert!(mask.any() && mask.lane(lane));
        assert_eq!(mask.all(), lane + 1 == V::LANES);
    }
    mask = mask.with_lane(0, false);
    assert!(!mask.lane(0) && !mask.all());
    let vector = V::zero().with_lane(V::LANES - 1, V::Scalar::ONE);
    assert_eq!(vector.lane(V::LANES - 1), V::Scalar::ONE);
}

#[test]
fn portable_lanes_have_the_bits_of_scalars() {
    check_all::<Pair<Pair<Pair<f64>>>>();
    check_all::<Pair<Pair<f32>>>();
}

#[cfg(target_arch = "x86_64")]
#[test]
fn vector_instructions_have_the_bits_of_scalars() {
    if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
        check_all::<x86::F64x4>();
        check_all::<x86::F32x8>();
        check_all::<Pair<x86::F64x4>>();
    }
    if std::is_x86_feature_detected!("avx512f") && std::is_x86_feature_detected!("avx512dq") {
        check_all::<x86::F64x8>();
        check_all::<x86::F32x16>();
    }
}
