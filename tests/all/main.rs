//! The integration tests, in one binary: a file per promise.

mod answers;
mod bad_cases;
mod check;
mod command_line;
mod contributing;
mod documentation;
mod edge;
mod export;
mod faults;
mod folds;
mod guide;
mod json_schema;
mod kill;
mod outlook;
mod plan;
mod predict;
mod predict_python;
mod program;
mod report;
mod resampling;
mod results;
mod sealed;
mod store;
mod submit;
mod trace;
mod verify;
