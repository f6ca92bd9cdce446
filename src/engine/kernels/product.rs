//! The matrix product, blocked for the caches and the registers, with one order of summation.
//!
//! `C[i, j] = start + Σ_k A[i, k] · B[k, j]`, k ascending, every term fused into the one before:
//! exactly the chain `for k { c = a.mul_add(b, c) }`. The blocks only decide *when* a term is
//! added: a chain that is longer than a block of k is stored and loaded again, exactly, and no
//! chain is ever split. Vector lanes and threads lie across outputs alone.
//!
//! The tiles: `ROWS` rows of C times `COLUMNS` vectors are held in registers over a block of k
//! (Goto and van de Geijn 2008). B's rows are read where they lie; A's elements are broadcast from
//! where they lie, or from a packed copy of the panel where its rows would fall on the same cache
//! sets.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

use super::super::real::Scalar;
use super::isa::{Isa, Kind};
use super::matrix::{Matrix, Start};
use super::share::{Rows, share};
use super::tile::{CORNER, DEPTH, EDGE, PANEL, Panel, Tile, pack, tile_rows};
use super::transpose::Transposed;
#[cfg(target_arch = "x86_64")]
use super::vector::{F32x8, F32x16, F64x4, F64x8};
use super::vector::{Portable, Vector};

/// Number formats that have a matrix product.
pub trait Product: Scalar + Transposed {
    /// The tile kernels of an instruction set.
    #[doc(hidden)]
    fn blocks(isa: Isa, task: &Task<'_, Self>);
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
    share(
        Multiplication::new(isa, shape, a, b, start, c, stride),
        threads,
    );
}

/// A product that is to be computed; its rows are C's.
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
    /// See [`product`].
    ///
    /// # Panics
    /// As there.
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

    /// Computes it by this thread alone; gives C back.
    pub fn compute(self) -> &'a mut [T] {
        let [m, n, _] = self.shape;
        if m > 0 && n > 0 {
            let task = Task {
                shape: self.shape,
                a: self.a,
                b: self.b,
                start: self.start,
                c: self.c.as_mut_ptr(),
                stride: self.stride,
            };
            T::blocks(self.isa, &task);
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

/// One thread's part of a product; `c` points to C, which holds the shape with its stride and is
/// written by this task alone.
#[doc(hidden)]
pub struct Task<'a, T> {
    shape: [usize; 3],
    a: Matrix<'a, T>,
    b: Matrix<'a, T>,
    start: Start<'a, T>,
    c: *mut T,
    stride: usize,
}

/// Bytes of a block of B: half of a second-level cache of a megabyte.
const BLOCK: usize = 512 << 10;

/// Columns of a block of B at most.
const BLOCK_COLUMNS: usize = 512;

/// Bytes after which addresses fall on the same set of a first-level cache.
const SET_PERIOD: usize = 4096;

/// All tiles of a task: blocks of k outermost, then panels of A, then panels of B.
///
/// # Safety
/// The CPU has the instructions of `V`.
#[inline(always)]
unsafe fn blocks<V: Vector, const ROWS: usize, const COLUMNS: usize>(task: &Task<'_, V::Element>)
where
    V::Element: Scalar,
{
    let [m, n, k] = task.shape;
    let width = COLUMNS * V::LANES;
    let long_step = task.a.row_stride.max(task.a.column_stride);
    let same_sets = (long_step * size_of::<V::Element>()).is_multiple_of(SET_PERIOD);
    let mut packed = [const { MaybeUninit::uninit() }; PANEL];
    let mut edge = [const { MaybeUninit::uninit() }; EDGE];
    let mut corner = [V::Element::ZERO; CORNER];
    if k == 0 {
        start_chains(task);
    }
    let block_columns = n.min(BLOCK_COLUMNS);
    let block_depth =
        (BLOCK / size_of::<V::Element>() / block_columns.max(width)).clamp(128, DEPTH);
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
        let mut row = 0;
        while row < m {
            let rows = tile_rows::<ROWS>(m - row);
            let mut a = Panel {
                // SAFETY: row < m and first_k < k, which A holds.
                elements: unsafe {
                    let offset = row * task.a.row_stride + first_k * task.a.column_stride;
                    task.a.elements.as_ptr().add(offset)
                },
                row_stride: task.a.row_stride,
                column_stride: task.a.column_stride,
            };
            if same_sets && rows > 1 && last_column - first_column > 2 * width {
                // SAFETY: the panel lies in A.
                unsafe { pack(a, rows, depth, &mut packed) };
                a = Panel {
                    elements: packed.as_ptr().cast(),
                    row_stride: 1,
                    column_stride: rows,
                };
            }
            let mut column = first_column;
            while column < last_column {
                // SAFETY: row and column lie in C, first_k in B.
                let (b, c) = unsafe {
                    (
                        task.b
                            .elements
                            .as_ptr()
                            .add(first_k * task.b.row_stride + column),
                        task.c.add(row * task.stride + column),
                    )
                };
                let tile = Tile {
                    a,
                    b,
                    b_stride: task.b.row_stride,
                    c,
                    c_stride: task.stride,
                    depth,
                    start: match start {
                        Start::Zero => Start::Zero,
                        Start::Rows(values) => Start::Rows(&values[row..row + rows]),
                        Start::Stored => Start::Stored,
                    },
                };
                let left = last_column - column;
                // SAFETY: `rows` rows, the columns named, and `depth` of k lie in A, B and C; the
                // caller promises the instructions.
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
            row += rows;
        }
    }
}

/// The first column and the first k of each block of B, k ascending within a block of columns.
fn blocks_of(
    n: usize,
    columns: usize,
    k: usize,
    depth: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let block = move |column| (0..k).step_by(depth).map(move |first_k| (column, first_k));
    (0..n).step_by(columns).flat_map(block)
}

/// Writes what the chains start from into C, where there is no term to add.
fn start_chains<T: Scalar>(task: &Task<'_, T>) {
    let [m, n, _] = task.shape;
    for row in 0..m {
        let value = match task.start {
            Start::Zero => T::ZERO,
            Start::Rows(values) => values[row],
            Start::Stored => return,
        };
        // SAFETY: C holds the row, and this task alone writes it.
        unsafe { std::slice::from_raw_parts_mut(task.c.add(row * task.stride), n) }.fill(value);
    }
}

macro_rules! sets {
    ($float:ident, $avx2:ident, $avx512:ident) => {
        impl Product for $float {
            fn blocks(isa: Isa, task: &Task<'_, Self>) {
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2,fma")]
                fn avx2(task: &Task<'_, $float>) {
                    // SAFETY: the instructions are enabled here.
                    unsafe { blocks::<$avx2, 6, 2>(task) }
                }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512(task: &Task<'_, $float>) {
                    // SAFETY: the instructions are enabled here.
                    unsafe { blocks::<$avx512, 14, 2>(task) }
                }
                match isa.kind() {
                    // SAFETY: the portable vector needs no instructions.
                    Kind::Portable => unsafe { blocks::<Portable<$float>, 4, 2>(task) },
                    // SAFETY: likewise; the compiler makes them those of NEON, which it always has.
                    #[cfg(target_arch = "aarch64")]
                    Kind::Neon => unsafe { blocks::<Portable<$float>, 4, 2>(task) },
                    // SAFETY: the value exists where the CPU has AVX2 and FMA.
                    #[cfg(target_arch = "x86_64")]
                    Kind::Avx2 => unsafe { avx2(task) },
                    // SAFETY: the value exists where the CPU has AVX-512 (F, DQ, VL).
                    #[cfg(target_arch = "x86_64")]
                    Kind::Avx512 => unsafe { avx512(task) },
                }
            }
        }
    };
}

sets!(f64, F64x4, F64x8);
sets!(f32, F32x8, F32x16);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::real::Scalar;
    use crate::rng::{Stream, stream};

    /// The definition: one chain per output, k ascending.
    fn chain<T: Scalar>(
        shape: [usize; 3],
        a: Matrix<'_, T>,
        b: Matrix<'_, T>,
        c: &mut [T],
        stride: usize,
    ) {
        let [m, n, k] = shape;
        for i in 0..m {
            for j in 0..n {
                for l in 0..k {
                    let a = a.elements[i * a.row_stride + l * a.column_stride];
                    let b = b.elements[l * b.row_stride + j * b.column_stride];
                    c[i * stride + j] = a.mul_add(b, c[i * stride + j]);
                }
            }
        }
    }

    fn every_set_equals_the_chain<T: Scalar + Product>() {
        let mut random = stream(9, Stream::Data);
        let mut draw = |count: usize| -> Vec<T> {
            (0..count)
                .map(|_| T::nearest(random.uniform(-1.0, 1.0)))
                .collect()
        };
        let sizes = [1, 2, 3, 4, 5, 7, 8, 13, 14, 15, 16, 17, 31, 33, 48, 67];
        let depths = [0, 1, 2, 67, 256, 257, 600];
        let mut cases = 0;
        for (index, &m) in sizes.iter().enumerate() {
            for &n in &sizes {
                let k = depths[cases % depths.len()];
                let stride = n + index % 3;
                // A row stride of 4096 bytes takes the packed path.
                let a_stride = if cases % 4 == 0 {
                    4096 / size_of::<T>()
                } else {
                    k.max(1) + 1
                };
                let (a, b) = (draw(m * a_stride + k), draw(k.max(1) * (n + 2)));
                let across = draw(k.max(1) * (m + 1));
                let (starts, stored) = (draw(m), draw(m * stride));
                let b = Matrix::rows(&b, n + 2);
                for a in [
                    Matrix::rows(&a, a_stride),
                    Matrix::rows(&across, m + 1).transposed(),
                ] {
                    for start in [Start::Zero, Start::Rows(&starts), Start::Stored] {
                        let mut expected = stored.clone();
                        for (i, row) in expected.chunks_mut(stride).enumerate() {
                            match start {
                                Start::Zero => row[..n].fill(T::ZERO),
                                Start::Rows(values) => row[..n].fill(values[i]),
                                Start::Stored => {}
                            }
                        }
                        chain([m, n, k], a, b, &mut expected, stride);
                        for isa in Isa::available() {
                            for threads in [1, 2, 3] {
                                let mut c = stored.clone();
                                product(isa, [m, n, k], a, b, start, &mut c, stride, threads);
                                assert_eq!(c, expected, "{isa:?} {m} {n} {k} {threads}");
                            }
                        }
                    }
                }
                cases += 1;
            }
        }
        assert_eq!(cases, sizes.len() * sizes.len());
    }

    #[test]
    fn f64_products_equal_the_chain_on_every_instruction_set() {
        every_set_equals_the_chain::<f64>();
    }

    #[test]
    fn f32_products_equal_the_chain_on_every_instruction_set() {
        every_set_equals_the_chain::<f32>();
    }

    #[test]
    fn threads_share_a_large_product_and_change_no_bit() {
        let mut random = stream(10, Stream::Data);
        let mut draw = |count: usize| -> Vec<f32> {
            (0..count)
                .map(|_| random.uniform(-1.0, 1.0) as f32)
                .collect()
        };
        let [m, n, k] = [131, 128, 300];
        let (a, b) = (draw(m * k), draw(k * n));
        let of = |isa, threads| {
            let mut c = vec![0.0; m * n];
            let (a, b) = (Matrix::rows(&a, k), Matrix::rows(&b, n));
            product(isa, [m, n, k], a, b, Start::Zero, &mut c, n, threads);
            c
        };
        let expected = of(Isa::PORTABLE, 1);
        for isa in Isa::available() {
            for threads in [1, 2, 3, 8] {
                assert_eq!(of(isa, threads), expected, "{isa:?} {threads}");
            }
        }
    }
}
