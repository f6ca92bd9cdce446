//! The initial weights and biases.

use alloc::vec::Vec;
use choices::choices;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::parameters::Parameters;
use numbers::random::{Stream, stream};

/// The source of the initial weights and biases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Drawn by a scheme; biases are 0.
    Scheme(Scheme),
    /// The given numbers of each layer after the input.
    Explicit {
        /// A matrix per layer: a row per node, a column per node of the layer before.
        weights: Vec<Vec<Vec<f64>>>,
        /// A vector per layer: a number per node.
        biases: Vec<Vec<f64>>,
    },
}

choices! {
    /// A distribution of the initial weights of a layer of n_out nodes with n_in inputs each.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub serde enum Scheme named SchemeName {
        /// All 0
        Zeros = "zeros",
        /// U(−a, a), a = gain · √(6 / (n_in + n_out))
        ///
        /// Glorot and Bengio 2010.
        XavierUniform {
            /// The factor.
            gain: f64,
        } = "xavier_uniform",
        /// N(0, σ²), σ = gain · √(2 / (n_in + n_out))
        ///
        /// Glorot and Bengio 2010.
        XavierNormal {
            /// The factor.
            gain: f64,
        } = "xavier_normal",
        /// U(−a, a), a = √(6 / n_in)
        ///
        /// He et al. 2015.
        HeUniform = "he_uniform",
        /// N(0, σ²), σ = √(2 / n_in)
        ///
        /// He et al. 2015.
        HeNormal = "he_normal",
        /// U(−a, a), a = √(3 / n_in)
        ///
        /// LeCun et al. 1998.
        LecunUniform = "lecun_uniform",
        /// N(0, σ²), σ = √(1 / n_in)
        ///
        /// LeCun et al. 1998.
        LecunNormal = "lecun_normal",
        /// U(low, high)
        Uniform {
            /// The least value.
            low: f64,
            /// Just above the greatest value.
            high: f64,
        } = "uniform",
        /// N(mean, std²)
        Normal {
            /// The mean.
            mean: f64,
            /// The standard deviation.
            std: f64,
        } = "normal",
    }
}

impl Init {
    /// The initial parameters that are given by these numbers.
    pub fn from_parameters(parameters: &Parameters) -> Self {
        Init::Explicit {
            weights: parameters
                .weights
                .iter()
                .map(|matrix| matrix.rows().into_iter().map(|row| row.to_vec()).collect())
                .collect(),
            biases: parameters.biases.iter().map(|b| b.to_vec()).collect(),
        }
    }

    /// The initial parameters of a network of these layers. Weights are drawn from the `Init`
    /// stream of `seed`, layer by layer, row by row, in f64 whatever the precision of training.
    ///
    /// # Panics
    /// If explicit numbers do not have the shape of `layers`: the plan promises that they have.
    pub fn parameters(&self, layers: &[usize], seed: u64) -> Parameters {
        let mut parameters = Parameters::zeros(layers);
        match self {
            Init::Scheme(scheme) => {
                let mut random = stream(seed, Stream::Init);
                for weights in &mut parameters.weights {
                    let draw = scheme.distribution(weights);
                    weights.mapv_inplace(|_| match draw {
                        Draw::Uniform(low, high) => random.uniform(low, high),
                        Draw::Normal(mean, std) => mean + std * random.normal(),
                        Draw::Zero => 0.0,
                    });
                }
            }
            Init::Explicit { weights, biases } => {
                let shapes = "the plan promises explicit weights of the layers' shapes";
                assert_eq!(weights.len(), parameters.weights.len(), "{shapes}");
                assert_eq!(biases.len(), parameters.biases.len(), "{shapes}");
                for (matrix, rows) in parameters.weights.iter_mut().zip(weights) {
                    assert_eq!(matrix.nrows(), rows.len(), "{shapes}");
                    for (mut row, values) in matrix.rows_mut().into_iter().zip(rows) {
                        assert_eq!(row.len(), values.len(), "{shapes}");
                        row.iter_mut()
                            .zip(values)
                            .for_each(|(w, &value)| *w = value);
                    }
                }
                for (vector, values) in parameters.biases.iter_mut().zip(biases) {
                    assert_eq!(vector.len(), values.len(), "{shapes}");
                    vector
                        .iter_mut()
                        .zip(values)
                        .for_each(|(b, &value)| *b = value);
                }
            }
        }
        parameters
    }
}

/// The distribution of one layer's weights.
#[derive(Clone, Copy)]
enum Draw {
    Zero,
    Uniform(f64, f64),
    Normal(f64, f64),
}

impl Scheme {
    fn distribution(self, weights: &Array2<f64>) -> Draw {
        let (n_out, n_in) = (weights.nrows() as f64, weights.ncols() as f64);
        let symmetric = |a: f64| Draw::Uniform(-a, a);
        let centred = |std: f64| Draw::Normal(0.0, std);
        match self {
            Scheme::Zeros => Draw::Zero,
            Scheme::XavierUniform { gain } => symmetric(gain * libm::sqrt(6.0 / (n_in + n_out))),
            Scheme::XavierNormal { gain } => centred(gain * libm::sqrt(2.0 / (n_in + n_out))),
            Scheme::HeUniform => symmetric(libm::sqrt(6.0 / n_in)),
            Scheme::HeNormal => centred(libm::sqrt(2.0 / n_in)),
            Scheme::LecunUniform => symmetric(libm::sqrt(3.0 / n_in)),
            Scheme::LecunNormal => centred(libm::sqrt(1.0 / n_in)),
            Scheme::Uniform { low, high } => Draw::Uniform(low, high),
            Scheme::Normal { mean, std } => Draw::Normal(mean, std),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and standard deviation of the weights of a 300 × 200 layer.
    fn moments(scheme: Scheme) -> (f64, f64) {
        let parameters = Init::Scheme(scheme).parameters(&[200, 300], 3);
        assert!(parameters.biases[0].iter().all(|&bias| bias == 0.0));
        let weights = &parameters.weights[0];
        let mean = weights.mean().expect("not empty");
        (mean, weights.std(1.0))
    }

    #[test]
    fn schemes_have_the_moments_of_their_papers() {
        let (n_in, n_out) = (200.0_f64, 300.0_f64);
        let xavier = (2.0 / (n_in + n_out)).sqrt();
        let cases = [
            (Scheme::XavierUniform { gain: 1.0 }, 0.0, xavier),
            (Scheme::XavierNormal { gain: 2.0 }, 0.0, 2.0 * xavier),
            (Scheme::HeUniform, 0.0, (2.0 / n_in).sqrt()),
            (Scheme::HeNormal, 0.0, (2.0 / n_in).sqrt()),
            (Scheme::LecunUniform, 0.0, (1.0 / n_in).sqrt()),
            (Scheme::LecunNormal, 0.0, (1.0 / n_in).sqrt()),
            (
                Scheme::Uniform {
                    low: -1.0,
                    high: 3.0,
                },
                1.0,
                4.0 / 12.0_f64.sqrt(),
            ),
            (
                Scheme::Normal {
                    mean: 0.5,
                    std: 0.1,
                },
                0.5,
                0.1,
            ),
        ];
        for (scheme, mean, std) in cases {
            let (found_mean, found_std) = moments(scheme);
            // The bound is five standard errors of the mean and of the deviation over 60,000 draws.
            assert!(
                (found_mean - mean).abs() < 5.0 * std / 60_000.0_f64.sqrt(),
                "{scheme:?}"
            );
            assert!(
                (found_std / std - 1.0).abs() < 5.0 / 120_000.0_f64.sqrt(),
                "{scheme:?}"
            );
        }
        assert_eq!(moments(Scheme::Zeros), (0.0, 0.0));
    }
}
