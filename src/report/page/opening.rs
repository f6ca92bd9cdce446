//! The opening of the page: the verdict, a large picture, and the numbers of the experiment.

use std::fmt::Write;

use super::each_view;
use super::prose::prose;
use crate::language::Language;
use crate::report::filmstrip::Filmstrip;
use crate::report::number::significant;
use crate::report::{Report, View, verdict};
use crate::text;
use pictures::columns;
use pictures::svg::{self, Target, base64, escape};

/// A verdict of more columns of text is set smaller.
const LONG: usize = 200;

/// The verdict, with its picture beside it if there is one.
pub fn section(report: &Report) -> String {
    let verdict = each_view(report, |view| Some(verdict_section(view))).unwrap_or_default();
    let picture = match (&report.filmstrips[..], &report.answers) {
        ([], None) => return verdict,
        ([], Some(answers)) => {
            let best = report.exhibits.first();
            let name = best.map_or(String::new(), |best| report.name(best.configuration));
            format!(
                "<figure class=\"film\">\n<div class=\"plot marks\">{}</div>\n<figcaption><b>{}</b> {}</figcaption>\n</figure>\n",
                svg::write(&answers.figure, Target::Page),
                escape(&name),
                escape(&answers.caption)
            )
        }
        (filmstrips, _) => films(report.language(), filmstrips),
    };
    format!(
        "<div class=\"opening\">\n<div>\n{verdict}</div>\n<div class=\"hero\" id=\"hero\">\n{}</div>\n</div>\n",
        picture
    )
}

/// The surface of the best configuration during training; the surfaces of the others are shown by a
/// button.
fn films(language: Language, filmstrips: &[Filmstrip]) -> String {
    let mut text = String::new();
    for (index, film) in filmstrips.iter().enumerate() {
        let hidden = if index == 0 { "" } else { " hidden" };
        let _ = write!(
            text,
            "<figure class=\"film\" data-film=\"{index}\"{hidden}>\n<div class=\"plot\">{}</div>\n<ol class=\"strip\">\n",
            svg::write(&film.figure, Target::Page)
        );
        for frame in &film.frames {
            let _ = writeln!(
                text,
                "<li><img width=\"40\" height=\"40\" alt=\"{}\" src=\"data:image/png;base64,{}\"><span>{}</span></li>",
                text!(language, "page-after-epoch", epoch = frame.epoch),
                base64(&frame.png),
                frame.epoch
            );
        }
        let first = match index {
            0 => text!(language, "page-film"),
            _ => text!(language, "page-film-of-another"),
        };
        let _ = write!(
            text,
            "</ol>\n<figcaption><b>{}</b> {first}</figcaption>\n</figure>\n",
            escape(&film.whose)
        );
    }
    if filmstrips.len() > 1 {
        let _ = writeln!(
            text,
            "<div class=\"others\" role=\"group\" aria-label=\"{}\">",
            text!(language, "page-whose-surface")
        );
        for (index, film) in filmstrips.iter().enumerate() {
            let last = film.frames.last().expect("a film has frames");
            let _ = writeln!(
                text,
                "<button type=\"button\" data-pick=\"{index}\" aria-pressed=\"{}\"><img width=\"56\" height=\"56\" alt=\"\" src=\"data:image/png;base64,{}\"><span>{}</span></button>",
                index == 0,
                base64(&last.png),
                escape(&film.name)
            );
        }
        text += "</div>\n";
    }
    text
}

/// The verdict, how it was found, and the numbers of the experiment.
fn verdict_section(view: &View) -> String {
    let (results, comparison) = (&view.results, &view.comparison);
    let long = columns(&view.ranking.headline) > LONG;
    let mut text = format!(
        "<div class=\"verdict{}\">\n<p class=\"headline\">{}</p>\n",
        if long { " long-verdict" } else { "" },
        prose(&view.ranking.headline)
    );
    let notes = view.ranking.notes.iter().cloned();
    let footing: Vec<String> = notes.chain(verdict::footing(results, comparison)).collect();
    if !footing.is_empty() {
        text += "<ul class=\"footing\">\n";
        for sentence in footing {
            let _ = writeln!(text, "<li>{}</li>", prose(&sentence));
        }
        text += "</ul>\n";
    }
    text += "</div>\n<dl class=\"facts\">\n";
    let replicates = results
        .configurations
        .iter()
        .map(|c| c.runs.len())
        .max()
        .unwrap_or(0);
    let lost: usize = comparison.lost.iter().sum();
    let language = results.language;
    let fact = |fact: &str, count: usize| {
        let name = text!(language, "page-fact", fact = fact, count = count);
        (name, count.to_string())
    };
    let mut facts = vec![
        fact("configurations", results.configurations.len()),
        match results.unfinished() {
            None => fact("runs", results.runs.len()),
            Some([finished, planned]) => (
                fact("unfinished", 0).0,
                text!(language, "page-of", count = finished, all = planned),
            ),
        },
        fact("replicates", replicates),
    ];
    if lost > 0 {
        facts.push(fact("lost", lost));
    }
    let exploded = results.runs.iter().filter(|run| run.exploded()).count();
    if exploded > 0 {
        facts.push(fact("exploded", exploded));
    }
    let best = comparison.ranked.first().filter(|_| results.terms.ranked);
    let beside = best.and(view.ranking.rows.first().and_then(|row| row.beside));
    if let (Some(column), Some(value)) = (&view.ranking.beside, beside) {
        facts.push((column.clone(), significant(value, 3)));
    }
    let columns = view.ranking.beside.iter().chain([&comparison.metric]);
    let constants: Vec<(String, String)> = columns
        .filter_map(|column| results.judged[*best?].baseline(column))
        .map(|baseline| {
            let name = verdict::always_heading(language, &baseline.said, &baseline.column);
            (name, significant(baseline.value, 3))
        })
        .collect();
    if let Some(mean) = comparison
        .ranked
        .first()
        .filter(|_| results.terms.ranked)
        .and_then(|&best| comparison.descriptions[best].mean)
    {
        facts.push((text!(language, "page-best-mean"), significant(mean, 3)));
    }
    for (name, value) in facts.into_iter().chain(constants) {
        let name = escape(&name);
        let _ = writeln!(text, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    text + "</dl>\n"
}
