//! Schedules: how the learning rate changes from epoch to epoch.

use alloc::vec::Vec;
use choices::choices;

choices! {
    /// How the learning rate changes; every schedule steps once an epoch.
    #[derive(Debug, Clone, PartialEq)]
    #[serde(tag = "name")]
    pub serde enum Schedule named ScheduleName {
        /// The learning rate stays as it is
        Constant = "constant",
        /// Times gamma every step_size epochs
        Step {
            /// In epochs, at least 1.
            step_size: u64,
            /// The factor.
            gamma: f64,
        } = "step",
        /// Times gamma every epoch
        Exponential {
            /// The factor.
            gamma: f64,
        } = "exponential",
        /// Times gamma at each milestone
        Multistep {
            /// After so many epochs, rising.
            milestones: Vec<u64>,
            /// The factor.
            gamma: f64,
        } = "multistep",
        /// Half a cosine from the learning rate down to eta_min in t_max epochs
        ///
        /// Loshchilov and Hutter 2017.
        Cosine {
            /// In epochs, at least 1.
            t_max: u64,
            /// The least learning rate.
            eta_min: f64,
        } = "cosine",
        /// Times a factor that goes from start_factor to end_factor in total_iters epochs
        ///
        /// Linearly; then it stays.
        Linear {
            /// At the first epoch; above 0, at most 1.
            start_factor: f64,
            /// From epoch `total_iters` on; 0 to 1.
            end_factor: f64,
            /// In epochs, at least 1.
            total_iters: u64,
        } = "linear",
    }
}

impl Schedule {
    /// The learning rate of an epoch (from 1) for a run whose first learning rate is `start`, by
    /// PyTorch's closed forms after epoch − 1 steps of the scheduler.
    pub fn learning_rate(&self, start: f64, epoch: u64) -> f64 {
        let steps = epoch - 1;
        match *self {
            Schedule::Constant => start,
            Schedule::Step { step_size, gamma } => start * power(gamma, steps / step_size),
            Schedule::Exponential { gamma } => start * power(gamma, steps),
            Schedule::Multistep {
                ref milestones,
                gamma,
            } => {
                let passed = milestones.iter().filter(|&&milestone| milestone <= steps);
                start * power(gamma, passed.count() as u64)
            }
            Schedule::Cosine { t_max, eta_min } => {
                // Beyond t_max the rate rises again, as in PyTorch.
                let phase = (steps % (2 * t_max)) as f64 / t_max as f64;
                let share = 0.5 * (1.0 + libm::cos(core::f64::consts::PI * phase));
                eta_min + (start - eta_min) * share
            }
            Schedule::Linear {
                start_factor,
                end_factor,
                total_iters,
            } => {
                let share = steps.min(total_iters) as f64 / total_iters as f64;
                start * (start_factor + (end_factor - start_factor) * share)
            }
        }
    }
}

/// base^exponent by repeated squaring, with the same bits on every machine.
fn power(base: f64, mut exponent: u64) -> f64 {
    let (mut value, mut square) = (1.0, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            value *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn rates(schedule: &Schedule, epochs: u64) -> Vec<f64> {
        (1..=epochs)
            .map(|epoch| schedule.learning_rate(0.5, epoch))
            .collect()
    }

    // The values are computed by hand from the definitions.
    #[test]
    fn schedules_take_the_values_of_their_definitions() {
        assert_eq!(rates(&Schedule::Constant, 2), [0.5, 0.5]);
        let step = Schedule::Step {
            step_size: 2,
            gamma: 0.5,
        };
        assert_eq!(rates(&step, 5), [0.5, 0.5, 0.25, 0.25, 0.125]);
        let exponential = Schedule::Exponential { gamma: 0.5 };
        assert_eq!(rates(&exponential, 3), [0.5, 0.25, 0.125]);
        let multistep = Schedule::Multistep {
            milestones: vec![1, 3],
            gamma: 0.5,
        };
        assert_eq!(rates(&multistep, 5), [0.5, 0.25, 0.25, 0.125, 0.125]);
        let linear = Schedule::Linear {
            start_factor: 0.5,
            end_factor: 1.0,
            total_iters: 2,
        };
        assert_eq!(rates(&linear, 4), [0.25, 0.375, 0.5, 0.5]);
        let cosine = Schedule::Cosine {
            t_max: 2,
            eta_min: 0.1,
        };
        let expected = [0.5, 0.3, 0.1, 0.3, 0.5];
        for (found, expected) in rates(&cosine, 5).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }

    #[test]
    fn a_milestone_named_twice_counts_twice() {
        let multistep = Schedule::Multistep {
            milestones: vec![1, 1],
            gamma: 0.5,
        };
        assert_eq!(rates(&multistep, 2), [0.5, 0.125]);
    }
}
