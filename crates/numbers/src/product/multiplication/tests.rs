use super::*;
use crate::random::{Stream, stream};
use crate::real::Scalar;
use alloc::vec;
use alloc::vec::Vec;

/// The definition of a product: one chain per output, k ascending.
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

/// The matrix C that the strips of a product make, each element handed over once.
fn gathered<T: Product>(work: Multiplication<'_, T>, c: &[T], stride: usize) -> Vec<T> {
    let mut gathered = c.to_vec();
    let mut times = vec![0; c.len()];
    let [m, n, _] = work.shape;
    work.compute_strips(|strip| {
        for row in 0..strip.rows {
            let elements = &strip.elements[row * strip.stride..][..strip.columns];
            let place = (strip.row + row) * stride + strip.column;
            gathered[place..][..strip.columns].copy_from_slice(elements);
            times[place..][..strip.columns]
                .iter_mut()
                .for_each(|times| *times += 1);
        }
    });
    for (place, &times) in times.iter().enumerate() {
        let of_c = place / stride < m && place % stride < n;
        assert_eq!(times, usize::from(of_c), "element {place}");
    }
    gathered
}

/// The sizes of the shapes. They are fewer, with one thread, under an interpreter (Miri) that
/// checks each memory access, since it is not to check the thread pool.
const SIZES: &[usize] = if cfg!(miri) {
    &[3, 17]
} else {
    &[1, 2, 3, 4, 5, 7, 8, 13, 14, 15, 16, 17, 31, 33, 48, 67]
};
const DEPTHS: &[usize] = if cfg!(miri) {
    &[0, 5, 40]
} else {
    &[0, 1, 2, 67, 256, 257, 600]
};
const THREADS: &[usize] = if cfg!(miri) { &[1] } else { &[1, 2, 3] };

/// One case of this many is computed: `RUNNER_CASE_OF_EVERY` leaves out the others where each case
/// takes long (under valgrind, say). A number without a common divisor with 2 and 7 keeps every
/// size and depth.
fn case_of_every() -> usize {
    std::env::var("RUNNER_CASE_OF_EVERY").map_or(1, |every| every.parse().unwrap())
}

fn every_set_equals_the_chain<T: Scalar + Product>() {
    let mut random = stream(9, Stream::Data);
    let mut draw = |count: usize| -> Vec<T> {
        (0..count)
            .map(|_| T::nearest(random.uniform(-1.0, 1.0)))
            .collect()
    };
    let (mut cases, every) = (0, case_of_every());
    for (index, &m) in SIZES.iter().enumerate() {
        for &n in SIZES {
            cases += 1;
            if cases % every != 0 {
                continue;
            }
            let k = DEPTHS[cases % DEPTHS.len()];
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
                        for &threads in THREADS {
                            let mut c = stored.clone();
                            product(isa, [m, n, k], a, b, start, &mut c, stride, threads);
                            assert_eq!(c, expected, "{isa:?} {m} {n} {k} {threads}");
                        }
                        let mut c = stored.clone();
                        let shape = [m, n, k];
                        let work = Multiplication::new(isa, shape, a, b, start, &mut c, stride);
                        assert_eq!(
                            gathered(work, &stored, stride),
                            expected,
                            "{isa:?} {m} {n} {k}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(cases, SIZES.len() * SIZES.len());
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
#[cfg_attr(miri, ignore = "the thread pool")]
fn threads_share_a_large_product_and_change_no_bit() {
    let mut random = stream(10, Stream::Data);
    let mut draw = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|_| random.uniform(-1.0, 1.0) as f32)
            .collect()
    };
    let threads: &[usize] = match case_of_every() {
        1 => &[1, 2, 3, 8],
        _ => &[3],
    };
    // The second shape has several blocks of columns and of k, and ends in the middle of a vector;
    // the third has several groups of panels.
    for [m, n, k] in [[131, 128, 300], [61, 1037, 521], [251, 130, 260]] {
        let (a, b, across) = (draw(m * k), draw(k * n), draw(k * (m + 1)));
        for a in [
            Matrix::rows(&a, k),
            Matrix::rows(&across, m + 1).transposed(),
        ] {
            let of = |isa, threads| {
                let mut c = vec![0.0; m * n];
                let b = Matrix::rows(&b, n);
                product(isa, [m, n, k], a, b, Start::Zero, &mut c, n, threads);
                c
            };
            let mut expected = vec![0.0; m * n];
            chain([m, n, k], a, Matrix::rows(&b, n), &mut expected, n);
            for isa in Isa::available() {
                for &threads in threads {
                    assert_eq!(of(isa, threads), expected, "{isa:?} {threads}");
                }
            }
        }
    }
}
