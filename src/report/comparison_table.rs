//! The table `comparison.csv`.

use super::comparison::Comparison;
use super::results::{Results, others};

/// The header of `comparison.csv`.
const HEADER: [&str; 31] = [
    "question",
    "basis",
    "budget",
    "metric",
    "by",
    "configuration_a",
    "configuration_b",
    "a",
    "b",
    "a_others",
    "b_others",
    "pairs",
    "lost_a",
    "lost_b",
    "mean_a",
    "mean_b",
    "difference",
    "ci_low",
    "ci_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "wins_a",
    "wins_b",
    "test",
    "effect",
    "statistic",
    "p_value",
    "p_holm",
    "verdict",
    "replicates_needed",
];

/// The verdict of a pair without a record in common.
const NO_RECORD: &str = "no record in common";

/// The text of `comparison.csv`: a row per pair, in which A is the configuration with the higher
/// rank.
pub fn to_csv(results: &Results, comparison: &Comparison) -> String {
    let by = comparison.by.as_deref();
    let by_index = results.keys.iter().position(|key| Some(key.as_str()) == by);
    let value = |c: usize| by_index.map_or("", |i| results.configurations[c].values[i].as_str());
    let number = |value: Option<f64>| value.map_or(String::new(), shortest);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |row: &[String]| writer.write_record(row).expect("memory takes every row");
    write(&HEADER.map(str::to_owned));
    for family in &comparison.families {
        for pair in &family.pairs {
            let of = &pair.paired;
            write(&[
                family.question.name().to_owned(),
                family.basis.name().to_owned(),
                pair.budget
                    .map_or(String::new(), |budget| budget.to_string()),
                comparison.metric.clone(),
                by.unwrap_or("").to_owned(),
                results.configurations[pair.a].number.to_string(),
                results.configurations[pair.b].number.to_string(),
                value(pair.a).to_owned(),
                value(pair.b).to_owned(),
                others(results, pair.a, by),
                others(results, pair.b, by),
                of.pairs.to_string(),
                of.lost_a.to_string(),
                of.lost_b.to_string(),
                number(pair.mean_a),
                number(pair.mean_b),
                number(of.difference),
                number(of.interval.map(|interval| interval.0)),
                number(of.interval.map(|interval| interval.1)),
                number(of.ratio),
                number(of.ratio_interval.map(|interval| interval.0)),
                number(of.ratio_interval.map(|interval| interval.1)),
                of.wins_a.to_string(),
                of.wins_b.to_string(),
                of.test.map_or("", |test| test.name()).to_owned(),
                number(of.effect),
                number(of.statistic),
                number(of.p_value),
                number(of.p_holm),
                match pair.nearest {
                    Some(_) => NO_RECORD,
                    None => of.verdict.words(),
                }
                .to_owned(),
                of.replicates_needed
                    .map_or(String::new(), |needed| needed.to_string()),
            ]);
        }
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("texts are UTF-8")
}

/// The shortest text that reads back as the same float.
fn shortest(value: f64) -> String {
    zmij::Buffer::new().format(value).to_owned()
}
