//! The table of the training that each configuration needs to reach one loss.

use std::fmt::Write;

use super::cell::{head, name, number};
use super::prose::prose;
use crate::report::View;
use crate::report::number::significant;
use crate::text;
use pictures::svg::escape;

/// The table of the training that each configuration needs to reach one loss; empty without a
/// target.
pub fn table(view: &View) -> String {
    let Some(target) = &view.ranking.target else {
        return String::new();
    };
    let language = view.results.language;
    let mut text = format!(
        "<h3>{}</h3>\n<p class=\"lead\">{}</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table class=\"sortable\">\n<thead><tr>",
        text!(
            language,
            "page-to-reach",
            metric = escape(&target.metric),
            value = significant(target.value, 3)
        ),
        text!(language, "page-to-reach-lead"),
        text!(language, "page-to-reach-a-target")
    );
    head(&mut text, &text!(language, "ranked-configuration"), false);
    for name in [
        text!(language, "target-reached-by"),
        text!(language, "target-epochs"),
        text!(language, "target-updates"),
        text!(language, "target-samples"),
    ] {
        head(&mut text, &name, true);
    }
    text += "</tr></thead>\n<tbody>\n";
    for row in &target.rows {
        text += "<tr>";
        name(&mut text, &row.name, "");
        let _ = write!(
            text,
            "<td class=\"number\" data-value=\"{}\">{}</td>",
            row.reached,
            text!(language, "number-of", count = row.reached, all = row.of)
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
    if let Some(note) = target.note(language) {
        let _ = writeln!(text, "<p class=\"note\">{}</p>", prose(&note));
    }
    text
}
