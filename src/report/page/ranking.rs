//! The table of the configurations, the best first.

use std::fmt::Write;

use super::cell::{self, needed_words, number};
use crate::report::View;
use crate::report::number::{short, significant};
use crate::report::ranking::Ranked;
use crate::report::results::short_key;
use pictures::svg::escape;

/// The most rows of a table; the rest is in the CSV files.
const ROWS: usize = 500;

/// The most rows whose intervals and curves are drawn.
const DRAWN: usize = 200;

/// The configurations, the best first.
pub fn table(view: &View) -> String {
    let ranking = &view.ranking;
    let differing = view.results.differing();
    let numbers: Vec<usize> = differing
        .iter()
        .copied()
        .filter(|&key| numeric(view, key))
        .collect();
    let lost = ranking.rows.iter().any(|row| row.diverged + row.failed > 0);
    let replicated = view.replicates() > 1;
    let exploded = ranking.rows.iter().any(|row| row.exploded > 0);
    let judged = replicated && ranking.rows.len() > 1 && view.results.terms.ranked;
    let mut text = format!(
        "<p>Every configuration by its mean {}{}.</p>\n<p class=\"note\">{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Ranking\">\n<table class=\"sortable\">\n<thead><tr>",
        escape(&ranking.metric),
        if lost {
            "; those that lost more of their replicates stand further down"
        } else {
            ""
        },
        if replicated {
            "Intervals are 95 % of the mean, by Student’s t, from three values on. “Against the best” is a paired comparison with the first row; the table of pairs says how it was corrected."
        } else {
            "One replicate each: no intervals and no verdicts."
        }
    );
    cell::head(&mut text, "#", true);
    // On a phone one column has all that tells a configuration from the others.
    text += "<th scope=\"col\" class=\"label\">configuration</th>";
    for &key in &differing {
        cell::extra_head(
            &mut text,
            short_key(&ranking.columns[key]),
            numbers.contains(&key),
        );
    }
    let value = match replicated {
        true => "mean ± 95 %",
        false => &ranking.metric,
    };
    cell::head(&mut text, value, true);
    if let Some(beside) = &ranking.beside {
        cell::extra_head(&mut text, beside, true);
    }
    text += "<th scope=\"col\" class=\"extra\">interval</th>";
    if judged {
        text += "<th scope=\"col\" data-sort=\"\">against the best</th>";
    }
    let mut heads = Vec::new();
    if replicated {
        heads.extend(["median", "IQM", "sd"]);
    }
    heads.push("runs");
    if lost {
        heads.push("diverged");
    }
    if exploded {
        heads.push("exploded");
    }
    for head in heads {
        cell::extra_head(&mut text, head, true);
    }
    text += "<th scope=\"col\" class=\"extra\">curve</th>";
    text += "</tr></thead>\n<tbody>\n";
    let scale = IntervalScale::new(&ranking.rows, view.comparison.ceiling());
    for (place, row) in ranking.rows.iter().take(ROWS).enumerate() {
        text += if row.place == Some(1) && ranking.rows.len() > 1 {
            "<tr class=\"first\">"
        } else {
            "<tr>"
        };
        let rank = row.place.map_or("–".to_owned(), |place| place.to_string());
        let _ = write!(text, "<td class=\"number\">{rank}</td>");
        let label: Vec<String> = differing.iter().map(|&key| short(&row.keys[key])).collect();
        let _ = write!(
            text,
            "<td class=\"label\">{}</td>",
            escape(&label.join(", "))
        );
        for &key in &differing {
            let value = escape(&row.keys[key]);
            let words = escape(&short(&row.keys[key]));
            let class = match numbers.contains(&key) {
                true => "number extra",
                false => "extra",
            };
            let _ = write!(
                text,
                "<td class=\"{class}\" data-value=\"{value}\">{words}</td>"
            );
        }
        number(&mut text, row.mean, &row.mean_words(ranking.language));
        if ranking.beside.is_some() {
            let words = row
                .beside
                .map_or("–".to_owned(), |value| significant(value, 3));
            cell::extra_number(&mut text, row.beside, &words);
        }
        let drawing = if place < DRAWN {
            scale.draw(row)
        } else {
            String::new()
        };
        let _ = write!(text, "<td class=\"extra\">{drawing}</td>");
        if judged {
            let class = match row.verdict.as_str() {
                "best" => "better",
                "worse" => "worse",
                _ => "unclear",
            };
            let words =
                row.words(ranking.language) + &needed_words(row.replicates_needed, row.never_tells);
            let _ = write!(text, "<td class=\"{class}\">{}</td>", escape(&words));
        }
        if replicated {
            for value in [row.median, row.iqm, row.sd] {
                cell::extra_number(
                    &mut text,
                    value,
                    &value.map_or("–".to_owned(), |value| significant(value, 3)),
                );
            }
        }
        let _ = write!(text, "<td class=\"number extra\">{}</td>", row.replicates);
        if lost {
            let lost = row.diverged + row.failed;
            let _ = write!(
                text,
                "<td class=\"number extra{}\">{lost}</td>",
                if lost > 0 { " worse" } else { "" }
            );
        }
        if exploded {
            let class = if row.exploded > 0 { " worse" } else { "" };
            let _ = write!(
                text,
                "<td class=\"number extra{class}\">{}</td>",
                row.exploded
            );
        }
        let curve = if place < DRAWN {
            sparkline(&row.curve)
        } else {
            String::new()
        };
        let _ = write!(text, "<td class=\"extra\">{curve}</td>");
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
fn numeric(view: &View, key: usize) -> bool {
    let rows = &mut view.ranking.rows.iter();
    rows.any(|row| row.keys[key].parse::<f64>().is_ok())
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
            .flat_map(|row| match row.has_interval() {
                true => [row.mean, row.ci_low, row.ci_high],
                false => [row.mean, None, None],
            })
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
        if let (Some(low), Some(high), true) = (row.ci_low, row.ci_high, row.has_interval()) {
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
