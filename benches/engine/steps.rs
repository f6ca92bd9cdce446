//! Training by the engine's public functions.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use engine::lockstep::Queue;
use engine::train::{train, train_all};
use engine::types::{
    Activation, Architecture, BatchSize, EpochRow, Init, Loss, MultiplyAdds, Precision, Samples,
    Scheme, Settings, Task, Trained,
};
use ndarray::Array2;
use numbers::Isa;
use numbers::matrix::DataMatrix;
use numbers::random::{Stream, stream};

use crate::{Bench, peak};

/// A network and the size of its data.
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

const SHAPES: [Shape; 11] = [
    regression("W1 2-3-1, batch 4", &[2, 3, 1], 4, 100),
    regression("W2b 2-3-1, batch 1", &[2, 3, 1], 1, 100),
    regression("W2b 2-3-1, batch 32", &[2, 3, 1], 32, 100),
    regression("W2b 2-3-1, full batch", &[2, 3, 1], 250, 100),
    regression("2-8-1, batch 4", &[2, 8, 1], 4, 100),
    regression("4-8-3, batch 4", &[4, 8, 3], 4, 100),
    regression("2-8-8-1, batch 10", &[2, 8, 8, 1], 10, 40),
    regression("odd 5-67-3-2, batch 7", &[5, 67, 3, 2], 7, 10),
    classes("W3 64-64-32-10, batch 32", &[64, 64, 32, 10], 1797, 32, 3),
    classes(
        "W4 784-512-256-10, batch 128",
        &[784, 512, 256, 10],
        1280,
        128,
        3,
    ),
    classes(
        "W5 1000-2048-2048-10, batch 256",
        &[1000, 2048, 2048, 10],
        512,
        256,
        3,
    ),
];

/// Measures and prints the table.
pub fn measure(bench: &Bench) {
    let isa = Isa::detected().name();
    println!(
        "{:<34} {:>9} {:>5} {:>9} {:>8} {:>12} {:>9}",
        "training, one run on one thread",
        "isa",
        "type",
        "GFLOP/s",
        "of peak",
        "ns per step",
        "start ms"
    );
    // The engine may share a large product among the threads of the pool, which has one thread
    // here.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a pool of one thread");
    for shape in SHAPES.iter().filter(|shape| bench.wants(shape.name)) {
        for (format, precision) in [("f32", Precision::F32), ("f64", Precision::F64)] {
            let work = Work::of(shape, precision);
            let peak = peak::now(bench, isa, format);
            let (start, epoch) = one.install(|| start_and_epoch(bench, &work));
            let seconds = epoch / shape.samples as f64;
            print(shape, &work, isa, format, peak, seconds);
            println!(" {:>9.2}", 1e3 * start);
        }
    }
    println!();
    measure_lockstep(bench);
}

/// The least seconds before the first epoch (for the initial weights, and for the conversion of the
/// data into the run's format), and the least seconds of an epoch.
fn start_and_epoch(bench: &Bench, work: &Work) -> (f64, f64) {
    let (mut start, mut epoch) = (f64::INFINITY, f64::INFINITY);
    bench.seconds(|| {
        let began = Instant::now();
        let mut ends = Vec::with_capacity(work.settings.epochs as usize);
        train(&work.run(1), &mut |_| {
            ends.push(began.elapsed().as_secs_f64());
            ControlFlow::Continue(())
        });
        let epochs = ends.windows(2).map(|pair| pair[1] - pair[0]);
        epoch = epochs.fold(epoch, f64::min);
        start = start.min(ends[0] - epoch);
    });
    (start, epoch)
}

/// The multiplications and additions of a sample step, forward and backward.
fn operations(architecture: &Architecture) -> f64 {
    let MultiplyAdds { forward, backward } = architecture.multiply_adds();
    2.0 * (forward + backward) as f64
}

/// The data of a shape's runs.
struct Work {
    architecture: Architecture,
    init: Init,
    settings: Settings,
    x: DataMatrix,
    y: DataMatrix,
}

impl Work {
    fn of(shape: &Shape, precision: Precision) -> Self {
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
        let batch = BatchSize::Samples(shape.batch);
        let settings = Settings {
            precision,
            ..Settings::plain(shape.loss, batch, shape.epochs, 0.02)
        };
        Self {
            architecture: Architecture {
                layers: shape.layers.to_vec(),
                activations,
            },
            init: Init::Scheme(Scheme::XavierUniform { gain: 1.0 }),
            settings,
            x: x.into(),
            y: y.into(),
        }
    }

    fn run(&self, seed: u64) -> Task<'_> {
        Task {
            architecture: &self.architecture,
            init: &self.init,
            train: Samples {
                x: &self.x,
                y: &self.y,
            },
            valid: None,
            settings: &self.settings,
            init_seed: seed,
            shuffle_seed: seed,
            target_units: &[],
            snapshots: false,
        }
    }

    /// The number of sample steps in a run.
    fn steps(&self) -> f64 {
        self.x.nrows() as f64 * self.settings.epochs as f64
    }
}

/// The runs in lockstep that are not begun.
struct Runs<'a> {
    work: &'a Work,
    seeds: std::ops::Range<u64>,
}

impl<'a> Queue<'a> for Runs<'a> {
    fn next(&mut self) -> Option<(usize, Task<'a>)> {
        let seed = self.seeds.next()?;
        Some((seed as usize, self.work.run(seed)))
    }

    fn observe(&mut self, _: usize, _: &EpochRow) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn done(&mut self, _: usize, trained: Trained<f64>) {
        black_box(trained);
    }
}

/// The number of runs in lockstep: eight times the lanes of the widest vector.
const LOCKSTEP_RUNS: u64 = 128;

/// Measures a sweep's small networks in lockstep, and one run of them alone.
fn measure_lockstep(bench: &Bench) {
    let isa = Isa::detected().name();
    println!(
        "{:<34} {:>9} {:>5} {:>9} {:>8} {:>12}",
        "training, runs in lockstep", "isa", "type", "GFLOP/s", "of peak", "ns per step"
    );
    let small = SHAPES
        .iter()
        .filter(|shape| shape.layers.iter().all(|&nodes| nodes < 64));
    for shape in small.filter(|shape| bench.wants(shape.name)) {
        for (format, precision) in [("f32", Precision::F32), ("f64", Precision::F64)] {
            let work = Work::of(shape, precision);
            let peak = peak::now(bench, isa, format);
            let seconds = bench.seconds(|| {
                train_all(&mut Runs {
                    work: &work,
                    seeds: 0..LOCKSTEP_RUNS,
                });
            });
            let steps = work.steps() * LOCKSTEP_RUNS as f64;
            print(shape, &work, isa, format, peak, seconds / steps);
            println!();
        }
    }
    println!();
}

/// Prints the row of a table for the seconds of a sample step.
fn print(shape: &Shape, work: &Work, isa: &str, format: &str, peak: f64, seconds: f64) {
    let speed = operations(&work.architecture) / seconds / 1e9;
    print!(
        "{:<34} {isa:>9} {format:>5} {speed:>9.2} {:>7.1}% {:>12.1}",
        shape.name,
        100.0 * speed / peak,
        seconds * 1e9
    );
}
