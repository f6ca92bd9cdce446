//! The script of the page with its texts in a language.
//!
//! A text stands in the script as `{{name}}`, or, if the script fills in values, as
//! `{{name placeholder=expression}}`. An expression has no spaces and stands between backticks.

use crate::language::{Arguments, Language};

const SCRIPT: &str = include_str!("script.js");

/// The script with the texts of this language.
pub fn in_language(language: Language) -> String {
    let mut script = String::with_capacity(SCRIPT.len());
    let mut rest = SCRIPT;
    while let Some((before, after)) = rest.split_once("{{") {
        let (call, after) = after.split_once("}}").expect("a text's place is closed");
        script += before;
        script += &said(language, call);
        rest = after;
    }
    script + rest
}

/// The message of a placeholder in the script, with the script's expressions in it.
fn said(language: Language, call: &str) -> String {
    let mut words = call.split(' ');
    let name = words.next().unwrap_or_default();
    let mut arguments = Arguments::new();
    for word in words {
        let (placeholder, expression) = word.split_once('=').expect("an expression has a name");
        arguments.set(placeholder, format!("${{{expression}}}"));
    }
    language.message(name, Some(&arguments))
}

#[cfg(test)]
mod tests {
    use super::*;
    use choices::Choice;

    #[test]
    fn no_text_ends_the_string_in_which_it_stands() {
        for &language in Language::ALL {
            let quotes = |script: &str| {
                let of = |sign: char| script.matches(sign).count();
                [of('"'), of('`'), of('\\')]
            };
            assert_eq!(quotes(&in_language(language)), quotes(SCRIPT));
            assert!(!in_language(language).contains("{{"));
        }
    }
}
