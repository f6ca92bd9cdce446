//! Results in the formats of other programs. The module reads only result files, as
//! [`report`](crate::report) does, and the rows of unfinished runs. The exported bytes depend on
//! these alone.

use std::path::{Path, PathBuf};

use crate::record::UnfinishedRows;
use choices::choices;
use problems::Error;

mod flat;
pub mod onnx;
mod parquet;
mod protobuf;
pub mod tensorboard;

choices! {
    /// A format that results can be had in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ExportFormat {
        /// Each model as <key>.onnx: scaling, network, and probabilities where there are any
        Onnx = "onnx",
        /// The tables as runs.parquet, history.parquet, summary.parquet, comparison.parquet
        Parquet = "parquet",
        /// Each run's history as an event file: tensorboard --logdir OUT
        Tensorboard = "tensorboard",
        /// One table: each row of history with its run's configuration beside it
        Csv = "csv",
    }
}

impl ExportFormat {
    /// Whether these bytes are an export in this format, written by this program.
    pub fn is_own(self, bytes: &[u8]) -> bool {
        match self {
            ExportFormat::Onnx => onnx::is_own(bytes),
            ExportFormat::Parquet => parquet::is_own(bytes),
            ExportFormat::Tensorboard => tensorboard::is_own(bytes),
            ExportFormat::Csv => flat::is_own(bytes),
        }
    }
}

/// The results that are exported.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'a> {
    /// The directory of the result files.
    pub directory: &'a Path,
    /// The rows so far of unfinished runs.
    pub unfinished: &'a UnfinishedRows,
}

/// Writes results as `format` into the directory `out`, which is created if it is missing. Returns
/// the written files.
///
/// # Errors
/// If the results cannot be read, or a file cannot be written.
pub fn export(results: Exported, format: ExportFormat, out: &Path) -> Result<Vec<PathBuf>, Error> {
    std::fs::create_dir_all(out).map_err(Error::file("cannot make", out))?;
    let directory = results.directory;
    match format {
        ExportFormat::Onnx => onnx::export(directory, out),
        ExportFormat::Parquet => parquet::export(directory, out),
        ExportFormat::Tensorboard => tensorboard::export(directory, out),
        ExportFormat::Csv => flat::export(results, out),
    }
}

/// Opens a result table.
fn table(path: &Path) -> Result<csv::Reader<std::fs::File>, Error> {
    let file = std::fs::File::open(path).map_err(Error::file("cannot read", path))?;
    Ok(csv::ReaderBuilder::new()
        .buffer_capacity(1 << 18)
        .from_reader(file))
}

/// The error for a table that cannot be read.
fn broken(path: &Path) -> impl Fn(csv::Error) -> Error + '_ {
    move |cause| Error::Other(format!("cannot read {}: {cause}", path.display()))
}
