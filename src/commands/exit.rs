//! The exit codes of the program.

/// Every run has its outcome.
pub const SUCCESS: u8 = 0;
/// Some runs failed, or all diverged; or the results could not be written.
pub const SOME_FAILED: u8 = 1;
/// The command line, the experiment or its data has a mistake, or a directory cannot be used.
/// Nothing was trained.
pub const USAGE: u8 = 2;
/// `verify` or a comparison found a difference.
pub const DIFFERENCE: u8 = 3;
/// Ctrl-C ended the command; finished runs are kept.
pub const INTERRUPTED: u8 = 130;
