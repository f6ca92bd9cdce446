//! The tables of the page.

use std::fmt::Write;

use crate::report::Report;
use crate::report::comparison::{Basis, Family, Pair, Question, short_others};
use crate::report::figure::svg::escape;
use crate::report::number::{p_value, plus_minus, short, significant};
use crate::report::ranking::Ranked;
use crate::report::results::short_key;
use crate::report::statistics::{MOST_REPLICATES, Test, Verdict};
use crate::report::verdict;

/// The most rows of a table; the rest is in the CSV files.
const ROWS: usize = 500;
/// The most rows whose intervals and curves are drawn.
const DRAWN: usize = 200;
/// The most pairs of one table.
const PAIRS: usize = 60;

/// The configurations, the best first.
pub fn ranking(report: &Report) -> String {
    let ranking = &report.ranking;
    let differing = report.results.differing();
    let lost = ranking.rows.iter().any(|row| row.diverged + row.failed > 0);
    let replicated = report.replicates() > 1;
    let mut text = format!(
        "<p>Every configuration by its mean {}{}.</p>\n<p class=\"note\">{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Ranking\">\n<table class=\"sortable\">\n<thead><tr>",
        escape(&ranking.metric),
        if lost {
            "; those that lost more of their replicates stand further down"
        } else {
            ""
        },
        if replicated {
            "Intervals are 95 % of the mean, by Student’s t. “Against the best” is a paired comparison with the first row, corrected by Holm over all rows."
        } else {
            "One replicate each: no intervals and no verdicts."
        }
    );
    let mut head = |name: &str, number: bool| {
        let class = if number { " class=\"number\"" } else { "" };
        let _ = write!(
            text,
            "<th scope=\"col\"{class} data-sort=\"\">{}</th>",
            escape(name)
        );
    };
    head("#", true);
    for &key in &differing {
        head(short_key(&ranking.columns[key]), numeric(report, key));
    }
    head(
        if replicated {
            "mean ± 95 %"
        } else {
            &ranking.metric
        },
        true,
    );
    text += "<th scope=\"col\">interval</th>";
    if replicated && ranking.rows.len() > 1 {
        text += "<th scope=\"col\" data-sort=\"\">against the best</th>";
    }
    let mut head = |name: &str, number: bool| {
        let class = if number { " class=\"number\"" } else { "" };
        let _ = write!(text, "<th scope=\"col\"{class} data-sort=\"\">{name}</th>");
    };
    if replicated {
        head("median", true);
        head("IQM", true);
        head("sd", true);
    }
    head("runs", true);
    if lost {
        head("diverged", true);
    }
    text += "<th scope=\"col\">curve</th>";
    text += "</tr></thead>\n<tbody>\n";
    let scale = IntervalScale::new(&ranking.rows, report.comparison.ceiling());
    for (place, row) in ranking.rows.iter().take(ROWS).enumerate() {
        text += if place == 0 && ranking.rows.len() > 1 {
            "<tr class=\"first\">"
        } else {
            "<tr>"
        };
        let _ = write!(text, "<td class=\"number\">{}</td>", place + 1);
        for &key in &differing {
            let value = &row.keys[key];
            if numeric(report, key) {
                let _ = write!(
                    text,
                    "<td class=\"number\" data-value=\"{}\">{}</td>",
                    escape(value),
                    escape(&short(value))
                );
            } else {
                name(&mut text, &short(value), "");
            }
        }
        let mean = match (row.mean, row.ci_high) {
            (Some(mean), Some(high)) => plus_minus(mean, high - mean),
            (Some(mean), None) => significant(mean, 4),
            _ => "–".to_owned(),
        };
        number(&mut text, row.mean, &mean);
        let drawing = if place < DRAWN {
            scale.draw(row)
        } else {
            String::new()
        };
        let _ = write!(text, "<td>{drawing}</td>");
        if replicated && ranking.rows.len() > 1 {
            let class = match row.verdict.as_str() {
                "best" => "better",
                "worse" => "worse",
                _ => "unclear",
            };
            let mut words = row.words();
            if let Some(needed) = row.replicates_needed {
                words += &format!(" ({})", needed_words(needed));
            }
            let _ = write!(text, "<td class=\"{class}\">{}</td>", escape(&words));
        }
        if replicated {
            for value in [row.median, row.iqm, row.sd] {
                number(
                    &mut text,
                    value,
                    &value.map_or("–".to_owned(), |value| significant(value, 3)),
                );
            }
        }
        let _ = write!(text, "<td class=\"number\">{}</td>", row.replicates);
        if lost {
            let lost = row.diverged + row.failed;
            let _ = write!(
                text,
                "<td class=\"number{}\">{lost}</td>",
                if lost > 0 { " worse" } else { "" }
            );
        }
        let curve = if place < DRAWN {
            sparkline(&row.curve)
        } else {
            String::new()
        };
        let _ = write!(text, "<td>{curve}</td>");
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    if ranking.rows.len() > ROWS {
        let _ = writeln!(
            text,
            "<p class=\"note\">The first {ROWS} of {}; all are in summary.csv.</p>",
            ranking.rows.len()
        );
    }
    text
}

/// Whether a key's values are numbers, or some of them: `16` and `full`.
fn numeric(report: &Report, key: usize) -> bool {
    let rows = &mut report.ranking.rows.iter();
    rows.any(|row| row.keys[key].parse::<f64>().is_ok())
}

/// The most characters of a name that stays on one line.
const ONE_LINE: usize = 32;

/// A cell with a name and, beneath it, what else there is to say of it.
fn name(text: &mut String, words: &str, beneath: &str) {
    let long = words.chars().count().max(beneath.chars().count()) > ONE_LINE;
    *text += if long { "<td class=\"long\">" } else { "<td>" };
    *text += &escape(words);
    if !beneath.is_empty() {
        let _ = write!(text, "<small>{}</small>", escape(beneath));
    }
    *text += "</td>";
}

/// A cell with a number, sorted by its full value.
fn number(text: &mut String, value: Option<f64>, words: &str) {
    let full = value.map_or(String::new(), |value| value.to_string());
    let _ = write!(
        text,
        "<td class=\"number\" data-value=\"{full}\">{words}</td>"
    );
}

fn needed_words(needed: u64) -> String {
    if needed > MOST_REPLICATES {
        format!("more than {MOST_REPLICATES} replicates to tell")
    } else {
        format!("{needed} replicates could tell")
    }
}

/// One scale for the intervals of all rows.
struct IntervalScale {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// What lies above is off the scale, and not drawn.
    ceiling: f64,
}

impl IntervalScale {
    const WIDTH: f64 = 104.0;

    fn new(rows: &[Ranked], ceiling: f64) -> Self {
        let means = || {
            rows.iter()
                .filter_map(|row| row.mean)
                .filter(|&mean| mean <= ceiling)
        };
        let logarithmic = means().all(|mean| mean > 0.0);
        let least = means().fold(f64::INFINITY, f64::min);
        let ends = rows
            .iter()
            .flat_map(|row| [row.mean, row.ci_low, row.ci_high])
            .flatten();
        // An interval that reaches below 0 is cut at a tenth of the least mean.
        let ends =
            ends.filter(|&value| value <= ceiling && (!logarithmic || value >= least / 10.0));
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        Self {
            low,
            high,
            logarithmic,
            ceiling,
        }
    }

    fn place(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        4.0 + (Self::WIDTH - 8.0)
            * if share.is_finite() {
                share.clamp(0.0, 1.0)
            } else {
                0.5
            }
    }

    fn draw(&self, row: &Ranked) -> String {
        let Some(mean) = row.mean.filter(|&mean| mean <= self.ceiling) else {
            return String::new();
        };
        let mut svg = format!(
            "<svg width=\"{0}\" height=\"14\" viewBox=\"0 0 {0} 14\" aria-hidden=\"true\">",
            Self::WIDTH
        );
        if let (Some(low), Some(high)) = (row.ci_low, row.ci_high) {
            let _ = write!(
                svg,
                "<path d=\"M{:.1} 7H{:.1}\" class=\"s-muted\" stroke-width=\"1.5\"/>",
                self.place(low),
                self.place(high)
            );
        }
        let _ = write!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"7\" r=\"3.2\" class=\"f-s0\"/></svg>",
            self.place(mean)
        );
        svg
    }
}

/// A curve in small, logarithmic where it is above 0.
fn sparkline(curve: &[Option<f64>]) -> String {
    let values: Vec<f64> = curve
        .iter()
        .map(|value| value.unwrap_or(f64::NAN))
        .collect();
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    if finite().count() < 2 {
        return String::new();
    }
    let logarithmic = finite().all(|value| value > 0.0);
    let height = |value: f64| if logarithmic { libm::log(value) } else { value };
    let (low, high) = finite()
        .map(height)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
    let mut path = String::new();
    let mut pen = false;
    for (i, &value) in values.iter().enumerate() {
        if !value.is_finite() {
            pen = false;
            continue;
        }
        let share = if high > low {
            (height(value) - low) / (high - low)
        } else {
            0.0
        };
        let x = 1.0 + 62.0 * i as f64 / (values.len() - 1) as f64;
        let _ = write!(
            path,
            "{}{x:.0} {:.1}",
            if pen { 'L' } else { 'M' },
            17.0 - 15.0 * share
        );
        pen = true;
    }
    format!(
        "<svg width=\"64\" height=\"18\" viewBox=\"0 0 64 18\" aria-hidden=\"true\"><path d=\"{path}\" fill=\"none\" class=\"s-muted\" stroke-width=\"1.4\"/></svg>"
    )
}

/// How the tables of pairs come about.
pub fn method(report: &Report) -> String {
    let higher = report.comparison.higher_is_better;
    let tested = if higher {
        "Differences are tested by a paired t-test"
    } else {
        "Losses differ in proportion, so their ratios are tested: a paired t-test of the logarithms"
    };
    let mut text = format!(
        "<p>Replicate r of every configuration starts from the same seed, so configurations are compared replicate by replicate. {tested}; where a run diverged, by ranks, with the diverged run last. p-values are corrected by Holm over all pairs of a table.</p>\n"
    );
    if report.replicates() < 2 {
        text += "<p class=\"note\">One replicate gives no verdict: chance cannot be told from a difference.</p>\n";
    }
    text
}

/// One table of pairs.
pub fn pairs(report: &Report, family: &Family) -> String {
    let by = short_key(report.comparison.by.as_deref().unwrap_or("value"));
    let (heading, note) = match (family.question, family.basis) {
        (Question::OwnBest, Basis::End) => (
            "Each at its own best".to_owned(),
            format!(
                "Every {by} with those other keys that suit it best. They were chosen by the same numbers, which flatters all of them a little."
            ),
        ),
        (Question::OwnBest, Basis::Updates) => (
            "At equal updates".to_owned(),
            "The same configurations after as many updates as the shorter of the two makes."
                .to_owned(),
        ),
        (Question::OwnBest, Basis::Samples) => (
            "At equal samples seen".to_owned(),
            "The same configurations after as many samples as the shorter of the two sees."
                .to_owned(),
        ),
        (_, Basis::End) => (
            "All else equal".to_owned(),
            format!("Every {by} against every other where all other swept keys are the same."),
        ),
        (_, Basis::Updates) => (
            "All else equal, at equal updates".to_owned(),
            "After as many updates as the shorter of the two makes.".to_owned(),
        ),
        (_, Basis::Samples) => (
            "All else equal, at equal samples seen".to_owned(),
            "After as many samples as the shorter of the two sees.".to_owned(),
        ),
    };
    let budget = family.basis != Basis::End;
    let others = family
        .pairs
        .iter()
        .any(|pair| !others(report, pair.a).is_empty());
    let ratio = family.pairs.iter().any(|pair| pair.paired.ratio.is_some());
    let mut text = format!(
        "<h3>{heading}</h3>\n<p class=\"lead\">{}</p>\n",
        escape(&note)
    );
    let folded = family.question == Question::SameKeys && family.pairs.len() > 12;
    if folded {
        let _ = writeln!(
            text,
            "<details><summary>{} pairs</summary>",
            family.pairs.len()
        );
    }
    let _ = write!(
        text,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{heading}\">\n<table class=\"sortable\">\n<thead><tr>"
    );
    let mut head = |name: &str, number: bool| {
        let class = if number { " class=\"number\"" } else { "" };
        let _ = write!(
            text,
            "<th scope=\"col\"{class} data-sort=\"\">{}</th>",
            escape(name)
        );
    };
    head("A", false);
    head("B", false);
    if others && family.question == Question::SameKeys {
        head("at", false);
    }
    if budget {
        head(family.basis.name(), true);
    }
    head("mean A", true);
    head("mean B", true);
    head(
        if ratio {
            "A / B (95 %)"
        } else {
            "A − B (95 %)"
        },
        true,
    );
    head("A wins", true);
    head("p (Holm)", true);
    head("verdict", false);
    text += "</tr></thead>\n<tbody>\n";
    for pair in family.pairs.iter().take(PAIRS) {
        row(&mut text, report, family, pair, (others, budget, ratio));
    }
    text += "</tbody>\n</table>\n</div>\n";
    if family.pairs.len() > PAIRS {
        let _ = writeln!(
            text,
            "<p class=\"note\">The first {PAIRS} of {} pairs; all are in comparison.csv.</p>",
            family.pairs.len()
        );
    }
    if let Some(note) = verdict::no_record(family) {
        let _ = writeln!(text, "<p class=\"note\">{}</p>", escape(&note));
    }
    if folded {
        text += "</details>\n";
    }
    text
}

fn others(report: &Report, configuration: usize) -> String {
    short_others(
        &report.results,
        configuration,
        report.comparison.by.as_deref(),
    )
}

/// The value of `by` of a configuration.
fn level(report: &Report, configuration: usize) -> String {
    let by = report.comparison.by.as_deref();
    let key = report
        .results
        .keys
        .iter()
        .position(|key| Some(key.as_str()) == by);
    key.map_or(String::new(), |key| {
        short(&report.results.configurations[configuration].values[key])
    })
}

fn row(
    text: &mut String,
    report: &Report,
    family: &Family,
    pair: &Pair,
    (others_differ, budget, ratio): (bool, bool, bool),
) {
    let of = &pair.paired;
    *text += "<tr>";
    for configuration in [pair.a, pair.b] {
        let others = if others_differ && family.question == Question::OwnBest {
            others(report, configuration)
        } else {
            String::new()
        };
        name(text, &level(report, configuration), &others);
    }
    if others_differ && family.question == Question::SameKeys {
        let _ = write!(text, "<td>{}</td>", escape(&others(report, pair.a)));
    }
    if budget {
        let _ = write!(
            text,
            "<td class=\"number\">{}</td>",
            match pair.nearest {
                None => pair
                    .budget
                    .map_or("–".to_owned(), |budget| budget.to_string()),
                Some(_) => "–".to_owned(),
            }
        );
    }
    let means = match pair.nearest {
        None => [(pair.mean_a, None), (pair.mean_b, None)],
        Some(nearest) => [
            (nearest.mean_a, Some(nearest.at_a)),
            (nearest.mean_b, Some(nearest.at_b)),
        ],
    };
    for (mean, at) in means {
        let mut words = mean.map_or("–".to_owned(), |mean| significant(mean, 3));
        if let Some(at) = at {
            let _ = write!(words, "<small>after {at}</small>");
        }
        number(text, mean, &words);
    }
    let (value, interval) = if ratio {
        (of.ratio, of.ratio_interval)
    } else {
        (of.difference, of.interval)
    };
    let words = match (value, interval) {
        (Some(value), Some((low, high))) => {
            format!(
                "{} ({} to {})",
                significant(value, 3),
                significant(low, 2),
                significant(high, 2)
            )
        }
        (Some(value), None) => significant(value, 3),
        _ => "–".to_owned(),
    };
    number(text, value, &words);
    if of.pairs == 0 {
        *text += "<td class=\"number\">–</td>";
    } else {
        let _ = write!(
            text,
            "<td class=\"number\" data-value=\"{}\">{} of {}</td>",
            of.wins_a, of.wins_a, of.pairs
        );
    }
    number(
        text,
        of.p_holm,
        &of.p_holm.map_or("–".to_owned(), |p| escape(&p_value(p))),
    );
    let (class, words) = verdict_words(report, pair);
    let _ = writeln!(text, "<td class=\"{class}\">{}</td></tr>", escape(&words));
}

/// A verdict's class and words.
fn verdict_words(report: &Report, pair: &Pair) -> (&'static str, String) {
    let of = &pair.paired;
    match of.verdict {
        Verdict::Better if of.test == Some(Test::AlwaysLost) => {
            ("better", "A is better: B never finishes".to_owned())
        }
        Verdict::Worse if of.test == Some(Test::AlwaysLost) => {
            ("worse", "A is worse: it never finishes".to_owned())
        }
        Verdict::Better => ("better", "A is better".to_owned()),
        Verdict::Worse => ("worse", "A is worse".to_owned()),
        Verdict::NoClearDifference => {
            let needed = of.replicates_needed.map_or(String::new(), |needed| {
                format!(" ({})", needed_words(needed))
            });
            ("unclear", format!("no clear difference{needed}"))
        }
        Verdict::None if pair.nearest.is_some() => ("unclear", no_record(report, pair)),
        Verdict::None if of.lost_a == of.pairs && of.lost_b == of.pairs && of.pairs > 0 => {
            ("unclear", "both never finish".to_owned())
        }
        Verdict::None => ("unclear", "no verdict".to_owned()),
    }
}

/// Of which side there is no record yet where the other ends.
fn no_record(report: &Report, pair: &Pair) -> String {
    let Some(nearest) = pair.nearest else {
        return String::new();
    };
    let (late, first) = if nearest.at_a > nearest.at_b {
        (pair.a, nearest.at_a)
    } else {
        (pair.b, nearest.at_b)
    };
    format!(
        "not known: {} has no record before {first}",
        level(report, late)
    )
}

/// What it takes to reach one loss.
pub fn target(report: &Report) -> String {
    let Some(target) = &report.ranking.target else {
        return String::new();
    };
    let mut text = format!(
        "<h3>To reach {} {}</h3>\n<p class=\"lead\">The worst of the leading configurations’ medians at the end, so that each can reach it: what it takes them, as the median over the replicates that do.</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"To reach a target\">\n<table class=\"sortable\">\n<thead><tr><th scope=\"col\" data-sort=\"\">configuration</th><th scope=\"col\" class=\"number\" data-sort=\"\">reached by</th><th scope=\"col\" class=\"number\" data-sort=\"\">epochs</th><th scope=\"col\" class=\"number\" data-sort=\"\">updates</th><th scope=\"col\" class=\"number\" data-sort=\"\">samples</th></tr></thead>\n<tbody>\n",
        escape(&target.metric),
        significant(target.value, 3)
    );
    for row in &target.rows {
        text += "<tr>";
        name(&mut text, &row.name, "");
        let _ = write!(
            text,
            "<td class=\"number\" data-value=\"{}\">{} of {}</td>",
            row.reached, row.reached, row.of
        );
        for value in [row.epochs, row.updates, row.samples] {
            number(
                &mut text,
                value,
                &value.map_or("–".to_owned(), |value| value.to_string()),
            );
        }
        text += "</tr>\n";
    }
    text + "</tbody>\n</table>\n</div>\n"
}
