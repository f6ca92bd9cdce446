//! NumPy arrays: `.npy` files, or the arrays `x` and `y` of an `.npz`, compressed or not.
//!
//! An array whose type f32 holds exactly becomes f32, any other f64. What type an array has is only
//! known when its header has been read, so an array is opened as f32 first, and once more if that
//! does not hold its type.

mod element;

use std::io::{Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, ArrayD, Axis, Ix2};
use ndarray_npy::{ReadNpyError, ReadNpyExt};
use zip::ZipArchive;
use zip::result::ZipError;

use super::file;
use super::raw::{Collected, Origin, Purpose, Raw, Targets, number_columns, numbered};
use element::Number;
use numbers::matrix::{DataMatrix, Element, Numbers};
use problems::{Problem, Problems};

/// The names that inputs and targets of an `.npz` can have, the likelier first: this program's own,
/// and those of the files that Keras ships.
fn array_names(purpose: Purpose) -> &'static [[&'static str; 2]] {
    const OWN: [&str; 2] = ["x", "y"];
    const TRAIN: [&str; 2] = ["x_train", "y_train"];
    const VALID: [&str; 2] = ["x_valid", "y_valid"];
    const VAL: [&str; 2] = ["x_val", "y_val"];
    const TEST: [&str; 2] = ["x_test", "y_test"];
    match purpose {
        Purpose::Training => &[OWN, TRAIN],
        Purpose::Validation => &[VALID, VAL, OWN, TEST],
        Purpose::Test => &[TEST, OWN],
        Purpose::Prediction => &[OWN, TEST, VALID, VAL, TRAIN],
    }
}

/// Reads inputs, named x1, x2, …, and targets, named y, or y1, y2, …
///
/// `y` may be missing of data to predict only: then an `.npz` need not have it.
///
/// # Errors
/// A file that cannot be read or holds no numbers; a number that is not finite; targets of more than
/// two dimensions; not as many targets as inputs.
pub(super) fn read(x: &Path, y: Option<&Path>, purpose: Purpose) -> Result<Raw, Problems> {
    let is_npz = x.extension().is_some_and(|ending| ending == "npz");
    let (inputs, targets) = match y {
        Some(y) => {
            let (inputs, targets) = both(
                npy(x, Role::Inputs(purpose)),
                npy(y, Role::Targets(purpose)),
            )?;
            (inputs, Some(targets))
        }
        None if is_npz => npz(file::open(x)?, x, purpose)?,
        None if purpose != Purpose::Prediction => {
            return Err(Problem::new(format!(
                "{} has no targets: name them as `y`, or put arrays `x` and `y` into one .npz",
                x.display()
            ))
            .into());
        }
        None => (npy(x, Role::Inputs(purpose))?, None),
    };
    samples(x, y, inputs, targets)
}

/// As [`read`], of new data whose bytes are here: an `.npz`, or an `.npy` with its targets in a file of
/// their own, if there are any.
pub(super) fn read_bytes(bytes: &[u8], x: &Path, y: Option<&Path>) -> Result<Raw, Problems> {
    if bytes.starts_with(&ARCHIVE) {
        let (inputs, targets) = npz(Cursor::new(bytes), x, Purpose::Prediction)?;
        return samples(x, y, inputs, targets);
    }
    let name = x.display().to_string();
    let inputs = array(|| Ok(bytes), &name, Role::Inputs(Purpose::Prediction));
    let (inputs, targets) = match y {
        Some(y) => {
            let (inputs, targets) = both(inputs, npy(y, Role::Targets(Purpose::Prediction)))?;
            (inputs, Some(targets))
        }
        None => (inputs?, None),
    };
    samples(x, y, inputs, targets)
}

/// Whether bytes start as an `.npy` or an `.npz` does.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(&ARRAY) || bytes.starts_with(&ARCHIVE)
}

/// How an `.npy` starts.
const ARRAY: [u8; 6] = *b"\x93NUMPY";
/// How an archive starts.
const ARCHIVE: [u8; 4] = *b"PK\x03\x04";

/// The raw columns of these arrays.
fn samples(
    x: &Path,
    y: Option<&Path>,
    inputs: DataMatrix,
    targets: Option<DataMatrix>,
) -> Result<Raw, Problems> {
    if let Some(targets) = &targets
        && targets.nrows() != inputs.nrows()
    {
        let (have, need) = (targets.nrows(), inputs.nrows());
        let x = x.display();
        return Err(Problem::new(match y {
            Some(y) => format!(
                "{} has {have} targets, but {x} has {need} samples",
                y.display()
            ),
            None => format!("y of {x} has {have} targets, but its x has {need} samples"),
        })
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
        origin: Arc::new(Origin {
            name: y.unwrap_or(x).display().to_string(),
            text: None,
        }),
    })
}

/// The array of a `.npy` file, (rows, columns).
fn npy(path: &Path, role: Role) -> Result<DataMatrix, Problems> {
    let name = path.display().to_string();
    if path.extension().is_some_and(|ending| ending == "npz") {
        return Err(Problem::new(format!(
            "{name} holds several arrays: name it as `x` alone, without `y`"
        ))
        .into());
    }
    array(|| Ok(file::reader(path)?), &name, role)
}

/// The array that `open` gives the bytes of, (rows, columns): opened once more where the first format
/// does not hold its type.
fn array<R: Read>(
    open: impl Fn() -> Result<R, Problems>,
    name: &str,
    role: Role,
) -> Result<DataMatrix, Problems> {
    match ArrayD::<Number<f32>>::read_npy(open()?) {
        Err(ReadNpyError::WrongDescriptor(_)) => {
            let array = ArrayD::<Number<f64>>::read_npy(open()?);
            matrix(array.map_err(|error| problem(error, name))?, name, role)
        }
        array => matrix(array.map_err(|error| problem(error, name))?, name, role),
    }
}

/// The arrays of inputs and targets of a `.npz` file, compressed or not.
fn npz<R: Read + Seek>(
    content: R,
    path: &Path,
    purpose: Purpose,
) -> Result<(DataMatrix, Option<DataMatrix>), Problems> {
    let name = path.display().to_string();
    let damaged = |error: ZipError| Problem::new(format!("cannot read {name} as .npz: {error}"));
    let mut archive = ZipArchive::new(content).map_err(damaged)?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.strip_suffix(".npy").unwrap_or(name).to_owned())
        .collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let [x_name, y_name] = match array_names(purpose).iter().find(|[x, _]| has(x)) {
        Some(pair) => *pair,
        None => return Err(without_inputs(&name, &names, purpose).into()),
    };
    let mut array = |wanted: &str, role: Role| -> Result<DataMatrix, Problems> {
        let shown = format!("array `{wanted}` of {name}");
        let index = archive
            .index_for_name(&format!("{wanted}.npy"))
            .or(archive.index_for_name(wanted))
            .expect("the archive has this name");
        {
            let file = archive.by_index(index).map_err(damaged)?;
            file::check_density(file.compressed_size(), file.size(), &shown)?;
        }
        let first = ArrayD::<Number<f32>>::read_npy(archive.by_index(index).map_err(damaged)?);
        match first {
            Err(ReadNpyError::WrongDescriptor(_)) => {
                let file = archive.by_index(index).map_err(damaged)?;
                let array = ArrayD::<Number<f64>>::read_npy(file);
                matrix(array.map_err(|error| problem(error, &shown))?, &shown, role)
            }
            array => matrix(array.map_err(|error| problem(error, &shown))?, &shown, role),
        }
    };
    let x = array(x_name, Role::Inputs(purpose));
    if !has(y_name) {
        if purpose == Purpose::Prediction {
            return Ok((x?, None));
        }
        let problem = Problem::new(format!("{name} has an array `{x_name}`, but no `{y_name}`"));
        return Err(with_names(problem, &names).into());
    }
    let y = array(y_name, Role::Targets(purpose));
    let (x, y) = both(x, y)?;
    Ok((x, Some(y)))
}

/// That an archive has no inputs under any of the names.
fn without_inputs(name: &str, names: &[String], purpose: Purpose) -> Problem {
    let [x, y] = array_names(purpose)[0];
    let message = format!("{name} has no arrays `{x}` and `{y}`");
    with_names(Problem::new(message), names)
}

/// The names that an archive has, and the line that gives it others.
fn with_names(problem: Problem, names: &[String]) -> Problem {
    match names {
        [] => problem.note("it holds no arrays"),
        _ => problem
            .note(format!("its arrays are: {}", names.join(", ")))
            .note("numpy.savez(file, x=…, y=…) names them"),
    }
}

/// What an array holds. Of new data a number may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A sample may be an image, or any block of numbers: they become one row.
    Inputs(Purpose),
    /// A sample has one number, or a row of them.
    Targets(Purpose),
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

/// An array of one dimension as one column, one of two as it is, each sample of more as one row; all
/// numbers finite.
fn matrix<T: Element>(
    array: ArrayD<Number<T>>,
    name: &str,
    role: Role,
) -> Result<DataMatrix, Problems>
where
    Numbers: From<Vec<T>>,
{
    let array = match (array.ndim(), role) {
        (0, _) => {
            return Err(Problem::new(format!(
                "{name} is a single number without a dimension; a row for each sample is expected"
            ))
            .into());
        }
        (1, _) => array.insert_axis(Axis(1)),
        (2, _) => array,
        (_, Role::Inputs(_)) => {
            let rows = array.len_of(Axis(0));
            let width = array.shape()[1..].iter().product::<usize>();
            let (numbers, _) = if array.is_standard_layout() {
                array.into_raw_vec_and_offset()
            } else {
                array
                    .as_standard_layout()
                    .into_owned()
                    .into_raw_vec_and_offset()
            };
            ArrayD::from_shape_vec(vec![rows, width], numbers).expect("the same numbers")
        }
        (n, Role::Targets(_)) => {
            return Err(Problem::new(format!(
                "{name} has {n} dimensions; targets have one or two"
            ))
            .note("numpy.reshape(y, (len(y), -1)) makes a row of each sample")
            .into());
        }
    };
    let array = array
        .into_dimensionality::<Ix2>()
        .expect("it has two dimensions");
    let (Role::Inputs(purpose) | Role::Targets(purpose)) = role;
    if purpose != Purpose::Prediction {
        check_finite(&array, name)?;
    }
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
    found.into_result(())
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
            let found = type_name(found.to_string().trim_matches('\''));
            let problem = Problem::new(format!(
                "{name} holds {found}; floats of up to 64 bits, integers or booleans are expected"
            ));
            problem.note(match found == TEXTS {
                true => "numpy.unique(y, return_inverse=True)[1] has a number for each text",
                false => "numpy.asarray(x, dtype=float) converts numbers",
            })
        }
        ReadNpyError::ParseData(cause) => Problem::new(format!("{name}: {cause}")),
        error => Problem::new(format!("cannot read {name}: {error}")),
    }
}

/// What arrays of texts hold.
const TEXTS: &str = "texts";

/// NumPy's name of a type that is not read.
fn type_name(descriptor: &str) -> String {
    let kind = descriptor.trim_start_matches(['<', '>', '|', '=']);
    match kind {
        "f16" | "f12" => "long doubles (float128)".to_owned(),
        "c8" | "c16" => "complex numbers".to_owned(),
        "O" => "Python objects".to_owned(),
        _ if kind.starts_with('U') || kind.starts_with('S') => TEXTS.to_owned(),
        _ if kind.starts_with('M') || kind.starts_with('m') => "dates or times".to_owned(),
        _ if descriptor.starts_with('[') => "records".to_owned(),
        _ => format!("elements of type {descriptor}"),
    }
}
