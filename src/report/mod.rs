//! Tells: what the results say, for a person at a terminal or a program.
//!
//! Reads only result files; has never heard of an experiment, a plan or an engine.

pub mod distribution;
pub mod ranking;
pub mod statistics;
pub mod terminal;
