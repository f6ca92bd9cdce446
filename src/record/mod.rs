//! The record of an experiment: the journal of finished runs, and the result files that are written
//! from it.
//!
//! # The store
//!
//! `<results>/.runner/` holds the working record, from which every result file is written:
//!
//! - `journal`: an append-only file with a frame per finished run ([`journal`] has the format). A
//!   run is appended with one write as soon as it is finished, so that a kill loses no finished
//!   run. A frame that a kill, a full disk or a power failure left unfinished is recognised by its
//!   length and checksum, and cut off when the journal is opened next. The file is synced to the
//!   disk once a second and at the end: only a power failure can lose runs, those of the last
//!   second.
//! - `lock`: held with the operating system's file lock while a program writes. The system releases
//!   it whenever the program ends, so that no stale lock can stay. A second program on the
//!   directory says so and stops.
//! - `states/`: the state of each run that has been training for some time and is not finished,
//!   from which it goes on ([`unfinished`]). A state is removed when its run is in the journal.
//! - `experiment.toml`: the experiment whose result files are being made ([`begun`]). It is removed
//!   when they are in their places. While it is there, readers read the journal.
//! - `looks.json`: how often the test part was opened, and for what. `--fresh` keeps it.
//! - `new/`: new result files, before they are renamed to their places.
//!
//! Runs finish in any order, and the journal has them in that order. An index in memory, a few
//! dozen bytes per run, leads from a run's key to its frame. A key is a digest of all that a run's
//! numbers depend on (see [`RunKey`]), so that even after the experiment has changed, a frame with
//! the key of a run is exactly that run. Of two frames with one key the later one counts.
//!
//! # The result files
//!
//! The result files are written when every run that was asked for has its outcome. They are in the
//! order of the plan, whatever the order of finishing, so that the same experiment gives the same
//! bytes. A file is written under `new/`, synced, and renamed to its place, so that it is either
//! whole or missing. `manifest.json`, which has the digests of the others, is removed before the
//! first of them is replaced and written after the last one: results with a manifest belong
//! together. An interrupted experiment writes the results of its finished runs; their manifest says
//! that they are incomplete, and how many runs are missing.
//!
//! The module knows nothing of training, or of what a person wants to see.

pub mod begun;
pub mod difference;
pub mod drawing;
pub mod epoch_rows;
pub mod frame;
pub mod grounds;
pub mod history;
pub mod journal;
pub mod keeping;
pub mod layout;
pub mod looks;
pub mod manifest;
pub mod merge;
pub mod new_files;
pub mod numbers;
pub mod ownership;
pub mod patience;
pub mod result_files;
pub mod results;
pub mod run_record;
pub mod status;
pub mod store;
pub mod summary;
mod table_files;
mod tables;
pub mod unfinished;
pub mod whole_file;

pub use run_record::{Head, RunRecord};
pub use status::{Outcome, Status};
pub use store::Store;
pub use tables::UnfinishedRows;

#[cfg(doc)]
use crate::plan::RunKey;
