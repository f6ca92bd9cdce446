//! Histories as TensorBoard's event files, a directory per run: `tensorboard --logdir DIR`.
//!
//! An event file is a sequence of records: the length (u64), its masked CRC-32C (u32), an `Event` in
//! protobuf, its masked CRC-32C (u32), all little-endian. A step is an epoch, and so is the "wall
//! time": the bytes depend on the results alone. TensorBoard's values are f32.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use prost::Message;

use super::protobuf::{Event, Summary, SummaryValue};
use crate::record::whole_file::write_whole;
use problems::Error;

/// Writes an event file for each run of the results.
pub(super) fn export(directory: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let names = run_names(&directory.join("runs.csv"))?;
    let path = directory.join("history.csv");
    let mut reader = super::table(&path)?;
    let header = reader.headers().map_err(super::broken(&path))?.clone();
    // `train_loss` is drawn beside `valid_loss`: TensorBoard groups by what stands before the slash.
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
    let mut written = Vec::new();
    let mut current: Option<(String, Vec<u8>)> = None;
    let mut row = csv::StringRecord::new();
    let mut finish = |run: (String, Vec<u8>)| -> Result<(), Error> {
        let name = names
            .get(&run.0)
            .cloned()
            .unwrap_or_else(|| format!("run-{}", run.0));
        let directory = out.join(name);
        std::fs::create_dir_all(&directory).map_err(Error::file("cannot make", &directory))?;
        let file = directory.join("events.out.tfevents.0.runner");
        write_whole(&file, &run.1)?;
        written.push(file);
        Ok(())
    };
    while reader.read_record(&mut row).map_err(super::broken(&path))? {
        if current.as_ref().is_none_or(|(run, _)| run != &row[0]) {
            let next = (row[0].to_owned(), beginning());
            if let Some(run) = current.replace(next) {
                finish(run)?;
            }
        }
        let Some((_, bytes)) = &mut current else {
            continue;
        };
        let epoch: u32 = row[1].parse().unwrap_or(0);
        let values = tags.iter().filter_map(|(column, tag)| {
            let value: f64 = row[*column].parse().ok()?;
            Some(SummaryValue {
                tag: tag.clone(),
                simple_value: Some(value as f32),
            })
        });
        let event = Event {
            wall_time: epoch.into(),
            step: epoch.into(),
            file_version: None,
            summary: Some(Summary {
                value: values.collect(),
            }),
        };
        put_record(&event.encode_to_vec(), bytes);
    }
    if let Some(run) = current {
        finish(run)?;
    }
    Ok(written)
}

/// The record that every event file begins with.
fn beginning() -> Vec<u8> {
    let event = Event {
        file_version: Some("brain.Event:2".to_owned()),
        ..Event::default()
    };
    let mut bytes = Vec::new();
    put_record(&event.encode_to_vec(), &mut bytes);
    bytes
}

fn put_record(payload: &[u8], bytes: &mut Vec<u8>) {
    let length = (payload.len() as u64).to_le_bytes();
    bytes.extend(length);
    bytes.extend(masked_crc(&length).to_le_bytes());
    bytes.extend(payload);
    bytes.extend(masked_crc(payload).to_le_bytes());
}

/// The format's mask of a CRC-32C: rotated right by 15 bits, plus a constant.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli 1993), a byte at a time with a table.
fn crc32c(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut value = index as u32;
            let mut bit = 0;
            while bit < 8 {
                value = (value >> 1) ^ (0x82f6_3b78 & (value & 1).wrapping_neg());
                bit += 1;
            }
            table[index] = value;
            index += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc: u32, &byte| {
        (crc >> 8) ^ TABLE[usize::from(crc as u8 ^ byte)]
    })
}

/// For each run's number the name of its directory: number, configuration, replicate and fold.
fn run_names(path: &Path) -> Result<HashMap<String, String>, Error> {
    let mut reader = super::table(path)?;
    let header = reader.headers().map_err(super::broken(path))?.clone();
    let end = header.iter().position(|column| column == "replicate");
    let end =
        end.ok_or_else(|| Error::Other(format!("{} has no column replicate", path.display())))?;
    let fold = header.iter().position(|column| column == "fold");
    let mut names = HashMap::new();
    for row in reader.records() {
        let row = row.map_err(super::broken(path))?;
        let mut name = format!("run-{:0>5}", &row[0]);
        for column in 2..end {
            let key = header[column].rsplit('.').next().unwrap_or_default();
            match (key, &row[column]) {
                (_, "") => {}
                ("variant", variant) => name += &format!(" {variant}"),
                (key, value) => name += &format!(" {key}={value}"),
            }
        }
        name += &format!(" r{}", &row[end]);
        if let Some(fold) = fold {
            name += &format!(" f{}", &row[fold]);
        }
        // A name for a directory on every system.
        let allowed = |c: char| {
            if c.is_alphanumeric() || " -_.,=[]+".contains(c) {
                c
            } else {
                '_'
            }
        };
        names.insert(
            row[0].to_owned(),
            name.chars().map(allowed).take(120).collect(),
        );
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_ones_of_the_standard() {
        // RFC 3720, B.4
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
