//! Training by the engine's public door.

use std::ops::ControlFlow;

use ndarray::Array2;
use runner::engine::kernels::Isa;
use runner::engine::train::train;
use runner::engine::types::{
    Activation, Architecture, BatchSize, Init, Loss, Optimizer, Precision, Samples, Schedule,
    Scheme, Settings, Task,
};
use runner::rng::{Stream, stream};

use crate::Bench;
use crate::peak::Peaks;

/// A network and what it learns from.
struct Shape {
    name: &'static str,
    layers: &'static [usize],
    hidden: Activation,
    loss: Loss,
    samples: usize,
    batch: usize,
    epochs: u64,
}

const fn regression(
    name: &'static str,
    layers: &'static [usize],
    batch: usize,
    epochs: u64,
) -> Shape {
    Shape {
        name,
        layers,
        hidden: Activation::Sigmoid,
        loss: Loss::HalfMse,
        samples: 250,
        batch,
        epochs,
    }
}

const fn classes(
    name: &'static str,
    layers: &'static [usize],
    samples: usize,
    batch: usize,
    epochs: u64,
) -> Shape {
    Shape {
        name,
        layers,
        hidden: Activation::Relu,
        loss: Loss::CrossEntropy,
        samples,
        batch,
        epochs,
    }
}

const SHAPES: [Shape; 9] = [
    regression("W1 2-3-1, batch 4", &[2, 3, 1], 4, 100),
    regression("W2b 2-3-1, batch 1", &[2, 3, 1], 1, 100),
    regression("W2b 2-3-1, batch 32", &[2, 3, 1], 32, 100),
    regression("W2b 2-3-1, full batch", &[2, 3, 1], 250, 100),
    regression("2-8-8-1, batch 10", &[2, 8, 8, 1], 10, 40),
    regression("odd 5-67-3-2, batch 7", &[5, 67, 3, 2], 7, 10),
    classes("W3 64-64-32-10, batch 32", &[64, 64, 32, 10], 1797, 32, 2),
    classes(
        "W4 784-512-256-10, batch 128",
        &[784, 512, 256, 10],
        1280,
        128,
        1,
    ),
    classes(
        "W5 1000-2048-2048-10, batch 256",
        &[1000, 2048, 2048, 10],
        512,
        256,
        1,
    ),
];

/// Measures and prints.
pub fn measure(bench: &Bench, peaks: &Peaks) {
    let isa = Isa::detected().name();
    println!(
        "{:<34} {:>9} {:>5} {:>9} {:>8} {:>12}",
        "training, one run on one thread", "isa", "type", "GFLOP/s", "of peak", "ns per step"
    );
    // The engine may share a large product among the threads of the pool: here there is one.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a pool of one thread");
    for shape in SHAPES.iter().filter(|shape| bench.wants(shape.name)) {
        for (format, precision) in [("f32", Precision::F32), ("f64", Precision::F64)] {
            let seconds = one.install(|| seconds(bench, shape, precision));
            let steps = shape.samples as f64 * shape.epochs as f64;
            let speed = operations(shape.layers) * steps / seconds / 1e9;
            println!(
                "{:<34} {isa:>9} {format:>5} {speed:>9.2} {:>7.1}% {:>12.1}",
                shape.name,
                100.0 * speed / peaks.of(isa, format),
                seconds / steps * 1e9
            );
        }
    }
}

/// Multiplications and additions of a sample step: 2 per weight forward, 2 for the gradient, and 2
/// for the error of each layer before but the input.
fn operations(layers: &[usize]) -> f64 {
    let weights = layers.windows(2).map(|pair| (pair[0] * pair[1]) as f64);
    weights
        .enumerate()
        .map(|(layer, count)| count * if layer == 0 { 4.0 } else { 6.0 })
        .sum()
}

fn seconds(bench: &Bench, shape: &Shape, precision: Precision) -> f64 {
    let (inputs, outputs) = (shape.layers[0], shape.layers[shape.layers.len() - 1]);
    let mut random = stream(1, Stream::Data);
    let x = Array2::from_shape_fn((shape.samples, inputs), |_| random.unit());
    let y = match shape.loss {
        Loss::CrossEntropy => Array2::from_shape_fn((shape.samples, 1), |_| {
            f64::from(random.below(outputs as u32))
        }),
        _ => Array2::from_shape_fn((shape.samples, outputs), |_| random.unit()),
    };
    let mut activations = vec![shape.hidden; shape.layers.len() - 2];
    activations.push(Activation::Identity);
    let architecture = Architecture {
        layers: shape.layers.to_vec(),
        activations,
    };
    let init = Init::Scheme(Scheme::XavierUniform { gain: 1.0 });
    let settings = Settings {
        loss: shape.loss,
        batch_size: BatchSize::Samples(shape.batch),
        epochs: shape.epochs,
        learning_rate: 0.02,
        schedule: Schedule::Constant,
        optimizer: Optimizer::Sgd {
            momentum: 0.0,
            nesterov: false,
            weight_decay: 0.0,
        },
        l1: 0.0,
        l2: 0.0,
        clip_norm: None,
        clip_value: None,
        early_stopping: None,
        shuffle: true,
        precision,
        metrics: Vec::new(),
    };
    let task = Task {
        architecture: &architecture,
        init: &init,
        train: Samples { x: &x, y: &y },
        valid: None,
        settings: &settings,
        init_seed: 1,
        shuffle_seed: 1,
    };
    bench.seconds(|| {
        train(&task, &mut |_| ControlFlow::Continue(()));
    })
}
