//! A text as one word of a POSIX shell: what a printed command or a written script says can be
//! pasted and run, whatever blanks and quotes a path has.

use std::path::Path;

/// A path as one word.
pub fn path(path: &Path) -> String {
    word(&path.display().to_string())
}

/// A text as one word.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,%@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(word("/a/b-c.toml"), "/a/b-c.toml");
        assert_eq!(word("表.toml"), "表.toml");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("it's"), "'it'\\''s'");
        assert_eq!(word("$x"), "'$x'");
        assert_eq!(word(""), "''");
    }
}
