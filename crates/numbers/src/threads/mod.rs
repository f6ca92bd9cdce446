//! Work on rows that threads divide among them. Without the feature `std` there is one thread.

#[cfg(feature = "std")]
mod pool;
mod rows;

#[cfg(feature = "std")]
pub use pool::{count, divide, help_until};
pub(crate) use rows::GRAIN;
pub use rows::{Rows, is_shared};

/// How many threads can share work.
#[cfg(not(feature = "std"))]
pub fn count() -> usize {
    1
}

/// Does the work with the only thread.
#[cfg(not(feature = "std"))]
pub fn divide<W: Rows>(work: W, _threads: usize) {
    work.run();
}
