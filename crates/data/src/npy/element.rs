//! The elements of an array of any type, as numbers of one format.

use std::io::{self, Read};

use crate::memory;
use problems::Problem;

/// The elements that are converted at once.
const BLOCK: usize = 8192;

/// The most elements for which memory is reserved before they are read.
const ROOM: usize = 1 << 20;

/// The reason why there are no numbers.
#[derive(Debug)]
pub(super) enum Fault {
    /// The bytes cannot be read.
    Io(io::Error),
    /// There are fewer elements than the header says.
    Short,
    /// There are more elements than the header says.
    Long,
    /// The memory cannot hold them.
    Memory(Problem),
}

/// A number format into which arrays are read.
pub(super) trait NumberFormat: Sized {
    /// The conversion of elements of a type, in NumPy's description, into numbers; `None` if the
    /// other format is the one for this type.
    fn conversion(descriptor: &str) -> Option<Conversion<Self>>;
}

/// The conversion of elements into numbers.
pub(super) struct Conversion<T> {
    /// The bytes of an element.
    size: usize,
    /// Appends the numbers of a block of elements.
    append: fn(&[u8], &mut Vec<T>),
}

/// A number of 16 bits (IEEE 754 binary16): a sign, five bits of exponent, ten of fraction.
#[derive(Debug, Clone, Copy)]
struct Half(u16);

impl Half {
    fn from_le_bytes(bytes: [u8; 2]) -> f32 {
        Self(u16::from_le_bytes(bytes)).value()
    }

    fn from_be_bytes(bytes: [u8; 2]) -> f32 {
        Self(u16::from_be_bytes(bytes)).value()
    }

    /// The number as f32, which holds every number of 16 bits exactly.
    fn value(self) -> f32 {
        let fraction = f32::from(self.0 & 0x3ff);
        let exponent = i32::from(self.0 >> 10 & 0x1f);
        let size = match exponent {
            0 => fraction * 2f32.powi(-24),
            31 if fraction == 0.0 => f32::INFINITY,
            31 => f32::NAN,
            _ => (fraction + 1024.0) * 2f32.powi(exponent - 25),
        };
        if self.0 >> 15 == 0 { size } else { -size }
    }
}

macro_rules! conversion {
    ($type:ty, $from:ident) => {
        Conversion {
            size: size_of::<$type>(),
            append: |bytes, numbers| {
                numbers.extend(bytes.chunks_exact(size_of::<$type>()).map(|element| {
                    <$type>::$from(element.try_into().expect("an element's bytes")) as Self
                }));
            },
        }
    };
}

/// The types whose numbers f32 holds exactly.
impl NumberFormat for f32 {
    fn conversion(descriptor: &str) -> Option<Conversion<f32>> {
        Some(match descriptor {
            "<f4" => conversion!(f32, from_le_bytes),
            ">f4" => conversion!(f32, from_be_bytes),
            "<f2" => conversion!(Half, from_le_bytes),
            ">f2" => conversion!(Half, from_be_bytes),
            "|i1" | "i1" | "b" => conversion!(i8, from_le_bytes),
            "|u1" | "u1" | "B" | "|b1" => conversion!(u8, from_le_bytes),
            "<i2" => conversion!(i16, from_le_bytes),
            ">i2" => conversion!(i16, from_be_bytes),
            "<u2" => conversion!(u16, from_le_bytes),
            ">u2" => conversion!(u16, from_be_bytes),
            _ => return None,
        })
    }
}

/// The types whose numbers f32 cannot hold exactly. Integers of 64 bits become the nearest f64.
impl NumberFormat for f64 {
    fn conversion(descriptor: &str) -> Option<Conversion<f64>> {
        Some(match descriptor {
            "<f8" => conversion!(f64, from_le_bytes),
            ">f8" => conversion!(f64, from_be_bytes),
            "<i4" => conversion!(i32, from_le_bytes),
            ">i4" => conversion!(i32, from_be_bytes),
            "<i8" => conversion!(i64, from_le_bytes),
            ">i8" => conversion!(i64, from_be_bytes),
            "<u4" => conversion!(u32, from_le_bytes),
            ">u4" => conversion!(u32, from_be_bytes),
            "<u8" => conversion!(u64, from_le_bytes),
            ">u8" => conversion!(u64, from_be_bytes),
            _ => return None,
        })
    }
}

impl<T> Conversion<T> {
    /// Reads exactly `length` elements. `most` is the number of bytes that there can be, if it is
    /// known: a header that claims more takes no memory. Otherwise memory is taken as the numbers
    /// come.
    pub fn read(
        &self,
        mut reader: impl Read,
        length: usize,
        most: Option<u64>,
    ) -> Result<Vec<T>, Fault> {
        let claimed = length as u128 * self.size as u128;
        if most.is_some_and(|most| claimed > u128::from(most)) {
            return Err(Fault::Short);
        }
        memory::check(length as u128 * size_of::<T>() as u128, || {
            format!("its {length} numbers")
        })
        .map_err(Fault::Memory)?;
        let full = || Problem::new(format!("its {length} numbers do not fit into the memory"));
        let mut numbers = Vec::new();
        let mut buffer = vec![0; self.size * BLOCK];
        let mut left = length;
        while left > 0 {
            if numbers.len() == numbers.capacity() {
                let room = left.min(numbers.len().max(ROOM));
                let reserved = numbers.try_reserve_exact(room);
                reserved.map_err(|_| Fault::Memory(full()))?;
            }
            let count = left.min(BLOCK).min(numbers.capacity() - numbers.len());
            let bytes = &mut buffer[..self.size * count];
            reader
                .read_exact(bytes)
                .map_err(|cause| match cause.kind() {
                    io::ErrorKind::UnexpectedEof => Fault::Short,
                    _ => Fault::Io(cause),
                })?;
            (self.append)(bytes, &mut numbers);
            left -= count;
        }
        match reader.read(&mut buffer).map_err(Fault::Io)? {
            0 => Ok(numbers),
            _ => Err(Fault::Long),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_the_number_that_its_bits_stand_for() {
        // The bits and numbers of numpy.float16.
        let cases = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_6e-5),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x0000, 0.0),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, number) in cases {
            assert_eq!(Half(bits).value(), number, "{bits:#06x}");
        }
        assert!(Half(0x7e00).value().is_nan());
        assert_eq!(Half(0x8000).value().to_bits(), (-0.0_f32).to_bits());
    }
}
