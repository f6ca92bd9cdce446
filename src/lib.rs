//! `runner`: a declarative experiment runner for small neural networks.
//!
//! An [`Experiment`] is a TOML file or text; its [`Plan`] has the runs to be trained; its
//! [`Results`] have the same bits on every machine and with any number of threads. The crate prints
//! nothing and leaves the process as it is.
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
//! In a test of another crate, check that training still gives these bits:
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
//! [`Plan::run_in`] writes the results to a directory, as the program does, and [`Plan::read`]
//! reads them back. A mistake in an experiment is an [`Error`] that shows its place:
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
//! - `config`: the content of the experiment file, as a tree of values with their places.
//! - `plan`: the runs to be trained, with every default filled in and the sweep expanded into an
//!   ordered list. Only a plan can be trained.
//! - `execute`: the training of runs on threads; a failed run is an outcome.
//! - `baseline`: constant answers, for a comparison with the networks.
//! - `language`: the messages of the program, in a file for each language.
//! - `likeness`: the rules by which runs can be ranked, before and after training.
//! - `named`: the configurations by the names that a person gives them.
//! - `model`: the reader and the writer of stored models.
//! - `record`: the journal of finished runs, the CSV files, the models and the manifest.
//! - `report`: reports, made from results alone. `export`: the results in other programs' formats.
//! - `writing`: all result files of a directory; `origins`: the data and initial weights of a
//!   report's models.
//! - `sealed`: the evaluation of one configuration's networks on the opened test part.
//! - `screen`: the layout of texts for a terminal.
//! - `machine`: errors as JSON, for another program.
//! - `guide`: helps for writing an experiment: schema, reference, templates.
//! - `shell`: a path as a word of a printed command.
//! - `trace`: one step of the engine, with every quantity and its formula.
//!
//! Parts that can stand alone are crates beside the program: [`problems`] (a mistake with its place
//! in a text), [`numbers`] (numbers with the same bits on every CPU), [`engine`] (from samples and
//! settings to history and parameters), [`data`] (sources, split, preparation), [`statistics`] and
//! [`pictures`]. The public items above deliberately leave out the command line, progress, colours
//! and signals. The modules are public only for the program and its tests: they are not documented
//! here and change without notice.
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
