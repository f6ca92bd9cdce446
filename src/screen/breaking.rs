//! The places where a line may break: by Unicode's rules (UAX #14), but outside of Latin words,
//! numbers and paths, so that these can be copied whole.

use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_width::UnicodeWidthChar;

use super::columns;

/// The line in pieces: the first in at most `first` columns, each further one in at most `further`.
/// A word that is wider than a whole line is broken after a sign that joins its parts, or at the
/// margin.
pub fn lines(line: &str, first: usize, further: usize) -> Vec<String> {
    let mut lines = Lines {
        done: Vec::new(),
        current: String::new(),
        used: 0,
        room: first,
        further,
    };
    for word in words(line) {
        let bare = columns(word.trim_end());
        if lines.used + bare > lines.room && !lines.current.is_empty() {
            let whole = lines.current.trim_end().len();
            lines.current.truncate(whole);
            lines.end();
        }
        if bare <= lines.room {
            lines.push(word);
            continue;
        }
        // A word that is wider than a line is broken after a sign that joins its parts.
        for part in word.split_inclusive(['-', '_', '/', ',', '.']) {
            if lines.used + columns(part) > lines.room && !lines.current.is_empty() {
                lines.end();
            }
            for c in part.chars() {
                if lines.used + c.width().unwrap_or(0) > lines.room {
                    lines.end();
                }
                lines.push(c.encode_utf8(&mut [0; 4]));
            }
        }
    }
    lines.end();
    let mut lines = lines.done;
    if let Some(last) = lines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    lines
}

/// The lines so far. The columns of the current line are counted as it grows, so that the time is
/// proportional to the length of the text.
struct Lines {
    done: Vec<String>,
    current: String,
    used: usize,
    room: usize,
    further: usize,
}

impl Lines {
    fn push(&mut self, text: &str) {
        self.current += text;
        self.used += columns(text);
    }

    fn end(&mut self) {
        self.done.push(std::mem::take(&mut self.current));
        (self.used, self.room) = (0, self.further);
    }
}

/// The pieces between which the line may break, each with the spaces after it.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut begin = 0;
    for (end, opportunity) in linebreaks(line) {
        let allowed = end == line.len()
            || opportunity == BreakOpportunity::Mandatory
            || is_between(&line[..end], &line[end..]);
        if allowed && end > begin {
            words.push(&line[begin..end]);
            begin = end;
        }
    }
    words
}

/// Whether the place is after a space, or beside a wide character.
fn is_between(before: &str, after: &str) -> bool {
    let wide = |c: Option<char>| c.is_some_and(|c| c.width() == Some(2));
    let last = before.chars().next_back();
    last.is_some_and(char::is_whitespace) || wide(last) || wide(after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_words_stay_whole() {
        let text = "a mini-batch is kept in results/plane/models of it";
        let broken = lines(text, 22, 22);
        assert_eq!(
            broken,
            [
                "a mini-batch is kept",
                "in",
                "results/plane/models",
                "of it"
            ]
        );
        assert_eq!(lines("", 10, 10), [""]);
        assert_eq!(lines("  indented", 20, 20), ["  indented"]);
    }

    #[test]
    fn japanese_breaks_anywhere_but_before_its_closing_signs() {
        let text = "「学習率」を変えると、損失も変わります。";
        for width in 6..40 {
            for line in lines(text, width, width) {
                assert!(columns(&line) <= width, "{width}: {line}");
                let first = line.chars().next();
                assert!(
                    !first.is_some_and(|c| "、。」".contains(c)),
                    "{width}: {line}"
                );
                assert!(!line.ends_with('「'), "{width}: {line}");
            }
        }
        assert_eq!(lines(text, 100, 100), [text]);
    }

    #[test]
    fn a_word_that_is_wider_than_a_line_is_broken_at_the_margin() {
        assert_eq!(lines("abcdefgh ij", 3, 4), ["abc", "defg", "h ij"]);
        assert_eq!(
            lines("results/mini-batch_32", 13, 13),
            ["results/mini-", "batch_32"]
        );
    }
}
