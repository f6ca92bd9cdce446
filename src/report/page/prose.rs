//! Sentences as HTML, in which the text between backticks becomes code.

use crate::report::code_spans::{Span, spans};
use pictures::svg::escape;

/// A sentence as HTML, escaped. A backtick without a partner stays as it is.
pub fn prose(sentence: &str) -> String {
    let parts = spans(sentence).into_iter().map(|span| match span {
        Span::Words(words) => escape(words),
        Span::Code(code) => format!("<code>{}</code>", escape(code)),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(
            prose("see `compare DIR` and `a`."),
            "see <code>compare DIR</code> and <code>a</code>."
        );
        assert_eq!(prose("`値`と答える"), "<code>値</code>と答える");
        assert_eq!(prose("one ` alone"), "one ` alone");
        assert_eq!(prose("`a` and ` alone"), "<code>a</code> and ` alone");
    }

    #[test]
    fn a_name_within_backticks_is_no_markup() {
        assert_eq!(
            prose("always `<img onerror=\"x\">`"),
            format!("always <code>{}</code>", escape("<img onerror=\"x\">"))
        );
        assert!(!prose("`<b>` <script>`").contains("<b>"));
        assert!(!prose("`<b>` <script>`").contains("<script>"));
    }
}
