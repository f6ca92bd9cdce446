//! Files of other programs that a person may take for a table or an experiment, recognised by their
//! first bytes.

use std::io::Read;
use std::path::Path;

/// The first bytes of a kind of file, its name, and the way to turn it into a table.
const STARTS: [(&[u8], &str, &str); 12] = [
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a workbook of an old Excel (.xls)",
        WORKBOOK,
    ),
    (b"PAR1", "a Parquet file", PARQUET),
    (b"ARROW1", "an Arrow or Feather file", PARQUET),
    (
        b"%PDF",
        "a PDF",
        "a table must be written out as text, a row on each line",
    ),
    (
        b"\x89HDF\r\n\x1a\n",
        "an HDF5 file",
        "pandas.read_hdf(file).to_csv(\"data.csv\", index=False) makes a table of it",
    ),
    (
        b"SQLite format 3",
        "an SQLite database",
        "sqlite3 -header -csv FILE \"SELECT * FROM name\" makes a table of it",
    ),
    (
        b"\x89PNG",
        "a picture",
        "images are read as arrays (.npy) or in the IDX format",
    ),
    (
        b"\xff\xd8\xff",
        "a picture",
        "images are read as arrays (.npy) or in the IDX format",
    ),
    (b"\x80\x04\x95", "a Python pickle", PICKLE),
    (b"\x80\x05\x95", "a Python pickle", PICKLE),
    (
        b"BZh",
        "compressed with bzip2",
        "decompress it, or compress it with gzip",
    ),
    (
        b"\xfd7zXZ\x00",
        "compressed with xz",
        "decompress it, or compress it with gzip",
    ),
];

const WORKBOOK: &str = "save it as \"CSV UTF-8\" there, or with pandas: \
                        pandas.read_excel(file).to_csv(\"data.csv\", index=False)";
const PARQUET: &str =
    "pandas.read_parquet(file).to_csv(\"data.csv\", index=False) makes a table of it";
const PICKLE: &str =
    "pandas.read_pickle(file).to_csv(\"data.csv\", index=False) makes a table of it";

/// The number of bytes that are enough to recognise a file.
const ENOUGH: usize = 4096;

/// The name of another program's file with these bytes, and the way to turn it into a table.
pub(super) fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let start = &bytes[..bytes.len().min(ENOUGH)];
    let found = STARTS.iter().find(|(bytes, _, _)| start.starts_with(bytes));
    if let Some((_, what, advice)) = found {
        return Some((what, advice));
    }
    let holds = |text: &[u8]| start.windows(text.len()).any(|window| window == text);
    if start.starts_with(b"PK\x03\x04") {
        return Some(if holds(b"opendocument.spreadsheet") {
            ("a spreadsheet (.ods)", WORKBOOK)
        } else if holds(b"[Content_Types].xml") || holds(b"xl/") {
            ("an Excel workbook (.xlsx)", WORKBOOK)
        } else {
            ("a ZIP archive", "unpack it, and name the table in it")
        });
    }
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let lower = text.get(..text.len().min(16)).unwrap_or("").to_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some((
            "a web page (HTML)",
            "it may be a page that stood in the file's place; download the file itself",
        ));
    }
    let json = ["{\"", "[{\"", "[{", "[["];
    let blank = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(3)
        .collect::<String>();
    json.iter()
        .any(|start| blank.starts_with(start))
        .then_some((
            "JSON",
            "pandas.read_json(file).to_csv(\"data.csv\", index=False) makes a table of it",
        ))
}

/// The name of another program's file at `path`, and the way to turn it into a table.
pub fn foreign_file(path: &Path) -> Option<(&'static str, &'static str)> {
    let mut start = Vec::new();
    let file = super::file::open_now(path).ok()?;
    file.take(ENOUGH as u64).read_to_end(&mut start).ok()?;
    foreign(&start)
}
