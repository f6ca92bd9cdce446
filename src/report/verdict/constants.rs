//! The sentences of the headline about constant answers.

use super::beside;
use crate::baseline::{Answer, Statistic};
use crate::language::Language;
use crate::record::grounds::Standing;
use crate::report::comparison::Comparison;
use crate::report::number::significant;
use crate::report::results::{Results, higher_is_better};
use crate::text;
use statistics::description::describe;

/// The sentence before the headline, if the best network is no better than a constant answer, and
/// the sentence after it with the results of the constant answers.
pub(super) fn without_a_network(
    results: &Results,
    comparison: &Comparison,
    standings: &[Standing],
    best: usize,
) -> (String, String) {
    let language = results.language;
    let mut before = String::new();
    // The constant answers, each with its results in the columns.
    let mut constants: Vec<(Answer, Vec<String>)> = Vec::new();
    for column in beside(results)
        .into_iter()
        .chain([comparison.metric.clone()])
    {
        let Some(baseline) = results.judged[best].baseline(&column) else {
            continue;
        };
        let value = significant(baseline.value, 3);
        let of_column = text!(
            language,
            "constant-value-of",
            column = &column,
            value = &value
        );
        match constants
            .iter_mut()
            .find(|(said, _)| *said == baseline.said)
        {
            Some((_, values)) => values.push(of_column),
            None => constants.push((baseline.said.clone(), vec![of_column])),
        }
        let number = results.configurations[best].number;
        let standing = standings
            .iter()
            .find(|standing| standing.configuration == number && standing.column == column);
        let refuted = match standing {
            Some(standing) => !standing.better,
            // Without the samples, only a mean that is no better can be judged.
            None => {
                let values = results.outcomes_of(&column, best).into_iter();
                let values: Vec<f64> = values.filter_map(|value| value.1).collect();
                let higher = higher_is_better(&column);
                describe(&values).mean.is_some_and(|mean| match higher {
                    true => mean <= baseline.value,
                    false => mean >= baseline.value,
                })
            }
        };
        if refuted && before.is_empty() {
            let always = always(language, &baseline.said);
            before = match standing {
                Some(standing) => text!(
                    language,
                    "constant-not-beaten-on",
                    always = always,
                    column = column,
                    network = significant(standing.network, 3),
                    samples = standing.samples,
                    constant = significant(standing.baseline, 3)
                ),
                None => text!(
                    language,
                    "constant-not-beaten",
                    always = always,
                    column = column,
                    constant = value
                ),
            };
        }
    }
    let constants = constants.iter().map(|(said, values)| {
        let values = language.list(values);
        let always = always(language, said);
        text!(language, "constant-has", always = always, values = values)
    });
    let constants = constants.collect::<Vec<_>>();
    let mut beneath = constants.join(&text!(language, "constant-between"));
    if let Some(first) = beneath.get(..1) {
        let first = first.to_uppercase();
        let rest = &beneath[1..];
        beneath = text!(language, "constant-all", constants = first + rest);
    } else if !beneath.is_empty() {
        beneath = text!(language, "constant-all", constants = beneath);
    }
    (before, beneath)
}

/// A constant answer in words, as in `always saying the mean (0.5)`.
fn always(language: Language, said: &Answer) -> String {
    match said {
        Answer::Class(name) => text!(language, "constant-always-class", class = name.as_str()),
        Answer::Statistic(statistic, value) => text!(
            language,
            "constant-always",
            answer = constant(language, *statistic, value.as_deref())
        ),
    }
}

/// A constant answer as a heading of the value that it has in a column.
pub fn always_heading(language: Language, said: &Answer, column: &str) -> String {
    match said {
        Answer::Class(name) => text!(
            language,
            "page-always-class",
            column = column,
            class = name.as_str()
        ),
        Answer::Statistic(statistic, value) => text!(
            language,
            "page-always",
            column = column,
            answer = constant(language, *statistic, value.as_deref())
        ),
    }
}

/// A statistic in words, with its value if there is a single target.
fn constant(language: Language, statistic: Statistic, value: Option<&str>) -> String {
    let name = match statistic {
        Statistic::Mean => text!(language, "constant-mean"),
        Statistic::Median => text!(language, "constant-median"),
        Statistic::ClassShares => text!(language, "constant-class-shares"),
        Statistic::Commonest => text!(language, "constant-commonest"),
    };
    match value {
        Some(value) => text!(language, "constant-with-value", name = name, value = value),
        None => name,
    }
}
