//! What a number is: the same bits on every CPU.
//!
//! - [`real`]: the operations that numbers and vectors of numbers have; [`lanes`]: the vectors.
//! - [`functions`]: exp, tanh, ln and their like.
//! - [`isa`]: which instructions this CPU has; [`dispatch`]: the same text, compiled for each.
//! - [`mod@product`]: the blocked matrix product; [`threads`]: rows that threads divide.
//! - [`random`]: named streams of random numbers; [`matrix`]: how data are held.
//!
//! All unsafe code of the project stands here. Knows nothing of networks, files or experiments.
//!
//! ```
//! use numbers::random::{Stream, stream};
//!
//! let mut first = stream(42, Stream::Shuffle);
//! let mut second = stream(42, Stream::Shuffle);
//! assert_eq!(first.unit().to_bits(), second.unit().to_bits());
//! ```

pub mod dispatch;
pub mod functions;
pub mod isa;
pub mod lanes;
pub mod matrix;
pub mod product;
pub mod random;
pub mod real;
pub mod threads;

pub use isa::Isa;
pub use product::{Matrix, Multiplication, Product, Start, Strip, Transposed, product, transpose};
pub use threads::{Rows, help_until, is_shared, share};
