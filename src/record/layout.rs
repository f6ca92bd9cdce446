//! The names of what stands in a directory of results.

/// The working record's directory in a directory of results.
pub const DIRECTORY: &str = ".runner";

/// The result files, in the order in which they are removed: the manifest first, and what is made
/// from the tables before them.
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
/// So many of the first [`FILES`] are made from the tables, and must not outlive them.
pub const MADE_FROM_TABLES: usize = 3;
/// The directories of result files.
pub const DIRECTORIES: [&str; 2] = ["models", "plots"];
