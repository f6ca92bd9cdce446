//! `runner`: a declarative experiment runner for small neural networks.
//!
//! Values flow one way:
//!
//! ```text
//! experiments/*.toml → config → plan → execute(engine) → record → report
//!                               data ↗
//! ```
//!
//! - [`config`]: what the experiment file *says*; a tree of values that know their place in a text.
//! - [`plan`]: what we *will do*; every default filled, the sweep expanded into an ordered list of
//!   runs. Only a plan can train.
//! - [`data`]: numbers in; has never heard of TOML. [`matrix`]: how they are held.
//! - [`engine`]: arrays and settings in, numbers out; knows nothing of files, threads or progress.
//! - [`execute`]: runs → threads; a failed run is an outcome.
//! - [`record`]: what is kept: the journal of finished runs, the CSV files, the models, the manifest.
//! - [`statistics`]: numbers in, numbers out: what replicates say.
//! - [`report`]: tells; reads only results. [`export`]: the same results in other programs' formats.
//! - [`guide`]: helps to write an experiment: schema, reference, templates.
//! - [`trace`]: shows one step of the engine, every quantity with its formula.

pub mod app;
pub mod cli;
mod commands;
pub mod config;
pub mod data;
pub mod engine;
pub mod error;
pub mod execute;
pub mod export;
pub mod guide;
pub mod matrix;
pub mod plan;
pub mod predict;
pub mod record;
pub mod report;
pub mod rng;
pub mod statistics;
pub mod trace;
