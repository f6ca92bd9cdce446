//! Texts from files, names and arguments, made safe for a terminal.

use std::borrow::Cow;

/// The text with escapes for all characters that a terminal would obey or that would change the
/// order of reading: `\\u001b`, as in JSON. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_obeyed(c) {
            shown += &format!("\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The text with a sign for each character that a terminal would obey. The sign has as many bytes
/// as the character, so that places in the text stay valid. ASCII's control characters stay; the
/// renderer makes signs of them.
pub(super) fn with_signs(text: &str) -> Cow<'_, str> {
    let has_sign = |c: char| !c.is_ascii() && is_obeyed(c);
    if !text.contains(has_sign) {
        return Cow::Borrowed(text);
    }
    let sign = |c: char| match c.len_utf8() {
        _ if !has_sign(c) => c,
        2 => '¿',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(sign).collect())
}

/// Whether a terminal acts on the character: control characters, and Unicode's marks of direction and
/// separators of lines (UAX #9, "Directional Formatting Characters").
fn is_obeyed(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            true
        }
        c => c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_a_terminal_obeys_has_a_sign_as_long_as_itself() {
        for c in '\u{80}'..=char::MAX {
            let text = c.to_string();
            let shown = with_signs(&text);
            assert_eq!(shown.len(), text.len(), "{text:?}");
            assert_eq!(shown == text, !is_obeyed(c), "{text:?}");
        }
    }

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_all_else_stays() {
        assert_eq!(visible("a\tb\n日本 é"), "a\tb\n日本 é");
        assert_eq!(visible("\u{1b}[31m"), "\\u001b[31m");
        assert_eq!(
            visible("\u{202e}\u{9b}\u{7f}\r"),
            "\\u202e\\u009b\\u007f\\u000d"
        );
    }
}
