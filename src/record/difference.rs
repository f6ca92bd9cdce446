//! The differences between two sets of result files, to the bit.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use safetensors::SafeTensors;
use serde::Serialize;

use crate::language::Language;
use crate::model;
use crate::text;
use problems::Error;

/// The most differences that are listed for one file; further ones are counted.
const LISTED: usize = 10;
/// The most characters of a value that are shown.
const SHOWN: usize = 200;
/// The bytes that are compared at once.
const BLOCK: usize = 1 << 16;

/// A place in which a stored file differs from the one that was made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The path of the file in the directory of results.
    pub file: String,
    /// The place in the file as a person reads it: `run 3, epoch 7, train_loss`.
    pub place: String,
    /// The stored value.
    pub stored: String,
    /// The value that was made again.
    pub again: String,
}

/// The differences of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differences {
    /// The language in which places are named.
    language: Language,
    /// The first differences.
    pub listed: Vec<Difference>,
    /// How many there are.
    pub count: usize,
}

impl Differences {
    /// An empty list, with places in this language.
    pub fn in_language(language: Language) -> Self {
        Self {
            language,
            listed: Vec::new(),
            count: 0,
        }
    }

    /// Counts a difference, and lists it if it is one of the first.
    pub fn add(&mut self, file: &str, place: String, stored: &str, again: &str) {
        self.count += 1;
        if self.listed.len() < LISTED {
            let shown = |value: &str| match value.char_indices().nth(SHOWN) {
                Some((end, _)) => format!("{}…", &value[..end]),
                None => value.to_owned(),
            };
            self.listed.push(Difference {
                file: file.to_owned(),
                place: shown(&place),
                stored: shown(stored),
                again: shown(again),
            });
        }
    }
}

/// Compares the file `name` of the directory `stored` with the one of `again`, and names places in this
/// language.
///
/// # Errors
/// If a file that is there cannot be read.
pub fn compare(
    name: &str,
    stored: &Path,
    again: &Path,
    language: Language,
) -> Result<Differences, Error> {
    let (stored, again) = (stored.join(name), again.join(name));
    let mut differences = Differences::in_language(language);
    match (stored.is_file(), again.is_file()) {
        (true, true) => {}
        (false, false) => return Ok(differences),
        (there, again_there) => {
            let word = |there| match there {
                true => text!(language, "difference-there"),
                false => text!(language, "difference-not-there"),
            };
            let place = text!(language, "difference-file");
            differences.add(name, place, &word(there), &word(again_there));
            return Ok(differences);
        }
    }
    if same_bytes(&stored, &again)? {
        return Ok(differences);
    }
    if name.ends_with(".csv") {
        compare_tables(name, &stored, &again, &mut differences)?;
    } else if name.ends_with(".safetensors") {
        compare_models(name, &read(&stored)?, &read(&again)?, &mut differences);
    } else {
        let (stored, again) = (read(&stored)?, read(&again)?);
        match (str::from_utf8(&stored), str::from_utf8(&again)) {
            (Ok(stored), Ok(again)) => compare_lines(name, stored, again, &mut differences),
            _ => compare_bytes(name, &stored, &again, &mut differences),
        }
    }
    if differences.count == 0 {
        differences.add(name, text!(language, "difference-same"), "", "");
    }
    Ok(differences)
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    data::file_bytes(path).map_err(Error::file("cannot read", path))
}

/// Whether two files have the same bytes.
fn same_bytes(a: &Path, b: &Path) -> Result<bool, Error> {
    let open = |path: &Path| File::open(path).map_err(Error::file("cannot read", path));
    let (mut a_file, mut b_file) = (open(a)?, open(b)?);
    let (mut a_block, mut b_block) = (Vec::new(), Vec::new());
    loop {
        let fill = |file: &mut File, block: &mut Vec<u8>, path: &Path| {
            block.clear();
            let mut part = file.take(BLOCK as u64);
            part.read_to_end(block)
                .map_err(Error::file("cannot read", path))
        };
        fill(&mut a_file, &mut a_block, a)?;
        fill(&mut b_file, &mut b_block, b)?;
        if a_block != b_block {
            return Ok(false);
        }
        if a_block.is_empty() {
            return Ok(true);
        }
    }
}

/// Compares two tables cell by cell. A row is named by its first cell, in a history also by its
/// second.
fn compare_tables(
    name: &str,
    stored: &Path,
    again: &Path,
    differences: &mut Differences,
) -> Result<(), Error> {
    let open = |path: &Path| -> Result<_, Error> {
        let file = File::open(path).map_err(Error::file("cannot read", path))?;
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        Ok(builder.from_reader(BufReader::new(file)))
    };
    let (mut stored_rows, mut again_rows) = (open(stored)?, open(again)?);
    let next = |rows: &mut csv::Reader<BufReader<File>>, row: &mut csv::ByteRecord, path: &Path| {
        let broken = |cause| Error::Other(format!("cannot read {}: {cause}", path.display()));
        rows.read_byte_record(row).map_err(broken)
    };
    let language = differences.language;
    let nothing = text!(language, "difference-nothing");
    let text = |cell: Option<&[u8]>| {
        cell.map_or(nothing.clone(), |cell| {
            String::from_utf8_lossy(cell).into_owned()
        })
    };
    let mut header = csv::ByteRecord::new();
    let (mut stored_row, mut again_row) = (csv::ByteRecord::new(), csv::ByteRecord::new());
    let mut line = 0;
    loop {
        let has_stored = next(&mut stored_rows, &mut stored_row, stored)?;
        let has_again = next(&mut again_rows, &mut again_row, again)?;
        line += 1;
        if line == 1 {
            header = again_row.clone();
        }
        match (has_stored, has_again) {
            (false, false) => return Ok(()),
            (true, true) if stored_row == again_row => continue,
            (true, true) => {}
            (there, again_there) => {
                let word = |there: bool| match there {
                    true => text!(language, "difference-row"),
                    false => text!(language, "difference-no-row"),
                };
                let place = text!(language, "difference-line", line = line);
                differences.add(name, place, &word(there), &word(again_there));
                return Ok(());
            }
        }
        let title = |column: usize| text(header.get(column));
        let named = || format!("{} {}", title(0), text(again_row.get(0)));
        let place = match header.get(1) {
            _ if line == 1 => text!(language, "difference-line", line = line),
            Some(b"epoch") => text!(
                language,
                "difference-line-of-epoch",
                line = line,
                name = named(),
                epoch = text(again_row.get(1))
            ),
            _ => text!(language, "difference-line-of", line = line, name = named()),
        };
        for column in 0..stored_row.len().max(again_row.len()) {
            if stored_row.get(column) != again_row.get(column) {
                let between = text!(language, "list-between");
                let place = format!("{place}{between}{}", text(header.get(column)));
                let (stored, again) = (text(stored_row.get(column)), text(again_row.get(column)));
                differences.add(name, place, &stored, &again);
            }
        }
    }
}

/// Compares two models number by number.
fn compare_models(name: &str, stored: &[u8], again: &[u8], differences: &mut Differences) {
    let language = differences.language;
    let nothing = text!(language, "difference-nothing");
    let (Ok(stored_tensors), Ok(again_tensors)) = (
        SafeTensors::deserialize(stored),
        SafeTensors::deserialize(again),
    ) else {
        differences.add(
            name,
            text!(language, "difference-file"),
            &text!(language, "difference-no-model"),
            &text!(language, "difference-model"),
        );
        return;
    };
    if let (Ok((_, stored)), Ok((_, again))) = (
        SafeTensors::read_metadata(stored),
        SafeTensors::read_metadata(again),
    ) {
        let empty = std::collections::HashMap::new();
        let (stored, again) = (
            stored.metadata().as_ref().unwrap_or(&empty),
            again.metadata().as_ref().unwrap_or(&empty),
        );
        let mut keys: Vec<&String> = stored.keys().chain(again.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let (a, b) = (stored.get(key), again.get(key));
            if a != b {
                let text = |value: Option<&String>| value.unwrap_or(&nothing).clone();
                let place = text!(language, "difference-metadata", key = key);
                differences.add(name, place, &text(a), &text(b));
            }
        }
    }
    let mut names: Vec<String> = stored_tensors
        .names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    names.extend(again_tensors.names().into_iter().map(str::to_owned));
    names.sort();
    names.dedup();
    for tensor in names {
        let (Ok(a), Ok(b)) = (
            stored_tensors.tensor(&tensor),
            again_tensors.tensor(&tensor),
        ) else {
            let word = text!(language, "difference-one-of-both");
            differences.add(name, tensor, &word, &word);
            continue;
        };
        if (a.dtype(), a.shape()) != (b.dtype(), b.shape()) {
            let describe =
                |t: &safetensors::tensor::TensorView| format!("{:?} {:?}", t.dtype(), t.shape());
            differences.add(name, tensor, &describe(&a), &describe(&b));
            continue;
        }
        let (Some(a_values), Some(b_values)) = (
            model::numbers(a.dtype(), a.data()),
            model::numbers(b.dtype(), b.data()),
        ) else {
            continue;
        };
        for (position, (x, y)) in a_values.iter().zip(&b_values).enumerate() {
            if x.to_bits() != y.to_bits() {
                let place = match a.shape() {
                    [_, columns] => {
                        format!("{tensor}[{}, {}]", position / columns, position % columns)
                    }
                    _ => format!("{tensor}[{position}]"),
                };
                differences.add(name, place, &format!("{x:?}"), &format!("{y:?}"));
            }
        }
    }
}

fn compare_lines(name: &str, stored: &str, again: &str, differences: &mut Differences) {
    let language = differences.language;
    let (mut stored, mut again) = (stored.lines(), again.lines());
    for line in 1.. {
        match (stored.next(), again.next()) {
            (None, None) => return,
            (a, b) if a == b => {}
            (Some(a), Some(b)) => {
                let same = a.chars().zip(b.chars());
                let same = same.take_while(|(a, b)| a == b).count();
                let place = match same {
                    0 => text!(language, "difference-line", line = line),
                    same => text!(
                        language,
                        "difference-character",
                        line = line,
                        character = same + 1
                    ),
                };
                differences.add(name, place, from(a, same), from(b, same));
            }
            (a, b) => {
                let nothing = text!(language, "difference-nothing");
                let text = |line: Option<&str>| line.map_or(nothing.clone(), str::to_owned);
                let place = text!(language, "difference-line", line = line);
                differences.add(name, place, &text(a), &text(b));
            }
        }
    }
}

/// The line from shortly before the first character that differs, or the whole line if it is short.
fn from(line: &str, same: usize) -> &str {
    const BEFORE: usize = 8;
    let skipped = if line.len() > SHOWN {
        same.saturating_sub(BEFORE)
    } else {
        0
    };
    let place = line.char_indices().nth(skipped);
    place.map_or("", |(place, _)| &line[place..])
}

/// Compares two binary files: the first byte that differs, and the length of each.
fn compare_bytes(name: &str, stored: &[u8], again: &[u8], differences: &mut Differences) {
    let same = stored.iter().zip(again).take_while(|(a, b)| a == b).count();
    let language = differences.language;
    let byte = |bytes: &[u8]| {
        let byte = match bytes.get(same) {
            Some(byte) => format!("{byte:02x}"),
            None => text!(language, "difference-nothing"),
        };
        text!(
            language,
            "difference-byte-of",
            byte = byte,
            bytes = text!(language, "bytes", bytes = bytes.len())
        )
    };
    let place = text!(language, "difference-byte", place = same + 1);
    differences.add(name, place, &byte(stored), &byte(again));
}
