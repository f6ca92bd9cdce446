//! A digest of numbers.

use core::fmt;

/// The digest of the bits so far: FNV-1a of 64 bits, over their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(u64);

impl Digest {
    /// The digest of no bits.
    pub fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Adds a whole number.
    pub fn add(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Adds the bits of a number. All NaN count as equal, since their bits have no meaning.
    pub fn add_f64(&mut self, number: f64) {
        self.add(if number.is_nan() {
            u64::MAX
        } else {
            number.to_bits()
        });
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
