//! Names in a line of text.

/// The first names of a list.
pub fn listed(names: &[&str], shown: usize) -> String {
    match names.len() {
        n if n <= shown => names.join(", "),
        n => format!("{} and {} more", names[..shown].join(", "), n - shown),
    }
}
