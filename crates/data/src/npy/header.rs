//! The header of an array: the type of its elements, their order, and its shape.
//!
//! An `.npy` begins with `\x93NUMPY`, two bytes of version, and the length of the header in two
//! bytes (version 1) or four bytes (versions 2 and 3), little-endian. The header is a dictionary in
//! Python's syntax, and ends with a new line.
//! Source: `numpy.lib.format`.

use std::io::{self, Read};

/// The first bytes of an `.npy`.
pub(super) const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// The most bytes of a header, which is also the limit of NumPy's reader.
const LONGEST: u64 = 10_000;

/// The contents of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The type of the elements in NumPy's description: `<f8`, or the beginning of a list of
    /// fields.
    pub descriptor: String,
    /// Whether the first index changes fastest from element to element.
    pub fortran: bool,
    /// The length of each dimension.
    pub shape: Vec<usize>,
}

/// The reason why there is no header.
#[derive(Debug)]
pub(super) enum Fault {
    /// The bytes cannot be read.
    Io(io::Error),
    /// The bytes end within the header.
    Short,
    /// The bytes are not those of an array.
    Malformed(String),
}

impl From<io::Error> for Fault {
    fn from(cause: io::Error) -> Self {
        match cause.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Short,
            _ => Fault::Io(cause),
        }
    }
}

impl Header {
    /// Reads a header, and leaves the reader at the first element. The bytes read are added to
    /// `length`.
    pub fn read(reader: &mut impl Read, length: &mut u64) -> Result<Self, Fault> {
        let mut start = [0; 8];
        reader.read_exact(&mut start).map_err(|cause| match cause {
            cause if cause.kind() == io::ErrorKind::UnexpectedEof => {
                Fault::Malformed("it does not start as one".to_owned())
            }
            cause => Fault::Io(cause),
        })?;
        if start[..6] != MAGIC {
            return Err(Fault::Malformed("it does not start as one".to_owned()));
        }
        let mut size = [0; 4];
        let width = match start[6..] {
            [1, 0] => 2,
            [2 | 3, 0] => 4,
            _ => {
                let [.., major, minor] = start;
                return Err(Fault::Malformed(format!(
                    "version {major}.{minor} of the format is unknown; 1.0, 2.0 and 3.0 are known"
                )));
            }
        };
        reader.read_exact(&mut size[..width])?;
        let size = u64::from(u32::from_le_bytes(size));
        if size > LONGEST {
            return Err(Fault::Malformed(format!(
                "its header claims {size} bytes; NumPy reads at most {LONGEST}"
            )));
        }
        let mut text = vec![0; size as usize];
        reader.read_exact(&mut text)?;
        *length = start.len() as u64 + width as u64 + size;
        let text = String::from_utf8_lossy(&text);
        Dictionary(&text)
            .header()
            .ok_or_else(|| Fault::Malformed("its header is not as NumPy writes it".to_owned()))
    }
}

/// The rest of a dictionary's text.
struct Dictionary<'a>(&'a str);

impl<'a> Dictionary<'a> {
    /// The header of the dictionary; `None` if it does not have NumPy's form.
    fn header(mut self) -> Option<Header> {
        let (mut descriptor, mut fortran, mut shape) = (None, None, None);
        self.mark('{')?;
        while self.mark('}').is_none() {
            let key = self.text()?;
            self.mark(':')?;
            match key {
                "descr" => match self.text() {
                    Some(text) => descriptor = Some(text.to_owned()),
                    // The fields of a record are a list, which is not read.
                    None if self.mark('[').is_some() => {
                        return Some(Header {
                            descriptor: "[".to_owned(),
                            fortran: false,
                            shape: Vec::new(),
                        });
                    }
                    None => return None,
                },
                "fortran_order" => {
                    fortran = Some(match self.word() {
                        "True" => true,
                        "False" => false,
                        _ => return None,
                    });
                }
                "shape" => shape = Some(self.sizes()?),
                _ => return None,
            }
            if self.mark(',').is_none() {
                self.mark('}')?;
                break;
            }
        }
        match self.0.trim() {
            "" => Some(Header {
                descriptor: descriptor?,
                fortran: fortran?,
                shape: shape?,
            }),
            _ => None,
        }
    }

    /// Takes this character, if it is the next one.
    fn mark(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(mark)?;
        Some(())
    }

    /// Takes a text in quotes.
    fn text(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let quote = text.chars().next().filter(|c| ['\'', '"'].contains(c))?;
        let (text, rest) = text[1..].split_once(quote)?;
        self.0 = rest;
        Some(text)
    }

    /// Takes a word or a number, which may be empty.
    fn word(&mut self) -> &'a str {
        let text = self.0.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric());
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        word
    }

    /// Takes a tuple of sizes: `()`, `(3,)`, `(3, 4)`.
    fn sizes(&mut self) -> Option<Vec<usize>> {
        let mut sizes = Vec::new();
        self.mark('(')?;
        while self.mark(')').is_none() {
            // Python 2 wrote an L after a long number.
            sizes.push(self.word().trim_end_matches('L').parse().ok()?);
            if self.mark(',').is_none() {
                self.mark(')')?;
                break;
            }
        }
        Some(sizes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Header> {
        Dictionary(text).header()
    }

    #[test]
    fn a_header_is_read_as_numpy_writes_it() {
        let written = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }    \n";
        let header = Header {
            descriptor: "<f8".to_owned(),
            fortran: false,
            shape: vec![3, 4],
        };
        assert_eq!(read(written), Some(header.clone()));
        let other = r#"{"shape":(3L,4L),"fortran_order":False,"descr":"<f8"}"#;
        assert_eq!(read(other), Some(header));
        let shape = |text: &str| {
            let text = format!("{{'descr': '|u1', 'fortran_order': True, 'shape': {text}}}");
            read(&text).map(|header| header.shape)
        };
        assert_eq!(shape("()"), Some(vec![]));
        assert_eq!(shape("(5,)"), Some(vec![5]));
        for wrong in [
            "",
            "(",
            "(,)",
            "(-1,)",
            "(1.5,)",
            "(1",
            "(99999999999999999999,)",
            "3",
        ] {
            assert_eq!(shape(wrong), None, "{wrong}");
        }
        let record = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }\n";
        assert_eq!(read(record).expect("it is a record").descriptor, "[");
    }

    #[test]
    fn a_header_that_nests_is_refused_at_once() {
        for open in ["{", "[", "("] {
            let text = format!("{{'descr': {}", open.repeat(9_000));
            let header = read(&text);
            assert!(header.is_none_or(|header| header.descriptor == "["));
        }
    }

    #[test]
    fn a_header_of_four_gigabytes_is_refused_before_it_is_read() {
        let bytes = [&MAGIC[..], &[2, 0, 255, 255, 255, 255], b"{'descr'"].concat();
        let fault = Header::read(&mut bytes.as_slice(), &mut 0).unwrap_err();
        assert!(matches!(fault, Fault::Malformed(text) if text.contains("4294967295")));
    }
}
