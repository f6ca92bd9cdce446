//! The blocked matrix product, and the transposition of a matrix.
//!
//! Pairs of numbers as vectors ([`lanes`](crate::lanes)) are the specification. Every operation
//! acts on each lane as the scalar operation of IEEE 754 does, and lanes lie only across
//! independent results. So every instruction set gives the same bits.

mod multiplication;
mod operand;
mod panels;
mod tile;
mod transpose;

pub use multiplication::{Multiplication, Product, Strip, product};
pub use operand::{Matrix, Start};
pub use transpose::{Transposed, transpose};
