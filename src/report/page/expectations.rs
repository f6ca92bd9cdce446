//! What the experiment expects, judged.

use std::fmt::Write;

use super::super::expectations::{Judgement, count_words};
use pictures::svg::escape;

/// The expectations as a table; `None` where there are none.
pub fn section(judged: &[Judgement]) -> Option<String> {
    let mut text = format!(
        "<p class=\"lead\">{}.</p>\n<p>What [expect] in the experiment asks for. A bound is about the mean \
         over all runs of a configuration; a verdict is the one of the comparison.</p>\n",
        escape(&sentence(&count_words(judged)?))
    );
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Expectations\">\n<table>\n<thead><tr>\
             <th scope=\"col\">expected</th><th scope=\"col\">outcome</th><th scope=\"col\">came out</th></tr></thead>\n<tbody>\n";
    for one in judged {
        let (class, word) = match one.met {
            Some(true) => ("better", "met"),
            Some(false) => ("worse", "missed"),
            None => ("unclear", "not judged yet"),
        };
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"{class}\">{word}</td><td>{}</td></tr>",
            escape(&one.expectation),
            escape(&one.words)
        );
    }
    Some(text + "</tbody>\n</table>\n</div>\n")
}

/// The words with a capital at their beginning.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
