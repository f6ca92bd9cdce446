//! The export as one table for spreadsheets and plotting programs: each row of `history.csv` with
//! its run's variant, swept values, replicate, seed and status beside it. The rows of unfinished
//! runs come last, with the status `unfinished`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Exported;
use crate::record::whole_file::WholeFile;
use problems::Error;

/// Whether the first line of a file is that of this export.
pub(super) fn is_own(bytes: &[u8]) -> bool {
    let header = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let header = String::from_utf8_lossy(header);
    header.starts_with("run,") && header.contains(",epoch,updates,samples,")
}

/// Writes `history_with_configurations.csv`.
pub(super) fn export(results: Exported, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let directory = results.directory;
    let runs_path = directory.join("runs.csv");
    let mut runs = super::table(&runs_path)?;
    let header = runs
        .byte_headers()
        .map_err(super::broken(&runs_path))?
        .clone();
    let end = header.iter().position(|column| column == b"epochs");
    let end =
        end.ok_or_else(|| Error::Other(format!("{} has no column epochs", runs_path.display())))?;
    // These are all columns from the variant to the status.
    let kept = 2..end;
    let cells = |row: &csv::ByteRecord| -> csv::ByteRecord {
        let cell = |column| row.get(column).unwrap_or_default();
        kept.clone().map(cell).collect()
    };
    let mut configurations: HashMap<Vec<u8>, csv::ByteRecord> = HashMap::new();
    let mut unfinished = lines(&results.unfinished.runs);
    for row in runs.byte_records().chain(unfinished.byte_records()) {
        let row = row.map_err(super::broken(&runs_path))?;
        configurations.insert(row[0].to_vec(), cells(&row));
    }

    let path = directory.join("history.csv");
    let mut history = super::table(&path)?;
    let file = out.join("history_with_configurations.csv");
    let unwritable =
        |cause: csv::Error| Error::Other(format!("cannot write {}: {cause}", file.display()));
    let mut writer = csv::Writer::from_writer(WholeFile::create(&file)?);
    let names = history
        .byte_headers()
        .map_err(super::broken(&path))?
        .clone();
    let mut put = |run: &[u8], middle: &csv::ByteRecord, rest: &csv::ByteRecord| {
        let row = std::iter::once(run)
            .chain(middle.iter())
            .chain(rest.iter().skip(1));
        writer.write_record(row).map_err(unwritable)
    };
    let middle = kept.clone().map(|column| &header[column]).collect();
    put(b"run", &middle, &names)?;
    let configuration_of = |row: &csv::ByteRecord| {
        configurations.get(&row[0]).ok_or_else(|| {
            Error::Other(format!(
                "{} has run {}, which runs.csv does not have",
                path.display(),
                String::from_utf8_lossy(&row[0])
            ))
        })
    };
    let mut row = csv::ByteRecord::new();
    while history
        .read_byte_record(&mut row)
        .map_err(super::broken(&path))?
    {
        put(&row[0], configuration_of(&row)?, &row)?;
    }
    for row in lines(&results.unfinished.history).byte_records() {
        let row = row.map_err(super::broken(&path))?;
        put(&row[0], configuration_of(&row)?, &row)?;
    }
    writer
        .into_inner()
        .map_err(|cause| Error::file("cannot write", &file)(cause.into_error()))?
        .finish()?;
    Ok(vec![file])
}

/// Lines of a table without its header.
fn lines(text: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text)
}
