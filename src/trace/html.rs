//! A trace as one self-contained HTML page: formulas in MathML, no script, no network.

use choices::Choice;

use super::mathml::MathMl;
use super::notation::{Notation, Show, Writer};
use super::number::Digits;
use super::page::{Cell, Item, Page, Quantity, Section, Table, tidy};
use crate::language::Language;
use crate::text;

/// The style sheet of the page.
const STYLE: &str = include_str!("page.css");

/// Sums of more terms than this are folded, since a line of the page has no more room.
const TERMS: usize = 5;

/// The page as HTML.
pub fn render(page: &Page, digits: Digits, terms: usize, language: Language) -> String {
    let writer = Writer {
        notation: &MathMl,
        digits,
        terms: if terms == usize::MAX { terms } else { TERMS },
    };
    let title = escape(&page.title);
    let mut text = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        language.word()
    );
    text += &format!("<header>\n<h1>{title}</h1>\n<dl>\n");
    for (name, fact) in &page.facts {
        text += &format!(
            "<div><dt>{}</dt><dd>{}</dd></div>\n",
            escape(name),
            escape(fact)
        );
    }
    text += "</dl>\n</header>\n";
    text += &contents(page, language);
    text += "<main>\n";
    let mut open = false;
    for (index, section) in page.sections.iter().enumerate() {
        if section.level == 1 {
            if open {
                text += "</section>\n";
            }
            open = true;
            text += &format!(
                "<section id=\"s{index}\">\n<h2>{}</h2>\n",
                escape(&section.heading)
            );
        } else {
            text += &format!("<h3 id=\"s{index}\">{}</h3>\n", escape(&section.heading));
        }
        text += &items(section, &writer);
    }
    if open {
        text += "</section>\n";
    }
    text + "</main>\n</body>\n</html>\n"
}

/// The links to the stages and their sections.
fn contents(page: &Page, language: Language) -> String {
    let label = text!(language, "trace-contents");
    let mut text = format!("<nav aria-label=\"{label}\">\n<ol>\n");
    for (index, section) in page.sections.iter().enumerate() {
        if section.level == 1 {
            text += &format!(
                "<li><a href=\"#s{index}\">{}</a></li>\n",
                escape(&section.heading)
            );
        }
    }
    text + "</ol>\n</nav>\n"
}

fn items(section: &Section, writer: &Writer<'_, MathMl>) -> String {
    let mut text = String::new();
    let mut open = false;
    for item in &section.items {
        let is_equation = matches!(item, Item::Quantity(_));
        if is_equation && !open {
            text += "<div class=\"equations\">\n";
        } else if !is_equation && open {
            text += "</div>\n";
        }
        open = is_equation;
        text += &match item {
            Item::Quantity(quantity) => equation(quantity, writer),
            Item::Note(note) => format!("<p>{}</p>\n", escape(note)),
            Item::Folded(what) => format!("<p class=\"folded\">⋮ {}</p>\n", escape(what)),
            Item::Table(table) => rows(table, writer),
        };
    }
    if open {
        text += "</div>\n";
    }
    text
}

fn math(inner: &str) -> String {
    format!("<math displaystyle=\"true\">{inner}</math>")
}

fn equation(quantity: &Quantity, writer: &Writer<'_, MathMl>) -> String {
    let symbol = math(&writer.notation.symbol(&quantity.symbol).0);
    let sign = if quantity.assigned { "←" } else { "=" };
    let value = writer.exact(quantity.value);
    let mut parts = Vec::new();
    if let Some(formula) = &quantity.formula {
        parts.push(writer.write(formula, Show::Symbols));
        parts.push(writer.write(formula, Show::Numbers));
    }
    parts.push(value);
    tidy(&mut parts, quantity);
    let value = parts.pop().unwrap_or_default();
    let formulas: String = parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let sign = if index == 0 { sign } else { "=" };
            format!(
                "<span class=\"step\"><span class=\"sign\">{sign}</span>{}</span>",
                math(part)
            )
        })
        .collect();
    let sign = if parts.is_empty() { sign } else { "=" };
    format!(
        "<div class=\"equation\" data-kind=\"{}\"><span class=\"symbol\">{symbol}</span><span class=\"steps\">{formulas}<span class=\"step value\"><span class=\"sign\">{sign}</span>{}</span></span></div>\n",
        quantity.kind,
        math(&value)
    )
}

fn rows(table: &Table, writer: &Writer<'_, MathMl>) -> String {
    let header: String = table
        .header
        .iter()
        .map(|cell| format!("<th scope=\"col\">{}</th>", escape(cell)))
        .collect();
    let mut text =
        format!("<div class=\"scroll\"><table>\n<thead><tr>{header}</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        let cells = row.iter().map(|cell| {
            let inner = math(&writer.cell(cell));
            match cell {
                Cell::Symbol(_) => format!("<th scope=\"row\">{inner}</th>"),
                Cell::Exact(_) | Cell::Rough(_) => format!("<td>{inner}</td>"),
            }
        });
        text += &format!("<tr>{}</tr>\n", cells.collect::<String>());
    }
    text + "</tbody>\n</table></div>\n"
}

/// A text with HTML's special characters escaped.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_become_elements() {
        assert_eq!(escape("<b> & \"x\""), "&lt;b&gt; &amp; &quot;x&quot;");
    }
}
