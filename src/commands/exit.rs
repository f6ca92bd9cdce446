//! The exit codes, each with what it says.

/// Every run has its outcome.
pub const SUCCESS: u8 = 0;
/// Some runs failed, or all diverged; or what was trained could not be written.
pub const SOME_FAILED: u8 = 1;
/// The command line, the experiment or its data is wrong, or a directory cannot be used: nothing was
/// trained.
pub const USAGE: u8 = 2;
/// `verify` or a comparison found a difference.
pub const DIFFERENCE: u8 = 3;
/// Stopped by Ctrl-C; what was finished is kept.
pub const INTERRUPTED: u8 = 130;
