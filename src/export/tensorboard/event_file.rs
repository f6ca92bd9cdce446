//! Event files: a sequence of records. A record has a length (u64), its masked CRC-32C (u32), an
//! `Event` in protobuf and the masked CRC-32C of that (u32), all little-endian.

use prost::Message;

use crate::export::protobuf::{Event, Summary, SummaryValue};

/// The bytes of an event file.
pub(super) struct EventFile {
    bytes: Vec<u8>,
}

impl EventFile {
    /// A file with the record that begins every event file.
    pub(super) fn new() -> Self {
        let mut file = Self { bytes: Vec::new() };
        file.push(&Event {
            file_version: Some("brain.Event:2".to_owned()),
            ..Event::default()
        });
        file
    }

    /// Appends the values of one step. The "wall time" is the step too, so that the bytes depend on
    /// the results alone.
    pub(super) fn add(&mut self, step: u32, values: Vec<SummaryValue>) {
        self.push(&Event {
            wall_time: step.into(),
            step: step.into(),
            file_version: None,
            summary: Some(Summary { value: values }),
        });
    }

    /// The bytes of the whole file.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn push(&mut self, event: &Event) {
        let payload = event.encode_to_vec();
        let length = (payload.len() as u64).to_le_bytes();
        self.bytes.extend(length);
        self.bytes.extend(masked_crc(&length).to_le_bytes());
        self.bytes.extend(&payload);
        self.bytes.extend(masked_crc(&payload).to_le_bytes());
    }
}

/// The format's mask of a CRC-32C: rotated right by 15 bits, plus a constant.
fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// CRC-32C (Castagnoli 1993), computed a byte at a time with a table.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_the_ones_of_the_standard() {
        // The values are those of RFC 3720, B.4.
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
