//! The promises of the engine, in one binary with a file per promise.

mod class_weights;
mod dropout;
mod gradient_check;
mod interrupted;
mod lockstep;
mod metrics;
mod oracle;
mod same_bits;
mod training;
