//! Tells: what the results say, for a person at a terminal or a program.
//!
//! Reads only result files; has never heard of a plan. Delete what it wrote, make it again, and the
//! bytes are the same.

use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::error::Error;

pub mod across;
pub mod budget;
pub mod comparison;
pub mod comparison_table;
pub mod confusion;
pub mod curves;
pub mod diagram;
pub mod distribution;
pub mod exhibit;
pub mod figure;
pub mod heat;
pub mod history;
pub mod number;
pub mod page;
pub mod paired;
pub mod plots;
pub mod power;
pub mod rank_test;
pub mod ranking;
pub mod rates;
pub mod results;
#[cfg(test)]
mod scipy;
pub mod selection;
pub mod statistics;
pub mod surface;
pub mod target;
pub mod terminal;
pub mod timing;
pub mod verdict;

use comparison::Comparison;
use curves::Curves;
use exhibit::{Exhibit, Origins};
use history::History;
use ranking::Ranking;
use results::Results;
use selection::Selection;

/// All that is told of one directory of results.
pub struct Report {
    /// What was read.
    pub results: Results,
    /// The configurations against each other.
    pub comparison: Comparison,
    /// The configurations, ranked.
    pub ranking: Ranking,
    /// Which of them are drawn.
    pub selection: Selection,
    /// The columns of the history that are drawn, the compared one first.
    pub columns: Vec<String>,
    /// The curves of each that is drawn.
    pub curves: Vec<Option<Curves>>,
    /// The kept models of those that are drawn, the best first.
    pub exhibits: Vec<Exhibit>,
    /// SHA-256 of the tables, by name.
    pub digests: Vec<(&'static str, String)>,
}

impl Report {
    /// Reads the results in `directory`.
    ///
    /// # Errors
    /// If there are no results, or they are not what a run writes.
    pub fn read(directory: &Path, origins: &Origins<'_>) -> Result<Self, Error> {
        let results = Results::read(directory)?;
        let history = History::read(directory)?;
        let comparison = Comparison::new(&results, || Ok(history.clone()))?;
        let ranking = ranking::rank(&results, &history, comparison.clone());
        let selection = Selection::new(&results, &comparison);
        let columns = curves::columns(&results, &history);
        let drawn = &selection.drawn;
        let curves: Vec<Option<Curves>> = drawn
            .par_iter()
            .map(|drawn| Curves::new(&results, &history, drawn.configuration, &columns))
            .collect();
        let mut by_rank: Vec<usize> = drawn.iter().map(|drawn| drawn.configuration).collect();
        let place = |c: &usize| comparison.ranked.iter().position(|other| other == c);
        by_rank.sort_by_key(place);
        let exhibits = by_rank
            .par_iter()
            .filter_map(|&configuration| exhibit::find(directory, &results, configuration, origins))
            .collect();
        let digests = ["experiment.toml", "runs.csv", "history.csv", "summary.csv"]
            .into_iter()
            .filter_map(|name| {
                let bytes = std::fs::read(directory.join(name)).ok()?;
                let digest = Sha256::digest(bytes);
                Some((
                    name,
                    digest.iter().map(|byte| format!("{byte:02x}")).collect(),
                ))
            })
            .collect();
        Ok(Self {
            results,
            comparison,
            ranking,
            selection,
            columns,
            curves,
            exhibits,
            digests,
        })
    }

    /// The most replicates of any configuration.
    pub fn replicates(&self) -> usize {
        let counts = self.results.configurations.iter().map(|c| c.runs.len());
        counts.max().unwrap_or(0)
    }

    /// A configuration in a few words.
    pub fn name(&self, configuration: usize) -> String {
        let keys = self.comparison.naming_keys(&self.results);
        self.results.label(configuration, &keys)
    }
}

/// Makes from the results in `directory` all that a run leaves behind beside them, and returns
/// what was made.
///
/// # Errors
/// If the results cannot be read, or a file not written.
pub fn write(directory: &Path, origins: &Origins<'_>) -> Result<Made, Error> {
    let report = Report::read(directory, origins)?;
    let comparison = comparison_table::to_csv(&report.results, &report.comparison);
    write_file(&directory.join("comparison.csv"), comparison.as_bytes())?;
    write_file(
        &directory.join("report.html"),
        page::write(&report).as_bytes(),
    )?;
    let mut names = vec!["comparison.csv".to_owned(), "report.html".to_owned()];
    names.extend(plots::write(directory, &report)?);
    Ok(Made {
        files: names,
        ranking: report.ranking,
    })
}

/// What [`write()`] made.
pub struct Made {
    /// The names of the files, with `/`.
    pub files: Vec<String>,
    /// The ranking, for the terminal.
    pub ranking: Ranking,
}

/// Writes a file in one step: a reader finds the old one or the whole new one.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        std::fs::rename(&part, path)
    };
    write().map_err(Error::file("cannot write", path))
}
