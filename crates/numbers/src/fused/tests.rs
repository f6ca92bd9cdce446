//! The software's multiply-add against that of `libm`, bit for bit; all NaN are equal.
//!
//! `libm` uses the CPU's instruction where there is one, and whole numbers elsewhere.

use core::ops::RangeInclusive;

use rand::Rng as _;

use super::software;
use crate::random::{Random, Stream, stream};

/// Triples of one format: random ones, and ones near a decision of the rounding.
macro_rules! triples {
    (
        $name:ident, $float:ident, $bits:ident, $mantissa:literal, $bias:literal,
        $mul_add:ident, $other:path
    ) => {
        mod $name {
            use super::*;

            const TOP: i64 = $bias;
            const BOTTOM: i64 = 1 - $bias - $mantissa;

            fn word(random: &mut Random) -> $bits {
                random.next_u64() as $bits
            }

            fn whole(random: &mut Random, range: RangeInclusive<i64>) -> i64 {
                let count = (range.end() - range.start() + 1) as u32;
                range.start() + i64::from(random.below(count))
            }

            /// 2 to this power, subnormal ones included; 0 below them and infinity above.
            fn power(exponent: i64) -> $float {
                match exponent {
                    e if e < BOTTOM => 0.0,
                    e if e > TOP => $float::INFINITY,
                    e if e < 1 - $bias => $float::from_bits(1 << (e - BOTTOM)),
                    e => $float::from_bits(((e + $bias) as $bits) << $mantissa),
                }
            }

            /// A number with this exponent: any mantissa, or one with a short run of ones or zeros.
            fn number(random: &mut Random, exponent: i64) -> $float {
                let mask = ((1 as $bits) << $mantissa) - 1;
                let mantissa = match random.below(6) {
                    0 => 0,
                    1 => mask,
                    2 => 1 << random.below($mantissa),
                    3 => mask << random.below($mantissa),
                    4 => word(random) & (mask << random.below($mantissa)),
                    _ => word(random),
                } & mask;
                let one = $float::from_bits(($bias << $mantissa) | mantissa);
                // The product is made in two steps, of which only the second can round (to a
                // subnormal number).
                let half = exponent / 2;
                sign(random) * (one * power(half) * power(exponent - half))
            }

            fn sign(random: &mut Random) -> $float {
                if random.below(2) == 0 { 1.0 } else { -1.0 }
            }

            const SPECIAL: [$float; 12] = [
                0.0,
                -0.0,
                1.0,
                -1.0,
                $float::INFINITY,
                $float::NEG_INFINITY,
                $float::NAN,
                $float::MAX,
                $float::MIN,
                $float::MIN_POSITIVE,
                $float::from_bits(1),
                $float::from_bits((1 << $mantissa) - 1),
            ];

            fn special(random: &mut Random) -> $float {
                SPECIAL[random.below(SPECIAL.len() as u32) as usize]
            }

            /// The next triple, of a kind that the draw chooses.
            pub fn triple(random: &mut Random) -> [$float; 3] {
                let far = BOTTOM - 3..=TOP;
                match random.below(8) {
                    // Numbers of any bits.
                    0 => [0; 3].map(|_| $float::from_bits(word(random))),
                    // Numbers of any exponents.
                    1 => [0; 3].map(|_| {
                        let exponent = whole(random, far.clone());
                        number(random, exponent)
                    }),
                    // Numbers as they occur in training.
                    2 => [0; 3].map(|_| {
                        let exponent = whole(random, -20..=4);
                        number(random, exponent)
                    }),
                    // Triples with some special numbers.
                    3 => [0; 3].map(|_| match random.below(2) {
                        0 => special(random),
                        _ => {
                            let exponent = whole(random, far.clone());
                            number(random, exponent)
                        }
                    }),
                    // A product of any size, the least and the greatest included, and a term that
                    // begins at any distance from it.
                    kind => {
                        let product = match kind {
                            4 => whole(random, BOTTOM - 5..=BOTTOM + 2 * $mantissa + 5),
                            5 => whole(random, TOP - 3..=TOP + 1),
                            _ => whole(random, -60..=60),
                        };
                        let first = whole(
                            random,
                            (product - TOP).max(BOTTOM)..=(product - BOTTOM).min(TOP),
                        );
                        let a = number(random, first);
                        let b = number(random, product - first);
                        let c = match random.below(4) {
                            // A term that cancels the whole product, or nearly all of it.
                            0 => -(a * b),
                            1 => {
                                let near = i64::from(random.below(5)) - 2;
                                let bits = (a * b).to_bits();
                                -$float::from_bits(bits.wrapping_add(near as $bits))
                            }
                            // A term of half a unit in the product's last place, or near it: a tie.
                            2 => {
                                let at = product + whole(random, -2 * $mantissa - 4..=$mantissa + 3);
                                sign(random) * power(at.min(TOP))
                            }
                            _ => {
                                let at = product + whole(random, -2 * $mantissa - 4..=$mantissa + 3);
                                number(random, at.min(TOP))
                            }
                        };
                        [a, b, c]
                    }
                }
            }

            fn check([a, b, c]: [$float; 3]) {
                let expected = $other(a, b, c);
                for found in [software::$mul_add(a, b, c), super::super::$mul_add(a, b, c)] {
                    assert!(
                        found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                        "{a:e} * {b:e} + {c:e} is {expected:e}, not {found:e} (bits {:#x}, {:#x}, {:#x})",
                        a.to_bits(),
                        b.to_bits(),
                        c.to_bits()
                    );
                }
            }

            /// All triples of special numbers.
            #[test]
            fn special_numbers_give_what_the_cpu_gives() {
                for a in SPECIAL {
                    for b in SPECIAL {
                        for c in SPECIAL {
                            check([a, b, c]);
                        }
                    }
                }
            }

            pub fn check_random(seed: u64, count: u32) {
                let mut random = stream(seed, Stream::Data);
                for _ in 0..count {
                    check(triple(&mut random));
                }
            }

            #[test]
            fn random_triples_give_what_the_cpu_gives() {
                check_random(1, if cfg!(miri) { 1000 } else { 1_000_000 });
            }

            #[test]
            #[ignore = "long"]
            fn twenty_million_triples_give_what_the_cpu_gives() {
                check_random(2, 20_000_000);
            }
        }
    };
}

triples!(double, f64, u64, 52, 1023, mul_add_f64, libm::fma);
triples!(single, f32, u32, 23, 127, mul_add_f32, libm::fmaf);
