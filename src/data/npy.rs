//! NumPy arrays: `.npy` files, or the arrays `x` and `y` of an `.npz`.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, ArrayD, Ix2};
use ndarray_npy::{
    NpzReader, ReadDataError, ReadNpyError, ReadNpyExt, ReadNpzError, ReadableElement,
};

use super::raw::{Collected, Origin, Raw, Targets, number_columns, numbered};
use super::{file, memory};
use crate::error::{Problem, Problems, nearest};

/// Reads inputs, named x1, x2, …, and targets, named y, or y1, y2, …
///
/// `y` may be missing of new data only: then an `.npz` need not have it.
///
/// # Errors
/// A file that cannot be read or holds other than one- or two-dimensional numbers; a number that is
/// not finite; not as many targets as inputs.
pub(super) fn read(x: &Path, y: Option<&Path>, needs_targets: bool) -> Result<Raw, Problems> {
    let is_npz = x.extension().is_some_and(|ending| ending == "npz");
    let (inputs, targets) = match y {
        Some(y) => {
            let (inputs, targets) = both(npy(x), npy(y))?;
            (inputs, Some(targets))
        }
        None if is_npz => npz(x, needs_targets)?,
        None if needs_targets => {
            return Err(Problem::new(format!(
                "{} has no targets: name them as `y`, or put arrays `x` and `y` into one .npz",
                x.display()
            ))
            .into());
        }
        None => (npy(x)?, None),
    };
    let name = y.unwrap_or(x).display().to_string();
    if let Some(targets) = &targets
        && targets.nrows() != inputs.nrows()
    {
        return Err(Problem::new(format!(
            "x has {} samples, but y has {}: each sample needs both",
            inputs.nrows(),
            targets.nrows()
        ))
        .note(format!("x is from {}, y from {name}", x.display()))
        .into());
    }
    if inputs.is_empty() || targets.as_ref().is_some_and(Array2::is_empty) {
        return Err(Problem::new(format!("{} holds no numbers", x.display())).into());
    }
    let rows = inputs.nrows();
    Ok(Raw {
        columns: number_columns(inputs.ncols()),
        x: inputs,
        targets: targets
            .as_ref()
            .map_or(Vec::new(), |targets| numbered("y", targets.ncols())),
        y: targets.map_or(Targets::None, Targets::Numbers),
        fill: false,
        rows: (0..rows).collect(),
        origin: Arc::new(Origin { name, text: None }),
    })
}

/// The array of a `.npy` file, (rows, columns).
fn npy(path: &Path) -> Result<Array2<f64>, Problems> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|ending| ending == "npz") {
        return Err(Problem::new(format!(
            "{name} holds several arrays: name it as `x` alone, without `y`"
        ))
        .into());
    }
    let array =
        ArrayD::<Number>::read_npy(file::reader(path)?).map_err(|error| problem(error, &name))?;
    table(array, &name)
}

/// The arrays `x` and `y` of a `.npz` file.
fn npz(path: &Path, needs_targets: bool) -> Result<(Array2<f64>, Option<Array2<f64>>), Problems> {
    let name = path.display().to_string();
    let damaged = |error: ReadNpzError| match error {
        ReadNpzError::Npy(error) => problem(error, &name),
        ReadNpzError::Zip(error) => Problem::new(format!("cannot read {name} as .npz: {error}")),
    };
    let content = file::open(path)?;
    let mut archive = NpzReader::new(content).map_err(damaged)?;
    let names = archive.names().map_err(damaged)?;
    let mut array = |wanted: &str| -> Result<Array2<f64>, Problems> {
        if !names.iter().any(|name| name == wanted) {
            let problem = Problem::new(format!("{name} has no array `{wanted}`"))
                .note(format!("its arrays are: {}", names.join(", ")));
            return Err(match nearest(wanted, names.iter().map(String::as_str)) {
                Some(right) => problem.note(format!(
                    "`{right}` can be renamed: numpy.savez(file, x=…, y=…)"
                )),
                None => problem,
            }
            .into());
        }
        let array: ArrayD<Number> = archive.by_name(wanted).map_err(damaged)?;
        table(array, &format!("array `{wanted}` of {name}"))
    };
    let x = array("x");
    if !needs_targets && !names.iter().any(|name| name == "y") {
        return Ok((x?, None));
    }
    let y = array("y");
    let (x, y) = both(x, y)?;
    Ok((x, Some(y)))
}

/// Both, or the problems of both.
fn both<T>(first: Result<T, Problems>, second: Result<T, Problems>) -> Result<(T, T), Problems> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => {
            let mut problems = Problems::new();
            for found in [first.err(), second.err()].into_iter().flatten() {
                problems.extend(found);
            }
            Err(problems)
        }
    }
}

/// An array of one dimension as one column, one of two as it is; all numbers finite.
fn table(array: ArrayD<Number>, name: &str) -> Result<Array2<f64>, Problems> {
    let array = match array.ndim() {
        1 => array.insert_axis(ndarray::Axis(1)),
        2 => array,
        n => {
            return Err(Problem::new(format!(
                "{name} has {n} dimensions; one or two are expected"
            ))
            .note("numpy.reshape(x, (len(x), -1)) makes a row of each sample")
            .into());
        }
    };
    let array = array
        .into_dimensionality::<Ix2>()
        .expect("it has two dimensions");
    let shape = array.dim();
    let rows = if array.is_standard_layout() {
        array
    } else {
        array.as_standard_layout().to_owned()
    };
    let (numbers, _) = rows.into_raw_vec_and_offset();
    let values: Vec<f64> = numbers.into_iter().map(|Number(value)| value).collect();
    let mut found = Collected::default();
    for (position, value) in values
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_finite())
    {
        found.push(|| {
            Problem::new(format!(
                "{name} holds {value}, which is not a finite number, in row {}, column {}",
                position / shape.1 + 1,
                position % shape.1 + 1
            ))
        });
    }
    found.into_result(super::raw::matrix_of(shape.0, shape.1, values), name)
}

/// Why an array cannot be read.
fn problem(error: ReadNpyError, name: &str) -> Problem {
    match error {
        ReadNpyError::ParseHeader(cause) => {
            Problem::new(format!("{name} is no NumPy array: {cause}"))
        }
        ReadNpyError::MissingData => Problem::new(format!(
            "{name} is cut short: it holds less than its header says"
        )),
        ReadNpyError::ExtraBytes(_) => Problem::new(format!(
            "{name} is too long: it holds more than its header says"
        )),
        ReadNpyError::LengthOverflow => {
            Problem::new(format!("the shape of {name} is beyond any memory"))
        }
        ReadNpyError::WrongDescriptor(found) => {
            let found = found.to_string();
            Problem::new(format!(
                "{name} holds {}; numbers of 32 or 64 bits, integers or booleans are expected",
                type_name(found.trim_matches('\''))
            ))
            .note("numpy.asarray(x, dtype=float) converts numbers")
        }
        ReadNpyError::ParseData(cause) => Problem::new(format!("{name}: {cause}")),
        error => Problem::new(format!("cannot read {name}: {error}")),
    }
}

/// NumPy's name of a type that is not read.
fn type_name(descriptor: &str) -> String {
    let kind = descriptor.trim_start_matches(['<', '>', '|', '=']);
    match kind {
        "f2" => "16-bit floats (float16)".to_owned(),
        "f16" | "f12" => "long doubles (float128)".to_owned(),
        "c8" | "c16" => "complex numbers".to_owned(),
        "O" => "Python objects".to_owned(),
        _ if kind.starts_with('U') || kind.starts_with('S') => "texts".to_owned(),
        _ if kind.starts_with('M') || kind.starts_with('m') => "dates or times".to_owned(),
        _ if descriptor.starts_with('[') => "records".to_owned(),
        _ => format!("elements of type {descriptor}"),
    }
}

/// An element of an array of any type of numbers, as the nearest f64.
#[derive(Debug, Clone, Copy)]
struct Number(f64);

impl ReadableElement for Number {
    fn read_to_end_exact_vec<R: Read>(
        mut reader: R,
        descriptor: &py_literal::Value,
        length: usize,
    ) -> Result<Vec<Self>, ReadDataError> {
        let unknown = || ReadDataError::WrongDescriptor(descriptor.clone());
        let text = descriptor.as_string().ok_or_else(unknown)?;
        let (convert, size) = conversion(text).ok_or_else(unknown)?;
        memory::check(length as u128 * 8, || format!("its {length} numbers"))
            .map_err(|problem| ReadDataError::ParseData(problem.message.into()))?;
        let mut numbers = Vec::new();
        numbers
            .try_reserve_exact(length)
            .map_err(|cause| ReadDataError::ParseData(cause.into()))?;
        let mut buffer = vec![0; size * 8192];
        let mut left = length;
        while left > 0 {
            let bytes = &mut buffer[..size * left.min(8192)];
            reader
                .read_exact(bytes)
                .map_err(|cause| match cause.kind() {
                    io::ErrorKind::UnexpectedEof => ReadDataError::MissingData,
                    _ => ReadDataError::Io(cause),
                })?;
            numbers.extend(
                bytes
                    .chunks_exact(size)
                    .map(|element| Number(convert(element))),
            );
            left -= bytes.len() / size;
        }
        match reader.read(&mut buffer)? {
            0 => Ok(numbers),
            extra => Err(ReadDataError::ExtraBytes(extra)),
        }
    }
}

/// The number that an element's bytes are.
type Conversion = fn(&[u8]) -> f64;

/// How elements of a type become numbers, and how many bytes each has.
fn conversion(descriptor: &str) -> Option<(Conversion, usize)> {
    macro_rules! of {
        ($type:ty, $from:ident) => {
            (
                |bytes: &[u8]| <$type>::$from(bytes.try_into().expect("an element's bytes")) as f64,
                size_of::<$type>(),
            )
        };
    }
    Some(match descriptor {
        "<f8" => of!(f64, from_le_bytes),
        ">f8" => of!(f64, from_be_bytes),
        "<f4" => of!(f32, from_le_bytes),
        ">f4" => of!(f32, from_be_bytes),
        "|i1" | "i1" | "b" => of!(i8, from_le_bytes),
        "|u1" | "u1" | "B" | "|b1" => of!(u8, from_le_bytes),
        "<i2" => of!(i16, from_le_bytes),
        ">i2" => of!(i16, from_be_bytes),
        "<i4" => of!(i32, from_le_bytes),
        ">i4" => of!(i32, from_be_bytes),
        "<i8" => of!(i64, from_le_bytes),
        ">i8" => of!(i64, from_be_bytes),
        "<u2" => of!(u16, from_le_bytes),
        ">u2" => of!(u16, from_be_bytes),
        "<u4" => of!(u32, from_le_bytes),
        ">u4" => of!(u32, from_be_bytes),
        "<u8" => of!(u64, from_le_bytes),
        ">u8" => of!(u64, from_be_bytes),
        _ => return None,
    })
}
