//! The confusion matrix: how often each class was predicted as which.

use super::exhibit::{Exhibit, class, outputs};
use crate::language::Language;
use crate::text;
use data::TargetKind;
use engine::types::Loss;
use pictures::axis::{CHARACTER, SMALL, margin};
use pictures::{Anchor, Figure, Ink, Item, cut, ink_on, sequential, text};

/// The most classes of a legible matrix.
const CLASSES: usize = 20;
/// The most multiply-adds that the predictions may take.
const WORK: usize = 400_000_000;

/// The counts of (actual, predicted), with the names of the classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Confusion {
    /// The names in the order of the classes' indices.
    pub classes: Vec<String>,
    /// A row per actual class, a column per predicted one.
    pub counts: Vec<Vec<usize>>,
    /// Whether the samples are validation samples; else they are training samples.
    pub of_validation: bool,
}

/// Counts the predictions of a model for the validation samples, or for the training samples if
/// there are no others; `None` if the model has no classes.
pub fn count(exhibit: &Exhibit) -> Option<Confusion> {
    let model = &exhibit.model;
    let data = &exhibit.origin.as_ref()?.data;
    let classes = classes(exhibit)?;
    let samples = data.valid.as_ref().unwrap_or(&data.train);
    let work = samples.x.nrows() * model.parameters.count();
    if classes.len() < 2 || classes.len() > CLASSES || work > WORK {
        return None;
    }
    let mut counts = vec![vec![0; classes.len()]; classes.len()];
    let outputs = outputs(model, &model.parameters, &samples.x);
    let targets = data.own_targets(samples);
    for (row, y) in outputs.rows().into_iter().zip(targets.column(0)) {
        let predicted = class(row.as_slice().expect("rows are contiguous"), model.loss);
        let actual = actual(y, model.preparation.kind);
        counts[actual.min(classes.len() - 1)][predicted] += 1;
    }
    Some(Confusion {
        classes,
        counts,
        of_validation: data.valid.is_some(),
    })
}

/// The names of a model's classes; `None` if the model has no classes.
pub fn classes(exhibit: &Exhibit) -> Option<Vec<String>> {
    let (model, data) = (&exhibit.model, &exhibit.origin.as_ref()?.data);
    let two = |low: &str, high: &str| vec![low.to_owned(), high.to_owned()];
    match (model.preparation.kind, model.loss) {
        (TargetKind::Classes, Loss::CrossEntropy) => Some(model.preparation.classes.clone()),
        (TargetKind::Binary, Loss::Bce) if data.train.y.ncols() == 1 => {
            match &model.preparation.classes[..] {
                [low, high] => Some(two(low, high)),
                _ => Some(two("0", "1")),
            }
        }
        _ if data.is_two_class() => Some(two("−1", "+1")),
        _ => None,
    }
}

/// The class of a sample, from its target.
pub fn actual(target: f64, kind: TargetKind) -> usize {
    match kind {
        TargetKind::Classes => target as usize,
        _ => usize::from(target > 0.0),
    }
}

/// The figure of a confusion matrix.
pub fn figure(language: Language, confusion: &Confusion, name: &str) -> Figure {
    let classes = confusion.classes.len();
    let cell = (330.0 / classes as f64).clamp(22.0, 72.0);
    let left = margin(confusion.classes.iter().cloned(), [28.0, 96.0]);
    let top = 62.0;
    let width = (left + cell * classes as f64 + 12.0).max(300.0);
    let mut figure = Figure::new(
        width,
        top + cell * classes as f64 + 14.0,
        text!(language, "figure-confusion-of", name = name),
    );
    figure.head(name, 44);
    let of = if confusion.of_validation {
        "valid"
    } else {
        "train"
    };
    figure.items.push(text(
        (0.0, 32.0),
        text!(language, "figure-confusion-legend", of = of),
        Anchor::Start,
        SMALL,
        Ink::Muted,
    ));
    for (actual, row) in confusion.counts.iter().enumerate() {
        let y = top + cell * actual as f64;
        let total: usize = row.iter().sum();
        let label = cut(
            &confusion.classes[actual],
            ((left - 8.0) / CHARACTER) as usize,
        );
        figure.items.push(text(
            (left - 8.0, y + cell / 2.0 + 4.0),
            label,
            Anchor::End,
            SMALL,
            Ink::Muted,
        ));
        let x = left + cell * (actual as f64 + 0.5);
        let label = cut(&confusion.classes[actual], (cell / 7.0) as usize + 1);
        figure.items.push(text(
            (x, top - 8.0),
            label,
            Anchor::Middle,
            SMALL,
            Ink::Muted,
        ));
        for (predicted, &count) in row.iter().enumerate() {
            let x = left + cell * predicted as f64;
            let share = if total > 0 {
                count as f64 / total as f64
            } else {
                0.0
            };
            figure.items.push(Item::Rectangle {
                frame: [x, y, cell - 2.0, cell - 2.0],
                ink: Ink::Fixed(sequential(share)),
                title: text!(
                    language,
                    "figure-taken-for",
                    actual = &confusion.classes[actual],
                    predicted = &confusion.classes[predicted],
                    count = count,
                    total = total
                ),
            });
            let at = (x + cell / 2.0 - 1.0, y + cell / 2.0 + 3.0);
            figure.items.push(text(
                at,
                count.to_string(),
                Anchor::Middle,
                11.0,
                Ink::Fixed(ink_on(sequential(share))),
            ));
        }
    }
    let right: usize = (0..classes)
        .map(|class| confusion.counts[class][class])
        .sum();
    let all: usize = confusion.counts.iter().flatten().sum();
    figure.description = text!(
        language,
        "figure-confusion",
        right = right,
        all = all,
        of = of
    );
    figure
}
