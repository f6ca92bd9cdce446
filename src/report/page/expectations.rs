//! The section of the expectations with their judgements.

use std::fmt::Write;

use crate::language::Language;
use crate::report::expectations::{Judgement, count_words};
use crate::text;
use pictures::svg::escape;

/// The expectations as a table; `None` if there are none.
pub fn section(language: Language, judged: &[Judgement]) -> Option<String> {
    let count = count_words(language, judged)?;
    let heading = text!(language, "expect-name");
    let mut text = format!(
        "<p class=\"lead\">{}</p>\n<p>{}</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>",
        escape(&text!(language, "expect-lead", count = count)),
        escape(&text!(language, "expect-about")),
        escape(&heading)
    );
    let headings = [
        text!(language, "expect-expected"),
        text!(language, "expect-outcome"),
        text!(language, "expect-came-out"),
    ];
    for heading in headings {
        let _ = write!(text, "<th scope=\"col\">{}</th>", escape(&heading));
    }
    text += "</tr></thead>\n<tbody>\n";
    for one in judged {
        let (class, word) = match one.met {
            Some(true) => ("better", text!(language, "expect-met")),
            Some(false) => ("worse", text!(language, "expect-missed")),
            None => ("unclear", "–".to_owned()),
        };
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"{class}\">{}</td><td class=\"long\">{}</td></tr>",
            escape(&one.expectation),
            escape(&word),
            escape(&one.words)
        );
    }
    Some(text + "</tbody>\n</table>\n</div>\n")
}
