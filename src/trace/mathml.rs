//! Formulas as MathML, which browsers show without a script.

use super::math::{Derivative, Function, Symbol};
use super::notation::{Binding, FormulaText, Notation};
use super::plain::indices;

/// Formulas as presentation MathML (MathML Core), without the `math` element around them.
#[derive(Debug)]
pub struct MathMl;

/// A letter of the vocabulary in MathML; a letter with an index of its own becomes a `msub`.
fn letter(letter: &str) -> String {
    let indexed = |base: &str, index: &str| format!("<msub><mi>{base}</mi>{index}</msub>");
    let time = |sign: &str| format!("<mrow><mi>t</mi><mo>{sign}</mo><mn>1</mn></mrow>");
    match letter {
        "β₁" => indexed("β", "<mn>1</mn>"),
        "β₂" => indexed("β", "<mn>2</mn>"),
        "λ₁" => indexed("λ", "<mn>1</mn>"),
        "λ₂" => indexed("λ", "<mn>2</mn>"),
        "μₜ" => indexed("μ", "<mi>t</mi>"),
        "μₜ₊₁" => indexed("μ", &time("+")),
        "Πₜ₋₁" => indexed("Π", &time("−")),
        "Πₜ" => indexed("Π", "<mi>t</mi>"),
        "Πₜ₊₁" => indexed("Π", &time("+")),
        "‖g‖" => "<mrow><mo>‖</mo><mi>g</mi><mo>‖</mo></mrow>".to_owned(),
        other => format!("<mi>{other}</mi>"),
    }
}

fn operator(sign: &str) -> String {
    format!("<mo>{sign}</mo>")
}

/// The inner part between fences that stretch with it.
fn fenced(open: &str, inner: &str, close: &str) -> String {
    format!("<mrow><mo>{open}</mo>{inner}<mo>{close}</mo></mrow>")
}

impl Notation for MathMl {
    fn symbol(&self, symbol: &Symbol) -> FormulaText {
        let letter = letter(symbol.letter);
        let lower = indices(&symbol.lower, |index| index.to_string());
        let layer = symbol
            .layer
            .map(|layer| format!("<mrow><mo stretchy=\"false\">(</mo><mn>{layer}</mn><mo stretchy=\"false\">)</mo></mrow>"));
        let (text, binding) = match (lower.is_empty(), layer) {
            (true, None) => (letter, Binding::Atom),
            (false, None) => (
                format!("<msub>{letter}<mn>{lower}</mn></msub>"),
                Binding::Atom,
            ),
            (true, Some(layer)) => (format!("<msup>{letter}{layer}</msup>"), Binding::Raised),
            (false, Some(layer)) => (
                format!("<msubsup>{letter}<mn>{lower}</mn>{layer}</msubsup>"),
                Binding::Raised,
            ),
        };
        let loss = match symbol.derivative {
            Derivative::No => return (text, binding),
            Derivative::OfLoss => "<mi>E</mi>".to_owned(),
            Derivative::OfSample(number) => format!("<msub><mi>E</mi><mn>{number}</mn></msub>"),
        };
        let text = format!(
            "<mfrac><mrow><mo rspace=\"0\">∂</mo>{loss}</mrow><mrow><mo rspace=\"0\">∂</mo>{text}</mrow></mfrac>"
        );
        (text, Binding::Raised)
    }

    fn number(&self, digits: &str) -> FormulaText {
        match digits.split_once('e') {
            Some((significand, exponent)) => {
                let exponent = match exponent.strip_prefix('-') {
                    Some(size) => format!("<mrow><mo>−</mo><mn>{size}</mn></mrow>"),
                    None => format!("<mn>{exponent}</mn>"),
                };
                let text =
                    format!("<mn>{significand}</mn><mo>×</mo><msup><mn>10</mn>{exponent}</msup>");
                (text, Binding::Product)
            }
            None => {
                let digits = digits.replace("inf", "∞");
                (format!("<mn>{digits}</mn>"), Binding::Atom)
            }
        }
    }

    fn minus(&self, term: &str) -> String {
        format!("<mrow><mo form=\"prefix\">−</mo>{term}</mrow>")
    }

    fn sum(&self, terms: &[Option<(bool, String)>]) -> String {
        let mut text = String::new();
        for (index, term) in terms.iter().enumerate() {
            match term {
                None => text += "<mo>+</mo><mi>⋯</mi>",
                Some((true, term)) if index == 0 => text += &self.minus(term),
                Some((true, term)) => text += &format!("<mo>−</mo>{term}"),
                Some((false, term)) if index == 0 => text += term,
                Some((false, term)) => text += &format!("<mo>+</mo>{term}"),
            }
        }
        format!("<mrow>{text}</mrow>")
    }

    fn product(&self, factors: &[String]) -> String {
        format!("<mrow>{}</mrow>", factors.join(&operator("·")))
    }

    fn quotient(&self, numerator: FormulaText, denominator: FormulaText) -> FormulaText {
        (
            format!(
                "<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
                numerator.0, denominator.0
            ),
            Binding::Raised,
        )
    }

    fn power(&self, base: &str, exponent: &str) -> String {
        format!("<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>")
    }

    fn root(&self, inner: &str) -> String {
        format!("<msqrt>{inner}</msqrt>")
    }

    fn exp(&self, exponent: &str) -> FormulaText {
        (
            format!("<msup><mi>e</mi><mrow>{exponent}</mrow></msup>"),
            Binding::Raised,
        )
    }

    fn absolute(&self, inner: &str) -> String {
        fenced("|", inner, "|")
    }

    fn call(&self, function: Function, arguments: &[String]) -> String {
        let arguments = arguments.join(&operator(","));
        format!(
            "<mrow><mi>{}</mi><mo>&#x2061;</mo>{}</mrow>",
            function.name(),
            fenced("(", &arguments, ")")
        )
    }

    fn parentheses(&self, inner: &str) -> String {
        fenced("(", inner, ")")
    }

    fn comparison(&self, left: &str, greater: bool, right: &str) -> String {
        format!(
            "<mrow>{left}<mo>{}</mo>{right}</mrow>",
            if greater { "&gt;" } else { "≤" }
        )
    }

    fn cases(&self, cases: &[(String, String)]) -> String {
        let rows: String = cases
            .iter()
            .map(|(formula, condition)| {
                format!("<mtr><mtd>{formula}</mtd><mtd><mtext>(</mtext>{condition}<mtext>)</mtext></mtd></mtr>")
            })
            .collect();
        format!("<mrow><mo>{{</mo><mtable columnalign=\"left left\">{rows}</mtable></mrow>")
    }
}
