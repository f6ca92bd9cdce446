//! The sums of an epoch's losses and metrics, and the figures that follow from them.
//!
//! [`Measures`] says what is measured, [`Sums`] adds it up sample by sample, [`Totals`] has the
//! facts about the data that the figures need beside the sums, and [`Figures`] has the mean loss
//! and the metrics. A sum has one order: from the first sample that is seen to the last, in f64.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::run::outcome::MAX_METRICS;
use crate::run::task::Task;
use crate::words::loss::Loss;
use crate::words::metric::{Judged, Metric};
use numbers::real::{Real, Scalar};

/// The measures of samples.
#[derive(Debug, Clone, Copy)]
pub struct Measures<'a> {
    /// The loss.
    pub loss: Loss,
    /// The metrics beside the loss, at most [`MAX_METRICS`].
    pub metrics: &'a [Metric],
    /// The number of the network's outputs.
    pub outputs: usize,
    /// Offset and divisor of each target column, see [`Task::target_units`].
    pub units: &'a [[f64; 2]],
    /// The positive class: of two classes the one to which precision, recall and f1 refer.
    pub positive: usize,
    /// Whether a metric needs all samples together, so that predictions and targets are kept until
    /// the end of the epoch.
    pub keeps: bool,
}

impl<'a> Measures<'a> {
    /// The loss and the metrics of a run.
    pub fn of(task: &Task<'a>) -> Self {
        let settings = task.settings;
        let outputs = task.architecture.layers.last();
        let outputs = *outputs.expect("a network has an output layer");
        Self {
            positive: settings.positive,
            ..Self::new(settings.loss, &settings.metrics, outputs, task.target_units)
        }
    }

    /// This loss and these metrics for a network of `outputs` outputs, whose targets have these
    /// units. The positive class is the second.
    pub fn new(loss: Loss, metrics: &'a [Metric], outputs: usize, units: &'a [[f64; 2]]) -> Self {
        let measures = Self {
            loss,
            metrics,
            outputs,
            units,
            positive: 1,
            keeps: false,
        };
        Self {
            keeps: !metrics.iter().all(|&metric| measures.sums(metric)),
            ..measures
        }
    }

    /// The metrics after the first [`FEW`].
    #[inline(always)]
    fn more(&self) -> &'a [Metric] {
        self.metrics.get(FEW..).unwrap_or(&[])
    }

    /// Whether a metric is a sum of terms of the predictions and targets as they are.
    pub fn sums(&self, metric: Metric) -> bool {
        metric.has_terms(self.outputs) && self.units.is_empty()
    }
}

/// The mean loss of samples and their metrics.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// The mean loss.
    pub loss: f64,
    /// The metrics in their order; NaN where a metric is undefined.
    pub metrics: [f64; MAX_METRICS],
}

/// The facts about a data set's targets that the figures need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Totals {
    /// How many samples there are.
    pub samples: usize,
    /// Σ (t − mean of its column)² over all targets.
    pub squares: f64,
    /// The sum of the samples' weights in the loss, in their own order; without weights, the number
    /// of samples.
    pub weight: f64,
}

impl Totals {
    /// The totals of targets (samples, columns), given row by row.
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
        Self {
            samples,
            squares,
            weight: samples as f64,
        }
    }
}

/// The most metrics whose sums stay in registers; most runs have no more.
const FEW: usize = 2;

/// The summed losses and metrics of samples; each lane of `W` has those of its run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sums<W> {
    loss: W,
    /// The sums of the first metrics.
    metrics: [W; FEW],
    /// The sums of the other metrics.
    more: [W; MAX_METRICS - FEW],
    /// The predictions and targets of each sample, if they are kept.
    kept: Vec<W>,
}

impl<W: Real<Scalar = f64>> Sums<W> {
    /// The sums before any sample.
    #[inline(always)]
    pub fn zero() -> Self {
        Self {
            loss: W::zero(),
            metrics: [W::zero(); FEW],
            more: [W::zero(); MAX_METRICS - FEW],
            kept: Vec::new(),
        }
    }

    /// Adds one sample of each lane's run. Its loss has been computed, times its weight.
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
        for (sum, metric) in self.more.iter_mut().zip(measures.more()) {
            let term = metric.term(measures.loss, predictions, targets);
            *sum += term.widen();
        }
        if measures.keeps {
            let numbers = predictions.iter().chain(targets);
            self.kept.extend(numbers.map(|number| number.widen()));
        }
    }

    /// The sums of one lane's run.
    #[inline(always)]
    pub fn lane(&self, lane: usize) -> Sums<f64> {
        Sums {
            loss: self.loss.lane(lane),
            metrics: self.metrics.map(|sum| sum.lane(lane)),
            more: self.more.map(|sum| sum.lane(lane)),
            kept: self.kept.iter().map(|number| number.lane(lane)).collect(),
        }
    }
}

impl Sums<f64> {
    /// Adds samples of one run that lie in the first `count` lanes, from the first lane to the
    /// last.
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
        for (sum, metric) in self.more.iter_mut().zip(measures.more()) {
            let terms = metric.term(measures.loss, predictions, targets);
            add_lanes(sum, terms, count);
        }
        if measures.keeps {
            for lane in 0..count {
                let numbers = predictions.iter().chain(targets);
                let numbers = numbers.map(|number| number.lane(lane).to_f64());
                self.kept.extend(numbers);
            }
        }
    }

    /// Whether these sums have the shape of the sums of `samples` samples.
    pub(crate) fn are_of(&self, measures: Measures<'_>, samples: usize) -> bool {
        let Measures { loss, outputs, .. } = measures;
        let kept = match measures.keeps {
            true => samples * (outputs + loss.targets(outputs)),
            false => 0,
        };
        self.kept.len() == kept
    }

    /// The sum of the losses.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The mean loss and the metrics, after every sample of the data has been added.
    pub fn figures(&self, measures: Measures<'_>, totals: Totals) -> Figures {
        let Measures {
            loss,
            metrics,
            outputs,
            ..
        } = measures;
        let Totals {
            samples,
            squares,
            weight,
        } = totals;
        let mut figures = Figures {
            loss: self.loss / weight,
            metrics: [f64::NAN; MAX_METRICS],
        };
        if metrics.is_empty() {
            return figures;
        }
        let (predictions, targets) = self.kept_apart(measures);
        let judged = Judged {
            loss,
            outputs,
            predictions: &predictions,
            targets: &targets,
            positive: measures.positive,
        };
        let sums = self.metrics.into_iter().chain(self.more).zip(metrics);
        for (figure, (sum, &metric)) in figures.metrics.iter_mut().zip(sums) {
            let value = if measures.sums(metric) {
                metric.figure(loss, sum, samples, outputs, squares)
            } else {
                metric.of_all(&judged)
            };
            // A value beyond the range of numbers is undefined.
            if value.is_finite() {
                *figure = value;
            }
        }
        figures
    }

    /// The kept predictions and targets, row by row, in the targets' own units.
    fn kept_apart(&self, measures: Measures<'_>) -> (Vec<f64>, Vec<f64>) {
        let Measures {
            loss,
            outputs,
            units,
            ..
        } = measures;
        let (mut predictions, mut targets) = (Vec::new(), Vec::new());
        for row in self.kept.chunks_exact(outputs + loss.targets(outputs)) {
            predictions.extend(&row[..outputs]);
            targets.extend(&row[outputs..]);
        }
        for values in [&mut predictions, &mut targets] {
            for row in values.chunks_exact_mut(units.len().max(1)) {
                for (value, [offset, divisor]) in row.iter_mut().zip(units) {
                    *value = *value * divisor + offset;
                }
            }
        }
        (predictions, targets)
    }
}

/// Adds the first `count` lanes to a sum, from the first to the last.
#[inline(always)]
fn add_lanes<V: Real>(sum: &mut f64, terms: V, count: usize) {
    for lane in 0..count {
        *sum += terms.lane(lane).to_f64();
    }
}
