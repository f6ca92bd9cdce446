//! The generator of all random numbers.
//!
//! Words come from ChaCha8 (Bernstein 2008), whose output is fixed by its specification; seeds and
//! words go through the traits of [`rand`]. The conversion to floats, the bounded integers, the
//! normal deviates and the shuffle are written here, so that results stay the same with every
//! release of another crate. Each purpose has a stream of its own ([`Stream`]): to draw more from
//! one leaves the others as they are.
//!
//! The module knows nothing of what the numbers are for.

use core::convert::Infallible;

use rand::{Rng as _, SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;

use crate::functions;
use crate::real::Real;

pub mod lanes;

/// The purpose of a stream of random numbers. The value of each variant is part of every result and
/// stays fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Stream {
    /// Synthetic data.
    Data = 1,
    /// Which samples are kept for validation, and the folds.
    Split = 2,
    /// The initial weights and biases.
    Init = 3,
    /// The order of the samples in each epoch.
    Shuffle = 4,
    /// The points of a random sweep.
    Sweep = 5,
    /// The seeds of the replicates.
    Replicate = 6,
    /// Which outputs of hidden layers are dropped, a part for each epoch.
    Dropout = 7,
    /// Which samples are sealed for the test.
    Test = 8,
    /// The resampled test parts of an interval over samples.
    Bootstrap = 9,
}

/// A generator of random numbers for one seed and one purpose. It implements the traits of `rand`;
/// its seed there is the ChaCha key.
#[derive(Debug, Clone)]
pub struct Random {
    words: ChaCha8Rng,
}

/// The position of a generator in its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamPosition {
    /// The ChaCha key, in eight little-endian words.
    key: [u32; 8],
    /// The ChaCha nonce.
    number: u64,
    /// How many words have been drawn.
    word: u64,
}

impl StreamPosition {
    /// How many words have been drawn from the stream.
    pub fn drawn(&self) -> u64 {
        self.word
    }
}

/// The stream of a purpose. Its ChaCha key is the seed in eight little-endian bytes, the bytes of
/// `runner`, and zeros; its nonce is the stream's number.
pub fn stream(seed: u64, purpose: Stream) -> Random {
    substream(seed, purpose, 0)
}

/// The stream of one part of a purpose, such as an axis of a random sweep: that of [`stream`] with
/// the number of the part in the key.
pub fn substream(seed: u64, purpose: Stream, part: u64) -> Random {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..14].copy_from_slice(b"runner");
    key[16..24].copy_from_slice(&part.to_le_bytes());
    let mut random = Random::from_seed(key);
    random.words.set_stream(purpose as u64);
    random
}

/// The seed of replicate `replicate` (from 0) of every configuration with this seed: the first 53
/// bits of the replicate's part of the `Replicate` stream. A program that reads tables as floats
/// has it exactly.
pub fn replicate_seed(seed: u64, replicate: u32) -> u64 {
    let mut random = substream(seed, Stream::Replicate, u64::from(replicate));
    random.bits53()
}

impl SeedableRng for Random {
    type Seed = [u8; 32];

    fn from_seed(key: Self::Seed) -> Self {
        Self {
            words: ChaCha8Rng::from_seed(key),
        }
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.words.next_u32())
    }

    /// Two words, of which the first is the lower half.
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.words.next_u64())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.words.fill_bytes(bytes);
        Ok(())
    }
}

impl Random {
    /// A generator that goes on from this position.
    pub fn at(position: &StreamPosition) -> Self {
        let mut key = [0; 32];
        for (bytes, word) in key.chunks_exact_mut(4).zip(position.key) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut random = Self::from_seed(key);
        random.words.set_stream(position.number);
        random.words.set_word_pos(u128::from(position.word));
        random
    }

    /// The position of the generator in its stream.
    ///
    /// # Panics
    /// If more than 2⁶⁴ − 1 words have been drawn.
    pub fn position(&self) -> StreamPosition {
        let seed = self.words.get_seed();
        let word = |i: usize| u32::from_le_bytes(core::array::from_fn(|byte| seed[4 * i + byte]));
        let drawn = self.words.get_word_pos();
        StreamPosition {
            key: core::array::from_fn(word),
            number: self.words.get_stream(),
            word: u64::try_from(drawn).expect("nobody draws as many words"),
        }
    }

    /// Skips the next words.
    pub fn skip(&mut self, words: u64) {
        let drawn = self.words.get_word_pos();
        self.words.set_word_pos(drawn + u128::from(words));
    }

    /// The next words, one for each place.
    pub fn words(&mut self, words: &mut [u32]) {
        let mut bytes = [0; 256];
        for words in words.chunks_mut(bytes.len() / 4) {
            let bytes = &mut bytes[..4 * words.len()];
            self.words.fill_bytes(bytes);
            for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
                *word = u32::from_le_bytes(*bytes);
            }
        }
    }

    /// The upper 53 bits of two words, of which the first is the lower half.
    fn bits53(&mut self) -> u64 {
        self.next_u64() >> 11
    }

    /// A uniform deviate in [0, 1): the upper 53 bits of two words (the first is the lower half).
    pub fn unit(&mut self) -> f64 {
        self.bits53() as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A uniform deviate in [low, high): `unit * (high - low) + low`, each step rounded.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        self.unit() * (high - low) + low
    }

    /// A standard normal deviate by the polar method (Marsaglia and Bray 1964). The second deviate
    /// of each pair is not used, so that every call is independent of the others.
    pub fn normal(&mut self) -> f64 {
        loop {
            let v1 = 2.0 * self.unit() - 1.0;
            let v2 = 2.0 * self.unit() - 1.0;
            let s = v1 * v1 + v2 * v2;
            if s < 1.0 && s != 0.0 {
                return Real::sqrt(-2.0 * functions::ln(s) / s) * v1;
            }
        }
    }

    /// A whole number in 0..bound, all equally likely (Lemire 2019). It takes one word, seldom
    /// more.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        assert!(bound > 0, "the caller promises a bound above 0");
        let mut product = u64::from(self.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// Shuffles in place: Fisher–Yates from the last element down (Knuth, TAOCP 2, §3.4.2 P).
    ///
    /// # Panics
    /// If there are more than 2³² − 1 elements.
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        let count = u32::try_from(values.len()).expect("no more than 2^32 - 1 elements");
        for i in (1..count).rev() {
            let j = self.below(i + 1);
            values.swap(i as usize, j as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_shuffle_is_a_permutation() {
        for count in [0u32, 1, 2, 3, 10, 257] {
            let mut values: Vec<u32> = (0..count).collect();
            stream(7, Stream::Shuffle).shuffle(&mut values);
            let mut sorted = values.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn seeds_of_replicates_are_pinned() {
        let seeds = [0, 1, 2].map(|replicate| replicate_seed(42, replicate));
        let expected = [
            7_184_883_733_986_243,
            614_909_562_109_944,
            6_809_384_971_623_180,
        ];
        assert_eq!(seeds, expected);
    }

    #[test]
    fn a_word_of_64_bits_is_two_words_the_lower_first_wherever_it_starts() {
        for start in 0..70 {
            let mut both = stream(5, Stream::Data);
            let mut halves = both.clone();
            for _ in 0..start {
                assert_eq!(both.next_u32(), halves.next_u32());
            }
            let [low, high] = [halves.next_u32(), halves.next_u32()].map(u64::from);
            assert_eq!(both.next_u64(), (high << 32) | low, "after {start} words");
            assert_eq!(both.position(), halves.position());
        }
    }

    #[test]
    fn units_lie_in_the_half_open_interval() {
        let mut random = stream(0, Stream::Data);
        for _ in 0..10_000 {
            let unit = random.unit();
            assert!((0.0..1.0).contains(&unit));
        }
    }

    #[test]
    fn below_reaches_every_value_about_equally_often() {
        let mut random = stream(1, Stream::Shuffle);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[random.below(7) as usize] += 1;
        }
        // The bound is six standard deviations of a binomial count: sqrt(70000 · 1/7 · 6/7) ≈ 93.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 560));
    }
}
