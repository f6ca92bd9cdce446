//! Targets: numbers, 0 or 1, or the index of a class.

use std::collections::HashSet;

use super::classes::{Classes, list};
use super::raw::{Cell, Collected, Raw, Targets};
use super::{Preparation, Request, TargetKind, Validation};
use numbers::matrix::DataMatrix;
use problems::{Problem, Problems};

impl Preparation {
    /// The targets of raw rows, (rows, targets), if they have any. They are taken out of the rows,
    /// so that numbers are held once. `advice` is given for an unknown class.
    ///
    /// # Errors
    /// If a class is unknown, or a number is neither 0 nor 1 where it must be.
    pub(super) fn targets(
        &self,
        raw: &mut Raw,
        advice: &str,
    ) -> Result<Option<DataMatrix>, Problems> {
        let classes = Classes::of(self.classes.clone());
        let y = match (self.kind, std::mem::replace(&mut raw.y, Targets::None)) {
            (_, Targets::None) => return Ok(None),
            (TargetKind::Numbers, Targets::Numbers(y)) => y,
            (TargetKind::Binary, Targets::Numbers(y)) => {
                check_binary(raw, &y)?;
                y
            }
            (TargetKind::Binary, Targets::Words { words, index, .. })
                if classes.names().is_empty() =>
            {
                let numbers: Vec<f64> = words
                    .iter()
                    .map(|word| word.parse().unwrap_or(f64::NAN))
                    .collect();
                let y: Vec<f64> = index.iter().map(|&word| numbers[word]).collect();
                let y = DataMatrix::new(index.len(), 1, y);
                check_binary(raw, &y)?;
                y
            }
            (_, Targets::Words { words, index, .. }) => {
                let codes: Vec<Option<usize>> =
                    words.iter().map(|word| classes.index(word)).collect();
                coded(
                    raw,
                    advice,
                    &classes,
                    &index,
                    |row| &words[index[row]],
                    |word| codes[word],
                )?
            }
            (_, Targets::Numbers(y)) => {
                let words: Vec<String> = y.iter().map(|y| y.to_string()).collect();
                let rows: Vec<usize> = (0..words.len()).collect();
                coded(
                    raw,
                    advice,
                    &classes,
                    &rows,
                    |row| &words[row],
                    |row| classes.index(&words[row]),
                )?
            }
        };
        Ok(Some(y))
    }
}

/// The index of each row's class. `code` gives it for an entry of `index`; `word` names the class
/// of a row.
fn coded<'a>(
    raw: &Raw,
    advice: &str,
    classes: &Classes,
    index: &[usize],
    word: impl Fn(usize) -> &'a str,
    code: impl Fn(usize) -> Option<usize>,
) -> Result<DataMatrix, Problems> {
    let mut found = Collected::default();
    let mut reported = HashSet::new();
    let mut y = Vec::with_capacity(index.len());
    for (row, &entry) in index.iter().enumerate() {
        match code(entry) {
            Some(class) => y.push(class as f64),
            None if reported.insert(word(row)) => found.push(|| {
                unseen(raw, row, word(row), advice)
                    .note(format!("the classes are: {}", list(classes.names())))
            }),
            None => {}
        }
    }
    found.into_result(())?;
    Ok(DataMatrix::new(index.len(), 1, y))
}

/// The problem of an unknown class.
pub(super) fn unseen(raw: &Raw, row: usize, class: &str, advice: &str) -> Problem {
    raw.problem(
        row,
        Cell::Target(0),
        format!("the training part has no sample of class `{class}`"),
        "only met here",
    )
    .note(advice)
}

/// Refuses targets that are neither 0 nor 1.
fn check_binary(raw: &Raw, y: &DataMatrix) -> Result<(), Problems> {
    let mut found = Collected::default();
    for (place, value) in y.iter().enumerate() {
        if value != 0.0 && value != 1.0 {
            let (row, column) = (place / y.ncols(), place % y.ncols());
            let message = format!(
                "a target of column `{}` is neither 0 nor 1",
                raw.targets[column]
            );
            found.push(|| {
                raw.problem(row, Cell::Target(column), message, "expected 0 or 1")
                    .note("loss = \"bce\" learns targets of 0 and 1, or two names")
            });
        }
    }
    found.into_result(())
}

/// The classes, and whether the training part has each of them.
pub(super) fn fit_classes(
    train: &Raw,
    request: &Request,
) -> Result<(Vec<String>, Vec<bool>), Problems> {
    let none = Ok((Vec::new(), Vec::new()));
    if request.kind == TargetKind::Numbers {
        return none;
    }
    if train.targets.len() != 1 && request.kind == TargetKind::Binary {
        return none;
    }
    let (words, rows): (Vec<String>, Vec<usize>) = match &train.y {
        Targets::None => return none,
        Targets::Words {
            known: Some(known), ..
        } => {
            return Ok((known.clone(), vec![true; known.len()]));
        }
        Targets::Words { words, index, .. } => {
            let mut first = vec![usize::MAX; words.len()];
            for (row, &word) in index.iter().enumerate().rev() {
                first[word] = row;
            }
            let used = words
                .iter()
                .cloned()
                .zip(first)
                .filter(|(_, row)| *row != usize::MAX);
            used.unzip()
        }
        Targets::Numbers(y) => {
            let mut seen = HashSet::new();
            let distinct = y
                .iter()
                .enumerate()
                .filter(|(_, y)| seen.insert((y + 0.0).to_bits()));
            distinct
                .map(|(row, y)| ((y + 0.0).to_string(), row))
                .unzip()
        }
    };
    let are_numbers = words
        .iter()
        .all(|word| word.parse::<f64>().is_ok_and(f64::is_finite));
    if request.kind == TargetKind::Binary {
        if are_numbers {
            return none;
        }
        let classes = Classes::sorted(words.iter().map(String::as_str));
        return match classes.names().len() {
            2 => Ok((classes.names().to_vec(), vec![true; 2])),
            count => {
                if let Some(lost) = lost_by_the_split(train, &classes, request) {
                    return Err(lost.into());
                }
                let problem = Problem::new(format!(
                    "loss = \"bce\" tells two classes apart, but target `{}` of {} has {count}: {}",
                    train.targets[0],
                    train.origin.name,
                    list(classes.names())
                ));
                Err(if count > 2 {
                    problem.note("loss = \"cross_entropy\" learns more than two classes")
                } else {
                    problem
                }
                .into())
            }
        };
    }
    match Classes::fit(words.iter().map(String::as_str), request.outputs) {
        Ok(classes) => {
            let mut seen = vec![false; classes.names().len()];
            for word in &words {
                seen[classes
                    .index(word)
                    .expect("the classes were fitted on these words")] = true;
            }
            Ok((classes.names().to_vec(), seen))
        }
        Err(wrong) => {
            let mut found = Collected::default();
            for (word, &row) in words
                .iter()
                .zip(&rows)
                .filter(|(word, _)| wrong.contains(&word.as_str()))
            {
                found.push(|| out_of_range(train, row, word, request.outputs));
            }
            found.into_result((Vec::new(), Vec::new()))
        }
    }
}

/// The problem of a training part with only one of the source's two classes, which the split has
/// caused.
fn lost_by_the_split(train: &Raw, there: &Classes, request: &Request) -> Option<Problem> {
    let Targets::Words { words, .. } = &train.y else {
        return None;
    };
    let split = match &request.validation {
        Validation::Share { share, .. } => format!("`validation` = {share}"),
        Validation::Folds { folds, .. } => format!("one of the {folds} folds"),
        Validation::None | Validation::Files(_) => return None,
    };
    let mut lost = words.iter().filter(|word| there.index(word).is_none());
    let (lost, None) = (lost.next()?, lost.next()) else {
        return None;
    };
    Some(
        Problem::new(format!(
            "the split leaves no sample of class `{lost}` to learn from: {split} keeps \
             all of them"
        ))
        .note("`stratify = true` keeps some of each class in both parts"),
    )
}

fn out_of_range(train: &Raw, row: usize, label: &str, outputs: Option<usize>) -> Problem {
    let problem = train.problem(
        row,
        Cell::Target(0),
        format!("the label {label} is out of range"),
        "first met here",
    );
    match outputs {
        Some(1) => problem.note("classes count from 0, and the output layer has 1 node"),
        Some(outputs) => problem.note(format!(
            "classes count from 0, and the output layer has {outputs} nodes: 0 to {}",
            outputs - 1
        )),
        None => problem.note("classes are whole numbers that count from 0, or names"),
    }
}
