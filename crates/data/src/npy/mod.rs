//! NumPy arrays: `.npy` files, or the arrays `x` and `y` of an `.npz`, compressed or not.
//!
//! An array whose type f32 holds exactly becomes f32; any other becomes f64. The claims of a header
//! take no memory before the bytes are there.

mod element;
mod header;

use std::io::{Cursor, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array2, ArrayD, Axis, Ix2, IxDyn, ShapeBuilder};
use zip::ZipArchive;
use zip::result::ZipError;

use super::file;
use super::raw::{Collected, Origin, Purpose, Raw, Targets, number_columns, numbered};
use element::{Conversion, NumberFormat};
use header::Header;
use numbers::matrix::{DataMatrix, Element, Numbers};
use problems::{Problem, Problems, reason};

/// The names that the inputs and targets of an `.npz` can have, the likelier first: those of this
/// program, and those of the files of Keras.
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

/// Reads inputs, named x1, x2, …, and targets, named y, or y1, y2, ….
///
/// Data for predictions needs no `y`, and then an `.npz` need not have it either.
///
/// # Errors
/// If a file cannot be read or has no numbers; a number is not finite; targets have more than two
/// dimensions; or there are not as many targets as inputs.
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

/// Reads new data from these bytes: an `.npz`, or an `.npy` with its targets in a file of their
/// own, if there are any.
pub(super) fn read_bytes(bytes: &[u8], x: &Path, y: Option<&Path>) -> Result<Raw, Problems> {
    if bytes.starts_with(&ARCHIVE) {
        let (inputs, targets) = npz(Cursor::new(bytes), x, Purpose::Prediction)?;
        return samples(x, y, inputs, targets);
    }
    let name = x.display().to_string();
    let length = Some(bytes.len() as u64);
    let inputs = array(bytes, length, &name, Role::Inputs(Purpose::Prediction));
    let (inputs, targets) = match y {
        Some(y) => {
            let (inputs, targets) = both(inputs, npy(y, Role::Targets(Purpose::Prediction)))?;
            (inputs, Some(targets))
        }
        None => (inputs?, None),
    };
    samples(x, y, inputs, targets)
}

/// Whether the bytes begin like an `.npy` or an `.npz`.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(&header::MAGIC) || bytes.starts_with(&ARCHIVE)
}

/// The first bytes of an archive.
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
        columns: number_columns(inputs.ncols())?,
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
    let (bytes, most) = file::reader(path)?;
    array(bytes, most, &name, role)
}

/// The array in these bytes, (rows, columns); `most` is the number of bytes that there can be, if
/// it is known.
fn array(
    mut bytes: impl Read,
    most: Option<u64>,
    name: &str,
    role: Role,
) -> Result<DataMatrix, Problems> {
    let mut length = 0;
    let header = Header::read(&mut bytes, &mut length).map_err(|fault| match fault {
        header::Fault::Io(cause) => unreadable(name, &cause),
        header::Fault::Short => cut_short(name),
        header::Fault::Malformed(cause) => {
            Problem::new(format!("{name} is no NumPy array: {cause}"))
        }
    })?;
    let most = most.map(|most| most.saturating_sub(length));
    if let Some(conversion) = f32::conversion(&header.descriptor) {
        matrix(
            elements(bytes, &conversion, header, most, name)?,
            name,
            role,
        )
    } else if let Some(conversion) = f64::conversion(&header.descriptor) {
        matrix(
            elements(bytes, &conversion, header, most, name)?,
            name,
            role,
        )
    } else {
        Err(other_type(&header.descriptor, name).into())
    }
}

/// The elements after a header, in its shape.
fn elements<T>(
    bytes: impl Read,
    conversion: &Conversion<T>,
    Header { fortran, shape, .. }: Header,
    most: Option<u64>,
    name: &str,
) -> Result<ArrayD<T>, Problem> {
    let beyond = || Problem::new(format!("the shape of {name} is beyond any memory"));
    // If one dimension is 0, the array is empty, whatever the others are.
    let mut sizes = shape.iter().filter(|&&size| size > 0);
    let largest = sizes.try_fold(1usize, |product, &size| product.checked_mul(size));
    let count = match shape.contains(&0) {
        true => largest.map(|_| 0),
        false => largest,
    };
    let read = conversion.read(bytes, count.ok_or_else(beyond)?, most);
    let numbers = read.map_err(|fault| match fault {
        element::Fault::Io(cause) => unreadable(name, &cause),
        element::Fault::Short => cut_short(name),
        element::Fault::Long => Problem::new(format!(
            "{name} is too long: it holds more than its header says"
        )),
        element::Fault::Memory(mut problem) => {
            problem.message = format!("{name}: {}", problem.message);
            problem
        }
    })?;
    ArrayD::from_shape_vec(IxDyn(&shape).set_f(fortran), numbers).map_err(|_| beyond())
}

fn unreadable(name: &str, cause: &std::io::Error) -> Problem {
    Problem::new(format!("cannot read {name}: {}", reason(cause)))
}

fn cut_short(name: &str) -> Problem {
    Problem::new(format!(
        "{name} is cut short: it holds less than its header says"
    ))
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
    let mut array_of = |wanted: &str, role: Role| -> Result<DataMatrix, Problems> {
        let shown = format!("array `{wanted}` of {name}");
        let index = archive
            .index_for_name(&format!("{wanted}.npy"))
            .or(archive.index_for_name(wanted))
            .expect("the archive has this name");
        let file = archive.by_index(index).map_err(damaged)?;
        file::check_density(file.compressed_size(), file.size(), &shown)?;
        let most = Some(file.size());
        array(file, most, &shown, role)
    };
    let x = array_of(x_name, Role::Inputs(purpose));
    if !has(y_name) {
        if purpose == Purpose::Prediction {
            return Ok((x?, None));
        }
        let problem = Problem::new(format!("{name} has an array `{x_name}`, but no `{y_name}`"));
        return Err(with_names(problem, &names).into());
    }
    let y = array_of(y_name, Role::Targets(purpose));
    let (x, y) = both(x, y)?;
    Ok((x, Some(y)))
}

/// The problem of an archive without inputs under any of the names.
fn without_inputs(name: &str, names: &[String], purpose: Purpose) -> Problem {
    let [x, y] = array_names(purpose)[0];
    let message = format!("{name} has no arrays `{x}` and `{y}`");
    with_names(Problem::new(message), names)
}

/// The problem with the names in the archive, and the line that renames them.
fn with_names(problem: Problem, names: &[String]) -> Problem {
    match names {
        [] => problem.note("it holds no arrays"),
        _ => problem
            .note(format!("its arrays are: {}", names.join(", ")))
            .note("numpy.savez(file, x=…, y=…) names them"),
    }
}

/// The contents of an array. For new data a number may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Inputs: a sample may be an image, or any block of numbers, which becomes one row.
    Inputs(Purpose),
    /// Targets: a sample has one number, or a row of them.
    Targets(Purpose),
}

/// Both results, or the problems of both.
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

/// An array as a matrix of finite numbers: one dimension becomes one column, two stay as they are,
/// and with more dimensions each sample becomes one row.
fn matrix<T: Element>(array: ArrayD<T>, name: &str, role: Role) -> Result<DataMatrix, Problems>
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
    let (numbers, _) = rows.into_raw_vec_and_offset();
    Ok(DataMatrix::new(nrows, ncols, numbers))
}

/// Refuses numbers that are not finite, each with its place.
fn check_finite<T: Element>(array: &Array2<T>, name: &str) -> Result<(), Problems> {
    let is_finite = |&number: &T| number.into().is_finite();
    // Mostly all numbers are finite, which is seen quickly in the order of memory.
    let all = |numbers: &[T]| numbers.iter().fold(true, |all, x| all & is_finite(x));
    if array.as_slice_memory_order().is_some_and(all) {
        return Ok(());
    }
    let mut found = Collected::default();
    for ((row, column), &number) in array.indexed_iter() {
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

/// The problem of an array whose elements are not numbers, or of a type that is not read.
fn other_type(descriptor: &str, name: &str) -> Problem {
    let found = type_name(descriptor);
    Problem::new(format!(
        "{name} holds {found}; floats of up to 64 bits, integers or booleans are expected"
    ))
    .note(match found == TEXTS {
        true => "numpy.unique(y, return_inverse=True)[1] has a number for each text",
        false => "numpy.asarray(x, dtype=float) converts numbers",
    })
}

/// The name of the elements in arrays of texts.
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
