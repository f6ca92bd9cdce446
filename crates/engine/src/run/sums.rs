//! From samples to figures: the sums of an epoch's losses and metrics.
//!
//! [`Measures`] says what is measured, [`Sums`] adds it up sample by sample, [`Totals`] is what the
//! figures need to know of the data beside the sums, and [`Figures`] are the mean loss and the
//! metrics. A sum has one order: from the first sample that is seen to the last, in f64.

use crate::run::outcome::MAX_METRICS;
use crate::words::loss::Loss;
use crate::words::metric::Metric;
use crate::words::settings::Settings;
use numbers::real::{Real, Scalar};

/// What is measured of samples.
#[derive(Debug, Clone, Copy)]
pub struct Measures<'a> {
    /// The loss.
    pub loss: Loss,
    /// The metrics beside it, at most [`MAX_METRICS`].
    pub metrics: &'a [Metric],
}

impl<'a> Measures<'a> {
    /// The loss and the metrics of a run.
    #[inline(always)]
    pub fn of(settings: &'a Settings) -> Self {
        Self {
            loss: settings.loss,
            metrics: &settings.metrics,
        }
    }
}

/// The mean loss of samples and their metrics.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// The mean loss.
    pub loss: f64,
    /// The metrics in their order; NaN where there is none.
    pub metrics: [f64; MAX_METRICS],
}

/// What the figures of a data set need to know of its targets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// How many samples there are.
    pub samples: usize,
    /// Σ (t − mean of its column)² over all targets.
    pub squares: f64,
}

impl Totals {
    /// Of targets (samples, columns), given row by row.
    pub fn of<T: Scalar>(targets: &[T], columns: usize) -> Self {
        let samples = targets.len() / columns;
        let mut squares = 0.0;
        for column in 0..columns {
            let column = targets[column..].iter().step_by(columns);
            let mut sum = 0.0;
            column.clone().for_each(|&t| sum += t.to_f64());
            let mean = sum / samples as f64;
            for &t in column {
                let deviation = t.to_f64() - mean;
                squares += deviation * deviation;
            }
        }
        Self { samples, squares }
    }
}

/// Losses and metrics of samples, summed; in each lane of `W` those of that lane's run.
#[derive(Debug, Clone, Copy)]
pub struct Sums<W> {
    loss: W,
    metrics: [W; MAX_METRICS],
}

impl<W: Real<Scalar = f64>> Sums<W> {
    /// The sums of no sample.
    #[inline(always)]
    pub fn zero() -> Self {
        Self {
            loss: W::zero(),
            metrics: [W::zero(); MAX_METRICS],
        }
    }

    /// Adds one sample of each lane's run, whose loss has been computed.
    #[inline(always)]
    pub fn add<T: Real<Wide = W>>(
        &mut self,
        measures: Measures<'_>,
        loss: T,
        predictions: &[T],
        targets: &[T],
    ) {
        self.loss += loss.widen();
        for (sum, metric) in self.metrics.iter_mut().zip(measures.metrics) {
            let term = metric.term(measures.loss, predictions, targets);
            *sum += term.widen();
        }
    }

    /// The sums of one lane's run.
    #[inline(always)]
    pub fn lane(&self, lane: usize) -> Sums<f64> {
        Sums {
            loss: self.loss.lane(lane),
            metrics: self.metrics.map(|sum| sum.lane(lane)),
        }
    }
}

impl Sums<f64> {
    /// Adds samples of one run that lie side by side in the first `count` lanes, from the first lane
    /// to the last.
    #[inline(always)]
    pub fn add_side_by_side<V: Real>(
        &mut self,
        measures: Measures<'_>,
        loss: V,
        predictions: &[V],
        targets: &[V],
        count: usize,
    ) {
        add_lanes(&mut self.loss, loss, count);
        for (sum, metric) in self.metrics.iter_mut().zip(measures.metrics) {
            let terms = metric.term(measures.loss, predictions, targets);
            add_lanes(sum, terms, count);
        }
    }

    /// The sum of the losses.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The mean loss and the metrics, when every sample of the data has been added; a network has so
    /// many `outputs`.
    pub fn figures(&self, measures: Measures<'_>, totals: Totals, outputs: usize) -> Figures {
        let Measures { loss, metrics } = measures;
        let Totals { samples, squares } = totals;
        let mut figures = Figures {
            loss: self.loss / samples as f64,
            metrics: [f64::NAN; MAX_METRICS],
        };
        let sums = self.metrics.into_iter().zip(metrics);
        for (figure, (sum, metric)) in figures.metrics.iter_mut().zip(sums) {
            *figure = metric.figure(loss, sum, samples, outputs, squares);
        }
        figures
    }
}

/// Adds the first `count` lanes to a sum, from first to last.
#[inline(always)]
fn add_lanes<V: Real>(sum: &mut f64, terms: V, count: usize) {
    for lane in 0..count {
        *sum += terms.lane(lane).to_f64();
    }
}
