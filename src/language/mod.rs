//! The languages in which the program speaks, and what it says in each.
//!
//! A message stands in `en.ftl` and `ja.ftl` under the same name, with the same placeholders; the code
//! says it with [`text!`](crate::text). What a key or a word of the experiment file means is said in English
//! where it is declared; the file of another language has it under a name made of the key and the word
//! ([`Language::meaning`]). The files are Project Fluent's: the order of words and the
//! plurals of a language are its file's own affair. Numbers come as ready texts, but for counts, on
//! which plurals depend. Knows nothing of what is said.

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

/// A language with its messages, read once.
type Messages = LazyLock<FluentBundle<FluentResource>>;

static ENGLISH: Messages = LazyLock::new(|| messages("en", include_str!("en.ftl")));
static JAPANESE: Messages = LazyLock::new(|| messages("ja", include_str!("ja.ftl")));

fn messages(word: &str, source: &str) -> FluentBundle<FluentResource> {
    let language = word.parse().expect("a language's word is an identifier");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The signs that isolate right-to-left texts would stand in every line.
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
    /// The language that the environment asks for, by POSIX's order of variables.
    pub fn of_environment() -> Self {
        Self::of_locales(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok()))
    }

    /// The language of the first locale that says something; English where the program does not speak
    /// its language.
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

    /// What the code says in English of a thing that has a name: another language has it under the first
    /// of the names that its file knows. A text that no language changes, such as a formula, has none.
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

    /// The message of this name; [`text!`](crate::text) says it.
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
            // Beside a full-width bracket stands no space, also where a name brings the bracket.
            Language::Japanese => text.replace("） ", "）").replace(" （", "（"),
        }
    }

    /// Sentences one behind the other.
    pub fn sentences<S: AsRef<str>>(self, sentences: impl IntoIterator<Item = S>) -> String {
        let mut all = String::new();
        for sentence in sentences {
            let sentence = sentence.as_ref();
            // Japanese sentences stand without a space between them.
            if !all.is_empty() && !sentence.is_empty() && self == Language::English {
                all.push(' ');
            }
            all += sentence;
        }
        all
    }

    /// `a`, `a and b`, `a, b and c`.
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

/// A message in a language: `text!(language, "name", placeholder = value)`. A value is a text, or a count
/// on which a plural may depend.
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
