//! How a key of the experiment file is described: the types that [`schema`](super::schema) is
//! written in.

use choices::Word;

/// The keys of one table.
#[derive(Debug)]
pub struct Keys {
    /// Keys that the table has in every case.
    pub keys: &'static [Key],
    /// The key whose word decides which further keys there are.
    pub tag: Option<Tag>,
    /// Ways of saying one thing: of each set, only the keys of one group can be given.
    pub alternatives: &'static [&'static [&'static [&'static str]]],
}

/// A key whose word decides which further keys its table has.
#[derive(Debug)]
pub struct Tag {
    /// The key.
    pub key: &'static str,
    /// What it can say.
    pub cases: &'static [Case],
    /// What it says where it is not given; `None`: it must be given.
    pub fallback: Option<&'static str>,
    /// Whether the word alone can stand for the table.
    pub short: bool,
    /// What the key means.
    pub doc: &'static str,
}

/// One word of a tag, and the keys that come with it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The word.
    pub word: &'static str,
    /// What the key means.
    pub doc: &'static str,
    /// The keys that it adds.
    pub keys: &'static [Key],
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key's name.
    pub name: &'static str,
    /// What the value can be.
    pub kind: Kind,
    /// What holds where the key is not given.
    pub fallback: Fallback,
    /// What it means.
    pub doc: &'static str,
}

/// What holds where a key is not given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fallback {
    /// The key must be given.
    Required,
    /// Nothing: what it would add is not there.
    Absent,
    /// What the text says; it depends on other keys.
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

/// What a value can be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A whole number, at least this.
    Integer(i64),
    /// A finite number of an interval.
    Number(Interval),
    /// One of these words.
    Choice(&'static [Word]),
    /// Any text.
    Text,
    /// A text that can name a directory.
    Name,
    /// A path, relative to the file that says it.
    Path,
    /// A list of at least so many.
    List(&'static Kind, usize),
    /// A list of exactly two.
    Pair(&'static Kind),
    /// Any of these.
    OneOf(&'static [Kind]),
    /// A table whose keys are names of the data, with such a value for each.
    Named(&'static Kind),
    /// A table.
    Table(&'static Keys),
    /// Named partial experiments.
    Variants,
    /// A table or a list of tables whose leaves are lists and ranges.
    Sweep,
    /// What is expected of the results, by the names of configurations and columns.
    Expect,
}

/// An interval of finite numbers.
#[derive(Debug, Clone, Copy)]
pub struct Interval {
    /// The least value.
    pub low: f64,
    /// Whether `low` belongs to it.
    pub with_low: bool,
    /// The greatest value.
    pub high: f64,
    /// Whether `high` belongs to it.
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
    /// Above 0.
    pub const POSITIVE: Self = Self {
        low: 0.0,
        ..Self::ANY
    };
    /// At least 0.
    pub const NOT_NEGATIVE: Self = Self {
        with_low: true,
        ..Self::POSITIVE
    };
    /// 0 to below 1.
    pub const SHARE: Self = Self {
        high: 1.0,
        ..Self::NOT_NEGATIVE
    };

    /// `low` to `high`, both included.
    pub const fn closed(low: f64, high: f64) -> Self {
        Self {
            low,
            with_low: true,
            high,
            with_high: true,
        }
    }

    /// Whether a number belongs to it. NaN never does.
    pub fn contains(&self, value: f64) -> bool {
        let above = value > self.low || (self.with_low && value == self.low);
        let below = value < self.high || (self.with_high && value == self.high);
        value.is_finite() && above && below
    }
}

impl Key {
    /// Whether a value of this key means the same for another of its name.
    pub fn is_like(&self, other: &Key) -> bool {
        let kind = std::mem::discriminant(&self.kind) == std::mem::discriminant(&other.kind);
        kind && self.fallback == other.fallback
    }
}

impl Keys {
    /// A table of these keys alone.
    pub const fn plain(keys: &'static [Key]) -> Self {
        Self {
            keys,
            tag: None,
            alternatives: &[],
        }
    }

    /// A key by its name, whatever the tag says.
    pub fn find(&self, name: &str) -> Option<&'static Key> {
        let cases = self
            .tag
            .iter()
            .flat_map(|tag| tag.cases)
            .flat_map(|case| case.keys);
        self.keys.iter().chain(cases).find(|key| key.name == name)
    }

    /// Every key of a name, whatever the tag says, in the order of the cases.
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

    /// Whether a name means different keys for different words of the tag.
    pub fn is_ambiguous(&self, name: &str) -> bool {
        self.find_all(name).len() > 1
    }

    /// A key by its name, where the tag says `case`.
    pub fn find_in(&self, name: &str, case: Option<&'static Case>) -> Option<&'static Key> {
        self.of(case).find(|key| key.name == name)
    }

    /// The keys that there are where the tag says `case`, but for the tag.
    pub fn of(&self, case: Option<&'static Case>) -> impl Iterator<Item = &'static Key> {
        self.keys
            .iter()
            .chain(case.map_or(&[][..], |case| case.keys))
    }

    /// The case of a word.
    pub fn case(&self, word: &str) -> Option<&'static Case> {
        self.tag
            .as_ref()?
            .cases
            .iter()
            .find(|case| case.word == word)
    }

    /// The name of every key, whatever the tag says, each once.
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
