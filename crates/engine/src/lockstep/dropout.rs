//! The masks of the lanes: the factors by which dropout multiplies the outputs of each lane's run.

use alloc::vec;
use alloc::vec::Vec;

use crate::run::dropout::{self, Rule};
use crate::run::task::Task;
use numbers::dispatch::{VectorKernel, dispatch_vectors};
use numbers::random::{StreamPosition, lanes};
use numbers::real::{MAX_LANES, Real, Scalar};

/// Samples whose masks are drawn at a time. Sixteen of them end on a whole block of words, so that
/// each block is drawn once.
const DRAWN: usize = 16;

/// The masks of several runs: [`Dropout`](crate::run::dropout::Dropout), a lane each.
pub(super) struct Masks<S> {
    lanes: usize,
    /// The hidden layers.
    layers: Vec<Layer<S>>,
    /// Nodes of all hidden layers.
    nodes: usize,
    seeds: Vec<u64>,
    /// The words of each lane's epoch; `None` for a lane without a run.
    streams: Vec<Option<StreamPosition>>,
    /// Room for words.
    words: Vec<u32>,
    /// (samples, nodes, lanes): the factors of the samples that have been drawn.
    factors: Vec<S>,
}

/// A hidden layer, and in each lane the rule of its run.
struct Layer<S> {
    nodes: usize,
    thresholds: [u32; MAX_LANES],
    scales: [S; MAX_LANES],
}

impl<S: Scalar> Masks<S> {
    /// The masks of networks of these layers, before a run is put into any lane.
    pub fn new(lanes: usize, layers: &[usize]) -> Self {
        let hidden = &layers[1..layers.len() - 1];
        let layer = |&nodes: &usize| Layer {
            nodes,
            thresholds: [0; MAX_LANES],
            scales: [S::ONE; MAX_LANES],
        };
        Self {
            lanes,
            layers: hidden.iter().map(layer).collect(),
            nodes: hidden.iter().sum(),
            seeds: vec![0; lanes],
            streams: vec![None; lanes],
            words: Vec::new(),
            factors: Vec::new(),
        }
    }

    /// Puts a run into a lane, before its first epoch.
    pub fn start_lane(&mut self, lane: usize, task: &Task<'_>) {
        self.seeds[lane] = task.shuffle_seed;
        let rules: Option<Vec<Rule<S>>> = dropout::rules(task);
        for (layer, rule) in self.layers.iter_mut().zip(rules.into_iter().flatten()) {
            (layer.thresholds[lane], layer.scales[lane]) = (rule.threshold, rule.scale);
        }
    }

    /// Goes to the first sample of an epoch of a lane's run, from 1.
    pub fn begin_epoch(&mut self, lane: usize, epoch: u64) {
        self.streams[lane] = Some(dropout::stream_of(self.seeds[lane], epoch).position());
    }

    /// Stops the drawing for a lane.
    pub fn stop_lane(&mut self, lane: usize) {
        self.streams[lane] = None;
    }

    /// The mask of a sample of the epoch, which has `count` samples: (nodes, lanes). Samples are
    /// asked for in the order of their places, since several are drawn together.
    #[inline(always)]
    pub fn of(&mut self, sample: usize, count: usize) -> &[S] {
        let place = sample % DRAWN;
        if place == 0 {
            self.draw(DRAWN.min(count - sample));
        }
        let width = self.nodes * self.lanes;
        &self.factors[place * width..][..width]
    }

    /// Draws the masks of the next samples of the epoch.
    fn draw(&mut self, samples: usize) {
        let width = self.nodes * self.lanes;
        self.factors.resize(samples * width, S::ONE);
        dispatch_vectors(Draw(self));
    }

    #[inline(always)]
    fn draw_lanes<W: numbers::real::Words, const LANES: usize>(&mut self) {
        let rows = self.factors.len() / LANES;
        let words = lanes::words::<W, LANES>(&mut self.streams, rows, &mut self.words);
        let (factors, _) = self.factors.as_chunks_mut::<LANES>();
        let samples = factors.chunks_exact_mut(self.nodes);
        for (factors, words) in samples.zip(words.chunks_exact(self.nodes)) {
            let (mut factors, mut words) = (factors, words);
            for layer in &self.layers {
                let (own, rest) = factors.split_at_mut(layer.nodes);
                let (own_words, rest_words) = words.split_at(layer.nodes);
                let (thresholds, _) = layer.thresholds.as_chunks::<LANES>();
                let (scales, _) = layer.scales.as_chunks::<LANES>();
                for (factors, words) in own.iter_mut().zip(own_words) {
                    for lane in 0..LANES {
                        let (threshold, scale) = (thresholds[0][lane], scales[0][lane]);
                        factors[lane] = Rule { threshold, scale }.factor(words[lane]);
                    }
                }
                (factors, words) = (rest, rest_words);
            }
        }
    }
}

/// The kernel that draws the masks of all lanes, side by side.
struct Draw<'a, S>(&'a mut Masks<S>);

impl<S: Scalar> VectorKernel for Draw<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run<F64: Real<Scalar = f64>, F32: Real<Scalar = f32>>(self) {
        let masks = self.0;
        match masks.lanes {
            4 => masks.draw_lanes::<F64::Words, 4>(),
            8 if F32::LANES == 8 => masks.draw_lanes::<F32::Words, 8>(),
            8 => masks.draw_lanes::<F64::Words, 8>(),
            16 => masks.draw_lanes::<F32::Words, 16>(),
            lanes => unreachable!("no vector has {lanes} lanes"),
        }
    }
}
