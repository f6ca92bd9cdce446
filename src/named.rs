//! The configurations of an experiment by the names that a person gives them: the variant, the
//! swept values, or both.
//!
//! The plan before a run and the report after it find the same configurations for a name.

use std::cell::OnceCell;
use std::collections::HashSet;

use problems::nearest;

/// The configurations with all that can name them.
pub struct Names<'a> {
    /// The key of the comparison; a value of it alone is a name.
    by: &'a str,
    /// The swept keys.
    keys: &'a [String],
    /// The variant of each configuration (empty if there are none), and a value for each of the
    /// keys.
    all: Vec<(&'a str, &'a [String])>,
    /// The names of variants and of values, once they were asked for.
    known: OnceCell<Vec<String>>,
}

impl<'a> Names<'a> {
    /// The names of these configurations.
    pub fn new(by: &'a str, keys: &'a [String], all: Vec<(&'a str, &'a [String])>) -> Self {
        Self {
            by,
            keys,
            all,
            known: OnceCell::new(),
        }
    }

    /// The configurations with this name, in their order; empty if there are none.
    ///
    /// A name is a variant (`mini-batch`), a swept value (`learning_rate=0.1`; for the key of the
    /// comparison also `0.1`), or several of these with commas between them. A name that leaves a
    /// key out stands for all configurations with the other values.
    pub fn find(&self, name: &str) -> Vec<usize> {
        let whole = self.of(|of| self.is_part(of, name));
        if !whole.is_empty() {
            return whole;
        }
        self.of(|of| {
            let mut parts = name.split(',').map(str::trim);
            name.contains(',') && parts.all(|part| self.is_part(of, part))
        })
    }

    fn of(&self, means: impl Fn(&(&str, &[String])) -> bool) -> Vec<usize> {
        let all = self.all.iter().enumerate();
        let meant = all.filter(|(_, of)| means(of));
        meant.map(|(index, _)| index).collect()
    }

    /// Whether a configuration has this variant or this value.
    fn is_part(&self, &(variant, values): &(&str, &[String]), part: &str) -> bool {
        let value_is = |wanted: &str, given: &str| {
            let mut keys = self.keys.iter().zip(values);
            keys.any(|(key, value)| {
                (key == wanted || short(key) == wanted) && is_same(value, given)
            })
        };
        let by_key = |(key, value): (&str, &str)| match key.trim() {
            "variant" => variant == value.trim(),
            key => value_is(key, value.trim()),
        };
        (!variant.is_empty() && variant == part)
            || value_is(self.by, part)
            || part.split_once('=').is_some_and(by_key)
            || part.split_once(' ').is_some_and(by_key)
    }

    /// The names of variants and of values, each of them once.
    pub fn known(&self) -> &[String] {
        self.known.get_or_init(|| self.collect())
    }

    fn collect(&self) -> Vec<String> {
        let mut known: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        let mut add = |name: String| {
            if !name.is_empty() && seen.insert(name.clone()) {
                known.push(name);
            }
        };
        self.all.iter().for_each(|of| add(of.0.to_owned()));
        for (place, key) in self.keys.iter().enumerate() {
            let values = self.all.iter().map(|of| &of.1[place]);
            values.for_each(|value| add(format!("{}={value}", short(key))));
        }
        known
    }

    /// The known name, or one of `more`, that an unknown name may stand for: for a value the one
    /// with its key, else the nearest.
    pub fn nearest(&self, name: &str, more: &[&str]) -> Option<String> {
        let known = self.known();
        let of_value = known.iter().find(|known| {
            let value = known.split_once('=').map(|(_, value)| value);
            value.is_some_and(|value| is_same(value, name))
        });
        if let Some(found) = of_value {
            return Some(found.clone());
        }
        let candidates = known.iter().map(String::as_str).chain(more.iter().copied());
        nearest(name, candidates).map(str::to_owned)
    }
}

/// The last part of a dotted key.
fn short(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Whether a value in `runs.csv` is the one that a person gives: the same text or number.
fn is_same(value: &str, given: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    value == given || number(value).is_some_and(|value| number(given) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_variant_a_value_or_several_of_them() {
        let keys = ["training.learning_rate", "training.batch_size"].map(str::to_owned);
        let values = [
            ["0.1", "8"],
            ["0.1", "full"],
            ["1e-3", "8"],
            ["1e-3", "full"],
        ]
        .map(|values| values.map(str::to_owned));
        let variants = ["sgd", "adam, slow"];
        let all = variants.into_iter();
        let all = all.flat_map(|variant| values.iter().map(move |of| (variant, &of[..])));
        let names = Names::new("training.learning_rate", &keys, all.collect());
        assert_eq!(names.find("sgd"), [0, 1, 2, 3]);
        assert_eq!(names.find("variant=sgd"), [0, 1, 2, 3]);
        assert_eq!(names.find("adam, slow"), [4, 5, 6, 7]);
        assert_eq!(names.find("0.001"), [2, 3, 6, 7]);
        assert_eq!(names.find("learning_rate=0.10"), [0, 1, 4, 5]);
        assert_eq!(names.find("training.batch_size = full"), [1, 3, 5, 7]);
        assert_eq!(names.find("sgd, learning_rate 0.1, batch_size=8"), [0]);
        assert!(names.find("8").is_empty() && names.find("").is_empty());
        assert_eq!(names.nearest("sdg", &[]).as_deref(), Some("sgd"));
        assert_eq!(names.nearest("8", &[]).as_deref(), Some("batch_size=8"));
    }
}
