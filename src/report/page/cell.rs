//! The cells of the page's tables.

use std::fmt::Write;

use crate::language::Language;
use crate::text;
use pictures::svg::escape;
use statistics::power::MOST_REPLICATES;

/// The most characters of a name on one line.
const ONE_LINE: usize = 32;

/// The head of a column by which the table can be sorted.
pub fn head(text: &mut String, name: &str, number: bool) {
    let class = if number { " class=\"number\"" } else { "" };
    let _ = write!(
        text,
        "<th scope=\"col\"{class} data-sort=\"\">{}</th>",
        escape(name)
    );
}

/// The head of a column that is hidden on a phone.
pub fn extra_head(text: &mut String, name: &str, number: bool) {
    let class = if number { "number extra" } else { "extra" };
    let name = escape(name);
    let _ = write!(
        text,
        "<th scope=\"col\" class=\"{class}\" data-sort=\"\">{name}</th>"
    );
}

/// A number in a column that is hidden on a phone.
pub fn extra_number(text: &mut String, value: Option<f64>, words: &str) {
    let full = value.map_or(String::new(), |value| value.to_string());
    let _ = write!(
        text,
        "<td class=\"number extra\" data-value=\"{full}\">{words}</td>"
    );
}

/// A cell with a name, and a smaller text beneath it.
pub fn name(text: &mut String, words: &str, beneath: &str) {
    let long = words.chars().count().max(beneath.chars().count()) > ONE_LINE;
    *text += if long { "<td class=\"long\">" } else { "<td>" };
    *text += &escape(words);
    if !beneath.is_empty() {
        let _ = write!(text, "<small>{}</small>", escape(beneath));
    }
    *text += "</td>";
}

/// A cell with a number, sorted by its full value.
pub fn number(text: &mut String, value: Option<f64>, words: &str) {
    let full = value.map_or(String::new(), |value| value.to_string());
    let _ = write!(
        text,
        "<td class=\"number\" data-value=\"{full}\">{words}</td>"
    );
}

/// A cell with a verdict and, beneath it, the replicates that it would take to see a difference.
pub fn verdict(text: &mut String, class: &str, words: &str, needed: &str) {
    let _ = write!(text, "<td class=\"{class}\">{}", escape(words));
    if !needed.is_empty() {
        let _ = write!(text, "<small>{}</small>", escape(needed));
    }
    *text += "</td>";
}

/// The number of replicates that would show a difference, in words; empty if it is unknown. `never`: no
/// number of replicates would.
pub fn needed_words(language: Language, needed: Option<u64>, never: bool) -> String {
    match needed {
        None if never => text!(language, "page-needs-other-samples"),
        None => String::new(),
        Some(needed) if needed > MOST_REPLICATES => {
            text!(language, "page-needs-too-many", most = MOST_REPLICATES)
        }
        Some(needed) => text!(language, "page-needs", needed = needed),
    }
}
