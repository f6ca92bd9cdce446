//! What needs no network, in the headline.

use super::beside;
use crate::record::grounds::Standing;
use crate::report::comparison::Comparison;
use crate::report::number::{list, significant};
use crate::report::results::{Results, higher_is_better};
use statistics::description::describe;

/// What comes before the headline where the best network is no better than a constant answer, and
/// what the constant answers come to, for behind it.
pub(super) fn without_a_network(
    results: &Results,
    comparison: &Comparison,
    standings: &[Standing],
    best: usize,
) -> (String, String) {
    let always = |said: &str| match said.starts_with("the ") {
        true => format!("always saying {said}"),
        false => format!("always saying `{said}`"),
    };
    let mut before = String::new();
    // What is said, and what it comes to in each column.
    let mut constants: Vec<(String, Vec<String>)> = Vec::new();
    for column in beside(results)
        .into_iter()
        .chain([comparison.metric.clone()])
    {
        let Some(baseline) = results.judged[best].baseline(&column) else {
            continue;
        };
        let value = format!("a {column} of {}", significant(baseline.value, 3));
        match constants
            .iter_mut()
            .find(|(said, _)| *said == baseline.said)
        {
            Some((_, values)) => values.push(value),
            None => constants.push((baseline.said.clone(), vec![value])),
        }
        let number = results.configurations[best].number;
        let standing = standings
            .iter()
            .find(|standing| standing.configuration == number && standing.column == column);
        let refuted = match standing {
            Some(standing) => !standing.better,
            // Without its samples, only a mean that is no better can be judged.
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
            let numbers = match standing {
                Some(standing) => format!(
                    "the best network has a {column} of {} on {} samples, it has {}",
                    significant(standing.network, 3),
                    standing.samples,
                    significant(standing.baseline, 3)
                ),
                None => format!("it has a {column} of {}", significant(baseline.value, 3)),
            };
            before = format!("No better than {}: {numbers}. ", always(&baseline.said));
        }
    }
    let constants = constants.iter();
    let constants =
        constants.map(|(said, values)| format!("{} has {}", always(said), list(values)));
    let mut beneath = constants.collect::<Vec<_>>().join("; ");
    if let Some(first) = beneath.get(..1) {
        let first = first.to_uppercase();
        beneath = format!(" {first}{}.", &beneath[1..]);
    }
    (before, beneath)
}
