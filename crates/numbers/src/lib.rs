//! Numbers with the same bits on every CPU: their operations, functions, products and random
//! streams.
//!
//! - [`real`]: the operations that numbers and vectors of numbers have; [`lanes`]: the vectors.
//! - [`functions`]: exp, tanh, ln and their like, with their [`constants`]; [`fused`]: the
//!   multiply-add in software, for CPUs without the instruction.
//! - [`isa`]: the instruction sets of this CPU; [`dispatch`]: the same code, compiled for each of
//!   them.
//! - [`mod@product`]: the blocked matrix product; [`threads`]: rows that threads divide.
//! - [`random`]: named streams of random numbers; [`matrix`]: how data are stored.
//!
//! All unsafe code of the project stands here, but for the allocator of the program. The crate
//! knows nothing of networks, files or experiments. It is `no_std` with `alloc`; the feature `std`
//! (default) brings threads, and instruction sets that are detected at run time.
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
