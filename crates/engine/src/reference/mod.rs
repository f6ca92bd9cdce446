//! The definition, in code, of every bit of a result: one sample at a time, written once over the
//! number type. Every faster way equals it.

pub mod epoch;
pub mod layer;
pub mod network;
pub mod parts;
pub mod session;
pub mod shaping;
pub mod training;
