//! One file per subcommand: from its arguments to an exit code. What they share is in [`exit`],
//! [`experiments`], [`signals`] and [`voice`](crate::voice).

pub mod check;
pub mod compare;
pub mod exit;
pub mod experiments;
pub mod export;
pub mod guide;
pub mod merge;
pub mod origins;
pub mod plan;
pub mod predict;
pub mod report;
pub mod run;
pub mod signals;
pub mod soundness;
pub mod submit;
pub mod test;
pub mod trace;
pub mod verify;
