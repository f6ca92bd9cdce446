//! Work on rows, and the least work that a second thread pays for.

/// Work on the rows of matrices: each row belongs to one thread, and its numbers are the same
/// whichever thread that is.
pub trait Rows: Send + Sized {
    /// How many rows there are.
    fn rows(&self) -> usize;
    /// How many operations the work has in all, roughly.
    fn cost(&self) -> usize;
    /// The work on the rows before `row`, and on the rest.
    fn split_at(self, row: usize) -> (Self, Self);
    /// Does the work.
    fn run(self);
}

/// The least number of operations for which a second thread pays.
const WORTH_A_THREAD: usize = 1 << 20;

/// Whether threads share work of so many operations.
pub fn is_shared(cost: usize) -> bool {
    cost >= WORTH_A_THREAD
}

/// The rows of a matrix product's largest tile. Many rows are divided at multiples of this, so that
/// each thread has whole tiles.
pub(crate) const GRAIN: usize = 14;
