//! How the runs of one configuration hang together, and what that does to the variance of their mean.

/// How the runs of one configuration hang together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Design {
    /// Each run differs from the others in its seed, or has data of its own: the runs are independent
    /// draws of what is asked.
    Independent,
    /// Folds or splits of one table: the runs learn from parts that overlap. Their results go together,
    /// and their spread looks smaller than it would be with another table (Nadeau and Bengio 2003).
    Resampled {
        /// The samples judged on, for each sample learnt from: 1 / (k − 1) of k folds.
        valid_per_train: f64,
        /// The runs of one replicate: k of k folds, 1 of a split.
        folds: u64,
    },
}

impl Design {
    /// The variance of the mean of `n` runs, in variances of one run: 1 / n of independent ones,
    /// 1 / n + n_valid / n_train of resampled ones.
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
