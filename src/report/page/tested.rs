//! The section of the opened test part.

use std::fmt::Write;

use super::super::number::significant;
use super::super::tested::{Tested, ends};
use crate::language::Language;
use crate::text;
use pictures::svg::escape;

/// The figures of the test part as a table, and how often it was opened. `name` is that of the
/// configuration.
pub fn section(language: Language, tested: &Tested, name: &str) -> String {
    let mut text = format!(
        "<p class=\"lead\">{}</p>\n<p>{}</p>\n",
        escape(&tested.looks_words(language)),
        text!(
            language,
            "page-tested",
            name = escape(name),
            runs = escape(&tested.runs_word(language)),
            over = if tested.folded { "folds" } else { "replicates" }
        )
    );
    let _ = write!(
        text,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>",
        text!(language, "page-test-part")
    );
    let headings = [
        String::new(),
        text!(language, "tested-mean"),
        text!(
            language,
            "tested-over-runs",
            runs = tested.runs_word(language)
        ),
        text!(language, "tested-over-samples", samples = tested.samples),
        text!(language, "tested-without-a-network"),
    ];
    for (place, heading) in headings.iter().enumerate() {
        let class = if place > 0 { " class=\"number\"" } else { "" };
        let _ = write!(text, "<th scope=\"col\"{class}>{}</th>", escape(heading));
    }
    text += "</tr></thead>\n<tbody>\n";
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| significant(value, 4));
    for figure in &tested.figures {
        let _ = write!(
            text,
            "<tr><th scope=\"row\">{}</th>",
            escape(&figure.column)
        );
        for cell in [
            number(figure.mean),
            ends(language, figure.over_runs),
            ends(language, figure.over_samples),
            number(figure.always),
        ] {
            let _ = write!(text, "<td class=\"number\">{cell}</td>");
        }
        text += "</tr>\n";
    }
    text + "</tbody>\n</table>\n</div>\n"
}
