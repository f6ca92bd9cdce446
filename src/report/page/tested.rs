//! The opened test part.

use std::fmt::Write;

use super::super::number::significant;
use super::super::tested::{Tested, ends};
use crate::language::Language;
use pictures::svg::escape;

/// The figures of the test part as a table, and how often it was opened. `name`: the configuration's.
pub fn section(language: Language, tested: &Tested, name: &str) -> String {
    let mut text = format!(
        "<p class=\"lead\">{}</p>\n<p>Tested is {}: the networks of {}. The interval over {} says how much \
         chance in training decides, the one over samples how much another draw of as many test samples \
         would. Without a network stands what always saying the commonest class, the class shares, the \
         mean or the median comes to.</p>\n",
        escape(&tested.looks_words(language)),
        escape(name),
        escape(&tested.runs_word(language)),
        if tested.folded { "folds" } else { "replicates" },
    );
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Test part\">\n<table>\n<thead><tr>";
    let headings = [
        String::new(),
        "mean".to_owned(),
        format!("95 % over {}", tested.runs_word(language)),
        format!("95 % over {} samples", tested.samples),
        "without a network".to_owned(),
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
