//! The configurations of one experiment, ranked by their metric; read from `summary.csv`.

use std::path::Path;

use serde::Serialize;

use crate::error::Error;

/// The columns of `summary.csv` that are not keys of the experiment.
const STATISTICS: [&str; 8] = [
    "configuration",
    "metric",
    "replicates",
    "diverged",
    "failed",
    "mean",
    "sd",
    "median",
];

/// One row of `summary.csv`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// The variant's name and the swept values, in the order of the columns.
    pub keys: Vec<String>,
    /// Replicates that have their outcome.
    pub replicates: u64,
    /// How many of them diverged.
    pub diverged: u64,
    /// How many of them failed.
    pub failed: u64,
    /// The mean of the metric over the replicates that neither diverged nor failed.
    pub mean: Option<f64>,
    /// Their standard deviation (n − 1).
    pub sd: Option<f64>,
    /// Their median.
    pub median: Option<f64>,
}

/// The configurations of one experiment, the best first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// `variant`, if there are variants, and the swept keys.
    pub columns: Vec<String>,
    /// What they are ranked by.
    pub metric: String,
    /// Those that diverged or failed in fewer replicates first, then by mean, then in plan order.
    pub rows: Vec<Ranked>,
}

/// Reads the ranking of the results in `directory`.
///
/// # Errors
/// If `summary.csv` is not there or not a summary.
pub fn read(directory: &Path) -> Result<Ranking, Error> {
    let path = directory.join("summary.csv");
    let broken =
        |cause: csv::Error| Error::Other(format!("cannot read {}: {cause}", path.display()));
    let mut reader = csv::Reader::from_path(&path).map_err(broken)?;
    let header = reader.headers().map_err(broken)?.clone();
    let position = |name: &str| {
        header
            .iter()
            .position(|column| column == name)
            .ok_or_else(|| Error::Other(format!("{} has no column {name}", path.display())))
    };
    let [metric, replicates, diverged, failed, mean, sd, median] = [
        position("metric")?,
        position("replicates")?,
        position("diverged")?,
        position("failed")?,
        position("mean")?,
        position("sd")?,
        position("median")?,
    ];
    let keys: Vec<usize> = (0..header.len())
        .filter(|&i| !STATISTICS.contains(&&header[i]))
        .collect();
    let mut ranking = Ranking {
        columns: keys.iter().map(|&i| header[i].to_owned()).collect(),
        metric: String::new(),
        rows: Vec::new(),
    };
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let count = |i: usize| record[i].parse().unwrap_or(0);
        let number = |i: usize| record[i].parse().ok();
        ranking.metric = record[metric].to_owned();
        ranking.rows.push(Ranked {
            keys: keys.iter().map(|&i| record[i].to_owned()).collect(),
            replicates: count(replicates),
            diverged: count(diverged),
            failed: count(failed),
            mean: number(mean),
            sd: number(sd),
            median: number(median),
        });
    }
    ranking.rows.sort_by(|a, b| {
        let lost = |row: &Ranked| row.diverged + row.failed;
        let mean = |row: &Ranked| row.mean.unwrap_or(f64::INFINITY);
        lost(a).cmp(&lost(b)).then(mean(a).total_cmp(&mean(b)))
    });
    Ok(ranking)
}
