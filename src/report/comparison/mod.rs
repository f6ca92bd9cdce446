//! The comparison of configurations: which pairs, on which basis, with which verdict.
//!
//! There are three questions. Each has a family of pairs of its own for Holm's correction:
//!
//! - **against the best**: every configuration against the best of all;
//! - **each at its own best**: the values of `[compare] by`, each with the other keys that give it
//!   the best value of the compared metric;
//! - **same keys**: the values of `[compare] by` with the same values of all other swept keys.
//!
//! If two sides make different numbers of updates (or see different numbers of samples), the last
//! two questions are also answered at equal updates (samples): at the last row of the history that
//! both have within the smaller budget.

mod pairing;

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::budget::{self, Budget, Nearest};
use super::reach::Reach;
use super::results::{Part, Results};
use crate::record::history::History;
use pairing::{against_best_pairs, levels, own_best_pairs, same_key_pairs};
use statistics::description::{Description, describe_as};
use statistics::design::Design;
use statistics::paired::{Outcome, Paired, judge, paired};

/// The question that a pair answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Every configuration against the best of all.
    AgainstBest,
    /// Each value of `by` with the other keys that are best for it.
    OwnBest,
    /// The values of `by` with all other keys equal.
    SameKeys,
}

/// The basis of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The end of training.
    End,
    /// Equal numbers of updates.
    Updates,
    /// Equal numbers of samples.
    Samples,
}

impl Question {
    /// The word in `comparison.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Question::AgainstBest => "against_best",
            Question::OwnBest => "own_best",
            Question::SameKeys => "same_keys",
        }
    }
}

impl Basis {
    /// The word in `comparison.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Basis::End => "end",
            Basis::Updates => "updates",
            Basis::Samples => "samples",
        }
    }
}

/// One value of `[compare] by`, among the configurations that are judged on the same samples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// The value as in `runs.csv`.
    pub value: String,
    /// The index of its samples in `Terms::parts`.
    pub part: usize,
    /// The configurations with this value; their number is how many were tried.
    pub configurations: Vec<usize>,
    /// The best of them.
    pub best: usize,
}

/// Two configurations, A and B.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// A's index in plan order.
    pub a: usize,
    /// B's index in plan order.
    pub b: usize,
    /// The updates or samples that both may use, if these are made equal.
    pub budget: Option<u64>,
    /// A's mean of the metric on this basis.
    pub mean_a: Option<f64>,
    /// B's mean of the metric on this basis.
    pub mean_b: Option<f64>,
    /// The nearest records, if the sides have no record in common.
    pub nearest: Option<Nearest>,
    /// The statistics of the pair.
    #[serde(flatten)]
    pub paired: Paired,
}

/// All pairs of one question on one basis. Holm's correction is over them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Family {
    /// The question.
    pub question: Question,
    /// The basis.
    pub basis: Basis,
    /// The pairs.
    pub pairs: Vec<Pair>,
}

/// The comparison of the configurations of one experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The key whose values are compared; `None` if no key differs.
    pub by: Option<String>,
    /// The compared metric: a column of `runs.csv`.
    pub metric: String,
    /// Whether a greater value of the metric is better.
    pub higher_is_better: bool,
    /// The statistics of the metric for each configuration.
    pub descriptions: Vec<Description>,
    /// How many runs of each configuration diverged, failed or were pruned.
    pub lost: Vec<usize>,
    /// How many runs of each configuration exploded.
    pub exploded: Vec<usize>,
    /// How many runs of each configuration ended with a result but have an undefined metric.
    pub undefined: Vec<usize>,
    /// The configurations with the best first. If they are judged on different samples, those on
    /// the first samples come first. They are in plan order if they cannot be ranked.
    pub ranked: Vec<usize>,
    /// The values of `by` with the best first.
    pub levels: Vec<Level>,
    /// The pairs by question and basis.
    pub families: Vec<Family>,
}

impl Comparison {
    /// Compares the configurations of `results`; `history` is only needed if sides have different
    /// lengths.
    pub fn new(results: &Results, history: &History) -> Self {
        let outcomes: Vec<Vec<(Part, Outcome)>> = (0..results.configurations.len())
            .map(|c| results.outcomes(c))
            .collect();
        let descriptions: Vec<Description> = outcomes
            .iter()
            .zip(&results.configurations)
            .map(|(runs, configuration)| describe_runs(runs, configuration.design))
            .collect();
        let lost: Vec<usize> = outcomes
            .iter()
            .map(|runs| runs.iter().filter(|run| run.1.is_none()).count())
            .collect();
        let all = results.configurations.iter().zip(&outcomes);
        let undefined = all.map(|(of, runs)| of.runs.len() - runs.len()).collect();
        let exploded = results.configurations.iter().map(|of| {
            let runs = of.runs.iter();
            runs.filter(|&&run| results.runs[run].exploded()).count()
        });
        let exploded = exploded.collect();
        let terms = &results.terms;
        let higher_is_better = results.higher_is_better();
        let order = |&a: &usize, &b: &usize| {
            let share = |c: usize| lost[c] as f64 / outcomes[c].len().max(1) as f64;
            let loss = |c: usize| match descriptions[c].mean {
                Some(mean) if higher_is_better => -mean,
                Some(mean) => mean,
                None => f64::INFINITY,
            };
            let of_part = terms.part[a].cmp(&terms.part[b]);
            of_part
                .then(share(a).total_cmp(&share(b)))
                .then(loss(a).total_cmp(&loss(b)))
        };
        let mut ranked: Vec<usize> = (0..outcomes.len()).collect();
        if terms.ranked {
            ranked.sort_by(order);
        }
        let mut comparison = Self {
            by: None,
            metric: results.experiment.metric.clone(),
            higher_is_better,
            descriptions,
            lost,
            exploded,
            undefined,
            ranked,
            levels: Vec::new(),
            families: Vec::new(),
        };
        let differing = results.differing();
        let Some(&first) = differing.first() else {
            return comparison;
        };
        let by = results
            .keys
            .iter()
            .position(|key| *key == results.experiment.by);
        let by = by.filter(|by| differing.contains(by)).unwrap_or(first);
        comparison.by = Some(results.keys[by].clone());
        if !terms.ranked {
            return comparison;
        }
        comparison.levels = levels(results, by, &comparison.ranked);

        let footing = Footing {
            results,
            outcomes,
            higher_is_better,
        };
        let against_best = against_best_pairs(&comparison.ranked, &terms.part);
        let own_best = own_best_pairs(&comparison.levels);
        let same_keys = same_key_pairs(results, by, &comparison.levels, &comparison.ranked);
        let mut pairs = Vec::new();
        if differing.len() > 1 && !own_best.is_empty() {
            pairs.push((Question::OwnBest, own_best));
        }
        if !same_keys.is_empty() {
            pairs.push((Question::SameKeys, same_keys));
        }
        let mut asked = vec![(Question::AgainstBest, against_best)];
        asked.extend(pairs.iter().cloned());
        let families = asked.into_iter().filter(|(_, pairs)| !pairs.is_empty());
        let families = families.map(|(question, pairs)| footing.family(question, pairs));
        comparison.families.extend(families);
        let unequal = pairs.iter().flat_map(|(_, pairs)| pairs).any(|&(a, b)| {
            let (a, b) = (footing.updates(a), footing.updates(b));
            a.is_some() && b.is_some() && a != b
        });
        if unequal {
            for (question, pairs) in &pairs {
                for basis in [Basis::Updates, Basis::Samples] {
                    let family = footing.equal_family(history, *question, basis, pairs);
                    if !family.pairs.is_empty() {
                        comparison.families.push(family);
                    }
                }
            }
        }
        comparison.agree();
        comparison
    }

    /// The comparisons of these pairs at the end of training, judged as one family.
    pub fn of_pairs(results: &Results, pairs: Vec<(usize, usize)>) -> Vec<Pair> {
        let outcomes = (0..results.configurations.len()).map(|c| results.outcomes(c));
        let footing = Footing {
            results,
            outcomes: outcomes.collect(),
            higher_is_better: results.higher_is_better(),
        };
        footing.family(Question::SameKeys, pairs).pairs
    }

    /// Gives each pair one verdict per basis, for all the questions that it answers: the verdict of
    /// the family that says which value of `by` is best, else that of the first family with the
    /// pair.
    fn agree(&mut self) {
        for basis in [Basis::End, Basis::Updates, Basis::Samples] {
            let answer = [Question::OwnBest, Question::SameKeys]
                .into_iter()
                .find(|&question| self.family(question, basis).is_some());
            let mut known: HashMap<(usize, usize), Paired> = HashMap::new();
            let order = answer.into_iter().chain([
                Question::AgainstBest,
                Question::OwnBest,
                Question::SameKeys,
            ]);
            for question in order {
                let mut families = self.families.iter_mut();
                let family =
                    families.find(|family| family.question == question && family.basis == basis);
                for pair in family.into_iter().flat_map(|family| &mut family.pairs) {
                    let first = known.entry((pair.a, pair.b)).or_insert(pair.paired);
                    pair.paired = *first;
                }
            }
        }
    }

    /// Whether two configurations have the same mean of the metric and the same number of lost
    /// runs.
    pub fn equal(&self, a: usize, b: usize) -> bool {
        self.descriptions[a].mean.is_some()
            && self.descriptions[a].mean == self.descriptions[b].mean
            && self.lost[a] == self.lost[b]
    }

    /// The pairs of one question on one basis.
    pub fn family(&self, question: Question, basis: Basis) -> Option<&Family> {
        self.families
            .iter()
            .find(|family| family.question == question && family.basis == basis)
    }

    /// The families that say which value of `by` is better, in the order of their importance.
    pub fn answering(&self) -> impl Iterator<Item = &Family> {
        const ORDER: [(Question, Basis); 6] = [
            (Question::OwnBest, Basis::End),
            (Question::SameKeys, Basis::End),
            (Question::OwnBest, Basis::Updates),
            (Question::OwnBest, Basis::Samples),
            (Question::SameKeys, Basis::Updates),
            (Question::SameKeys, Basis::Samples),
        ];
        let families = ORDER.into_iter();
        families.filter_map(|(question, basis)| self.family(question, basis))
    }

    /// The values that belong to a picture's scale.
    pub fn reach(&self) -> Reach {
        let medians = self.descriptions.iter().zip(&self.exploded);
        let medians =
            medians.filter_map(|(of, &exploded)| Some((of.median?, 2 * exploded >= of.count)));
        let some = self.exploded.iter().any(|&exploded| exploded > 0);
        Reach::of(medians, some, self.higher_is_better)
    }

    /// The keys in the name of a configuration: those whose values differ, with `by` first, as
    /// indices into [`Results::keys`].
    pub fn naming_keys(&self, results: &Results) -> Vec<usize> {
        let mut keys = results.differing();
        keys.sort_by_key(|&key| Some(results.keys[key].as_str()) != self.by.as_deref());
        keys
    }

    /// The family that says which value of `by` is best: each at its own best, or, if no other key
    /// differs, the values themselves.
    pub fn answer(&self) -> Option<&Family> {
        self.family(Question::OwnBest, Basis::End)
            .or_else(|| self.family(Question::SameKeys, Basis::End))
    }
}

/// The statistics of a configuration's runs. They have no interval if one of several folds or
/// splits is lost, since its result is unknown.
fn describe_runs(runs: &[(Part, Outcome)], design: Design) -> Description {
    let values: Vec<f64> = runs.iter().filter_map(|run| run.1).collect();
    let mut description = describe_as(&values, design);
    if design != Design::Independent && values.len() < runs.len() {
        description.interval = None;
    }
    description
}

/// The data from which pairs are made.
struct Footing<'a> {
    results: &'a Results,
    /// The replicate, fold and outcome of each configuration's runs.
    outcomes: Vec<Vec<(Part, Outcome)>>,
    higher_is_better: bool,
}

impl Footing<'_> {
    /// The family of these pairs at the end of training, with verdicts.
    fn family(&self, question: Question, pairs: Vec<(usize, usize)>) -> Family {
        let pairs = pairs
            .into_par_iter()
            .map(|(a, b)| self.pair(a, b, None, &self.outcomes[a], &self.outcomes[b]))
            .collect();
        self.judged(question, Basis::End, pairs)
    }

    /// The family of these pairs at equal updates or samples, without the pairs whose sides are
    /// equal in them.
    fn equal_family(
        &self,
        history: &History,
        question: Question,
        basis: Basis,
        pairs: &[(usize, usize)],
    ) -> Family {
        let counts = match basis {
            Basis::Samples => &history.samples,
            _ => &history.updates,
        };
        let mut equal = Vec::new();
        if let Some(metric) = history.column(&self.results.experiment.metric) {
            let budget = Budget {
                results: self.results,
                history,
                counts,
                metric,
            };
            for &(a, b) in pairs {
                let (Some(total_a), Some(total_b)) = (budget.total(a), budget.total(b)) else {
                    continue;
                };
                if total_a == total_b {
                    continue;
                }
                let least = total_a.min(total_b);
                let (at_a, at_b) = (budget.outcomes(a, least), budget.outcomes(b, least));
                equal.push(match (at_a, at_b) {
                    (Some(at_a), Some(at_b)) => self.pair(a, b, Some(least), &at_a, &at_b),
                    // The history of one side begins later than the other ends.
                    _ => Pair {
                        nearest: budget.nearest(a, b, least),
                        ..self.pair(a, b, Some(least), &[], &[])
                    },
                });
            }
        }
        self.judged(question, basis, equal)
    }

    fn judged(&self, question: Question, basis: Basis, mut pairs: Vec<Pair>) -> Family {
        let mut family: Vec<Paired> = pairs.iter().map(|pair| pair.paired).collect();
        judge(&mut family, self.higher_is_better);
        for (pair, judged) in pairs.iter_mut().zip(family) {
            pair.paired = judged;
        }
        Family {
            question,
            basis,
            pairs,
        }
    }

    /// The pair of two configurations, whose outcomes are joined by replicate and fold.
    fn pair(
        &self,
        a: usize,
        b: usize,
        budget: Option<u64>,
        runs_a: &[(Part, Outcome)],
        runs_b: &[(Part, Outcome)],
    ) -> Pair {
        let of_b: HashMap<Part, Outcome> = runs_b.iter().copied().collect();
        let shared = runs_a
            .iter()
            .filter_map(|&(part, outcome)| Some((outcome, *of_b.get(&part)?)));
        let (outcomes_a, outcomes_b): (Vec<Outcome>, Vec<Outcome>) = shared.unzip();
        Pair {
            a,
            b,
            budget,
            mean_a: budget::mean(runs_a),
            mean_b: budget::mean(runs_b),
            nearest: None,
            paired: paired(
                &outcomes_a,
                &outcomes_b,
                self.higher_is_better,
                self.results.design_of(a, b),
            ),
        }
    }

    /// The most updates that a finished run of the configuration made.
    fn updates(&self, configuration: usize) -> Option<u64> {
        let runs = &self.results.configurations[configuration].runs;
        let finished = runs.iter().map(|&run| &self.results.runs[run]);
        finished
            .filter(|run| run.status.has_result())
            .map(|run| run.kept_updates())
            .max()
    }
}
