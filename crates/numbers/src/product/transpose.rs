//! The transpose of a matrix: whole squares are transposed in registers, and the rest number by
//! number.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use crate::isa::InstructionSet;
use crate::isa::Isa;
use crate::lanes::register::Register;

/// Number formats whose squares are transposed in registers.
pub trait Transposed: Copy {
    /// How many rows and columns a square has.
    #[doc(hidden)]
    const SQUARE: usize;
    /// Transposes one square with AVX2: `from` and `to` point to its first elements.
    ///
    /// # Safety
    /// SQUARE rows of SQUARE elements lie at either place, and the CPU has AVX2.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    unsafe fn square(from: *const Self, from_stride: usize, to: *mut Self, to_stride: usize);
    /// Transposes four rows of four elements.
    ///
    /// # Safety
    /// Four rows of four elements lie at either place, and the CPU has AVX2.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    unsafe fn four(from: *const Self, from_stride: usize, to: *mut Self, to_stride: usize);
}

/// Writes the first `rows` columns of `from` as rows of `columns` elements: `to` (rows, columns) is
/// `from` (columns, rows) with rows and columns exchanged.
///
/// # Panics
/// If a matrix is smaller than its shape.
pub fn transpose<T: Transposed>(
    isa: Isa,
    from: &[T],
    from_stride: usize,
    [rows, columns]: [usize; 2],
    to: &mut [T],
    to_stride: usize,
) {
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(
        rows <= from_stride && (columns - 1) * from_stride + rows <= from.len(),
        "`from` has its shape"
    );
    assert!(
        columns <= to_stride && (rows - 1) * to_stride + columns <= to.len(),
        "`to` has its shape"
    );
    let [whole_rows, whole_columns] = match isa.set() {
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 | InstructionSet::Avx512 => {
            let whole = [rows, columns].map(|n| n / T::SQUARE * T::SQUARE);
            // SAFETY: both matrices hold the shape, and the value of `Isa` exists where the CPU has
            // AVX2.
            unsafe {
                squares(
                    from.as_ptr(),
                    from_stride,
                    whole,
                    to.as_mut_ptr(),
                    to_stride,
                )
            };
            whole
        }
        _ => [0, 0],
    };
    let mut strip = |rows: core::ops::Range<usize>, columns: core::ops::Range<usize>| {
        for row in rows {
            let target = &mut to[row * to_stride..][columns.clone()];
            for (value, column) in target.iter_mut().zip(columns.clone()) {
                *value = from[column * from_stride + row];
            }
        }
    };
    strip(0..whole_rows, whole_columns..columns);
    strip(whole_rows..rows, 0..columns);
}

/// Transposes all whole squares.
///
/// # Safety
/// `from` holds (columns, rows) and `to` (rows, columns), both multiples of a square's side.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn squares<T: Transposed>(
    from: *const T,
    from_stride: usize,
    [rows, columns]: [usize; 2],
    to: *mut T,
    to_stride: usize,
) {
    for row in (0..rows).step_by(T::SQUARE) {
        for column in (0..columns).step_by(T::SQUARE) {
            // SAFETY: the square lies in both matrices, as the caller promises.
            unsafe {
                T::square(
                    from.add(column * from_stride + row),
                    from_stride,
                    to.add(row * to_stride + column),
                    to_stride,
                );
            }
        }
    }
}

/// Transposes four rows of four elements: in registers where `V` is a vector of AVX2, else number
/// by number.
///
/// # Safety
/// `from` points to four rows of four readable elements with `from_stride` from row to row, `to`
/// to as many writable ones, and the CPU has the instructions of `V`.
#[inline(always)]
pub(super) unsafe fn transpose_four<V: Register<Element: Transposed>>(
    from: *const V::Element,
    from_stride: usize,
    to: *mut V::Element,
    to_stride: usize,
) {
    #[cfg(target_arch = "x86_64")]
    if V::AVX2 {
        // SAFETY: the CPU has AVX2 where it has the instructions of such a `V`; the caller promises
        // the rest.
        return unsafe { V::Element::four(from, from_stride, to, to_stride) };
    }
    for row in 0..4 {
        for column in 0..4 {
            // SAFETY: the caller promises both elements.
            unsafe { *to.add(column * to_stride + row) = *from.add(row * from_stride + column) };
        }
    }
}

impl Transposed for f32 {
    const SQUARE: usize = 8;

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn square(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
        use core::arch::x86_64::*;
        // SAFETY: as the caller promises.
        unsafe {
            let mut rows = [_mm256_setzero_ps(); 8];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = _mm256_loadu_ps(from.add(i * from_stride));
            }
            // First pairs of rows are exchanged, then fours, then all eight.
            let mut pairs = rows;
            for i in 0..4 {
                pairs[2 * i] = _mm256_unpacklo_ps(rows[2 * i], rows[2 * i + 1]);
                pairs[2 * i + 1] = _mm256_unpackhi_ps(rows[2 * i], rows[2 * i + 1]);
            }
            let mut fours = pairs;
            for i in [0, 4] {
                fours[i] = _mm256_shuffle_ps::<0x44>(pairs[i], pairs[i + 2]);
                fours[i + 1] = _mm256_shuffle_ps::<0xEE>(pairs[i], pairs[i + 2]);
                fours[i + 2] = _mm256_shuffle_ps::<0x44>(pairs[i + 1], pairs[i + 3]);
                fours[i + 3] = _mm256_shuffle_ps::<0xEE>(pairs[i + 1], pairs[i + 3]);
            }
            for i in 0..4 {
                let low = _mm256_permute2f128_ps::<0x20>(fours[i], fours[i + 4]);
                let high = _mm256_permute2f128_ps::<0x31>(fours[i], fours[i + 4]);
                _mm256_storeu_ps(to.add(i * to_stride), low);
                _mm256_storeu_ps(to.add((i + 4) * to_stride), high);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn four(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
        use core::arch::x86_64::*;
        // SAFETY: as the caller promises.
        unsafe {
            let mut rows = [_mm_setzero_ps(); 4];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = _mm_loadu_ps(from.add(i * from_stride));
            }
            let low = _mm_unpacklo_ps(rows[0], rows[1]);
            let high = _mm_unpackhi_ps(rows[0], rows[1]);
            let low_below = _mm_unpacklo_ps(rows[2], rows[3]);
            let high_below = _mm_unpackhi_ps(rows[2], rows[3]);
            let columns = [
                _mm_movelh_ps(low, low_below),
                _mm_movehl_ps(low_below, low),
                _mm_movelh_ps(high, high_below),
                _mm_movehl_ps(high_below, high),
            ];
            for (i, &column) in columns.iter().enumerate() {
                _mm_storeu_ps(to.add(i * to_stride), column);
            }
        }
    }
}

impl Transposed for f64 {
    const SQUARE: usize = 4;

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn square(from: *const f64, from_stride: usize, to: *mut f64, to_stride: usize) {
        use core::arch::x86_64::*;
        // SAFETY: as the caller promises.
        unsafe {
            let mut rows = [_mm256_setzero_pd(); 4];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = _mm256_loadu_pd(from.add(i * from_stride));
            }
            let pairs = [
                _mm256_unpacklo_pd(rows[0], rows[1]),
                _mm256_unpackhi_pd(rows[0], rows[1]),
                _mm256_unpacklo_pd(rows[2], rows[3]),
                _mm256_unpackhi_pd(rows[2], rows[3]),
            ];
            for i in 0..2 {
                let low = _mm256_permute2f128_pd::<0x20>(pairs[i], pairs[i + 2]);
                let high = _mm256_permute2f128_pd::<0x31>(pairs[i], pairs[i + 2]);
                _mm256_storeu_pd(to.add(i * to_stride), low);
                _mm256_storeu_pd(to.add((i + 2) * to_stride), high);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn four(from: *const f64, from_stride: usize, to: *mut f64, to_stride: usize) {
        // SAFETY: as the caller promises.
        unsafe { Self::square(from, from_stride, to, to_stride) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn every_set_exchanges_rows_and_columns<T>(number: impl Fn(usize) -> T)
    where
        T: Transposed + PartialEq + core::fmt::Debug,
    {
        for rows in [0, 1, 3, 4, 7, 8, 9, 16, 21] {
            for columns in [0, 1, 2, 4, 5, 8, 12, 17] {
                let (from_stride, to_stride) = (rows + 3, columns + 2);
                let from: Vec<T> = (0..(columns + 1) * from_stride).map(&number).collect();
                for isa in Isa::available() {
                    let untouched = number(12_345);
                    let mut to = vec![untouched; (rows + 1) * to_stride];
                    transpose(isa, &from, from_stride, [rows, columns], &mut to, to_stride);
                    for (place, &value) in to.iter().enumerate() {
                        let (row, column) = (place / to_stride, place % to_stride);
                        let expected = if row < rows && column < columns {
                            from[column * from_stride + row]
                        } else {
                            untouched
                        };
                        assert_eq!(
                            value, expected,
                            "{isa:?} {rows} {columns} at {row} {column}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn rows_and_columns_are_exchanged_and_nothing_else_is_touched() {
        every_set_exchanges_rows_and_columns(|i| i as f32);
        every_set_exchanges_rows_and_columns(|i| i as f64);
    }

    #[test]
    #[should_panic(expected = "`to` has its shape")]
    fn a_target_that_is_too_small_is_refused() {
        transpose(Isa::detected(), &[1.0; 16], 4, [4, 4], &mut [0.0; 15], 4);
    }
}
