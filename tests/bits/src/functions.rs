//! The functions and the multiply-add over many numbers.

use numbers::functions::{exp, expm1, ln, ln_1p, normal, sigmoid, softplus, tanh};
use numbers::fused::{mul_add_f32, mul_add_f64};
use numbers::random::{Random, Stream, stream};

use crate::digest::Digest;

/// The number of arguments for each function.
const COUNT: usize = 20_000;

/// The name and the digest of each function.
pub fn all() -> Vec<(String, Digest)> {
    let mut all = Vec::new();
    macro_rules! of_one {
        ($($function:ident)*) => {$(
            let name = stringify!($function);
            all.push((format!("f64 {name}"), over(|random| $function(argument(random)))));
            all.push((format!("f32 {name}"), over(|random| {
                f64::from($function(argument(random) as f32))
            })));
        )*};
    }
    of_one!(exp expm1 ln ln_1p sigmoid softplus tanh);
    all.push((
        "f64 normal".into(),
        over(|random| normal(argument(random)).0),
    ));
    all.push((
        "f32 normal".into(),
        over(|random| f64::from(normal(argument(random) as f32).0)),
    ));
    all.push((
        "f64 mul_add".into(),
        over(|random| {
            let [a, b, c] = triple(random, -1074, 1023);
            mul_add_f64(a, b, c)
        }),
    ));
    all.push((
        "f32 mul_add".into(),
        over(|random| {
            let [a, b, c] = triple(random, -149, 127).map(|number| number as f32);
            f64::from(mul_add_f32(a, b, c))
        }),
    ));
    all
}

/// The digest of a function's results for all draws.
fn over(mut function: impl FnMut(&mut Random) -> f64) -> Digest {
    let mut random = stream(11, Stream::Data);
    let mut digest = Digest::new();
    for _ in 0..COUNT {
        digest.add_f64(function(&mut random));
    }
    digest
}

/// An argument of a function, which is small or large.
fn argument(random: &mut Random) -> f64 {
    let range = [1e-9, 1.0, 30.0, 800.0][random.below(4) as usize];
    random.uniform(-range, range)
}

/// 2 to a power, computed in two steps, since it may be subnormal.
fn power(exponent: i32) -> f64 {
    let half = exponent / 2;
    let two_to = |exponent: i32| f64::from_bits(((exponent + 1023) as u64) << 52);
    two_to(half) * two_to(exponent - half)
}

/// Two factors and a term, with exponents from the lowest to the highest. Every other term is near
/// the product, so that much of it cancels.
fn triple(random: &mut Random, lowest: i32, highest: i32) -> [f64; 3] {
    let number = |random: &mut Random| {
        let exponent = lowest + random.below((highest - lowest + 1) as u32) as i32;
        random.uniform(-2.0, 2.0) * power(exponent)
    };
    let (a, b) = (number(random), number(random));
    let near = random.below(2) == 0;
    let c = if near {
        -(a * b) * (1.0 + power(-24))
    } else {
        number(random)
    };
    [a, b, c]
}
