//! `runner`: a declarative experiment runner for small neural networks.
//!
//! An [`Experiment`] is a TOML file or text; its [`Plan`] is what will be trained; its [`Results`]
//! have the same bits on every machine and with any number of threads. The crate prints nothing and
//! leaves the process as it is.
//!
//! Train a plane:
//!
//! ```
//! use runner::Experiment;
//!
//! let results = Experiment::from_text(
//!     "seed = 42
//!      data = { source = \"plane\", samples = 400, validation = 0.5 }
//!      model = { layers = [2, 3, 1], hidden = \"sigmoid\", output = \"identity\" }
//!      training = { loss = \"half_mse\", batch_size = 4, epochs = 20, learning_rate = 0.1 }",
//! )
//! .run()?;
//! let run = &results.runs[0];
//! let last = run.history.last().expect("it has twenty epochs");
//! println!("{} after {} epochs", last.train_loss, last.epoch);
//! assert!(run.value.is_some_and(|loss| loss < 0.01));
//! # Ok::<(), runner::Error>(())
//! ```
//!
//! Sweep a learning rate, watch every epoch, and print the best:
//!
//! ```
//! use std::ops::ControlFlow;
//! use std::sync::atomic::{AtomicU64, Ordering};
//! use runner::{Experiment, Training};
//!
//! let plan = Experiment::from_text(
//!     "replicates = 3
//!      data = { source = \"xor\", samples = 200, validation = 0.5 }
//!      model = { layers = [2, 4, 1], hidden = \"tanh\", output = \"identity\" }
//!      training = { loss = \"mse\", epochs = 30, learning_rate = 0.1 }",
//! )
//! .set("sweep.training.learning_rate", vec![0.003, 0.03, 0.3])
//! .plan()?;
//! assert_eq!(plan.runs(), 9);
//! let epochs = AtomicU64::new(0);
//! let count = |_run: usize, _row: &runner::EpochRow| {
//!     epochs.fetch_add(1, Ordering::Relaxed);
//!     ControlFlow::Continue(())
//! };
//! let results = plan.run(&Training { observer: Some(&count), ..Training::default() })?;
//! assert_eq!(epochs.into_inner(), 9 * 30);
//! let best = results.best().expect("no rate diverges");
//! println!("{}: {:?}", results.configurations[best], results.mean(best));
//! # Ok::<(), runner::Error>(())
//! ```
//!
//! In somebody's own test: training still gives these bits.
//!
//! ```
//! let results = runner::Experiment::from_text(
//!     "data = { source = \"plane\", samples = 40 }
//!      model = { layers = [2, 3, 1] }
//!      training = { epochs = 3, learning_rate = 0.1 }",
//! )
//! .run()?;
//! assert_eq!(results.digest(), "bc4414cb8a54215f52907ce6d4ea0b0497f1fb00fdb391d7ab4bddccebc1cc2c");
//! # Ok::<(), runner::Error>(())
//! ```
//!
//! Results go to a directory with [`Plan::run_in`], as the program writes them, and are read back
//! with [`Plan::read`]. What is wrong with an experiment is an [`Error`] that shows its place:
//!
//! ```
//! let wrong = runner::Experiment::from_text("[data]\nsource = \"plain\"").plan();
//! let message = wrong.expect_err("it is misspelt").to_string();
//! assert!(message.contains("plane"), "{message}");
//! ```
//!
//! # Inside
//!
//! Values flow one way:
//!
//! ```text
//! experiments/*.toml → config → plan → execute(engine) → record → report
//!                               data ↗
//! ```
//!
//! - `config`: what the experiment file *says*; a tree of values that know their place in a text.
//! - `plan`: what we *will do*; every default filled, the sweep expanded into an ordered list of
//!   runs. Only a plan can train.
//! - `execute`: runs → threads; a failed run is an outcome.
//! - `baseline`: what needs no network, for beside the result.
//! - `language`: what the program says, a file for each language.
//! - `likeness`: what may be ranked, before a run and after it.
//! - `named`: the configurations by the names that a person gives them.
//! - `model`: a stored model; its one reader and its one writer.
//! - `record`: what is kept: the journal of finished runs, the CSV files, the models, the manifest.
//! - `report`: reports; reads only results. `export`: the same results in other programs' formats.
//! - `writing`: all result files of a directory; `origins`: where the models of a report came from.
//! - `sealed`: the test part, opened: what the networks of one configuration are worth on it.
//! - `screen`: how a text fits the terminal on which it is read.
//! - `machine`: errors as JSON, for another program.
//! - `guide`: helps to write an experiment: schema, reference, templates.
//! - `shell`: a path as a word of a printed command.
//! - `trace`: shows one step of the engine, every quantity with its formula.
//!
//! What can stand alone is a crate beside the program: [`problems`] (a mistake with its place in a
//! text), [`numbers`] (what a number is), [`engine`] (samples and settings in, history and
//! parameters out), [`data`] (sources, split, preparation), [`statistics`] and [`pictures`].
//! Deliberately absent from the face above: the command line, progress, colours and signals. The
//! rooms are open to the program and its tests, and to nobody else: they are not documented here and
//! change without notice.

#[doc(hidden)]
pub mod app;
#[doc(hidden)]
pub mod baseline;
#[doc(hidden)]
pub mod cli;
mod commands;
#[doc(hidden)]
pub mod config;
mod digest;
#[doc(hidden)]
pub mod execute;
#[doc(hidden)]
pub mod export;
#[doc(hidden)]
pub mod guide;
#[doc(hidden)]
pub mod language;
mod library;
#[doc(hidden)]
pub mod likeness;
#[doc(hidden)]
pub mod machine;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod named;
mod origins;
#[doc(hidden)]
pub mod plan;
#[doc(hidden)]
pub mod predict;
#[doc(hidden)]
pub mod record;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod screen;
#[doc(hidden)]
pub mod sealed;
mod shell;
#[doc(hidden)]
pub mod show;
#[doc(hidden)]
pub mod trace;
#[doc(hidden)]
pub mod voice;
mod writing;

pub use engine::types::{EpochRow, Parameters};
pub use library::{EpochObserver, Experiment, Plan, Results, RunResult, Training};
pub use problems::{Error, Problem, Problems};
pub use record::Status;
pub use report::expectations::Judgement;
