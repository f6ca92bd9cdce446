//! One-hot targets, as Keras and scikit-learn write them: a column for each class, and in each row a
//! single 1 among 0s.

use std::sync::Arc;

use super::TargetKind;
use super::classes::{Classes, list};
use super::raw::{Cell, Raw, Targets};
use problems::{Problem, Problems};

/// Rows whose targets are classes: several target columns become one class per row, the column that
/// holds the 1. A table's columns name the classes; those of an array are 0, 1 and so on.
///
/// # Errors
/// A row is not exactly one-hot.
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

/// Which of its `width` columns holds the 1 of each row; `None` for a row that is not one-hot.
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

/// Which of these numbers is 1, if all others are 0.
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

/// That a row of targets is no class.
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
