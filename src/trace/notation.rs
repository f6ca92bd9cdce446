//! The writing of formulas: one function visits the tree, and three notations write its parts as
//! plain text, LaTeX and MathML.

use super::math::{Condition, Function, Math, Symbol};
use super::number::Digits;
use super::page::Cell;

/// The form of a quantity in a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// A quantity is shown by its symbol.
    Symbols,
    /// A quantity is shown by its number.
    Numbers,
}

/// How tightly the parts of a written formula are bound; a looser formula needs parentheses in a
/// tighter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// a + b, −a.
    Sum,
    /// a · b, a / b.
    Product,
    /// aᵇ, or a symbol with an upper index.
    Raised,
    /// Any other formula.
    Atom,
}

/// A written formula, and how tightly it binds.
pub type FormulaText = (String, Binding);

/// A way to write formulas.
pub trait Notation {
    /// A quantity's symbol.
    fn symbol(&self, symbol: &Symbol) -> FormulaText;
    /// A number that is at least 0, in decimal digits: `0.25` or `1.5e-7`.
    fn number(&self, digits: &str) -> FormulaText;
    /// The minus sign before a term.
    fn minus(&self, term: &str) -> String;
    /// A sum of terms; `true` marks a subtracted term, and `None` the folded terms.
    fn sum(&self, terms: &[Option<(bool, String)>]) -> String;
    /// A product of factors.
    fn product(&self, factors: &[String]) -> String;
    /// A quotient of two written formulas.
    fn quotient(&self, numerator: FormulaText, denominator: FormulaText) -> FormulaText;
    /// A power, whose base has parentheses if it needs them.
    fn power(&self, base: &str, exponent: &str) -> String;
    /// The square root.
    fn root(&self, inner: &str) -> String;
    /// e to the power of `exponent`.
    fn exp(&self, exponent: &str) -> FormulaText;
    /// The absolute value |a|.
    fn absolute(&self, inner: &str) -> String;
    /// The function call f(a, b).
    fn call(&self, function: Function, arguments: &[String]) -> String;
    /// The formula in parentheses (a).
    fn parentheses(&self, inner: &str) -> String;
    /// The comparison left > right or left ≤ right.
    fn comparison(&self, left: &str, greater: bool, right: &str) -> String;
    /// Formulas with a condition each.
    fn cases(&self, cases: &[(String, String)]) -> String;
}

/// Writes formulas in a notation.
#[derive(Debug)]
pub struct Writer<'a, N> {
    /// The notation.
    pub notation: &'a N,
    /// The digits of numbers.
    pub digits: Digits,
    /// The number of terms above which a sum is folded.
    pub terms: usize,
}

/// The number of shown terms before the folded ones; one term is shown after them.
const TERMS_BEFORE: usize = 3;

impl<N: Notation> Writer<'_, N> {
    /// The formula, in symbols or in numbers.
    pub fn write(&self, math: &Math, show: Show) -> String {
        self.walk(math, show).0
    }

    /// A number in full: the shortest digits that read back as the same bits.
    pub fn exact(&self, value: f64) -> String {
        self.signed(&self.digits.exact(value)).0
    }

    /// A cell of a table.
    pub fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Symbol(symbol) => self.notation.symbol(symbol).0,
            Cell::Exact(value) => self.exact(*value),
            Cell::Rough(digits) => self.signed(digits).0,
        }
    }

    fn signed(&self, digits: &str) -> FormulaText {
        match digits.strip_prefix('-') {
            Some(size) => (
                self.notation.minus(&self.notation.number(size).0),
                Binding::Sum,
            ),
            None => self.notation.number(digits),
        }
    }

    fn walk(&self, math: &Math, show: Show) -> FormulaText {
        let notation = self.notation;
        match math {
            Math::Value(symbol, value) => match show {
                Show::Symbols => notation.symbol(symbol),
                Show::Numbers => self.signed(&self.digits.short(*value)),
            },
            Math::Constant(value) => self.signed(&self.digits.exact(*value)),
            Math::Sum(terms) => (self.sum(terms, show), Binding::Sum),
            Math::Minus(inner) => {
                let inner = self.within(inner, show, Binding::Product);
                (notation.minus(&inner), Binding::Sum)
            }
            Math::Product(factors) => {
                let factors: Vec<String> = factors
                    .iter()
                    .map(|factor| self.within(factor, show, Binding::Raised))
                    .collect();
                (notation.product(&factors), Binding::Product)
            }
            Math::Quotient(a, b) => notation.quotient(self.walk(a, show), self.walk(b, show)),
            Math::Power(base, exponent) => {
                let base = self.within(base, show, Binding::Atom);
                let exponent = self.within(exponent, show, Binding::Raised);
                (notation.power(&base, &exponent), Binding::Raised)
            }
            Math::Root(inner) => (notation.root(&self.walk(inner, show).0), Binding::Atom),
            Math::Exp(inner) => notation.exp(&self.walk(inner, show).0),
            Math::Absolute(inner) => (notation.absolute(&self.walk(inner, show).0), Binding::Atom),
            Math::Call(function, arguments) => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| self.walk(argument, show).0)
                    .collect();
                (notation.call(*function, &arguments), Binding::Atom)
            }
            Math::Cases {
                condition,
                then,
                otherwise,
            } => match show {
                Show::Symbols => {
                    let opposite = Condition {
                        greater: !condition.greater,
                        ..(**condition).clone()
                    };
                    let case = |formula: &Math, condition: &Condition| {
                        (self.walk(formula, show).0, self.condition(condition, show))
                    };
                    let cases = [case(then, condition), case(otherwise, &opposite)];
                    (notation.cases(&cases), Binding::Atom)
                }
                // With numbers it is known which of the formulas holds.
                Show::Numbers if condition.holds() => self.walk(then, show),
                Show::Numbers => self.walk(otherwise, show),
            },
        }
    }

    fn condition(&self, condition: &Condition, show: Show) -> String {
        let left = self.walk(&condition.left, show).0;
        let right = self.walk(&condition.right, show).0;
        self.notation.comparison(&left, condition.greater, &right)
    }

    /// A part of a formula, in parentheses unless it binds at least as tightly as `least`.
    fn within(&self, math: &Math, show: Show, least: Binding) -> String {
        let (text, binding) = self.walk(math, show);
        if binding < least {
            self.notation.parentheses(&text)
        } else {
            text
        }
    }

    fn sum(&self, terms: &[Math], show: Show) -> String {
        let term = |(index, term): (usize, &Math)| {
            let (subtracted, inner) = match term {
                Math::Minus(inner) => (true, &**inner),
                other => (false, other),
            };
            // A sum may begin with a negative number; after a sign such a number needs parentheses.
            let text = if index == 0 && !subtracted {
                self.walk(inner, show).0
            } else {
                self.within(inner, show, Binding::Product)
            };
            Some((subtracted, text))
        };
        let count = terms.len();
        let folded = count > self.terms.max(TERMS_BEFORE + 2);
        let mut written: Vec<_> = Vec::new();
        for (index, math) in terms.iter().enumerate() {
            if !folded || index < TERMS_BEFORE || index + 1 == count {
                written.push(term((index, math)));
            } else if index == TERMS_BEFORE {
                written.push(None);
            }
        }
        self.notation.sum(&written)
    }
}
