//! The languages that a trace speaks.

/// English or Japanese.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 日本語.
    Japanese,
}

impl Language {
    /// The text in this language.
    pub fn pick(self, english: impl Into<String>, japanese: impl Into<String>) -> String {
        match self {
            Language::English => english.into(),
            Language::Japanese => japanese.into(),
        }
    }

    /// As HTML names it.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Japanese => "ja",
        }
    }
}
