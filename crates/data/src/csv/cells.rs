//! The records and cells of delimited text (RFC 4180, with any delimiter), each with its place.
//!
//! A cell in double quotes may contain delimiters, line breaks and doubled quotes. A record ends at
//! a line feed, a carriage return, or both. Empty lines are skipped. Text that the `csv` crate
//! would accept leniently (a quote without its end, text after a closing quote) is a mistake here.

use std::borrow::Cow;
use std::ops::Range;

/// Reads the records of a text, one after the other.
#[derive(Debug, Clone)]
pub(super) struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    position: usize,
    line: usize,
}

/// The place of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The range of bytes in the text, without the line end.
    pub span: Range<usize>,
    /// The number of its first line, from 1.
    pub line: usize,
    /// The reason why it cannot be read, if there is one.
    pub malformed: Option<Malformed>,
}

/// The place of a cell: bytes of the text, including quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// The range of bytes.
    pub range: Range<usize>,
    /// Whether the cell is in quotes.
    pub quoted: bool,
}

/// The reason why a record cannot be read, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Malformed {
    /// A quote without its end; the range goes from the quote to the end of its line.
    Unclosed(Range<usize>),
    /// Text after a closing quote.
    Behind(Range<usize>),
}

impl<'a> Records<'a> {
    /// The records of a text. A byte order mark at its beginning is skipped.
    ///
    /// # Panics
    /// If the delimiter is not an ASCII character.
    pub fn new(text: &'a str, delimiter: char) -> Self {
        Self {
            text,
            delimiter: byte(delimiter),
            position: if text.starts_with('\u{feff}') { 3 } else { 0 },
            line: 1,
        }
    }

    /// The records from a byte on, as if this byte was on line 1.
    pub fn from(text: &'a str, delimiter: char, position: usize) -> Self {
        Self {
            text,
            delimiter: byte(delimiter),
            position,
            line: 1,
        }
    }

    /// The next record, its cells written into `cells`; `None` at the end.
    pub fn next(&mut self, cells: &mut Vec<Span>) -> Option<Record> {
        cells.clear();
        let bytes = self.text.as_bytes();
        while let Some(end) = self.line_end(self.position) {
            self.pass_line_end(end); // An empty line.
        }
        if self.position >= bytes.len() {
            return None;
        }
        let (start, line) = (self.position, self.line);
        let mut malformed = None;
        loop {
            let cell = self.cell(&mut malformed);
            let end = cell.range.end;
            cells.push(cell);
            self.position = end;
            if bytes.get(end) == Some(&self.delimiter) {
                self.position += 1;
                continue;
            }
            if let Some(after) = self.line_end(end) {
                self.pass_line_end(after);
            }
            return Some(Record {
                span: start..end,
                line,
                malformed,
            });
        }
    }

    /// The cell that begins at the position.
    fn cell(&mut self, malformed: &mut Option<Malformed>) -> Span {
        let bytes = self.text.as_bytes();
        let start = self.position;
        if bytes.get(start) != Some(&b'"') {
            return Span {
                range: start..self.bare_end(start),
                quoted: false,
            };
        }
        let mut position = start + 1;
        let mut breaks = 0;
        loop {
            match bytes.get(position) {
                None => {
                    let line = start
                        ..self.text[start..]
                            .find(['\r', '\n'])
                            .map_or(bytes.len(), |length| start + length);
                    malformed.get_or_insert(Malformed::Unclosed(line));
                    break;
                }
                Some(b'"') if bytes.get(position + 1) == Some(&b'"') => position += 2,
                Some(b'"') => {
                    position += 1;
                    break;
                }
                Some(b'\n') => {
                    breaks += 1;
                    position += 1;
                }
                Some(b'\r') => {
                    breaks += usize::from(bytes.get(position + 1) != Some(&b'\n'));
                    position += 1;
                }
                Some(_) => position += 1,
            }
        }
        self.line += breaks;
        let end = self.bare_end(position);
        if !self.text[position..end]
            .trim_matches([' ', '\t'])
            .is_empty()
        {
            malformed.get_or_insert(Malformed::Behind(position..end));
        }
        Span {
            range: start..end,
            quoted: true,
        }
    }

    /// The end of the text from `position` on that has neither a delimiter nor a line end.
    fn bare_end(&self, position: usize) -> usize {
        let rest = &self.text.as_bytes()[position..];
        let length = rest
            .iter()
            .position(|&byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        position + length.unwrap_or(rest.len())
    }

    /// The beginning of the next line, if a line ends at `position`.
    fn line_end(&self, position: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match (bytes.get(position)?, bytes.get(position + 1)) {
            (b'\r', Some(b'\n')) => Some(position + 2),
            (b'\r' | b'\n', _) => Some(position + 1),
            _ => None,
        }
    }

    fn pass_line_end(&mut self, after: usize) {
        self.position = after;
        self.line += 1;
    }
}

/// The byte of a delimiter.
fn byte(delimiter: char) -> u8 {
    u8::try_from(delimiter)
        .ok()
        .filter(u8::is_ascii)
        .expect("the plan promises an ASCII delimiter")
}

/// The content of a cell: without its quotes, or, for a cell without quotes, without spaces around
/// it.
pub(super) fn content<'a>(text: &'a str, cell: &Span) -> Cow<'a, str> {
    let raw = &text[cell.range.clone()];
    if !cell.quoted {
        return Cow::Borrowed(raw.trim_matches([' ', '\t']));
    }
    let inside = raw.trim_end_matches([' ', '\t']);
    let inside = inside.strip_prefix('"').unwrap_or(inside);
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    if inside.contains('"') {
        Cow::Owned(inside.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(inside)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All records, and whether each of them could be read.
    fn read(text: &str) -> (Vec<Vec<String>>, bool) {
        let mut records = Records::new(text, ',');
        let (mut rows, mut cells, mut fine) = (Vec::new(), Vec::new(), true);
        while let Some(record) = records.next(&mut cells) {
            fine &= record.malformed.is_none();
            rows.push(
                cells
                    .iter()
                    .map(|cell| content(text, cell).into_owned())
                    .collect(),
            );
        }
        (rows, fine)
    }

    /// The records that the csv crate reads.
    fn expected(text: &str) -> Vec<Vec<String>> {
        ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn whatever_is_well_formed_is_read_as_the_csv_crate_reads_it(text in "[ab,\"\r\n€]{0,40}") {
            let (rows, fine) = read(&text);
            if fine {
                prop_assert_eq!(rows, expected(&text));
            }
        }

        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[a-c,\"\r\n é1]{0,6}", 3), 1..6),
            crlf: bool,
        ) {
            let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
            let mut writer = ::csv::WriterBuilder::new()
                .terminator(terminator)
                .quote_style(::csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let (read_rows, fine) = read(&text);
            prop_assert!(fine);
            prop_assert_eq!(read_rows, rows);
        }

        #[test]
        fn lines_are_counted_as_an_editor_counts_them(text in "[a,\"\r\n]{0,40}") {
            let mut records = Records::new(&text, ',');
            let mut cells = Vec::new();
            while let Some(record) = records.next(&mut cells) {
                let before = text[..record.span.start].replace("\r\n", "\n").replace('\r', "\n");
                prop_assert_eq!(record.line, before.matches('\n').count() + 1);
            }
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_cell() {
        assert_eq!(read("\u{feff}\"a\",b\r\n1,2").0, [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn blanks_around_a_bare_cell_are_no_part_of_it() {
        assert_eq!(
            read("a, b \n \"c\",\" d \" ").0,
            [["a", "b"], ["\"c\"", " d "]]
        );
    }
}
