//! A trace as plain text for a terminal.

use super::notation::{Notation, Show, Writer};
use super::number::Digits;
use super::page::{Item, Page, Quantity, Section, Table, tidy};
use super::plain::Plain;

/// A quantity that is wider than this is broken before its equals signs.
const WIDTH: usize = 100;

/// The page as text; sums of more than `terms` terms are folded.
pub fn render(page: &Page, digits: Digits, terms: usize) -> String {
    let writer = Writer {
        notation: &Plain,
        digits,
        terms,
    };
    let mut text = format!("{}\n\n", page.title);
    let width = page
        .facts
        .iter()
        .map(|(name, _)| columns(name))
        .max()
        .unwrap_or(0);
    for (name, fact) in &page.facts {
        let padding = " ".repeat(width - columns(name));
        text += &format!("  {name}{padding}  {fact}\n");
    }
    for section in &page.sections {
        text += &heading(section);
        for item in &section.items {
            text += &line(item, &writer);
        }
    }
    text
}

/// Columns that a terminal needs: two for the wide characters of Japanese.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| {
            let wide = matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
                | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}');
            let combining = matches!(c, '\u{0300}'..='\u{036F}');
            if wide { 2 } else { usize::from(!combining) }
        })
        .sum()
}

fn heading(section: &Section) -> String {
    let heading = &section.heading;
    let rule = |character: char| character.to_string().repeat(columns(heading));
    match section.level {
        1 => format!("\n{heading}\n{}\n", rule('═')),
        _ => format!("\n{heading}\n{}\n", rule('─')),
    }
}

fn line(item: &Item, writer: &Writer<'_, Plain>) -> String {
    match item {
        Item::Quantity(quantity) => equation(quantity, writer),
        Item::Note(note) => wrap(note),
        Item::Folded(what) => format!("  ⋮  {what}\n"),
        Item::Table(table) => rows(table, writer),
    }
}

/// A sentence, broken at spaces (or, where there are none, at the margin) and indented.
fn wrap(note: &str) -> String {
    let mut text = String::from("  ");
    let mut used = 0;
    for word in note.split_inclusive(' ') {
        let needed = columns(word.trim_end());
        if used > 0 && used + needed > WIDTH - 2 {
            text.truncate(text.trim_end_matches(' ').len());
            text += "\n  ";
            used = 0;
        }
        if needed > WIDTH - 2 {
            for character in word.chars() {
                let mut buffer = [0; 4];
                let needed = columns(character.encode_utf8(&mut buffer));
                // A full stop or a comma does not begin a line.
                let hangs = matches!(character, '。' | '、' | ')' | '」');
                if used + needed > WIDTH - 2 && !hangs {
                    text += "\n  ";
                    used = 0;
                }
                text.push(character);
                used += needed;
            }
        } else {
            text += word;
            used += columns(word);
        }
    }
    text + "\n"
}

fn equation(quantity: &Quantity, writer: &Writer<'_, Plain>) -> String {
    let symbol = writer.notation.symbol(&quantity.symbol).0;
    let sign = if quantity.assigned { "←" } else { "=" };
    let value = writer.exact(quantity.value);
    let mut parts = Vec::new();
    if let Some(formula) = &quantity.formula {
        parts.push(writer.write(formula, Show::Symbols));
        parts.push(writer.write(formula, Show::Numbers));
    }
    parts.push(value);
    tidy(&mut parts, quantity);
    let one_line = format!("  {symbol} {sign} {}", parts.join(" = "));
    if columns(&one_line) <= WIDTH {
        return one_line + "\n";
    }
    let padding = " ".repeat(columns(&symbol));
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        text += &match index {
            0 => format!("  {symbol} {sign} {part}\n"),
            _ => format!("  {padding} = {part}\n"),
        };
    }
    text
}

fn rows(table: &Table, writer: &Writer<'_, Plain>) -> String {
    let mut lines: Vec<Vec<String>> = vec![table.header.clone()];
    lines.extend(table.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| writer.cell(cell));
        cells.collect()
    }));
    let widths: Vec<usize> = (0..table.header.len())
        .map(|column| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| columns(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for line in &lines {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - columns(cell))))
            .collect();
        text += &format!("  {}\n", cells.join("   ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_characters_take_two_columns() {
        assert_eq!(columns("順伝播"), 6);
        assert_eq!(columns("w⁽¹⁾₁₂"), 6);
        assert_eq!(columns("m̂"), 1);
    }

    #[test]
    fn long_sentences_are_broken() {
        for note in ["word ".repeat(60), "長い文".repeat(60)] {
            assert!(wrap(&note).lines().all(|line| columns(line) <= WIDTH + 2));
        }
    }
}
