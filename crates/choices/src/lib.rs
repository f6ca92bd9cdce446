//! A choice from one list: the list makes the enum, its documentation, all of its words, and the
//! way from a word back to the value.
//!
//! A choice that a person can write down has a word and a meaning. [`choices!`] takes both from the
//! list that declares the enum, and parsers, reference pages and schemas read them from the type.
//! The crate knows neither what is chosen nor where it is written.
//!
//! ```
//! use choices::{Choice, choices};
//!
//! choices! {
//!     /// What becomes of a lamp.
//!     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//!     pub enum Lamp {
//!         /// It shines.
//!         ///
//!         /// The first line is what a reference page says; the rest is for the reader of the code.
//!         On = "on",
//!         /// It is dark.
//!         Off = "off",
//!     }
//! }
//!
//! assert_eq!(Lamp::ALL, &[Lamp::On, Lamp::Off]);
//! assert_eq!(Lamp::from_word("off"), Some(Lamp::Off));
//! assert_eq!(Lamp::On.word(), "on");
//! assert_eq!(Lamp::WORDS[0].doc, "It shines");
//! ```
#![no_std]

/// A word that can be written down, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// Its meaning: the first line of the documentation, without the full stop.
    pub doc: &'static str,
}

/// An enum whose variants are words.
pub trait Choice: Copy + 'static {
    /// All variants, in the order of their declaration.
    const ALL: &'static [Self];
    /// The words and meanings of all variants, in the order of `ALL`.
    const WORDS: &'static [Word];

    /// The word of this variant.
    fn word(self) -> &'static str;

    /// The variant of this word; `None` if there is no such word.
    fn from_word(word: &str) -> Option<Self> {
        let place = Self::WORDS.iter().position(|known| known.word == word)?;
        Some(Self::ALL[place])
    }
}

/// The line that a reference page shows: the text of a doc comment without its full stop.
pub const fn line(doc: &'static str) -> &'static str {
    let doc = doc.trim_ascii();
    match doc.as_bytes() {
        [.., b'.'] => doc.split_at(doc.len() - 1).0,
        _ => doc,
    }
}

/// The bytes of two texts one after the other, for [`joined!`]. `N` is the sum of their lengths.
pub const fn join<const N: usize>(first: &str, second: &str) -> [u8; N] {
    let (first, second) = (first.as_bytes(), second.as_bytes());
    let mut bytes = [0; N];
    let mut place = 0;
    while place < N {
        bytes[place] = if place < first.len() {
            first[place]
        } else {
            second[place - first.len()]
        };
        place += 1;
    }
    bytes
}

/// Two constant texts one after the other, as a constant text.
#[macro_export]
macro_rules! joined {
    ($first:expr, $second:expr) => {{
        const BYTES: [u8; $first.len() + $second.len()] = $crate::join($first, $second);
        match core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("two texts are a text"),
        }
    }};
}

/// Declares an enum of words: `/// Meaning.` and `Variant = "word",` for each.
///
/// The macro makes the enum with its documentation and its [`Choice`]. An enum that starts with
/// `serde enum` also has serde's derives, and its words are serde's names.
///
/// For an enum whose variants hold values, `serde enum Name named Names` also makes `Names`: the
/// same variants without their values. `Names` is a [`Choice`], and `name()` gives it.
#[macro_export]
macro_rules! choices {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $(
            #[doc = $doc:literal] $(#[doc = $more:literal])*
            $variant:ident = $word:literal
        ),* $(,)? }
    ) => {
        $(#[$about])*
        $vis enum $name { $(
            #[doc = $doc] $(#[doc = $more])*
            $variant,
        )* }

        $crate::choices!(@choice $name $($doc $variant $word)*);
    };
    (
        $(#[$about:meta])*
        $vis:vis serde enum $name:ident { $(
            #[doc = $doc:literal] $(#[doc = $more:literal])*
            $variant:ident = $word:literal
        ),* $(,)? }
    ) => {
        $(#[$about])*
        #[derive(serde::Serialize, serde::Deserialize)]
        $vis enum $name { $(
            #[doc = $doc] $(#[doc = $more])*
            #[serde(rename = $word)]
            $variant,
        )* }

        $crate::choices!(@choice $name $($doc $variant $word)*);
    };
    (
        $(#[$about:meta])*
        $vis:vis serde enum $name:ident named $names:ident { $(
            #[doc = $doc:literal] $(#[doc = $more:literal])*
            $variant:ident $(($payload:ty))? $({ $($fields:tt)* })? = $word:literal
        ),* $(,)? }
    ) => {
        #[derive(serde::Serialize, serde::Deserialize)]
        $(#[$about])*
        $vis enum $name { $(
            #[doc = $doc] $(#[doc = $more])*
            #[serde(rename = $word)]
            $variant $(($payload))? $({ $($fields)* })?,
        )* }

        $crate::choices! {
            #[doc = concat!("Which [`", stringify!($name), "`].")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            $vis enum $names { $(
                #[doc = $doc] $(#[doc = $more])*
                $variant = $word
            ),* }
        }

        impl $name {
            /// The variant without its values.
            $vis fn name(&self) -> $names {
                match self { $(Self::$variant { .. } => $names::$variant),* }
            }
        }
    };
    (@choice $name:ident $($doc:literal $variant:ident $word:literal)*) => {
        impl $crate::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            const WORDS: &'static [$crate::Word] = &[$(
                $crate::Word { word: $word, doc: $crate::line($doc) }
            ),*];

            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    choices! {
        /// A direction.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        serde enum Direction {
            /// To the left.
            ///
            /// More of it.
            Left = "to_left",
            /// To the right, e.g. here
            Right = "right",
        }
    }

    choices! {
        /// A shape.
        #[derive(Debug, PartialEq)]
        #[serde(tag = "name")]
        serde enum Shape named ShapeName {
            /// A point.
            Point = "point",
            /// All points of one distance.
            Circle {
                /// The distance.
                radius: f64,
            } = "circle",
        }
    }

    #[test]
    fn what_holds_more_than_a_word_has_a_name() {
        let shape = Shape::Circle { radius: 2.0 };
        assert_eq!(shape.name(), ShapeName::Circle);
        assert_eq!(Shape::Point.name().word(), "point");
        let text = serde_json::to_string(&shape).unwrap();
        assert_eq!(text, r#"{"name":"circle","radius":2.0}"#);
        assert_eq!(serde_json::from_str::<Shape>(&text).unwrap(), shape);
    }

    #[test]
    fn a_word_leads_to_its_variant_and_back() {
        for (&direction, word) in Direction::ALL.iter().zip(Direction::WORDS) {
            assert_eq!(direction.word(), word.word);
            assert_eq!(Direction::from_word(word.word), Some(direction));
        }
        assert_eq!(Direction::from_word("Left"), None);
    }

    #[test]
    fn a_meaning_is_the_first_line_without_its_full_stop() {
        assert_eq!(Direction::WORDS[0].doc, "To the left");
        assert_eq!(Direction::WORDS[1].doc, "To the right, e.g. here");
    }

    #[test]
    fn joined_texts_stand_one_after_the_other() {
        const BOTH: &str = joined!("√2, ", line(" and more. "));
        assert_eq!(BOTH, "√2, and more");
    }

    #[test]
    fn serde_says_the_words() {
        let text = serde_json::to_string(&Direction::Left).unwrap();
        assert_eq!(text, "\"to_left\"");
        assert_eq!(
            serde_json::from_str::<Direction>(&text).unwrap(),
            Direction::Left
        );
    }
}
