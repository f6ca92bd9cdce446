//! Images and labels in the IDX format of the MNIST database (LeCun, Cortes, Burges), plain or
//! compressed with gzip.
//!
//! A file has two zero bytes, the type of the elements, the number of dimensions, each dimension as
//! a big-endian 32-bit number, and then the elements row by row, big-endian too.

use std::path::Path;
use std::sync::Arc;

use super::raw::{Origin, Raw, Targets, number_columns};
use super::{file, memory};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// Whether the bytes begin like an IDX file.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && bytes[..2] == [0, 0] && Element::of(bytes[2]).is_some()
}

/// Reads images as inputs, named x1, x2, … row by row: a byte becomes byte / 255, and every other
/// number stays as it is. Labels, if there are any, become the target `label`.
///
/// # Errors
/// If a file cannot be read, is not an IDX file, or is shorter or longer than its header says; if a
/// number is not finite; or if there are not as many labels as images.
pub(super) fn read(images: &Path, labels: Option<&Path>) -> Result<Raw, Problems> {
    let x = file::bytes(images).and_then(|bytes| Array::parse(images, bytes, IMAGES));
    samples(x, images, labels)
}

/// Reads images from these bytes, with the labels of a file if there are any.
pub(super) fn read_bytes(
    bytes: Vec<u8>,
    images: &Path,
    labels: Option<&Path>,
) -> Result<Raw, Problems> {
    samples(Array::parse(images, bytes, IMAGES), images, labels)
}

/// The samples of images and labels.
fn samples(
    x: Result<Array, Problem>,
    images: &Path,
    labels: Option<&Path>,
) -> Result<Raw, Problems> {
    let mut problems = Problems::new();
    let mut kept =
        |array: Result<Array, Problem>| array.map_err(|problem| problems.push(problem)).ok();
    let x = kept(x);
    let y = labels.map(|labels| {
        kept(file::bytes(labels).and_then(|bytes| Array::parse(labels, bytes, LABELS)))
    });
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
            "{} has {} labels, but {} has {count} images",
            labels.display(),
            y.shape[0],
            images.display()
        ))
        .into());
    }
    memory::check(count as u128 * pixels as u128 * 8, || {
        format!("{count} images of {pixels} pixels")
    })?;
    let values = match x.element {
        Element::UnsignedByte => x
            .bytes
            .iter()
            .map(|&byte| f64::from(byte) / 255.0)
            .collect(),
        _ => x.numbers(images)?,
    };
    let y = match (y, labels) {
        (Some(y), Some(labels)) => Targets::Numbers(DataMatrix::new(count, 1, y.numbers(labels)?)),
        _ => Targets::None,
    };
    Ok(Raw {
        columns: number_columns(pixels)?,
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

/// The contents of a file in words, and the dimensions that it can have.
type Contents = (&'static str, std::ops::RangeInclusive<usize>);
const IMAGES: Contents = ("images", 2..=4);
const LABELS: Contents = ("labels", 1..=1);

/// The elements of an IDX file, without the header.
struct Array {
    element: Element,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Array {
    /// Reads the array of a file's bytes.
    fn parse(
        path: &Path,
        mut bytes: Vec<u8>,
        (what, dimensions): Contents,
    ) -> Result<Self, Problem> {
        let name = path.display();
        if bytes.is_empty() {
            return Err(Problem::new(format!("{name} is empty")));
        }
        if !bytes.starts_with(&[0, 0]) || bytes.len() < 4 {
            return Err(Problem::new(format!(
                "{name} is no IDX file: it does not start with two zero bytes"
            ))
            .note("MNIST's files are named like train-images-idx3-ubyte.gz"));
        }
        let Some(element) = Element::of(bytes[2]) else {
            return Err(Problem::new(format!(
                "{name} is no IDX file: its third byte, {:#04x}, is no type of elements",
                bytes[2]
            )));
        };
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
        let expected = shape.iter().fold(element.size() as u128, |product, &size| {
            product.saturating_mul(size as u128)
        });
        let found = (bytes.len() - header) as u128;
        let sizes = shape.iter().map(usize::to_string);
        let mut shape_text = sizes.collect::<Vec<_>>().join(" × ");
        if element.size() > 1 {
            shape_text += &format!(" × {}", element.size());
        }
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
        Ok(Self {
            element,
            shape,
            bytes,
        })
    }

    /// The elements as numbers, all of them finite.
    fn numbers(&self, path: &Path) -> Result<Vec<f64>, Problem> {
        let elements = self.bytes.chunks_exact(self.element.size());
        let numbers: Vec<f64> = elements.map(|bytes| self.element.number(bytes)).collect();
        match numbers.iter().position(|number| !number.is_finite()) {
            None => Ok(numbers),
            Some(at) => {
                let sample: usize = self.shape[1..].iter().product();
                Err(Problem::new(format!(
                    "{} holds {}, which is not a finite number, in sample {}",
                    path.display(),
                    numbers[at],
                    at / sample.max(1) + 1
                )))
            }
        }
    }
}

/// The type of an array's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    UnsignedByte,
    SignedByte,
    Short,
    Int,
    Float,
    Double,
}

impl Element {
    /// The element type of a type code.
    fn of(code: u8) -> Option<Self> {
        Some(match code {
            0x08 => Element::UnsignedByte,
            0x09 => Element::SignedByte,
            0x0b => Element::Short,
            0x0c => Element::Int,
            0x0d => Element::Float,
            0x0e => Element::Double,
            _ => return None,
        })
    }

    /// The bytes of one element.
    fn size(self) -> usize {
        match self {
            Element::UnsignedByte | Element::SignedByte => 1,
            Element::Short => 2,
            Element::Int | Element::Float => 4,
            Element::Double => 8,
        }
    }

    /// The number of these bytes.
    fn number(self, bytes: &[u8]) -> f64 {
        const SIZE: &str = "an element's bytes";
        match self {
            Element::UnsignedByte => bytes[0].into(),
            Element::SignedByte => bytes[0].cast_signed().into(),
            Element::Short => i16::from_be_bytes(bytes.try_into().expect(SIZE)).into(),
            Element::Int => i32::from_be_bytes(bytes.try_into().expect(SIZE)).into(),
            Element::Float => f32::from_be_bytes(bytes.try_into().expect(SIZE)).into(),
            Element::Double => f64::from_be_bytes(bytes.try_into().expect(SIZE)),
        }
    }
}
