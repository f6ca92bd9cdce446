//! The parts of a sentence: words, and the code that stands between backticks.

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span<'a> {
    /// Words of the sentence.
    Words(&'a str),
    /// The text between two backticks.
    Code(&'a str),
}

/// The parts of a sentence in their order. A backtick without a partner belongs to the words.
pub fn spans(sentence: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = sentence;
    while let Some((before, opened)) = rest.split_once('`')
        && let Some((code, after)) = opened.split_once('`')
    {
        spans.push(Span::Words(before));
        spans.push(Span::Code(code));
        rest = after;
    }
    spans.push(Span::Words(rest));
    spans
}
