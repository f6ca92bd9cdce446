//! Warnings about a stored model as a start whose parameters have another meaning in the experiment
//! than in the run that trained them.

use choices::Choice;

use super::Site;
use crate::language::Language;
use crate::model::{Model, Stored};
use crate::plan::Configuration;
use crate::plan::dataset::resolved;
use crate::text;
use data::{Preparation, Scaling};
use problems::Problems;

/// Two scalings differ if the offset differs by more than this share of the divisor, or the divisor
/// by more than this share of itself. Two parts of one table differ by less.
const NOTICEABLE: f64 = 0.1;

pub fn check(site: &Site<'_>, configuration: &Configuration, warnings: &mut Problems) {
    let Some(node) = site.node(configuration, "model.init.file") else {
        return;
    };
    let Ok(bytes) = data::file_bytes(&resolved(&node)) else {
        return; // It was read before; if it was removed since, there is no warning.
    };
    let Ok(model) = Stored::open(&bytes)
        .map_err(|_| ())
        .and_then(|file| file.model().map_err(|_| ()))
    else {
        return; // A file of another program does not describe its function.
    };
    let language = site.language;
    let file = node.as_str().unwrap_or_default();
    let new = &configuration.data[0].preparation;
    let mut warn = |keys: &[&str], message: String, remedy: String| {
        let place = [keys, &["model.init.file"]].concat();
        let problem = site.warn(configuration, &place, message, remedy);
        warnings.push(problem.note(text!(language, "check-start-note")));
    };
    let words = |activations: &[engine::types::Activation]| -> String {
        let words: Vec<&str> = activations
            .iter()
            .map(|activation| activation.word())
            .collect();
        words.join(", ")
    };
    let (old, own) = (
        &model.architecture.activations,
        &configuration.architecture.activations,
    );
    if old != own {
        warn(
            &["model.activations", "model.hidden", "model.output"],
            text!(
                language,
                "check-start-activations",
                file = file,
                activations = words(old)
            ),
            text!(language, "check-start-here-they", values = words(own)),
        );
    }
    check_features(language, &model, new, file, &mut warn);
    check_targets(language, &model, new, file, &mut warn);
}

type Warn<'a> = dyn FnMut(&[&str], String, String) + 'a;

/// Compares the names of the inputs, their order and their scaling.
fn check_features(
    language: Language,
    model: &Model,
    new: &Preparation,
    file: &str,
    warn: &mut Warn<'_>,
) {
    let old = &model.preparation;
    let differing = old
        .features
        .iter()
        .zip(&new.features)
        .position(|(old, new)| old != new);
    if let Some(at) = differing {
        let mut sorted = [old.features.clone(), new.features.clone()];
        sorted.iter_mut().for_each(|names| names.sort());
        let [was, is] = &sorted;
        let columns: Vec<String> = old
            .columns
            .iter()
            .map(|column| format!("\"{}\"", column.name))
            .collect();
        let remedy = match was == is {
            true => text!(language, "check-start-order", features = columns.join(", ")),
            false => text!(language, "check-start-here-named", name = &new.features[at]),
        };
        // Each category is an input of its own, whose name begins with that of its column.
        let categories = old
            .columns
            .iter()
            .filter(|column| !column.categories.is_empty());
        let mut names = categories.map(|column| format!("{}=", column.name));
        let keys = match names.any(|name| new.features[at].starts_with(&name)) {
            true => ["data.categorical", "data.path", "data.source"],
            false => ["data.features", "data.path", "data.source"],
        };
        warn(
            &keys,
            text!(
                language,
                "check-start-input",
                number = at + 1,
                file = file,
                name = &old.features[at]
            ),
            remedy,
        );
        return;
    }
    if let Some((at, was, is)) = other_scaling(&old.scaling, &new.scaling, new.features.len()) {
        let message = text!(
            language,
            "check-start-scaled-input",
            name = &new.features[at],
            file = file,
            scaling = scaled(language, was)
        );
        warn(
            &["data.scale", "data.path", "data.source"],
            message,
            here(language, is),
        );
    }
}

/// Compares the meaning of the outputs: their scaling, and the classes.
fn check_targets(
    language: Language,
    model: &Model,
    new: &Preparation,
    file: &str,
    warn: &mut Warn<'_>,
) {
    let old = &model.preparation;
    if old.classes != new.classes && !old.classes.is_empty() && !new.classes.is_empty() {
        warn(
            &["data.target", "data.path", "data.source"],
            text!(
                language,
                "check-start-classes",
                file = file,
                classes = old.classes.join(", ")
            ),
            text!(
                language,
                "check-start-here-they",
                values = new.classes.join(", ")
            ),
        );
    }
    let count = new.targets.len();
    if let Some((at, was, is)) = other_scaling(&old.target_scaling, &new.target_scaling, count) {
        let message = text!(
            language,
            "check-start-scaled-target",
            name = &new.targets[at],
            file = file,
            scaling = scaled(language, was)
        );
        warn(
            &["data.scale_targets", "data.path", "data.source"],
            message,
            here(language, is),
        );
    }
}

/// The scaling of a column in the experiment, in words.
fn here(language: Language, scaling: Scaling) -> String {
    let value = scaled(language, scaling);
    text!(language, "check-start-here-it", value = value)
}

/// The first column with another scaling, and both scalings. An empty list scales nothing.
fn other_scaling(
    old: &[Scaling],
    new: &[Scaling],
    columns: usize,
) -> Option<(usize, Scaling, Scaling)> {
    let of =
        |list: &[Scaling], column: usize| list.get(column).copied().unwrap_or(Scaling::IDENTITY);
    (0..columns).find_map(|column| {
        let (was, is) = (of(old, column), of(new, column));
        let moved = (was.offset - is.offset).abs() > NOTICEABLE * was.divisor.abs();
        let stretched = (was.divisor - is.divisor).abs() > NOTICEABLE * was.divisor.abs();
        (moved || stretched).then_some((column, was, is))
    })
}

fn scaled(language: Language, Scaling { offset, divisor }: Scaling) -> String {
    if (offset, divisor) == (0.0, 1.0) {
        return text!(language, "check-start-not-scaled");
    }
    format!(
        "(value − {}) / {}",
        super::rounded(offset),
        super::rounded(divisor)
    )
}
