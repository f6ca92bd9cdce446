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

/// The other types; integers of 64 bits become the nearest f64.
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
