//! The values that a key accepts, in words.

use super::keys::{Interval, Kind};
use crate::language::Language;
use crate::text;

/// The kind in words; the English ones follow "`training.epochs` must be".
pub fn describe(language: Language, kind: &Kind) -> String {
    match kind {
        Kind::Bool => text!(language, "values-bool"),
        Kind::Integer(least) => text!(language, "values-integer", least = least.to_string()),
        Kind::Number(interval) => in_interval(language, interval),
        Kind::Choice([only]) => format!("\"{}\"", only.word),
        Kind::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.word).collect();
            text!(language, "values-choice", words = words.join(", "))
        }
        Kind::Text => text!(language, "values-text"),
        Kind::Name => text!(language, "values-name"),
        Kind::Path => text!(language, "values-path"),
        Kind::List(item, least) => {
            let items = items(language, item);
            match least {
                0 | 1 => text!(language, "values-list", items = items),
                n => text!(
                    language,
                    "values-list-at-least",
                    items = items,
                    least = n.to_string()
                ),
            }
        }
        Kind::Pair(item) => text!(language, "values-pair", item = describe(language, item)),
        Kind::OneOf(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(|kind| describe(language, kind)).collect();
            kinds.join(&text!(language, "values-or"))
        }
        Kind::Table(keys) => match &keys.tag {
            Some(tag) if tag.short => {
                let words: Vec<&str> = tag.cases.iter().map(|case| case.word).collect();
                let words = words.join(", ");
                text!(
                    language,
                    "values-choice-or-table",
                    words = words,
                    key = tag.key
                )
            }
            _ => text!(language, "values-table"),
        },
        Kind::Named(kind) => text!(language, "values-named", kind = describe(language, kind)),
        Kind::Variants => text!(language, "values-variants"),
        Kind::Expect => text!(language, "values-expect"),
        Kind::Sweep => text!(language, "values-sweep"),
    }
}

/// The items of a list, in the plural.
fn items(language: Language, item: &Kind) -> String {
    match item {
        Kind::Integer(least) => text!(language, "values-integers", least = least.to_string()),
        Kind::Number(_) => text!(language, "values-numbers"),
        Kind::Choice(_) => text!(language, "values-words"),
        Kind::Text => text!(language, "values-texts"),
        Kind::List(Kind::List(..), _) => text!(language, "values-matrices"),
        Kind::List(Kind::Choice(_), _) => text!(language, "values-lists-of-words"),
        Kind::List(..) => text!(language, "values-lists-of-numbers"),
        other => describe(language, other),
    }
}

/// The range in words, as in "a finite number above 0".
fn in_interval(language: Language, interval: &Interval) -> String {
    let bound = interval.low.to_string();
    let low = match (interval.low.is_finite(), interval.with_low) {
        (false, _) => None,
        (true, true) => Some(text!(language, "values-at-least", bound = bound)),
        (true, false) => Some(text!(language, "values-above", bound = bound)),
    };
    let bound = interval.high.to_string();
    let high = match (interval.high.is_finite(), interval.with_high) {
        (false, _) => None,
        (true, true) => Some(text!(language, "values-at-most", bound = bound)),
        (true, false) => Some(text!(language, "values-below", bound = bound)),
    };
    match (low, high) {
        (None, None) => text!(language, "values-finite"),
        (Some(one), None) | (None, Some(one)) => text!(language, "values-finite-in", bound = one),
        (Some(low), Some(high)) => text!(language, "values-between", low = low, high = high),
    }
}
