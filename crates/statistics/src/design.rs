//! The design of an experiment: how the runs of one configuration depend on each other, and the
//! variance of their mean that follows.

/// How the runs of one configuration depend on each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Design {
    /// Each run differs from the others in its seed, or has data of its own: the runs are
    /// independent draws.
    Independent,
    /// The runs are folds or splits of one table and learn from overlapping parts. Their results
    /// are correlated, and their spread looks smaller than it would be with other tables (Nadeau
    /// and Bengio 2003).
    Resampled {
        /// The validation samples for each training sample: 1 / (k − 1) for k folds.
        valid_per_train: f64,
        /// The runs of one replicate: k for k folds, 1 for a split.
        folds: u64,
    },
}

impl Design {
    /// The variance of the mean of `n` runs, as a multiple of the variance of one run: 1 / n for
    /// independent runs, 1 / n + n_valid / n_train for resampled ones.
    pub fn variance(self, n: f64) -> f64 {
        match self {
            Design::Independent => 1.0 / n,
            Design::Resampled {
                valid_per_train, ..
            } => 1.0 / n + valid_per_train,
        }
    }

    /// The standard error of the mean of `n` runs whose standard deviation is `sd`.
    pub fn standard_error(self, sd: f64, n: usize) -> f64 {
        match self {
            Design::Independent => sd / (n as f64).sqrt(),
            Design::Resampled { .. } => sd * self.variance(n as f64).sqrt(),
        }
    }
}
