//! The layout of texts for a terminal: its width, the places where a line may break, and the
//! columns of a table.
//!
//! The module knows nothing of the texts and writes nothing; [`voice`](crate::voice) writes.

mod breaking;
pub mod table;

use std::borrow::Cow;

use terminal_size::{Height, Width, terminal_size_of};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use problems::visible;

/// The columns of a text that does not go to a terminal.
pub const DEFAULT_WIDTH: usize = 100;
/// The fewest columns of a layout.
pub const NARROWEST: usize = 40;
/// The least columns of a definition beside its term; with fewer it stands beneath the term.
const DEFINITION: usize = 28;

/// The screen of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// The width in columns, which no line exceeds.
    pub width: usize,
    /// Whether colours are wanted.
    pub styled: bool,
}

impl Screen {
    /// A screen of this width without colours.
    pub fn plain(width: usize) -> Self {
        Self {
            width: width.max(NARROWEST),
            styled: false,
        }
    }

    /// Sentences with line breaks between words, in which control characters are escaped.
    pub fn prose(&self, text: &str) -> String {
        self.indented(text, "", "")
    }

    /// Sentences as [`Screen::prose`] breaks them, with these beginnings of the first line and of
    /// the further lines. Each line of the text begins anew.
    pub fn indented(&self, text: &str, first: &str, further: &str) -> String {
        let text = visible(text);
        let mut lines = Vec::new();
        for (number, line) in text.split('\n').enumerate() {
            let first = if number == 0 { first } else { further };
            let room = |beginning: &str| self.width.saturating_sub(columns(beginning)).max(1);
            let pieces = breaking::lines(line, room(first), room(further));
            for (place, piece) in pieces.iter().enumerate() {
                let beginning = if place == 0 { first } else { further };
                lines.push(format!("{beginning}{piece}").trim_end().to_owned());
            }
        }
        lines.join("\n")
    }

    /// A term, padded to `terms` columns, with its meaning beside it, or beneath it on a narrow
    /// screen.
    pub fn definition(&self, indent: &str, term: &str, terms: usize, meaning: &str) -> String {
        let beside = columns(indent) + terms + 2;
        let term = visible(term);
        if beside + DEFINITION <= self.width {
            let padding = " ".repeat(terms.saturating_sub(columns(&term)));
            let first = format!("{indent}{term}{padding}  ");
            self.indented(meaning, &first, &" ".repeat(beside)) + "\n"
        } else {
            let inner = format!("{indent}    ");
            let term = self.indented(&term, indent, indent);
            format!("{term}\n{}\n", self.indented(meaning, &inner, &inner))
        }
    }
}

/// The columns of the terminal at stdout, or else those in the variable `COLUMNS`.
pub fn width_of_stdout() -> Option<usize> {
    width_of(terminal_size_of(std::io::stdout()))
}

/// The columns of the terminal at stderr, or else those in the variable `COLUMNS`. `None` for a
/// log, whose lines stay whole.
pub fn width_of_stderr() -> Option<usize> {
    width_of(terminal_size_of(std::io::stderr()))
}

fn width_of(terminal: Option<(Width, Height)>) -> Option<usize> {
    let terminal = terminal.map(|size| usize::from(size.0.0));
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    let is_known = |&width: &usize| width > 0;
    terminal
        .filter(is_known)
        .or_else(|| said().filter(is_known))
}

/// The columns of a text on a terminal; a wide character takes two.
pub fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in at most `width` columns: a longer text is cut in the middle, with a mark between its
/// beginning and its end.
pub fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if columns(text) <= width {
        return Cow::Borrowed(text);
    }
    let room = width.saturating_sub(1);
    let (mut head, mut used) = (String::new(), 0);
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > room.div_ceil(2) {
            break;
        }
        head.push(c);
        used += wide;
    }
    let mut tail = Vec::new();
    for c in text.chars().rev() {
        let wide = c.width().unwrap_or(0);
        if used + wide > room {
            break;
        }
        tail.push(c);
        used += wide;
    }
    let tail: String = tail.iter().rev().collect();
    Cow::Owned(format!("{}…{}", head, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_keeps_its_beginning_and_its_end() {
        assert_eq!(shortened("learning_rate", 13), "learning_rate");
        assert_eq!(shortened("learning_rate", 8), "lear…ate");
        assert_eq!(shortened("平面のデータ", 7), "平…ータ");
        for width in 1..12 {
            assert!(columns(&shortened("学習率 learning", width)) <= width);
        }
    }

    #[test]
    fn a_definition_stands_beneath_its_term_where_there_is_no_room_beside_it() {
        let screen = Screen::plain(40);
        assert_eq!(
            screen.definition("", "key", 4, "What the key means, in one long sentence."),
            "key   What the key means, in one long\n      sentence.\n"
        );
        assert_eq!(
            screen.definition("", "training.learning_rate", 22, "The step's length."),
            "training.learning_rate\n    The step's length.\n"
        );
    }

    #[test]
    fn what_a_terminal_obeys_does_not_get_into_a_line() {
        assert_eq!(Screen::plain(80).prose("\u{1b}[2J"), "\\u001b[2J");
    }
}
