//! The ranking of an experiment's configurations by their metric, which the terminal shows and
//! `--json` prints.

use std::path::Path;

use serde::Serialize;

use super::comparison::{Basis, Comparison, Question};
use super::number::{plus_minus, significant};
use super::results::Results;
use super::target::{self, Target};
use super::timing::Timing;
use super::verdict;
use crate::language::Language;
use crate::record::Outcome;
use crate::record::grounds::{self, Standing};
use crate::record::history::History;
use crate::text;
use problems::Error;
use statistics::description::{describe, median};

/// The number of values of a small curve.
const CURVE: usize = 16;

/// One configuration of the ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranked {
    /// The configuration's number in the plan, as in `summary.csv`.
    pub configuration: usize,
    /// The variant's name and the swept values, in the order of the columns.
    pub keys: Vec<String>,
    /// The replicates that have their outcome.
    pub replicates: usize,
    /// The replicates that diverged.
    pub diverged: usize,
    /// The replicates that exploded: their loss is finite, but ended far above the first one.
    pub exploded: usize,
    /// The replicates that failed or were pruned.
    pub failed: usize,
    /// The replicates whose metric is undefined.
    pub undefined: usize,
    /// The rank, from 1, which configurations with equal means share; `None` if there is no
    /// ranking.
    pub place: Option<usize>,
    /// The mean of the metric that is shown beside the compared one.
    pub beside: Option<f64>,
    /// The mean of the metric over the replicates that ended with a result.
    pub mean: Option<f64>,
    /// The standard deviation of the values (n − 1).
    pub sd: Option<f64>,
    /// The median of the values.
    pub median: Option<f64>,
    /// The interquartile mean of the values.
    pub iqm: Option<f64>,
    /// The lower end of the mean's 95 % interval.
    pub ci_low: Option<f64>,
    /// The upper end of the mean's 95 % interval.
    pub ci_high: Option<f64>,
    /// The p-value against the best configuration, with Holm's correction.
    pub p_holm: Option<f64>,
    /// The number of pairs of replicates in which it is better than the best configuration.
    pub wins: Option<usize>,
    /// The verdict against the best configuration, in words; `best` for the best configuration
    /// itself.
    pub verdict: String,
    /// The number of replicates that would show the difference from the best.
    pub replicates_needed: Option<u64>,
    /// Whether no number of replicates would show it.
    pub never_tells: bool,
    /// The median over its replicates of the metric during training, at evenly spaced epochs,
    /// including the last one.
    pub curve: Vec<Option<f64>>,
}

impl Ranked {
    /// The verdict in words. If it seems to contradict the rank, the words say why: a few bad runs
    /// raise the mean of a configuration that is better in most replicates.
    pub fn words(&self, language: Language) -> String {
        match (self.verdict.as_str(), self.wins) {
            ("better", Some(wins)) => text!(
                language,
                "ranked-better",
                wins = wins,
                replicates = self.replicates,
                but = if self.diverged + self.failed > 0 {
                    "lost"
                } else {
                    "spoiled"
                }
            ),
            (verdict, _) => verdict_words(language, verdict),
        }
    }
}

/// The translation of a verdict, which the tables and `--json` have in English.
pub fn verdict_words(language: Language, verdict: &str) -> String {
    match verdict {
        "" => String::new(),
        "no clear difference" => text!(language, "ranked-verdict", verdict = "unclear"),
        verdict => text!(language, "ranked-verdict", verdict = verdict),
    }
}

impl Ranked {
    /// Whether its interval is meaningful, which takes more than two values.
    pub fn has_interval(&self) -> bool {
        let values = self.replicates - self.diverged - self.failed - self.undefined;
        values > 2 && self.ci_high.is_some()
    }

    /// The mean, with its interval if that is meaningful; a dash if there is none.
    pub fn mean_words(&self, language: Language) -> String {
        match (self.mean, self.ci_high) {
            (Some(mean), Some(high)) if self.has_interval() => plus_minus(mean, high - mean),
            (Some(mean), _) => significant(mean, 4),
            (None, _) if self.undefined > 0 => text!(language, "ranked-undefined"),
            (None, _) => "–".to_owned(),
        }
    }
}

/// The ranking of the configurations of one experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranking {
    /// The language of its sentences.
    #[serde(skip)]
    pub language: Language,
    /// `variant` and the swept keys.
    pub columns: Vec<String>,
    /// The metric by which they are ranked.
    pub metric: String,
    /// The metric that is shown beside the compared one, if there is one.
    pub beside: Option<String>,
    /// The verdict in one or two sentences.
    pub headline: String,
    /// Notes on the ranking, in sentences.
    pub notes: Vec<String>,
    /// The configurations: those that lost a smaller share of their replicates come first, then by
    /// mean, then in plan order.
    pub rows: Vec<Ranked>,
    /// All pairs, as in `comparison.csv`.
    pub comparison: Comparison,
    /// The training that the leading configurations need to reach one loss.
    pub target: Option<Target>,
}

impl Ranking {
    /// The best configuration: the first, if it has a value that no other one shares.
    pub fn best(&self) -> Option<&Ranked> {
        let first = self.rows.first().filter(|first| first.mean.is_some())?;
        let firsts = self.rows.iter().filter(|row| row.place == Some(1));
        (first.place.is_some() && firsts.count() == 1).then_some(first)
    }

    /// Fills in the fields that depend on the time of an epoch.
    pub fn time(&mut self, timing: &Timing) {
        if let Some(target) = &mut self.target {
            target.time(timing);
        }
    }
}

/// Reads the ranking of the results in `directory`, with sentences in this language.
///
/// # Errors
/// If there are no results, or they were not written by a run.
pub fn read(directory: &Path, language: Language) -> Result<Ranking, Error> {
    let results = Results::read(directory, language)?;
    let history = History::read(
        directory,
        &super::reported_columns(&results.experiment.metric, &results.columns),
    )?;
    let comparison = Comparison::new(&results, &history);
    let standings = grounds::standings(directory);
    let mut ranking = rank(&results, &history, comparison, &standings);
    ranking.time(&Timing::read(directory, &results));
    Ok(ranking)
}

/// Ranks the results; `standings` compare kept networks with constant answers.
pub fn rank(
    results: &Results,
    history: &History,
    comparison: Comparison,
    standings: &[Standing],
) -> Ranking {
    let beside = verdict::beside(results);
    let (mut part_begins, mut last_place) = (0, 0);
    let mut last: Option<usize> = None;
    let against_best = comparison.family(Question::AgainstBest, Basis::End);
    let mut rows = Vec::new();
    for (place, &configuration) in comparison.ranked.iter().enumerate() {
        let pair = against_best
            .and_then(|family| family.pairs.iter().find(|pair| pair.b == configuration))
            .map(|pair| pair.paired);
        let with = |status: &dyn Fn(Outcome) -> bool| {
            let runs = &results.configurations[configuration].runs;
            runs.iter()
                .filter(|&&run| status(results.runs[run].status))
                .count()
        };
        let exploded = {
            let runs = results.configurations[configuration].runs.iter();
            runs.filter(|&&run| results.runs[run].exploded()).count()
        };
        let part = |c: usize| results.terms.part[c];
        let first_of_part = last.is_none_or(|last| part(last) != part(configuration));
        if first_of_part {
            part_begins = place;
        }
        let tied = last.is_some_and(|last| comparison.equal(last, configuration));
        if first_of_part || !tied {
            last_place = place - part_begins + 1;
        }
        last = Some(configuration);
        let description = comparison.descriptions[configuration];
        rows.push(Ranked {
            configuration: results.configurations[configuration].number,
            keys: results.configurations[configuration].values.clone(),
            replicates: results.configurations[configuration].runs.len(),
            diverged: with(&|status| status == Outcome::Diverged),
            exploded,
            failed: with(&|status| matches!(status, Outcome::Failed | Outcome::Pruned)),
            undefined: comparison.undefined[configuration],
            place: results.terms.ranked.then_some(last_place),
            beside: beside.as_ref().and_then(|column| {
                let values = results.outcomes_of(column, configuration).into_iter();
                describe(&values.filter_map(|value| value.1).collect::<Vec<_>>()).mean
            }),
            mean: description.mean,
            sd: description.sd,
            median: description.median,
            iqm: description.iqm,
            ci_low: description.interval.map(|interval| interval.0),
            ci_high: description.interval.map(|interval| interval.1),
            p_holm: pair.and_then(|pair| pair.p_holm),
            wins: pair.map(|pair| pair.wins_b),
            verdict: match (first_of_part, pair) {
                (true, _)
                    if results.terms.ranked
                        && comparison.ranked.len() > 1
                        && description.mean.is_some() =>
                {
                    "best".to_owned()
                }
                // The pair compares the best with this one, so the verdict is turned round.
                (_, Some(pair)) => match pair.verdict.words() {
                    "better" => "worse".to_owned(),
                    "worse" => "better".to_owned(),
                    words => words.to_owned(),
                },
                _ => String::new(),
            },
            replicates_needed: pair.and_then(|pair| pair.replicates_needed),
            never_tells: pair.is_some_and(|pair| pair.never_tells),
            curve: curve(results, history, configuration),
        });
    }
    Ranking {
        language: results.language,
        columns: results.keys.clone(),
        metric: comparison.metric.clone(),
        headline: verdict::headline(results, &comparison, standings),
        notes: verdict::notes(results, &comparison),
        beside,
        rows,
        target: target::reach(results, &comparison, history),
        comparison,
    }
}

/// The median over a configuration's replicates at evenly spaced epochs.
fn curve(results: &Results, history: &History, configuration: usize) -> Vec<Option<f64>> {
    let Some((_, values)) = results.course(history) else {
        return Vec::new();
    };
    let runs = &results.configurations[configuration].runs;
    let rows: Vec<_> = runs
        .iter()
        .map(|&run| history.rows(results.runs[run].number))
        .collect();
    let longest = rows.iter().map(|rows| rows.len()).max().unwrap_or(0);
    let points = longest.min(CURVE);
    (0..points)
        .map(|point| {
            // The last point is the last row.
            let row = if points == 1 {
                0
            } else {
                point * (longest - 1) / (points - 1)
            };
            let present: Vec<f64> = rows
                .iter()
                .filter(|rows| row < rows.len())
                .map(|rows| values[rows.start + row])
                .filter(|value| value.is_finite())
                .collect();
            (!present.is_empty()).then(|| median(&present))
        })
        .collect()
}
