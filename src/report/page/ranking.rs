//! The table of the configurations with the best first.

use std::fmt::Write;

use super::cell::{self, needed_words, number};
use super::extra_columns::Extra;
use super::interval::IntervalScale;
use crate::report::View;
use crate::report::number::{short, significant};
use crate::report::results::short_key;
use crate::text;
use pictures::svg::escape;

/// The most rows of the table; the CSV files have the others.
const ROWS: usize = 500;

/// The most rows with drawn intervals and curves.
const DRAWN: usize = 200;

/// The configurations with the best first.
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
    let language = ranking.language;
    let rows = &ranking.rows[..ranking.rows.len().min(ROWS)];
    let extras = Extra::fitting(view, rows, &differing, judged);
    let mut text = format!(
        "<p>{}</p>\n<p class=\"note\">{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table class=\"sortable\">\n<thead><tr>",
        text!(
            language,
            "page-ranking",
            metric = escape(&ranking.metric),
            lost = if lost { "lower" } else { "none" }
        ),
        match replicated {
            true => text!(language, "page-ranking-note"),
            false => text!(language, "page-ranking-of-one-replicate"),
        },
        text!(language, "page-section", section = "ranking")
    );
    cell::head(&mut text, "#", true);
    // On a phone, one column has all keys of a configuration.
    let _ = write!(
        text,
        "<th scope=\"col\" class=\"label\">{}</th>",
        text!(language, "ranked-configuration")
    );
    for &key in &differing {
        cell::extra_head(
            &mut text,
            short_key(&ranking.columns[key]),
            numbers.contains(&key),
        );
    }
    let value = match replicated {
        true => text!(language, "page-mean-with-interval"),
        false => ranking.metric.clone(),
    };
    cell::head(&mut text, &value, true);
    if let Some(beside) = &ranking.beside {
        cell::extra_head(&mut text, beside, true);
    }
    let shown = |extra: Extra| extras.contains(&extra);
    if shown(Extra::Interval) {
        Extra::Interval.head(&mut text, language);
    }
    if judged {
        let head = text!(language, "ranked-against-the-best");
        cell::head(&mut text, &head, false);
    }
    for extra in [Extra::Median, Extra::Iqm, Extra::Sd, Extra::Runs] {
        if shown(extra) {
            extra.head(&mut text, language);
        }
    }
    if lost {
        cell::extra_head(&mut text, &text!(language, "ranked-diverged"), true);
    }
    if exploded {
        cell::extra_head(&mut text, &text!(language, "ranked-exploded"), true);
    }
    if shown(Extra::Curve) {
        Extra::Curve.head(&mut text, language);
    }
    text += "</tr></thead>\n<tbody>\n";
    let scale = IntervalScale::new(&ranking.rows, view.comparison.reach());
    for (place, row) in rows.iter().enumerate() {
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
        number(&mut text, row.mean, &row.mean_words(language));
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
        if shown(Extra::Interval) {
            let _ = write!(text, "<td class=\"extra\">{drawing}</td>");
        }
        if judged {
            let class = match row.verdict.as_str() {
                "best" => "better",
                "worse" => "worse",
                _ => "unclear",
            };
            let needed = needed_words(language, row.replicates_needed, row.never_tells);
            cell::verdict(&mut text, class, &row.words(language), &needed);
        }
        for extra in [Extra::Median, Extra::Iqm, Extra::Sd] {
            if shown(extra) {
                cell::extra_number(&mut text, extra.value(row), &extra.words(row));
            }
        }
        if shown(Extra::Runs) {
            let _ = write!(text, "<td class=\"number extra\">{}</td>", row.replicates);
        }
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
        if shown(Extra::Curve) {
            let _ = write!(text, "<td class=\"extra\">{curve}</td>");
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    let left = Extra::wanted(view).into_iter();
    let left = left.filter(|&extra| !shown(extra) && extra.is_number());
    let left: Vec<String> = left.map(|extra| extra.name(language)).collect();
    if !left.is_empty() {
        let left = language.list(&left);
        let note = text!(language, "page-ranking-left-out", columns = left);
        let _ = writeln!(text, "<p class=\"note\">{note}</p>");
    }
    if ranking.rows.len() > ROWS {
        let _ = writeln!(
            text,
            "<p class=\"note\">{}</p>",
            text!(
                language,
                "page-first-rows",
                shown = ROWS,
                all = ranking.rows.len()
            )
        );
    }
    text
}

/// Whether some of a key's values are numbers, as in `16` and `full`.
fn numeric(view: &View, key: usize) -> bool {
    let rows = &mut view.ranking.rows.iter();
    rows.any(|row| row.keys[key].parse::<f64>().is_ok())
}

/// A small curve; its scale is logarithmic if all values are above 0.
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
