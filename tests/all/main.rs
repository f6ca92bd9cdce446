//! The integration tests, in one binary: a file per promise.

mod data;
mod gradient_check;
mod oracle;
mod plan;
