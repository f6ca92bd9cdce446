//! A tile of a matrix product: some rows and columns of C that stay in registers over a block of k.
#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use super::operand::Start;
use super::panels::Panel;
use crate::lanes::register::Register;
use crate::real::Scalar;
use crate::threads::GRAIN;

/// The greatest depth of a block of k.
pub(super) const DEPTH: usize = 512;

/// The most rows that a tile has, and the most lanes of a vector.
pub(super) const TILE_ROWS: usize = GRAIN;
pub(super) const TILE_LANES: usize = 16;

/// Room for a padded edge of B, and for a corner of C.
pub(super) const EDGE: usize = TILE_LANES * DEPTH;
pub(super) const CORNER: usize = TILE_ROWS * TILE_LANES;

/// One tile of C over one block of k.
#[derive(Clone, Copy)]
pub(super) struct Tile<'a, T> {
    pub a: Panel<T>,
    pub b: *const T,
    pub b_stride: usize,
    pub c: *mut T,
    pub c_stride: usize,
    pub depth: usize,
    pub start: Start<'a, T>,
}

impl<T: Scalar> Tile<'_, T> {
    /// # Safety
    /// The promises of [`Tile::whole`] hold, and `rows` is ROWS or at most 4.
    #[inline(always)]
    pub unsafe fn in_rows<V: Register<Element = T>, const ROWS: usize, const COLUMNS: usize>(
        self,
        rows: usize,
    ) {
        // SAFETY: as the caller promises.
        unsafe {
            match rows {
                4 if ROWS != 4 => self.whole::<V, 4, COLUMNS>(),
                3 => self.whole::<V, 3, COLUMNS>(),
                2 => self.whole::<V, 2, COLUMNS>(),
                1 => self.whole::<V, 1, COLUMNS>(),
                _ => self.whole::<V, ROWS, COLUMNS>(),
            }
        }
    }

    /// Computes a tile of ROWS rows and COLUMNS vectors, with all of C in registers.
    ///
    /// # Safety
    /// A, B and C hold the tile, and the CPU has the instructions of `V`.
    #[inline(always)]
    unsafe fn whole<V: Register<Element = T>, const ROWS: usize, const COLUMNS: usize>(self) {
        // SAFETY: as the caller promises.
        unsafe {
            let mut sums = [[V::splat(T::ZERO); COLUMNS]; ROWS];
            match self.start {
                Start::Zero => {}
                Start::Rows(values) => {
                    // An array, so that the sums stay in registers.
                    let values: &[T; ROWS] = values.try_into().expect("a start for each row");
                    for (sums, &value) in sums.iter_mut().zip(values) {
                        *sums = [V::splat(value); COLUMNS];
                    }
                }
                Start::Stored => {
                    for (row, sums) in sums.iter_mut().enumerate() {
                        for (column, sum) in sums.iter_mut().enumerate() {
                            *sum = V::read(self.c.add(row * self.c_stride + column * V::LANES));
                        }
                    }
                }
            }
            let (mut a, mut b) = (self.a.elements, self.b);
            for _ in 0..self.depth {
                let mut terms = [V::read(b); COLUMNS];
                for (column, term) in terms.iter_mut().enumerate().skip(1) {
                    *term = V::read(b.add(column * V::LANES));
                }
                for (row, sums) in sums.iter_mut().enumerate() {
                    let factor = V::splat(*a.add(row * self.a.row_stride));
                    for (sum, &term) in sums.iter_mut().zip(&terms) {
                        *sum = factor.mul_add(term, *sum);
                    }
                }
                a = a.wrapping_add(self.a.column_stride);
                b = b.wrapping_add(self.b_stride);
            }
            for (row, sums) in sums.iter().enumerate() {
                for (column, sum) in sums.iter().enumerate() {
                    sum.write(self.c.add(row * self.c_stride + column * V::LANES));
                }
            }
        }
    }

    /// Computes a tile of fewer columns than a vector has lanes: beside C, from a padded copy of
    /// B's last columns. The result is then copied into C.
    ///
    /// # Safety
    /// The promises of [`Tile::in_rows`] hold for A; C has `rows` rows and `columns` columns.
    #[inline(always)]
    pub unsafe fn in_a_corner<V: Register<Element = T>, const ROWS: usize>(
        self,
        rows: usize,
        columns: usize,
        edge: &[MaybeUninit<T>; EDGE],
        corner: &mut [T; CORNER],
    ) {
        let beside = Tile {
            b: edge.as_ptr().cast(),
            b_stride: V::LANES,
            c: corner.as_mut_ptr(),
            c_stride: V::LANES,
            ..self
        };
        // SAFETY: the edge was filled to this depth, and edge and corner hold the padded tile; the
        // caller promises the rest.
        unsafe {
            if let Start::Stored = self.start {
                for row in 0..rows {
                    let there = self.c.add(row * self.c_stride);
                    let here = beside.c.add(row * V::LANES);
                    core::ptr::copy_nonoverlapping(there, here, columns);
                }
            }
            beside.in_rows::<V, ROWS, 1>(rows);
            for row in 0..rows {
                let there = self.c.add(row * self.c_stride);
                let here = beside.c.add(row * V::LANES);
                core::ptr::copy_nonoverlapping(here, there, columns);
            }
        }
    }
}
