//! The kinds of targets.

use choices::choices;

choices! {
    /// What the targets are; the loss decides.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub serde enum TargetKind {
        /// Numbers, for half_mse, mse, mae and huber. Two-class generators give −1 and +1.
        Numbers = "numbers",
        /// 0 or 1 per output, for bce. Two-class generators give 0 and 1; a single target column with
        /// exactly two names gives the index of the name, sorted.
        Binary = "binary",
        /// One class per sample, for cross_entropy: an index from 0, or names sorted.
        Classes = "classes",
    }
}

impl Default for TargetKind {
    /// Numbers, the targets of a regression.
    fn default() -> Self {
        TargetKind::Numbers
    }
}
