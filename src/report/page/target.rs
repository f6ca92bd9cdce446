//! The table of what it takes to reach one loss.

use std::fmt::Write;

use super::cell::{name, number};
use crate::report::View;
use crate::report::number::significant;
use pictures::svg::escape;

/// What it takes to reach one loss.
pub fn table(view: &View) -> String {
    let Some(target) = &view.ranking.target else {
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
                &value.map_or("–".to_owned(), |value| row.words(value)),
            );
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    if let Some(note) = target.note(view.results.language) {
        let _ = writeln!(text, "<p class=\"note\">{}</p>", escape(&note));
    }
    text
}
