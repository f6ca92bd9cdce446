//! Rows that are written out in the experiment.

use std::sync::Arc;

use super::memory;
use super::raw::{Collected, Origin, Raw, Targets, number_columns, numbered};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

/// The rows of `x` and `y`, with features x1, x2, … and targets y, or y1, y2, …. The names of the
/// two keys begin with `prefix`.
///
/// # Errors
/// If rows have unequal lengths, `x` and `y` have different numbers of rows or none, or numbers are
/// not finite.
pub(super) fn read(x: &[Vec<f64>], y: &[Vec<f64>], prefix: &str) -> Result<Raw, Problems> {
    let mut found = Collected::default();
    let [x_name, y_name] = ["x", "y"].map(|name| format!("{prefix}{name}"));
    for (name, rows) in [(&x_name, x), (&y_name, y)] {
        let Some(first) = rows.first() else {
            found.push(|| Problem::new(format!("inline `{name}` has no rows")));
            continue;
        };
        if first.is_empty() {
            found.push(|| Problem::new(format!("row 1 of inline `{name}` has no numbers")));
        }
        for (row, values) in rows.iter().enumerate() {
            let numbers = |count| match count {
                1 => "1 number".to_owned(),
                _ => format!("{count} numbers"),
            };
            if values.len() != first.len() {
                found.push(|| {
                    Problem::new(format!(
                        "row {} of inline `{name}` has {}, the first row has {}",
                        row + 1,
                        numbers(values.len()),
                        numbers(first.len())
                    ))
                });
            }
            if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                found.push(|| {
                    Problem::new(format!(
                        "row {} of inline `{name}` has {value}, which is not a finite number",
                        row + 1
                    ))
                });
            }
        }
    }
    if x.len() != y.len() && !x.is_empty() && !y.is_empty() {
        found.push(|| {
            Problem::new(format!(
                "inline `{x_name}` has {} rows, `{y_name}` has {}: each sample needs both",
                x.len(),
                y.len()
            ))
        });
    }
    found.into_result(())?;
    let (inputs, outputs) = (x[0].len(), y[0].len());
    memory::check(x.len() as u128 * (inputs + outputs) as u128 * 8, || {
        "the inline data".into()
    })?;
    Ok(Raw {
        columns: number_columns(inputs)?,
        x: DataMatrix::new(x.len(), inputs, x.concat()),
        targets: numbered("y", outputs),
        y: Targets::Numbers(DataMatrix::new(y.len(), outputs, y.concat())),
        fill: None,
        rows: (0..x.len()).collect(),
        origin: Arc::new(Origin {
            name: "the inline data".to_owned(),
            text: None,
        }),
    })
}
