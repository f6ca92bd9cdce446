//! Packed operands: copies in which the numbers that a tile reads are adjacent.
//!
//! Rows that are far apart share few sets of a cache and lie on different pages: read in place, a
//! large operand would make every step of k wait.
#![allow(unsafe_code)]

use alloc::vec::Vec;
#[cfg(feature = "std")]
use core::cell::Cell;

use super::transpose::{Transposed, transpose_four};
use crate::lanes::register::Register;

/// A line of a cache, as bytes that start where a line starts.
#[derive(Clone, Copy)]
#[repr(align(64))]
#[expect(dead_code, reason = "the bytes are reached by pointers to numbers")]
struct Line([u8; 64]);

/// The operands that are packed.
#[derive(Clone, Copy)]
enum Operand {
    A,
    B,
    C,
}

#[cfg(feature = "std")]
std::thread_local! {
    /// Each thread's own room for each operand, kept from product to product.
    static ROOMS: [Cell<Vec<Line>>; 3] = const { [const { Cell::new(Vec::new()) }; 3] };
}

/// The room of this thread for an operand, until it is dropped.
struct Room {
    lines: Vec<Line>,
    #[cfg_attr(
        not(feature = "std"),
        expect(dead_code, reason = "no thread keeps rooms")
    )]
    operand: Operand,
}

impl Room {
    fn of(operand: Operand) -> Self {
        #[cfg(feature = "std")]
        let lines = ROOMS.with(|rooms| rooms[operand as usize].take());
        #[cfg(not(feature = "std"))]
        let lines = Vec::new();
        Self { lines, operand }
    }

    /// A pointer to room for `count` numbers.
    fn numbers<T>(&mut self, count: usize) -> *mut T {
        let needed = (count * size_of::<T>()).div_ceil(size_of::<Line>());
        if self.lines.len() < needed {
            self.lines.resize(needed, Line([0; 64]));
        }
        self.lines.as_mut_ptr().cast()
    }

    fn start<T>(&self) -> *const T {
        self.lines.as_ptr().cast()
    }
}

#[cfg(feature = "std")]
impl Drop for Room {
    fn drop(&mut self) {
        ROOMS.with(|rooms| rooms[self.operand as usize].set(core::mem::take(&mut self.lines)));
    }
}

/// How many rows the next tile has: the greatest of the compiled sizes that fits.
#[inline(always)]
pub(super) fn tile_rows<const ROWS: usize>(left: usize) -> usize {
    match left {
        left if left >= ROWS => ROWS,
        left if left >= 4 => 4,
        left => left,
    }
}

/// The start of the rows of A that a tile needs.
#[derive(Clone, Copy)]
pub(super) struct Panel<T> {
    pub elements: *const T,
    pub row_stride: usize,
    pub column_stride: usize,
}

/// Panels that are packed at a time. Where A is transposed, their rows lie side by side, so that
/// each line of a cache is read once.
pub(super) const PANELS: usize = 8;

/// Packed panels of A, one after the other; in each, the rows of one k are adjacent.
pub(super) struct Panels(Room);

impl Panels {
    pub fn new() -> Self {
        Self(Room::of(Operand::A))
    }

    /// The panel of `rows` rows from `row` on, counted among the packed rows.
    #[inline(always)]
    pub fn panel<T>(&self, row: usize, rows: usize, depth: usize) -> Panel<T> {
        Panel {
            elements: self.0.start::<T>().wrapping_add(row * depth),
            row_stride: 1,
            column_stride: rows,
        }
    }

    /// Copies `rows` rows of `depth` numbers, as panels of the rows that [`tile_rows`] gives.
    ///
    /// # Safety
    /// A has these rows and columns, and the CPU has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn pack<V: Register<Element: Transposed>, const ROWS: usize>(
        &mut self,
        a: Panel<V::Element>,
        rows: usize,
        depth: usize,
    ) {
        const { assert!(ROWS >= 4, "a panel has whole squares") };
        let packed: *mut V::Element = self.0.numbers(rows * depth);
        let whole = rows / ROWS * ROWS;
        // SAFETY: the caller promises all rows and columns of A, which are read; there is room for
        // the same number of elements, which are written.
        unsafe {
            if a.row_stride == 1 {
                for k in 0..depth {
                    let from = a.elements.add(k * a.column_stride);
                    for row in (0..whole).step_by(ROWS) {
                        let to = packed.add(row * depth + k * ROWS);
                        core::ptr::copy_nonoverlapping(from.add(row), to, ROWS);
                    }
                }
            } else {
                for row in (0..whole).step_by(ROWS) {
                    let panel = a.at_row(row);
                    let packed = packed.add(row * depth);
                    let squares = if a.column_stride == 1 {
                        depth / 4 * 4
                    } else {
                        0
                    };
                    pack_squares::<V, ROWS>(panel, squares, packed);
                    for k in squares..depth {
                        panel.copy_rows(k, ROWS, packed);
                    }
                }
            }
            let mut row = whole;
            while row < rows {
                let some = tile_rows::<ROWS>(rows - row);
                for k in 0..depth {
                    a.at_row(row).copy_rows(k, some, packed.add(row * depth));
                }
                row += some;
            }
        }
    }
}

/// Packs `depth` columns, a multiple of four, of a panel whose rows have adjacent numbers. Squares
/// of four by four are transposed in registers, and a line of the cache is read whole before the
/// next.
///
/// # Safety
/// The panel has ROWS rows and these columns, there is room for them, and the CPU has the
/// instructions of `V`.
#[inline(always)]
unsafe fn pack_squares<V: Register<Element: Transposed>, const ROWS: usize>(
    a: Panel<V::Element>,
    depth: usize,
    packed: *mut V::Element,
) {
    let line = size_of::<Line>() / size_of::<V::Element>();
    for first in (0..depth).step_by(line) {
        for row in (0..ROWS).step_by(4) {
            // The last square may overlap the one before it.
            let row = row.min(ROWS - 4);
            for k in (first..depth.min(first + line)).step_by(4) {
                // SAFETY: as the caller promises.
                unsafe {
                    let from = a.elements.add(row * a.row_stride + k);
                    transpose_four::<V>(from, a.row_stride, packed.add(k * ROWS + row), ROWS);
                }
            }
        }
    }
}

impl<T: Copy> Panel<T> {
    #[inline(always)]
    fn at_row(self, row: usize) -> Self {
        Self {
            elements: self.elements.wrapping_add(row * self.row_stride),
            ..self
        }
    }

    /// Copies the rows of one k to their place among the packed rows.
    ///
    /// # Safety
    /// The panel has the rows, and there is room for them.
    #[inline(always)]
    unsafe fn copy_rows(self, k: usize, rows: usize, packed: *mut T) {
        for row in 0..rows {
            // SAFETY: as the caller promises.
            unsafe {
                *packed.add(k * rows + row) = *self
                    .elements
                    .add(row * self.row_stride + k * self.column_stride);
            }
        }
    }
}

/// A packed block of B: for each tile's width of columns, and then for each vector, the rows k in
/// ascending order.
pub(super) struct Block(Room);

impl Block {
    pub fn new() -> Self {
        Self(Room::of(Operand::B))
    }

    /// A pointer to the numbers of a column, which is the first one of its tile or vector.
    #[inline(always)]
    pub fn column<T>(&self, column: usize, depth: usize) -> *const T {
        self.0.start::<T>().wrapping_add(column * depth)
    }

    /// Copies `depth` rows of `columns` columns of B, a whole number of vectors.
    ///
    /// # Safety
    /// B has these rows and columns from `b` on, and the CPU has the instructions of `V`.
    #[inline(always)]
    pub unsafe fn pack<V: Register, const COLUMNS: usize>(
        &mut self,
        b: *const V::Element,
        stride: usize,
        depth: usize,
        columns: usize,
    ) {
        let mut packed: *mut V::Element = self.0.numbers(columns * depth);
        let mut column = 0;
        // SAFETY: depth times the columns are read and written, each number once; the caller
        // promises the rest.
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

/// Room for strips of C, one after the other.
pub(super) struct Strips(Room);

impl Strips {
    pub fn new() -> Self {
        Self(Room::of(Operand::C))
    }

    /// A pointer to a strip of ROWS rows or fewer, and the distance from row to row.
    pub fn strip<V: Register, const ROWS: usize>(
        &mut self,
        columns: usize,
    ) -> (*mut V::Element, usize) {
        // Rows whose distance is a power of two would share the sets of a cache.
        let line = size_of::<Line>() / size_of::<V::Element>();
        let stride = columns.next_multiple_of(line) + line;
        (self.0.numbers(ROWS * stride), stride)
    }
}

/// Copies `depth` rows of COLUMNS vectors. Returns the place behind them.
///
/// # Safety
/// The numbers can be read and written, and the CPU has the instructions of `V`.
#[inline(always)]
unsafe fn copy_columns<V: Register, const COLUMNS: usize>(
    mut b: *const V::Element,
    stride: usize,
    depth: usize,
    packed: &mut *mut V::Element,
) {
    for _ in 0..depth {
        for column in 0..COLUMNS {
            // SAFETY: as the caller promises.
            unsafe {
                V::read(b.add(column * V::LANES)).write(packed.add(column * V::LANES));
            }
        }
        b = b.wrapping_add(stride);
        *packed = packed.wrapping_add(COLUMNS * V::LANES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::register::Portable;

    #[test]
    fn a_block_is_packed_tile_by_tile_and_then_vector_by_vector() {
        const LANES: usize = <Portable<f64> as Register>::LANES;
        let (stride, depth, columns) = (11 * LANES, 5, 7 * LANES);
        let b: Vec<f64> = (0..depth * stride).map(|i| i as f64).collect();
        let mut block = Block::new();
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
    fn panels_are_packed_one_after_the_other_and_k_after_k() {
        const ROWS: usize = 4;
        let (rows, depth) = (2 * ROWS + 3, 21);
        let a: Vec<f64> = (0..(rows * 2) * depth * 2).map(|i| i as f64).collect();
        // The panel has rows of adjacent numbers, then columns of adjacent numbers, then neither.
        for (row_stride, column_stride) in [(depth + 1, 1), (1, rows + 2), (2 * depth, 2)] {
            let panel = Panel {
                elements: a.as_ptr(),
                row_stride,
                column_stride,
            };
            let mut panels = Panels::new();
            // SAFETY: A has these rows and columns; the portable vector needs no instructions.
            unsafe { panels.pack::<Portable<f64>, ROWS>(panel, rows, depth) };
            for (first, some) in [(0, ROWS), (ROWS, ROWS), (2 * ROWS, 3)] {
                let packed = panels.panel::<f64>(first, some, depth);
                for k in 0..depth {
                    for row in 0..some {
                        let place = row * packed.row_stride + k * packed.column_stride;
                        // SAFETY: so many numbers were written.
                        let number = unsafe { *packed.elements.add(place) };
                        assert_eq!(number, a[(first + row) * row_stride + k * column_stride]);
                    }
                }
            }
        }
    }
}
