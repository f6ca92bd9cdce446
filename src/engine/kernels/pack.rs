//! Operands copied so that what a tile reads of them is adjacent.
//!
//! Rows far apart fall on the same sets of a cache and on ever other pages: read where they lie, a
//! large operand is waited for at every step of k.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::mem::MaybeUninit;

use super::super::real::Scalar;
use super::tile::{DEPTH, TILE_ROWS};
use super::vector::Vector;

/// Where the rows of A that a tile needs start.
#[derive(Clone, Copy)]
pub(super) struct Panel<T> {
    pub elements: *const T,
    pub row_stride: usize,
    pub column_stride: usize,
}

/// Room for a packed panel of A.
pub(super) const PANEL: usize = TILE_ROWS * DEPTH;

/// Copies a panel so that the rows of one k are adjacent. `ROWS`: how many most panels have.
///
/// # Safety
/// The panel has `rows` rows and `depth` columns.
#[inline(always)]
pub(super) unsafe fn pack_panel<T: Copy, const ROWS: usize>(
    a: Panel<T>,
    rows: usize,
    depth: usize,
    packed: &mut [MaybeUninit<T>; PANEL],
) {
    let copy = |k: usize, packed: &mut [MaybeUninit<T>]| {
        for (row, packed) in packed.iter_mut().enumerate() {
            // SAFETY: as the caller promises.
            packed.write(unsafe { *a.elements.add(row * a.row_stride + k * a.column_stride) });
        }
    };
    if rows == ROWS {
        let (packed, _) = packed.as_chunks_mut::<ROWS>();
        for (k, packed) in packed.iter_mut().take(depth).enumerate() {
            copy(k, packed);
        }
    } else {
        for (k, packed) in packed.chunks_exact_mut(rows).take(depth).enumerate() {
            copy(k, packed);
        }
    }
}

/// As many bytes as a cache's line has, where a line starts.
#[derive(Clone, Copy)]
#[repr(align(64))]
#[expect(dead_code, reason = "the bytes are reached by pointers to numbers")]
struct Line([MaybeUninit<u8>; 64]);

thread_local! {
    /// Each thread's own room for a packed block of B, kept from product to product.
    static ROOM: Cell<Vec<Line>> = const { Cell::new(Vec::new()) };
}

/// A packed block of B: for each tile's width of columns, and then for each vector's, k after k.
pub(super) struct Block {
    lines: Vec<Line>,
}

impl Block {
    /// With room for so many numbers, the room of this thread until it is dropped.
    pub fn with_room<T>(numbers: usize) -> Self {
        let mut lines = ROOM.take();
        let needed = (numbers * size_of::<T>()).div_ceil(size_of::<Line>());
        if lines.len() < needed {
            lines.resize(needed, Line([MaybeUninit::uninit(); 64]));
        }
        Self { lines }
    }

    /// Where the numbers of a column start, the first of its tile or vector.
    #[inline(always)]
    pub fn column<T>(&self, column: usize, depth: usize) -> *const T {
        let start: *const T = self.lines.as_ptr().cast();
        start.wrapping_add(column * depth)
    }

    /// Copies `depth` rows of so many columns of B, of whole vectors.
    ///
    /// # Panics
    /// If the room is smaller.
    ///
    /// # Safety
    /// B has these rows and columns from `b` on, and the CPU has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn pack<V: Vector, const COLUMNS: usize>(
        &mut self,
        b: *const V::Element,
        stride: usize,
        depth: usize,
        columns: usize,
    ) where
        V::Element: Scalar,
    {
        let room = self.lines.len() * size_of::<Line>() / size_of::<V::Element>();
        assert!(columns * depth <= room, "there is room for the block");
        let mut packed: *mut V::Element = self.lines.as_mut_ptr().cast();
        let mut column = 0;
        // SAFETY: depth times the columns are read and written, each number once; the rest is as the
        // caller promises.
        unsafe {
            while column + COLUMNS * V::LANES <= columns {
                copy_columns::<V, COLUMNS>(b.add(column), stride, depth, &mut packed);
                column += COLUMNS * V::LANES;
            }
            while column + V::LANES <= columns {
                copy_columns::<V, 1>(b.add(column), stride, depth, &mut packed);
                column += V::LANES;
            }
        }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.lines));
    }
}

/// Copies `depth` rows of COLUMNS vectors, and goes on behind them.
///
/// # Safety
/// They can be read and written, and the CPU has the instructions of `V`.
#[inline(always)]
unsafe fn copy_columns<V: Vector, const COLUMNS: usize>(
    mut b: *const V::Element,
    stride: usize,
    depth: usize,
    packed: &mut *mut V::Element,
) {
    for _ in 0..depth {
        for column in 0..COLUMNS {
            // SAFETY: as the caller promises.
            unsafe {
                V::load(b.add(column * V::LANES)).store(packed.add(column * V::LANES));
            }
        }
        b = b.wrapping_add(stride);
        *packed = packed.wrapping_add(COLUMNS * V::LANES);
    }
}

#[cfg(test)]
mod tests {
    use super::super::vector::Portable;
    use super::*;

    #[test]
    fn a_block_is_packed_tile_by_tile_and_then_vector_by_vector() {
        const LANES: usize = <Portable<f64> as Vector>::LANES;
        let (stride, depth, columns) = (11 * LANES, 5, 7 * LANES);
        let b: Vec<f64> = (0..depth * stride).map(|i| i as f64).collect();
        let mut block = Block::with_room::<f64>(depth * columns);
        // SAFETY: B has the rows and columns; the portable vector needs no instructions.
        unsafe { block.pack::<Portable<f64>, 2>(b.as_ptr(), stride, depth, columns) };
        for first in (0..columns).step_by(LANES) {
            let of_tile = if first < 6 * LANES { 2 * LANES } else { LANES };
            let tile = first / of_tile * of_tile;
            let start = block.column::<f64>(tile, depth);
            for k in 0..depth {
                for lane in 0..LANES {
                    let place = k * of_tile + first - tile + lane;
                    // SAFETY: the block holds depth times the columns.
                    let packed = unsafe { *start.add(place) };
                    assert_eq!(packed, b[k * stride + first + lane]);
                }
            }
        }
    }

    #[test]
    fn a_panel_is_packed_k_after_k() {
        let a: Vec<f64> = (0..60).map(f64::from).collect();
        let panel = Panel {
            elements: a.as_ptr(),
            row_stride: 10,
            column_stride: 2,
        };
        for rows in [4, 3] {
            let mut packed = [const { MaybeUninit::uninit() }; PANEL];
            // SAFETY: the panel has as many rows of five columns.
            unsafe { pack_panel::<_, 4>(panel, rows, 5, &mut packed) };
            for k in 0..5 {
                for row in 0..rows {
                    // SAFETY: so many were written.
                    let number = unsafe { packed[k * rows + row].assume_init() };
                    assert_eq!(number, a[row * 10 + k * 2]);
                }
            }
        }
    }
}
