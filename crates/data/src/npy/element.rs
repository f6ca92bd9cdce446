//! The elements of an array, whatever their type, as numbers of one format.

use std::io::{self, Read};

use ndarray_npy::{ReadDataError, ReadableElement};
use py_literal::Value;

use crate::memory;

/// Elements that are converted at a time.
const BLOCK: usize = 8192;

/// An element of an array, as a number of this format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<T>(pub T);

/// A number format that arrays are read into.
pub(super) trait NumberFormat: Sized {
    /// How elements of a type, as NumPy describes it, become numbers; `None` if this format is not
    /// what holds them.
    fn conversion(descriptor: &str) -> Option<Conversion<Self>>;
}

/// How elements become numbers.
pub(super) struct Conversion<T> {
    /// The bytes of an element.
    size: usize,
    /// Appends the numbers that a block of elements stands for.
    append: fn(&[u8], &mut Vec<Number<T>>),
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
                    Number(<$type>::$from(element.try_into().expect("an element's bytes")) as _)
                }));
            },
        }
    };
}

/// The types whose every number f32 holds exactly.
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

/// Every type that f32 cannot hold exactly; integers of 64 bits become the nearest f64.
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

impl<T: NumberFormat> ReadableElement for Number<T> {
    fn read_to_end_exact_vec<R: Read>(
        mut reader: R,
        descriptor: &Value,
        length: usize,
    ) -> Result<Vec<Self>, ReadDataError> {
        let conversion = descriptor.as_string().and_then(|text| T::conversion(text));
        let Some(Conversion { size, append }) = conversion else {
            return Err(ReadDataError::WrongDescriptor(descriptor.clone()));
        };
        memory::check(length as u128 * size_of::<T>() as u128, || {
            format!("its {length} numbers")
        })
        .map_err(|problem| ReadDataError::ParseData(problem.message.into()))?;
        let mut numbers = Vec::new();
        numbers
            .try_reserve_exact(length)
            .map_err(|cause| ReadDataError::ParseData(cause.into()))?;
        let mut buffer = vec![0; size * BLOCK];
        let mut left = length;
        while left > 0 {
            let bytes = &mut buffer[..size * left.min(BLOCK)];
            reader
                .read_exact(bytes)
                .map_err(|cause| match cause.kind() {
                    io::ErrorKind::UnexpectedEof => ReadDataError::MissingData,
                    _ => ReadDataError::Io(cause),
                })?;
            append(bytes, &mut numbers);
            left -= bytes.len() / size;
        }
        match reader.read(&mut buffer)? {
            0 => Ok(numbers),
            extra => Err(ReadDataError::ExtraBytes(extra)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_the_number_that_its_bits_stand_for() {
        // Bits and numbers as numpy.float16 has them.
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
