//! A frame of the journal: its header in bytes, and the search for the next one in a file.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

/// The first bytes of every frame, which occur in no UTF-8 text.
pub const MARK: [u8; 4] = [0xf5, 0x9a, 0xc3, 0x0e];
/// The bytes of a header, which precede the frame's payload.
pub(super) const HEADER: usize = 24;

/// The header of a frame, which precedes its payload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub number: u32,
    pub size: u64,
    pub checksum: u32,
}

impl Header {
    /// The header's bytes in the file.
    pub fn bytes(self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(&MARK);
        bytes[4..8].copy_from_slice(&self.number.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.size.to_le_bytes());
        let own = crc32fast::hash(&bytes[..16]);
        bytes[16..20].copy_from_slice(&own.to_le_bytes());
        bytes[20..].copy_from_slice(&self.checksum.to_le_bytes());
        bytes
    }

    /// The header in these bytes, if they are one.
    pub fn read(bytes: &[u8; HEADER]) -> Option<Self> {
        let word = |at: usize| {
            let four = bytes[at..at + 4].try_into().expect("four bytes");
            u32::from_le_bytes(four)
        };
        if bytes[..4] != MARK || crc32fast::hash(&bytes[..16]) != word(16) {
            return None;
        }
        Some(Self {
            number: word(4),
            size: u64::from_le_bytes(bytes[8..16].try_into().expect("eight bytes")),
            checksum: word(20),
        })
    }
}

/// A reader that looks for frames.
pub(super) struct Search<'a> {
    pub reader: BufReader<&'a File>,
    /// The place of the reader in the file.
    pub at: u64,
    pub length: u64,
}

impl Search<'_> {
    /// The next valid header whose payload fits into the file. The reader then stands after the
    /// header.
    pub fn next_header(&mut self) -> std::io::Result<Option<Header>> {
        while self.at + (HEADER as u64) < self.length {
            let start = self.at;
            let mut bytes = [0; HEADER];
            self.reader.read_exact(&mut bytes)?;
            self.at += HEADER as u64;
            if let Some(header) = Header::read(&bytes)
                && header.size <= self.length - self.at
            {
                return Ok(Some(header));
            }
            self.seek(start + 1)?;
            self.skip_to_mark()?;
        }
        Ok(None)
    }

    /// Moves to the next byte that could be the first one of a frame.
    fn skip_to_mark(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.at = self.length;
                return Ok(());
            }
            let first = buffer.iter().position(|&byte| byte == MARK[0]);
            let count = first.unwrap_or(buffer.len());
            self.reader.consume(count);
            self.at += count as u64;
            if first.is_some() {
                return Ok(());
            }
        }
    }

    /// Moves to this byte of the file.
    pub fn seek(&mut self, place: u64) -> std::io::Result<()> {
        let step = place as i64 - self.at as i64;
        self.reader.seek_relative(step)?;
        self.at = place;
        Ok(())
    }

    /// Reads the payload of a header. Returns whether it is what was written.
    pub fn read(&mut self, header: &Header, payload: &mut Vec<u8>) -> std::io::Result<bool> {
        payload.clear();
        let mut part = self.reader.by_ref().take(header.size);
        part.read_to_end(payload)?;
        self.at += payload.len() as u64;
        // The payload is shorter if the file was cut while it was read.
        Ok(payload.len() as u64 == header.size && crc32fast::hash(payload) == header.checksum)
    }
}
