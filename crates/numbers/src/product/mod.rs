//! The instructions of the CPU behind a fence: which there are ([`Isa`]), vectors of them
//! ([`vector`]), and the blocked matrix product that is written over these ([`mod@product`]).
//!
//! The portable vector is the specification: every operation acts on each lane as the scalar
//! operation of IEEE 754 does, lanes only ever lie across independent results, and so every
//! instruction set gives the same bits. Unsafe code stands here, in the vectors of
//! [`lanes`](super::lanes) and in the dispatch to them, and nowhere else.

pub mod isa;
mod matrix;
mod pack;
pub mod product;
mod share;
mod tile;
mod transpose;
mod vector;

pub use isa::Isa;
pub use matrix::{Matrix, Start};
pub use product::{Multiplication, Product, Strip, product};
pub use share::{Rows, help_until, is_shared, share};
pub use transpose::{Transposed, transpose};
