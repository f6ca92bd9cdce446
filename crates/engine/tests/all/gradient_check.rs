//! Backward against central differences, for every activation × loss × penalty.

use choices::Choice;
use engine::reference::network::Pass;
use engine::reference::session::Session;
use engine::types::{
    Activation, Architecture, BatchSize, ClassWeights, Init, Loss, Samples, Scheme, Settings, Task,
};
use ndarray::{Array1, Array2};
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, stream};

/// Half the distance of a central difference. Rounding (1e-16 / h) and truncation (h²) balance near
/// the cube root of the unit roundoff.
const H: f64 = 6e-6;
/// The error that is left by both, with a margin.
const TOLERANCE: f64 = 1e-8;
/// The slope of hard_sigmoid is PyTorch's 24-bit 1/6, 3e-8 from the true one, in up to three
/// layers.
const HARD_SIGMOID_TOLERANCE: f64 = 2e-7;

const LAYERS: [usize; 4] = [3, 4, 3, 2];
const SAMPLES: usize = 5;

fn settings(loss: Loss, l1: f64, l2: f64) -> Settings {
    Settings {
        l1,
        l2,
        shuffle: false,
        ..Settings::plain(loss, BatchSize::Full, 1, 0.1)
    }
}

/// Targets of the kind that a loss takes.
fn targets(loss: Loss) -> Array2<f64> {
    let mut random = stream(8, Stream::Data);
    let columns = loss.targets(LAYERS[3]);
    Array2::from_shape_fn((SAMPLES, columns), |_| match loss {
        Loss::Bce | Loss::CrossEntropy => f64::from(random.below(2)),
        _ => random.uniform(-1.5, 1.5),
    })
}

/// The weights of the batch's samples in the loss, and the outputs that are dropped.
struct Held {
    weights: Vec<f64>,
    masks: Vec<Vec<Vec<f64>>>,
}

/// The objective: the batch's mean loss, and the penalties on the weights.
fn objective(
    session: &Session<f64>,
    settings: &Settings,
    held: &Held,
    x: &Array2<f64>,
    y: &Array2<f64>,
) -> f64 {
    let mut pass = Pass::new(&LAYERS).with_masks();
    let mut sum = 0.0;
    for (sample, (x, y)) in x.rows().into_iter().zip(y.rows()).enumerate() {
        pass.masks.clone_from(&held.masks[sample]);
        session
            .network
            .forward(x.as_slice().expect("row"), &mut pass);
        let targets = y.as_slice().expect("row");
        sum += held.weights[sample] * settings.loss.value(pass.predictions(), targets);
    }
    let weights = || session.network.parameters.weights.iter().flatten();
    let absolute: f64 = weights().map(|w| w.abs()).sum();
    let squared: f64 = weights().map(|w| w * w).sum();
    sum / held.weights.iter().sum::<f64>() + settings.l1 * absolute + settings.l2 * squared / 2.0
}

#[test]
fn every_activation_loss_and_penalty_agrees_with_central_differences() {
    let mut random = stream(5, Stream::Data);
    let x = Array2::from_shape_fn((SAMPLES, LAYERS[0]), |_| random.uniform(-1.5, 1.5));
    for &hidden in Activation::ALL {
        for output in [hidden, Activation::Identity, Activation::Tanh] {
            for &loss in Loss::ALL {
                for (l1, l2) in [(0.0, 0.0), (0.03, 0.0), (0.0, 0.05), (0.02, 0.04)] {
                    check(hidden, output, &settings(loss, l1, l2), &x);
                }
            }
        }
    }
}

#[test]
fn weighted_and_dropped_samples_agree_with_central_differences() {
    let mut random = stream(5, Stream::Data);
    let x = Array2::from_shape_fn((SAMPLES, LAYERS[0]), |_| random.uniform(-1.5, 1.5));
    for &hidden in Activation::ALL {
        for &loss in Loss::ALL {
            let mut settings = settings(loss, 0.0, 0.05);
            settings.dropout = vec![0.3, 0.6];
            check(hidden, Activation::Identity, &settings, &x);
            if loss == Loss::CrossEntropy {
                for dropout in [Vec::new(), vec![0.5, 0.0]] {
                    settings.class_weights = ClassWeights::Given(vec![0.5, 3.0]);
                    settings.dropout = dropout;
                    check(hidden, Activation::Identity, &settings, &x);
                }
            }
        }
    }
}

fn check(hidden: Activation, output: Activation, settings: &Settings, x: &Array2<f64>) {
    let y = targets(settings.loss);
    let scheme = Scheme::XavierUniform { gain: 1.5 };
    let mut parameters = Init::Scheme(scheme).parameters(&LAYERS, 11);
    // The biases are not zero, so that their gradients are checked at a general point.
    let mut bias = stream(6, Stream::Init);
    for biases in &mut parameters.biases {
        *biases = Array1::from_shape_fn(biases.len(), |_| bias.uniform(-0.5, 0.5));
    }
    let architecture = Architecture {
        layers: LAYERS.to_vec(),
        activations: vec![hidden, hidden, output],
    };
    let y_matrix = DataMatrix::from(y.clone());
    let samples = Samples {
        x: &y_matrix,
        y: &y_matrix,
    };
    let mut session = Session::of(&Task {
        architecture: &architecture,
        init: &Init::Scheme(scheme),
        train: samples,
        valid: None,
        settings,
        init_seed: 11,
        shuffle_seed: 3,
        target_units: &[],
        snapshots: false,
    });
    session.network.parameters = parameters;
    session.begin();
    let mut held = Held {
        weights: Vec::new(),
        masks: Vec::new(),
    };
    for (x, y) in x.rows().into_iter().zip(y.rows()) {
        session.sample(x.as_slice().expect("row"), y.as_slice().expect("row"));
        held.weights.push(session.pass.weight.unwrap_or(1.0));
        held.masks.push(session.pass.masks.clone());
    }
    session.average(SAMPLES);
    session.penalize();

    let tolerance = match hidden {
        Activation::HardSigmoid => HARD_SIGMOID_TOLERANCE,
        _ => TOLERANCE,
    };
    let analytic: Vec<f64> = session.gradients.slices().flatten().copied().collect();
    for (i, &gradient) in analytic.iter().enumerate() {
        let mut at = |step: f64| {
            let original = session.network.parameters.clone();
            {
                let mut all = session.network.parameters.slices_mut().flatten();
                *all.nth(i).expect("parameter") += step;
            }
            let value = objective(&session, settings, &held, x, &y);
            session.network.parameters = original;
            value
        };
        let difference = (at(H) - at(-H)) / (2.0 * H);
        assert!(
            (gradient - difference).abs() <= tolerance * gradient.abs().max(1.0),
            "{hidden:?} {output:?} {:?} l1 {} l2 {} parameter {i}: {gradient} is not {difference}",
            settings.loss,
            settings.l1,
            settings.l2
        );
    }
}
