//! The rules of ranking: values of a loss are ranked if they have the same loss, target scaling and
//! class weights, and were computed on the same samples.
//!
//! Other metrics do not depend on the loss, the target scaling and the class weights, so they can
//! be ranked across these; values of different samples are never ranked. The module reads a written
//! experiment (`experiment.toml`, with every default) and the swept values of a configuration. The
//! plan before a run and the report after it use the same rules.

use std::collections::BTreeMap;

use engine::types::Monitor;
use serde::{Deserialize, Serialize};

/// All that the values of a loss depend on, beside the network and the samples.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scale {
    /// The word of `training.loss`.
    pub loss: String,
    /// The word of `data.scale_targets`.
    pub scale_targets: String,
    /// `training.class_weights` as TOML; `none` if there are none.
    pub class_weights: String,
}

impl Scale {
    /// The keys of the experiment file that determine the scale, each with a name for people.
    pub const KEYS: [(&'static str, &'static str); 3] = [
        ("training.loss", "loss"),
        ("data.scale_targets", "target scaling"),
        ("training.class_weights", "class weights"),
    ];

    /// The scale of a configuration: its own values in `choice`, else those of the document.
    pub fn of(document: &toml::Table, choice: &Choice<'_>) -> Self {
        let word = |(key, _): (&str, &str)| match choice.value(document, key) {
            Some(toml::Value::String(word)) => word,
            Some(value) => value.to_string(),
            None => "none".to_owned(),
        };
        let [loss, scale_targets, class_weights] = Self::KEYS.map(word);
        Self {
            loss,
            scale_targets,
            class_weights,
        }
    }

    /// The scale's values in the order of [`Scale::KEYS`].
    fn values(&self) -> [&str; 3] {
        [&self.loss, &self.scale_targets, &self.class_weights]
    }
}

/// The differences between these scales, as in `loss (bce and mse)`; empty if all are the same.
pub fn differences<'a>(scales: impl IntoIterator<Item = &'a Scale>) -> Vec<Difference> {
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for scale in scales {
        for (index, value) in scale.values().into_iter().enumerate() {
            let values = found.entry(index).or_default();
            if !values.iter().any(|other| other == value) {
                values.push(value.to_owned());
            }
        }
    }
    let several = found.into_iter().filter(|(_, values)| values.len() > 1);
    several
        .map(|(index, values)| Difference {
            key: Scale::KEYS[index].0,
            name: Scale::KEYS[index].1,
            values,
        })
        .collect()
}

/// A key in which scales differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key of the experiment file.
    pub key: &'static str,
    /// The name of the key for people.
    pub name: &'static str,
    /// The different values, in the order in which they were found.
    pub values: Vec<String>,
}

/// A configuration's variant and swept values.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// The variant's name; empty if there are no variants.
    pub variant: &'a str,
    /// The swept keys.
    pub keys: &'a [String],
    /// A value for each key, as in `runs.csv`.
    pub values: &'a [String],
}

impl Choice<'_> {
    /// The value of a dotted key for this configuration: swept, in its variant, or in the document.
    pub fn value(&self, document: &toml::Table, key: &str) -> Option<toml::Value> {
        let swept = self.keys.iter().position(|swept| swept == key);
        if let Some(text) = swept.map(|index| self.values[index].as_str()) {
            return Some(parsed(text));
        }
        let variant = document
            .get("variants")
            .and_then(|all| all.get(self.variant));
        let own = variant.and_then(|variant| at(variant.as_table()?, key));
        own.or_else(|| at(document, key)).cloned()
    }

    /// The keys of a table, such as `data`, that are given in the document, the variant or the
    /// sweep.
    pub fn keys_of(&self, document: &toml::Table, table: &str) -> Vec<String> {
        let variant = document
            .get("variants")
            .and_then(|all| all.get(self.variant));
        let tables = [Some(document), variant.and_then(toml::Value::as_table)];
        let given = tables.into_iter().flatten();
        let given = given.filter_map(|of| of.get(table)?.as_table());
        let given = given.flat_map(|of| of.keys().cloned());
        let swept = self.keys.iter().filter_map(|key| {
            let (first, rest) = key.split_once('.')?;
            (first == table).then(|| rest.to_owned())
        });
        let mut keys: Vec<String> = given.chain(swept).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// A value of `runs.csv` as TOML: a number, a list or a table, else a text without quotes.
fn parsed(text: &str) -> toml::Value {
    let document = format!("value = {text}").parse::<toml::Table>();
    let value = document.ok().and_then(|mut table| table.remove("value"));
    value.unwrap_or_else(|| toml::Value::String(text.to_owned()))
}

/// The value at a dotted key.
fn at<'a>(table: &'a toml::Table, key: &str) -> Option<&'a toml::Value> {
    match key.split_once('.') {
        Some((first, rest)) => at(table.get(first)?.as_table()?, rest),
        None => table.get(key),
    }
}

/// A column of `runs.csv` by which runs can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A loss or a metric of the kept epoch.
    Kept(Monitor),
    /// The least validation loss of any epoch.
    BestValidLoss,
    /// The epoch of the least validation loss.
    BestEpoch,
    /// The epoch whose network is kept.
    KeptEpoch,
    /// The epochs that were trained.
    Epochs,
    /// The updates that were made.
    Updates,
}

impl Column {
    /// The columns that are neither a loss nor a metric of the kept epoch, each with its name.
    const COURSE: [(Column, &'static str); 5] = [
        (Column::BestValidLoss, "best_valid_loss"),
        (Column::BestEpoch, "best_epoch"),
        (Column::KeptEpoch, "kept_epoch"),
        (Column::Epochs, "epochs"),
        (Column::Updates, "updates"),
    ];

    /// The column's name in the head of `runs.csv`.
    pub fn name(self) -> &'static str {
        if let Column::Kept(monitor) = self {
            return monitor.column();
        }
        let mut course = Self::COURSE.into_iter();
        let found = course.find(|(column, _)| *column == self);
        found.expect("every column is in the list").1
    }

    /// The column of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut course = Self::COURSE.into_iter();
        let found = course.find(|(_, known)| *known == name);
        let found = found.map(|(column, _)| column);
        found.or_else(|| Monitor::from_column(name).map(Column::Kept))
    }

    /// Whether a greater value is better.
    pub fn rises(self) -> bool {
        matches!(self, Column::Kept(monitor) if monitor.rises())
    }

    /// The least and the greatest value that a run can have in the column. Every loss is at least
    /// 0.
    pub fn range(self) -> [f64; 2] {
        match self {
            Column::Kept(monitor) => monitor
                .metric()
                .map_or([0.0, f64::INFINITY], |metric| metric.range()),
            _ => [0.0, f64::INFINITY],
        }
    }

    /// Whether the first of two values of the column is better.
    pub fn is_better(self, a: f64, b: f64) -> bool {
        if self.rises() { a > b } else { a < b }
    }
}

/// The column's name.
impl std::fmt::Display for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The kind of a column of `runs.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A loss, which depends on the [`Scale`].
    Loss,
    /// A metric, which has the same meaning for every [`Scale`].
    Score,
    /// A count of epochs or updates, which does not depend on samples.
    Count,
}

impl Quantity {
    /// The kind of the column with this name.
    pub fn of(column: &str) -> Self {
        match (Side::of(column), column.ends_with("_loss")) {
            (Some(_), true) => Quantity::Loss,
            (Some(_), false) => Quantity::Score,
            (None, _) => Quantity::Count,
        }
    }
}

/// The part of the samples from which a column is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The training part.
    Train,
    /// The validation part.
    Valid,
}

impl Side {
    /// The side of the column with this name; `None` for one that does not depend on samples.
    pub fn of(column: &str) -> Option<Self> {
        match column
            .strip_prefix("best_")
            .unwrap_or(column)
            .split_once('_')
        {
            Some(("train", _)) => Some(Side::Train),
            Some(("valid", _)) => Some(Side::Valid),
            _ => None,
        }
    }

    /// The word at the beginning of its columns' names.
    pub fn word(self) -> &'static str {
        match self {
            Side::Train => "train",
            Side::Valid => "valid",
        }
    }

    /// The name of its samples for people.
    pub fn part(self) -> &'static str {
        match self {
            Side::Train => "training part",
            Side::Valid => "validation part",
        }
    }
}

/// Whether a column is the best value of any epoch, which was chosen by its validation data.
pub fn is_chosen(column: &str) -> bool {
    column.starts_with("best_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(variant: &str, keys: &[&str], values: &[&str]) -> Scale {
        let document: toml::Table = "[data]\nscale_targets = \"standardize\"\n\
             [training]\nloss = \"mse\"\n\
             [variants.half]\ntraining.loss = \"half_mse\"\n\
             [variants.heavy]\ntraining.class_weights = { a = 2.0 }\n"
            .parse()
            .unwrap();
        let [keys, values] =
            [keys, values].map(|all| all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
        let choice = Choice {
            variant,
            keys: &keys,
            values: &values,
        };
        Scale::of(&document, &choice)
    }

    #[test]
    fn the_sweep_overrides_the_variant_and_the_variant_the_file() {
        assert_eq!(scale("", &[], &[]).loss, "mse");
        assert_eq!(scale("half", &[], &[]).loss, "half_mse");
        assert_eq!(scale("half", &["training.loss"], &["mae"]).loss, "mae");
        assert_eq!(
            scale("", &["data.scale_targets"], &["none"]).scale_targets,
            "none"
        );
        assert_ne!(scale("heavy", &[], &[]), scale("", &[], &[]));
    }

    #[test]
    fn differences_are_named_with_their_values() {
        let scales = [scale("", &[], &[]), scale("half", &[], &[])];
        let found = differences(&scales);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].key, found[0].values.len()), ("training.loss", 2));
        assert!(differences(&scales[..1]).is_empty());
    }

    #[test]
    fn a_column_says_what_it_measures_and_on_which_part() {
        for (column, quantity, side) in [
            ("valid_loss", Quantity::Loss, Some(Side::Valid)),
            ("best_valid_loss", Quantity::Loss, Some(Side::Valid)),
            ("train_accuracy", Quantity::Score, Some(Side::Train)),
            ("best_epoch", Quantity::Count, None),
            ("kept_epoch", Quantity::Count, None),
            ("epochs", Quantity::Count, None),
        ] {
            assert_eq!((Quantity::of(column), Side::of(column)), (quantity, side));
        }
    }
}
