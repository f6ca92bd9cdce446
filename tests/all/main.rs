//! The integration tests, in one binary: a file per promise.

mod answers;
mod bad_cases;
mod check;
mod command_line;
mod data;
mod data_drawn;
mod data_refused;
mod documentation;
mod edge;
mod engine;
mod export;
mod gradient_check;
mod kill;
mod oracle;
mod outlook;
mod packs;
mod plan;
mod predict;
mod program;
mod report;
mod results;
mod same_bits;
mod store;
mod submit;
mod trace;
mod verify;
