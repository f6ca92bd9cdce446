//! Finds the grounds on which the configurations of results are judged, and the terms of their
//! ranking.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::judged::{Judged, Terms};
use super::number::short;
use super::results::{Results, short_key};
use crate::likeness::{Choice, Quantity, Scale, Side, differences};
use crate::record::grounds::Grounds;
use crate::text;

/// The keys of `[data]` that change how samples are prepared, but not which samples they are.
const SAME_SAMPLES: [&str; 5] = ["scale", "scale_targets", "derive", "features", "exclude"];

impl Judged {
    /// The grounds of each configuration of results; equal grounds are shared.
    pub fn of(results: &Results, grounds: Option<&Grounds>) -> Vec<Arc<Self>> {
        let document = &results.experiment.document;
        // The first of the keys is `variant`.
        let (_, swept) = results.keys.split_at(1.min(results.keys.len()));
        let matters = |key: &str| {
            key == "variant"
                || key.starts_with("data.")
                || Scale::KEYS.iter().any(|(scale, _)| *scale == key)
        };
        let matters: Vec<usize> = (0..results.keys.len())
            .filter(|&key| matters(&results.keys[key]))
            .collect();
        let mut known: HashMap<(Vec<&str>, Option<usize>), Arc<Self>> = HashMap::new();
        let all = results.configurations.iter();
        all.map(|configuration| {
            let (variant, values) = configuration
                .values
                .split_at(1.min(configuration.values.len()));
            let choice = Choice {
                variant: variant.first().map_or("", String::as_str),
                keys: swept,
                values,
            };
            let group = grounds.and_then(|grounds| grounds.of.get(configuration.number).copied());
            let shown = matters
                .iter()
                .map(|&key| configuration.values[key].as_str());
            let judged = known.entry((shown.collect(), group)).or_insert_with(|| {
                let ground = grounds.and_then(|grounds| grounds.group(configuration.number));
                Arc::new(Self {
                    scale: Scale::of(document, &choice),
                    said: samples(document, &choice, &results.directory),
                    ground: ground.cloned(),
                })
            });
            Arc::clone(judged)
        })
        .collect()
    }
}

/// The settings of a configuration's samples in the experiment, with full paths of files.
fn samples(document: &toml::Table, choice: &Choice<'_>, directory: &Path) -> String {
    let keys = choice.keys_of(document, "data").into_iter();
    let keys = keys.filter(|key| !SAME_SAMPLES.contains(&key.as_str()));
    let data = keys.map(|key| {
        let value = choice.value(document, &format!("data.{key}"));
        let path = value.as_ref().and_then(toml::Value::as_str);
        match path.filter(|text| directory.join(text).exists()) {
            Some(path) => format!("{key} = {}", plain(&directory.join(path)).display()),
            None => format!("{key} = {value:?}"),
        }
    });
    let whole = ["seed", "vary"].map(|key| format!("{key} = {:?}", document.get(key)));
    data.chain(whole).collect::<Vec<_>>().join("\n")
}

/// The absolute path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let parts: Vec<_> = plain
        .components()
        .map(|part| part.as_os_str().to_owned())
        .collect();
    plain = PathBuf::new();
    for part in parts {
        match Path::new(&part).components().next() {
            Some(Component::ParentDir) => {
                plain.pop();
            }
            Some(Component::CurDir) | None => {}
            Some(_) => plain.push(part),
        }
    }
    plain
}

impl Terms {
    /// The column by which results are ranked if `asked` is asked for, and the terms of the
    /// ranking.
    pub fn of(results: &Results, asked: &str) -> (String, Self) {
        let side = Side::of(asked);
        let judged = &results.judged;
        let mut firsts: Vec<usize> = Vec::new();
        let part: Vec<usize> = (0..results.configurations.len())
            .map(|c| {
                let same = |&first: &usize| {
                    let (a, b) = (&judged[c], &judged[first]);
                    Arc::ptr_eq(a, b) || side.is_none_or(|side| a.same_samples(b, side))
                };
                firsts.iter().position(same).unwrap_or_else(|| {
                    firsts.push(c);
                    firsts.len() - 1
                })
            })
            .collect();
        let mut each = part.iter().enumerate();
        let alike = each.all(|(c, &part)| judged[c].scale == judged[firsts[part]].scale);
        let language = results.language;
        let differences = differences(judged.iter().map(|judged| &judged.scale))
            .into_iter()
            .map(|difference| {
                text!(
                    language,
                    "judged-difference",
                    key = difference.key.replace('.', "-"),
                    values = language.list(&difference.values)
                )
            })
            .collect();
        let bridge = side
            .filter(|_| Quantity::of(asked) == Quantity::Loss && !alike)
            .map(|side| common_metric(results, side));
        let mut terms = Self {
            parts: names(results, &part, firsts.len()),
            part,
            instead_of: None,
            differences,
            ranked: !matches!(bridge, Some(None)),
        };
        let column = match bridge.flatten() {
            Some(metric) => {
                terms.instead_of = Some(asked.to_owned());
                metric
            }
            None => asked.to_owned(),
        };
        (column, terms)
    }
}

/// The first metric of a side that every run with a network has.
fn common_metric(results: &Results, side: Side) -> Option<String> {
    let prefix = format!("{}_", side.word());
    let mut columns = results.columns.iter().enumerate();
    let found = columns.find(|(index, name)| {
        let mut runs = results.runs.iter().filter(|run| run.status.has_result());
        name.starts_with(&prefix)
            && Quantity::of(name) == Quantity::Score
            && runs.all(|run| run.numbers[*index].is_some())
    });
    found.map(|(_, name)| name.clone())
}

/// The name of each part: the values of the key that distinguishes the parts.
fn names(results: &Results, part: &[usize], count: usize) -> Vec<String> {
    if count < 2 {
        return vec![String::new(); count];
    }
    let tells = |&key: &usize| {
        let mut place = HashMap::new();
        let all = results.configurations.iter().zip(part);
        all.into_iter()
            .all(|(of, part)| place.entry(&of.values[key]).or_insert(part) == &part)
    };
    let Some(key) = results.differing().into_iter().find(tells) else {
        return (1..=count)
            .map(|number| text!(results.language, "judged-samples", number = number))
            .collect();
    };
    let name = |index: usize| {
        let of = results
            .configurations
            .iter()
            .zip(part)
            .filter(|(_, part)| **part == index);
        let mut values: Vec<String> = of.map(|(of, _)| short(&of.values[key])).collect();
        values.dedup();
        match results.keys[key].as_str() {
            "variant" => results.language.list(&values),
            key => format!("{} {}", short_key(key), results.language.list(&values)),
        }
    };
    (0..count).map(name).collect()
}
