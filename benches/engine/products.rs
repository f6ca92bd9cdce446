//! The blocked matrix product at the shapes of real layers.

use std::hint::black_box;

use numbers::product::Product;
use numbers::{Isa, Matrix, Start, product};

use crate::{Bench, peak};

/// The name, and m, n, k of C (m, n) = A (m, k) B (k, n). For a forward pass these are the nodes,
/// the samples of a batch and the inputs; for a gradient the nodes, the inputs and the samples; for
/// the errors of the layer before the inputs, the samples and the nodes, with A transposed.
const SHAPES: [(&str, [usize; 3]); 14] = [
    ("tiny 3-2, forward", [3, 16, 2]),
    ("odd 67-33, forward", [67, 65, 33]),
    ("W3 64-64, forward", [64, 32, 64]),
    ("W3 32-64, forward", [32, 32, 64]),
    ("W3 64-64, gradient", [64, 64, 32]),
    ("W4 512-784, forward", [512, 128, 784]),
    ("W4 256-512, forward", [256, 128, 512]),
    ("W4 10-256, forward", [10, 128, 256]),
    ("W4 512-784, gradient", [512, 784, 128]),
    ("W4 256-512, errors", [512, 128, 256]),
    ("W5 2048-1000, forward", [2048, 256, 1000]),
    ("W5 2048-2048, forward", [2048, 256, 2048]),
    ("W5 2048-2048, gradient", [2048, 2048, 256]),
    ("W5 2048-2048, errors", [2048, 256, 2048]),
];

/// Measures and prints the table.
pub fn measure(bench: &Bench) {
    println!(
        "{:<34} {:>9} {:>5} {:>9} {:>8}",
        "matrix product, one thread", "isa", "type", "GFLOP/s", "of peak"
    );
    for (name, shape) in SHAPES {
        if bench.wants(name) {
            for isa in Isa::available() {
                row::<f32>(bench, name, shape, isa, "f32");
                row::<f64>(bench, name, shape, isa, "f64");
            }
        }
    }
    println!();
}

fn row<T: Product>(bench: &Bench, name: &str, [m, n, k]: [usize; 3], isa: Isa, format: &str) {
    let numbers = |count: usize| -> Vec<T> {
        (0..count)
            .map(|i| T::nearest((i % 31) as f64 / 31.0 - 0.5))
            .collect()
    };
    // The distance between rows is a power of two plus one cache line, as in the engine.
    let stride = n.next_multiple_of(16) + 16;
    let (a, b, mut c) = (numbers(m * k), numbers(k * stride), numbers(m * stride));
    let transposed = name.ends_with("errors");
    let operations = 2.0 * (m * n * k) as f64;
    let peak = peak::now(bench, isa.name(), format);
    // There are enough repetitions that the clock's own error is small.
    let times = (2e7 / operations).ceil().max(1.0) as usize;
    let seconds = bench.seconds(|| {
        for _ in 0..times {
            let a = match transposed {
                true => Matrix::rows(&a, m).transposed(),
                false => Matrix::rows(&a, k),
            };
            let b = Matrix::rows(&b, stride);
            product(
                isa,
                [m, n, k],
                a,
                b,
                Start::Zero,
                black_box(&mut c),
                stride,
                1,
            );
        }
    });
    let speed = operations * times as f64 / seconds / 1e9;
    let share = speed / peak;
    println!(
        "{name:<34} {:>9} {format:>5} {speed:>9.1} {:>7.0}%",
        isa.name(),
        100.0 * share
    );
}
