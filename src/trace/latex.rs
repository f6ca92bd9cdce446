//! A trace as a LaTeX document: LuaLaTeX or XeLaTeX for Japanese, any LaTeX for English.

use super::latex_notation::Latex;
use super::notation::{Notation, Show, Writer};
use super::number::Digits;
use super::page::{Item, Page, Quantity, Table, tidy};
use crate::language::Language;

/// Sums of more terms than this are folded, since a line of the page has no more room.
const TERMS: usize = 5;

/// The characters of a formula that fit on a line, roughly.
const CHARACTERS: usize = 90;

/// The page as a document.
pub fn render(page: &Page, digits: Digits, terms: usize, language: Language) -> String {
    let writer = Writer {
        notation: &Latex,
        digits,
        terms: if terms == usize::MAX { terms } else { TERMS },
    };
    let mut text = preamble(language);
    text += &format!("\\section*{{{}}}\n\n", escape(&page.title));
    text += "\\begin{tabular}{@{}ll@{}}\n";
    for (name, fact) in &page.facts {
        text += &format!("{} & {} \\\\\n", escape(name), escape(fact));
    }
    text += "\\end{tabular}\n";
    for section in &page.sections {
        let command = if section.level == 1 {
            "subsection*"
        } else {
            "subsubsection*"
        };
        text += &format!("\n\\{command}{{{}}}\n", escape(&section.heading));
        text += &items(&section.items, &writer);
    }
    text + "\n\\end{document}\n"
}

fn preamble(language: Language) -> String {
    let head = match language {
        Language::English => {
            "\\documentclass[a4paper]{article}\n\\usepackage{iftex}\n\\ifpdftex\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\fi\n"
        }
        Language::Japanese => "% !TeX program = lualatex\n\\documentclass[a4paper]{ltjsarticle}\n",
    };
    format!(
        "{head}\\usepackage[margin=18mm]{{geometry}}\n\\usepackage{{amsmath}}\n\\usepackage{{graphicx}}\n\\allowdisplaybreaks\n\\setlength{{\\parindent}}{{0pt}}\n\\setlength{{\\parskip}}{{0.4em}}\n\\begin{{document}}\n"
    )
}

/// The items as LaTeX; consecutive quantities share one aligned display.
fn items(items: &[Item], writer: &Writer<'_, Latex>) -> String {
    let mut text = String::new();
    let mut open = false;
    for item in items {
        let is_equation = matches!(item, Item::Quantity(_));
        if is_equation && open {
            text += " \\\\\n";
        } else if is_equation {
            text += "{\\small\\begin{align*}\n";
        } else if open {
            text += "\n\\end{align*}}\n";
        }
        open = is_equation;
        text += &match item {
            Item::Quantity(quantity) => equation(quantity, writer),
            Item::Note(note) => format!("\n{}\n", escape(note)),
            Item::Folded(what) => format!("\n$\\vdots$ {}\n", escape(what)),
            Item::Table(table) => rows(table, writer),
        };
    }
    if open {
        text += "\n\\end{align*}}\n";
    }
    text
}

fn equation(quantity: &Quantity, writer: &Writer<'_, Latex>) -> String {
    let symbol = writer.notation.symbol(&quantity.symbol).0;
    let sign = if quantity.assigned {
        r"\leftarrow"
    } else {
        "="
    };
    let mut parts = Vec::new();
    if let Some(formula) = &quantity.formula {
        parts.push(writer.write(formula, Show::Symbols));
        parts.push(writer.write(formula, Show::Numbers));
    }
    parts.push(writer.exact(quantity.value));
    tidy(&mut parts, quantity);
    let mut text = format!("{symbol} &{sign} ");
    let mut used = 0;
    for (index, part) in parts.into_iter().enumerate() {
        let needed = visible(&part);
        if index > 0 {
            text += if used + needed > CHARACTERS {
                " \\\\\n &= "
            } else {
                " = "
            };
        }
        used = if used + needed > CHARACTERS {
            needed
        } else {
            used + needed
        };
        text += &fitted(part, needed);
    }
    text
}

/// The number of visible characters of a formula, roughly: without its commands and braces.
fn visible(formula: &str) -> usize {
    let mut count = 0;
    let mut command = false;
    for character in formula.chars() {
        match character {
            '\\' => {
                command = true;
                count += 1; // Most commands stand for one character.
            }
            '{' | '}' | '^' | '_' | ' ' | '&' => command = false,
            letter if command && letter.is_ascii_alphabetic() => {}
            _ => {
                command = false;
                count += 1;
            }
        }
    }
    count
}

/// A formula with this many characters, which is made smaller if it is wider than the page.
fn fitted(formula: String, characters: usize) -> String {
    if characters <= CHARACTERS {
        return formula;
    }
    let width = r"0.88\linewidth";
    format!(r"\resizebox{{{width}}}{{!}}{{$\displaystyle {formula}$}}")
}

fn rows(table: &Table, writer: &Writer<'_, Latex>) -> String {
    let columns = "l".repeat(table.header.len());
    let header: Vec<String> = table.header.iter().map(|cell| escape(cell)).collect();
    let mut text = format!(
        "\n{{\\footnotesize\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n{} \\\\\n\\hline\n",
        header.join(" & ")
    );
    for row in &table.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| format!("${}$", writer.cell(cell)))
            .collect();
        text += &format!("{} \\\\\n", cells.join(" & "));
    }
    text + "\\end{tabular}}\n"
}

/// A text for LaTeX: special characters are escaped, and mathematical signs in notes become
/// commands.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\\' => escaped += r"\textbackslash{}",
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '~' => escaped += r"\textasciitilde{}",
            '^' => escaped += r"\textasciicircum{}",
            '×' => escaped += r"$\times$",
            '·' => escaped += r"$\cdot$",
            '→' => escaped += r"$\to$",
            '←' => escaped += r"$\leftarrow$",
            '≤' => escaped += r"$\le$",
            '−' => escaped += "$-$",
            '√' => escaped += r"$\surd$",
            'η' => escaped += r"$\eta$",
            'δ' => escaped += r"$\delta$",
            'ε' => escaped += r"$\varepsilon$",
            '∂' => escaped += r"$\partial$",
            '′' => escaped += "$'$",
            '∞' => escaped += r"$\infty$",
            '…' => escaped += r"\dots{}",
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_latex_reads_otherwise_are_escaped() {
        assert_eq!(escape("a_1 & 50%"), r"a\_1 \& 50\%");
        assert_eq!(escape(r"\x{y}"), r"\textbackslash{}x\{y\}");
        assert_eq!(escape("2 × 3"), r"2 $\times$ 3");
    }

    #[test]
    fn commands_and_braces_are_not_counted() {
        assert_eq!(visible(r"\frac{1}{2} + w_{12}^{(1)}"), 10);
        assert_eq!(visible("0.25"), 4);
    }
}
