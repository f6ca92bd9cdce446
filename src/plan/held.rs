//! The parts of the data that all configurations share: the folds and the test part.

use super::Configuration;
use crate::config::{Experiment, Node, Table, Value};
use data::{Request, Validation};
use problems::{Problem, Problems};

/// `[data]` of the experiment, if it has one.
fn data(experiment: &Experiment) -> Option<&Table> {
    experiment.root.get("data").and_then(Node::as_table)
}

/// The keys that define a test part.
const TEST: [&str; 6] = [
    "test",
    "test_path",
    "test_images",
    "test_labels",
    "test_x",
    "test_y",
];

/// The number of folds that the experiment asks for.
pub(super) fn folds(experiment: &Experiment) -> Option<u32> {
    match data(experiment)?.get("folds")?.value {
        Value::Integer(folds) => u32::try_from(folds).ok(),
        _ => None,
    }
}

/// Checks that replicates share what they must share: the split, if there are folds instead, and
/// generated data, if there is a test part for all.
pub(super) fn check_vary(experiment: &Experiment, problems: &mut Problems) {
    let varied = experiment.root.get("vary").and_then(Node::as_array);
    let word = |wanted: &str| {
        let mut words = varied.into_iter().flatten();
        words.find(|node| node.as_str() == Some(wanted))
    };
    if let (Some(node), Some(_)) = (word("split"), folds(experiment)) {
        problems.push(
            Problem::at(
                node.place.clone(),
                "`data.folds` takes the place of `vary = [\"split\"]`",
                "leave this out",
            )
            .note("every replicate draws its folds anew"),
        );
    }
    let test = TEST
        .iter()
        .find(|key| data(experiment).is_some_and(|data| data.get(key).is_some()));
    if let (Some(node), Some(key)) = (word("data"), test) {
        problems.push(
            Problem::at(
                node.place.clone(),
                format!("`data.{key}` does not go with `vary = [\"data\"]`"),
                "leave this out, or the test part",
            )
            .note("the test part is drawn once, the same for all replicates"),
        );
    }
}

/// Checks that a configuration has the folds of the experiment. A variant or a sweep with another
/// kind of validation would drop them.
pub(super) fn check_folds(
    folds: Option<u32>,
    request: &Request,
    data: &Table,
    problems: &mut Problems,
) {
    if folds.is_none() || matches!(request.validation, Validation::Folds { .. }) {
        return;
    }
    let keys = [
        "validation",
        "validation_path",
        "validation_images",
        "validation_x",
        "source",
    ];
    let entry = keys.iter().find_map(|key| data.entry(key));
    let problem = "a variant or a sweep cannot change `data.folds` to another validation part";
    problems.push(match entry {
        Some(entry) => Problem::at(
            entry.key_place.clone(),
            problem,
            "all configurations have the same folds",
        ),
        None => Problem::new(problem),
    });
}

/// Refuses configurations whose test parts have different rows.
pub(super) fn check_test(
    experiment: &Experiment,
    configurations: &[Configuration],
    swept: &[String],
    problems: &mut Problems,
) {
    let source = |configuration: &Configuration| {
        let test = configuration.data[0].test.as_ref();
        test.map(|test| (test.source(), test.count()))
    };
    let Some(first) = configurations.first() else {
        return;
    };
    let Some(other) = configurations
        .iter()
        .find(|other| source(other) != source(first))
    else {
        return;
    };
    let data = data(experiment);
    let entry = TEST.iter().find_map(|key| data?.entry(key));
    let place = entry.map_or(&experiment.end, |entry| &entry.key_place);
    problems.push(
        Problem::at(
            place.clone(),
            "the test part must be the same for all configurations",
            format!(
                "\"{}\" and \"{}\" have different rows",
                first.label(swept),
                other.label(swept)
            ),
        )
        .note("a variant or a sweep changes the source, its samples or the seed that they are drawn from"),
    );
}
