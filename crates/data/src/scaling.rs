//! Scaling of inputs and targets, fitted on the training part.

use ndarray::Array2;

use super::{Scale, Scaling};

/// The scaling of each column of `x` (samples, columns), at least one sample.
///
/// To standardize is to take the mean as the offset and √(Σ (x − mean)² / n), the standard
/// deviation of the population, as the divisor; each sum goes from the first sample to the last.
/// Min-max takes the least value as the offset and greatest − least as the divisor. A constant
/// column has its value as the offset and 1 as the divisor, so that it becomes 0.
///
/// For a column that cannot be scaled, the result has the reason.
pub(super) fn fit(x: &Array2<f64>, scale: Scale) -> Vec<Result<Scaling, Unfit>> {
    let first = x.row(0).to_vec();
    let count = x.nrows() as f64;
    let zeros = vec![0.0; x.ncols()];
    let least = fold(x, &first, |least, x, _| least.min(x));
    let greatest = fold(x, &first, |greatest, x, _| greatest.max(x));
    let (offsets, divisors) = match scale {
        Scale::None => return vec![Ok(Scaling::IDENTITY); x.ncols()],
        Scale::Standardize => {
            let means: Vec<f64> = fold(x, &zeros, |sum, x, _| sum + x)
                .iter()
                .map(|sum| sum / count)
                .collect();
            let squares = fold(x, &zeros, |sum, x, column| {
                sum + (x - means[column]) * (x - means[column])
            });
            let deviations = squares.iter().map(|sum| (sum / count).sqrt()).collect();
            (means, deviations)
        }
        Scale::MinMax => {
            let widths = least.iter().zip(&greatest).map(|(least, greatest)| {
                if least == greatest {
                    1.0
                } else {
                    greatest - least
                }
            });
            (least.clone(), widths.collect::<Vec<f64>>())
        }
    };
    (0..x.ncols())
        .map(|column| {
            if least[column] == greatest[column] {
                return Ok(Scaling {
                    offset: least[column],
                    divisor: 1.0,
                });
            }
            let (offset, divisor) = (offsets[column], divisors[column]);
            // Sums near the limits of the format are infinite, and squares of tiny numbers are 0.
            let usable = offset.is_finite() && divisor.is_finite() && divisor > 0.0;
            if usable {
                Ok(Scaling { offset, divisor })
            } else {
                Err(Unfit::Range)
            }
        })
        .collect()
}

/// A value per column: it begins with `start` and is changed by `step` for each number of the
/// column. The numbers are read row by row, as they lie in memory.
fn fold(x: &Array2<f64>, start: &[f64], step: impl Fn(f64, f64, usize) -> f64) -> Vec<f64> {
    let mut values = start.to_vec();
    for row in x.rows() {
        for (column, (value, &x)) in values.iter_mut().zip(row).enumerate() {
            *value = step(*value, x, column);
        }
    }
    values
}

/// The reason why a column cannot be scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The values are too large or too close to each other for the number format.
    Range,
}

impl Scaling {
    /// The scaling that changes nothing.
    pub const IDENTITY: Scaling = Scaling {
        offset: 0.0,
        divisor: 1.0,
    };

    /// The scaled value (value − offset) / divisor.
    pub fn apply(&self, value: f64) -> f64 {
        (value - self.offset) / self.divisor
    }

    /// The value before [`Scaling::apply`], up to rounding: value · divisor + offset.
    pub fn undo(&self, value: f64) -> f64 {
        value * self.divisor + self.offset
    }
}

/// Scales each column of `x` (samples, columns) in place: (value − offset) / divisor.
pub(super) fn apply(x: &mut Array2<f64>, scaling: &[Scaling]) {
    for mut row in x.rows_mut() {
        for (value, scaling) in row.iter_mut().zip(scaling) {
            *value = scaling.apply(*value);
        }
    }
}

/// Takes the scaling of each column of `x` (samples, columns) back, in place.
pub(super) fn undo(x: &mut Array2<f64>, scaling: &[Scaling]) {
    for mut row in x.rows_mut() {
        for (value, scaling) in row.iter_mut().zip(scaling) {
            *value = scaling.undo(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// The scaling of one column.
    fn one(values: &[f64], scale: Scale) -> Result<Scaling, Unfit> {
        let column = Array2::from_shape_vec((values.len(), 1), values.to_vec());
        fit(&column.expect("a row per value"), scale)[0]
    }

    #[test]
    fn standardize_uses_the_population_deviation() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let expected = Scaling {
            offset: 5.0,
            divisor: 2.0,
        };
        assert_eq!(one(&values, Scale::Standardize), Ok(expected));
    }

    #[test]
    fn a_constant_column_is_refused_even_where_its_mean_is_inexact() {
        let constant = Scaling {
            offset: 0.1,
            divisor: 1.0,
        };
        assert_eq!(one(&[0.1; 7], Scale::Standardize), Ok(constant));
        let expected = Scaling {
            offset: 0.1,
            divisor: 1.0,
        };
        assert_eq!(one(&[0.1; 7], Scale::MinMax), Ok(expected));
    }

    #[test]
    fn what_the_number_format_cannot_hold_is_refused() {
        assert_eq!(
            one(&[1e308, 1.5e308], Scale::Standardize),
            Err(Unfit::Range)
        );
        assert_eq!(one(&[-1.5e308, 1.5e308], Scale::MinMax), Err(Unfit::Range));
        assert_eq!(
            one(&[1e-300, 2e-300], Scale::Standardize),
            Err(Unfit::Range)
        );
    }

    #[test]
    fn each_column_has_a_scaling_of_its_own() {
        let scaling = fit(&array![[0.0, 10.0], [4.0, 30.0]], Scale::MinMax);
        let expected = [(0.0, 4.0), (10.0, 20.0)];
        let expected = expected.map(|(offset, divisor)| Ok(Scaling { offset, divisor }));
        assert_eq!(scaling, expected);
    }
}
