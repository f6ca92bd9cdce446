//! The faults of rows that cannot be predicted.

use choices::choices;

/// A row that cannot be predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The number of the row in the source, from 0.
    pub row: usize,
    /// Its line in the file, from 1, if the source has lines.
    pub line: Option<usize>,
    /// The index of the raw feature column with the fault, if it is in one column.
    pub column: Option<usize>,
    /// The reason.
    pub reason: Reason,
}

choices! {
    /// Why a row cannot be predicted.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Reason {
        /// A value is missing, and the model does not know what to fill it with
        Missing = "missing",
        /// A word that the training part did not have
        NewCategory = "new_category",
        /// A cell of a column of numbers that is no finite number
        NotANumber = "not_a_number",
        /// The row has fewer cells than the header
        TooFewCells = "too_few_cells",
        /// The row has more cells than the header
        TooManyCells = "too_many_cells",
        /// Text stands behind a closing quote
        BrokenQuotes = "broken_quotes",
    }
}
