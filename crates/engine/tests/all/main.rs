//! The engine's promises, in one binary: a file per promise.

mod gradient_check;
mod lockstep;
mod oracle;
mod same_bits;
mod training;
