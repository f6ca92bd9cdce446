//! Work on rows, and when it is worth a second thread.

/// Work on the rows of matrices: each row is one thread's alone, and no row's numbers depend on
/// which thread that is.
pub trait Rows: Send + Sized {
    /// How many rows there are.
    fn rows(&self) -> usize;
    /// Operations in all, roughly.
    fn cost(&self) -> usize;
    /// The rows before this one, and the rest.
    fn split_at(self, row: usize) -> (Self, Self);
    /// Does it.
    fn run(self);
}

/// From so many operations on, work is worth a second thread.
const WORTH_A_THREAD: usize = 1 << 20;

/// Whether threads share work of so many operations.
pub fn is_shared(cost: usize) -> bool {
    cost >= WORTH_A_THREAD
}

/// Many rows are divided at multiples of this: the rows of a matrix product's largest tile, so that
/// each thread has whole tiles.
pub(crate) const GRAIN: usize = 14;
