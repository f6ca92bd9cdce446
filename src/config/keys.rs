//! The description of a key of the experiment file: the types that [`schema`](super::schema) is
//! written in.

use choices::Word;

/// The keys of one table.
#[derive(Debug)]
pub struct Keys {
    /// The keys that the table always has.
    pub keys: &'static [Key],
    /// The key whose word decides which other keys the table has.
    pub tag: Option<Tag>,
    /// Keys that exclude each other: of each set, the keys of only one group can be given.
    pub alternatives: &'static [&'static [&'static [&'static str]]],
}

/// A key whose word decides which other keys its table has.
#[derive(Debug)]
pub struct Tag {
    /// The key.
    pub key: &'static str,
    /// The words, with the keys that each brings.
    pub cases: &'static [Case],
    /// The default word; `None` if the key is required.
    pub fallback: Option<&'static str>,
    /// Whether the word alone can stand for the whole table.
    pub short: bool,
    /// The meaning of the key.
    pub doc: &'static str,
}

/// One word of a tag, and the keys that come with it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The word.
    pub word: &'static str,
    /// The meaning of the word.
    pub doc: &'static str,
    /// The keys that the word adds.
    pub keys: &'static [Key],
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key's name.
    pub name: &'static str,
    /// The values that the key accepts.
    pub kind: Kind,
    /// The value where the key is not given.
    pub fallback: Fallback,
    /// The meaning of the key.
    pub doc: &'static str,
}

/// The value of a key that is not given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fallback {
    /// There is none: the key is required.
    Required,
    /// There is none, and the feature of the key is off.
    Absent,
    /// The default depends on other keys; the text describes it.
    Depends(&'static str),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A word.
    Word(&'static str),
    /// A list of numbers.
    Floats(&'static [f64]),
    /// A list of words.
    Words(&'static [&'static str]),
}

/// The values that a key accepts.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number, at least this one.
    Integer(i64),
    /// A finite number in an interval.
    Number(Interval),
    /// One of these words.
    Choice(&'static [Word]),
    /// Any text.
    Text,
    /// A text that can name a directory.
    Name,
    /// A path, relative to the file in which it stands.
    Path,
    /// A list of at least this many items.
    List(&'static Kind, usize),
    /// A list of exactly two items.
    Pair(&'static Kind),
    /// A value of any of these kinds.
    OneOf(&'static [Kind]),
    /// A table whose keys are names from the data, each with such a value.
    Named(&'static Kind),
    /// A table.
    Table(&'static Keys),
    /// Variants: partial experiments by name.
    Variants,
    /// A table or a list of tables whose leaves are lists and ranges.
    Sweep,
    /// Expectations of the results, by the names of configurations and columns.
    Expect,
}

/// An interval of finite numbers.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    /// The least value.
    pub low: f64,
    /// Whether `low` belongs to the interval.
    pub with_low: bool,
    /// The greatest value.
    pub high: f64,
    /// Whether `high` belongs to the interval.
    pub with_high: bool,
}

impl Interval {
    /// Every finite number.
    pub const ANY: Self = Self {
        low: f64::NEG_INFINITY,
        with_low: false,
        high: f64::INFINITY,
        with_high: false,
    };
    /// The numbers above 0.
    pub const POSITIVE: Self = Self {
        low: 0.0,
        ..Self::ANY
    };
    /// The numbers from 0 on.
    pub const NOT_NEGATIVE: Self = Self {
        with_low: true,
        ..Self::POSITIVE
    };
    /// The numbers from 0 to below 1.
    pub const SHARE: Self = Self {
        high: 1.0,
        ..Self::NOT_NEGATIVE
    };

    /// The numbers from `low` to `high`, both included.
    pub const fn closed(low: f64, high: f64) -> Self {
        Self {
            low,
            with_low: true,
            high,
            with_high: true,
        }
    }

    /// Whether a number belongs to the interval. NaN belongs to none.
    pub fn contains(&self, value: f64) -> bool {
        let above = value > self.low || (self.with_low && value == self.low);
        let below = value < self.high || (self.with_high && value == self.high);
        value.is_finite() && above && below
    }
}

impl Key {
    /// Whether a value of this key has the same meaning for another key of the same name.
    pub fn is_like(&self, other: &Key) -> bool {
        let kind = std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind);
        kind && self.fallback == other.fallback
    }
}

impl Keys {
    /// The keys of a table without a tag.
    pub const fn plain(keys: &'static [Key]) -> Self {
        Self {
            keys,
            tag: None,
            alternatives: &[],
        }
    }

    /// The first key of this name, in any case of the tag.
    pub fn find(&self, name: &str) -> Option<&'static Key> {
        let cases = self
            .tag
            .iter()
            .flat_map(|tag| tag.cases)
            .flat_map(|case| case.keys);
        self.keys.iter().chain(cases).find(|key| key.name == name)
    }

    /// Every key of this name, in the order of the tag's cases.
    pub fn find_all(&self, name: &str) -> Vec<&'static Key> {
        let cases = self.tag.iter().flat_map(|tag| tag.cases);
        let mut found: Vec<&'static Key> = Vec::new();
        let own = self.keys.iter();
        for key in own
            .chain(cases.flat_map(|case| case.keys))
            .filter(|key| key.name == name)
        {
            if !found.iter().any(|other| std::ptr::eq(*other, key)) {
                found.push(key);
            }
        }
        found
    }

    /// Whether a name has different keys for different words of the tag.
    pub fn is_ambiguous(&self, name: &str) -> bool {
        self.find_all(name).len() > 1
    }

    /// The key of this name where the tag has the case `case`.
    pub fn find_in(&self, name: &str, case: Option<&'static Case>) -> Option<&'static Key> {
        self.of(case).find(|key| key.name == name)
    }

    /// The keys of a table whose tag has the case `case`, without the tag.
    pub fn of(&self, case: Option<&'static Case>) -> impl Iterator<Item = &'static Key> {
        self.keys
            .iter()
            .chain(case.map_or(&[][..], |case| case.keys))
    }

    /// The case of this word.
    pub fn case(&self, word: &str) -> Option<&'static Case> {
        self.tag
            .as_ref()?
            .cases
            .iter()
            .find(|case| case.word == word)
    }

    /// The names of all keys in all cases of the tag, each of them once.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.tag.iter().map(|tag| tag.key).collect();
        let cases = self
            .tag
            .iter()
            .flat_map(|tag| tag.cases)
            .flat_map(|case| case.keys);
        for key in self.keys.iter().chain(cases) {
            if !names.contains(&key.name) {
                names.push(key.name);
            }
        }
        names
    }
}
