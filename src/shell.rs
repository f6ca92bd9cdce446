//! A text as one word of a shell, so that a printed command or a written script can be run even if
//! a path has spaces and quotes in it.

use std::path::Path;

/// A path as one word for the shell of this system.
pub fn path(path: &Path) -> String {
    let text = path.display().to_string();
    match cfg!(windows) {
        true => word_on_windows(&text),
        false => word(&text),
    }
}

/// A text as one word of a POSIX shell.
pub fn word(text: &str) -> String {
    if is_plain(text, "") {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A path as one word for Windows' command line and PowerShell. Paths on Windows have no double
/// quotes.
fn word_on_windows(path: &str) -> String {
    if is_plain(path, "\\") {
        path.to_owned()
    } else {
        format!("\"{path}\"")
    }
}

/// Whether a text has only letters, digits and signs without a meaning for a shell, or characters
/// of `further`.
fn is_plain(text: &str, further: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,%@+".contains(c) || further.contains(c);
    !text.is_empty() && text.chars().all(plain)
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

    #[test]
    fn paths_are_quoted_for_windows() {
        assert_eq!(word_on_windows("C:\\data\\a.toml"), "C:\\data\\a.toml");
        assert_eq!(word_on_windows("C:\\my data"), "\"C:\\my data\"");
        assert_eq!(word_on_windows("it's"), "\"it's\"");
    }
}
