//! NumPy arrays: `.npy` files, or the arrays `x` and `y` of an `.npz`.
//!
//! An array whose type f32 holds exactly becomes f32, any other f64. What type an array has is only
//! known when its header has been read, so an array is opened as f32 first, and once more if that
//! does not hold its type.

mod element;

use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, ArrayD, Axis, Ix2};
use ndarray_npy::{NpzReader, ReadNpyError, ReadNpyExt, ReadNpzError};

use super::file;
use super::raw::{Collected, Origin, Raw, Targets, number_columns, numbered};
use element::Number;
use numbers::matrix::{DataMatrix, Element, Numbers};
use problems::{Problem, Problems, nearest};

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
    if inputs.is_empty() || targets.as_ref().is_some_and(DataMatrix::is_empty) {
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
        fill: None,
        rows: (0..rows).collect(),
        origin: Arc::new(Origin { name, text: None }),
    })
}

/// The array of a `.npy` file, (rows, columns).
fn npy(path: &Path) -> Result<DataMatrix, Problems> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|ending| ending == "npz") {
        return Err(Problem::new(format!(
            "{name} holds several arrays: name it as `x` alone, without `y`"
        ))
        .into());
    }
    match ArrayD::<Number<f32>>::read_npy(file::reader(path)?) {
        Err(ReadNpyError::WrongDescriptor(_)) => {
            let array = ArrayD::<Number<f64>>::read_npy(file::reader(path)?);
            matrix(array.map_err(|error| problem(error, &name))?, &name)
        }
        array => matrix(array.map_err(|error| problem(error, &name))?, &name),
    }
}

/// The arrays `x` and `y` of a `.npz` file.
fn npz(path: &Path, needs_targets: bool) -> Result<(DataMatrix, Option<DataMatrix>), Problems> {
    let name = path.display().to_string();
    let damaged = |error: ReadNpzError| match error {
        ReadNpzError::Npy(error) => problem(error, &name),
        ReadNpzError::Zip(error) => Problem::new(format!("cannot read {name} as .npz: {error}")),
    };
    let content = file::open(path)?;
    let mut archive = NpzReader::new(content).map_err(damaged)?;
    let names = archive.names().map_err(damaged)?;
    let mut array = |wanted: &str| -> Result<DataMatrix, Problems> {
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
        let name = format!("array `{wanted}` of {name}");
        match archive.by_name(wanted) {
            Err(ReadNpzError::Npy(ReadNpyError::WrongDescriptor(_))) => {
                let array = archive.by_name(wanted).map_err(damaged)?;
                matrix::<f64>(array, &name)
            }
            array => matrix::<f32>(array.map_err(damaged)?, &name),
        }
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
fn matrix<T: Element>(array: ArrayD<Number<T>>, name: &str) -> Result<DataMatrix, Problems>
where
    Numbers: From<Vec<T>>,
{
    let array = match array.ndim() {
        1 => array.insert_axis(Axis(1)),
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
    check_finite(&array, name)?;
    let (nrows, ncols) = array.dim();
    let rows = if array.is_standard_layout() {
        array
    } else {
        array.as_standard_layout().into_owned()
    };
    let (elements, _) = rows.into_raw_vec_and_offset();
    // An element is nothing but its number: the vector stays where it is.
    let numbers: Vec<T> = elements.into_iter().map(|Number(number)| number).collect();
    Ok(DataMatrix::new(nrows, ncols, numbers))
}

/// Refuses numbers that are not finite, each with its place.
fn check_finite<T: Element>(array: &Array2<Number<T>>, name: &str) -> Result<(), Problems> {
    let is_finite = |&Number(number): &Number<T>| number.into().is_finite();
    // Nearly always all are: seen at a glance, in whatever order they lie.
    let all = |numbers: &[Number<T>]| numbers.iter().fold(true, |all, x| all & is_finite(x));
    if array.as_slice_memory_order().is_some_and(all) {
        return Ok(());
    }
    let mut found = Collected::default();
    for ((row, column), &Number(number)) in array.indexed_iter() {
        let value: f64 = number.into();
        if !value.is_finite() {
            found.push(|| {
                Problem::new(format!(
                    "{name} holds {value}, which is not a finite number, in row {}, column {}",
                    row + 1,
                    column + 1
                ))
            });
        }
    }
    found.into_result((), name)
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
