//! One-hot targets as in Keras and scikit-learn: a column for each class, and a single 1 among the
//! 0s of each row.

use std::sync::Arc;

use super::TargetKind;
use super::classes::{Classes, list};
use super::raw::{Cell, Raw, Targets};
use problems::{Problem, Problems};

/// Turns several target columns of classes into one class per row, that of the column with the 1.
/// The columns of a table name the classes; those of an array are 0, 1 and so on.
///
/// # Errors
/// If a row is not exactly one-hot.
pub(super) fn classes(mut raw: Raw, kind: TargetKind) -> Result<Raw, Problems> {
    let width = raw.targets.len();
    if kind != TargetKind::Classes || width < 2 {
        return Ok(raw);
    }
    if matches!(raw.y, Targets::None) {
        return Ok(raw);
    }
    let hot = rows(&raw.y, width).into_iter().enumerate();
    let index: Result<Vec<usize>, usize> = hot.map(|(row, hot)| hot.ok_or(row)).collect();
    let index = index.map_err(|row| not_one_hot(&raw, row))?;
    let words: Vec<String> = match raw.origin.text {
        Some(_) => raw.targets.clone(),
        None => (0..width).map(|class| class.to_string()).collect(),
    };
    let known = Classes::sorted(words.iter().map(String::as_str));
    raw.y = Targets::Words {
        known: Some(known.names().to_vec()),
        words: Arc::new(words),
        index,
    };
    Ok(raw)
}

/// The index of the column with the 1 for each row of `width` columns; `None` for a row that is not
/// one-hot.
pub(super) fn rows(y: &Targets, width: usize) -> Vec<Option<usize>> {
    match y {
        Targets::None => Vec::new(),
        Targets::Numbers(y) => (0..y.nrows()).map(|row| hot(y.row(row))).collect(),
        Targets::Words { words, index, .. } => {
            let number = |word: &String| word.parse().unwrap_or(f64::NAN);
            let numbers: Vec<f64> = words.iter().map(number).collect();
            let rows = index.chunks_exact(width);
            rows.map(|cells| hot(cells.iter().map(|&word| numbers[word])))
                .collect()
        }
    }
}

/// The index of the 1 among these numbers, if all others are 0.
fn hot(numbers: impl Iterator<Item = f64>) -> Option<usize> {
    let mut hot = None;
    for (column, number) in numbers.enumerate() {
        if number == 1.0 && hot.is_none() {
            hot = Some(column);
        } else if number != 0.0 {
            return None;
        }
    }
    hot
}

/// The problem of a row of targets that is not a class.
fn not_one_hot(raw: &Raw, row: usize) -> Problem {
    let way = match raw.origin.text {
        Some(_) => "name the one column that holds the class, as in target = \"species\"",
        None => "numpy.argmax(y, axis=1) makes the class's index of each row",
    };
    raw.problem(
        row,
        Cell::Target(0),
        format!(
            "this loss needs one class per sample, but {} has {} targets ({}), and in this row they \
             are not a single 1 among 0s",
            raw.origin.name,
            raw.targets.len(),
            list(&raw.targets)
        ),
        "the first of them",
    )
    .note(way)
    .note("several yes-or-no targets need loss = \"bce\"; numbers need \"half_mse\", \"mse\", \"mae\" or \"huber\"")
}
