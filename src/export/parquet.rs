//! Tables as Parquet files, for pandas, Polars, DuckDB, R and Spark.
//!
//! The part of the format that a plain table needs is written here (the Apache Parquet format, 2.10:
//! one data page per column and row group, plain encoding, gzip; its footer in Thrift's compact
//! protocol): a crate for all of it would double the time to build this program. An empty cell is a
//! null. Counts are INT64, numbers DOUBLE, all else UTF-8 text.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::record::whole_file::WholeFile;
use problems::Error;

/// The tables that are exported where they are there.
const TABLES: [&str; 4] = ["runs", "history", "summary", "comparison"];
/// Columns of whole numbers.
const COUNTS: [&str; 21] = [
    "run",
    "replicate",
    "fold",
    "seed",
    "epochs",
    "updates",
    "kept_epoch",
    "epoch",
    "samples",
    "best_epoch",
    "configuration",
    "configuration_a",
    "configuration_b",
    "replicates",
    "folds",
    "diverged",
    "exploded",
    "failed",
    "pairs",
    "wins_a",
    "wins_b",
];
/// Columns of texts, whatever they look like.
const TEXTS: [&str; 13] = [
    "key",
    "variant",
    "status",
    "reason",
    "metric",
    "question",
    "basis",
    "by",
    "test",
    "verdict",
    "a",
    "b",
    "effect_name",
];
/// Rows of a row group.
const GROUP: usize = 1 << 17;
/// What a file begins and ends with.
const MAGIC: &[u8] = b"PAR1";

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

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnType {
    Count,
    Number,
    Text,
}

impl ColumnType {
    /// The format's number of the type.
    fn physical(self) -> i32 {
        match self {
            ColumnType::Count => 2,
            ColumnType::Number => 5,
            ColumnType::Text => 6,
        }
    }
}

fn convert(source: &Path, file: &Path) -> Result<(), Error> {
    let (names, types) = columns(source)?;
    let unwritable = || Error::file("cannot write", file);
    let mut writer = std::io::BufWriter::new(WholeFile::create(file)?);
    let mut offset = 0;
    let mut write = |bytes: &[u8]| -> Result<(), Error> {
        offset += bytes.len() as i64;
        writer.write_all(bytes).map_err(unwritable())
    };
    write(MAGIC)?;
    let mut position = MAGIC.len() as i64;
    let mut groups = Vec::new();
    let mut rows = 0;
    let mut cells: Vec<Cells> = types.iter().map(|_| Cells::default()).collect();
    let mut reader = super::table(source)?;
    let mut row = csv::StringRecord::new();
    loop {
        let more = reader
            .read_record(&mut row)
            .map_err(super::broken(source))?;
        if more {
            for ((cells, cell), &column_type) in cells.iter_mut().zip(&row).zip(&types) {
                cells.add(cell, column_type);
            }
        }
        let count = cells.first().map_or(0, |cells| cells.levels.len());
        if count > 0 && (count == GROUP || !more) {
            let mut chunks = Vec::new();
            for (cells, &column_type) in cells.iter_mut().zip(&types) {
                let (page, uncompressed) = cells.page().map_err(unwritable())?;
                write(&page)?;
                chunks.push(Chunk {
                    column_type,
                    offset: position,
                    compressed: page.len() as i64,
                    uncompressed,
                });
                position += page.len() as i64;
                *cells = Cells::default();
            }
            rows += count as i64;
            groups.push((chunks, count as i64));
        }
        if !more {
            break;
        }
    }
    let footer = footer(&names, &types, &groups, rows);
    write(&footer)?;
    write(&(footer.len() as u32).to_le_bytes())?;
    write(MAGIC)?;
    let whole = writer.into_inner();
    whole
        .map_err(|cause| unwritable()(cause.into_error()))?
        .finish()
}

/// The columns' names, and what their cells are: found in a first pass.
fn columns(source: &Path) -> Result<(Vec<String>, Vec<ColumnType>), Error> {
    let mut reader = super::table(source)?;
    let header = reader.headers().map_err(super::broken(source))?;
    let names: Vec<String> = header.iter().map(str::to_owned).collect();
    let mut types: Vec<ColumnType> = names
        .iter()
        .map(|name| match name.as_str() {
            name if COUNTS.contains(&name) => ColumnType::Count,
            name if TEXTS.contains(&name) => ColumnType::Text,
            _ => ColumnType::Number,
        })
        .collect();
    let mut row = csv::StringRecord::new();
    while reader
        .read_record(&mut row)
        .map_err(super::broken(source))?
    {
        for (column_type, cell) in types
            .iter_mut()
            .zip(&row)
            .filter(|(_, cell)| !cell.is_empty())
        {
            if *column_type == ColumnType::Count && cell.parse::<i64>().is_err() {
                *column_type = ColumnType::Number;
            }
            if *column_type == ColumnType::Number && cell.parse::<f64>().is_err() {
                *column_type = ColumnType::Text;
            }
        }
    }
    Ok((names, types))
}

/// The cells of a column in one row group.
#[derive(Default)]
struct Cells {
    /// For each row whether there is a value.
    levels: Vec<bool>,
    /// The values in plain encoding.
    values: Vec<u8>,
}

impl Cells {
    fn add(&mut self, cell: &str, column_type: ColumnType) {
        self.levels.push(!cell.is_empty());
        if cell.is_empty() {
            return;
        }
        let promise = "the first pass has seen that every cell is of this type";
        match column_type {
            ColumnType::Count => self
                .values
                .extend(cell.parse::<i64>().expect(promise).to_le_bytes()),
            ColumnType::Number => self
                .values
                .extend(cell.parse::<f64>().expect(promise).to_le_bytes()),
            ColumnType::Text => {
                self.values.extend((cell.len() as u32).to_le_bytes());
                self.values.extend(cell.as_bytes());
            }
        }
    }

    /// The page with its header, and its bytes before compression (with the header).
    fn page(&self) -> std::io::Result<(Vec<u8>, i64)> {
        // Definition levels: runs of equal levels, each a varint of twice its length and the level.
        let mut levels = Vec::new();
        for run in self.levels.chunk_by(|a, b| a == b) {
            put_varint((run.len() as u64) << 1, &mut levels);
            levels.push(u8::from(run[0]));
        }
        let mut body = (levels.len() as u32).to_le_bytes().to_vec();
        body.extend(levels);
        body.extend(&self.values);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&body)?;
        let compressed = encoder.finish()?;

        let mut header = Thrift::default();
        header.int(1, 0); // a data page
        header.int(2, body.len() as i64);
        header.int(3, compressed.len() as i64);
        header.begin(5);
        header.int(1, self.levels.len() as i64);
        header.int(2, 0); // values: plain
        header.int(3, 3); // definition levels: runs
        header.int(4, 3); // repetition levels: there are none
        header.end();
        let mut page = header.finish();
        let uncompressed = (page.len() + body.len()) as i64;
        page.extend(compressed);
        Ok((page, uncompressed))
    }
}

/// Where a column of a row group stands in the file.
struct Chunk {
    column_type: ColumnType,
    offset: i64,
    compressed: i64,
    uncompressed: i64,
}

fn footer(
    names: &[String],
    types: &[ColumnType],
    groups: &[(Vec<Chunk>, i64)],
    rows: i64,
) -> Vec<u8> {
    let mut footer = Thrift::default();
    footer.int(1, 1); // the version
    footer.list(2, STRUCT, names.len() + 1);
    footer.element();
    footer.text(4, "schema");
    footer.int(5, names.len() as i64);
    footer.end();
    for (name, &column_type) in names.iter().zip(types) {
        footer.element();
        footer.int(1, column_type.physical().into());
        footer.int(3, 1); // optional
        footer.text(4, name);
        if column_type == ColumnType::Text {
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
            footer.element();
            footer.long(2, chunk.offset);
            footer.begin(3);
            footer.int(1, chunk.column_type.physical().into());
            footer.list(2, INT, 2);
            footer.item(0); // plain
            footer.item(3); // runs
            footer.list(3, BINARY, 1);
            footer.bytes(name.as_bytes());
            footer.int(4, 2); // gzip
            footer.long(5, *count);
            footer.long(6, chunk.uncompressed);
            footer.long(7, chunk.compressed);
            footer.long(9, chunk.offset);
            footer.end();
            footer.end();
        }
        footer.long(2, chunks.iter().map(|chunk| chunk.uncompressed).sum());
        footer.long(3, *count);
        footer.end();
    }
    footer.text(6, concat!("runner version ", env!("CARGO_PKG_VERSION")));
    footer.finish()
}

/// Thrift's numbers of types.
const INT: u8 = 5;
const LONG: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A structure in Thrift's compact protocol.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    /// The last field's number in this structure, and in those around it.
    last: i16,
    around: Vec<i16>,
}

impl Thrift {
    fn field(&mut self, number: i16, kind: u8) {
        let step = number - self.last;
        debug_assert!(
            (1..16).contains(&step),
            "fields are written in rising order"
        );
        self.bytes.push(((step as u8) << 4) | kind);
        self.last = number;
    }

    fn int(&mut self, number: i16, value: i64) {
        self.field(number, INT);
        self.item(value);
    }

    fn long(&mut self, number: i16, value: i64) {
        self.field(number, LONG);
        self.item(value);
    }

    fn text(&mut self, number: i16, value: &str) {
        self.field(number, BINARY);
        self.bytes(value.as_bytes());
    }

    fn list(&mut self, number: i16, kind: u8, length: usize) {
        self.field(number, LIST);
        if length < 15 {
            self.bytes.push(((length as u8) << 4) | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            put_varint(length as u64, &mut self.bytes);
        }
    }

    /// A whole number, zigzag.
    fn item(&mut self, value: i64) {
        put_varint(((value << 1) ^ (value >> 63)) as u64, &mut self.bytes);
    }

    fn bytes(&mut self, value: &[u8]) {
        put_varint(value.len() as u64, &mut self.bytes);
        self.bytes.extend(value);
    }

    /// A structure as a field.
    fn begin(&mut self, number: i16) {
        self.field(number, STRUCT);
        self.element();
    }

    /// A structure as an element of a list.
    fn element(&mut self) {
        self.around.push(std::mem::take(&mut self.last));
    }

    fn end(&mut self) {
        self.bytes.push(0);
        self.last = self.around.pop().expect("every structure was begun");
    }

    fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn put_varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}
