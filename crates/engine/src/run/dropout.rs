//! Dropout: some outputs of hidden layers are 0 while training, the others larger (Srivastava et al.
//! 2014, in its inverted form).
//!
//! In a layer with rate p, each output has a random word. The output is dropped where the word is
//! below p · 2³², and else multiplied by 1 / (1 − p). The words are those of the `Dropout` stream
//! of the run's seed, which has a part for each epoch. The word of a node is at (place of the
//! sample in the epoch × hidden nodes + node), where the nodes of all hidden layers are counted
//! from the first on. So every way of training has the same masks.

use alloc::vec::Vec;

use crate::run::task::Task;
use numbers::random::{Random, Stream, substream};
use numbers::real::Scalar;

/// The rule by which the outputs of one layer are dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule<T> {
    /// Outputs whose word is below this are dropped.
    pub threshold: u32,
    /// The factor of the other outputs.
    pub scale: T,
}

impl<T: Scalar> Rule<T> {
    /// The rule of a rate from 0 to below 1. With rate 0 every output stays as it is, to the last
    /// bit.
    pub fn new(rate: f64) -> Self {
        Self {
            threshold: (rate * 4_294_967_296.0) as u32,
            scale: T::nearest(1.0 / (1.0 - rate)),
        }
    }

    /// The factor of an output with this word.
    #[inline(always)]
    pub fn factor(self, word: u32) -> T {
        if word < self.threshold {
            T::ZERO
        } else {
            self.scale
        }
    }
}

/// A run's stream of masks, sample by sample.
#[derive(Debug, Clone)]
pub struct Dropout<T> {
    /// The rule of each hidden layer.
    rules: Vec<Rule<T>>,
    seed: u64,
    random: Random,
    words: Vec<u32>,
}

impl<T: Scalar> Dropout<T> {
    /// The stream of a task before its first epoch; `None` if the task drops nothing.
    pub fn of(task: &Task<'_>) -> Option<Self> {
        let rules = rules(task)?;
        Some(Self {
            rules,
            seed: task.shuffle_seed,
            random: stream_of(task.shuffle_seed, 1),
            words: Vec::new(),
        })
    }

    /// Goes to the first sample of an epoch (counted from 1).
    pub fn begin_epoch(&mut self, epoch: u64) {
        self.random = stream_of(self.seed, epoch);
    }

    /// Skips the next samples of the epoch, in a network of `nodes` hidden nodes.
    pub fn skip(&mut self, samples: u64, nodes: usize) {
        self.random.skip(samples * nodes as u64);
    }

    /// The factors of the next sample in the epoch, a vector (nodes) for each hidden layer.
    #[inline(always)]
    pub fn next(&mut self, masks: &mut [Vec<T>]) {
        for (mask, rule) in masks.iter_mut().zip(&self.rules) {
            self.words.resize(mask.len(), 0);
            self.random.words(&mut self.words);
            for (factor, &word) in mask.iter_mut().zip(&self.words) {
                *factor = rule.factor(word);
            }
        }
    }

    /// The factors of the next `samples` samples in the epoch, for each hidden layer a matrix
    /// (nodes, samples) whose rows are `stride` numbers apart.
    pub fn next_batch(&mut self, samples: usize, masks: &mut [Vec<T>], stride: usize) {
        let nodes: usize = masks.iter().map(|mask| mask.len() / stride).sum();
        self.words.resize(samples * nodes, 0);
        self.random.words(&mut self.words);
        let mut first = 0;
        for (mask, rule) in masks.iter_mut().zip(&self.rules) {
            for row in mask.chunks_exact_mut(stride) {
                let words = self.words[first..].iter().step_by(nodes);
                for (factor, &word) in row[..samples].iter_mut().zip(words) {
                    *factor = rule.factor(word);
                }
                first += 1;
            }
        }
    }
}

/// The rule of each hidden layer; `None` if the task drops nothing.
pub(crate) fn rules<T: Scalar>(task: &Task<'_>) -> Option<Vec<Rule<T>>> {
    let rates = &task.settings.dropout;
    if rates.is_empty() {
        return None;
    }
    let hidden = task.architecture.layers.len() - 2;
    assert_eq!(
        rates.len(),
        hidden,
        "the plan promises a rate per hidden layer"
    );
    Some(rates.iter().map(|&rate| Rule::new(rate)).collect())
}

/// The words of an epoch (counted from 1).
pub(crate) fn stream_of(seed: u64, epoch: u64) -> Random {
    substream(seed, Stream::Dropout, epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn the_mean_factor_is_1_and_the_share_of_zeros_the_rate() {
        for rate in [0.1, 0.5, 0.9] {
            let rule = Rule::<f64>::new(rate);
            let mut words = vec![0; 100_000];
            stream_of(3, 1).words(&mut words);
            let factors: Vec<f64> = words.into_iter().map(|word| rule.factor(word)).collect();
            let zeros = factors.iter().filter(|&&factor| factor == 0.0).count() as f64 / 1e5;
            let mean = factors.iter().sum::<f64>() / 1e5;
            // The bound is six standard deviations of a share of 100,000.
            let bound = 6.0 * (rate * (1.0 - rate) / 1e5).sqrt();
            assert!((zeros - rate).abs() < bound, "{rate}: {zeros}");
            assert!((mean - 1.0).abs() < bound / (1.0 - rate), "{rate}: {mean}");
        }
    }

    #[test]
    fn rate_0_keeps_every_word() {
        let rule = Rule::<f32>::new(0.0);
        assert_eq!([0, 1, u32::MAX].map(|word| rule.factor(word)), [1.0; 3]);
    }
}
