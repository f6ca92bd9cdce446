//! Learning: arrays and settings in, numbers out.

pub mod functions;
pub mod types;
