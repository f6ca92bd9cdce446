//! Images and labels in the IDX format of the MNIST database (LeCun, Cortes, Burges), plain or
//! gzip-compressed.
//!
//! Two zero bytes, the type of the elements (8: unsigned bytes, the only one read here), the number
//! of dimensions, each dimension as a big-endian 32-bit number, then the elements row by row.

use std::path::Path;
use std::sync::Arc;

use super::raw::{Origin, Raw, Targets, number_columns};
use super::{file, memory};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// The type code of unsigned bytes.
const UNSIGNED_BYTES: u8 = 8;

/// Whether bytes start as an IDX file does.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && bytes[..2] == [0, 0] && type_name(bytes[2]).is_some()
}

/// Reads images as inputs, each pixel byte / 255, named x1, x2, … row by row; and labels, if there
/// are any, as the target `label`.
///
/// # Errors
/// A file that cannot be read, is no IDX file of bytes, or is shorter or longer than its header
/// says; not as many labels as images.
pub(super) fn read(images: &Path, labels: Option<&Path>) -> Result<Raw, Problems> {
    let mut problems = Problems::new();
    let mut array = |path: &Path, dimensions, what| {
        let array = Array::read(path, dimensions, what);
        array.map_err(|problem| problems.push(problem)).ok()
    };
    let x = array(images, 2..=4, "images");
    let y = labels.map(|labels| array(labels, 1..=1, "labels"));
    let (Some(x), false) = (x, matches!(y, Some(None))) else {
        return Err(problems);
    };
    let y = y.flatten();
    let count = x.shape[0];
    let pixels: usize = x.shape[1..].iter().product();
    if count == 0 || pixels == 0 {
        return Err(Problem::new(format!("{} has no images", images.display())).into());
    }
    if let (Some(y), Some(labels)) = (&y, labels)
        && y.shape[0] != count
    {
        return Err(Problem::new(format!(
            "{} has {count} images, but {} has {} labels",
            images.display(),
            labels.display(),
            y.shape[0]
        ))
        .into());
    }
    memory::check(count as u128 * pixels as u128 * 8, || {
        format!("{count} images of {pixels} pixels")
    })?;
    let pixel = x.bytes.iter().map(|&byte| f64::from(byte) / 255.0);
    let values: Vec<f64> = pixel.collect();
    let y = match y {
        None => Targets::None,
        Some(y) => {
            let labels: Vec<f64> = y.bytes.iter().map(|&label| f64::from(label)).collect();
            Targets::Numbers(DataMatrix::new(count, 1, labels))
        }
    };
    Ok(Raw {
        columns: number_columns(pixels),
        x: DataMatrix::new(count, pixels, values),
        targets: match y {
            Targets::None => Vec::new(),
            _ => vec!["label".to_owned()],
        },
        y,
        fill: None,
        rows: (0..count).collect(),
        origin: Arc::new(Origin {
            name: labels.unwrap_or(images).display().to_string(),
            text: None,
        }),
    })
}

/// The elements of an IDX file, without the header.
struct Array {
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    /// Reads a file that must have so many dimensions to hold `what`.
    fn read(
        path: &Path,
        dimensions: std::ops::RangeInclusive<usize>,
        what: &str,
    ) -> Result<Self, Problem> {
        let name = path.display();
        let mut bytes = file::bytes(path)?;
        if bytes.is_empty() {
            return Err(Problem::new(format!("{name} is empty")));
        }
        if !bytes.starts_with(&[0, 0]) || bytes.len() < 4 {
            return Err(Problem::new(format!(
                "{name} is no IDX file: it does not start with two zero bytes"
            ))
            .note("MNIST's files are named like train-images-idx3-ubyte.gz"));
        }
        if bytes[2] != UNSIGNED_BYTES {
            return Err(Problem::new(match type_name(bytes[2]) {
                Some(found) => format!("{name} holds {found}; only unsigned bytes are read"),
                None => format!(
                    "{name} is no IDX file: its third byte, {:#04x}, is no type of elements",
                    bytes[2]
                ),
            }));
        }
        let count = usize::from(bytes[3]);
        if !dimensions.contains(&count) {
            let plural = if count == 1 {
                "dimension"
            } else {
                "dimensions"
            };
            let problem = Problem::new(format!(
                "{name} does not hold {what}: it has {count} {plural}"
            ));
            return Err(match what {
                "images" if count == 1 => {
                    problem.note("it looks like labels: are the two files exchanged?")
                }
                "labels" => problem.note("it looks like images: are the two files exchanged?"),
                _ => problem,
            });
        }
        let header = 4 + 4 * count;
        if bytes.len() < header {
            return Err(Problem::new(format!(
                "{name} is cut short within its header"
            )));
        }
        let shape: Vec<usize> = bytes[4..header]
            .chunks_exact(4)
            .map(|size| u32::from_be_bytes([size[0], size[1], size[2], size[3]]) as usize)
            .collect();
        let expected = shape.iter().fold(1_u128, |product, &size| {
            product.saturating_mul(size as u128)
        });
        let found = (bytes.len() - header) as u128;
        let shape_text = shape
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(" × ");
        if found < expected {
            return Err(Problem::new(format!(
                "{name} is cut short: its header says {shape_text} bytes, but only {found} follow"
            )));
        }
        if found > expected {
            return Err(Problem::new(format!(
                "{name} is too long: its header says {shape_text} bytes, but {found} follow"
            )));
        }
        bytes.drain(..header);
        Ok(Self { shape, bytes })
    }
}

/// What a type code stands for.
fn type_name(code: u8) -> Option<&'static str> {
    Some(match code {
        UNSIGNED_BYTES => "unsigned bytes",
        0x09 => "signed bytes",
        0x0b => "16-bit integers",
        0x0c => "32-bit integers",
        0x0d => "32-bit floats",
        0x0e => "64-bit floats",
        _ => return None,
    })
}
