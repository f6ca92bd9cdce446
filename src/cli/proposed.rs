//! The words that a shell proposes for an argument that accepts any text.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::guide::completions;
use crate::guide::template::TEMPLATES;

/// A parser for any text, with the words that a shell proposes.
#[derive(Debug, Clone, Copy)]
pub struct Proposed(fn() -> Vec<PossibleValue>);

impl TypedValueParser for Proposed {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter()))
    }
}

/// The keys that `--set` accepts, each followed by an equals sign.
pub const SETTINGS: Proposed = Proposed(|| {
    let keys = completions::settings().iter();
    keys.map(|key| PossibleValue::new(key.as_str())).collect()
});

/// The keys, tables and words that can be explained.
pub const EXPLAINED: Proposed = Proposed(|| {
    let words = completions::explained().iter();
    words
        .map(|word| PossibleValue::new(word.as_str()))
        .collect()
});

/// The words of `new --template`.
pub const STARTS: Proposed = Proposed(|| {
    let templates = TEMPLATES.iter();
    let words = templates.map(|of| PossibleValue::new(of.word).help(of.about));
    words.collect()
});
