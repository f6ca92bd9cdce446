//! Learning: arrays and settings in, numbers out.
//!
//! This is the *reference engine*: the definition, in code, of every bit of a result. It is written
//! once over the number type ([`real::Real`]), every sum has one order, a multiply-add is fused
//! where it says `mul_add`, and exp, tanh and ln are its own ([`functions`]).
//!
//! Knows nothing of files, TOML, CSV, threads or progress bars.

pub mod activation;
mod batch;
mod dispatch;
pub mod examples;
pub mod functions;
pub mod gradient;
pub mod init;
pub mod kernels;
pub mod lanes;
pub mod layer;
pub mod loss;
pub mod metric;
pub mod network;
pub mod optimizer;
pub mod pack;
pub mod predict;
pub mod real;
pub mod schedule;
pub mod session;
pub mod settings;
pub mod stopping;
pub mod train;

/// The version of the numbers: raised whenever a change alters the bits of any result.
pub const ENGINE_VERSION: u32 = 1;

/// The engine's vocabulary, in one place.
pub mod types {
    pub use super::activation::Activation;
    pub use super::init::{Init, Scheme};
    pub use super::loss::Loss;
    pub use super::metric::Metric;
    pub use super::network::{Architecture, Parameters};
    pub use super::optimizer::Optimizer;
    pub use super::schedule::Schedule;
    pub use super::settings::{BatchSize, EarlyStopping, Monitor, Precision, Settings};
    pub use super::train::{Ending, EpochRow, Samples, Task, Trained};
}
