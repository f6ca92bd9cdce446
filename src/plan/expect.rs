//! The check of `[expect]`: whether its expectations can be judged, and can be met.

use super::compare::alike;
use super::training::refusal_of;
use super::{Configuration, Plan};
use crate::config::{Bound, End, Expectation, Expected, RESERVED, Subject, expectations_of};
use crate::likeness::{Column, Quantity, Side};
use crate::named::Names;
use problems::{Place, Problem, Problems};

/// The most names that a message lists.
const LISTED: usize = 12;

impl Plan {
    /// The expectations of the results, in the order of the file.
    pub fn expectations(&self) -> Vec<Expectation> {
        expectations_of(&self.experiment.root)
    }

    /// The configurations with their names.
    pub fn names(&self) -> Names<'_> {
        let all = self.configurations.iter();
        let all = all.map(|of| (of.variant.as_str(), of.values.as_slice()));
        Names::new(&self.compare.by, &self.swept, all.collect())
    }
}

/// Checks the expectations of a plan against its configurations.
pub fn check(plan: &Plan, problems: &mut Problems) {
    let Some(entry) = plan.experiment.root.entry("expect") else {
        return;
    };
    let expectations = plan.expectations();
    if expectations.is_empty() {
        problems.push(Problem::at(
            entry.key_place.clone(),
            "[expect] expects nothing",
            "a bound or a verdict is missing, such as best.valid_loss.max = 0.01",
        ));
    }
    let names = plan.names();
    let mut bounds: Vec<(Vec<usize>, &Bound, &Expectation)> = Vec::new();
    let mut pairs: Vec<([Vec<usize>; 2], &Expectation)> = Vec::new();
    for expectation in &expectations {
        match &expectation.expected {
            Expected::Bound(bound) => {
                let Some(of) = subject(plan, &names, bound, problems) else {
                    continue;
                };
                check_bound(plan, &of, bound, expectation, problems);
                check_against(&bounds, &of, bound, expectation, problems);
                bounds.push((of, bound, expectation));
            }
            Expected::Better(sides) => {
                let sides = sides
                    .each_ref()
                    .map(|(name, place)| named(&names, name, place, &[], problems));
                if let [Some(first), Some(second)] = sides {
                    let sides = [first, second];
                    check_pair(plan, &sides, expectation, problems);
                    pairs.push((sides, expectation));
                }
            }
        }
    }
    check_order(&pairs, problems);
}

/// The configurations that a bound is about.
fn subject(
    plan: &Plan,
    names: &Names<'_>,
    bound: &Bound,
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let (word, means) = match &bound.of {
        Subject::Named(name) => {
            return named(names, name, &bound.place, &RESERVED, problems);
        }
        Subject::Best => ("best", "the best configuration"),
        Subject::Every => ("every", "every configuration"),
    };
    if plan.configurations.iter().any(|of| of.variant == word) {
        problems.push(
            Problem::at(
                bound.place.clone(),
                format!("`{word}` means {means}, and a variant is called so too"),
                "which of them is meant?",
            )
            .note(format!(
                "the variant is \"variant={word}\" here; or give it another name"
            )),
        );
        return None;
    }
    Some((0..plan.configurations.len()).collect())
}

fn named(
    names: &Names<'_>,
    name: &str,
    place: &Place,
    more: &[&str],
    problems: &mut Problems,
) -> Option<Vec<usize>> {
    let found = names.find(name);
    if !found.is_empty() {
        return Some(found);
    }
    let label = match names.nearest(name, more) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "no configuration has this name".to_owned(),
    };
    let known = names.known();
    let rest = known.len().saturating_sub(LISTED);
    let mut known = known[..known.len() - rest].to_vec();
    if rest > 0 {
        known.push(format!("{rest} more"));
    }
    let note = match known.is_empty() {
        true => "there is one configuration: `best` or `every` means it".to_owned(),
        false => format!(
            "names are those of variants and swept values, several with commas between them: {}",
            known.join(", ")
        ),
    };
    let problem = Problem::at(
        place.clone(),
        format!("`expect` names no configuration by \"{name}\""),
        label,
    );
    problems.push(problem.note(note));
    None
}

/// Checks whether a bound can be judged and met.
fn check_bound(
    plan: &Plan,
    of: &[usize],
    bound: &Bound,
    expectation: &Expectation,
    problems: &mut Problems,
) {
    let (text, column) = (&expectation.text, bound.column);
    let place = || expectation.place.clone();
    let meant = || of.iter().map(|&index| &plan.configurations[index]);
    let refused = meant().find_map(|of| {
        let validated = of.data[0].valid.is_some();
        refusal_of(column, &of.settings.metrics, validated)
    });
    if let Some(reason) = refused {
        let message = format!("`{text}` cannot be judged: no run records {column}");
        problems.push(Problem::at(place(), message, reason));
        return;
    }
    let [low, high] = range(column, meant());
    let reason = match bound.end {
        End::Max if bound.limit < low => Some(format!("{column} is never below {low}")),
        End::Min if bound.limit > high => Some(format!("{column} is never above {high}")),
        _ => None,
    };
    if let Some(reason) = reason {
        problems.push(Problem::at(
            place(),
            format!("`{text}` can never be met"),
            reason,
        ));
    }
    if bound.of == Subject::Best && of.len() > 1 && !is_ranked(plan) {
        problems.push(unranked(plan, expectation));
    }
}

/// The least and the greatest value that one of these configurations can have.
fn range<'a>(column: Column, mut of: impl Iterator<Item = &'a Configuration>) -> [f64; 2] {
    let [low, high] = column.range();
    let counts = [Column::Epochs, Column::BestEpoch, Column::KeptEpoch];
    if !counts.contains(&column) {
        return [low, high];
    }
    let most = of.try_fold(0, |most, of| Some(of.settings.epochs.max(most)));
    [low, most.map_or(high, |most: u64| most as f64)]
}

/// Whether the configurations can be ranked by the metric of the comparison.
fn is_ranked(plan: &Plan) -> bool {
    let metric = plan.compare.metric.name();
    let is_loss = Quantity::of(metric) == Quantity::Loss;
    let side = Side::of(metric).filter(|_| is_loss);
    side.is_none_or(|side| alike(plan, side))
}

fn unranked(plan: &Plan, expectation: &Expectation) -> Problem {
    Problem::at(
        expectation.place.clone(),
        format!("`{}` cannot be judged", expectation.text),
        format!(
            "values of {} mean different things here, and none is the best",
            plan.compare.metric
        ),
    )
    .note("`compare.metric` can name a metric that all configurations have")
}

/// Checks whether a bound can be met together with earlier ones.
fn check_against(
    earlier: &[(Vec<usize>, &Bound, &Expectation)],
    of: &[usize],
    bound: &Bound,
    expectation: &Expectation,
    problems: &mut Problems,
) {
    let contradicts = |(other_of, other, _): &&(Vec<usize>, &Bound, &Expectation)| {
        let (low, high) = match (bound.end, other.end) {
            (End::Min, End::Max) => (bound.limit, other.limit),
            (End::Max, End::Min) => (other.limit, bound.limit),
            _ => return false,
        };
        let shares = other_of == of || [&bound.of, &other.of].contains(&&Subject::Every);
        bound.column == other.column && shares && low > high
    };
    if let Some((_, _, other)) = earlier.iter().find(contradicts) {
        problems.push(Problem::at(
            expectation.place.clone(),
            format!("`{}` contradicts `{}`", expectation.text, other.text),
            "no number meets both",
        ));
    }
}

/// Checks whether a verdict on two names is possible.
fn check_pair(
    plan: &Plan,
    [first, second]: &[Vec<usize>; 2],
    expectation: &Expectation,
    problems: &mut Problems,
) {
    let refuse = |message: &str, label: String| {
        let message = format!("`{}` {message}", expectation.text);
        Problem::at(expectation.place.clone(), message, label)
    };
    if first.iter().any(|one| second.contains(one)) {
        let label = "both names mean the same configuration".to_owned();
        problems.push(refuse("compares something with itself", label));
    } else if plan.runs_each() < 2 {
        let problem = refuse(
            "can never be met",
            "one run of each gives no verdict: chance cannot be told from a difference".to_owned(),
        );
        problems.push(problem.note("replicates = 5 gives five runs of each"));
    } else if !is_ranked(plan) {
        problems.push(unranked(plan, expectation));
    } else if let Some(side) = Side::of(plan.compare.metric.name()) {
        let part = |&index: &usize| plan.configurations[index].part(side);
        if !first
            .iter()
            .any(|one| second.iter().any(|other| part(one) == part(other)))
        {
            let label = format!("they are not judged on the same {}", side.part());
            problems.push(refuse("can never be met", label));
        }
    }
}

/// Checks each verdict against those before it: if A is expected to be better than B, no chain of
/// verdicts may expect B to be better than A.
fn check_order(pairs: &[([Vec<usize>; 2], &Expectation)], problems: &mut Problems) {
    for (place, ([first, second], expectation)) in pairs.iter().enumerate() {
        let mut reached = vec![second];
        let mut next = 0;
        while next < reached.len() {
            let from = reached[next];
            for ([better, worse], _) in &pairs[..place] {
                if better == from && !reached.contains(&worse) {
                    reached.push(worse);
                }
            }
            next += 1;
        }
        if reached.contains(&first) && first != second {
            problems.push(Problem::at(
                expectation.place.clone(),
                format!("`{}` contradicts an earlier pair", expectation.text),
                "by those before it, the second is better than the first",
            ));
        }
    }
}
