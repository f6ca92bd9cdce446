//! The data of experiments: synthetic data, inline arrays and files, turned into inputs and targets
//! and split into training and validation.
//!
//! Each source becomes raw columns ([`raw`]), which are split ([`split`]) and prepared. The
//! preparation ([`preparation`]) is fitted on the training part alone, is stored with every model,
//! and applies to new data in the same way. Numbers keep the format of their source, and are not
//! copied, until a step changes them.
//!
//! The crate knows nothing of TOML, networks or training. A mistake in a file is a
//! [`Problem`](problems::Problem) that points at the file's line.
//!
//! ```
//! use data::{Request, Scale, Seeds, Source, Synthetic, TargetKind, Test, Validation};
//!
//! let source = Source::Synthetic { shape: Synthetic::Plane, samples: 100, noise: 0.0 };
//! let validation = Validation::Share { share: 0.5, stratify: false };
//! let request = Request {
//!     source, validation, test: Test::None, kind: TargetKind::Numbers, derive: Vec::new(),
//!     scale: Scale::None, scale_targets: Scale::None, outputs: None,
//! };
//! let dataset = data::load(&request, Seeds { data: 42, split: 42, test: 42 }, 0)?;
//! assert_eq!(dataset.train.x.nrows(), 50);
//! assert_eq!(dataset.preparation.features, ["x1", "x2"]);
//! # Ok::<(), problems::Error>(())
//! ```

mod classes;
mod csv;
mod dataset;
mod digest;
mod fault;
mod file;
mod foreign;
mod idx;
mod inline;
pub mod memory;
mod missing;
mod new;
mod npy;
mod one_hot;
mod pool;
mod preparation;
mod raw;
mod request;
mod scaling;
mod source;
mod split;
mod synthetic;
mod target_kind;
mod targets;

pub use csv::{DecimalMark, Dialect, Header, MISSING, MISSING_NUMBER, Table, is_encoding};
pub use dataset::{Column, Dataset, Derived, Parts, Preparation, Samples, Scaling, Sealed};
pub use fault::{Fault, Reason};
pub use file::{file_bytes, file_text, open_now};
pub use foreign::foreign_file;
pub use missing::{Fill, Missing, MissingWay};
pub use new::{NewSamples, NewSource};
pub use pool::{Pool, load};
pub use request::{Request, Scale, Seeds, Test, Validation};
pub use source::{Source, SourceFormat};
pub use synthetic::Synthetic;
pub use target_kind::TargetKind;
