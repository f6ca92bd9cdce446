//! Tables as Parquet files, for pandas, Polars, DuckDB, R and Spark.
//!
//! The part of the format that a plain table needs is written here (the Apache Parquet format,
//! 2.10: one data page per column and row group, gzip; its footer in Thrift's compact protocol). A
//! crate for the whole format would double the build time of this program. Texts and whole numbers
//! have a dictionary if their distinct values are few; other columns have plain encoding. Each
//! column of a row group has its least and greatest value and the number of its nulls. An empty
//! cell is a null. Counts are INT64, numbers DOUBLE, and other cells UTF-8 text.

use std::io::Write;
use std::path::{Path, PathBuf};

use self::column::{Cells, INDICES, PLAIN, Pages, RUNS};
use self::kind::Kind;
use self::thrift::{BINARY, INT, STRUCT, Thrift};
use crate::record::whole_file::WholeFile;
use problems::Error;

mod column;
mod kind;
mod thrift;

/// The tables that are exported, if they exist.
const TABLES: [&str; 4] = ["runs", "history", "summary", "comparison"];
/// The rows of a row group.
const GROUP: usize = 1 << 17;
/// The bytes at the beginning and the end of a file.
const MAGIC: &[u8] = b"PAR1";

/// The name of the producer in the files, before its version.
const CREATED_BY: &str = "runner version ";

/// Whether the footer of a file names this program as its producer.
pub(super) fn is_own(bytes: &[u8]) -> bool {
    let Some((rest, length)) = bytes
        .strip_suffix(MAGIC)
        .and_then(|bytes| bytes.split_last_chunk())
    else {
        return false;
    };
    let length = u32::from_le_bytes(*length) as usize;
    let footer = &rest[rest.len().saturating_sub(length)..];
    let mut words = footer.windows(CREATED_BY.len());
    words.any(|word| word == CREATED_BY.as_bytes())
}

/// Writes each table of the results as `<table>.parquet`.
pub(super) fn export(directory: &Path, out: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut written = Vec::new();
    for name in TABLES {
        let source = directory.join(format!("{name}.csv"));
        if source.is_file() {
            let file = out.join(format!("{name}.parquet"));
            convert(&source, &file)?;
            written.push(file);
        }
    }
    if written.is_empty() {
        let directory = directory.display();
        return Err(Error::Other(format!("{directory} holds no tables")));
    }
    Ok(written)
}

fn convert(source: &Path, file: &Path) -> Result<(), Error> {
    let (names, kinds) = columns(source)?;
    let unwritable = || Error::file("cannot write", file);
    let mut writer = std::io::BufWriter::new(WholeFile::create(file)?);
    let mut write = |bytes: &[u8]| writer.write_all(bytes).map_err(unwritable());
    write(MAGIC)?;
    let mut position = MAGIC.len() as i64;
    let mut groups = Vec::new();
    let mut rows = 0;
    let empty = || -> Vec<Cells> { kinds.iter().map(|&kind| Cells::new(kind)).collect() };
    let mut cells = empty();
    let mut reader = super::table(source)?;
    let mut row = csv::StringRecord::new();
    loop {
        let more = reader
            .read_record(&mut row)
            .map_err(super::broken(source))?;
        if more {
            for (cells, cell) in cells.iter_mut().zip(&row) {
                cells.add(cell);
            }
        }
        let count = cells.first().map_or(0, Cells::rows);
        if count > 0 && (count == GROUP || !more) {
            let mut chunks = Vec::new();
            for (cells, &kind) in cells.iter().zip(&kinds) {
                let mut pages = cells.pages().map_err(unwritable())?;
                let bytes = std::mem::take(&mut pages.bytes);
                write(&bytes)?;
                chunks.push(Chunk {
                    kind,
                    offset: position,
                    compressed: bytes.len() as i64,
                    pages,
                });
                position += bytes.len() as i64;
            }
            cells = empty();
            rows += count as i64;
            groups.push((chunks, count as i64));
        }
        if !more {
            break;
        }
    }
    let footer = footer(&names, &kinds, &groups, rows);
    write(&footer)?;
    write(&(footer.len() as u32).to_le_bytes())?;
    write(MAGIC)?;
    let whole = writer.into_inner();
    whole
        .map_err(|cause| unwritable()(cause.into_error()))?
        .finish()
}

/// The names of the columns and the kinds of their cells, which take a first pass over the table.
fn columns(source: &Path) -> Result<(Vec<String>, Vec<Kind>), Error> {
    let mut reader = super::table(source)?;
    let header = reader.headers().map_err(super::broken(source))?;
    let names: Vec<String> = header.iter().map(str::to_owned).collect();
    let mut kinds: Vec<Kind> = names.iter().map(|name| Kind::of(name)).collect();
    let mut row = csv::StringRecord::new();
    while reader
        .read_record(&mut row)
        .map_err(super::broken(source))?
    {
        let cells = kinds.iter_mut().zip(&row);
        for (kind, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            *kind = kind.with(cell);
        }
    }
    Ok((names, kinds))
}

/// The place of a column of a row group in the file.
struct Chunk {
    kind: Kind,
    offset: i64,
    compressed: i64,
    pages: Pages,
}

fn footer(names: &[String], kinds: &[Kind], groups: &[(Vec<Chunk>, i64)], rows: i64) -> Vec<u8> {
    let mut footer = Thrift::default();
    footer.int(1, 1); // the version
    footer.list(2, STRUCT, names.len() + 1);
    footer.element();
    footer.text(4, "schema");
    footer.int(5, names.len() as i64);
    footer.end();
    for (name, &kind) in names.iter().zip(kinds) {
        footer.element();
        footer.int(1, kind.physical());
        footer.int(3, 1); // optional
        footer.text(4, name);
        if kind == Kind::Text {
            footer.int(6, 0); // UTF-8
        }
        footer.end();
    }
    footer.long(3, rows);
    footer.list(4, STRUCT, groups.len());
    for (chunks, count) in groups {
        footer.element();
        footer.list(1, STRUCT, chunks.len());
        for (chunk, name) in chunks.iter().zip(names) {
            put_chunk(&mut footer, chunk, name, *count);
        }
        let sizes = chunks.iter().map(|chunk| chunk.pages.uncompressed);
        footer.long(2, sizes.sum());
        footer.long(3, *count);
        footer.end();
    }
    footer.text(6, &format!("{CREATED_BY}{}", env!("CARGO_PKG_VERSION")));
    // The least and greatest values are in the order of each type.
    footer.list(7, STRUCT, names.len());
    for _ in names {
        footer.element();
        footer.begin(1);
        footer.end();
        footer.end();
    }
    footer.finish()
}

/// Writes the facts about a column of a row group into the footer.
fn put_chunk(footer: &mut Thrift, chunk: &Chunk, name: &str, rows: i64) {
    let pages = &chunk.pages;
    let with_dictionary = pages.dictionary > 0;
    footer.element();
    footer.long(2, chunk.offset);
    footer.begin(3);
    footer.int(1, chunk.kind.physical());
    let encodings = match with_dictionary {
        true => &[PLAIN, RUNS, INDICES][..],
        false => &[PLAIN, RUNS],
    };
    footer.list(2, INT, encodings.len());
    encodings.iter().for_each(|&encoding| footer.item(encoding));
    footer.list(3, BINARY, 1);
    footer.bytes(name.as_bytes());
    footer.int(4, 2); // gzip
    footer.long(5, rows);
    footer.long(6, pages.uncompressed);
    footer.long(7, chunk.compressed);
    footer.long(9, chunk.offset + pages.dictionary);
    if with_dictionary {
        footer.long(11, chunk.offset);
    }
    footer.begin(12);
    footer.long(3, pages.nulls);
    if let Some([low, high]) = &pages.bounds {
        footer.binary(5, high);
        footer.binary(6, low);
    }
    footer.end();
    footer.end();
    footer.end();
}
