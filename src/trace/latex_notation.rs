//! Formulas as LaTeX.

use super::math::{Derivative, Function, Symbol};
use super::notation::{Binding, FormulaText, Notation};
use super::plain::indices;

/// Formulas as LaTeX, for math mode.
#[derive(Debug)]
pub struct Latex;

/// A letter of the vocabulary in LaTeX.
fn letter(letter: &str) -> &str {
    match letter {
        "δ" => r"\delta",
        "ω" => r"\omega",
        "Ω" => r"\Omega",
        "η" => r"\eta",
        "β" => r"\beta",
        "α" => r"\alpha",
        "γ" => r"\gamma",
        "ε" => r"\varepsilon",
        "λ" => r"\lambda",
        "μ" => r"\mu",
        "ψ" => r"\psi",
        "f′" => "{f'}",
        "β₁" => r"\beta_1",
        "β₂" => r"\beta_2",
        "λ₁" => r"\lambda_1",
        "λ₂" => r"\lambda_2",
        "π" => r"\pi",
        "μₜ" => r"\mu_t",
        "μₜ₊₁" => r"\mu_{t+1}",
        "Πₜ₋₁" => r"\Pi_{t-1}",
        "Πₜ" => r"\Pi_t",
        "Πₜ₊₁" => r"\Pi_{t+1}",
        "‖g‖" => r"\lVert g\rVert",
        other => other,
    }
}

impl Notation for Latex {
    fn symbol(&self, symbol: &Symbol) -> FormulaText {
        let name = letter(symbol.letter);
        let mut text = if name.chars().count() > 1 && !name.starts_with(['\\', '{']) {
            format!(r"\mathrm{{{name}}}")
        } else {
            name.to_owned()
        };
        let mut binding = Binding::Atom;
        if !symbol.lower.is_empty() {
            text += &format!("_{{{}}}", indices(&symbol.lower, |index| index.to_string()));
        }
        if let Some(layer) = symbol.layer {
            text += &format!("^{{({layer})}}");
            binding = Binding::Raised;
        }
        let sample = match symbol.derivative {
            Derivative::No => return (text, binding),
            Derivative::OfLoss => String::new(),
            Derivative::OfSample(number) => format!("_{{{number}}}"),
        };
        let text = format!(r"\frac{{\partial E{sample}}}{{\partial {text}}}");
        (text, Binding::Raised)
    }

    fn number(&self, digits: &str) -> FormulaText {
        match digits.split_once('e') {
            Some((significand, exponent)) => (
                format!(r"{significand} \times 10^{{{exponent}}}"),
                Binding::Product,
            ),
            None if digits == "inf" => (r"\infty".to_owned(), Binding::Atom),
            None if digits == "NaN" => (r"\mathrm{NaN}".to_owned(), Binding::Atom),
            None => (digits.to_owned(), Binding::Atom),
        }
    }

    fn minus(&self, term: &str) -> String {
        format!("-{term}")
    }

    fn sum(&self, terms: &[Option<(bool, String)>]) -> String {
        let mut text = String::new();
        for (index, term) in terms.iter().enumerate() {
            match term {
                None => text += r" + \cdots",
                Some((true, term)) if index == 0 => text += &self.minus(term),
                Some((true, term)) => text += &format!(" - {term}"),
                Some((false, term)) if index == 0 => text += term,
                Some((false, term)) => text += &format!(" + {term}"),
            }
        }
        text
    }

    fn product(&self, factors: &[String]) -> String {
        factors.join(r" \cdot ")
    }

    fn quotient(&self, numerator: FormulaText, denominator: FormulaText) -> FormulaText {
        (
            format!(r"\frac{{{}}}{{{}}}", numerator.0, denominator.0),
            Binding::Raised,
        )
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        format!("{{{base}}}^{{{exponent}}}")
    }

    fn root(&self, inner: &str) -> String {
        format!(r"\sqrt{{{inner}}}")
    }

    fn exp(&self, exponent: &str) -> FormulaText {
        (format!("e^{{{exponent}}}"), Binding::Raised)
    }

    fn absolute(&self, inner: &str) -> String {
        format!(r"\left|{inner}\right|")
    }

    fn call(&self, function: Function, arguments: &[String]) -> String {
        let name = match function {
            Function::Tanh => r"\tanh",
            Function::Ln => r"\ln",
            Function::Sign => r"\operatorname{sign}",
            Function::NormalCdf => r"\Phi",
            Function::NormalDensity => r"\varphi",
            Function::Sigmoid => r"\sigma",
            Function::Softplus => r"\operatorname{softplus}",
            Function::Max => r"\max",
            Function::Min => r"\min",
        };
        format!(r"{name}\left({}\right)", arguments.join(", "))
    }

    fn parentheses(&self, inner: &str) -> String {
        format!(r"\left({inner}\right)")
    }

    fn comparison(&self, left: &str, greater: bool, right: &str) -> String {
        format!(r"{left} {} {right}", if greater { ">" } else { r"\le" })
    }

    fn cases(&self, cases: &[(String, String)]) -> String {
        let cases: Vec<String> = cases
            .iter()
            .map(|(formula, condition)| format!("{formula} & ({condition})"))
            .collect();
        format!(r"\begin{{cases}} {} \end{{cases}}", cases.join(r" \\ "))
    }
}
