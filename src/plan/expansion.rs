//! The state of an expansion: the experiment, and the configurations and runs so far.

use std::collections::HashSet;

use super::dataset::Library;
use super::partial::Broken;
use super::{Configuration, Run, Vary};
use crate::config::Experiment;
use problems::Problems;

/// The expansion of a sweep into configurations and runs, with the results so far.
pub(super) struct Expansion<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) swept: Vec<String>,
    pub(super) vary: Vary,
    /// The experiment's seed.
    pub(super) seed: u64,
    pub(super) replicates: u32,
    pub(super) folds: Option<u32>,
    pub(super) library: Library,
    /// The pairs of architecture and dataset that have been checked, by their addresses.
    pub(super) fitted: HashSet<(usize, usize)>,
    /// The sections that have mistakes, so that nothing can be made of them.
    pub(super) broken: Vec<Broken>,
    pub(super) configurations: Vec<Configuration>,
    pub(super) runs: Vec<Run>,
    pub(super) problems: Problems,
}
