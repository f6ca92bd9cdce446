//! Names in a line of text.

use crate::language::Language;
use crate::text;

/// The first names of a list, in a sentence of this language.
pub fn listed(language: Language, names: &[&str], shown: usize) -> String {
    let between = text!(language, "list-between");
    match names.len() {
        n if n <= shown => names.join(&between),
        n => text!(
            language,
            "new-list",
            names = names[..shown].join(&between),
            count = n - shown
        ),
    }
}
