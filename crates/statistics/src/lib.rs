//! What replicates say: descriptions, intervals, tests, and how many more would be needed.
//!
//! Numbers in, numbers out: knows no file, no configuration, and nobody who reads it. The
//! distributions are written here over functions that give the same bits on every CPU.

pub mod description;
pub mod design;
pub mod distribution;
pub mod paired;
pub mod power;
pub mod proportion;
pub mod rank_test;
#[cfg(test)]
mod scipy;
