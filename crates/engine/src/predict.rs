//! The predictions of a trained network, and their loss and metrics.

use alloc::vec;
use alloc::vec::Vec;
use core::marker::PhantomData;
use ndarray::Array2;

use crate::batch::{self, Batch};
use crate::parameters::Parameters;
use crate::reference::network::{Network, Pass};
use crate::run::examples::Examples;
use crate::run::sums::{Figures, Measures, Sums, Totals};
use crate::words::architecture::Architecture;
use crate::words::loss::Loss;
use crate::words::settings::Precision;
use numbers::Product;
use numbers::dispatch::{Format, Kernel, dispatch};
use numbers::functions::{exp, sigmoid};
use numbers::matrix::DataMatrix;
use numbers::real::Scalar;

/// The predictions of a network for `x` (samples, features): (samples, outputs), computed in
/// `precision` with the operations of training. For bce and cross_entropy they are logits.
///
/// # Panics
/// If `x` has another number of columns than the input layer has nodes, or `parameters` have other
/// shapes than `architecture` says.
pub fn predict(
    architecture: &Architecture,
    parameters: &Parameters,
    precision: Precision,
    x: &DataMatrix,
) -> Array2<f64> {
    match precision {
        Precision::F32 => predict_in::<f32>(architecture, parameters, x),
        Precision::F64 => predict_in::<f64>(architecture, parameters, x),
    }
}

/// The most samples that are predicted at once. So many samples pay as a batch, however small the
/// network is.
const AT_ONCE: usize = 256;

fn predict_in<T: Product + Format>(
    architecture: &Architecture,
    parameters: &Parameters,
    x: &DataMatrix,
) -> Array2<f64> {
    let network = Network::<T> {
        architecture: architecture.clone(),
        parameters: parameters.convert(),
    };
    let layers = &architecture.layers;
    assert_eq!(
        x.ncols(),
        layers[0],
        "the caller promises an input per node"
    );
    let predictions = if x.nrows() >= AT_ONCE || batch::worth_it(architecture, x.nrows()) {
        let data = Examples::of_inputs(x);
        Batch::new(layers, x.nrows().min(AT_ONCE)).predict(&network, &data)
    } else {
        dispatch(Predict(&network, x))
    };
    let numbers = predictions.into_iter().map(T::to_f64).collect();
    Array2::from_shape_vec((x.nrows(), layers[layers.len() - 1]), numbers)
        .expect("each sample has a prediction per output")
}

/// The predictions of a network, a sample at a time.
struct Predict<'a, T>(&'a Network<T>, &'a DataMatrix);

impl<T: Scalar> Kernel for Predict<'_, T> {
    type Output = Vec<T>;

    #[inline(always)]
    fn run(self) -> Vec<T> {
        let Predict(network, x) = self;
        let layers = &network.architecture.layers;
        let mut pass = Pass::new(layers);
        let mut sample = vec![T::zero(); layers[0]];
        let mut predictions = Vec::new();
        for row in 0..x.nrows() {
            for (value, x) in sample.iter_mut().zip(x.row(row)) {
                *value = T::nearest(x);
            }
            network.forward(&sample, &mut pass);
            predictions.extend(pass.predictions());
        }
        predictions
    }
}

/// The mean loss and the metrics of `predictions` (samples, outputs) for targets `y` (samples, see
/// `Loss::targets`), as a run of this precision records them. `class_weights` has the weight of
/// each class in the loss; all samples have the same weight if it is empty.
pub fn evaluate(
    measures: Measures<'_>,
    class_weights: &[f64],
    precision: Precision,
    predictions: &Array2<f64>,
    y: &DataMatrix,
) -> (f64, Vec<f64>) {
    let evaluation = Evaluate {
        measures,
        class_weights,
        predictions,
        y,
    };
    let figures = match precision {
        Precision::F32 => dispatch(In::<f32, _>(evaluation, PhantomData)),
        Precision::F64 => dispatch(In::<f64, _>(evaluation, PhantomData)),
    };
    let count = measures.metrics.len();
    (figures.loss, figures.metrics[..count].to_vec())
}

/// The predictions that are evaluated, and the measures.
struct Evaluate<'a> {
    measures: Measures<'a>,
    class_weights: &'a [f64],
    predictions: &'a Array2<f64>,
    y: &'a DataMatrix,
}

/// A kernel in one precision.
struct In<T, K>(K, PhantomData<T>);

impl<T: Scalar> Kernel for In<T, Evaluate<'_>> {
    type Output = Figures;

    #[inline(always)]
    fn run(self) -> Figures {
        let Evaluate {
            measures,
            class_weights,
            predictions,
            y,
        } = self.0;
        let predictions: Vec<T> = predictions.iter().map(|&p| T::nearest(p)).collect();
        let targets: Vec<T> = y.iter().map(T::nearest).collect();
        let mut sums = Sums::zero();
        let mut totals = Totals::of(&targets, y.ncols());
        if !class_weights.is_empty() {
            totals.weight = 0.0;
        }
        let samples = predictions.chunks_exact(measures.outputs);
        for (predictions, targets) in samples.zip(targets.chunks_exact(y.ncols())) {
            let mut loss = measures.loss.value(predictions, targets);
            if !class_weights.is_empty() {
                let weight = T::nearest(class_weights[targets[0].to_f64() as usize]);
                loss = loss * weight;
                totals.weight += weight.to_f64();
            }
            sums.add(measures, loss, predictions, targets);
        }
        sums.figures(measures, totals)
    }
}

/// The loss of each sample, from its predictions, a row of (samples, outputs), and its targets, a
/// row of `y` (see `Loss::targets`).
pub fn losses(loss: Loss, predictions: &Array2<f64>, y: &DataMatrix) -> Vec<f64> {
    dispatch(Losses(loss, predictions, y))
}

struct Losses<'a>(Loss, &'a Array2<f64>, &'a DataMatrix);

impl Kernel for Losses<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run(self) -> Vec<f64> {
        let Losses(loss, predictions, y) = self;
        let (mut sample, mut targets) = (Vec::new(), Vec::new());
        let mut losses = Vec::with_capacity(y.nrows());
        for (row, predictions) in predictions.rows().into_iter().enumerate() {
            sample.clear();
            sample.extend(predictions);
            targets.clear();
            targets.extend(y.row(row));
            losses.push(loss.value(&sample, &targets));
        }
        losses
    }
}

/// The probabilities of the classes: exp(zᵢ − max z) / Σ exp(zⱼ − max z), the sum from first to
/// last.
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|&z| exp(z - greatest)).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The probability of class 1 that a logit stands for: 1 / (1 + e^−z).
pub fn probability(logit: f64) -> f64 {
    sigmoid(logit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_are_the_same_for_many_samples_at_once() {
        use crate::types::Activation;
        use crate::words::init::{Init, Scheme};

        let architecture = Architecture {
            layers: vec![5, 9, 3],
            activations: vec![Activation::Gelu, Activation::Identity],
        };
        let init = Init::Scheme(Scheme::HeNormal);
        let parameters = init.parameters(&architecture.layers, 4);
        let all = Array2::from_shape_fn((AT_ONCE * 2 + 3, 5), |(i, j)| (i * 7 + j) as f64 / 900.0);
        for precision in [Precision::F32, Precision::F64] {
            let of = |x: Array2<f64>| predict(&architecture, &parameters, precision, &x.into());
            let at_once = of(all.clone());
            for (sample, predicted) in at_once.rows().into_iter().enumerate() {
                let alone = of(all.slice(ndarray::s![sample..=sample, ..]).to_owned());
                assert_eq!(alone.row(0), predicted);
            }
        }
    }

    #[test]
    fn softmax_bears_large_logits() {
        assert_eq!(softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
        assert_eq!(softmax(&[-1e300, 0.0]), [0.0, 1.0]);
    }
}
