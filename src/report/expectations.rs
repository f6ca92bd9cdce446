//! The judgement of an experiment's `[expect]` by its results.
//!
//! A bound is about the mean over a configuration's runs, as in `summary.csv`. A run that diverged
//! or failed, or an undefined metric, misses it. A name of several configurations stands for the
//! best of them. A verdict is that of the comparison, where Holm's correction is over the pairs of
//! its table. Pairs that are in no table form a family of their own.

use std::path::Path;

use serde::Serialize;

use super::comparison::{Basis, Comparison, Question};
use super::number::{p_value, sided, significant};
use super::results::Results;
use crate::config::{self, Bound, End, Expectation, Expected, Subject, expectations_of};
use crate::language::Language;
use crate::named::Names;
use crate::record::history::History;
use crate::text;
use problems::{Error, Problems, Source};
use statistics::description::describe;
use statistics::paired::{Paired, Verdict};
use statistics::power::MOST_REPLICATES;

/// The judgement of one expectation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    /// The expectation as the file has it: `best.valid_loss.max = 0.01`.
    pub expectation: String,
    /// Whether it is met; `None` if runs are missing, so that it cannot be judged yet.
    pub met: Option<bool>,
    /// The configuration that decides: the one whose value is worst for the bound.
    pub configuration: Option<String>,
    /// The mean over that configuration's runs, which the bound limits.
    pub value: Option<f64>,
    /// The limit of the bound.
    pub limit: Option<f64>,
    /// How far the value exceeds the limit.
    pub missed_by: Option<f64>,
    /// The result in words.
    pub words: String,
}

impl Judgement {
    fn of(expectation: &Expectation, met: Option<bool>, words: String) -> Self {
        Self {
            expectation: expectation.text.clone(),
            met,
            configuration: None,
            value: None,
            limit: None,
            missed_by: None,
            words,
        }
    }

    /// Whether it was missed.
    pub fn is_missed(&self) -> bool {
        self.met == Some(false)
    }
}

/// How many of several expectations are met, as in `2 of 3 expectations are met`; `None` if there
/// are no expectations.
pub fn count_words(language: Language, judged: &[Judgement]) -> Option<String> {
    let all = judged.len();
    let met = judged.iter().filter(|one| one.met == Some(true)).count();
    Some(match met {
        _ if all == 0 => return None,
        _ if judged.iter().all(|one| one.met.is_none()) => text!(language, "expect-open"),
        0 => text!(language, "expect-none-met", all = all),
        met if met == all => text!(language, "expect-all-met", all = all),
        met => text!(language, "expect-some-met", met = met, all = all),
    })
}

/// Judges the expectations of the experiment in `directory`. The results are ranked as the
/// experiment says, whatever ranking is used elsewhere.
///
/// # Errors
/// If there are no results, or they were not written by a run.
pub fn read(directory: &Path, language: Language) -> Result<Vec<Judgement>, Error> {
    let results = Results::read(directory, language)?;
    if !results.experiment.document.contains_key("expect") {
        return Ok(Vec::new());
    }
    Ok(judge_alone(&results))
}

/// Judges the expectations of results that are not compared yet.
pub fn judge_alone(results: &Results) -> Vec<Judgement> {
    // Expectations are about the end of training, so that no history is needed.
    let comparison = Comparison::new(results, &History::default());
    judge(results, &comparison)
}

/// Judges the expectations of the experiment of these results. If a run has no outcome yet, nothing
/// is judged. The results must be ranked as the experiment says.
pub fn judge(results: &Results, comparison: &Comparison) -> Vec<Judgement> {
    let text = results.experiment.text.clone();
    let source = Source::argument("experiment.toml", text);
    // A person may have changed the text so that it is no experiment any more.
    let Ok(root) = config::parse(&source, &mut Problems::new()) else {
        return Vec::new();
    };
    let expectations = expectations_of(&root);
    let judge = Judge {
        results,
        comparison,
    };
    if let Some([finished, planned]) = results.unfinished() {
        let language = results.language;
        let words = text!(
            language,
            "expect-unfinished",
            count = finished,
            all = planned
        );
        let waits = |one: &Expectation| Judgement::of(one, None, words.clone());
        return expectations.iter().map(waits).collect();
    }
    judge.all(&expectations)
}

struct Judge<'a> {
    results: &'a Results,
    comparison: &'a Comparison,
}

/// The value of a bound's column for a configuration.
enum Came {
    /// The mean over its runs.
    To(f64),
    /// There is none, for this reason.
    ToNothing(String),
}

impl Judge<'_> {
    fn all(&self, expectations: &[Expectation]) -> Vec<Judgement> {
        let names = self.names();
        let pairs: Vec<Option<(usize, usize)>> = expectations
            .iter()
            .map(|expectation| match &expectation.expected {
                Expected::Bound(_) => None,
                Expected::Better(sides) => {
                    let [first, second] = sides.each_ref().map(|(name, _)| names.find(name));
                    self.pair(&first, &second)
                }
            })
            .collect();
        let further = self.further(&pairs);
        let each = expectations.iter().zip(pairs);
        each.map(|(expectation, pair)| match &expectation.expected {
            Expected::Bound(bound) => self.bound(expectation, bound, &names),
            Expected::Better(_) => self.verdict(expectation, pair, &further),
        })
        .collect()
    }

    fn names(&self) -> Names<'_> {
        let results = self.results;
        let all = results.configurations.iter().map(|of| {
            let (variant, values) = of.values.split_at(1.min(of.values.len()));
            (variant.first().map_or("", String::as_str), values)
        });
        let keys = results.keys.get(1..).unwrap_or_default();
        Names::new(&results.experiment.by, keys, all.collect())
    }

    fn label(&self, configuration: usize) -> String {
        let keys = self.comparison.naming_keys(self.results);
        self.results.label(configuration, &keys)
    }

    /// The best of some configurations: one for each of the samples that they are judged on, or
    /// several equal ones. If there is no ranking, it is all of them.
    fn bests(&self, of: &[usize]) -> Vec<usize> {
        let terms = &self.results.terms;
        if !terms.ranked {
            return of.to_vec();
        }
        let mut bests: Vec<usize> = Vec::new();
        for &c in self.comparison.ranked.iter().filter(|c| of.contains(c)) {
            let first = bests
                .iter()
                .find(|&&best| terms.part[best] == terms.part[c]);
            if first.is_none_or(|&first| self.comparison.equal(first, c)) {
                bests.push(c);
            }
        }
        bests
    }

    fn bound(&self, expectation: &Expectation, bound: &Bound, names: &Names<'_>) -> Judgement {
        let language = self.results.language;
        let all: Vec<usize> = (0..self.results.configurations.len()).collect();
        let of = match &bound.of {
            Subject::Every => all,
            Subject::Best if !self.results.terms.ranked && all.len() > 1 => {
                let words = text!(language, "expect-no-best");
                return Judgement::of(expectation, Some(false), words);
            }
            Subject::Best => self.bests(&all),
            Subject::Named(name) => self.bests(&names.find(name)),
        };
        let excess = |value: f64| match bound.end {
            End::Max => value - bound.limit,
            End::Min => bound.limit - value,
        };
        // The configuration with the worst value decides; a configuration without a value is worse
        // than all.
        let came = of.iter().map(|&c| (c, self.came(c, bound)));
        let size = |came: &Came| match came {
            Came::To(value) => excess(*value),
            Came::ToNothing(_) => f64::INFINITY,
        };
        let came: Vec<(usize, Came)> = came.collect();
        let missed = came.iter().filter(|(_, came)| size(came) > 0.0).count();
        let furthest = came
            .iter()
            .reduce(|a, b| if size(&b.1) > size(&a.1) { b } else { a });
        let Some((configuration, came)) = furthest else {
            let words = text!(language, "expect-no-name");
            return Judgement::of(expectation, Some(false), words);
        };
        let label = self.label(*configuration);
        let mut judged = Judgement::of(expectation, Some(missed == 0), String::new());
        judged.limit = Some(bound.limit);
        judged.words = match came {
            Came::ToNothing(why) => why.clone(),
            Came::To(value) => {
                judged.value = Some(*value);
                let shown = sided(*value, 4, bound.limit);
                let by = Some(excess(*value)).filter(|by| *by > 0.0);
                judged.missed_by = by;
                let by = by.map(|by| significant(by, 3));
                let name = label.as_str();
                match (by, bound.end) {
                    (None, _) => text!(language, "expect-value", value = shown, name = name),
                    (Some(by), End::Max) => {
                        text!(
                            language,
                            "expect-too-high",
                            value = shown,
                            name = name,
                            by = by
                        )
                    }
                    (Some(by), End::Min) => {
                        text!(
                            language,
                            "expect-too-low",
                            value = shown,
                            name = name,
                            by = by
                        )
                    }
                }
            }
        };
        if missed > 1 {
            let words = std::mem::take(&mut judged.words);
            judged.words = text!(language, "expect-more", words = words, count = missed - 1);
        }
        judged.configuration = Some(label);
        judged
    }

    fn came(&self, configuration: usize, bound: &Bound) -> Came {
        let column = bound.column.name();
        let runs = self.results.configurations[configuration].runs.len();
        let outcomes = self.results.outcomes_of(column, configuration);
        let values: Vec<f64> = outcomes.iter().filter_map(|outcome| outcome.1).collect();
        let lost = outcomes.len() - values.len();
        let undefined = runs - outcomes.len();
        let (language, name) = (self.results.language, self.label(configuration));
        match describe(&values).mean {
            _ if lost > 0 => Came::ToNothing(text!(
                language,
                "expect-lost",
                name = name,
                count = lost,
                all = runs
            )),
            _ if undefined > 0 => Came::ToNothing(text!(
                language,
                "expect-undefined",
                name = name,
                column = column,
                count = undefined,
                all = runs
            )),
            Some(mean) => Came::To(mean),
            None => Came::ToNothing(text!(
                language,
                "expect-no-value",
                name = name,
                column = column
            )),
        }
    }

    /// The best of each side, if both are judged on the same samples.
    fn pair(&self, first: &[usize], second: &[usize]) -> Option<(usize, usize)> {
        let terms = &self.results.terms;
        let best = |of: &[usize], part: usize| {
            let mut ranked = self.comparison.ranked.iter().copied();
            ranked.find(|c| of.contains(c) && terms.part[*c] == part)
        };
        let mut parts = 0..terms.parts.len();
        parts.find_map(|part| Some((best(first, part)?, best(second, part)?)))
    }

    /// The verdict on a pair in the tables of the comparison, with the sides in this order.
    fn known(&self, (a, b): (usize, usize)) -> Option<(Paired, bool)> {
        let questions = [Question::OwnBest, Question::SameKeys, Question::AgainstBest];
        questions.into_iter().find_map(|question| {
            let family = self.comparison.family(question, Basis::End)?;
            let mut pairs = family.pairs.iter();
            let pair = pairs.find(|pair| [(a, b), (b, a)].contains(&(pair.a, pair.b)))?;
            Some((pair.paired, pair.a == a))
        })
    }

    /// The verdicts on pairs that are in none of the tables, as a family of their own.
    fn further(&self, pairs: &[Option<(usize, usize)>]) -> Vec<((usize, usize), Paired)> {
        let mut asked: Vec<(usize, usize)> = Vec::new();
        for pair in pairs.iter().flatten() {
            if self.known(*pair).is_none() && !asked.contains(pair) {
                asked.push(*pair);
            }
        }
        let judged = Comparison::of_pairs(self.results, asked.clone());
        let judged = judged.into_iter().map(|pair| pair.paired);
        asked.into_iter().zip(judged).collect()
    }

    fn verdict(
        &self,
        expectation: &Expectation,
        pair: Option<(usize, usize)>,
        further: &[((usize, usize), Paired)],
    ) -> Judgement {
        let language = self.results.language;
        let missed = |words: String| Judgement::of(expectation, Some(false), words);
        if !self.results.terms.ranked {
            return missed(text!(language, "expect-no-ranking"));
        }
        let Some((a, b)) = pair else {
            return missed(text!(language, "expect-other-samples"));
        };
        let own = further.iter().find(|(of, _)| *of == (a, b));
        let known = own.map(|(_, paired)| (*paired, true));
        let (paired, forward) = known
            .or_else(|| self.known((a, b)))
            .expect("a pair that stands in no table is among the further ones");
        let verdict = match (paired.verdict, forward) {
            (Verdict::Better, false) => Verdict::Worse,
            (Verdict::Worse, false) => Verdict::Better,
            (verdict, _) => verdict,
        };
        let [first, second] = [a, b].map(|c| self.label(c));
        let (one, other) = (first.as_str(), second.as_str());
        let mut words = match verdict {
            Verdict::Better => text!(language, "expect-better", first = one, second = other),
            Verdict::Worse => text!(language, "expect-worse", first = one, second = other),
            Verdict::NoClearDifference => {
                text!(language, "expect-unclear", first = one, second = other)
            }
            Verdict::Tie => text!(language, "expect-tie", first = one, second = other),
            Verdict::None => text!(language, "expect-no-verdict", first = one, second = other),
        };
        let mean = |c: usize| self.comparison.descriptions[c].mean;
        if let (Some(one), Some(other)) = (mean(a), mean(b)) {
            let [one, other] = [one, other].map(|mean| significant(mean, 3));
            words = text!(
                language,
                "expect-with-means",
                words = words,
                metric = &self.comparison.metric,
                first = one,
                second = other
            );
        }
        if let Some(p) = paired.p_holm {
            let sign = if p < 0.001 { "p" } else { "p =" };
            let p = format!("{sign} {}", p_value(p));
            words = text!(language, "expect-with-p", words = words, p = p);
        }
        if let Some(needed) = paired.replicates_needed
            && needed <= MOST_REPLICATES
        {
            words = text!(
                language,
                "expect-with-needed",
                words = words,
                count = needed
            );
        }
        let met = verdict == Verdict::Better;
        Judgement {
            configuration: Some(first),
            value: mean(a),
            ..Judgement::of(expectation, Some(met), words)
        }
    }
}
