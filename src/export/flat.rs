//! One table for spreadsheets and plotting programs: each row of `history.csv` with its run's
//! variant, swept values, replicate, seed and status beside it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::record::whole_file::WholeFile;
use problems::Error;

/// Whether a file's first line is that of this export.
pub(super) fn is_own(bytes: &[u8]) -> bool {
    let header = bytes
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let header = String::from_utf8_lossy(header);
    header.starts_with("run,") && header.contains(",epoch,updates,samples,")
}

/// Writes `history_with_configurations.csv`.
pub(super) fn export(directory: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let runs_path = directory.join("runs.csv");
    let mut runs = super::table(&runs_path)?;
    let header = runs
        .byte_headers()
        .map_err(super::broken(&runs_path))?
        .clone();
    let end = header.iter().position(|column| column == b"epochs");
    let end =
        end.ok_or_else(|| Error::Other(format!("{} has no column epochs", runs_path.display())))?;
    // All columns from the variant to the status.
    let kept = 2..end;
    let mut configurations: HashMap<Vec<u8>, csv::ByteRecord> = HashMap::new();
    for row in runs.byte_records() {
        let row = row.map_err(super::broken(&runs_path))?;
        let cells = kept
            .clone()
            .map(|column| row.get(column).unwrap_or_default());
        configurations.insert(row[0].to_vec(), cells.collect());
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
    let mut row = csv::ByteRecord::new();
    while history
        .read_byte_record(&mut row)
        .map_err(super::broken(&path))?
    {
        let Some(configuration) = configurations.get(&row[0]) else {
            return Err(Error::Other(format!(
                "{} has run {}, which runs.csv does not have",
                path.display(),
                String::from_utf8_lossy(&row[0])
            )));
        };
        put(&row[0], configuration, &row)?;
    }
    writer
        .into_inner()
        .map_err(|cause| Error::file("cannot write", &file)(cause.into_error()))?
        .finish()?;
    Ok(vec![file])
}
