//! A matrix of data, whose numbers keep the format of their source.
//!
//! Numbers that a file holds as f32 stay f32 from the reader to the engine: they take half the
//! bytes, and a run that computes in f32 uses them as they are. Single numbers are read as f64,
//! which holds every f32 exactly. So the format changes memory and time, but no result.
//!
//! The matrix knows nothing of files, of the meaning of its rows and columns, or of what is
//! computed with them.

use alloc::vec::Vec;
use ndarray::Array2;

/// Numbers in rows of one length: (rows, columns), row by row.
#[derive(Debug, Clone)]
pub struct DataMatrix {
    nrows: usize,
    ncols: usize,
    numbers: Numbers,
}

/// Numbers of one format.
#[derive(Debug, Clone)]
pub enum Numbers {
    /// Numbers of 32 bits.
    F32(Vec<f32>),
    /// Numbers of 64 bits.
    F64(Vec<f64>),
}

/// A format of [`Numbers`].
pub trait Element: Copy + Into<f64> + Send + Sync + 'static {
    /// The numbers, if they are of this format.
    fn slice_of(numbers: &Numbers) -> Option<&[Self]>;
}

macro_rules! element {
    ($float:ident, $format:ident) => {
        impl Element for $float {
            fn slice_of(numbers: &Numbers) -> Option<&[Self]> {
                match numbers {
                    Numbers::$format(numbers) => Some(numbers),
                    _ => None,
                }
            }
        }

        impl From<Vec<$float>> for Numbers {
            fn from(numbers: Vec<$float>) -> Self {
                Numbers::$format(numbers)
            }
        }
    };
}

element!(f32, F32);
element!(f64, F64);

impl Numbers {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Numbers::F32(numbers) => numbers.len(),
            Numbers::F64(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at this index.
    fn get(&self, index: usize) -> f64 {
        match self {
            Numbers::F32(numbers) => numbers[index].into(),
            Numbers::F64(numbers) => numbers[index],
        }
    }
}

impl DataMatrix {
    /// A matrix of numbers given row by row, in their format.
    ///
    /// # Panics
    /// If there are not `nrows` × `ncols` numbers.
    pub fn new(nrows: usize, ncols: usize, numbers: impl Into<Numbers>) -> Self {
        let numbers = numbers.into();
        assert_eq!(
            Some(numbers.len()),
            nrows.checked_mul(ncols),
            "the caller has as many numbers as the shape needs"
        );
        Self {
            nrows,
            ncols,
            numbers,
        }
    }

    /// How many rows there are.
    pub fn nrows(&self) -> usize {
        self.nrows
    }

    /// How many columns there are.
    pub fn ncols(&self) -> usize {
        self.ncols
    }

    /// Rows and columns.
    pub fn dim(&self) -> (usize, usize) {
        (self.nrows, self.ncols)
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether it has no numbers.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The bytes of memory that its numbers take.
    pub fn bytes(&self) -> usize {
        match &self.numbers {
            Numbers::F32(numbers) => size_of_val(&numbers[..]),
            Numbers::F64(numbers) => size_of_val(&numbers[..]),
        }
    }

    /// All numbers, row by row, in the format in which they are held.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The numbers of [`DataMatrix::numbers`], taken out of the matrix.
    pub fn into_numbers(self) -> Numbers {
        self.numbers
    }

    /// The numbers as f64, without a copy if they are f64 already.
    pub fn into_array(self) -> Array2<f64> {
        let numbers = match self.numbers {
            Numbers::F32(numbers) => numbers.into_iter().map(f64::from).collect(),
            Numbers::F64(numbers) => numbers,
        };
        Array2::from_shape_vec((self.nrows, self.ncols), numbers)
            .expect("a matrix has as many numbers as its shape needs")
    }

    /// The number in a row and a column.
    ///
    /// # Panics
    /// If there is no such row or column.
    pub fn get(&self, row: usize, column: usize) -> f64 {
        assert!(column < self.ncols, "the matrix has this column");
        self.numbers.get(row * self.ncols + column)
    }

    /// All numbers, row by row.
    pub fn iter(&self) -> impl Iterator<Item = f64> + Clone {
        (0..self.len()).map(|index| self.numbers.get(index))
    }

    /// The numbers of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = f64> + Clone {
        let first = row * self.ncols;
        (first..first + self.ncols).map(|index| self.numbers.get(index))
    }

    /// The numbers of a column.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> + Clone {
        assert!(column < self.ncols, "the matrix has this column");
        let rows = 0..self.nrows;
        rows.map(move |row| self.numbers.get(row * self.ncols + column))
    }
}

/// Two matrices are equal if their shapes and numbers are equal, whatever their formats.
impl PartialEq for DataMatrix {
    fn eq(&self, other: &Self) -> bool {
        self.dim() == other.dim() && self.iter().eq(other.iter())
    }
}

impl PartialEq<Array2<f64>> for DataMatrix {
    fn eq(&self, other: &Array2<f64>) -> bool {
        self.dim() == other.dim() && self.iter().eq(other.iter().copied())
    }
}

impl<T: Clone> From<Array2<T>> for DataMatrix
where
    Numbers: From<Vec<T>>,
{
    fn from(array: Array2<T>) -> Self {
        let (nrows, ncols) = array.dim();
        let rows = if array.is_standard_layout() {
            array
        } else {
            array.as_standard_layout().into_owned()
        };
        let (mut numbers, first) = rows.into_raw_vec_and_offset();
        numbers.drain(..first.unwrap_or(0));
        numbers.truncate(nrows * ncols);
        Self::new(nrows, ncols, numbers)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use ndarray::{array, s};

    use super::*;

    #[test]
    fn a_number_is_the_same_in_either_format() {
        let single = DataMatrix::new(2, 3, vec![0.1_f32, 0.2, 0.3, 1e-40, -0.0, f32::MAX]);
        let double = DataMatrix::from(single.clone().into_array());
        assert!(matches!(double.numbers(), Numbers::F64(_)));
        assert_eq!(single, double);
        assert_eq!(single.get(0, 1), f64::from(0.2_f32));
        let bits = |matrix: &DataMatrix| matrix.iter().map(f64::to_bits).collect::<Vec<_>>();
        assert_eq!(bits(&single), bits(&double));
    }

    #[test]
    fn numbers_of_f32_take_four_bytes_each() {
        let numbers = [1.0, 2.0, 3.0];
        assert_eq!(
            DataMatrix::new(1, 3, numbers.map(|x| x as f32).to_vec()).bytes(),
            12
        );
        assert_eq!(DataMatrix::new(1, 3, numbers.to_vec()).bytes(), 24);
    }

    #[test]
    fn rows_and_columns_are_those_of_the_array() {
        let matrix = DataMatrix::from(array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!((matrix.nrows(), matrix.ncols(), matrix.len()), (2, 3, 6));
        assert_eq!(matrix.row(1).collect::<Vec<_>>(), [4.0, 5.0, 6.0]);
        assert_eq!(matrix.column(2).collect::<Vec<_>>(), [3.0, 6.0]);
        assert_ne!(matrix, array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    }

    #[test]
    fn an_array_of_any_layout_becomes_rows() {
        let array = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let columns = array.clone().reversed_axes();
        assert_eq!(DataMatrix::from(columns.clone()), columns);
        let part = array.clone().slice_move(s![1.., ..2]);
        assert_eq!(DataMatrix::from(part), array![[4.0, 5.0]]);
        let backwards = array.slice_move(s![..;-1, ..]);
        assert_eq!(
            DataMatrix::from(backwards),
            array![[4.0, 5.0, 6.0], [1.0, 2.0, 3.0]]
        );
    }
}
