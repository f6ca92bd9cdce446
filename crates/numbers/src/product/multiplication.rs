//! The matrix product, blocked for the caches and the registers, with one order of summation.
//!
//! `C[i, j] = start + Σ_k A[i, k] · B[k, j]`, where k ascends and every term is fused into the sum
//! of those before: exactly the chain `for k { c = a.mul_add(b, c) }`. The blocks only decide
//! *when* a term is added. A chain that is longer than a block of k is stored and loaded again,
//! exactly, and stays one chain. Vector lanes and threads lie across outputs alone.
//!
//! In a tile, `ROWS` rows of C times `COLUMNS` vectors are held in registers over a block of k
//! (Goto and van de Geijn 2008). The rows of B are read from a packed copy of the block, and the
//! elements of A are broadcast from a packed copy of the panel. Both are read in place where that
//! is as fast.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use super::operand::{Matrix, Start};
use super::panels::{Block, PANELS, Panel, Panels, Strips, tile_rows};
use super::tile::{CORNER, DEPTH, EDGE, Tile};
use super::transpose::Transposed;
use crate::isa::{InstructionSet, Isa};
#[cfg(target_arch = "aarch64")]
use crate::lanes::neon::{F32x4, F64x2};
use crate::lanes::register::{Portable, Register};
#[cfg(target_arch = "x86_64")]
use crate::lanes::x86::{F32x8, F32x16, F64x4, F64x8};
use crate::real::Scalar;
use crate::threads::{Rows, divide};

/// Number formats that have a matrix product.
pub trait Product: Scalar + Transposed {
    /// Runs the tile kernels of an instruction set.
    #[doc(hidden)]
    fn blocks(isa: Isa, task: &mut Task<'_, Self>);
}

/// Complete rows of C, at most as many as a tile has, over a block of columns.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a, T> {
    /// The first row, counted from C's first.
    pub row: usize,
    /// How many rows.
    pub rows: usize,
    /// The first column.
    pub column: usize,
    /// How many columns.
    pub columns: usize,
    /// The rows, with `stride` elements from one to the next.
    pub elements: &'a [T],
    /// The distance from one row to the next in `elements`.
    pub stride: usize,
}

impl<'a, T> Strip<'a, T> {
    /// A strip of one row.
    pub fn row(elements: &'a [T]) -> Self {
        Self {
            row: 0,
            rows: 1,
            column: 0,
            columns: elements.len(),
            elements,
            stride: elements.len(),
        }
    }
}

/// `C = start + A B` for A (m, k), B (k, n) and C (m, n) with `stride` elements from row to row.
///
/// `threads`: how many threads of the current rayon pool may share the work; they divide C's rows.
///
/// # Panics
/// If a matrix is smaller than its shape, or B's columns are not adjacent.
#[allow(clippy::too_many_arguments)]
pub fn product<T: Product>(
    isa: Isa,
    shape: [usize; 3],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    start: Start<'_, T>,
    c: &mut [T],
    stride: usize,
    threads: usize,
) {
    divide(
        Multiplication::new(isa, shape, a, b, start, c, stride),
        threads,
    );
}

/// A product that is to be computed. As a work on [`Rows`], its rows are those of C.
#[derive(Debug)]
pub struct Multiplication<'a, T> {
    isa: Isa,
    shape: [usize; 3],
    a: Matrix<'a, T>,
    b: Matrix<'a, T>,
    start: Start<'a, T>,
    c: &'a mut [T],
    stride: usize,
}

impl<'a, T: Product> Multiplication<'a, T> {
    /// The product of [`product`].
    ///
    /// # Panics
    /// If a matrix is smaller than its shape, or B's columns are not adjacent.
    pub fn new(
        isa: Isa,
        [m, n, k]: [usize; 3],
        a: Matrix<'a, T>,
        b: Matrix<'a, T>,
        start: Start<'a, T>,
        c: &'a mut [T],
        stride: usize,
    ) -> Self {
        assert!(a.holds(m, k) && b.holds(k, n), "operands have their shapes");
        assert!(b.column_stride == 1 || n <= 1, "B's columns are adjacent");
        assert!(
            n <= stride && (m == 0 || (m - 1) * stride + n <= c.len()),
            "C has its shape"
        );
        if let Start::Rows(values) = start {
            assert!(values.len() >= m, "there is a start for each row");
        }
        Self {
            isa,
            shape: [m, n, k],
            a,
            b,
            start,
            c,
            stride,
        }
    }

    /// Computes the product with this thread alone; gives C back.
    pub fn compute(self) -> &'a mut [T] {
        self.carry_out(None)
    }

    /// Computes the product with this thread alone and hands each strip over as soon as it is
    /// complete, while it is in the nearest cache. C only holds sums that wait for the next block
    /// of k; afterwards its contents have no meaning.
    pub fn compute_strips(self, mut done: impl FnMut(Strip<'_, T>)) {
        self.carry_out(Some(&mut done));
    }

    fn carry_out(self, done: Option<Done<'_, T>>) -> &'a mut [T] {
        let [m, n, _] = self.shape;
        if m > 0 && n > 0 {
            let mut task = Task {
                shape: self.shape,
                a: self.a,
                b: self.b,
                start: self.start,
                c: self.c.as_mut_ptr(),
                stride: self.stride,
                done: done.map(|done| done as Done<'_, T>),
            };
            T::blocks(self.isa, &mut task);
        }
        self.c
    }
}

impl<T: Product> Rows for Multiplication<'_, T> {
    fn rows(&self) -> usize {
        self.shape[0]
    }

    fn cost(&self) -> usize {
        self.shape.iter().product()
    }

    fn split_at(self, row: usize) -> (Self, Self) {
        let Self {
            isa,
            shape: [m, n, k],
            a,
            b,
            start,
            c,
            stride,
        } = self;
        let (upper, lower) = c.split_at_mut(row * stride);
        let below = Matrix {
            elements: &a.elements[(row * a.row_stride).min(a.elements.len())..],
            ..a
        };
        let (start, start_below) = match start {
            Start::Rows(values) => (Start::Rows(&values[..row]), Start::Rows(&values[row..])),
            other => (other, other),
        };
        let part = |m, a, start, c| Self {
            isa,
            shape: [m, n, k],
            a,
            b,
            start,
            c,
            stride,
        };
        (
            part(row, a, start, upper),
            part(m - row, below, start_below, lower),
        )
    }

    fn run(self) {
        self.compute();
    }
}

/// The function that receives each complete strip.
type Done<'a, T> = &'a mut dyn FnMut(Strip<'_, T>);

/// One thread's part of a product. `c` points to C, which has the shape and stride of the product;
/// this task alone writes to it.
#[doc(hidden)]
pub struct Task<'a, T> {
    shape: [usize; 3],
    a: Matrix<'a, T>,
    b: Matrix<'a, T>,
    start: Start<'a, T>,
    c: *mut T,
    stride: usize,
    done: Option<Done<'a, T>>,
}

/// The bytes of a block of B: half of a second-level cache of a megabyte.
const BLOCK: usize = 512 << 10;

/// The most columns of a block of B.
const BLOCK_COLUMNS: usize = 512;

/// B is packed only if at least this many tiles of rows read it,
const PACKED_FOR: usize = 4;

/// and only if it has more bytes than this, the size of a first-level cache.
const UNPACKED: usize = 32 << 10;

/// Addresses that are this many bytes apart share a set of a first-level cache.
const SET_PERIOD: usize = 4096;

/// Computes all tiles of a task: the outermost loop is over blocks of columns, then come blocks of
/// k, panels of A and panels of B.
///
/// # Safety
/// The CPU has the instructions of `V`.
#[inline(always)]
unsafe fn blocks<V: Register, const ROWS: usize, const COLUMNS: usize>(
    task: &mut Task<'_, V::Element>,
) where
    V::Element: Scalar + Transposed,
{
    let [m, n, k] = task.shape;
    let width = COLUMNS * V::LANES;
    let long_step = task.a.row_stride.max(task.a.column_stride);
    let same_sets = (long_step * size_of::<V::Element>()).is_multiple_of(SET_PERIOD);
    let mut edge = [const { MaybeUninit::uninit() }; EDGE];
    let mut corner = [V::Element::ZERO; CORNER];
    let block_columns = n.min(BLOCK_COLUMNS);
    let block_depth =
        (BLOCK / size_of::<V::Element>() / block_columns.max(width)).clamp(128, DEPTH);
    let packs = m >= PACKED_FOR * ROWS && k * n * size_of::<V::Element>() > UNPACKED;
    let packs_a = m > 1 && (same_sets || packs && task.a.column_stride != 1);
    let mut block = packs.then(Block::new);
    let mut panels = Panels::new();
    // Strips have memory of their own where no sum starts from C or waits in C for another block of
    // k.
    let in_one_block = k <= block_depth && !matches!(task.start, Start::Stored);
    let mut strips = (task.done.is_some() && in_one_block).then(Strips::new);
    for (first_column, first_k) in blocks_of(n, block_columns, k, block_depth) {
        let last_column = n.min(first_column + block_columns);
        let depth = block_depth.min(k - first_k);
        let start = if first_k == 0 {
            task.start
        } else {
            Start::Stored
        };
        let edge_columns = (last_column - first_column) % V::LANES;
        if edge_columns > 0 {
            let ends = (first_k..first_k + depth).map(|k| k * task.b.row_stride + last_column);
            for (lanes, end) in edge.chunks_exact_mut(V::LANES).zip(ends) {
                let columns = &task.b.elements[end - edge_columns..end];
                lanes.fill(MaybeUninit::new(V::Element::ZERO));
                for (lane, &value) in lanes.iter_mut().zip(columns) {
                    lane.write(value);
                }
            }
        }
        if let Some(block) = &mut block {
            let columns = last_column - first_column - edge_columns;
            let b_place = first_k * task.b.row_stride + first_column;
            let b = task.b.elements.as_ptr().wrapping_add(b_place);
            // SAFETY: B has these rows and columns; the caller promises the instructions.
            unsafe { block.pack::<V, COLUMNS>(b, task.b.row_stride, depth, columns) };
        }
        let (mut c, mut c_stride) = (task.c.wrapping_add(first_column), task.stride);
        if let Some(strips) = &mut strips {
            (c, c_stride) = strips.strip::<V, ROWS>(last_column - first_column);
        }
        let mut row = 0;
        while row < m {
            let rows = tile_rows::<ROWS>(m - row);
            let strip = if strips.is_some() {
                c
            } else {
                c.wrapping_add(row * c_stride)
            };
            let a_place = row * task.a.row_stride + first_k * task.a.column_stride;
            let mut a = Panel {
                elements: task.a.elements.as_ptr().wrapping_add(a_place),
                row_stride: task.a.row_stride,
                column_stride: task.a.column_stride,
            };
            if packs_a && last_column - first_column > 2 * width {
                let among = row % (PANELS * ROWS);
                if among == 0 {
                    // SAFETY: A has these rows and columns; the caller promises the instructions.
                    unsafe { panels.pack::<V, ROWS>(a, (m - row).min(PANELS * ROWS), depth) };
                }
                a = panels.panel(among, rows, depth);
            }
            let mut column = first_column;
            while column < last_column {
                let b_place = first_k * task.b.row_stride + column;
                let b = task.b.elements.as_ptr().wrapping_add(b_place);
                let left = last_column - column;
                let (b, b_stride) = match &block {
                    Some(block) => {
                        let adjacent = if left >= width { width } else { V::LANES };
                        (block.column(column - first_column, depth), adjacent)
                    }
                    None => (b, task.b.row_stride),
                };
                let tile = Tile {
                    a,
                    b,
                    b_stride,
                    c: strip.wrapping_add(column - first_column),
                    c_stride,
                    depth,
                    start: match start {
                        Start::Zero => Start::Zero,
                        Start::Rows(values) => Start::Rows(&values[row..row + rows]),
                        Start::Stored => Start::Stored,
                    },
                };
                // SAFETY: `rows` rows, the columns named, and `depth` of k lie in A, B and C, or in the
                // room for a strip; the caller promises the instructions.
                unsafe {
                    if left >= width {
                        tile.in_rows::<V, ROWS, COLUMNS>(rows);
                        column += width;
                    } else if left >= V::LANES {
                        tile.in_rows::<V, ROWS, 1>(rows);
                        column += V::LANES;
                    } else {
                        tile.in_a_corner::<V, ROWS>(rows, left, &edge, &mut corner);
                        column = last_column;
                    }
                }
            }
            if let Some(done) = &mut task.done
                && first_k + depth == k
            {
                let columns = last_column - first_column;
                // SAFETY: the rows lie there, all of them are written, and nothing writes to them
                // meanwhile.
                let elements =
                    unsafe { core::slice::from_raw_parts(strip, (rows - 1) * c_stride + columns) };
                done(Strip {
                    row,
                    rows,
                    column: first_column,
                    columns,
                    elements,
                    stride: c_stride,
                });
            }
            row += rows;
        }
    }
}

/// The first column and the first k of each block of B; k ascends within a block of columns. Where
/// there is no term to add, there is one block without k.
fn blocks_of(
    n: usize,
    columns: usize,
    k: usize,
    depth: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let depths = (0..k.max(1)).step_by(depth);
    let block = move |column| depths.clone().map(move |first_k| (column, first_k));
    (0..n).step_by(columns).flat_map(block)
}

macro_rules! sets {
    ($float:ident, $neon:ident, $avx2:ident, $avx512:ident) => {
        impl Product for $float {
            fn blocks(isa: Isa, task: &mut Task<'_, Self>) {
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2,fma")]
                fn avx2(task: &mut Task<'_, $float>) {
                    // SAFETY: the instructions are enabled here.
                    unsafe { blocks::<$avx2, 6, 2>(task) }
                }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512(task: &mut Task<'_, $float>) {
                    // SAFETY: the instructions are enabled here.
                    unsafe { blocks::<$avx512, 14, 2>(task) }
                }
                match isa.set() {
                    // SAFETY: the portable vector needs no instructions.
                    InstructionSet::Portable => unsafe { blocks::<Portable<$float>, 4, 2>(task) },
                    // SAFETY: every aarch64 has NEON.
                    #[cfg(target_arch = "aarch64")]
                    InstructionSet::Neon => unsafe { blocks::<$neon, 6, 4>(task) },
                    // SAFETY: this value exists only where the CPU has AVX2 and FMA.
                    #[cfg(target_arch = "x86_64")]
                    InstructionSet::Avx2 => unsafe { avx2(task) },
                    // SAFETY: this value exists only where the CPU has AVX-512 (F, DQ, VL).
                    #[cfg(target_arch = "x86_64")]
                    InstructionSet::Avx512 => unsafe { avx512(task) },
                }
            }
        }
    };
}

sets!(f64, F64x2, F64x4, F64x8);
sets!(f32, F32x4, F32x8, F32x16);

#[cfg(test)]
mod tests;
