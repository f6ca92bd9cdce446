//! A trace as plain text for a terminal.

use super::notation::{Notation, Show, Writer};
use super::number::Digits;
use super::page::{Cell, Item, Page, Quantity, Section, Table, tidy};
use super::plain::Plain;
use crate::screen::table::Column;
use crate::screen::{self, Screen, columns};
use pictures::number::significant;

/// The page as text. Sums of more than `terms` terms are folded. Lines that are wider than the
/// screen are broken before their equals signs, and between the terms of a formula.
pub fn render(page: &Page, digits: Digits, terms: usize, screen: &Screen) -> String {
    let writer = Writer {
        notation: &Plain,
        digits,
        terms,
    };
    let mut text = format!("{}\n\n", screen.prose(&page.title));
    let width = page
        .facts
        .iter()
        .map(|(name, _)| columns(name))
        .max()
        .unwrap_or(0);
    for (name, fact) in &page.facts {
        text += &screen.definition("  ", name, width, fact);
    }
    for section in &page.sections {
        text += &heading(section, screen);
        for item in &section.items {
            text += &line(item, &writer, screen);
        }
    }
    text
}

fn heading(section: &Section, screen: &Screen) -> String {
    let heading = screen.prose(&section.heading);
    let width = heading.lines().map(columns).max().unwrap_or(0);
    let rule = match section.level {
        1 => "═",
        _ => "─",
    };
    format!("\n{heading}\n{}\n", rule.repeat(width))
}

fn line(item: &Item, writer: &Writer<'_, Plain>, screen: &Screen) -> String {
    match item {
        Item::Quantity(quantity) => equation(quantity, writer, screen),
        Item::Note(note) => screen.indented(note, "  ", "  ") + "\n",
        Item::Folded(what) => screen.indented(what, "  ⋮  ", "     ") + "\n",
        Item::Table(table) => rows(table, writer, screen),
    }
}

fn equation(quantity: &Quantity, writer: &Writer<'_, Plain>, screen: &Screen) -> String {
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
    if columns(&one_line) <= screen.width {
        return one_line + "\n";
    }
    let padding = " ".repeat(columns(&symbol));
    let further = format!("  {padding}     ");
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        let first = match index {
            0 => format!("  {symbol} {sign} "),
            _ => format!("  {padding} = "),
        };
        text += &screen.indented(part, &first, &further);
        text += "\n";
    }
    text
}

fn rows(table: &Table, writer: &Writer<'_, Plain>, screen: &Screen) -> String {
    let heading = |heading: &String| Column::new(heading.as_str()).shortening(CELL);
    let mut columns: Vec<Column> = table.header.iter().map(heading).collect();
    for row in &table.rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(match cell {
                // A number may lose digits, but must keep its exponent.
                Cell::Exact(value) => {
                    let rounded = significant(*value, 4);
                    screen::table::Cell::of([writer.cell(cell), rounded])
                }
                _ => writer.cell(cell).into(),
            });
        }
    }
    screen::table::Table::of(columns).render(screen) + "\n"
}

/// The least columns of a cell.
const CELL: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_characters_take_two_columns() {
        assert_eq!(columns("順伝播"), 6);
        assert_eq!(columns("w⁽¹⁾₁₂"), 6);
        assert_eq!(columns("m̂"), 1);
    }
}
