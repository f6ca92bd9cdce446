//! The languages that a trace speaks.

use choices::choices;

choices! {
    /// English or Japanese; the words are HTML's.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Language {
        /// English
        English = "en",
        /// 日本語
        Japanese = "ja",
    }
}

impl Language {
    /// The text in this language.
    pub fn pick(self, english: impl Into<String>, japanese: impl Into<String>) -> String {
        match self {
            Language::English => english.into(),
            Language::Japanese => japanese.into(),
        }
    }
}
