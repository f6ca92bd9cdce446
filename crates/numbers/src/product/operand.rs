//! The operands of a matrix product.

/// A matrix that is read: element (i, j) stands at `i * row_stride + j * column_stride`.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'a, T> {
    /// The elements.
    pub elements: &'a [T],
    /// The distance from one row to the next.
    pub row_stride: usize,
    /// The distance from one column to the next.
    pub column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// A matrix whose rows are stored one after the other.
    pub fn rows(elements: &'a [T], row_stride: usize) -> Self {
        Self {
            elements,
            row_stride,
            column_stride: 1,
        }
    }

    /// The operand with its rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self {
            elements: self.elements,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    /// Whether a matrix of this shape lies within the elements.
    pub(super) fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0
            || columns == 0
            || (rows - 1) * self.row_stride + (columns - 1) * self.column_stride
                < self.elements.len()
    }
}

/// The number that each chain starts from.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a, T> {
    /// The number 0.
    Zero,
    /// A number per row of C (a layer's biases).
    Rows(&'a [T]),
    /// The number that C holds.
    Stored,
}
