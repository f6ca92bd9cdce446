//! The meanings of keys, words and defaults of the experiment file in a language.
//!
//! The English texts are at the declaration of a key or a word. The texts in another language are
//! in its file of messages, under a name made of the key's path and the word.

use choices::Word;

use crate::config::{Fallback, Value};
use crate::language::Language;
use crate::text;

/// The meaning of a key. If the keys of a table depend on a word, as for an optimizer, `case` is
/// that word: keys with the same path may have different meanings.
pub fn of_key(language: Language, path: &str, case: Option<&str>, english: &str) -> String {
    let of_case = case.map(|word| message("key", &[path, word]));
    let names: Vec<String> = of_case
        .into_iter()
        .chain([message("key", &[path])])
        .collect();
    language.meaning(&names, english)
}

/// The meanings of a key's words. A word has the same meaning for all keys, unless a key has its
/// own.
pub fn of_words(language: Language, path: &str, words: Vec<Word>) -> Vec<(&'static str, String)> {
    let key = path.rsplit('.').next().unwrap_or(path);
    let of = |word: Word| {
        let names = [&[key, word.word][..], &[word.word]].map(|parts| message("word", parts));
        (word.word, language.meaning(&names, word.doc))
    };
    words.into_iter().map(of).collect()
}

/// A default as a person reads it: a value as TOML, or a description of what it depends on.
pub fn default(language: Language, path: &str, fallback: Fallback) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match fallback {
        Fallback::Required => text!(language, "explain-required"),
        Fallback::Absent => text!(language, "explain-none"),
        Fallback::Depends(english) => language.meaning(&[message("default", &[path])], english),
        Fallback::Bool(value) => value.to_string(),
        Fallback::Integer(value) => value.to_string(),
        Fallback::Float(value) => Value::Float(value).to_toml(),
        Fallback::Word(word) => format!("\"{word}\""),
        Fallback::Floats(numbers) => list(
            numbers
                .iter()
                .map(|&number| Value::Float(number).to_toml())
                .collect(),
        ),
        Fallback::Words(words) => list(words.iter().map(|word| format!("\"{word}\"")).collect()),
    }
}

/// The name of the message for a key or a word: its parts, joined by hyphens. A dot between two
/// names becomes a hyphen too; a character that a name cannot have becomes its code, as in `x2a`
/// for `*`.
fn message(of: &str, parts: &[&str]) -> String {
    let mut name = of.to_owned();
    for part in parts {
        name.push('-');
        for sign in part.chars() {
            match sign {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => name.push(sign),
                '.' if part.len() > 1 => name.push('-'),
                other => name += &format!("x{:x}", u32::from(other)),
            }
        }
    }
    name
}
