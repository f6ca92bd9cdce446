//! What is kept: the journal of finished runs, and the files that a person reads, written from it.
//!
//! # The store
//!
//! `<results>/.runner/` holds the working record, from which every result file is written:
//!
//! - `journal`: an append-only file, a frame per finished run ([`journal`] has the format). A run is
//!   appended with one write the moment it is finished, so that a killed program loses no finished
//!   run; a frame that a kill, a full disk or a power failure left unfinished is recognised by its
//!   length and checksum and dropped when the journal is opened next. The file is synced to the disk
//!   once a second and at the end: only a power failure can cost the runs of the last second.
//! - `lock`: held with the operating system's file lock while a program writes; the system releases
//!   it when the program ends in whatever way, so there is no stale lock. A second program on the
//!   directory says so and stops.
//! - `states/`: the state of each run that was under way for some time and is not finished, from which
//!   it goes on ([`unfinished`]); it goes when the run is in the journal.
//! - `experiment.toml`: the experiment whose results are on their way ([`begun`]); it goes when they
//!   are in their places. Where it is, readers read the journal.
//! - `looks.json`: how often the test part was opened, and for what; `--fresh` does not forget it.
//! - `new/`: result files on their way to their places.
//!
//! Runs finish in any order and the journal has them in that order; memory holds an index of a few
//! dozen bytes per run from a run's key to its frame. A key is a digest of all that a run's numbers
//! depend on (see [`RunKey`]), so whatever the experiment becomes later, a frame is either exactly
//! the run that is asked for or not looked at. Of two frames with one key the later counts.
//!
//! # The result files
//!
//! Written when every run that was asked for has its outcome, in the order of the plan, whatever the
//! order of finishing: the same experiment leaves the same bytes. A file is written under `new/`,
//! synced, and renamed to its place, so it is there as a whole or not at all. `manifest.json`, which
//! has the digests of the others, is removed before the first of them is replaced and written after
//! the last: results with a manifest belong together. An interrupted experiment writes the results of
//! its finished runs; their manifest says that they are not complete, and how many runs are missing.
//!
//! Knows nothing of how a run is trained or of what a person wants to see.

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
