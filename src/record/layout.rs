//! The names of the files and directories in a directory of results.

/// The directory of the working record, inside a directory of results.
pub const DIRECTORY: &str = ".runner";

/// The result files, in the order in which they are removed: the manifest first, then the files
/// made from the tables, then the tables.
pub const FILES: [&str; 8] = [
    "manifest.json",
    "comparison.csv",
    "report.html",
    "experiment.toml",
    "runs.csv",
    "history.csv",
    "summary.csv",
    "test.csv",
];
/// How many of the first [`FILES`] are made from the tables; they must be removed before the
/// tables.
pub const MADE_FROM_TABLES: usize = 3;
/// The directories of result files.
pub const DIRECTORIES: [&str; 2] = ["models", "plots"];
