//! The training of small fully connected networks: arrays and settings in, numbers out.
//!
//! - [`words`]: what can be chosen (activations, losses, optimizers, …), each with its formula;
//!   [`parameters`]: what a network has learnt.
//! - [`run`]: the course of a run, the same for every way of training: its task, epochs, sums and
//!   outcome.
//! - [`mod@reference`]: the definition, in code, of every bit of a result: a sample at a time,
//!   written once over the number type ([`numbers::real::Real`]). Every sum has one order, a
//!   multiply-add is fused where it says `mul_add`, and exp, tanh and ln are those of
//!   [`numbers::functions`].
//! - [`lockstep`] and `batch`: faster ways with the same bits. In lockstep many runs are trained
//!   together, a lane each; a batch trains one run by matrix products.
//! - [`mod@train`], [`mod@predict`] and [`observe`]: the doors.
//!
//! The crate knows nothing of files, TOML, CSV or progress bars, and has no unsafe code and no
//! thread pool of its own: the threads of the current pool help where there are any. It is `no_std`
//! with `alloc`; the feature `std` (default) brings threads, and the instruction sets that
//! [`numbers`] detects.
//!
//! ```
//! use engine::{train::train, types::*};
//! use numbers::matrix::DataMatrix;
//! use std::ops::ControlFlow;
//!
//! // The plane y = (a + b) / 2 on a grid of 5 × 5 points.
//! let points: Vec<[f64; 2]> = (0..25).map(|i| [(i / 5) as f64 / 4.0, (i % 5) as f64 / 4.0]).collect();
//! let x = DataMatrix::new(25, 2, points.concat());
//! let y = DataMatrix::new(25, 1, points.iter().map(|[a, b]| (a + b) / 2.0).collect::<Vec<f64>>());
//! let layers = vec![2, 3, 1];
//! let activations = vec![Activation::Sigmoid, Activation::Identity];
//! let architecture = Architecture { layers, activations };
//! let init = Init::Scheme(Scheme::XavierUniform { gain: 1.0 });
//! let settings = Settings::plain(Loss::HalfMse, BatchSize::Samples(1), 200, 0.3);
//! let (train_on, seeds) = (Samples { x: &x, y: &y }, (42, 43));
//! let task = Task { architecture: &architecture, init: &init, train: train_on, valid: None,
//!     settings: &settings, init_seed: seeds.0, shuffle_seed: seeds.1, target_units: &[],
//!     snapshots: false };
//! let trained = train(&task, &mut |_epoch| ControlFlow::Continue(()));
//! assert!(trained.kept.unwrap().train_loss < 1e-3);
//! ```

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod batch;
pub mod lockstep;
pub mod observe;
pub mod parameters;
pub mod predict;
pub mod reference;
pub mod run;
pub mod train;
pub mod words;

/// The version of the numbers: raised whenever a change alters the bits of any result.
pub const ENGINE_VERSION: u32 = 1;

/// The engine's vocabulary, in one place.
pub mod types {
    pub use crate::parameters::Parameters;
    pub use crate::run::observer::Observer;
    pub use crate::run::outcome::{Ending, EpochRow, MAX_METRICS, Snapshot, Trained};
    pub use crate::run::requests::Requests;
    pub use crate::run::state::State;
    pub use crate::run::sums::Measures;
    pub use crate::run::task::{Samples, Task};
    pub use crate::words::activation::Activation;
    pub use crate::words::architecture::{Architecture, MultiplyAdds};
    pub use crate::words::class_weights::ClassWeights;
    pub use crate::words::init::{Init, Scheme};
    pub use crate::words::loss::Loss;
    pub use crate::words::metric::{Metric, Subject};
    pub use crate::words::monitor::Monitor;
    pub use crate::words::optimizer::Optimizer;
    pub use crate::words::schedule::Schedule;
    pub use crate::words::settings::{BatchSize, EarlyStopping, Precision, Settings};
}
