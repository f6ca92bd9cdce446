//! The size of the network and the training, from the facts about the data.
//!
//! Each rule is a number that a person can check. The rules hold for standardized inputs and
//! targets, tanh and Adam.

/// The runs of each configuration if learning is quick; the most runs.
pub const MOST_REPLICATES: u32 = 5;

/// The runs of each configuration and fold, where the folds give several runs already.
const REPLICATES_OF_FOLDS: u32 = 2;

/// The runs of each configuration if learning takes long; the least runs.
const LEAST_REPLICATES: u32 = 2;

/// The multiplications and additions that all runs of a first experiment may take together.
const MOST_WORK: f64 = 2e12;

/// From this many samples on, the larger learning rates are too large.
const MANY_SAMPLES: usize = 2_000;

/// The least and the most hidden nodes.
const HIDDEN: (usize, usize) = (8, 64);

/// The most weights of the hidden layer for each sample.
const WEIGHTS_PER_SAMPLE: usize = 4;

/// Up to this many inputs, the danger of fitting noise does not grow with their number.
const FEW_INPUTS: f64 = 20.0;

/// A smaller penalty than this would have no effect.
const LEAST_L2: f64 = 1e-5;

/// The network and its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// The nodes of the hidden layer: about as many as inputs, within [`HIDDEN`], and fewer for few
    /// samples.
    pub hidden: usize,
    /// The samples per update; `None` for all samples.
    pub batch_size: Option<usize>,
    /// The most passes over the samples; early stopping ends most runs before.
    pub epochs: usize,
    /// The learning rates of the sweep.
    pub rates: [f64; 4],
    /// The penalty on weights, if there is one.
    pub l2: Option<f64>,
    /// The runs of each configuration (and fold).
    pub replicates: u32,
}

impl Training {
    /// The training for these numbers of inputs, outputs and training samples; `folds` is 1 without
    /// folds.
    pub fn of(inputs: usize, outputs: usize, samples: usize, folds: u32) -> Self {
        let hidden = hidden(inputs, outputs, samples);
        let rates = match samples {
            0..MANY_SAMPLES => [0.003, 0.01, 0.03, 0.1],
            _ => [0.001, 0.003, 0.01, 0.03],
        };
        let mut training = Self {
            hidden,
            batch_size: batch_size(samples),
            epochs: epochs(samples),
            rates,
            l2: l2(inputs, samples),
            replicates: if folds > 1 {
                REPLICATES_OF_FOLDS
            } else {
                MOST_REPLICATES
            },
        };
        // Forward pass, backward pass and gradients are a multiplication and an addition each.
        let weights = (hidden * (inputs + outputs)) as f64;
        let pass = 6.0 * weights * samples as f64 * rates.len() as f64 * f64::from(folds);
        let work = |training: &Self| pass * training.epochs as f64 * f64::from(training.replicates);
        while work(&training) > MOST_WORK && training.replicates > LEAST_REPLICATES {
            training.replicates -= 1;
        }
        while work(&training) > MOST_WORK && training.epochs > 10 {
            training.epochs -= 5;
        }
        training
    }
}

fn hidden(inputs: usize, outputs: usize, samples: usize) -> usize {
    let widest = inputs.max(outputs);
    let (least, most) = HIDDEN;
    let mut hidden = widest.next_power_of_two().clamp(least, most);
    while hidden > least && hidden * (widest + 1) > WEIGHTS_PER_SAMPLE * samples {
        hidden /= 2;
    }
    hidden
}

/// The penalty, with one digit: 1 / samples, which follows from a standard normal distribution of
/// weights and of noise. It is multiplied by the inputs if there are many, since each of them can
/// fit some noise.
fn l2(inputs: usize, samples: usize) -> Option<f64> {
    let l2 = (inputs as f64 / FEW_INPUTS).max(1.0) / samples as f64;
    let l2: f64 = format!("{l2:.0e}").parse().expect("a number as written");
    (l2 >= LEAST_L2).then_some(l2.min(0.1))
}

/// A batch size for this many samples that does not leave a single sample for the last batch.
fn batch_size(samples: usize) -> Option<usize> {
    let usual: usize = match samples {
        0..160 => 8,
        160..4_000 => 32,
        4_000..100_000 => 128,
        _ => 256,
    };
    if samples <= usual {
        return None;
    }
    let size = (2..=usual).rev().find(|size| samples % size != 1);
    Some(size.unwrap_or(usual))
}

/// The number of epochs with which each network sees its samples often enough.
fn epochs(samples: usize) -> usize {
    match samples {
        0..2_000 => 200,
        2_000..20_000 => 100,
        20_000..200_000 => 30,
        _ => 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_penalty_falls_with_the_samples_and_rises_with_many_inputs() {
        assert_eq!(l2(4, 100), Some(0.01));
        assert_eq!(l2(20, 100), Some(0.01));
        assert_eq!(l2(100, 50), Some(0.1));
        assert_eq!(l2(4, 740), Some(0.001));
        assert_eq!(l2(4, 1_000_000), None);
    }

    #[test]
    fn no_batch_has_one_sample() {
        for samples in 2..3_000 {
            if let Some(size) = batch_size(samples) {
                assert!(size >= 2 && samples % size != 1, "{samples}: {size}");
            }
        }
    }

    #[test]
    fn a_large_table_gets_fewer_epochs_and_runs() {
        let small = Training::of(4, 1, 200, 5);
        assert_eq!((small.epochs, small.replicates, small.hidden), (200, 2, 8));
        let large = Training::of(784, 10, 60_000, 1);
        assert!(
            large.epochs >= 10 && large.replicates == LEAST_REPLICATES,
            "{large:?}"
        );
    }
}
