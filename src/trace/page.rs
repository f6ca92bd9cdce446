//! The page of a trace before it is written in a format: sections of quantities, notes and folded
//! parts.

use super::math::{Math, Symbol};

/// One traced step.
#[derive(Debug, Clone)]
pub struct Page {
    /// The heading.
    pub title: String,
    /// Facts about the step, each a name and a value, in order.
    pub facts: Vec<(String, String)>,
    /// The calculation, from first to last.
    pub sections: Vec<Section>,
}

/// A part of the calculation.
#[derive(Debug, Clone)]
pub struct Section {
    /// 1 for a stage (forward, backward, update); 2 for a layer or another part of a stage.
    pub level: usize,
    /// The heading.
    pub heading: String,
    /// The lines of the section.
    pub items: Vec<Item>,
}

/// A line of a section.
#[derive(Debug, Clone)]
pub enum Item {
    /// A quantity that the engine computed.
    Quantity(Quantity),
    /// A sentence.
    Note(String),
    /// A note on folded lines.
    Folded(String),
    /// Short rows under column headings.
    Table(Table),
}

/// A quantity that the engine computed: `symbol = formula = numbers = value`.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// The kind of quantity, for programs: `weighted_sum`, `activation`, `delta`, ….
    pub kind: &'static str,
    /// The quantity's symbol.
    pub symbol: Symbol,
    /// Whether the value replaces an old one (`←` instead of `=`).
    pub assigned: bool,
    /// The formula; `None` for a given quantity.
    pub formula: Option<Math>,
    /// The engine's number.
    pub value: f64,
}

/// Rows under column headings.
#[derive(Debug, Clone)]
pub struct Table {
    /// A heading per column.
    pub header: Vec<String>,
    /// The cells of each row, one per column.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub enum Cell {
    /// The symbol of the row.
    Symbol(Symbol),
    /// A number in full.
    Exact(f64),
    /// A number with few digits, or a count.
    Rough(String),
}

impl Quantity {
    /// A quantity with its formula.
    pub fn new(kind: &'static str, symbol: Symbol, formula: Math, value: f64) -> Self {
        Self {
            kind,
            symbol,
            assigned: false,
            formula: Some(formula),
            value,
        }
    }

    /// A given quantity, such as an input or a weight.
    pub fn given(kind: &'static str, symbol: Symbol, value: f64) -> Self {
        Self {
            kind,
            symbol,
            assigned: false,
            formula: None,
            value,
        }
    }

    /// A quantity that replaces its old value.
    pub fn assigned(kind: &'static str, symbol: Symbol, formula: Math, value: f64) -> Self {
        Self {
            assigned: true,
            ..Self::new(kind, symbol, formula, value)
        }
    }
}

impl Section {
    /// An empty section.
    pub fn new(level: usize, heading: impl Into<String>) -> Self {
        Self {
            level,
            heading: heading.into(),
            items: Vec::new(),
        }
    }

    /// Adds a quantity.
    pub fn quantity(&mut self, quantity: Quantity) {
        self.items.push(Item::Quantity(quantity));
    }

    /// Adds a sentence.
    pub fn note(&mut self, note: impl Into<String>) {
        self.items.push(Item::Note(note.into()));
    }
}

/// Removes repetitions from `formula = numbers = value`: numbers that are a single number, since
/// the value follows, and a part that is equal to the one before it.
pub fn tidy(parts: &mut Vec<String>, quantity: &Quantity) {
    if parts.len() == 3 && quantity.formula.as_ref().is_some_and(Math::is_atom) {
        parts.remove(1);
    }
    parts.dedup();
}
