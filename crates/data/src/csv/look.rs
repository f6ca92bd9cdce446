//! A table with a dialect that was found from its text, before anything is declared.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::cells::{Records, content};
use super::dialect::{Dialect, Header};
use super::{problems, refuse_foreign, seen, text};
use crate::file;
use ::problems::Problem;

/// A table whose dialect was found from its text.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    text: String,
    dialect: Dialect,
    names: Vec<String>,
}

impl Table {
    /// Reads the table at `path`.
    ///
    /// # Errors
    /// If it cannot be read or decoded, or has no line.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let bytes = file::bytes(path)?;
        refuse_foreign(path, &bytes)?;
        let mut dialect = seen(&bytes);
        let text = match text::decode(path, &bytes, &dialect)? {
            Some(text) => text,
            None => String::from_utf8(bytes).expect("the text was read as UTF-8"),
        };
        let mut cells = Vec::new();
        let mut records = Records::new(&text, dialect.delimiter);
        let Some(first) = records.next(&mut cells) else {
            return Err(Problem::new(format!("{} is empty", path.display())));
        };
        if let Some(malformed) = &first.malformed {
            return Err(problems::malformed(path, &text, &first, malformed));
        }
        let names = match dialect.header {
            Header::None => {
                dialect.names = (1..=cells.len())
                    .map(|column| format!("column{column}"))
                    .collect();
                dialect.names.clone()
            }
            _ => cells
                .iter()
                .map(|cell| content(&text, cell).trim().to_owned())
                .collect(),
        };
        Ok(Self {
            path: path.to_path_buf(),
            text,
            dialect,
            names,
        })
    }

    /// The dialect of the table.
    pub fn dialect(&self) -> &Dialect {
        &self.dialect
    }

    /// The names of the columns, in their order; the name is empty for a column without one.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Calls `see` with each row's number, from 0, and its cells. Returns the number of rows.
    ///
    /// # Errors
    /// If a row cannot be divided into cells, or its number of cells is not that of the columns.
    pub fn rows<'a>(
        &'a self,
        mut see: impl FnMut(usize, &[Cow<'a, str>]),
    ) -> Result<usize, Problem> {
        let mut records = Records::new(&self.text, self.dialect.delimiter);
        let mut cells = Vec::new();
        if self.dialect.header != Header::None {
            records.next(&mut cells);
        }
        let mut row = 0;
        let mut contents = Vec::new();
        while let Some(record) = records.next(&mut cells) {
            if let Some(malformed) = &record.malformed {
                return Err(problems::malformed(
                    &self.path, &self.text, &record, malformed,
                ));
            }
            if cells.len() != self.names.len() {
                return Err(problems::uneven(
                    &self.path,
                    &self.text,
                    &record,
                    &cells,
                    &self.names,
                ));
            }
            contents.clear();
            contents.extend(cells.iter().map(|cell| content(&self.text, cell)));
            see(row, &contents);
            row += 1;
        }
        Ok(row)
    }
}
