//! The treatment of missing cells.

use choices::choices;

choices! {
    /// One way to treat missing cells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum MissingWay {
        /// A missing cell is an error
        Refuse = "refuse",
        /// A row with a missing cell is left out
        Drop = "drop",
        /// A missing number gets the mean of its column over the training part
        Mean = "mean",
        /// A missing number gets the median of its column over the training part
        Median = "median",
        /// A missing word is a category of its own
        Category = "category",
    }
}

/// The treatment of missing cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The way to fill a missing number among the features.
    pub numbers: Option<Fill>,
    /// Whether a missing word is a category of its own.
    pub category: bool,
    /// Whether a row with any other missing cell is left out; otherwise it is a problem.
    pub drop: bool,
}

/// The number that fills missing ones of a column, taken from the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The mean of the column.
    Mean,
    /// The median of the column; of an even count, the mean of the middle two.
    Median,
}

impl Missing {
    /// A missing cell is a problem.
    pub const REFUSE: Self = Self {
        numbers: None,
        category: false,
        drop: false,
    };
    /// A row with a missing cell is left out.
    pub const DROP: Self = Self {
        drop: true,
        ..Self::REFUSE
    };
    /// A missing number is filled with the mean.
    pub const MEAN: Self = Self {
        numbers: Some(Fill::Mean),
        ..Self::REFUSE
    };
}
