//! The values of a table that has passed its check, with defaults from the schema.
//!
//! Here the words of the file become the types that they mean: a word becomes the [`Choice`] of
//! that word, and a table with a tag becomes the enum that serde knows by the same names.

use choices::Choice;
use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde_json::Map;

use crate::config::{Case, Fallback, Key, Keys, Kind, Node, Table, Value, case_of};

/// A checked table with its keys.
pub struct Reader<'a> {
    /// The table; `None` if the file does not have it.
    table: Option<&'a Table>,
    keys: &'static Keys,
    case: Option<&'static Case>,
}

const CHECKED: &str = "the table has passed its check";

impl<'a> Reader<'a> {
    /// A reader of `table`, whose keys are `keys`.
    pub fn new(table: &'a Table, keys: &'static Keys) -> Self {
        Self {
            table: Some(table),
            keys,
            case: case_of(table, keys),
        }
    }

    /// The table of a key. If the file does not have it, it is a table with only the default word
    /// of the key, or of its tag.
    pub fn inner(&self, name: &str) -> Reader<'a> {
        let Key {
            kind: Kind::Table(keys),
            fallback,
            ..
        } = *self.key(name)
        else {
            panic!("`{name}` is a table");
        };
        if let Some(node) = self.node(name) {
            return Reader::new(node.as_table().expect(CHECKED), keys);
        }
        let word = match fallback {
            Fallback::Word(word) => Some(word),
            _ => keys.tag.as_ref().and_then(|tag| tag.fallback),
        };
        Reader {
            table: None,
            keys,
            case: word.and_then(|word| keys.case(word)),
        }
    }

    /// The word of the table's tag.
    pub fn case(&self) -> &'static str {
        self.case.expect(CHECKED).word
    }

    /// The type of the table with its tag. `depends` has values for those keys of the tag's word
    /// whose defaults depend on other keys.
    pub fn typed<T: DeserializeOwned>(&self, depends: &[(&str, u64)]) -> T {
        let case = self.case.expect(CHECKED);
        let mut fields = Map::new();
        for key in case.keys {
            let depends = depends.iter().find(|(name, _)| *name == key.name);
            let value = match (self.node(key.name), depends) {
                (Some(node), _) => json(&node.value),
                (None, Some((_, number))) => (*number).into(),
                (None, None) => default(key),
            };
            fields.insert(key.name.to_owned(), value);
        }
        let tag = self.keys.tag.as_ref().expect(CHECKED).key;
        let word = case.word;
        T::deserialize(Tagged { tag, word, fields }).expect("the keys are the fields of the type")
    }

    /// The choice of a key's word.
    pub fn choice<T: Choice>(&self, name: &str) -> T {
        T::from_word(self.word(name)).expect(CHECKED)
    }

    /// The choices of a key's words.
    pub fn choices<T: Choice>(&self, name: &str) -> Vec<T> {
        let words = self.words(name);
        let choices = words.iter().map(|word| T::from_word(word));
        choices.map(|choice| choice.expect(CHECKED)).collect()
    }

    /// The node of a key in the file.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.table?.get(name)
    }

    fn key(&self, name: &str) -> &'static Key {
        self.keys
            .find_in(name, self.case)
            .expect("the key is in the table of keys")
    }

    /// The value of a key as a number.
    pub fn number(&self, name: &str) -> f64 {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => node.as_f64().expect(CHECKED),
            (None, Fallback::Float(number)) => number,
            _ => panic!("{CHECKED}: `{name}` has a number"),
        }
    }

    /// The value of a key as a number; `None` if it is not given.
    pub fn optional_number(&self, name: &str) -> Option<f64> {
        self.node(name).map(|node| node.as_f64().expect(CHECKED))
    }

    /// The value of a key as a whole number.
    pub fn whole(&self, name: &str) -> u64 {
        match (
            self.node(name).map(|node| &node.value),
            self.key(name).fallback,
        ) {
            (Some(&Value::Integer(number)), _) | (None, Fallback::Integer(number)) => {
                u64::try_from(number).expect(CHECKED)
            }
            _ => panic!("{CHECKED}: `{name}` has a whole number"),
        }
    }

    /// The value of a key as `true` or `false`.
    pub fn truth(&self, name: &str) -> bool {
        match (
            self.node(name).map(|node| &node.value),
            self.key(name).fallback,
        ) {
            (Some(&Value::Bool(value)), _) | (None, Fallback::Bool(value)) => value,
            _ => panic!("{CHECKED}: `{name}` is true or false"),
        }
    }

    /// The value of a key as a word or a text.
    pub fn word(&self, name: &str) -> &'a str {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => node.as_str().expect(CHECKED),
            (None, Fallback::Word(word)) => word,
            _ => panic!("{CHECKED}: `{name}` has a word"),
        }
    }

    /// The value of a key as a list of words or texts; a single text is a list of one.
    pub fn words(&self, name: &str) -> Vec<String> {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => texts(node),
            (None, Fallback::Words(words)) => words.iter().map(|&word| word.to_owned()).collect(),
            _ => panic!("{CHECKED}: `{name}` has words"),
        }
    }

    /// The value of a key as a list of texts; `None` if it is not given.
    pub fn optional_words(&self, name: &str) -> Option<Vec<String>> {
        self.node(name).map(texts)
    }
}

/// The word of a tag with the values of its keys, in the form that serde asks for: a map with the
/// tag in it, or a variant with the values.
struct Tagged {
    tag: &'static str,
    word: &'static str,
    fields: Map<String, serde_json::Value>,
}

impl<'de> Deserializer<'de> for Tagged {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Self::Error> {
        self.fields.insert(self.tag.to_owned(), self.word.into());
        serde_json::Value::Object(self.fields).deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let variant = if self.fields.is_empty() {
            self.word.into()
        } else {
            let held = (self.word.to_owned(), self.fields.into());
            serde_json::Value::Object(Map::from_iter([held]))
        };
        variant.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A checked value in the form that serde reads.
fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Bool(value) => (*value).into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(|item| json(&item.value)).collect(),
        _ => panic!("{CHECKED}: a key of a tag's word is no table"),
    }
}

/// The default of a key in the form that serde reads.
fn default(key: &Key) -> serde_json::Value {
    match key.fallback {
        Fallback::Bool(value) => value.into(),
        Fallback::Integer(number) => number.into(),
        Fallback::Float(number) => number.into(),
        Fallback::Word(word) => word.into(),
        Fallback::Floats(numbers) => numbers.into(),
        Fallback::Words(words) => words.into(),
        Fallback::Required | Fallback::Absent | Fallback::Depends(_) => {
            panic!("{CHECKED}: `{}` has a value", key.name)
        }
    }
}

fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().expect(CHECKED).to_owned())
            .collect(),
        _ => panic!("{CHECKED}: texts"),
    }
}

/// The numbers of a list.
pub fn numbers(node: &Node) -> Vec<f64> {
    let items = node.as_array().expect(CHECKED);
    items
        .iter()
        .map(|item| item.as_f64().expect(CHECKED))
        .collect()
}
