//! Histories as TensorBoard's event files, a directory per run: `tensorboard --logdir DIR`.
//!
//! A step is an epoch. TensorBoard's values are f32. The records of its HParams plugin have the
//! swept keys and each run's values, for its table and its parallel coordinates. Replicates are a
//! group, of which it shows the mean.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use self::event_file::EventFile;
use self::hyperparameters::Sweep;
use self::runs::{Run, read_runs};
use super::protobuf::SummaryValue;
use crate::record::whole_file::write_whole;
use problems::Error;

mod event_file;
mod hyperparameters;
mod runs;

/// The name of an event file, which is in a directory of its own.
const FILE: &str = "events.out.tfevents.0.runner";

/// Whether a file has the beginning of this export's event files.
pub(super) fn is_own(bytes: &[u8]) -> bool {
    bytes.starts_with(&EventFile::new().into_bytes())
}

/// Writes an event file for each run of the results, and one for the sweep.
pub(super) fn export(directory: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let (keys, runs) = read_runs(&directory.join("runs.csv"))?;
    let path = directory.join("history.csv");
    let mut reader = super::table(&path)?;
    let header = reader.headers().map_err(super::broken(&path))?.clone();
    // `train_loss` is drawn beside `valid_loss`, since TensorBoard groups by the part before the
    // slash.
    let tags: Vec<(usize, String)> = (0..header.len())
        .filter(|&column| !["run", "epoch", "updates", "samples"].contains(&&header[column]))
        .map(|column| {
            let tag = match header[column].split_once('_') {
                Some((part @ ("train" | "valid"), what)) => format!("{what}/{part}"),
                _ => header[column].to_owned(),
            };
            (column, tag)
        })
        .collect();
    // The learning rate is drawn, but it does not measure a run.
    let measures = tags.iter().map(|(_, tag)| tag.as_str());
    let measures = measures.filter(|tag| tag.contains('/'));
    let sweep = Sweep::new(&keys, &runs, measures);
    let mut files = Files {
        out,
        written: Vec::new(),
    };
    let mut file = EventFile::new();
    file.add(0, vec![sweep.experiment()]);
    files.write(None, file)?;

    // The rows of a run are together, in the order of the runs.
    let of_number: HashMap<&str, usize> = (runs.iter().enumerate())
        .map(|(index, run)| (run.number.as_str(), index))
        .collect();
    let mut row = csv::StringRecord::new();
    let mut more = reader.read_record(&mut row).map_err(super::broken(&path))?;
    let mut next = 0;
    loop {
        let with_rows = match more {
            false => runs.len(),
            true => *of_number.get(&row[0]).ok_or_else(|| {
                let path = path.display();
                Error::Other(format!(
                    "{path} has run {}, which runs.csv does not have",
                    &row[0]
                ))
            })?,
        };
        // A run without rows of history still has its values and its ending.
        while next < with_rows {
            files.write(Some(&runs[next]), sweep.session(&runs[next], |_| 0))?;
            next += 1;
        }
        if !more {
            return Ok(files.written);
        }
        if with_rows < next {
            let path = path.display();
            return Err(Error::Other(format!(
                "the rows of {path} are not in the order of the runs"
            )));
        }
        let mut end = Ok(());
        let file = sweep.session(&runs[next], |file| {
            let mut last = 0;
            while more && row[0] == runs[next].number {
                last = row[1].parse().unwrap_or(0);
                let values = tags.iter().filter_map(|(column, tag)| {
                    let value: f64 = row[*column].parse().ok()?;
                    Some(SummaryValue {
                        tag: tag.clone(),
                        simple_value: Some(value as f32),
                        ..SummaryValue::default()
                    })
                });
                file.add(last, values.collect());
                match reader.read_record(&mut row) {
                    Ok(found) => more = found,
                    Err(cause) => {
                        end = Err(super::broken(&path)(cause));
                        break;
                    }
                }
            }
            last
        });
        end?;
        files.write(Some(&runs[next]), file)?;
        next += 1;
    }
}

/// The files that were written.
struct Files<'a> {
    out: &'a Path,
    written: Vec<PathBuf>,
}

impl Files<'_> {
    /// Writes the file of a run, or the sweep's.
    fn write(&mut self, run: Option<&Run>, file: EventFile) -> Result<(), Error> {
        let directory = match run {
            Some(run) => self.out.join(&run.name),
            None => self.out.to_owned(),
        };
        std::fs::create_dir_all(&directory).map_err(Error::file("cannot make", &directory))?;
        let path = directory.join(FILE);
        write_whole(&path, &file.into_bytes())?;
        self.written.push(path);
        Ok(())
    }
}
