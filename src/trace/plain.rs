//! Formulas as plain text, with Unicode's raised and lowered digits.

use super::math::{Derivative, Function, Symbol};
use super::notation::{Binding, FormulaText, Notation};

/// Formulas as plain text.
#[derive(Debug)]
pub struct Plain;

/// A symbol as plain text.
pub fn text(symbol: &Symbol) -> String {
    Plain.symbol(symbol).0
}

/// `12` as `₁₂`.
fn lowered(number: usize) -> String {
    number
        .to_string()
        .chars()
        .map(|digit| char::from_u32('₀' as u32 + digit as u32 - '0' as u32).unwrap_or(digit))
        .collect()
}

/// `12` as `¹²`.
fn raised(number: &str) -> String {
    number
        .chars()
        .map(|digit| match digit {
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            '-' => '⁻',
            other => other,
        })
        .collect()
}

/// The indices in a row, with commas between them if one has two digits.
pub(super) fn indices(lower: &[usize], digits: impl Fn(usize) -> String) -> String {
    let separator = if lower.iter().any(|&index| index > 9) {
        ","
    } else {
        ""
    };
    let indices: Vec<String> = lower.iter().map(|&index| digits(index)).collect();
    indices.join(separator)
}

impl Notation for Plain {
    fn symbol(&self, symbol: &Symbol) -> FormulaText {
        let mut text = symbol.letter.to_owned();
        let mut binding = Binding::Atom;
        if let Some(layer) = symbol.layer {
            text += &format!("⁽{}⁾", raised(&layer.to_string()));
            binding = Binding::Raised;
        }
        text += &indices(&symbol.lower, lowered);
        let sample = match symbol.derivative {
            Derivative::No => return (text, binding),
            Derivative::OfLoss => String::new(),
            Derivative::OfSample(number) => lowered(number),
        };
        (format!("∂E{sample}/∂{text}"), Binding::Raised)
    }

    fn number(&self, digits: &str) -> FormulaText {
        let text = digits.replace("inf", "∞");
        (text, Binding::Atom)
    }

    fn minus(&self, term: &str) -> String {
        format!("−{term}")
    }

    fn sum(&self, terms: &[Option<(bool, String)>]) -> String {
        let mut text = String::new();
        for (index, term) in terms.iter().enumerate() {
            match term {
                None => text += " + …",
                Some((true, term)) if index == 0 => text += &self.minus(term),
                Some((true, term)) => text += &format!(" − {term}"),
                Some((false, term)) if index == 0 => text += term,
                Some((false, term)) => text += &format!(" + {term}"),
            }
        }
        text
    }

    fn product(&self, factors: &[String]) -> String {
        factors.join(" · ")
    }

    fn quotient(&self, numerator: FormulaText, denominator: FormulaText) -> FormulaText {
        let part = |(text, binding): FormulaText, least: Binding| {
            if binding < least {
                self.parentheses(&text)
            } else {
                text
            }
        };
        let text = format!(
            "{} / {}",
            part(numerator, Binding::Product),
            part(denominator, Binding::Raised)
        );
        (text, Binding::Product)
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        if exponent.chars().all(|digit| digit.is_ascii_digit()) {
            format!("{base}{}", raised(exponent))
        } else {
            format!("{base}^{exponent}")
        }
    }

    fn root(&self, inner: &str) -> String {
        format!("√({inner})")
    }

    fn exp(&self, exponent: &str) -> FormulaText {
        (format!("exp({exponent})"), Binding::Atom)
    }

    fn absolute(&self, inner: &str) -> String {
        format!("|{inner}|")
    }

    fn call(&self, function: Function, arguments: &[String]) -> String {
        format!("{}({})", function.name(), arguments.join(", "))
    }

    fn parentheses(&self, inner: &str) -> String {
        format!("({inner})")
    }

    fn comparison(&self, left: &str, greater: bool, right: &str) -> String {
        format!("{left} {} {right}", if greater { '>' } else { '≤' })
    }

    fn cases(&self, cases: &[(String, String)]) -> String {
        let cases: Vec<String> = cases
            .iter()
            .map(|(formula, condition)| format!("{formula}  ({condition})"))
            .collect();
        format!("{{ {} }}", cases.join(" ; "))
    }
}
