//! Backward against central differences, for every activation × loss.

use ndarray::{Array1, Array2};
use runner::engine::network::{Network, Pass};
use runner::engine::types::{Activation, Architecture, Init, Loss, Parameters, Scheme};
use runner::rng::{Stream, stream};

const ACTIVATIONS: [Activation; 4] = [
    Activation::Identity,
    Activation::Sigmoid,
    Activation::Tanh,
    Activation::Relu,
];
const LOSSES: [Loss; 2] = [Loss::HalfMse, Loss::Mse];

/// Half the distance of a central difference: rounding (1e-16 / h) and truncation (h²) balance
/// near the cube root of the unit roundoff.
const H: f64 = 6e-6;
/// What is left of both, with a margin.
const TOLERANCE: f64 = 1e-8;

/// The summed loss of the batch, times the outputs: what `backward` differentiates.
fn summed_loss(network: &Network<f64>, loss: Loss, x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let mut pass = Pass::new(&network.architecture.layers);
    let outputs = y.ncols() as f64;
    x.rows()
        .into_iter()
        .zip(y.rows())
        .map(|(x, y)| {
            network.forward(x.as_slice().expect("row"), &mut pass);
            loss.value(pass.predictions(), y.as_slice().expect("row")) * outputs
        })
        .sum()
}

#[test]
fn every_activation_and_loss_agrees_with_central_differences() {
    let mut random = stream(5, Stream::Data);
    let mut draw =
        |rows, columns| Array2::from_shape_fn((rows, columns), |_| random.uniform(-1.5, 1.5));
    let (x, y) = (draw(5, 3), draw(5, 2));
    for hidden in ACTIVATIONS {
        for output in ACTIVATIONS {
            for loss in LOSSES {
                let layers = vec![3, 4, 3, 2];
                let mut parameters =
                    Init::Scheme(Scheme::XavierUniform { gain: 1.0 }).parameters(&layers, 11);
                // Biases that are not zero, so that their gradients are tried at a general point.
                let mut bias = stream(6, Stream::Init);
                for biases in &mut parameters.biases {
                    *biases = Array1::from_shape_fn(biases.len(), |_| bias.uniform(-0.5, 0.5));
                }
                let mut network = Network {
                    architecture: Architecture {
                        layers: layers.clone(),
                        activations: vec![hidden, hidden, output],
                    },
                    parameters,
                };
                let mut gradients = Parameters::zeros(&layers);
                let mut pass = Pass::new(&layers);
                for (x, y) in x.rows().into_iter().zip(y.rows()) {
                    let (x, y) = (x.as_slice().expect("row"), y.as_slice().expect("row"));
                    network.forward(x, &mut pass);
                    network.backward(x, y, loss, &mut pass, &mut gradients);
                }
                let analytic: Vec<f64> = gradients.slices().flatten().copied().collect();
                for (i, &gradient) in analytic.iter().enumerate() {
                    let mut at = |step: f64| {
                        let original = network.parameters.clone();
                        *network
                            .parameters
                            .slices_mut()
                            .flatten()
                            .nth(i)
                            .expect("parameter") += step;
                        let value = summed_loss(&network, loss, &x, &y);
                        network.parameters = original;
                        value
                    };
                    let difference = (at(H) - at(-H)) / (2.0 * H);
                    assert!(
                        (gradient - difference).abs() <= TOLERANCE * gradient.abs().max(1.0),
                        "{hidden:?} {output:?} {loss:?} parameter {i}: {gradient} is not {difference}"
                    );
                }
            }
        }
    }
}
