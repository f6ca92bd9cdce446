//! Values of a table that has passed its check, defaults filled in from the table of keys.

use crate::config::{Case, Fallback, Key, Keys, Node, Table, Value, case_of};

/// A checked table with its keys.
pub struct Reader<'a> {
    table: &'a Table,
    keys: &'static Keys,
    case: Option<&'static Case>,
}

const CHECKED: &str = "the table has passed its check";

impl<'a> Reader<'a> {
    /// `table`, described by `keys`.
    pub fn new(table: &'a Table, keys: &'static Keys) -> Self {
        Self {
            table,
            keys,
            case: case_of(table, keys),
        }
    }

    /// The word of the table's tag.
    pub fn case(&self) -> &'static str {
        self.case.expect(CHECKED).word
    }

    /// What the file says for a key.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.table.get(name)
    }

    fn key(&self, name: &str) -> &'static Key {
        self.keys
            .find_in(name, self.case)
            .expect("the key is in the table of keys")
    }

    /// A number.
    pub fn number(&self, name: &str) -> f64 {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => node.as_f64().expect(CHECKED),
            (None, Fallback::Float(number)) => number,
            _ => panic!("{CHECKED}: `{name}` has a number"),
        }
    }

    /// A number that need not be there.
    pub fn optional_number(&self, name: &str) -> Option<f64> {
        self.node(name).map(|node| node.as_f64().expect(CHECKED))
    }

    /// A whole number.
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

    /// `true` or `false`.
    pub fn truth(&self, name: &str) -> bool {
        match (
            self.node(name).map(|node| &node.value),
            self.key(name).fallback,
        ) {
            (Some(&Value::Bool(value)), _) | (None, Fallback::Bool(value)) => value,
            _ => panic!("{CHECKED}: `{name}` is true or false"),
        }
    }

    /// A word or a text.
    pub fn word(&self, name: &str) -> &'a str {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => node.as_str().expect(CHECKED),
            (None, Fallback::Word(word)) => word,
            _ => panic!("{CHECKED}: `{name}` has a word"),
        }
    }

    /// A list of words or texts; one text stands for a list of it.
    pub fn words(&self, name: &str) -> Vec<String> {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => texts(node),
            (None, Fallback::Words(words)) => words.iter().map(|&word| word.to_owned()).collect(),
            _ => panic!("{CHECKED}: `{name}` has words"),
        }
    }

    /// A list of texts that need not be there.
    pub fn optional_words(&self, name: &str) -> Option<Vec<String>> {
        self.node(name).map(texts)
    }

    /// A list of numbers.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        match (self.node(name), self.key(name).fallback) {
            (Some(node), _) => numbers(node),
            (None, Fallback::Floats(numbers)) => numbers.to_vec(),
            _ => panic!("{CHECKED}: `{name}` has numbers"),
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

/// A list of numbers.
pub fn numbers(node: &Node) -> Vec<f64> {
    let items = node.as_array().expect(CHECKED);
    items
        .iter()
        .map(|item| item.as_f64().expect(CHECKED))
        .collect()
}
