//! The statistics of replicates: descriptions, intervals, tests, and how many more replicates would
//! be needed.
//!
//! The crate computes numbers from numbers, and knows no file, no configuration and no reader. The
//! distributions are written here over functions that give the same bits on every CPU.
//!
//! ```
//! use statistics::design::Design;
//! use statistics::paired::{Verdict, judge, paired};
//!
//! // The losses of two configurations, replicate by replicate.
//! let [a, b] = [[0.10, 0.12, 0.11, 0.13], [0.20, 0.25, 0.21, 0.24]].map(|losses| losses.map(Some));
//! let mut family = [paired(&a, &b, false, Design::Independent)];
//! judge(&mut family, false);
//! assert_eq!(family[0].verdict, Verdict::Better);
//! assert_eq!(family[0].wins_a, 4);
//! ```

pub mod description;
pub mod design;
pub mod distribution;
mod pair;
pub mod paired;
pub mod power;
pub mod proportion;
pub mod rank_test;
#[cfg(test)]
mod scipy;
