//! The warning about names that other programs read as missing values in the results.
//!
//! In the tables of results only the empty cell is a missing value. pandas and R also read some
//! words as missing by default; polars and DuckDB read none.

use super::Site;
use crate::plan::Configuration;
use crate::text;
use problems::{Place, Problem, Problems};

/// The words that `pandas.read_csv` reads as missing by default (its parameter `na_values`).
const PANDAS: [&str; 18] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
];
/// The word that R's `read.csv` reads as missing by default (its parameter `na.strings`).
const R: &str = "NA";

/// Gives one warning for all names of variants, swept values and classes that other programs read
/// as missing.
pub fn check(site: &Site<'_>, warnings: &mut Problems) {
    let mut found: Vec<(String, Place)> = Vec::new();
    let mut add = |name: &str, place: Place| {
        let is_missing = PANDAS.contains(&name);
        if is_missing && !found.iter().any(|(known, _)| known == name) {
            found.push((name.to_owned(), place));
        }
    };
    for variant in site.plan.experiment.variants() {
        add(&variant.key, variant.key_place.clone());
    }
    for configuration in &site.plan.configurations {
        for (key, value) in site.plan.swept.iter().zip(&configuration.values) {
            add(value, site.place(configuration, &[key]));
        }
    }
    let first = site.plan.configurations.first();
    for class in first.map_or(&[][..], classes) {
        let keys = ["data.target", "data.path", "data.source"];
        add(class, site.place(&site.plan.configurations[0], &keys));
    }
    let Some((_, place)) = found.first() else {
        return;
    };
    let names: Vec<String> = found
        .iter()
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let reader = match found.iter().any(|(name, _)| name == R) {
        true => "both",
        false => "pandas",
    };
    let names = names.join(&text!(site.language, "list-between"));
    let problem = Problem::at(
        place.clone(),
        text!(
            site.language,
            "check-missing-name",
            reader = reader,
            names = names
        ),
        text!(site.language, "check-missing-name-remedy"),
    );
    warnings.push(problem.note(text!(site.language, "check-missing-name-note")));
}

/// The names of a configuration's classes; empty if they have none.
fn classes(configuration: &Configuration) -> &[String] {
    &configuration.data[0].preparation.classes
}
