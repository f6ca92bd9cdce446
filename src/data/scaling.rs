//! Scaling of inputs, fitted on the training part.

use ndarray::{Array2, ArrayView1};

use super::{Scale, Scaling};

/// A column's scaling.
///
/// Standardize: offset the mean, divisor √(Σ (x − mean)² / n), the standard deviation of the
/// population, each sum from the first sample to the last. Min-max: offset the least value, divisor
/// greatest − least; a constant column has divisor 1 and so becomes 0.
///
/// # Errors
/// Why it cannot be standardized.
pub(super) fn fit(column: ArrayView1<f64>, scale: Scale) -> Result<Scaling, Unfit> {
    let count = column.len() as f64;
    let first = column[0];
    let constant = column.iter().all(|&value| value == first);
    let scaling = match scale {
        Scale::None => Scaling::IDENTITY,
        Scale::Standardize if constant => return Err(Unfit::Constant),
        Scale::Standardize => {
            let mean = column.iter().sum::<f64>() / count;
            let squares = column.iter().map(|&value| (value - mean) * (value - mean));
            Scaling {
                offset: mean,
                divisor: (squares.sum::<f64>() / count).sqrt(),
            }
        }
        Scale::MinMax => {
            let least = column.iter().fold(first, |least, &value| least.min(value));
            let greatest = column
                .iter()
                .fold(first, |greatest, &value| greatest.max(value));
            Scaling {
                offset: least,
                divisor: if constant { 1.0 } else { greatest - least },
            }
        }
    };
    // Sums of numbers near the limits of the format are infinite, and squares of tiny ones are 0.
    let usable = scaling.offset.is_finite() && scaling.divisor.is_finite() && scaling.divisor > 0.0;
    if usable {
        Ok(scaling)
    } else {
        Err(Unfit::Range)
    }
}

/// Why a column cannot be scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// All its values are the same.
    Constant,
    /// Its values are too large or too close to each other for the number format.
    Range,
}

impl Scaling {
    /// Leaves a value as it is.
    pub const IDENTITY: Scaling = Scaling {
        offset: 0.0,
        divisor: 1.0,
    };
}

/// Scales each column of `x` (samples, columns) in place: (value − offset) / divisor.
pub(super) fn apply(x: &mut Array2<f64>, scaling: &[Scaling]) {
    if scaling.is_empty() {
        return;
    }
    for mut row in x.rows_mut() {
        for (value, scaling) in row.iter_mut().zip(scaling) {
            *value = (*value - scaling.offset) / scaling.divisor;
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn standardize_uses_the_population_deviation() {
        let scaling = fit(
            array![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].view(),
            Scale::Standardize,
        );
        assert_eq!(
            scaling,
            Ok(Scaling {
                offset: 5.0,
                divisor: 2.0
            })
        );
    }

    #[test]
    fn a_constant_column_is_refused_even_where_its_mean_is_inexact() {
        let column = ndarray::Array1::from_elem(7, 0.1);
        assert_eq!(fit(column.view(), Scale::Standardize), Err(Unfit::Constant));
        assert_eq!(
            fit(column.view(), Scale::MinMax),
            Ok(Scaling {
                offset: 0.1,
                divisor: 1.0
            })
        );
    }

    #[test]
    fn what_the_number_format_cannot_hold_is_refused() {
        assert_eq!(
            fit(array![1e308, 1.5e308].view(), Scale::Standardize),
            Err(Unfit::Range)
        );
        assert_eq!(
            fit(array![-1.5e308, 1.5e308].view(), Scale::MinMax),
            Err(Unfit::Range)
        );
        assert_eq!(
            fit(array![1e-300, 2e-300].view(), Scale::Standardize),
            Err(Unfit::Range)
        );
    }
}
