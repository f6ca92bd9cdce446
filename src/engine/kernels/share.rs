//! Rows that threads divide among them.

use super::tile::TILE_ROWS;

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
const WORTH_A_THREAD: usize = 1 << 19;

/// Does the work with as many as `threads` threads of the current rayon pool. Many rows are divided at
/// a multiple of a tile's, so that each thread has whole tiles of a matrix product.
pub fn share<W: Rows>(work: W, threads: usize) {
    let rows = work.rows();
    if threads < 2 || rows < 2 || work.cost() < WORTH_A_THREAD {
        return work.run();
    }
    let middle = match rows / 2 {
        half if half < TILE_ROWS => half,
        half => (half + TILE_ROWS / 2) / TILE_ROWS * TILE_ROWS,
    };
    let (upper, lower) = work.split_at(middle);
    rayon::join(
        || share(upper, threads.div_ceil(2)),
        || share(lower, threads / 2),
    );
}
