//! Rows that threads divide among them; without the feature `std`, there is one thread.

#[cfg(feature = "std")]
mod pool;

#[cfg(feature = "std")]
pub use pool::{count, help_until, share};

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

/// How many threads can share work.
#[cfg(not(feature = "std"))]
pub fn count() -> usize {
    1
}

/// Does the work with the only thread.
#[cfg(not(feature = "std"))]
pub fn share<W: Rows>(work: W, _threads: usize) {
    work.run();
}
