//! Learning: arrays and settings in, numbers out.
//!
//! The *reference* ([`mod@reference`]) is the definition, in code, of every bit of a result. It is
//! written once over the number type ([`numbers::real::Real`]), every sum has one order, a
//! multiply-add is fused where it says `mul_add`, and exp, tanh and ln are [`numbers::functions`].
//!
//! Knows nothing of files, TOML, CSV, threads or progress bars. `no_std` with `alloc`: the feature
//! `std` (default) brings the threads and the instructions that [`numbers`] finds out.

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
    pub use crate::run::outcome::{Ending, EpochRow, Trained};
    pub use crate::run::task::{Samples, Task};
    pub use crate::words::activation::Activation;
    pub use crate::words::architecture::{Architecture, MultiplyAdds};
    pub use crate::words::init::{Init, Scheme};
    pub use crate::words::loss::Loss;
    pub use crate::words::metric::Metric;
    pub use crate::words::monitor::Monitor;
    pub use crate::words::optimizer::Optimizer;
    pub use crate::words::schedule::Schedule;
    pub use crate::words::settings::{BatchSize, EarlyStopping, Precision, Settings};
}
