//! The languages of the program, and its messages in each of them.
//!
//! A message has the same name and the same placeholders in `en.ftl` and `ja.ftl`; the code uses it
//! with [`text!`](crate::text). The meaning of a key or a word of the experiment file is in English
//! at its declaration; the file of another language has it under a name made of the key and the
//! word ([`Language::meaning`]). The files have the format of Project Fluent, so that each file
//! decides about the order of words and the plurals of its language. Numbers are passed as ready
//! texts, but for counts, on which plurals depend. The module knows nothing of the messages'
//! contents.

use std::sync::LazyLock;

use choices::choices;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

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

/// The messages of a language, read once.
type Messages = LazyLock<FluentBundle<FluentResource>>;

static ENGLISH: Messages = LazyLock::new(|| messages("en", include_str!("en.ftl")));
static JAPANESE: Messages = LazyLock::new(|| messages("ja", include_str!("ja.ftl")));

fn messages(word: &str, source: &str) -> FluentBundle<FluentResource> {
    let language = word.parse().expect("a language's word is an identifier");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks that isolate right-to-left texts would be in every line.
    bundle.set_use_isolating(false);
    bundle
        .add_builtins()
        .expect("nothing else has the name of a function");
    let resource = FluentResource::try_new(source.to_owned());
    let resource = resource.expect("tests read the files of messages");
    bundle
        .add_resource(resource)
        .expect("tests find a name that two messages have");
    bundle
}

impl Language {
    /// The language of the environment, by POSIX's order of variables.
    pub fn of_environment() -> Self {
        Self::of_locales(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok()))
    }

    /// The language of the first locale that is set; English if the program does not have that
    /// language.
    fn of_locales(locales: [Option<String>; 3]) -> Self {
        let mut locales = locales.into_iter().flatten();
        let locale = locales.find(|locale| !locale.is_empty());
        let language = locale.as_deref().unwrap_or_default();
        let language = language.split(['_', '-', '.', '@']).next();
        match language {
            Some("ja" | "japanese") => Language::Japanese,
            _ => Language::English,
        }
    }

    /// The messages of this language.
    fn messages(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
        }
    }

    /// The meaning of a named thing, whose English text is in the code. Another language has it
    /// under the first of these names that its file knows. A text that is the same in all
    /// languages, such as a formula, has no message.
    pub fn meaning(self, names: &[String], english: &str) -> String {
        let known = |name: &&String| self.messages().has_message(name);
        match self {
            Language::English => english.to_owned(),
            _ => match names.iter().find(known) {
                Some(name) => self.message(name, None),
                None => english.to_owned(),
            },
        }
    }

    /// The message of this name; [`text!`](crate::text) calls this function.
    pub fn message(self, name: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let messages = self.messages();
        let message = messages.get_message(name);
        let pattern = message.and_then(|message| message.value());
        let pattern = pattern.unwrap_or_else(|| panic!("tests find `{name}`, which is no message"));
        let mut errors = Vec::new();
        let text = messages.format_pattern(pattern, arguments, &mut errors);
        debug_assert!(errors.is_empty(), "{name}: {errors:?}");
        match self {
            Language::English => text.into_owned(),
            // Japanese has no space beside a full-width bracket, even if the bracket is part of a
            // name.
            Language::Japanese => text.replace("） ", "）").replace(" （", "（"),
        }
    }

    /// Sentences, one after the other.
    pub fn sentences<S: AsRef<str>>(self, sentences: impl IntoIterator<Item = S>) -> String {
        let mut all = String::new();
        for sentence in sentences {
            let sentence = sentence.as_ref();
            // Japanese sentences have no space between them.
            if !all.is_empty() && !sentence.is_empty() && self == Language::English {
                all.push(' ');
            }
            all += sentence;
        }
        all
    }

    /// A list as `a`, `a and b`, `a, b and c`.
    pub fn list(self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let first = first.join(&crate::text!(self, "list-between"));
                crate::text!(self, "list-last", first = first, last = last)
            }
        }
    }
}

/// A message in a language: `text!(language, "name", placeholder = value)`. A value is a text, or a
/// count on which a plural may depend.
#[macro_export]
macro_rules! text {
    ($language:expr, $name:literal $(,)?) => {
        $crate::language::Language::message($language, $name, None)
    };
    ($language:expr, $name:literal, $($placeholder:ident = $value:expr),+ $(,)?) => {{
        let mut arguments = $crate::language::Arguments::new();
        $(arguments.set(stringify!($placeholder), $value);)+
        $crate::language::Language::message($language, $name, Some(&arguments))
    }};
}

/// The values of a message's placeholders.
pub use fluent_bundle::FluentArgs as Arguments;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_read_in_the_order_of_posix() {
        let of = |locales: [&str; 3]| {
            Language::of_locales(locales.map(|locale| Some(locale.to_owned())))
        };
        assert_eq!(of(["", "", "ja_JP.UTF-8"]), Language::Japanese);
        assert_eq!(of(["", "ja_JP.UTF-8", "en_US.UTF-8"]), Language::Japanese);
        assert_eq!(of(["C", "ja_JP.UTF-8", "ja_JP.UTF-8"]), Language::English);
        assert_eq!(of(["POSIX", "ja", "ja"]), Language::English);
        assert_eq!(of(["ja", "C", "C"]), Language::Japanese);
        for (locale, language) in [
            ("ja.UTF-8", Language::Japanese),
            ("ja-JP", Language::Japanese),
            ("ja@modifier", Language::Japanese),
            ("jav_ID", Language::English),
            ("de_DE.UTF-8", Language::English),
            ("C.UTF-8", Language::English),
        ] {
            assert_eq!(of(["", "", locale]), language, "{locale}");
        }
        assert_eq!(Language::of_locales([None, None, None]), Language::English);
    }

    #[test]
    fn lists_read_as_sentences() {
        let words = |n: usize| -> Vec<String> {
            ["a", "b", "c"][..n].iter().map(|w| w.to_string()).collect()
        };
        assert_eq!(Language::English.list(&words(1)), "a");
        assert_eq!(Language::English.list(&words(2)), "a and b");
        assert_eq!(Language::English.list(&words(3)), "a, b and c");
        assert_eq!(Language::Japanese.list(&words(3)), "a、b、c");
    }

    #[test]
    fn looks_are_called_by_their_number() {
        let word = |number: usize| crate::text!(Language::English, "tested-look", number = number);
        let words = [1, 3, 10, 11, 12, 21, 22, 103, 111].map(word);
        let expected = [
            "first", "third", "tenth", "11th", "12th", "21st", "22nd", "103rd", "111th",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn a_count_is_written_as_it_is() {
        for count in [0_u64, 1, 2, 1_234_567, 9_007_199_254_740_991] {
            let text = crate::text!(Language::English, "runs", runs = count);
            let word = if count == 1 { "run" } else { "runs" };
            assert_eq!(text, format!("{count} {word}"));
        }
    }
}
