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
//! - [`execute`]: runs → threads; a failed run is an outcome.
//! - [`record`]: what is kept: the journal of finished runs, the CSV files, the models, the manifest.
//! - [`report`]: tells; reads only results. [`export`]: the same results in other programs' formats.
//! - [`sealed`]: the test part, opened: what the networks of one configuration are worth on it.
//! - [`guide`]: helps to write an experiment: schema, reference, templates.
//! - [`trace`]: shows one step of the engine, every quantity with its formula.
//!
//! What can stand alone is a crate beside the program: [`problems`] (a mistake with its place in a
//! text), [`numbers`] (what a number is), [`engine`] (samples and settings in, history and
//! parameters out), [`data`] (sources, split, preparation), [`statistics`] and [`pictures`].

pub mod app;
pub mod baseline;
pub mod cli;
mod commands;
pub mod config;
pub mod execute;
pub mod export;
pub mod guide;
pub mod likeness;
pub mod plan;
pub mod predict;
pub mod record;
pub mod report;
pub mod sealed;
pub mod trace;
