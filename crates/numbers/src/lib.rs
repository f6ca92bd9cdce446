//! What a number is: the same bits on every CPU.
//!
//! - [`real`]: the operations that numbers and vectors of numbers have; [`lanes`]: the vectors.
//! - [`functions`]: exp, tanh, ln and their like, with their [`constants`]; [`fused`]: the
//!   multiply-add in software, for CPUs without the instruction.
//! - [`isa`]: which instructions this CPU has; [`dispatch`]: the same text, compiled for each.
//! - [`mod@product`]: the blocked matrix product; [`threads`]: rows that threads divide.
//! - [`random`]: named streams of random numbers; [`matrix`]: how data are held.
//!
//! All unsafe code of the project stands here. It knows nothing of networks, files or experiments.
//! `no_std` with `alloc`; the feature `std` (default) brings threads, and instructions that are found
//! out at run time.
//!
//! ```
//! use numbers::random::{Stream, stream};
//!
//! let mut first = stream(42, Stream::Shuffle);
//! let mut second = stream(42, Stream::Shuffle);
//! assert_eq!(first.unit().to_bits(), second.unit().to_bits());
//! ```

#![no_std]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

pub mod constants;
pub mod dispatch;
pub mod functions;
pub mod fused;
pub mod isa;
pub mod lanes;
pub mod matrix;
pub mod product;
pub mod random;
pub mod real;
pub mod threads;

pub use isa::Isa;
pub use product::{Matrix, Multiplication, Product, Start, Strip, Transposed, product, transpose};
#[cfg(feature = "std")]
pub use threads::help_until;
pub use threads::{Rows, divide, is_shared};
